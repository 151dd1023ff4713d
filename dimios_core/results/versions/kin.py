"""Under which other names, periods and organisations, the same answers were published (method 5)."""

from __future__ import annotations

from functools import cached_property

from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.matrix import build_respondents
from dimios_core.results.scoring.models import Models
from dimios_core.results.versions.archive import Archive, Name
from dimios_core.results.versions.patterns import recall_own
from dimios_core.results.versions.people import Said


class Kinship:
    """Published answers, each read once, to find new ones among.

    Parameters
    ----------
    fresh : ResponseStore
        What was ingested.
    archive : Archive
        Of the staged ledger, before anything is put into it.
    models : Models
    """

    def __init__(self, fresh: ResponseStore, archive: Archive, models: Models) -> None:
        self._fresh, self._archive, self._models = fresh, archive, models
        self._said: dict[tuple[Name, int], list[Said]] = {}

    def find(self, period: str, organisation: str) -> list[Name]:
        """List names whose published answers are the stored ones by more than half: of what is gone, or in the same period."""
        names = [n for n in self._names if n[0] == period or not self._fresh.holds(*n)]
        if not names:
            return []
        version = self._models.version_of[period]
        columns = self._models.columns[version]
        people = build_respondents(self._fresh.read(period, organisation), columns)
        own = {telling: Said.of(people, telling=telling) for telling in (False, True)}
        return [
            n
            for n in names
            if any(own[self._fresh.holds(*n)].is_mostly(then) for then in self._published(n, version))
        ]

    @cached_property
    def _names(self) -> list[Name]:
        return self._archive.names()

    def _published(self, name: Name, version: int) -> list[Said]:
        """What was said in each version, over the columns of a model; while the answers are there still, by those alone who said much."""
        if (name, version) not in self._said:
            telling = self._fresh.holds(*name)
            versions = recall_own(self._archive, *name, self._models.columns[version])
            self._said[name, version] = [Said.of(v.respondents, telling=telling) for v in versions]
        return self._said[name, version]
