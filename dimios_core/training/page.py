"""A week of the training: what a notebook in `notebooks/training/` calls, section by section."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from dimios_core.languages import DEFAULT
from dimios_core.markup import Markup, join, markup
from dimios_core.published.store import PublishedResults
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.charts.chart import Charts
from dimios_core.report.display import Piece, load_style
from dimios_core.training.asking import ask, fill_in
from dimios_core.training.kinds import Asked, Reflect
from dimios_core.training.questions import Text
from dimios_core.training.shows import SHOWN
from dimios_core.training.weeks import Section, WeekText, check_fitting, load_week
from dimios_core.training.writing import write_question


class Week(OrganisationPage):
    """A week of the training on one organisation's published results, or what else the training has a page of.

    Open it with `Week.of("week1_digitalisation", organisation, period, language)`; `part` shows its sections by the names that
    `parameters/training/weeks/week1_digitalisation.yaml` gives them. Questions are looked up from published figures; nothing that a
    reader answers or writes is sent anywhere.

    Attributes
    ----------
    week : WeekText
        Its texts and questions.
    asked : dict of str -> Asked
        Every question by its id, as its reader meets it.

    Examples
    --------
    >>> week = Week.of("week1_digitalisation", "almvik", "2026", "sv")  # doctest: +SKIP
    >>> week.part("words")  # doctest: +SKIP
    """

    name = "week"

    def __init__(self, results: PublishedResults, period: str, language: str) -> None:
        super().__init__(results, period, language)
        self.week: WeekText

    @classmethod
    def of(
        cls, name: str, organisation: str, period: str | int, language: str = DEFAULT, results: str = ""
    ) -> Self:
        """Open a week by its name, for one organisation; the rest is as for `open`.

        Raises
        ------
        InputError
            No such week or one with faults, no published results, or another model or language than the week's.
        """
        week = load_week(name)
        page = cls.open(organisation, period, language, results)
        check_fitting(week, language, page.results.instrument.id)
        page.name = name  # type: ignore[misc]
        page.week = week
        return page

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """Every question by its id, as its reader meets it: one right answer each."""
        return {q.id: ask(self, q) for section in self.week.sections for q in section.questions}

    @property
    def charts(self) -> Charts:
        """None of its own: it shows those of the report's pages."""
        return Charts()

    # -- sections ------------------------------------------------------------------------------------

    def opening(self) -> Piece:
        """What the week is for, how long it takes, and what becomes of what is written."""
        say = self.narrator.say
        minutes, parts = self.week.minutes, len(self.week.sections)
        html = markup('<p class="lead">{}</p>', self._fill(self.week.aim))
        html += markup("<p>{}</p>", say("training.time", minutes=minutes, parts=parts))
        html += markup('<p class="quiet">{}</p>', say("training.private"))
        html += markup(
            '<p class="kept" hidden><button type="button" data-forget="{}">{}</button> <span role="status"></span></p>',
            say("training.forgotten"),
            say("training.forget"),
        )
        piece = self.open_page(markup("<style>{}</style>", load_style("training")) + html)
        return Piece(piece.html, {"dimios": piece.metadata["dimios"] | {"exercises": True}})

    def part(self, name: str) -> Piece:
        """Show a section by its name: something to read, figures to look at, questions.

        Raises
        ------
        InputError
            The week has no such section.
        """
        section = self.week.section(name)
        html = markup('<p class="quiet">{}</p>', self.narrator.say("training.minutes", n=section.minutes))
        html += self._paragraphs(section.text)
        if section.points:
            html += markup(
                '<ul class="plain">{}</ul>',
                join(markup("<li>{}</li>", self._fill(p)) for p in section.points),
            )
        if section.show is not None:
            html += SHOWN[section.show](self)
        html += self._paragraphs(section.after) + self._questions(section)
        return self.piece(self._fill(section.title), html)

    def how_to_read(self) -> Piece:
        """What the page rests on, in small type."""
        return self.small_print([*map(self._fill, self.week.how), self.narrator.say("reading.hidden")])

    def _questions(self, section: Section) -> Markup:
        place = f"{self.results.organisation}/{self.period}/{self.week.id}"
        numbered = [name for name, asked in self.asked.items() if not isinstance(asked, Reflect)]
        number = {name: n for n, name in enumerate(numbered, start=1)}
        return join(
            write_question(self.asked[q.id], self.narrator, number.get(q.id, 0), place)
            for q in section.questions
        )

    def _paragraphs(self, texts: tuple[Text, ...]) -> Markup:
        return join(markup("<p>{}</p>", self._fill(text)) for text in texts)

    def _fill(self, text: Text) -> str:
        return fill_in(self, text)
