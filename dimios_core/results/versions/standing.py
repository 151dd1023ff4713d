"""Which organisations' results benchmarks are published from: today's, or those published before (method 5).

Benchmarks have versions as groups of respondents have. When something about fewer than six organisations would follow
from all means of a period that were ever published (six, as one of them may be the reader, who knows her own), the
organisations' results behind the means published last stand for the period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.published.conventions import GROUP_MIN
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import list_peer_groups
from dimios_core.results.consortium.panels import Panel
from dimios_core.results.consortium.wholes import Whole, choose_means
from dimios_core.results.disclosure.pooled import differs_by_few
from dimios_core.results.scoring.models import Models
from dimios_core.results.versions.peer_records import lay_out_before, match_records
from dimios_core.results.versions.peers import (
    ANONYMOUS,
    ATTRIBUTES,
    NAMED,
    PeerVersion,
    read_versions,
    write_version,
)

#: period and organisation -> other names of the organisation
Kin = Callable[[str, str], list[str]]
#: period, organisation and a version of the method -> whether today's answers were published by it
AnsweredAs = Callable[[str, str, int], bool]


@dataclass(frozen=True)
class PeersReleased:
    """What everything public is made from.

    Attributes
    ----------
    wholes : list of Whole
        A period's are all today's or all those published before.
    people : DataFrame
        id, name, type, county, size, sharing of all organisations among them, and of all that are scored.
    standing : list of str
        Periods whose published benchmarks stand.
    before : dict
        Period -> what was told of it before, in the order of `people`.
    """

    wholes: list[Whole]
    people: pd.DataFrame
    standing: list[str]
    before: dict[str, Before]


class Standing:
    """Today's results of organisations against all that was published of them.

    Parameters
    ----------
    ledger : Path
        Staged.
    models : Models
    method : int
        Version of the method.
    kin : callable
        (period, organisation) -> other names under which the same answers were published.
    is_answered_as : callable
        See `match_records`.
    """

    def __init__(
        self, ledger: Path, models: Models, method: int, kin: Kin, is_answered_as: AnsweredAs
    ) -> None:
        self.ledger, self.models, self.method, self.kin = ledger, models, method, kin
        self.is_answered_as = is_answered_as
        self.versions = read_versions(ledger)

    def release(self, wholes: list[Whole], people: pd.DataFrame) -> PeersReleased:
        """Choose the results to publish benchmarks from.

        Parameters
        ----------
        wholes : list of Whole
            As just scored.
        people : DataFrame
            id, name, type, county, size, sharing (str) of the scored organisations.
        """
        fresh: dict[str, dict[str, Whole]] = {}
        for w in wholes:
            fresh.setdefault(w.period, {})[w.organisation] = w
        today = people.set_index("id")[ATTRIBUTES]
        last = [v[-1].attributes for p, v in self.versions.items() if p in fresh]
        before = pd.concat(last) if last else today.iloc[:0]
        before = before[~before.index.duplicated(keep="last")]
        gone = before[~before.index.isin(today.index)]
        attributes = pd.concat([today, gone])
        standing = [p for p in sorted(fresh) if not self._passes(p, fresh[p], attributes)]
        known = today.index.intersection(before.index)
        if standing and not today.loc[known].equals(before.loc[known]):
            # organisations stay in the groups that they were published in
            attributes.loc[known] = before.loc[known]
            standing = [p for p in sorted(fresh) if not self._passes(p, fresh[p], attributes)]
        chosen = {p: self._standing(p) if p in standing else own for p, own in fresh.items()}
        everybody = _describe(people, attributes, [*people["id"], *(gone.index if standing else ())])
        told = {p: self._lay_out(p, own, everybody) for p, own in chosen.items()}
        return PeersReleased(
            [w for _, own in sorted(chosen.items()) for w in own.values()], everybody, standing, told
        )

    def record(
        self,
        released: PeersReleased,
        means: Mapping[str, Mapping[str, set[str]]],
        shown: Mapping[str, set[str]],
    ) -> None:
        """Store what is published now in the ledger, where it was not before.

        Parameters
        ----------
        means : mapping
            Period -> what a published mean is called -> organisations in it.
        shown : mapping
            Period -> organisations that are dots.
        """
        about = released.people.set_index("id")
        for period in sorted({w.period for w in released.wholes}):
            own = {w.organisation: w for w in released.wholes if w.period == period}
            kinds = {
                o: NAMED if about.loc[o, "sharing"] == NAMED else ANONYMOUS for o in shown.get(period, set())
            }
            held = {label: frozenset(members) for label, members in means.get(period, {}).items()}
            version = PeerVersion(
                self._level_rows(period), self.method, own, about.loc[[*own], ATTRIBUTES], kinds, held
            )
            if not any(_tells_the_same(version, v) for v in self.versions.get(period, [])):
                write_version(self.ledger, period, version)

    def _passes(self, period: str, fresh: dict[str, Whole], attributes: pd.DataFrame) -> bool:
        """Nothing about one to five organisations follows from today's means and all those published before."""
        versions = self.versions.get(period, [])
        if not versions:
            return True
        if not all(set(v.level_rows) & set(self._level_rows(period)) for v in versions):
            return False  # of a model that has nothing in common with today's
        order = [o for o in attributes.index if o in fresh]
        laid = self._lay_out(period, fresh, attributes.loc[order].reset_index())
        if laid.settled:
            return True
        groups = list_peer_groups(attributes.loc[order])
        complete = np.array([fresh[o].complete for o in order], bool)
        rows = np.array([m & complete for _, m in groups]).reshape(-1, len(order))
        sized = {g.id: r for (g, _), r in zip(groups, laid.widen(rows), strict=True) if r.sum() >= GROUP_MIN}
        labels = [label for v in versions for label in v.means]
        for row, label in zip(laid.rows, labels, strict=True):
            if label in sized and differs_by_few(row, sized[label], laid.owner, GROUP_MIN):
                return False
        kept = choose_means(rows, groups, complete, laid)
        return laid.is_safe_with(rows[kept], np.zeros(len(order), bool))

    def _level_rows(self, period: str) -> list[tuple[str, str]]:
        return self.models.columns_of(period).level_rows

    def _standing(self, period: str) -> dict[str, Whole]:
        """Results behind the means published last, over today's level rows; none where the model has others."""
        columns = self.models.columns_of(period)
        last = self.versions[period][-1]
        fitted = last.fitted(columns.level_rows, columns.points_n, columns.columns_n)
        return fitted or {}

    def _lay_out(self, period: str, own: dict[str, Whole], people: pd.DataFrame) -> Before:
        versions = self.versions.get(period, [])
        if not versions:
            return Before.nothing(len(people))
        matched = match_records(
            versions,
            own,
            self._level_rows(period),
            self.method,
            lambda o: self.kin(period, o),
            lambda o, method: self.is_answered_as(period, o, method),
        )
        return lay_out_before(versions, matched, own, people)


