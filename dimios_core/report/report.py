"""The report on one organisation: what `notebooks/organisation/our_result.ipynb` calls, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from dimios_core.errors import InputError, Problem
from dimios_core.report.charts import (
    Chart,
    draw_dont_know,
    draw_lines,
    draw_quadrant,
    draw_rows,
    reach_of_scale,
)
from dimios_core.report.display import LivePiece, Piece, load_style, render_chart
from dimios_core.report.facts import (
    Facts,
    Figure,
    History,
    gather_facts,
    gather_history,
    gather_peer_positions,
)
from dimios_core.report.findings import (
    DONT_KNOW_FLAG_SHARE,
    find_changes,
    find_ends,
    find_headline,
    find_level,
    find_recommendations,
    find_rows,
    find_strengths,
    find_unknowns,
    find_weaknesses,
    rank_points,
)
from dimios_core.report.narrative import LANGUAGES, Narrator
from dimios_core.report.tables import (
    tabulate_changes,
    tabulate_dont_know,
    tabulate_figures,
    tabulate_history,
    tabulate_positions,
)
from dimios_core.report.widgets import Control
from dimios_core.results.store import PublishedResults, load_results

#: small type at the end of the page, in this order
READING = ("who", "interval", "certain", "dont_know", "hidden", "caution")


@dataclass(frozen=True)
class Report:
    """One organisation's result in one period and language. Open it with `open_report`.

    Each method is a section of the page and returns something a notebook cell displays. Nothing is computed:
    all figures are published ones. `charts` holds every chart by name, to explore with plotly.
    """

    results: PublishedResults
    period: str
    language: str

    @cached_property
    def facts(self) -> Facts:
        """The facts of the report's own period and first peer group."""
        return gather_facts(self.results, self.period)

    @cached_property
    def history(self) -> History:
        """Published figures of all periods."""
        return gather_history(self.results)

    @cached_property
    def narrator(self) -> Narrator:
        """Tells findings in the report's language."""
        return Narrator(self.facts, self.language)

    def _narrate(self, period: str | None = None, group: str | None = None) -> Narrator:
        if period in (None, self.period) and group is None:
            return self.narrator
        return Narrator(gather_facts(self.results, period or self.period, group), self.language)

    # -- the opening ---------------------------------------------------------------------------------

    def headline(self) -> Piece:
        """Where we are, how sure we are, what changed: one number, one paragraph, one picture."""
        facts, say = self.facts, self.narrator.say
        organisation = facts.organisation["name"]
        demo = f'<p class="demo">{escape(facts.demo_label[self.language])}</p>' if facts.demo_label else ""
        opening = self._opening_words()
        if facts.position is not None:
            opening = f'<div class="opening"><div>{opening}</div>{self._render(self.quadrant_chart())}</div>'
        title = say("page.title_full", period=self.period, organisation=organisation)
        about = {
            "title": title,
            "language": self.language,
            "results_version": facts.results_version,
            "demo_label": facts.demo_label[self.language] if facts.demo_label else None,
        }
        heading = f"<h1>{escape(say('page.title'))}: {escape(organisation)}, {escape(self.period)}</h1>"
        return Piece(
            f"<style>{load_style()}</style>{demo and self._wrap(demo)}{self._section(heading + opening)}",
            metadata={"dimios": about},
        )

    def _opening_words(self) -> str:
        say, number, maturity = self.narrator.say, self.narrator.number, self.facts.maturity
        findings = find_headline(self.facts)[1:]
        parts = []
        if maturity.score is not None and maturity.low is not None and maturity.high is not None:
            interval = say("interval", low=maturity.low, high=maturity.high)
            parts += [
                f'<p class="big">{number.percent(maturity.score)}</p><p class="what">{escape(say("maturity").lower())}</p>',
                f'<p class="quiet">{escape(interval)} · {escape(self.response())}</p>',
            ]
        else:
            findings = [find_level(maturity), *findings]
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
            colour = "capability" if figure.key == upwards else "heritage"
            name = self.narrator.name("dimension", figure.key)
            rows.append(
                f'<dt>{escape(name)}</dt><dd class="{colour}"><b>{number.score(figure.score)}</b>{escape(words)}</dd>'
            )
        gap = facts.gaps.get(("maturity", "maturity"))
        if facts.group is not None and gap is not None and gap.reference is not None:
            name = say("page.peers_mean", group=facts.group)
            rows.append(f"<dt>{escape(name)}</dt><dd><b>{number.score(gap.reference)}</b></dd>")
        return f"<dl>{''.join(rows)}</dl>"

    def response(self) -> str:
        """Return how many answered, of how many."""
        if self.facts.response is None:
            return self.narrator.say("response_unknown", n=self.facts.maturity.n or 0)
        answered, invited, share, _ = self.facts.response
        return self.narrator.say("response", answered=answered, invited=invited, share=share)

    def takeaways(self) -> Piece:
        """Three things to take away: build on, deal with first, talk about."""
        say, tell = self.narrator.say, self.narrator.tell
        cards = (
            ("build", "capability", find_strengths(self.facts)),
            ("deal", "heritage", find_weaknesses(self.facts)),
            ("talk", "", find_unknowns(self.facts)),
        )
        html = "".join(
            f'<div class="{colour}"><h3>{escape(say(f"page.{name}"))}</h3><p>{escape(tell(finding))}</p></div>'
            for name, colour, finding in cards
        )
        return self._piece("takeaways", f'<div class="three">{html}</div>')

    # -- the evidence --------------------------------------------------------------------------------

    def categories(self) -> LivePiece:
        """The categories against the peers; choose peer group and period."""
        return self._compare("categories", "category")

    def points(self) -> LivePiece:
        """The measure points against the peers, largest lead first; choose peer group and period."""
        return self._compare("points", "point")

    def _compare(self, name: str, level: str) -> LivePiece:
        def render(group: str, period: str) -> str:
            narrator = self._narrate(period, group or None)
            conclusion = narrator.tell(find_rows(narrator.facts, level))
            answer = f'<p class="answer" aria-live="polite">{escape(conclusion)}</p>'
            return answer + self._render(self.rows_chart(level, period, group or None))

        facts = self.facts
        groups = tuple(
            (f"{self.narrator.name_others(g)} ({self.narrator.number.count(g.peers_n)})", g.id)
            for g in facts.groups
        )
        group = Control(
            "group", self.narrator.say("control.group"), groups or (("", ""),), groups[0][1] if groups else ""
        )
        heading = f"page.{name}" if facts.group else f"page.{name}_own"
        title = self.narrator.say(heading, group=facts.group) if facts.group else self.narrator.say(heading)
        return LivePiece(self._heading(title), (group, self._period_control()), render, self._section)

    def _period_control(self) -> Control:
        periods = self.history.periods
        return Control(
            "period", self.narrator.say("control.period"), tuple((p, p) for p in periods[::-1]), self.period
        )

    def strongest_and_weakest(self) -> Piece:
        """The three strongest and three weakest points, with shared places said."""
        findings = find_ends(self.facts)
        words = "".join(f'<p class="answer">{escape(self.narrator.tell(f))}</p>' for f in findings)
        return self._piece("ends", words or f"<p>{escape(self.narrator.say('findings.rows_empty'))}</p>")

    def dont_know(self) -> Piece:
        """What people do not know, point by point."""
        chart = self.dont_know_chart()
        answer = f'<p class="answer">{escape(self.narrator.tell(find_unknowns(self.facts)))}</p>'
        return self._piece("dont_know", answer + (self._render(chart) if chart else ""), chart)

    def changes(self) -> LivePiece:
        """What changed for certain, and the lines over the periods; choose the level."""
        words = " ".join(self.narrator.tell(f) for f in find_changes(self.facts))
        say = self.narrator.say

        def render(level: str) -> str:
            return f'<p class="answer">{escape(words)}</p>' + self._render(self.history_chart(level))

        options = tuple((say(f"control.levels.{level}"), level) for level in ("dimension", "category"))
        control = Control("level", say("control.level"), options, "dimension")
        return LivePiece(self._heading(say("page.changes")), (control,), render, self._section)

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
        return self._piece("recommendation", "".join(parts))

    def how_to_read(self) -> Piece:
        """Who answered, how it is computed, cautions."""
        words = [self.narrator.say(f"reading.{name}", response=self.response()) for name in READING]
        return self._piece("reading", "".join(f'<p class="small">{escape(w)}</p>' for w in words))

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> dict[str, Chart]:
        """Every chart of the report by name."""
        found = {
            "categories": self.rows_chart("category"),
            "points": self.rows_chart("point"),
            "history": self.history_chart("dimension"),
        }
        if self.facts.position is not None:
            found["quadrant"] = self.quadrant_chart()
        if (chart := self.dont_know_chart()) is not None:
            found["dont_know"] = chart
        return found

    def quadrant_chart(self) -> Chart:
        """Position, region, path over periods, and peers."""
        facts, narrator, plane = self.facts, self.narrator, self.facts.instrument.quadrants
        assert plane is not None
        peers = gather_peer_positions(self.results, self.period, facts.group)
        gaps = [facts.gaps.get(("dimension", d)) for d in (plane.across, plane.upwards)]
        references = [g.reference for g in gaps if g is not None and g.reference is not None]
        mean = (references[0], references[1]) if len(references) == 2 else None
        low, high = reach_of_scale(self.history, peers, self.period, plane.border)
        names = {
            f"{k}_name": narrator.name("dimension", d)
            for k, d in (("across", plane.across), ("upwards", plane.upwards))
        }
        title = narrator.say("chart.quadrant", **names)
        key, scale = (
            "chart.quadrant_key" if peers else "chart.quadrant_key_own",
            {"low": f"{low:.0f}", "high": f"{high:.0f}"},
        )
        return Chart(
            id="quadrant",
            name=title,
            conclusion=narrator.tell_all(find_headline(facts)[1:2]),
            wide=draw_quadrant(narrator, self.history, peers, mean, narrow=False),
            narrow=draw_quadrant(narrator, self.history, peers, mean, narrow=True),
            key=narrator.say(key, **scale, **({"group": facts.group} if peers else {})),
            table=tabulate_positions(narrator, self.history, peers, title),
        )

    def rows_chart(self, level: str, period: str | None = None, group: str | None = None) -> Chart:
        """Interval rows of a level ("dimension", "category", "point") against a peer group."""
        narrator = self._narrate(period, group)
        facts, say = narrator.facts, narrator.say
        figures = facts.of_level(level)
        if level == "point" and facts.gaps:
            figures = sorted(figures, key=lambda f: self._lead(facts, f))
        name, chosen = say(f"chart.levels.{level}"), facts.group
        title = (
            say("chart.rows_title", level=name, group=chosen)
            if chosen
            else say("chart.rows_title_own", level=name)
        )
        return Chart(
            id=f"rows-{level}",
            name=title,
            conclusion=narrator.tell(find_rows(facts, level)),
            wide=draw_rows(narrator, figures, narrow=False),
            narrow=draw_rows(narrator, figures, narrow=True),
            key=say("chart.rows_key", group=chosen) if chosen else say("chart.rows_key_own"),
            table=tabulate_figures(narrator, figures, title),
        )

    @staticmethod
    def _lead(facts: Facts, figure: Figure) -> tuple[bool, float]:
        gap = facts.gaps.get((figure.level, figure.key))
        value = gap.value if gap is not None else None
        return value is None, -(value or 0.0)

    def history_chart(self, level: str) -> Chart:
        """Lines over the periods: maturity and dimensions, or the categories."""
        narrator, say = self.narrator, self.narrator.say
        keys = [("maturity", "maturity")] if level == "dimension" else []
        keys += [(f.level, f.key) for f in self.facts.of_level(level)]
        figures = [self.facts.figures[k] for k in keys]
        drawn = {n: draw_lines(narrator, self.history, keys, narrow=n) for n in (False, True)}
        title = say("chart.history")
        table = tabulate_history(narrator, self.history, keys, title)
        if self.facts.previous is not None:
            table += tabulate_changes(narrator, figures, say("page.since", period=self.facts.previous))
        return Chart(
            id=f"history-{level}",
            name=title,
            conclusion=" ".join(narrator.tell(f) for f in find_changes(self.facts)),
            wide=drawn[False],
            narrow=drawn[True],
            key=say("chart.history_key", **_shown_scale(drawn[False])),
            table=table,
        )

    def dont_know_chart(self) -> Chart | None:
        """Shares of don't-know, largest first; None where no point is published."""
        narrator, say = self.narrator, self.narrator.say
        figures = sorted(rank_points(self.facts), key=lambda f: -(f.dont_know_share or 0))
        if not figures:
            return None
        return Chart(
            id="dont-know",
            name=say("chart.dont_know"),
            conclusion=narrator.tell(find_unknowns(self.facts)),
            wide=draw_dont_know(narrator, figures, narrow=False),
            narrow=draw_dont_know(narrator, figures, narrow=True),
            key=say("chart.dont_know_key", limit=DONT_KNOW_FLAG_SHARE),
            table=tabulate_dont_know(narrator, figures, say("chart.dont_know")),
        )

    # -- HTML ----------------------------------------------------------------------------------------

    def _render(self, chart: Chart) -> str:
        return render_chart(chart, self.narrator.say("table.show"))

    def _piece(self, name: str, html: str, chart: Chart | None = None) -> Piece:
        return Piece(self._section(self._heading(self.narrator.say(f"page.{name}")) + html), chart)

    def _heading(self, title: str) -> str:
        return f"<h2>{escape(title)}</h2>"

    def _section(self, html: str) -> str:
        return f'<section class="dimios" lang="{self.language}">{html}</section>'

    def _wrap(self, html: str) -> str:
        return f'<div class="dimios" lang="{self.language}">{html}</div>'


