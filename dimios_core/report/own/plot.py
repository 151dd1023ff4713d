"""What an own figure shows: names, and one or several series of values with the ends of their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

#: None where there is none
Value = float | None


@dataclass(frozen=True)
class Series:
    """Values by the plot's names, and the ends of their intervals; these are empty where there are no intervals."""

    name: str
    values: tuple[Value, ...]
    low: tuple[Value, ...] = ()
    high: tuple[Value, ...] = ()

    @property
    def numbers(self) -> list[float]:
        """All its numbers."""
        return [v for v in (*self.values, *self.low, *self.high) if v is not None]

    def change(self, change: Callable[[tuple[Value, ...]], tuple[Value, ...]]) -> Series:
        """Return the series with its values and ends changed alike."""
        low, high = (change(self.low), change(self.high)) if self.low else ((), ())
        return Series(self.name, change(self.values), low, high)


@dataclass(frozen=True)
class Plot:
    """What a figure shows.

    Attributes
    ----------
    kind : str
        "bars", "marks" or "lines".
    names : tuple of str
        What values are of, from above or from the left.
    series : tuple of Series
    title, names_title, values_title : str
        As the figure calls itself and its axes; "" where it does not.
    """

    kind: Literal["bars", "marks", "lines"]
    names: tuple[str, ...]
    series: tuple[Series, ...]
    title: str = ""
    names_title: str = ""
    values_title: str = ""

    @property
    def numbers(self) -> list[float]:
        """All its numbers."""
        return [v for series in self.series for v in series.numbers]

    @property
    def words(self) -> list[str]:
        """All its words."""
        return [self.title, self.names_title, self.values_title, *self.names, *(s.name for s in self.series)]

    def upside_down(self) -> Plot:
        """Return the plot with its names from below."""
        return replace(
            self,
            names=self.names[::-1],
            series=tuple(s.change(lambda values: values[::-1]) for s in self.series),
        )

    def in_percent(self) -> Plot:
        """Return the plot with shares, 0-1, as percent."""
        scale = tuple(s.change(lambda values: tuple(v and 100 * v for v in values)) for s in self.series)
        return replace(self, series=scale)


def join_single(series: Sequence[Series]) -> tuple[Series, ...]:
    """Return one series where each name has a value in one of them alone: a colour a name says nothing."""
    rows = list(zip(*(s.values for s in series), strict=True))
    alike = len({bool(s.low) for s in series}) == 1
    if len(series) < 2 or not alike or any(sum(v is not None for v in row) > 1 for row in rows):
        return tuple(series)

    def join(columns: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
        return tuple(next((v for v in row if v is not None), None) for row in zip(*columns, strict=True))

    low, high = (join([s.low for s in series]), join([s.high for s in series])) if series[0].low else ((), ())
    return (Series("", join([s.values for s in series]), low, high),)