def collect_means(
    wholes: list[Whole],
    groups: list,
    people: pd.DataFrame,
    published: Mapping[str, set[str]],
    panels: list[Panel],
) -> dict[str, dict[str, set[str]]]:
    """Gather which organisations are in which published mean: period -> what it is called -> organisations."""
    names = people["id"].to_numpy(str)
    means: dict[str, dict[str, set[str]]] = {}
    complete: dict[str, set[str]] = {}
    for w in wholes:
        if w.complete:
            complete.setdefault(w.period, set()).add(w.organisation)
    for period, inside in complete.items():
        own = means.setdefault(period, {})
        own |= {g.id: set(names[m]) & inside for g, m in groups if g.id in published.get(period, set())}
        for panel in panels:
            if period in (panel.period, panel.period_from):
                own |= {
                    f"{panel.name} {g.id}": set(names[m & panel.members]) & inside
                    for g, m in groups
                    if panel.published[g.id]
                }
    return means


def _describe(people: pd.DataFrame, attributes: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Register rows of organisations in the groups that they are published in; nobody who is gone shares a name."""
    names = people.drop(columns=ATTRIBUTES).set_index("id")
    everybody = attributes.join(names).assign(
        name=lambda f: f["name"].fillna(""), sharing=lambda f: f["sharing"].fillna("closed")
    )
    return everybody.loc[order].rename_axis("id").reset_index().reindex(columns=people.columns)


def _tells_the_same(one: PeerVersion, other: PeerVersion) -> bool:
    if (one.level_rows, one.method, one.shown, one.means) != (
        other.level_rows,
        other.method,
        other.shown,
        other.means,
    ):
        return False
    if set(one.wholes) != set(other.wholes) or not one.attributes.sort_index().equals(
        other.attributes.sort_index()
    ):
        return False
    return all(
        np.array_equal(w.score_pct, other.wholes[o].score_pct, equal_nan=True)
        and np.array_equal(w.se, other.wholes[o].se, equal_nan=True)
        for o, w in one.wholes.items()
    )
