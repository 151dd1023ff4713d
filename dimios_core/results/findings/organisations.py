"""Whether means over organisations, beside all public ones, tell something about few organisations (method 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from dimios_core.published.conventions import GROUP_MIN
from dimios_core.results.disclosure.pooled import find_few
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.versions.archive import Archive
from dimios_core.results.versions.findings import Findings, Told
from dimios_core.results.versions.peers import PeerVersion, read_versions

#: begins what findings are called among the ledger's means
FINDING = "finding "
WHOLE = "whole"
#: an organisation, which of its people, and as which answers: what a mean over organisations is made of
Record = tuple[str, str, str]


class Kinds:
    """Which people of an organisation a mean is of: those who are mostly the same count as the same.

    Parameters
    ----------
    ledger : Path
    period : str
    """

    def __init__(self, ledger: Path, period: str) -> None:
        self._archive, self._period = Archive(ledger), period
        self._known: dict[str, list[tuple[str, set[int]]]] = {}

    def name(self, organisation: str, people: np.ndarray) -> str:
        """Name the kind of some of an organisation's people; `WHOLE` where they are most of them."""
        if organisation not in self._known:
            table = self._archive.store.read(self._period, organisation)
            everybody = set(table["respondent"].to_numpy().tolist())
            self._known[organisation] = [(WHOLE, everybody)]
        known, some = self._known[organisation], set(people.tolist())
        if 2 * len(some & known[0][1]) > len(known[0][1]):
            return WHOLE
        for name, others in known[1:]:
            if 2 * len(some & others) > min(len(some), len(others)):
                return name
        known.append((str(len(known)), some))
        return known[-1][0]


def find_few_organisations(
    ledger: Path,
    period: str,
    groups: Mapping[str, frozenset[str]],
    told: Sequence[Told],
    columns: Columns,
) -> list[str]:
    """Find groups whose means, beside public ones and those of findings, tell of one to five organisations.

    Parameters
    ----------
    period : str
    groups : mapping
        Group -> organisations in its mean.
    told : sequence of Told
        Whose answers the means are of.

    Returns
    -------
    list of str
        Groups; which level and key a mean is of makes no difference.
    """
    kinds = Kinds(ledger, period)
    public = _list_public(read_versions(ledger).get(period, []), Archive(ledger), period)
    before = [*public, *_list_findings(ledger, period, kinds)]
    after = {group: _records_of(told, period, group, kinds) for group in groups}
    # an old answer may be called otherwise in two places: looked at as if it were the same, and as if it were not
    as_one = [[{(o, kind, "") for o, kind, _ in row} for row in rows] for rows in (before, after.values())]
    found = {*_find(before, list(after.values())), *_find(*as_one)}
    return [group for i, group in enumerate(after) if i in found]


def _find(before: Sequence[set[Record]], after: Sequence[set[Record]]) -> set[int]:
    """Numbers of new rows that tell of few organisations beside the old ones."""
    names = sorted({record for row in [*before, *after] for record in row})
    if not names or not after:
        return set()
    rows = np.array([[record in row for record in names] for row in [*before, *after]], bool)
    owner = np.unique([organisation for organisation, _, _ in names], return_inverse=True)[1]
    found = find_few(rows[: len(before)], rows[len(before) :], owner, GROUP_MIN, decided=False)
    return {i for few in found for i in few.involved.tolist()}


def _records_of(told: Sequence[Told], period: str, group: str, kinds: Kinds) -> set[Record]:
    return {
        (t.organisation, kinds.name(t.organisation, people), t.answers)
        for t in told
        if t.period == period
        for name, people in zip(t.groups, t.people, strict=True)
        if name == group
    }


def _list_findings(ledger: Path, period: str, kinds: Kinds) -> list[set[Record]]:
    return [
        _records_of(finding.told, period, group, kinds)
        for finding in Findings(ledger).all()
        if finding.is_out and not finding.organisation
        for group in dict.fromkeys(g for t in finding.told for g in t.groups)
    ]


def _list_public(versions: Sequence[PeerVersion], archive: Archive, period: str) -> list[set[Record]]:
    """Published means, and results that are shown one by one, as records: an organisation has another one for each result that it had, the last by its answers."""
    called: dict[tuple[str, bytes], str] = {}
    for organisation, whole in versions[-1].wholes.items() if versions else ():
        if archive.holds(period, organisation):
            called[organisation, whole.score_pct.tobytes()] = archive.digest(period, organisation)
    rows = []
    for version in versions:
        results = {o: (o, w.score_pct.tobytes()) for o, w in version.wholes.items()}
        rows += [
            {(o, WHOLE, called.setdefault(results[o], str(len(called)))) for o in members}
            for label, members in version.means.items()
            if not label.startswith(FINDING)
        ]
        # who is shown, by name or as a dot, is known to every reader
        rows += [{(o, WHOLE, called.setdefault(results[o], str(len(called))))} for o in version.shown]
    return rows
