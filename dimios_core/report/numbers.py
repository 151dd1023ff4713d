"""Numbers as the reader's language writes them: decimal comma in Swedish, a true minus sign, one decimal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from babel.lists import format_list

from dimios_core.languages import LanguageFormats, formats_of

#: a space that does not break, between a number and its sign
NBSP = "\u00a0"
MINUS = "\u2212"
#: where there is nothing to tell
NOTHING = "–"


@dataclass(frozen=True)
class NumberFormat:
    """Formats of one language, by its code.

    Examples
    --------
    >>> NumberFormat("sv").signed(-4.64), NumberFormat("en").percent(47.7)
    ('−4,6', '47.7%')
    """

    language: str

    def score(self, value: float) -> str:
        """Percent or percentage points with one decimal and no sign; an en dash where there is none."""
        if value is None or math.isnan(value):
            return NOTHING
        return self._write(f"{float(value):z.1f}")  # z: no minus zero

    def signed(self, value: float) -> str:
        """Difference with its sign: "+2,2", "−4,6", "0,0"."""
        return NOTHING if value is None or math.isnan(value) else self._sign(value, 1)

    def finely(self, value: float, low: float | None, high: float | None) -> str:
        """Difference with its sign, and with two decimals where its interval is narrower than a point: "+0,08"."""
        if low is None or high is None or high - low >= 1:
            return self.signed(value)
        return self._sign(value, 2)

    def percent(self, value: float) -> str:
        """Percent with one decimal and the language's percent sign."""
        return self._in_percent(self.score(value))

    def share(self, value: float) -> str:
        """Share 0-1 as whole percent."""
        if value is None or math.isnan(value):
            return NOTHING
        return self._in_percent(str(math.floor(100 * value + 0.5)))

    def whole(self, value: float) -> str:
        """Percent without decimals where it is a whole number, else with one: "55 %", "55,5 %"."""
        if value is None or math.isnan(value) or float(value) != math.floor(value):
            return self.percent(value)
        return self._in_percent(str(int(value)))

    def coefficient(self, value: float, decimals: int = 2) -> str:
        """A coefficient, such as one between 0 and 1, with two decimals or as many as are told: "0,65"."""
        return self._write(f"{float(value):z.{decimals}f}")

    def interval(self, low: float, high: float) -> str:
        """Interval with an en dash: "45,4–50,0"."""
        return f"{self.score(low)}–{self.score(high)}"

    def count(self, value: int) -> str:
        """Whole number with the language's thousands separator."""
        return f"{int(value):,}".replace(",", self._formats.group)

    def listed(self, words: Sequence[str]) -> str:
        """Words in a row with "och" / "and"."""
        return format_list(list(words), style="standard", locale=self._formats.locale)

    def _sign(self, value: float, decimals: int) -> str:
        digits = f"{float(value):+z.{decimals}f}"
        return self._write(digits if float(digits) else digits[1:])

    @cached_property
    def _formats(self) -> LanguageFormats:
        return formats_of(self.language)

    def _write(self, digits: str) -> str:
        return digits.replace(".", self._formats.decimal).replace("-", MINUS)

    def _in_percent(self, digits: str) -> str:
        return f"{self._formats.before_percent}{digits}{self._formats.after_percent}"
