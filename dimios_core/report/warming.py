"""Loading once what every report needs, for a process that forks a child for each report."""

from __future__ import annotations

from collections.abc import Iterable

from dimios_core.actions.worksheet_frame import lay_out
from dimios_core.languages import list_texts, load_texts, usable_languages
from dimios_core.markup import Markup
from dimios_core.published.rows import warm_up_reading
from dimios_core.published.schema import load_tables
from dimios_core.report.charts.county_map import place_counties
from dimios_core.report.dates import write_date
from dimios_core.report.display import load_style
from dimios_core.report.numbers import NumberFormat
from dimios_core.report.pages import load_pages
from dimios_core.report.texts import load_text
from dimios_core.report.widgets import Control, close_live, make_live
from dimios_core.suites import list_pages, list_sets


def warm_up(languages: Iterable[str] = ()) -> None:
    """Load and compile what all pages need and what is nobody's data.

    Texts are compiled, the languages' ways with numbers and dates loaded, their worksheets laid out, the counties placed on their maps, and
    every page and what pages import late is imported: all but controls (`warm_up_controls`). No results are opened and no thread is started. A second call finds
    everything done.

    Parameters
    ----------
    languages : iterable of str
        Languages of the reports to come; all that may be read where none is named.

    Raises
    ------
    InputError
        There are no texts in a language.
    """
    load_pages()  # first: they bring the filters that their texts are compiled with
    list_pages()
    list_sets()
    load_style()
    place_counties()
    load_tables()
    warm_up_reading()
    for language in tuple(languages) or usable_languages():
        for path, _ in list_texts(load_texts(language)):
            load_text(language, path)
        lay_out(language)
        number = NumberFormat(language)
        number.score(0.0)
        number.listed(["", "", ""])
        write_date("2000-01-01", language)


def warm_up_controls() -> None:
    """Make one of each widget of a live piece, and close them again: stored reports need none."""
    control = Control("a", "", (("b", "b"), ("c", "c")), "b")
    close_live(make_live(Markup(), (control,), lambda a: Markup(), lambda html: html, Markup()))
