"""Contrasts within an organisation: units and roles against the rest, and roles against each other (method 3).

Two sides of a contrast hold different people, so V = V₁ + V₂. Both are scored on the points that both have.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, CERTAINTY_N_MIN, UNKNOWN_ROLE
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.disclosure.pattern import DOMINANCE_SHARE_MAX
from dimios_core.results.estimate import Batch
from dimios_core.results.gate import (
    LABELS,
    adjust_by_family,
    long_frame,
    row_status,
)
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import certain_direction, welch_df
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.intervals import (
    CONFIDENCE,
    FEW_N,
    smallest_detectable,
    t_quantile,
    two_sided_p,
)
from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.matrix import Respondents

UNIT_REST, ROLE_REST, ROLE_PAIR = "unit_rest", "role_rest", "role_pair"


@dataclass(frozen=True)
class Contrasts:
    """Contrasts of a batch; arrays (contrasts,) and (contrasts, level rows).

    Attributes
    ----------
    kind : list of str
        "unit_rest", "role_rest" or "role_pair".
    group, other : int arrays
        The group, and the one that the row needs beside it: the whole organisation (whose rest is the other
        side), or the second role.
    difference_pp, se, df : float arrays
        The group − the other side, its floored standard error, Welch-Satterthwaite degrees of freedom.
    n : int array
        Respondents of the smaller side.
    status : int array of Status
    """

    kind: list[str]
    group: np.ndarray
    other: np.ndarray
    difference_pp: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    status: np.ndarray


def estimate_contrasts(batch: Batch, respondents: Respondents, columns: Columns) -> Contrasts:
    """Contrast every unit and every role with the rest of its organisation, and every two roles.

    People whose role is not known are no role of their own, but part of the rest.

    A point is used where the group and the whole (or both roles) have it published. The rest then has no
    answers or at least the threshold, because suppression leaves no smaller residual; where it had fewer all
    the same, the point is left out and its row `suppressed_complement`, and so it is where one respondent
    carries more of the rest's weight than any published figure allows.

    Returns
    -------
    Contrasts
        A row is published where both levels that it rests on are, and neither side is at an end of the scale.
    """
    kind, group, other = _list_contrasts(batch)
    against_rest = np.array([k != ROLE_PAIR for k in kind], bool)
    rests = _members_of_rests(batch, group[against_rest])
    sides = Members(
        np.r_[batch.members.group, rests.group + batch.members.groups_n],
        np.r_[batch.members.respondent, rests.respondent],
        batch.members.groups_n + rests.groups_n,
    )
    opposite = other.copy()
    opposite[against_rest] = batch.members.groups_n + np.arange(rests.groups_n)
    both = batch.usable[group] & batch.usable[other]
    thin = np.zeros(both.shape, bool)
    thin[against_rest] = _thin(batch, respondents, rests, group[against_rest], other[against_rest], columns)
    a, b = (_score_sides(respondents, sides, side, both & ~thin, columns) for side in (group, opposite))
    v1, v2 = (np.maximum(side["variance"], side["floor"] ** 2) for side in (a, b))
    return Contrasts(
        kind=kind,
        group=group,
        other=other,
        difference_pp=a["score_pct"] - b["score_pct"],
        se=np.maximum(np.sqrt(a["variance"] + b["variance"]), np.hypot(a["floor"], b["floor"])),
        df=welch_df(v1, a["df"], v2, b["df"]),
        n=np.minimum(a["n"], b["n"]),
        status=_decide_status(batch, columns, group, other, (a, b), thin),
    )


def _decide_status(
    batch: Batch,
    columns: Columns,
    group: np.ndarray,
    other: np.ndarray,
    sides: tuple[dict[str, np.ndarray], dict[str, np.ndarray]],
    thin: np.ndarray,
) -> np.ndarray:
    """Published where both levels are, both sides have a score, and nothing is at an end of the scale."""
    levels, ends = row_status(batch, columns), batch.scores.end != 0
    status = np.maximum(levels[group], levels[other])
    a, b = (side["score_pct"] for side in sides)
    missing = np.where(sides[1]["n"] == 0, Status.NO_ANSWERS, Status.INCOMPLETE)
    withheld = ends[group] | ends[other] | (sides[0]["end"] != 0) | (sides[1]["end"] != 0)
    withheld[:, : columns.columns_n] |= thin
    own = np.where(np.isnan(a - b), missing, np.where(withheld, Status.SUPPRESSED_COMPLEMENT, status))
    return np.where(status == Status.PUBLISHED, own, status)


def _list_contrasts(batch: Batch) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Kind, group and other of every contrast, block by block."""
    listed: list[tuple[str, int, int]] = []
    first = 0
    for block in batch.blocks:
        keys = list(enumerate(block.groups, start=first))
        whole = next(g for g, key in keys if key == (ALL, ALL))
        units = [g for g, (u, r) in keys if u != ALL and r == ALL]
        roles = [g for g, (u, r) in keys if u == ALL and r not in (ALL, UNKNOWN_ROLE)]
        listed += [(UNIT_REST, g, whole) for g in units]
        listed += [(ROLE_REST, g, whole) for g in roles]
        listed += [(ROLE_PAIR, g, h) for g, h in combinations(roles, 2)]
        first += block.groups_n
    kinds = [kind for kind, _, _ in listed]
    numbers = np.array([(g, h) for _, g, h in listed], int).reshape(len(listed), 2)
    return kinds, numbers[:, 0], numbers[:, 1]


