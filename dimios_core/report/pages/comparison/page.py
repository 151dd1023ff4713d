"""Jämförelse: what `notebooks/consortium/comparison.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from dimios_core.languages import DEFAULT
from dimios_core.markup import Markup, join, markup
from dimios_core.published.fingerprint import list_named_figures
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import ConsortiumPage
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import Piece
from dimios_core.report.pages.comparison.charts import chart_differences, chart_levels
from dimios_core.report.pages.comparison.facts import ComparisonFacts, check_chosen, gather_comparison
from dimios_core.report.pages.comparison.findings import find_lead, find_parts

#: small type at the end of the page, in this order
READING = ("sharing", "interval", "certain", "order", "caution")
#: levels whose differences are drawn
PARTS = ("category", "point")


class Comparison(ConsortiumPage):
    """Two or three organisations that share their result by name, in one period."""

    name = "comparison"

    def __init__(
        self, results: PublicResults, organisations: tuple[str, ...], period: str, language: str
    ) -> None:
        super().__init__(results, period, language)
        self.organisations = organisations

    @classmethod
    def open(cls, organisations: str, period: str | int, language: str = DEFAULT, results: str = "") -> Self:
        """Open the comparison of two or three organisations.

        Parameters
        ----------
        organisations : str
            Their identifiers, with spaces between: "almvik bergtuna".
        period : str or int
            "2026" or "2026-1"; 2026, too, which Papermill makes of `-p period 2026`.
        language : str
            Code of a language of the model that there are texts in, such as "sv".
        results : str
            The results folder; empty: found through `DIMIOS_RESULTS` or the project.

        Raises
        ------
        InputError
            No published results of that period, an unknown language, or an organisation that does not share its result
            by name.
        """
        published, period = cls.open_public(period, language, results)
        given = tuple(sorted(set(organisations.split())))
        check_chosen(published, period, given)
        return cls(published, given, period, language)

    @property
    def subject(self) -> str:
        """The organisations' names."""
        return self.narrator.number.listed([one.name for one in self.facts.chosen])

    @property
    def owner(self) -> dict[str, str]:
        """All organisations together, and those that are compared."""
        return {**super().owner, "organisations": " ".join(self.organisations)}

    @property
    def levels(self) -> list[tuple[str, str, float | None]]:
        """The levels of those that are compared."""
        rows = self.results.rows("named", period=self.period, id=self.organisations)
        return list_named_figures(rows)

    @cached_property
    def facts(self) -> ComparisonFacts:
        """What is published of them by name."""
        return gather_comparison(self.results, self.period, self.organisations)

    # -- sections ------------------------------------------------------------------------------------

    def opening(self) -> Piece:
        """Whether it is certain who lies above, on the whole."""
        told = self.answer(*find_lead(self.facts))
        return self.open_page(told + markup("<p>{}</p>", self.narrator.say("comparison.opening")))

    def beside(self) -> Piece:
        """The organisations' levels beside each other."""
        chart = self.charts.get("levels")
        words = self.answer(*(find_parts(pair, "category") for pair in self.facts.pairs))
        return self.piece(self.narrator.say("comparison.beside"), words + self.render(chart))

    def differences(self) -> Piece:
        """What differs between every two of them, and whether that is certain: categories, then measure points."""
        charts = [c for name, c in self.charts.items() if name != "levels"]
        html = join(markup("<h3>{}</h3><p>{}</p>{}", c.name, c.conclusion, self.render(c)) for c in charts)
        return self.piece(self.narrator.say("comparison.differences"), html or self._tell_nothing())

    def _tell_nothing(self) -> Markup:
        return self.answer(self.narrator.say("findings.rows_empty"))

    def how_to_read(self) -> Piece:
        """How differences are worked out, and what they are not."""
        return self.small_print([self.narrator.say(f"comparison.reading.{name}") for name in READING])

    @cached_property
    def charts(self) -> Charts:
        """Levels, and the differences of every two."""
        narrator, facts = self.narrator, self.facts
        found: dict[str, Chart | None] = {
            "levels": chart_levels(
                narrator, facts, narrator.tell_all(find_lead(facts)) or narrator.say("comparison.opening")
            )
        }
        for pair in facts.pairs:
            for level in PARTS:
                words = narrator.tell(find_parts(pair, level))
                chart = chart_differences(narrator, facts, pair, level, words)
                found[f"{level}:{pair.one.id}:{pair.other.id}"] = chart
        return Charts.of(found)
