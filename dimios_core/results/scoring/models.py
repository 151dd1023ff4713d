"""The versions of a model in one outputs folder: what of an earlier one stands where in a later one.

Every period is scored with the version that it was asked with. Beside later periods it stands in *their* columns, with the
answers that mean the same in both versions and no others: so a change between two versions rests on what they have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dimios_core.instrument import Instrument, common_across
from dimios_core.results.scoring.columns import Columns, items_of


@dataclass(frozen=True)
class Models:
    """The versions of one model.

    Attributes
    ----------
    instruments : dict
        Version -> model, rising: those that answers were asked with, and those that lead from one to the next.
    version_of : dict
        Period -> version that its answers were asked with.
    """

    instruments: Mapping[int, Instrument]
    version_of: Mapping[str, int]

    @classmethod
    def of(cls, instrument: Instrument, periods: Iterable[str]) -> Models:
        """Return one version alone, of all periods."""
        return cls({instrument.version: instrument}, dict.fromkeys(periods, instrument.version))

    @property
    def versions(self) -> list[int]:
        """Versions that answers were asked with, rising."""
        return sorted(set(self.version_of.values()))

    @property
    def latest(self) -> int:
        """The latest version that answers were asked with."""
        return max(self.version_of.values(), default=max(self.instruments))

    @cached_property
    def columns(self) -> dict[int, Columns]:
        """Version -> its columns."""
        return {version: Columns(model) for version, model in self.instruments.items()}

    def columns_of(self, period: str) -> Columns:
        """Return the columns of the version that a period was asked with."""
        return self.columns[self.version_of[period]]

    def periods(self, version: int) -> list[str]:
        """Return the periods that were asked with a version, in order."""
        return sorted(p for p, v in self.version_of.items() if v == version)

    def common(self, earlier: int, later: int) -> dict[str, str]:
        """Return items whose scores mean the same in two versions, and in all between: earlier id -> later id."""
        return common_across(self.instruments, earlier, later)

    def laid_over(self, earlier: int, later: int) -> Columns:
        """Return a later version's columns, for answers of an earlier one: with the scales that these were given on."""
        if earlier == later:
            return self.columns[later]
        old, new = self.instruments[earlier], self.instruments[later]
        asked = {today: old.items[item] for item, today in self.common(earlier, later).items()}
        scales = {f"{earlier}-{name}": scale for name, scale in old.scales.items()}
        points = [point.model_dump() for point in new.points]
        for item in (item for point in points for item in point["items"] if item["id"] in asked):
            then = asked[item["id"]]
            item |= {"scale": f"{earlier}-{then.scale}", "reversed": then.reversed}
        laid = new.model_dump() | {"scales": new.scales | scales, "points": points}
        return Columns(Instrument.model_validate(laid))

    def places(self, earlier: int, later: int) -> list[int]:
        """Return, for each column of a later version, the column of an earlier one with the same items; −1 where there is none."""
        common = self.common(earlier, later)
        then = {
            frozenset(common.get(i, "") for i in items): k
            for k, items in enumerate(items_of(self.columns[earlier]).values())
        }
        return [then.get(frozenset(items), -1) for items in items_of(self.columns[later]).values()]

    @cached_property
    def renamed_points(self) -> dict[str, str]:
        """Earlier id -> that of the latest version, of points that ask the same, on whatever scale, and go by another id."""
        names = {point: point for point in self.instruments[self.latest].point_ids}
        found, walk = dict[str, str](), self.instruments[self.latest].crosswalk
        while walk is not None and walk.from_version in self.instruments:
            names = {old: names[new] for old, new in walk.kept.items() if new in names}
            found |= names
            walk = self.instruments[walk.from_version].crosswalk
        return {old: new for old, new in found.items() if old != new}

    def point_names(self, earlier: int, later: int) -> list[str]:
        """Return, for each point of an earlier version, its id in a later one; "" where it means something else there."""
        names = [""] * self.columns[earlier].points_n
        for today, then in zip(self.columns[later].point_ids, self.places(earlier, later), strict=False):
            if then >= 0:
                names[then] = today
        return names
