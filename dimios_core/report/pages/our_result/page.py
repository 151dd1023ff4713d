"""Vårt resultat: what `notebooks/organisation/our_result.ipynb` calls, section by section."""

from __future__ import annotations

from html import escape

from dimios_core.instrument import COMPOSITE
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.charts.chart import Chart
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.organisation_facts import find_recommendations
from dimios_core.report.pages.our_result.charts import (
    chart_dont_know,
    chart_history,
    chart_quadrant,
    chart_rows,
    list_levels,
)
from dimios_core.report.pages.our_result.facts import gather_peer_positions
from dimios_core.report.pages.our_result.findings import (
    find_changes,
    find_ends,
    find_headline,
    find_rows,
    find_standing,
    find_strengths,
    find_unknowns,
    find_weaknesses,
)
from dimios_core.report.plain_words import write_short_words
from dimios_core.report.widgets import Control

#: small type at the end of the page, in this order
READING = ("who", "interval", "certain", "dont_know", "hidden", "caution")


class OurResult(OrganisationPage):
    """One organisation's result in one period: where it stands, how sure that is, and what it may do next."""

    name = "our_result"

    # -- the opening ---------------------------------------------------------------------------------

    def headline(self) -> Piece:
        """Where we are, how sure we are, what changed: one number, one paragraph, one picture."""
        facts = self.facts
        opening = self._opening_words()
        if facts.position is not None:
            opening = f'<div class="opening"><div>{opening}</div>{self.render(self.quadrant_chart())}</div>'
        return self.open_page(opening)

    def _opening_words(self) -> str:
        say, number, whole = self.narrator.say, self.narrator.number, self.facts.composite
        findings = find_standing(self.facts)
        parts = []
        if whole is not None and whole.score is not None and whole.low is not None and whole.high is not None:
            interval = say("interval", low=whole.low, high=whole.high)
            what = self.narrator.name(whole.level, whole.key).lower()
            parts += [
                f'<p class="big">{number.percent(whole.score)}</p><p class="what">{escape(what)}</p>',
                f'<p class="quiet">{escape(interval)} · {escape(self.response())}</p>',
            ]
        else:
            findings = find_headline(self.facts)
            parts.append(f'<p class="quiet">{escape(self.response())}</p>')
        parts.append(f'<p class="lead">{escape(self.narrator.tell_all(findings))}</p>')
        return "".join(parts) + self._dimension_list()

    def _dimension_list(self) -> str:
        say, number, facts = self.narrator.say, self.narrator.number, self.facts
        upwards = facts.instrument.quadrants.upwards if facts.instrument.quadrants else ""
        rows = []
        for figure in facts.of_level("dimension"):
            if figure.score is None:
                continue
            change = facts.changes.get(("dimension", figure.key))
            words = ""
            if change is not None and change.published and change.value is not None:
                since = say("page.since", period=facts.previous)
                certainty = say(f"change_certainty.{change.certainty}")
                words = f" ({number.signed(change.value)} {since}, {certainty})"
            colour = "upwards" if figure.key == upwards else "across"
            name = self.narrator.name("dimension", figure.key)
            rows.append(
                f'<dt>{escape(name)}</dt><dd class="{colour}"><b>{number.score(figure.score)}</b>{escape(words)}</dd>'
            )
        gap = facts.gaps.get(COMPOSITE)
        if facts.group is not None and gap is not None and gap.reference is not None:
            name = say("page.peers_mean", group=facts.group)
            rows.append(f"<dt>{escape(name)}</dt><dd><b>{number.score(gap.reference)}</b></dd>")
        return f"<dl>{''.join(rows)}</dl>"

    def takeaways(self) -> Piece:
        """Three things to take away: build on, deal with first, talk about."""
        say, tell = self.narrator.say, self.narrator.tell
        cards = (
            ("build", "upwards", find_strengths(self.facts)),
            ("deal", "across", find_weaknesses(self.facts)),
            ("talk", "", find_unknowns(self.facts)),
        )
        html = "".join(
            f'<div class="{colour}"><h3>{escape(say(f"page.{name}"))}</h3><p>{escape(tell(finding))}</p></div>'
            for name, colour, finding in cards
        )
        return self.piece(self.narrator.say("page.takeaways"), f'<div class="three">{html}</div>')

    # -- the evidence --------------------------------------------------------------------------------

    def categories(self) -> LivePiece:
        """The categories against the peers; choose peer group and period."""
        return self._compare("categories", "category")

    def points(self) -> LivePiece:
        """The measure points against the peers, largest lead first; choose peer group and period."""
        return self._compare("points", "point")

    def _compare(self, name: str, level: str) -> LivePiece:
        def render(group: str, period: str) -> str:
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
        heading = f"page.{name}" if facts.group else f"page.{name}_own"
        return self.live(self.narrator.say(heading), (group, self.period_control()), render)

    def strongest_and_weakest(self) -> Piece:
        """The three strongest and three weakest points, with shared places said; folded, what each point means."""
        findings = find_ends(self.facts)
        words = "".join(f'<p class="answer">{escape(self.narrator.tell(f))}</p>' for f in findings)
        words = words or f"<p>{escape(self.narrator.say('findings.rows_empty'))}</p>"
        meanings = write_short_words(self.narrator, self.results.glossary["points"])
        return self.piece(self.narrator.say("page.ends"), words + meanings)

    def dont_know(self) -> Piece:
        """What people do not know, point by point."""
        chart = chart_dont_know(self.narrator)
        answer = self.answer(find_unknowns(self.facts))
        return self.piece(
            self.narrator.say("page.dont_know"), answer + (self.render(chart) if chart else ""), chart
        )

    def changes(self) -> LivePiece:
        """What changed for certain, and the lines over the periods; choose the level."""
        words = " ".join(self.narrator.tell(f) for f in find_changes(self.facts))
        say = self.narrator.say

        def render(level: str) -> str:
            if (chart := chart_history(self.narrator, self.history, level)) is not None:
                return self.answer(words) + self.render(chart)
            return self.answer(
                words,
                self.narrator.tell_hidden([self.facts.figures[k] for k in list_levels(self.facts, level)]),
            )

        options = tuple((say(f"control.levels.{level}"), level) for level in ("dimension", "category"))
        control = Control("level", say("control.level"), options, "dimension")
        return self.live(say("page.changes"), (control,), render)

    # -- what to do, and how to read -----------------------------------------------------------------

    def recommendation(self) -> Piece:
        """The general recommendation of the quadrant, or of both where a border is crossed."""
        say, text, plane = self.narrator.say, self.facts.instrument.text, self.facts.instrument.quadrants
        cells = find_recommendations(self.facts)
        parts = [f"<p>{escape(say('page.recommendation_border'))}</p>"] if len(cells) > 1 else []
        for cell in plane.cells if plane else []:
            if cell.id in cells:
                heading = f"<h3>{cell.id}: {escape(text(cell.name, self.language))}</h3>"
                advice = escape(text(cell.recommendation, self.language))
                parts.append(f'<div class="advice">{heading}<p>{advice}</p></div>')
        if not parts:
            unplaced = [say("page.recommendation_none")] if plane else []
            parts.append(f"<p>{escape(' '.join([*unplaced, say('page.recommendation_general')]))}</p>")
        return self.piece(self.narrator.say("page.recommendation"), "".join(parts))

    def how_to_read(self) -> Piece:
        """Who answered, how it is computed, cautions."""
        return self.small_print(
            [self.narrator.say(f"reading.{name}", response=self.response()) for name in READING]
        )

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> dict[str, Chart]:
        """Every chart of the report by name."""
        plane = self.facts.position is not None
        found = {
            "categories": chart_rows(self.narrator, "category"),
            "points": chart_rows(self.narrator, "point"),
            "history": chart_history(self.narrator, self.history, "dimension"),
            "quadrant": self.quadrant_chart() if plane else None,
            "dont_know": chart_dont_know(self.narrator),
        }
        return {name: chart for name, chart in found.items() if chart is not None}

    def quadrant_chart(self) -> Chart:
        """Position, region, path over periods, and peers."""
        peers = gather_peer_positions(self.results, self.period, self.facts.group)
        return chart_quadrant(self.narrator, self.history, peers)