def _members_of_rests(batch: Batch, groups: np.ndarray) -> Members:
    """Respondents of the same organisation and period that are not in each of the groups."""
    first_group = np.searchsorted(batch.block_of, np.arange(len(batch.blocks)))
    first_person = np.cumsum([0, *(len(b.atom_of) for b in batch.blocks)])
    number, who = [np.zeros(0, int)], [np.zeros(0, int)]
    for i, g in enumerate(groups):
        at = batch.block_of[g]
        block = batch.blocks[at]
        outside = np.flatnonzero(~block.rows[g - first_group[at]][block.atom_of])
        number.append(np.full(len(outside), i))
        who.append(outside + first_person[at])
    return Members(np.concatenate(number), np.concatenate(who), len(groups))


def _thin(
    batch: Batch,
    respondents: Respondents,
    rests: Members,
    group: np.ndarray,
    whole: np.ndarray,
    columns: Columns,
) -> np.ndarray:
    """Columns where the rest has answers, but too few or too much of the weight on one respondent."""
    answers = (batch.scores.n[whole] - batch.scores.n[group])[:, : columns.columns_n]
    threshold = np.array([b.threshold for b in batch.blocks], int)[batch.block_of[group]][:, None]
    thin = (answers > 0) & (answers < threshold)
    if respondents.weight.min(initial=1.0) != respondents.weight.max(initial=1.0):
        w = (respondents.weight[:, None] * respondents.answered)[rests.respondent]
        heaviest = np.zeros(thin.shape)
        np.maximum.at(heaviest, rests.group, w)
        thin |= heaviest > DOMINANCE_SHARE_MAX * rests.sums(w)
    return thin


def _score_sides(
    respondents: Respondents, sides: Members, side: np.ndarray, usable: np.ndarray, columns: Columns
) -> dict[str, np.ndarray]:
    """Score sides on the given columns; the same side on the same columns is scored once."""
    wanted = np.hstack([side[:, None], usable])
    _, first, again = np.unique(wanted, axis=0, return_index=True, return_inverse=True)
    scores = score_groups(respondents, sides.take(side[first]), usable[first], columns)
    again = again.reshape(-1)
    return {
        name: getattr(scores, name)[again] for name in ("score_pct", "variance", "floor", "end", "n", "df")
    }


def publish_contrasts(batch: Batch, respondents: Respondents, columns: Columns) -> pd.DataFrame:
    """Contrasts as they may be published.

    Words follow p adjusted by Holm within a family: one period, one level, and all units against the rest,
    all roles against the rest, or all pairs of roles.

    Returns
    -------
    DataFrame
        organisation, period, kind ("unit_rest", "role_rest", "role_pair"), unit, role, other (second role of
        a pair, else ""), level, key, status; difference (percentage points: the group − the rest or the
        other), se (NaN below twelve respondents on a side), df, ci_low, ci_high (one decimal, not adjusted);
        certainty ("increase": the group is higher; "decrease", "none", "unknown": fewer than eight
        respondents on a side, or no interval); detectable: the smallest difference that usually shows;
        n (Int64, the smaller side). Figures are missing unless status is published.
    """
    c = estimate_contrasts(batch, respondents, columns)
    rows_n = len(columns.level_rows)
    half = t_quantile(c.df) * c.se
    frame = long_frame(
        batch, columns, c.group, status=LABELS[c.status], difference=c.difference_pp, se=c.se, df=c.df,
        ci_low=c.difference_pp - half, ci_high=c.difference_pp + half, detectable=smallest_detectable(c.se, c.df),
        n=c.n.astype(float),
        p=np.where(c.status == Status.PUBLISHED, two_sided_p(c.difference_pp, c.se, c.df), np.nan),
    )  # fmt: skip
    second = [batch.role[h] if k == ROLE_PAIR else "" for k, h in zip(c.kind, c.other, strict=True)]
    frame.insert(2, "kind", pd.Categorical(np.repeat(np.array(c.kind, object), rows_n)))
    frame.insert(5, "other", pd.Categorical(np.repeat(np.array(second, object), rows_n)))
    frame = frame[frame["level"] != "item"].reset_index(drop=True)
    family = [frame["organisation"], frame["period"], frame["kind"], frame["level"]]
    adjusted = adjust_by_family(frame.pop("p"), family)
    difference, n = frame["difference"].to_numpy(), frame["n"].to_numpy()
    words = certain_direction(difference, adjusted, n, CERTAINTY_N_MIN, 1 - CONFIDENCE)
    frame["certainty"] = words
    frame["se"] = frame["se"].mask(n < FEW_N)
    return shape_table("contrasts", [frame], per_organisation=True)
