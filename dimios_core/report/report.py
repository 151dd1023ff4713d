"""The report on one organisation: what `notebooks/organisation/our_result.ipynb` calls, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape

from dimios_core.errors import InputError, Problem
from dimios_core.report.charts import Chart, draw_rows
from dimios_core.report.display import ChartView, Html, load_style
from dimios_core.report.facts import Facts, gather_facts
from dimios_core.report.findings import find_headline, find_level, find_rows
from dimios_core.report.narrative import LANGUAGES, Narrator
from dimios_core.report.tables import tabulate_figures
from dimios_core.results.store import load_results


@dataclass(frozen=True)
class Report:
    """One organisation's result in one period and language. Open it with `open_report`.

    Every method returns something a notebook cell displays. Nothing is computed: all figures are published ones.
    """

    facts: Facts
    language: str

    @cached_property
    def narrator(self) -> Narrator:
        """Tells findings in the report's language."""
        return Narrator(self.facts, self.language)

    @property
    def title(self) -> str:
        """Organisation and period."""
        return f"{self.facts.organisation['name']}, {self.facts.period}"

    def headline(self) -> Html:
        """Digital maturity, how sure it is, and the paragraph that says what it means."""
        say, number, facts = self.narrator.say, self.narrator.number, self.facts
        maturity = facts.maturity
        parts = [f"<style>{load_style()}</style>"]
        if facts.demo_label:
            parts.append(f'<p class="demo">{escape(facts.demo_label[self.language])}</p>')
        parts.append(f'<p class="quiet">{escape(self.title)}</p>')
        if maturity.score is not None and maturity.low is not None and maturity.high is not None:
            parts.append(f'<p class="big">{number.percent(maturity.score)}</p>')
            interval = say("interval", low=maturity.low, high=maturity.high)
            parts.append(f"<p>{escape(say('maturity').lower())}</p>")
            parts.append(f'<p class="quiet">{escape(interval)} · {escape(self.response())}</p>')
            findings = find_headline(facts)[1:]
        else:
            findings = [find_level(maturity), *find_headline(facts)[1:]]
        parts.append(f'<p class="lead">{escape(self.narrator.tell_all(findings))}</p>')
        return self._wrap("".join(parts))

    def response(self) -> str:
        """How many answered, of how many."""
        if self.facts.response is None:
            return self.narrator.say("response_unknown", n=self.facts.maturity.n or 0)
        answered, invited, share, _ = self.facts.response
        return self.narrator.say("response", answered=answered, invited=invited, share=share)

    def dimensions(self) -> Html:
        """The dimensions as a table, beside the peers."""
        return self._table("dimension")

    def categories(self) -> Html:
        """The categories as a table, beside the peers."""
        return self._table("category")

    def points(self) -> Html:
        """The measure points as a table, beside the peers."""
        return self._table("point")

    def _table(self, level: str) -> Html:
        conclusion = self.narrator.tell(find_rows(self.facts, level))
        table = tabulate_figures(self.narrator, self.facts.of_level(level), self._rows_title(level))
        return self._wrap(f"<p>{escape(conclusion)}</p>{table}")

    def _rows_title(self, level: str) -> str:
        say, group = self.narrator.say, self.facts.group
        name = say(f"chart.levels.{level}")
        return (
            say("chart.rows_title", level=name, group=group)
            if group
            else say("chart.rows_title_own", level=name)
        )

    def category_chart(self) -> ChartView:
        """The categories as interval rows against the peers."""
        figures, say, group = self.facts.of_level("category"), self.narrator.say, self.facts.group
        title = self._rows_title("category")
        chart = Chart(
            id="categories",
            name=title,
            conclusion=self.narrator.tell(find_rows(self.facts, "category")),
            wide=draw_rows(self.narrator, figures, narrow=False),
            narrow=draw_rows(self.narrator, figures, narrow=True),
            key=say("chart.rows_key", group=group) if group else say("chart.rows_key_own"),
            table=tabulate_figures(self.narrator, figures, title),
        )
        return ChartView(chart, say("table.show"))

    def _wrap(self, html: str) -> Html:
        return Html(f'<div class="dimios" lang="{self.language}">{html}</div>')


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
        problems.append(
            Problem(
                "period", f"there are no results of {organisation} for {period!r}", f"choose among: {known}"
            )
        )
    if language not in LANGUAGES:
        problems.append(
            Problem("language", f"{language!r} is not spoken here", f"choose among: {', '.join(LANGUAGES)}")
        )
    if problems:
        raise InputError(problems)
    return Report(gather_facts(published, period), language)
