"""Whether figures of groups may be told beside everything published and everything told, or why not (method 5).

Figures of one organisation's groups are for whoever reads its results. Figures over organisations are for all: each is the mean of
organisations' own means, over those in which the group may be told by itself, as if every organisation's part were read by
somebody who knows all else that was published of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from dimios_core.errors import Problem
from dimios_core.instrument import Instrument
from dimios_core.places import LEDGER
from dimios_core.published.conventions import GROUP_MIN, QUARTILES_MIN
from dimios_core.published.shaping import PUBLISHED, shape_table
from dimios_core.responses.store import ResponseStore
from dimios_core.results.findings.asked import Asked
from dimios_core.results.findings.organisations import find_few_organisations
from dimios_core.results.findings.parts import SAME, Part
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.versions.archive import Archive, digest_of
from dimios_core.results.versions.findings import Told
from dimios_core.results.versions.releases import ALIKE, FEW

#: tables of `dimios_core.published` that groups' figures stand in: of one organisation, and of all
OWN_TABLE, PUBLIC_TABLE = "own_findings", "findings"
WHY = {
    FEW: "beside what is published, and what findings have told, it tells something about fewer than {n} people",
    ALIKE: "it differs from another group that is told by people who all answered alike",
    SAME: "they are, to a person, a group that is published: what they have in common is then told of each of them",
}
#: what was told of those who are most nearly its people
NEAREST = "; nearest to it is {}"
REMEDY = "leave the group out, or make groups that differ by {} people or more from what is published; units and roles stand in scores already"


@dataclass(frozen=True)
class Judged:
    """What becomes of figures of groups.

    Attributes
    ----------
    problems : list of Problem
        Why they may not be told; empty where they may.
    organisation : str
        Whose they are; "" of all.
    table : DataFrame
        As they would be published, but for the finding's name; empty where they may not.
    told : list of Told
    members : dict
        Period -> group -> organisations in its figures; empty where they are of one organisation.
    """

    problems: list[Problem]
    organisation: str
    table: pd.DataFrame
    told: Sequence[Told] = ()
    members: Mapping[str, Mapping[str, frozenset[str]]] | None = None


def judge_groups(outputs: Path, asked: Asked, instrument: Instrument) -> Judged:
    """Judge figures of groups, from the answers that are published.

    Parameters
    ----------
    outputs : Path
        Holds responses/, ledger/ and results/.
    asked : Asked
    instrument : Instrument
        The model of the answers.

    Returns
    -------
    Judged
        Rows of groups with fewer answers than the threshold are withheld; a group that tells of few beside anything else
        that was told is a problem.
    """
    problems = [*asked.find_problems(), *_find_stale(outputs, asked)]
    if problems:
        return Judged(problems, asked.organisation, pd.DataFrame())
    columns = Columns(instrument)
    parts = [Part.of(outputs / LEDGER, name, people, asked, columns) for name, people in asked.blocks.items()]
    return _judge_own(parts, asked) if asked.organisation else _judge_public(outputs, parts, asked, columns)


def _find_stale(outputs: Path, asked: Asked) -> Iterator[Problem]:
    """Answers that are not those behind what is published: late ones wait, or nothing was scored since."""
    fresh, archive = ResponseStore(outputs), Archive(outputs / LEDGER)
    for period, organisation in asked.blocks:
        place = f"answers of {organisation}, {period}"
        if not fresh.holds(period, organisation):
            what = "they are not in the store of this project"
            yield Problem(
                place, what, "open them with Project().answers(); a package's people have other pseudonyms"
            )
        elif not archive.holds(period, organisation):
            yield Problem(place, "nothing of them was published", "run dimios score first")
        else:
            path = fresh.folder / fresh.file_name(period, organisation)
            if digest_of(path) != archive.digest(period, organisation):
                what = "they are not those that are published: some were stored since, or wait"
                yield Problem(place, what, "run dimios score; what waits cannot be told of")


def _judge_own(parts: list[Part], asked: Asked) -> Judged:
    problems = []
    for part in parts:
        for group, why in part.find_faults(own=any(asked.own)).items():
            place = f"group {group!r}, {part.organisation}, {part.period}"
            nearest = NEAREST.format(name) if (name := part.name_nearest(group)) else ""
            what = WHY[why].format(n=part.threshold) + nearest
            problems.append(Problem(place, what, REMEDY.format(part.threshold)))
    table = pd.concat([part.estimate(asked) for part in parts], ignore_index=True)
    if not problems and not (table["status"] == PUBLISHED).any():
        what = "no group has answers of enough people to be told of"
        problems.append(Problem("groups", what, "make fewer and larger groups"))
    if problems:
        return Judged(problems, asked.organisation, pd.DataFrame())
    table = shape_table(OWN_TABLE, [table.assign(finding="", divided=", ".join(asked.divided))])
    return Judged([], asked.organisation, table, [part.tell() for part in parts if part.shown.any()])


def _judge_public(outputs: Path, parts: list[Part], asked: Asked, columns: Columns) -> Judged:
    kept = [(part, rows) for part, rows in (_leave_safe(part, asked) for part in parts) if rows]
    members: dict[str, dict[str, list[str]]] = {}
    for part, rows in kept:
        for group in rows:
            members.setdefault(part.period, {}).setdefault(group, []).append(part.organisation)
    told = [part.tell() for part, _ in kept]
    problems = []
    for period, groups in members.items():
        enough = {g: frozenset(o) for g, o in groups.items() if len(o) >= GROUP_MIN}
        few = find_few_organisations(outputs / LEDGER, period, enough, told, columns)
        for group in few:
            what = f"beside means that are published, it tells something about fewer than {GROUP_MIN} organisations"
            remedy = f"make groups that differ by {GROUP_MIN} organisations or more from what is published, or by none"
            problems.append(Problem(f"group {group!r}, {period}", what, remedy))
    table = _mean_over_organisations(kept, members, asked)
    if not problems and not (table["status"] == PUBLISHED).any():
        what = f"no group may be told of in {GROUP_MIN} organisations"
        problems.append(Problem("groups", what, "make larger groups, or ask for fewer points"))
    if problems:
        return Judged(problems, "", pd.DataFrame())
    out = {p: {g: frozenset(o) for g, o in of.items() if len(o) >= GROUP_MIN} for p, of in members.items()}
    return Judged([], "", table, [t for part, _ in kept if (t := _told_of(part, out))], out)


def _told_of(part: Part, out: Mapping[str, Mapping[str, frozenset[str]]]) -> Told | None:
    groups = [g for g in part.groups if part.organisation in out.get(part.period, {}).get(g, ())]
    return part.keep(groups).tell() if groups else None


def _leave_safe(part: Part, asked: Asked) -> tuple[Part, dict[str, pd.Series]]:
    """Leave the groups of an organisation that are whole, off the ends, and tell of nobody: with their means by key."""
    while part.groups:
        rows = part.estimate(asked)
        whole = (rows["status"] == PUBLISHED) & (rows["bound"].astype(str) == "")
        complete = whole.groupby(rows["whom"].astype(str)).all()
        safe = [g for g in part.groups if complete.get(g, False)]
        if len(safe) < len(part.groups):
            part = part.keep(safe)
            continue
        faults = part.find_faults(own=any(asked.own))
        if not faults:
            means = rows.astype({"whom": str, "key": str}).set_index(["whom", "key"])["score"]
            return part, {g: means[g] for g in part.groups}
        part = part.keep([g for g in part.groups if g not in faults])
    return part, {}


def _mean_over_organisations(
    kept: list[tuple[Part, dict[str, pd.Series]]], members: Mapping[str, Mapping[str, list[str]]], asked: Asked
) -> pd.DataFrame:  # fmt: skip
    """Mean of organisations' means of each group, each counted once; with its 95 % interval from twelve organisations on."""
    rows = []
    periods = {str(p) for group in asked.groups for p in group.people["period"]}
    for period in sorted(periods):
        for group in asked.groups:
            if period not in set(group.people["period"]):
                continue
            n = len(members.get(period, {}).get(group.name, ()))
            means = [own[group.name] for part, own in kept if part.period == period and group.name in own]
            for key in asked.keys:
                about = {
                    "period": period, "divided": ", ".join(asked.divided), "whom": group.name, "level": asked.level,
                    "key": key, "status": PUBLISHED if n >= GROUP_MIN else "suppressed_small",
                }  # fmt: skip
                values = np.array([m[key] for m in means], float)
                half = (
                    stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)
                    if n >= QUARTILES_MIN
                    else np.nan
                )
                mean = values.mean() if n else np.nan
                rows.append(
                    about
                    | {"organisations_n": n, "mean": mean, "ci_low": mean - half, "ci_high": mean + half}
                )
    return shape_table(PUBLIC_TABLE, rows)
