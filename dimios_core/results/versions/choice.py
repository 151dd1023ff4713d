"""Which of an organisation's stored answers are published, and under which unit tree (method 5)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.columns import items_of
from dimios_core.results.scoring.matrix import RESPONDENT_COLUMNS
from dimios_core.results.scoring.models import Models
from dimios_core.results.versions.archive import Archive, Name, Rule, Shown, digest_of
from dimios_core.results.versions.common_people import panels_stand
from dimios_core.results.versions.findings import Findings
from dimios_core.results.versions.kin import Kinship
from dimios_core.results.versions.patterns import is_unlike, propose, recall, recall_own
from dimios_core.results.versions.releases import Version, Versions

Answers = tuple[str, pa.Table, dict[str, str]]
#: how often other answers may take the place of the first ones of a period
CORRECTIONS_MAX = 2


@dataclass
class Decision:
    """What becomes of one organisation's periods.

    Attributes
    ----------
    tree_stands : bool
        The old unit tree and threshold stand.
    taken : dict
        Period -> what its stored answers show; None where that is decided with all other first publications.
    relaid : dict
        Period -> what the published answers show under the new tree or threshold.
    kept : list of str
        Periods whose published answers are scored again.
    waiting, spent : list of str
        Periods whose stored answers wait; those of them that have had their corrections.
    unlike : list of str
        Those that were published with a model that has nothing in common with today's.
    kin : dict
        Period -> names under which the same answers were published.
    """

    tree_stands: bool = False
    taken: dict[str, Shown | None] = field(default_factory=dict)
    relaid: dict[str, Shown] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    kin: dict[str, list[Name]] = field(default_factory=dict)


class Choice:
    """One organisation's stored answers against all that was published.

    Parameters
    ----------
    fresh : ResponseStore
        What was ingested.
    archive : Archive
        Of the staged ledger, before anything is put into it.
    organisation : str
    periods : list of str
        With stored answers.
    models : Models
        Each period is judged over the columns of its own version.
    now, then : Rule
        Today's, and the last published with.
    method : int
        Version of the method.
    kinship : Kinship
        Of the same ledger: one for all organisations.
    """

    def __init__(
        self, fresh: ResponseStore, archive: Archive, organisation: str, periods: list[str], models: Models,
        now: Rule, then: Rule, method: int, kinship: Kinship,
    ) -> None:  # fmt: skip
        self.fresh, self.archive, self.organisation = fresh, archive, organisation
        self.periods, self.models, self.now, self.then = periods, models, now, then
        self.method, self.kinship = method, kinship
        self.findings = Findings(archive.ledger)
        self._new: dict[str, Version] = {}

    def decide(self) -> Decision:
        """Decide about all periods: under today's tree if every period may go over, else under the old one."""
        if self.now != self.then:
            decision = self._decide_under(self.now)
            if decision is not None:
                return decision
        decision = self._decide_under(self.then)
        assert decision is not None  # what was published fits its tree
        decision.tree_stands = self.now != self.then
        return decision

    def _decide_under(self, rule: Rule) -> Decision | None:
        """Decide under one rule; None where a period may not go over to it."""
        decision = Decision()
        self._new = {}
        for period in self.periods:
            if not self.archive.holds(period, self.organisation):
                self._decide_first(period, rule, decision)
            elif is_unlike(self.archive, period, self.organisation, self.models.columns_of(period)):
                decision.waiting.append(period)
                decision.unlike.append(period)
            elif not self._decide_again(period, rule, decision):
                return None
        return decision

    def _decide_again(self, period: str, rule: Rule, decision: Decision) -> bool:
        """Decide about a period of which something was published; False where it may not go over to a new rule."""
        same = self._is_same(period)
        if not same and (shown := self._offer(period, rule, self._stored(period), decision)):
            decision.taken[period] = shown
            return True
        decision.kept.append(period)
        if not same:
            decision.waiting.append(period)
        if rule == self.then:
            return True
        relaid = self._offer(period, rule, self._published(period), decision)
        if relaid is not None:
            decision.relaid[period] = relaid
        return relaid is not None

    def _decide_first(self, period: str, rule: Rule, decision: Decision) -> None:
        """Decide about a period of which nothing was published under this name."""
        kin = self.kinship.find(period, self.organisation)
        if kin:
            decision.kin[period] = kin
        if not kin and (
            rule == self.now or propose(*self._stored(period), rule, self.models.columns_of(period))
        ):
            decision.taken[period] = None
        elif kin and (shown := self._offer(period, rule, self._stored(period), decision)):
            decision.taken[period] = shown
        else:
            decision.waiting.append(period)

    def _offer(self, period: str, rule: Rule, answers: Answers, decision: Decision) -> Shown | None:
        """What answers show by a rule, if they may be published beside all that was; else None."""
        known = [s for name in self._names(period, decision) for s in self.archive.shown(*name)]
        columns = self.models.columns_of(period)
        items = items_of(columns)
        for shown in known:
            if shown.is_by(answers[0], rule, self.method, items):
                return shown  # it was there before
        proposed = propose(*answers, rule, columns)
        if proposed is None:
            return None
        new, status = proposed
        versions = Versions(self._earlier(period, decision), new, self._told(period, decision))
        corrections_n = max(s.correction for s in known) + versions.says_something_else()
        if corrections_n > CORRECTIONS_MAX:
            decision.spent.append(period)
            return None
        if not versions.may_follow() or not self._panels_stand(period, versions):
            return None
        self._new[period] = new
        return Shown(answers[0], corrections_n, rule, self.method, items, new.block.groups, status)

    def _panels_stand(self, period: str, versions: Versions) -> bool:
        """Whether changes from and to every other period may be told anew."""
        others = [p for p in self.periods if p != period and self.archive.holds(p, self.organisation)]
        for other in others:
            was = recall(self.archive, other, self.organisation, self.models.columns_of(other))[-1]
            now = self._new.get(other, was)
            for old in versions.earlier:
                if not panels_stand((old, was), (versions.new, now), versions.threshold):
                    return False
        return True

    def _names(self, period: str, decision: Decision) -> list[Name]:
        """All names under which versions of a period's answers were published."""
        found = decision.kin.get(period, [])
        kin = [k for name in found for k in (name, *self.archive.kin(*name))]
        kin += self.archive.kin(period, self.organisation)
        return list(dict.fromkeys([*kin, (period, self.organisation)]))

    def _earlier(self, period: str, decision: Decision) -> list[Version]:
        names = self._names(period, decision)
        columns = self.models.columns_of(period)
        return [v for name in names for v in recall_own(self.archive, *name, columns)]

    def _told(self, period: str, decision: Decision) -> list[Version]:
        """What findings have told of a period's answers."""
        names = [*decision.kin.get(period, []), (period, self.organisation)]
        columns = self.models.columns_of(period)
        return [v for name in names for v in self.findings.recall(*name, columns)]

    def _is_same(self, period: str) -> bool:
        """Whether the stored answers are those that were published last."""
        path = self.fresh.folder / self.fresh.file_name(period, self.organisation)
        if digest_of(path) == self.archive.digest(period, self.organisation):
            return True
        (_, stored, strata), (_, published, strata_then) = self._stored(period), self._published(period)
        same = stored.select(RESPONDENT_COLUMNS).equals(published.select(RESPONDENT_COLUMNS))
        return same and strata == strata_then

    def _stored(self, period: str) -> Answers:
        path = self.fresh.folder / self.fresh.file_name(period, self.organisation)
        table, provenance = self.fresh.read_with_provenance(period, self.organisation)
        return digest_of(path), table, provenance.strata_merge

    def _published(self, period: str) -> Answers:
        digest = self.archive.digest(period, self.organisation)
        return digest, *self.archive.answers(period, self.organisation, digest)