def _shown_scale(figure: dict[str, Any]) -> dict[str, str]:
    """Low and high end of a chart whose panels carry them as labels."""
    ends = sorted({float(a["text"]) for a in figure["layout"]["annotations"] if a["xanchor"] == "right"})
    return {"low": f"{ends[0]:.0f}", "high": f"{ends[-1]:.0f}"}


def open_report(organisation: str, period: str, language: str = "sv", results: str = "") -> Report:
    """Open the report on one organisation.

    Parameters
    ----------
    organisation : str
        Identifier as in the register.
    period : str
        "2026" or "2026-1".
    language : str
        "sv" or "en".
    results : str
        The results folder; empty: found through `DIMIOS_RESULTS` or the project.

    Raises
    ------
    InputError
        No published results of that organisation or period, or an unknown language.
    """
    published = load_results(organisation, results or None)
    problems = []
    if period not in published.profile["periods"]:
        known = ", ".join(published.profile["periods"])
        what = f"there are no results of {organisation} for {period!r}"
        problems.append(Problem("period", what, f"choose among: {known}"))
    if language not in LANGUAGES:
        what = f"there is no report in {language!r}"
        problems.append(Problem("language", what, f"choose among: {', '.join(LANGUAGES)}"))
    if problems:
        raise InputError(problems)
    return Report(published, period, language)
