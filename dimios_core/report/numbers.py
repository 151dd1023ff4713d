"""Numbers as the reader's language writes them: decimal comma in Swedish, a true minus sign, one decimal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list

from dimios_core.languages import formats_of

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
        rounded = round(float(value), 1) + 0.0  # no minus zero
        return self._write(f"{rounded:.1f}")

    def signed(self, value: float) -> str:
        """Difference with its sign: "+2,2", "−4,6", "0,0"."""
        text = self.score(value)
        return text if text.startswith((MINUS, NOTHING)) or float(round(value, 1)) == 0 else f"+{text}"

    def finely(self, value: float, low: float | None, high: float | None) -> str:
        """Difference with its sign, and with two decimals where its interval is narrower than a point: "+0,08"."""
        if low is None or high is None or high - low >= 1:
            return self.signed(value)
        rounded = round(float(value), 2) + 0.0
        return ("+" if rounded > 0 else "") + self._write(f"{rounded:.2f}")

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
        return self._write(f"{round(float(value), decimals) + 0.0:.{decimals}f}")

    def interval(self, low: float, high: float) -> str:
        """Interval with an en dash: "45,4–50,0"."""
        return f"{self.score(low)}–{self.score(high)}"

    def count(self, value: int) -> str:
        """Whole number with the language's thousands separator."""
        return f"{int(value):,}".replace(",", formats_of(self.language).group)

    def listed(self, words: Sequence[str]) -> str:
        """Words in a row with "och" / "and"."""
        return format_list(list(words), style="standard", locale=formats_of(self.language).code)

    def _write(self, digits: str) -> str:
        return digits.replace(".", formats_of(self.language).decimal).replace("-", MINUS)

    def _in_percent(self, digits: str) -> str:
        formats = formats_of(self.language)
        return f"{formats.before_percent}{digits}{formats.after_percent}"
