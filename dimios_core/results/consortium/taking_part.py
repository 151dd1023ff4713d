"""Who takes part: organisations, respondents and response rates by type, county and size (method 4 and 5)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.published.shaping import shape_table
from dimios_core.results.consortium.benchmarks import WORTH, publishable_groups
from dimios_core.results.consortium.frames import MUNICIPALITY, Frames
from dimios_core.results.consortium.wholes import Whole

#: municipalities of a county: the part of a county whose number is known
MUNICIPALITIES = "county_municipalities"
#: what is given up first; a rate is worth more than a number of people
KEPT_LONGEST = WORTH | {MUNICIPALITIES: 0}


def publish_coverage(
    wholes: list[Whole], people: pd.DataFrame, invited: pd.DataFrame, frames: Frames
) -> pd.DataFrame:
    """Count organisations with answers, their respondents, and their response rate.

    That an organisation takes part is known, so organisations are counted down to one. How many of its people
    answered is its own: numbers of people and rates are published where sums over organisations leave nobody
    with the sum of one to four others, from six organisations and with the same check as means: it runs over
    all of a period's numbers of people together, those of everybody and those of organisations with
    invitations.

    Parameters
    ----------
    wholes : list of Whole
        Every organisation and period with answers.
    people : DataFrame
        Register columns id, type, county, size (str, "" = none).
    invited : DataFrame
        Register columns organisation, period, invited (int). An organisation with fewer invited than answers
        has no usable invitations.
    frames : Frames

    Returns
    -------
    DataFrame
        period, kind ("all", "type", "county", "size", "county_municipalities"), value ("*", a type, a county
        code, a size); organisations_n, frame_n (Int64; frame_n null where unknown: a county's
        municipalities are known, its organisations are not); respondents_n, invited_n, answered_n (Int64; the
        last two of organisations with invitations), rate (share 0-1, three decimals).
    """
    asked = invited.groupby(["organisation", "period"], observed=True)["invited"].sum()
    rows: list[dict[str, object]] = []
    for period in sorted({w.period for w in wholes}):
        own = people.merge(
            pd.DataFrame(
                [(w.organisation, w.people_n) for w in wholes if w.period == period], columns=["id", "n"]
            )
        )
        own["invited"] = [asked.get((o, period), 0) for o in own["id"]]
        cells = _cells(own)
        member = np.array([m for _, _, m in cells], bool)
        with_frame = (own["invited"] >= own["n"]).to_numpy()
        worth = np.array([KEPT_LONGEST[kind] for kind, _, _ in cells], float)
        stacked = np.vstack([member & with_frame, member])
        kept = publishable_groups(stacked, np.r_[worth + 0.5, worth], np.zeros(len(own), bool))
        n, sent = own["n"].to_numpy(), own["invited"].to_numpy()
        for (kind, value, m), rated, counted in zip(
            cells, kept[: len(cells)], kept[len(cells) :], strict=True
        ):
            inside = m & with_frame
            counted = counted or (rated and (inside == m).all())  # the same number
            rows.append(
                {
                    "period": period, "kind": kind, "value": value, "organisations_n": int(m.sum()),
                    "frame_n": _frame_of(kind, value, frames),
                    "respondents_n": int(n[m].sum()) if counted else None,
                    "invited_n": int(sent[inside].sum()) if rated else None,
                    "answered_n": int(n[inside].sum()) if rated else None,
                    "rate": round(float(n[inside].sum() / sent[inside].sum()), 3) if rated else np.nan,
                }
            )  # fmt: skip
    return shape_table("coverage", rows)


def _cells(own: pd.DataFrame) -> list[tuple[str, str, np.ndarray]]:
    """(kind, value, members) of every row of one period."""
    cells: list[tuple[str, str, np.ndarray]] = [("all", "*", np.ones(len(own), bool))]
    for kind in ("type", "county", "size"):
        values = own[kind].astype(str)
        cells += [(kind, v, (values == v).to_numpy()) for v in sorted(set(values) - {""})]
    is_municipality = (own["type"] == MUNICIPALITY).to_numpy()
    counties = own["county"].astype(str)
    for county in sorted(set(counties[is_municipality]) - {""}):
        cells.append((MUNICIPALITIES, county, is_municipality & (counties == county).to_numpy()))
    return cells


def _frame_of(kind: str, value: str, frames: Frames) -> int | None:
    if kind == "type":
        return frames.types.get(value)
    return frames.municipalities.get(value) if kind == MUNICIPALITIES else None
