"""Languages as data: a folder of texts each. Which there are, what they say, and whether they say all of it."""

from dimios_core.languages.checking import check_language, usable_languages
from dimios_core.languages.formats import LanguageFormats, formats_of, name_language
from dimios_core.languages.texts import (
    DEFAULT,
    LANGUAGE_PATTERN,
    list_languages,
    list_texts,
    load_texts,
    own_folder,
    say,
)

__all__ = [
    "DEFAULT",
    "LANGUAGE_PATTERN",
    "LanguageFormats",
    "check_language",
    "formats_of",
    "list_languages",
    "list_texts",
    "load_texts",
    "name_language",
    "own_folder",
    "say",
    "usable_languages",
]
