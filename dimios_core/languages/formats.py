"""How a language writes numbers: its signs, as Babel knows them by the code that the language names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from dimios_core.languages.texts import load_texts

if TYPE_CHECKING:
    from babel import Locale


@dataclass(frozen=True)
class LanguageFormats:
    """What a language writes numbers, dates and lists with.

    Attributes
    ----------
    code : str
        The code that Babel knows the language's formats by.
    decimal, group : str
        The sign before decimals, and the one between thousands.
    before_percent, after_percent : str
        What stands around a number of percent, such as a space that does not break and the sign.
    """

    code: str
    decimal: str
    group: str
    before_percent: str
    after_percent: str

    @cached_property
    def locale(self) -> Locale:
        """What Babel knows of the language: reading it anew by its code takes most of writing a list."""
        from babel import Locale

        return Locale.parse(self.code)

    @property
    def comma_is_decimal(self) -> bool:
        """Whether decimals follow a comma; cells of its text files are then separated by semicolons, as spreadsheets expect."""
        return self.decimal == ","


@cache
def formats_of(language: str) -> LanguageFormats:
    """Return how a language writes numbers.

    Examples
    --------
    >>> formats_of("sv").decimal, formats_of("en").after_percent
    (',', '%')
    """
    from babel import Locale
    from babel.numbers import get_decimal_symbol, get_group_symbol

    code = load_texts(language)["language"]["formats"].replace("-", "_")
    percent = Locale.parse(code).percent_formats[None]
    return LanguageFormats(
        code, get_decimal_symbol(code), get_group_symbol(code), percent.prefix[0], percent.suffix[0]
    )


def name_language(language: str, reader: str) -> str:
    """Return what a language is called in a reader's language.

    >>> name_language("en", "sv")
    'engelska'
    """
    of = formats_of(language)
    return of.locale.get_display_name(formats_of(reader).code) or of.code
