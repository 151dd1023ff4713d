"""Loading once what every report needs, for a process that forks a child for each report."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import product

from dimios_core.actions.worksheet_frame import lay_out
from dimios_core.languages import list_texts, load_texts, usable_languages
from dimios_core.markup import Markup
from dimios_core.published.conventions import THRESHOLD
from dimios_core.published.reads import STAMP
from dimios_core.published.rows import warm_up_reading
from dimios_core.published.schema import load_tables
from dimios_core.published.store import PublicResults, results_dir
from dimios_core.report.dates import write_date
from dimios_core.report.display import load_style
from dimios_core.report.numbers import NumberFormat
from dimios_core.report.pages import load_pages
from dimios_core.report.texts import load_text
from dimios_core.report.widgets import Control, close_live, make_live
from dimios_core.suites import list_pages, list_sets


def warm_up(languages: Iterable[str] = ()) -> None:
    """Load and compile what all pages need and what is nobody's data.

    Texts are compiled, the languages' ways with numbers and dates loaded, their worksheets laid out, and
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


def prepare_pages(languages: Iterable[str] = ()) -> None:
    """Gather what pages tell all organisations alike of the public part of the results, in the folder `results_dir()`.

    To follow `keep_public`. What cannot be gathered is left to the reports that show it: each tells why it fails. So it is where
    an organisation asks for more answers behind a figure than others, or a period was asked with an earlier version of the model.

    Parameters
    ----------
    languages : iterable of str
        As of `warm_up`.
    """
    root = results_dir()
    if not (root / STAMP).is_file():
        return
    with suppress(Exception):
        results = PublicResults(root)
        results = results.as_asked(max(results.table("benchmarks").distinct("period")))
        for language, page in product(tuple(languages) or usable_languages(), load_pages().values()):
            page.prepare(results, language, THRESHOLD, page.voice)


def warm_up_controls() -> None:
    """Make one of each widget of a live piece, and close them again: stored reports need none."""
    control = Control("a", "", (("b", "b"), ("c", "c")), "b")
    close_live(make_live(Markup(), (control,), lambda a: Markup(), lambda html: html, Markup()))
