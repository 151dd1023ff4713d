"""A page of one's own: what any notebook calls, section by section (docs/own-reports.md)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT
from dimios_core.markup import Markup, markup
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import heading
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import Piece
from dimios_core.report.overview import list_calls, overview_html, overview_text
from dimios_core.report.own.drawing import draw_plot
from dimios_core.report.own.frames import name_rows, tabulate_frame
from dimios_core.report.own.known_figures import KnownFigures
from dimios_core.report.own.plotly_figures import is_figure, read_figure
from dimios_core.report.own.sentences import Row, pick_told, tell_rows
from dimios_core.report.own.subjects import open_subject
from dimios_core.restricted import list_opened

#: what a section is made of: words, a frame of published figures, a plotly figure of them, a chart of a report
Part = Any


class OwnPage:
    """A page of one's own: sections of words, tables and charts of published figures, with the rules of all pages.

    A notebook opens it, shows its opening, then a section a cell. `dimios report --notebook FILE` makes a page of the
    notebook for each organisation, and a suite in `parameters/suites/` makes it a part of their reports. It has tabs, prints,
    reads on a phone and to a screen reader, and passes `dimios audit`. All of it: docs/own-reports.md.

    Parameters
    ----------
    title : str
        What the page is called, in the reader's language.
    organisation : str
        Identifier as in the register. Empty: the page is about all organisations together, or a county's.
    period : str or int
        "2026" or "2026-1"; 2026, too.
    language : str
        One of the model that there are texts in, such as "sv".
    results : str
        The results folder; empty: found through `DIMIOS_RESULTS` or the project.
    county : str
        Two-digit code of a county whose organisations the page is about.

    Raises
    ------
    InputError
        There are no published results of what is asked for; all problems at once.

    Notes
    -----
    A page shows published figures and computes none: each number in its words, tables and charts stands in a table of
    `report.published` that the notebook has opened. One that does not is refused where it stands. What may be published is
    decided before (docs/method.md), so an own page can show it to whoever may read the report. Numbers in words come from
    `say`, and a notebook that has opened answers makes no page.

    Examples
    --------
    >>> report = OwnPage("Teknik", "almvik", "2026")  # doctest: +SKIP
    >>> report.opening("Hur tekniken uppfattas.")  # doctest: +SKIP
    >>> scores = report.published.scores  # doctest: +SKIP
    >>> points = report.named(scores.query("period == '2026' and unit == '*' and role == '*' and level == 'point'"))
    ...  # doctest: +SKIP
    >>> figure = plotly.express.bar(points, x="score", y="key", orientation="h")  # doctest: +SKIP
    >>> report.section("Vad är högst?", "Alla mätpunkter.", figure)  # doctest: +SKIP
    """

    def __init__(
        self,
        title: str,
        organisation: str | int = "",
        period: str | int = "",
        language: str = DEFAULT,
        results: str = "",
        *,
        county: str | int = "",
    ) -> None:
        self._page = open_subject(title, organisation, county, period, language, results)
        self._known = KnownFigures(self._page.results, self._page.narrator)
        #: every chart that a section has shown, by its id
        self.charts = Charts()
        #: sentences made of published rows
        self._said: dict[str, None] = {}
        #: titles of sections that were made and that no cell has shown yet
        self._unshown: dict[str, None] = {}

    @property
    def published(self) -> PublicResults:
        """The published tables that the page's reader may see, each a frame by its name: `report.published.scores`.

        Of an organisation: its own tables and the public ones; else the public ones. Their columns stand in
        docs/architecture.md.
        """
        return self._page.results

    @property
    def period(self) -> str:
        """The period that the page is about."""
        return self._page.period

    @property
    def language(self) -> str:
        """The reader's language."""
        return self._page.language

    def named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a copy of a frame with names instead of keys, in the reader's language, to draw charts of.

        Parameters
        ----------
        frame : DataFrame
            Rows of a published table. Columns that are called as there (key, point, unit, role, level, status, certainty)
            are told by name; all others stay.
        """
        return name_rows(frame, self.published, self._page.narrator)

    def say(self, text: str, row: Row | None = None, **rows: Row) -> str:
        """Return a sentence with names and numbers of published rows, written as all pages write them.

        Parameters
        ----------
        text : str
            With published columns in braces: "Högst är {key}: {score} procent."
        row : Series, or DataFrame of one row
            What {column} stands for.
        **rows : the same
            What {name.column} stands for: `report.say("{high.key} före {low.key}", high=…, low=…)`.

        Raises
        ------
        InputError
            A column that no row has, a frame of several rows, or a number that is not published so; all at once.
        """
        given = {"": row, **rows} if row is not None else rows
        told = tell_rows(text, row, rows, self.published, self._page.narrator)
        for name, one in given.items():
            place = f"say, row {name!r}" if name else "say"
            self._check(self._known.find_in_frame(place, pick_told(text, name, one)))
        self._said[told] = None
        return told

    def opening(self, *words: str) -> Piece:
        """Return the first piece of the page: its heading, whom it is about, and a sentence or two.

        Raises
        ------
        InputError
            A number in the words is no published one.
        """
        self._check([*_find_restricted(), *self._find_typed("opening", [self._page.title, *words])])
        piece = self._page.open_page(self._page.answer(*words) if words else Markup())
        return Piece(piece.html, piece.metadata | {"dimios": piece.metadata["dimios"] | self._page.made_of})

    def section(self, title: str, *parts: Part) -> Piece:
        """Return a section: a heading, then its parts in their order.

        Parameters
        ----------
        title : str
            The question that the section answers.
        *parts : str, DataFrame, plotly figure or Chart
            Words are a paragraph each; the first answer the question, and are the conclusion of the section's charts. A
            frame of published figures becomes a table. A plotly figure is drawn as a chart of bars, marks or lines of
            names or periods, in the report's looks and with its own table; what it shows beyond that is refused. A chart is
            one of another report: `OurResult(report.published, period, language).charts["categories"]`.

        Raises
        ------
        InputError
            A figure that cannot be drawn, a number that is not published, a chart without a sentence; all at once.
        """
        place, words = f"section {title!r}", [p for p in parts if isinstance(p, str)]
        problems = [*_find_restricted(), *self._find_typed(place, [title, *words])]
        html = heading(title)
        for number, part in enumerate(parts, start=1):
            try:
                html += self._render(
                    part, title, words, f"{place}, part {number}", f"{_slug(title)}-{number}"
                )
            except InputError as error:
                problems += error.problems
        self._check(problems)
        self._unshown[title] = None
        shown = partial(self._unshown.pop, title, None)
        return _Section(self._page.section(html), {"dimios": self._page.made_of}, shown)

    def how_to_read(self, *words: str) -> Piece:
        """Return the last section, in small type: how to read the page, and why some figures are not shown.

        Raises
        ------
        InputError
            A number in the words is no published one, or a section was made and no cell has shown it.
        """
        problems = [*_find_restricted(), *self._find_typed("how_to_read", words)]
        self._check([*problems, *self._find_unshown()])
        return self._page.small_print([*words, self._page.narrator.say("reading.hidden")])

    def __repr__(self) -> str:
        """Return what can be called, and which charts there are."""
        return overview_text(self._tell_about(), list_calls(OwnPage), self.charts)

    def _repr_html_(self) -> Markup:
        return overview_html(self._tell_about(), list_calls(OwnPage), self.charts)

    def _tell_about(self) -> str:
        return f"{self._page.title}: {self._page.subject}, {self.period}"

    def _render(self, part: Part, title: str, words: list[str], place: str, chart_id: str) -> Markup:
        if isinstance(part, str):
            return self._page.answer(part) if part == words[0] else markup("<p>{}</p>", part)
        if isinstance(part, pd.DataFrame):
            frame = part.reset_index() if any(part.index.names) else part
            html, texts = tabulate_frame(frame, title, self.published, self._page.narrator, place)
            self._check(self._known.find_in_frame(place, frame) + self._known.find_in_words(place, texts))
            return html
        if isinstance(part, Chart):
            self._check(self._known.find_in_words(place, [part.conclusion, _text_of(part.table)]))
            chart = part
        elif is_figure(part):
            chart = self._draw(part, title, words, place, chart_id)
        else:
            what = f"a {type(part).__name__} is nothing that a section shows"
            raise InputError(
                Problem(place, what, "give words, a frame, a plotly figure, or a chart of a report")
            )
        self.charts[chart.id] = chart
        return self._page.render(chart)

    def _draw(self, figure: Any, title: str, words: list[str], place: str, chart_id: str) -> Chart:
        plot = read_figure(figure, place)
        problems = self._known.find_in_plot(place, plot)
        problems += self._known.find_in_words(place, plot.words)
        if not words:
            remedy = "say it before the figure: section(title, words, figure)"
            problems.append(Problem(place, "there is no sentence that says what the chart shows", remedy))
        self._check(problems)
        named = chart_id, plot.title or title, words[0]
        return draw_plot(plot, self._page.narrator, *named, place, self._known.find_unit(plot))

    def _find_typed(self, place: str, words: Iterable[str]) -> list[Problem]:
        return self._known.find_typed(place, words, self._said)

    def _find_unshown(self) -> Iterator[Problem]:
        """Tell of sections that would be missing on the page; a plain script shows none."""
        if _is_notebook():
            for title in self._unshown:
                remedy = "a cell shows what its last line is; write display(report.section(…)) elsewhere"
                yield Problem(f"section {title!r}", "it was made, and no cell shows it", remedy)

    @staticmethod
    def _check(problems: Iterable[Problem]) -> None:
        if found := list(problems):
            raise InputError(found)


@dataclass(frozen=True)
class _Section(Piece):
    """A section that tells its page when a cell shows it."""

    on_show: Callable[[], object] = field(default=lambda: None, compare=False)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        self.on_show()
        return super()._repr_mimebundle_(include, exclude)


def _is_notebook() -> bool:
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)() is not None


def _find_restricted() -> Iterator[Problem]:
    """Tell that a notebook has opened answers: what they say leaves the workbench as findings, and in no other way."""
    if _is_notebook():
        for what in list_opened():
            remedy = "let figures out as findings (docs/research.md), and make the page in a notebook that opens published tables alone"
            yield Problem("the notebook", f"it has opened {what}, which no reader may see", remedy)


def _slug(title: str) -> str:
    return "-".join(re.findall(r"\w+", title.lower())) or "section"


def _text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)
