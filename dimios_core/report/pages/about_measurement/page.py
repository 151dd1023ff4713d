"""Om mätningen: what `notebooks/organisation/about_measurement.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property

from dimios_core.instrument.lead import lead_of
from dimios_core.markup import Markup, join, markup
from dimios_core.published.gathering import gather_once, gather_public_once
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import OrganisationPage, heading
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import Piece
from dimios_core.report.finding import Finding
from dimios_core.report.groups.group_facts import GroupFacts, gather_levels
from dimios_core.report.groups.rates import chart_rates, find_response, render_rates
from dimios_core.report.pages.about_measurement.charts import (
    chart_reliability,
    chart_role_mix,
    chart_weightings,
)
from dimios_core.report.pages.about_measurement.facts import AboutFacts, gather_about
from dimios_core.report.pages.about_measurement.findings import (
    AboutNarrator,
    find_coefficients,
    find_reliability,
    find_role_mix,
    find_trust,
    find_weighting,
    find_weightings,
)
from dimios_core.report.pages.about_measurement.glossary import tell_glossary

#: what is said plainly about the method, in this order
PLAINLY = ("expectations", "self_ratings", "self_selected", "interval_scale", "imputation", "invariance")
#: how the figures are computed, in short
COMPUTED = ("points", "categories", "uncertainty", "certain", "hidden", "sources")


class AboutMeasurement(OrganisationPage):
    """How one organisation's measurement was made, and how far its result can be trusted."""

    name = "about_measurement"

    @cached_property
    def about(self) -> AboutFacts:
        """Published figures on reliability, the mix of roles and other weightings."""
        return gather_about(self.results, self.period, self.facts.previous)

    @cached_property
    def groups(self) -> GroupFacts:
        """Published levels and response rates of units and roles."""
        return gather_once(gather_levels, self.results, self.period)

    @cached_property
    def narrator(self) -> AboutNarrator:
        """Tells findings of this page in the page's language."""
        facts = self.facts
        threshold = facts.organisation["threshold"]
        return AboutNarrator(
            facts.instrument, self.language, threshold, facts, self.groups, self.about, voice=self.voice
        )

    @classmethod
    def prepare(cls, results: PublicResults, language: str, threshold: int, voice: str) -> None:
        """Write the glossary."""
        gather_public_once(tell_glossary, results, language, threshold, voice)

    # -- the opening ---------------------------------------------------------------------------------

    def overview(self) -> Piece:
        """How much can the result be trusted? Who answered, how sure it is, and what is not shown."""
        title = heading(self.narrator.say("about.page.trust"))
        words = self.narrator.tell_all(find_trust(self.facts, self.groups))
        lead = markup('<p class="lead">{}</p>', f"{self.response()} {words}")
        return self.open_page(title + lead + self._figures())

    def _figures(self) -> Markup:
        say, number, facts = self.narrator.say, self.narrator.number, self.facts
        rows = []
        if facts.response is not None:
            band = say(f"internal.bands.{facts.response[3]}")
            rows.append((say("internal.rate"), say("about.page.band", band=band)))
        for f in facts.tops:
            if f.score is not None and f.low is not None and f.high is not None:
                interval = say("about.page.between", low=f.low, high=f.high)
                rows.append((self.narrator.name(f.level, f.key), interval))
        points = facts.of_level("point")
        shown_n = number.count(sum(f.published for f in points))
        rows.append((say("about.page.points"), say("about.page.of", shown=shown_n, of=len(points))))
        rows.append((say("about.page.measured"), number.listed(list(self.history.until(self.period)))))
        listed = join(markup("<dt>{}</dt><dd>{}</dd>", name, words) for name, words in rows)
        return markup("<dl>{}</dl>", listed)

    # -- the evidence --------------------------------------------------------------------------------

    def response_rates(self) -> Piece:
        """Who answered, by unit and role; what is withheld says so."""
        words = self.answer(*find_response(self.groups))
        chart = gather_once(render_rates, self.results, self.period, self.language, self.voice)
        return self.piece(self.narrator.say("about.page.response"), words + chart)

    def reliability(self) -> Piece:
        """How the points of a category are to be read together; folded, how alike they are answered."""
        categories = [c.id for c in self.facts.instrument.categories]
        words = self.answer(*find_reliability(self.about, categories))
        measures = self._fold(find_coefficients(self.about, categories), chart_reliability(self.narrator))
        return self.piece(self.narrator.say("about.page.reliability"), words + measures)

    def role_mix(self) -> Piece:
        """The plain change beside the one with the mix of roles held still."""
        words = self.answer(*find_role_mix(self.about, lead_of(self.facts.instrument)))
        chart = chart_role_mix(self.narrator)
        return self.piece(self.narrator.say("about.page.mix"), words + self.render(chart))

    def weighting(self) -> Piece:
        """Whether another weighting changes the message; folded, which were tried."""
        words = self.answer(*find_weighting(self.facts, self.about))
        measures = self._fold(find_weightings(self.facts, self.about), chart_weightings(self.narrator))
        return self.piece(self.narrator.say("about.page.weighting"), words + measures)

    def _fold(self, findings: list[Finding], chart: Chart | None) -> Markup:
        """Write measures for those who examine the method, folded; nothing where there are none."""
        words = self.narrator.tell_all(findings)
        if not words and chart is None:
            return Markup()
        title = self.narrator.say("about.page.measures")
        return markup("<details><summary>{}</summary><p>{}</p>{}</details>", title, words, self.render(chart))

    # -- words and method ----------------------------------------------------------------------------

    def glossary(self) -> Piece:
        """Terms that people confuse, in plain language; folded, their examples and all measure points."""
        html = gather_public_once(tell_glossary, self.results, *self.telling)
        return self.piece(self.narrator.say("about.page.glossary"), html)

    def cautions(self) -> Piece:
        """What is said plainly: what the measurement is not."""
        say = self.narrator.say
        items = join(
            markup(
                "<li><b>{}</b> {}</li>", say(f"about.plainly.{name}.title"), say(f"about.plainly.{name}.text")
            )
            for name in PLAINLY
        )
        return self.piece(say("about.page.cautions"), markup('<ul class="plain">{}</ul>', items))

    def how_to_read(self) -> Piece:
        """How the figures are computed, in short."""
        say, about = self.narrator.say, self.about
        words = [say(f"about.computed.{name}") for name in COMPUTED]
        if about.weighted:
            words.append(say("about.computed.weights", n=self.facts.respondents_n, as_n=about.effective_n))
        return self.small_print(words)

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the page by name."""
        found = {
            "response_rates": chart_rates(self.narrator),
            "reliability": chart_reliability(self.narrator),
            "role_mix": chart_role_mix(self.narrator),
            "weighting": chart_weightings(self.narrator),
        }
        return Charts.of(found)
