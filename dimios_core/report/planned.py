"""The plan of a measurement as a page: what `notebooks/planning/plan.ipynb` calls. It is given counts, and opens nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from dimios_core.markup import Markup, attributes, join, markup
from dimios_core.report.base_pages import heading
from dimios_core.report.charts.chart import Chart, Charts, draw_both
from dimios_core.report.charts.plain_rows import draw_plain_rows, make_bar
from dimios_core.report.charts.scales import cut_plain, tick_plain
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.dates import write_date
from dimios_core.report.display import Piece, load_style, render_chart
from dimios_core.report.numbers import NOTHING, NumberFormat
from dimios_core.report.overview import list_calls, overview_html, overview_text
from dimios_core.report.texts import load_text

#: what is prepared, and how many days before the survey opens
PREPARATIONS = {"anchor": 56, "contacts": 42, "staff": 35, "pilot": 28, "roles": 21, "inform": 14, "time": 7}
WHOLE, NONE = "whole", "none"
#: numbers of invited that lie nearer to the plan's, as a share of all, say the same
APART_SHARE = 0.02


@dataclass(frozen=True)
class PlannedStep:
    """What a number of invited would give: half width of the whole, of it about own people now, change that shows (pp)."""

    invited: int
    half_width: float | None
    own_now: float | None
    change: float | None


@dataclass(frozen=True)
class PlannedGroup:
    """The whole ("" for a name), a unit or a role by its name: people, invited, answers expected, "whole", "part" or "none", half width (pp)."""

    name: str
    people: int
    invited: float
    answers: float
    figures: str
    half_width: float | None


@dataclass(frozen=True)
class PlanFacts:
    """Counts and days of a plan, in words of one language where there are words.

    Attributes
    ----------
    subject, period, language : str
        The organisation's name.
    is_demo : bool
        It is made up.
    rate : float
        Share who are expected to answer, 0-1.
    before : str
        The last measurement, or "".
    chosen : PlannedStep
    steps : tuple of PlannedStep
        By number of invited.
    groups : tuple of PlannedGroup
        The whole first.
    days : tuple of (kind, number, date)
    letters : tuple of (title, text)
        As they will look, with examples for names.
    """

    subject: str
    period: str
    language: str
    is_demo: bool
    rate: float
    before: str
    chosen: PlannedStep
    steps: tuple[PlannedStep, ...]
    groups: tuple[PlannedGroup, ...]
    days: tuple[tuple[str, int, date], ...]
    letters: tuple[tuple[str, str], ...]


class PlanPage:
    """The plan of one organisation's measurement: each method is a section that a cell displays."""

    name = "plan"

    def __init__(self, facts: PlanFacts) -> None:
        self.facts = facts
        self._number = NumberFormat(facts.language)

    def say(self, path: str, **values: Any) -> str:
        """Return a text of the page, filled in."""
        text = load_text(self.facts.language, path)
        return text if isinstance(text, str) else text(values)

    def opening(self) -> Piece:
        """How many get the survey, how sure the result will be, what change shows."""
        facts, chosen = self.facts, self.facts.chosen
        whole = facts.groups[0]
        words = [
            self.say(
                "planned.lead", invited=chosen.invited, people=whole.people, answers=round(whole.answers)
            )
        ]
        if chosen.half_width is None:
            words.append(self.say("planned.sure_none"))
        else:
            words.append(self.say("planned.sure", half_width=chosen.half_width))
        if chosen.change is not None:
            words.append(self.say("planned.shows", change=chosen.change))
        title = self.say("pages.plan")
        label = self.say("planned.demo") if facts.is_demo else None
        about = {
            "page": self.name, "title": f"{title} {facts.period}, {facts.subject}", "subject": facts.subject,
            "period": facts.period, "language": facts.language, "demo_label": label,
        }  # fmt: skip
        banner = markup('<p class="demo">{}</p>', label) if label else Markup()
        html = markup(
            '{}<h1>{}: {}, {}</h1><p class="lead">{}</p>',
            banner,
            title,
            facts.subject,
            facts.period,
            " ".join(words),
        )
        return Piece(markup("<style>{}</style>{}", load_style(), self._wrap(html)), {"dimios": about})

    def groups(self) -> Piece:
        """Units and roles: who gets the survey, and who gets a result of their own."""
        whole, *parts = self.facts.groups
        got = [g.name for g in parts if g.figures == WHOLE]
        without = [g.name for g in parts if g.figures == NONE and g.people]
        words = [
            self.say("planned.who_all") if parts and len(got) == len(parts)
            else self.say("planned.who_some", names=got) if got
            else self.say("planned.who_nobody" if whole.figures == NONE else "planned.who_none")
        ]  # fmt: skip
        words += [self.say("planned.without", names=without)] if without else []
        count, score = self._number.count, self._number.score
        told: dict[str, Sequence[str]] = {
            "group": [g.name or self.say("planned.whole") for g in self.facts.groups],
            "people": [count(g.people) for g in self.facts.groups],
            "invited": [count(round(g.invited)) for g in self.facts.groups],
            "answers": [count(round(g.answers)) for g in self.facts.groups],
            "figures": [self.say(f"planned.figures.{g.figures}") for g in self.facts.groups],
            "half_width": [
                NOTHING if g.half_width is None else score(g.half_width) for g in self.facts.groups
            ],
        }
        columns = [
            Column(self.say(f"planned.columns.{name}"), cells, name not in ("group", "figures"))
            for name, cells in told.items()
        ]
        return self._piece("planned.who", words, self._tabulate("planned.table", columns))

    @cached_property
    def charts(self) -> Charts:
        """Half width by number of invited."""
        steps = [(step, step.half_width) for step in self._all_steps if step.half_width is not None]
        if len(steps) < 2:
            return Charts()
        rows = [
            make_bar(self._name_step(step), width, self.say("planned.half_width", value=width))
            for step, width in steps
        ]
        scale = cut_plain([0.0, *(width for _, width in steps)])
        wide, narrow = draw_both(draw_plain_rows, rows, scale, tick_plain(scale))
        (few, few_width), (most, most_width) = steps[0], steps[-1]
        says = self.say(
            "planned.chart_says", few=few.invited, few_width=few_width, all=most.invited, all_width=most_width
        )
        title, key = self.say("planned.chart"), self.say("planned.chart_key")
        return Charts(precision=Chart("precision", title, says, wide, narrow, key, self._tabulate_steps()))

    def precision(self) -> Piece:
        """How sure the result would be, and what change would show, by how many get the survey."""
        chart = self.charts.get("precision")
        words = [self.say("planned.how_many_answer"), *([chart.conclusion] if chart else [])]
        drawn = render_chart(chart, self.say("table.show")) if chart else Markup()
        return self._piece("planned.how_many", words, drawn)

    def days(self) -> Piece:
        """What happens on which day."""
        days = self.facts.days
        by_kind = {kind: day for kind, _, day in days}
        window = {kind: self._date(by_kind[kind]) for kind in ("opens", "closes")}
        events = [self.say(f"planned.events.{kind}", number=number) for kind, number, _ in days]
        columns = [
            Column(self.say("planned.event"), events, numeric=False),
            Column(self.say("planned.day"), [self._date(day) for *_, day in days], numeric=False),
        ]
        words = [self.say("planned.when_answer", **window)]
        return self._piece("planned.when", words, self._tabulate("planned.calendar", columns))

    def preparations(self) -> Piece:
        """What has to be done before the survey opens, by whom and by when."""
        opens = next(day for kind, _, day in self.facts.days if kind == "opens")
        told = {
            part: [self.say(f"planned.preparations.{name}.{part}") for name in PREPARATIONS]
            for part in ("what", "who")
        }
        until = [self._date(opens - timedelta(days)) for days in PREPARATIONS.values()]
        columns = [
            Column(self.say("planned.event"), told["what"], numeric=False),
            Column(self.say("planned.whose"), told["who"], numeric=False),
            Column(self.say("planned.until"), until, numeric=False),
        ]
        words = [self.say("planned.prepare_answer")]
        return self._piece("planned.prepare", words, self._tabulate("planned.list", columns))

    def letters(self) -> Piece:
        """Every letter as it will look, folded."""
        folded = [
            markup("<details><summary>{}</summary>{}</details>", title, join(markup("<p>{}</p>", part) for part in text.split("\n\n")))
            for title, text in self.facts.letters
        ]  # fmt: skip
        return self._piece("planned.letters", [self.say("planned.letters_answer")], join(folded))

    def reading(self) -> Piece:
        """How to read the plan, in small type."""
        notes = [
            self.say("planned.note.rests", rate=self.facts.rate, before=self.facts.before),
            self.say("planned.note.own_now"),
            self.say("planned.note.counts"),
        ]
        words = join(markup('<p class="small">{}</p>', note) for note in notes)
        return Piece(self._wrap(heading(self.say("planned.reading")) + words))

    def pieces(self) -> list[Piece]:
        """Return all sections in the order of the notebook."""
        return [
            self.opening(), self.groups(), self.precision(), self.days(), self.preparations(), self.letters(), self.reading(),
        ]  # fmt: skip

    def __repr__(self) -> str:
        """Return which sections and charts there are, and how each is shown."""
        return overview_text(self._tell_about(), list_calls(type(self)), self.charts)

    def _repr_html_(self) -> Markup:
        return overview_html(self._tell_about(), list_calls(type(self)), self.charts)

    def _tell_about(self) -> str:
        return f"{self.say('pages.plan')}: {self.facts.subject}, {self.facts.period}"

    @property
    def _all_steps(self) -> list[PlannedStep]:
        chosen = self.facts.chosen
        apart = self.facts.groups[0].people * APART_SHARE
        others = [step for step in self.facts.steps if abs(step.invited - chosen.invited) > apart]
        return sorted([*others, chosen], key=lambda step: step.invited)

    def _name_step(self, step: PlannedStep) -> str:
        chosen = step.invited == self.facts.chosen.invited
        return self.say("planned.step_chosen" if chosen else "planned.step", n=step.invited)

    def _tabulate_steps(self) -> Markup:
        steps = self._all_steps

        def told(part: str) -> list[str]:
            values = [getattr(step, part) for step in steps]
            return [NOTHING if value is None else self._number.score(value) for value in values]

        columns = [
            Column(
                self.say("planned.step_columns.invited"), [self._name_step(s) for s in steps], numeric=False
            )
        ]
        columns += [
            Column(self.say(f"planned.step_columns.{p}"), told(p))
            for p in ("half_width", "own_now", "change")
        ]
        return write_table(self.say("planned.chart"), columns)

    def _tabulate(self, caption: str, columns: Sequence[Column]) -> Markup:
        """Write a table that is open, and scrolls by itself where a screen is narrower."""
        told = self.say(caption)
        return markup(
            "<details{}><summary>{}</summary>{}</details>",
            attributes(open=True),
            told,
            write_table(told, columns),
        )

    def _date(self, day: date) -> str:
        return write_date(day.isoformat(), self.facts.language)

    def _piece(self, title: str, words: Sequence[str], html: Markup) -> Piece:
        answer = markup('<p class="answer">{}</p>', " ".join(words))
        return Piece(self._wrap(heading(self.say(title)) + answer + html))

    def _wrap(self, html: Markup) -> Markup:
        return markup('<section class="dimios" lang="{}">{}</section>', self.facts.language, html)
