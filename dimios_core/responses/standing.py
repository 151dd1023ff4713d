"""New answers beside those that are stored already: who is known again, what would change, what cannot stand together."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from dimios_core.responses.changes import compare_answers, same_answers
from dimios_core.responses.ingested import StoredGroup
from dimios_core.responses.meanings import MISSING
from dimios_core.responses.periods import mixed_years
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.store import ANSWER_KINDS, Provenance, ResponseStore

#: organisation and period
Group = tuple[str, str]


class StandingAnswers:
    """What a store holds when files are taken in.

    Parameters
    ----------
    store : ResponseStore
    replaces : bool
        Other answers of an organisation's period may take the place of those that stand.
    knows_people : bool
        Respondents have identities, by which they can be known again.
    """

    def __init__(self, store: ResponseStore, *, replaces: bool, knows_people: bool) -> None:
        self.store, self.replaces, self.knows_people = store, replaces, knows_people
        self._people: dict[str, frozenset[int]] = {}
        self._organisations: dict[str, list[str]] = {}

    def people(self, organisation: str) -> frozenset[int]:
        """Return the pseudonyms that answers of an organisation are stored under."""
        if organisation not in self._people:
            self._people[organisation] = self.store.known(organisation)
        return self._people[organisation]

    def organisations(self, period: str) -> list[str]:
        """Return the organisations whose answers are stored for a period."""
        if period not in self._organisations:
            self._organisations[period] = self.store.organisations(period)
        return self._organisations[period]

    def _count_known(self, organisation: str, period: str, new: pa.Table) -> int | None:
        before = [p for p in self.store.periods() if p < period and self.store.holds(p, organisation)]
        if not before or not self.knows_people:
            return None
        now = set(new.column("respondent").unique().to_pylist())
        return len(now & self.store.respondents(max(before), organisation))

    def check_periods(self, groups: Iterable[Group], taken: Iterable[Group], problems: ProblemList) -> None:
        """Check that an organisation has one kind of period a year: new groups beside stored ones, and those `taken` of other files."""
        stored: dict[str, set[str]] = {}
        for period in self.store.periods():
            for organisation in self.organisations(period):
                stored.setdefault(organisation, set()).add(period)
        for organisation, period in taken:
            stored.setdefault(organisation, set()).add(period)
        new: dict[str, set[str]] = {}
        for organisation, period in groups:
            new.setdefault(organisation, set()).add(period)
        for organisation, periods in sorted(new.items()):
            for year in mixed_years(periods | stored.get(organisation, set())):
                if any(period.startswith(year) for period in periods):
                    problems.add(
                        f"{year} is there both as a year and as a half, here or in what is stored",
                        "an organisation has one kind of period a year: change the period of one of them",
                        f", organisation {organisation}",
                    )

    def compare(
        self,
        organisation: str,
        period: str,
        new: pa.Table,
        provenance: Provenance,
        problems: ProblemList,
    ) -> StoredGroup:
        """Say what becomes of an organisation's answers for a period; others that stand there are a problem unless they may be replaced."""
        respondents_n = len(new.column("respondent").unique())
        kinds = new.column("answer_kind").combine_chunks()
        answers_n = sum(
            n["counts"] for n in kinds.value_counts().to_pylist() if n["values"] != ANSWER_KINDS[MISSING]
        )
        status, changes = "new", None
        self._check_version(organisation, period, provenance, problems)
        if self.store.holds(period, organisation):
            old = self.store.read(period, organisation)
            if same_answers(old, new) and self.store.provenance(period, organisation) == provenance:
                status = "unchanged"
            else:
                status, changes = "replaced", compare_answers(old, new)
                if not self.replaces:
                    problems.add(
                        f"other answers are stored already ({changes})",
                        "if this file is the corrected one, run the command again with --replace",
                        f", organisation {organisation}, period {period}",
                    )
        known_n = self._count_known(organisation, period, new)
        return StoredGroup(organisation, period, status, respondents_n, answers_n, changes, known_n)

    def _check_version(
        self, organisation: str, period: str, provenance: Provenance, problems: ProblemList
    ) -> None:
        """A period is asked with one version of the model: all its organisations are compared."""
        other = next((o for o in self.organisations(period) if o != organisation), None)
        asked = self.store.provenance(period, other) if other is not None else None
        if asked is None or asked.instrument != provenance.instrument:
            return
        if asked.instrument_version != provenance.instrument_version:
            problems.add(
                f"version {provenance.instrument_version} of the model, and other answers of the period were asked with"
                f" version {asked.instrument_version}",
                "use the model file of that version, or call these answers by a period of their own",
                f", organisation {organisation}, period {period}",
            )
