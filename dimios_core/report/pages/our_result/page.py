"""Vårt resultat: what `notebooks/organisation/our_result.ipynb` calls, section by section."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from dimios_core.markup import Markup, join, markup
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.groups.group_facts import ORGANISATION, Group
from dimios_core.report.messages.message import BUILD, DEAL, TALK
from dimios_core.report.messages.screen import tell_change
from dimios_core.report.messages.telling import Telling, open_telling
from dimios_core.report.model_versions import tell_versions
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import find_recommendations
from dimios_core.report.pages.our_result.charts import (
    HISTORY_LEVELS,
    chart_dont_know,
    chart_history,
    chart_quadrant,
    chart_rows,
    list_levels,
)
from dimios_core.report.pages.our_result.facts import gather_peer_positions
from dimios_core.report.pages.our_result.findings import find_ends, find_rows
from dimios_core.report.pages.our_result.trend import chart_slopes, find_trend, tell_trend
from dimios_core.report.plain_words import write_short_words
from dimios_core.report.trends import Trends
from dimios_core.report.widgets import Control

#: small type at the end of the page, in this order
READING = ("who", "interval", "certain", "dont_know", "hidden", "caution")
#: the cards in their order, with the colour above each
CARDS = ((BUILD, "upwards"), (DEAL, "across"), (TALK, ""))


class OurResult(OrganisationPage):
    """One organisation's result in one period: where it stands, how sure that is, and what it may do next.

    Open it with `OurResult.open(organisation, period, language)`; each method without an underscore that returns a piece is a
    section, to be shown by a cell of a notebook. `report` alone in a cell lists its sections and charts.

    Attributes
    ----------
    charts : Charts
        Every chart by name; `report.charts["points"]` shows one with plotly, with its words and its table.
    facts : Facts
        The published figures that the page tells, percent of the scale, by level and key: `report.facts.figures`.
    history : History
        The same of all periods.
    messages : Telling
        What the report says first: all findings in one ranked list, `report.messages.ranked`.
    results : PublishedResults
        The published tables behind it, each a frame by its name: `report.results.scores`.

    Notes
    -----
    Every figure is a published one: the page chooses among them and computes none. What is not published says why in its place.
    How figures are computed: docs/method.md.

    Examples
    --------
    >>> report = OurResult.open("almvik", "2026", "sv")  # doctest: +SKIP
    >>> report.headline()  # doctest: +SKIP
    >>> report.charts["categories"]  # doctest: +SKIP
    """

    name = "our_result"

    @cached_property
    def messages(self) -> Telling:
        """What the report says first: all findings in one ranked list."""
        return open_telling(self.results, self.period, self.language, self.voice)

    @cached_property
    def narrator(self) -> FactsNarrator:
        """Tells findings in the page's language, with the names of units and roles."""
        return self.messages.narrator

    # -- the opening ---------------------------------------------------------------------------------

    def headline(self) -> Piece:
        """Where we are, how sure we are, what changed: one number, one paragraph, one picture."""
        facts = self.facts
        opening = self._opening_words()
        if facts.position is not None:
            opening = markup(
                '<div class="opening"><div>{}</div>{}</div>', opening, self.render(self.quadrant_chart())
            )
        return self.open_page(opening)

    def _opening_words(self) -> Markup:
        say, number, whole = self.narrator.say, self.narrator.number, self.facts.composite
        quiet, parts = self.response(), []
        if whole is not None and whole.score is not None and whole.low is not None and whole.high is not None:
            interval = say("interval", low=whole.low, high=whole.high)
            what = self.narrator.name(*whole.place, running=True)
            parts.append(
                markup('<p class="big">{}</p><p class="what">{}</p>', number.percent(whole.score), what)
            )
            quiet = f"{interval} · {quiet}"
        parts.append(markup('<p class="quiet">{}</p>', quiet))
        if low := self.messages.low_response():
            parts.append(markup('<p class="beside">{}</p>', low))
        parts.append(markup('<p class="lead">{}</p>', self.messages.headline()))
        return join(parts) + self._lines()

    def _lines(self) -> Markup:
        """The dimensions, then what the lead is held against: last time, peers, the national target, own goals."""
        narrator, facts = self.narrator, self.facts
        upwards = facts.instrument.quadrants.upwards if facts.instrument.quadrants else ""
        rows = []
        for figure in facts.of_level("dimension"):
            if figure.score is None:
                continue
            change = tell_change(self.messages.narrator, facts.changes.get(figure.place), facts.previous)
            words = f" ({change})" if change else ""
            colour = "upwards" if figure.key == upwards else "across"
            score = markup("<b>{}</b>{}", narrator.number.score(figure.score), words)
            rows.append(
                markup('<dt>{}</dt><dd class="{}">{}</dd>', narrator.name(*figure.place), colour, score)
            )
        for line in self.messages.lines(self.history):
            bold = markup("<b>{}</b> ", line.figure) if line.figure else ""
            rows.append(markup("<dt>{}</dt><dd>{}{}</dd>", line.name, bold, line.words))
        return markup("<dl>{}</dl>", join(rows)) if rows else Markup()

    def takeaways(self) -> Piece:
        """Three things to take away: build on, deal with first, talk about."""
        say = self.narrator.say
        html = Markup()
        for asks, colour in CARDS:
            words = join(markup("<p>{}</p>", s) for s in self.messages.card(asks))
            html += markup('<div class="{}"><h3>{}</h3>{}</div>', colour, say(f"page.{asks}"), words)
        return self.piece(say("page.takeaways"), markup('<div class="three">{}</div>', html))

    # -- the evidence --------------------------------------------------------------------------------

    def categories(self) -> LivePiece:
        """The categories against the peers; choose peer group and period."""
        return self._compare("categories", "category")

    def points(self) -> LivePiece:
        """The measure points against the peers, largest lead first; choose peer group and period."""
        return self._compare("points", "point")

    def _compare(self, name: str, level: str) -> LivePiece:
        def render(group: str, period: str) -> Markup:
            narrator = self.narrate_choice(period, group or None)
            conclusion = narrator.tell(find_rows(narrator.facts, level))
            return self.answer(conclusion) + self.render(chart_rows(narrator, level))

        facts = self.facts
        groups = tuple(
            (f"{self.narrator.name_others(g)} ({self.narrator.number.count(g.peers_n)})", g.id)
            for g in facts.groups
        )
        group = Control(
            "group", self.narrator.say("control.group"), groups or (("", ""),), groups[0][1] if groups else ""
        )
        title = f"page.{name}" if facts.group else f"page.{name}_own"
        return self.live(self.narrator.say(title), (group, self.period_control()), render)

    def strongest_and_weakest(self) -> Piece:
        """The points farthest above and below the peers; folded, what each point means."""
        say = self.narrator.say
        words = join(markup('<p class="answer">{}</p>', w) for w in dict.fromkeys(self.tell_ends()))
        words = words or markup("<p>{}</p>", say("findings.rows_empty"))
        meanings = write_short_words(self.narrator, self.results.glossary["points"])
        return self.piece(say("page.ends" if self.facts.group else "page.ends_own"), words + meanings)

    def tell_ends(self) -> list[str]:
        """Return which points are strongest and weakest, with how sure that is."""
        say, told = self.narrator.say, []
        for finding in find_ends(self.facts):
            numbers = dict(finding.numbers)
            if "values" in numbers:
                named, sure = numbers.pop("points"), numbers.pop("sure")
                amounts = zip(named, numbers.pop("values"), strict=True)
                numbers["listed"] = self.narrator.number.listed(
                    [say("messages.amount", name=self.narrator.name(*f.place), value=v) for f, v in amounts]
                )
                kind = (
                    "none" if not sure else "some" if len(sure) < len(named) else "all" if sure[1:] else "one"
                )
                numbers["ends_sure"] = say(f"page.ends_sure_{kind}", sure=sure)
            told.append(say(f"findings.{finding.kind}", **numbers))
        return told

    def dont_know(self) -> Piece:
        """What people do not know, point by point."""
        words = self.messages.unknowns()
        chart = chart_dont_know(self.narrator, words)
        answer = self.answer(words)
        return self.piece(self.narrator.say("page.dont_know"), answer + self.render(chart))

    def changes(self) -> LivePiece:
        """What changed for certain, and the lines over the periods; choose the level."""
        say = self.narrator.say

        def render(level: str) -> Markup:
            if (chart := chart_history(self.narrator, self.history, level)) is not None:
                return self.render(chart)
            hidden = [self.facts.figures[k] for k in list_levels(self.facts, level)]
            return self.answer(self.narrator.tell_hidden(hidden))

        options = tuple((say(f"control.levels.{level}"), level) for level in HISTORY_LEVELS)
        control = Control("level", say("control.level"), options, "dimension")
        # what changed is told of all levels: it stands above the choice, which it does not follow
        above = self.answer(" ".join(self.messages.changes()))
        versions = tell_versions(self.narrator, self.results, self.period)
        above += join(markup('<p class="beside">{}</p>', words) for words in versions)
        return self.live(say("page.changes"), (control,), render, above)

    @property
    def trends(self) -> Trends:
        """Published slopes of the whole, units and roles."""
        return self.messages.sources.trends

    def trend(self) -> LivePiece:
        """The change a year over three years or more; choose the whole, a unit or a role."""

        def render(who: str) -> Markup:
            unit, _, role = who.partition(":")
            return self.trend_of((unit, role))

        say, narrator = self.narrator.say, self.messages.narrator
        whole = ":".join(ORGANISATION)
        options = {":".join(g): narrator.name_who(g) for g in self.trends.groups()}
        options = {whole: narrator.name_who(ORGANISATION)} | options
        control = Control("who", say("trend.group"), tuple((w, v) for v, w in options.items()), whole)
        return self.live(say("page.trend"), (control,), render)

    def trend_of(self, group: Group) -> Markup:
        """Return the trend of a group; the whole organisation's with the categories over the periods."""
        narrator = self.messages.narrator
        words = self.answer(*(tell_trend(narrator, f) for f in find_trend(self.trends, group)))
        charts = [chart_slopes(narrator, self.trends, group)]
        if group == ORGANISATION:
            charts.append(self.category_chart())
        return words + self.render(*charts)

    # -- what to do, and how to read -----------------------------------------------------------------

    def recommendation(self) -> Piece:
        """The general recommendation of the quadrant, or of both where a border is crossed."""
        say, text, plane = self.narrator.say, self.facts.instrument.text, self.facts.instrument.quadrants
        cells = find_recommendations(self.facts)
        parts = [markup("<p>{}</p>", say("page.recommendation_border"))] if len(cells) > 1 else []
        for cell in plane.cells if plane else []:
            if cell.id in cells:
                heading = markup("<h3>{}: {}</h3>", cell.id, text(cell.name, self.language))
                advice = text(cell.recommendation, self.language)
                parts.append(markup('<div class="advice">{}<p>{}</p></div>', heading, advice))
        if not parts:
            unplaced = [say("page.recommendation_none")] if plane else []
            parts.append(markup("<p>{}</p>", " ".join([*unplaced, say("page.recommendation_general")])))
        return self.piece(self.narrator.say("page.recommendation"), join(parts))

    def how_to_read(self) -> Piece:
        """Who answered, how it is computed, cautions."""
        return self.small_print(
            [self.narrator.say(f"reading.{name}", response=self.response()) for name in READING]
        )

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the report by name."""
        plane = self.facts.position is not None
        found = {
            "categories": chart_rows(self.narrator, "category"),
            "points": chart_rows(self.narrator, "point"),
            "history": chart_history(self.narrator, self.history, "dimension"),
            "slopes": chart_slopes(self.messages.narrator, self.trends, ORGANISATION),
            "category_history": self.category_chart(),
            "quadrant": self.quadrant_chart() if plane else None,
            "dont_know": chart_dont_know(self.narrator, self.messages.unknowns()),
        }
        return Charts.of(found)

    def category_chart(self) -> Chart | None:
        """Return the categories over the periods; None with fewer than two."""
        if len(self.history.until(self.period)) < 2:
            return None
        chart = chart_history(self.narrator, self.history, "category")
        return replace(chart, id="trend-category") if chart is not None else None

    def quadrant_chart(self) -> Chart:
        """Position, region, path over periods, and peers."""
        peers = gather_peer_positions(self.results, self.period, self.facts.group)
        return chart_quadrant(self.narrator, self.history, peers)
