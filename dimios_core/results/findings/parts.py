"""One organisation and period of what somebody wants to tell: its estimates, and what may not be told beside all that was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.published.status import Status
from dimios_core.results.disclosure.pattern import Pattern
from dimios_core.results.estimate import decide_status, estimate_batch
from dimios_core.results.findings.asked import Asked
from dimios_core.results.gate import publish_scores
from dimios_core.results.scoring.columns import Columns, items_of
from dimios_core.results.scoring.groups import ALL, Block, UnitTree
from dimios_core.results.scoring.matrix import Respondents, build_respondents
from dimios_core.results.versions.archive import Archive
from dimios_core.results.versions.findings import Findings, Told, lay_out_groups
from dimios_core.results.versions.patterns import recall
from dimios_core.results.versions.people import BASES
from dimios_core.results.versions.releases import Version, Versions

#: a group of one's own is, to a person, one that is known: what it is divided by is then told of each
SAME = "same"


@dataclass(frozen=True)
class Part:
    """Groups of one organisation and period.

    Attributes
    ----------
    period, organisation, answers : str
        `answers` is the digest of those that are published.
    respondents : Respondents
        Of the organisation, whether in a group or not.
    groups : list of str
    inside : bool array (groups, respondents)
    threshold : int
    told : bool array (columns,)
        Which columns the figures tell of.
    earlier, beside : list of Version
        What was published, and what findings told.
    columns : Columns
    """

    period: str
    organisation: str
    answers: str
    respondents: Respondents
    groups: list[str]
    inside: np.ndarray
    threshold: int
    told: np.ndarray
    earlier: list[Version]
    beside: list[Version]
    columns: Columns

    @classmethod
    def of(
        cls, ledger: Path, name: tuple[str, str], people: Mapping[str, np.ndarray], asked: Asked, columns: Columns
    ) -> Part:  # fmt: skip
        """Lay out groups (name -> pseudonyms) over the published answers of a period and organisation."""
        archive = Archive(ledger)
        digest = archive.digest(*name)
        threshold = max(shown.rule.threshold for shown in archive.shown(*name))
        table, strata_merge = archive.answers(*name, digest)
        respondents = build_respondents(table, columns, 0, strata_merge, threshold)
        inside = np.array([np.isin(respondents.person, some) for some in people.values()])
        return cls(
            *name, digest, respondents, list(people), inside, threshold, asked.find_told(columns),
            recall(archive, *name, columns), Findings(ledger).recall(*name, columns), columns,
        )  # fmt: skip

    def keep(self, groups: Collection[str]) -> Part:
        """Keep some of the groups."""
        kept = [i for i, group in enumerate(self.groups) if group in groups]
        return replace(self, groups=[self.groups[i] for i in kept], inside=self.inside[kept])

    @cached_property
    def _pattern(self) -> Pattern:
        """What the groups may show by themselves, from counts; nothing of columns that are not told of."""
        decided = decide_status(self.respondents, self._block, 0, self.columns)
        others = np.full(decided.scores.shape, Status.SUPPRESSED_COMPLEMENT)
        scores, shares = (
            np.where(self.told, status, others) for status in (decided.scores, decided.dont_know)
        )
        return Pattern(scores, shares)

    @cached_property
    def _block(self) -> Block:
        return lay_out_groups(self.period, self.organisation, self.threshold, self.groups, self.inside)

    @cached_property
    def shown(self) -> np.ndarray:
        """Of which columns each group tells anything, bool array (groups, columns)."""
        published = [s == Status.PUBLISHED for s in (self._pattern.scores, self._pattern.dont_know)]
        return published[0] | published[1]

    def estimate(self, asked: Asked) -> pd.DataFrame:
        """Estimate the groups as all published figures are: rows of `publish_scores`, `whom` for unit and role."""
        batch = estimate_batch(self.respondents, [self._block], self.columns, self._pattern)
        rows = publish_scores(batch, self.columns)
        rows = rows[(rows["level"] == asked.level).to_numpy() & rows["key"].isin(asked.keys).to_numpy()]
        return rows.rename(columns={"unit": "whom"}).drop(
            columns=["role", "organisation", "se", "df", "n_points"]
        )

    def find_faults(self, *, own: bool) -> dict[str, str]:
        """Find groups that may not be told beside all that was: group -> `FEW`, `ALIKE` or `SAME`."""
        if not self.shown.any():
            return {}
        new = Version(
            self.answers, self.respondents, UnitTree({}), self._block, dict.fromkeys(BASES, self.shown)
        )
        versions = Versions([], new, [*self.earlier, *self.beside])
        faults = {group: why for (group, _), why in versions.find_faults().items()}
        if own or not self._are_of_the_store():
            faults |= {group: SAME for group, _ in versions.find_same_people()}
        return faults

    def name_nearest(self, group: str) -> str:
        """Name what was told of those who are most nearly a group's people: a published unit or role, or a finding's group."""
        own = self._people_of(self.inside[self.groups.index(group)])
        told = [
            (len(own ^ set(version.respondents.person[inside].tolist())), _name_group(*name, found=found))
            for found, versions in ((False, self.earlier), (True, self.beside))
            for version in versions
            for name, inside, shown in zip(
                version.block.groups, version.inside, version.is_shown, strict=True
            )
            if shown
        ]
        return min(told)[1] if told else ""

    def _people_of(self, inside: np.ndarray) -> frozenset[int]:
        return frozenset(self.respondents.person[inside].tolist())

    def _are_of_the_store(self) -> bool:
        """Whether every group is a unit, a role or the like, and nobody of it was left out."""
        known = {
            frozenset(version.respondents.person[inside].tolist())
            for version in self.earlier
            for inside in version.inside
        }
        return all(self._people_of(inside) in known for inside in self.inside)

    def tell(self) -> Told:
        """Return what the ledger keeps of it."""
        people = [self.respondents.person[inside] for inside in self.inside]
        return Told(
            self.period,
            self.organisation,
            self.answers,
            self.groups,
            people,
            self.shown,
            items_of(self.columns),
        )


def _name_group(unit: str, role: str, *, found: bool) -> str:
    if found:
        return f"finding {unit}"
    parts = [f"{level} {name}" for level, name in (("unit", unit), ("role", role)) if name != ALL]
    return ", ".join(parts) or "the whole organisation"
