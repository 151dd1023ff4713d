"""Förbättringsförslag: what `notebooks/organisation/improvements.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property

from dimios_core.actions.worksheet import prepare_worksheets
from dimios_core.markup import Markup, join, markup
from dimios_core.published.gathering import gather_public_once
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import OrganisationPage, heading
from dimios_core.report.charts.chart import Charts
from dimios_core.report.conclusions import find_conclusions, write_conclusions
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.goals import write_goals
from dimios_core.report.messages.telling import Telling, open_telling
from dimios_core.report.next_steps.sheet import write_sheet
from dimios_core.report.next_steps.telling import StepsTelling
from dimios_core.report.organisation_facts import find_recommendations
from dimios_core.report.pages.improvements.charts import chart_evidence, chart_kinds, chart_outcomes
from dimios_core.report.pages.improvements.evidence import tell_evidence, tell_initiatives
from dimios_core.report.pages.improvements.facts import ImprovementFacts, gather_improvements
from dimios_core.report.pages.improvements.findings import (
    ImprovementNarrator,
    find_initiatives,
    find_opening,
    find_plans,
)
from dimios_core.report.pages.improvements.initiatives import ANY, choose_initiatives, write_initiatives
from dimios_core.report.pages.improvements.plans import write_plans
from dimios_core.report.pages.improvements.weak import write_weak_points
from dimios_core.report.pages.improvements.worksheet import (
    write_follow_up_links,
    write_help,
    write_steps,
    write_worksheet_link,
)
from dimios_core.report.plain_words import explain_points
from dimios_core.report.widgets import Control

READING = ("order", "evidence", "kinds", "initiatives", "plans", "goals")


class Improvements(OrganisationPage):
    """What one organisation can do, what others did, and how its own plans turned out."""

    name = "improvements"

    @cached_property
    def improvements(self) -> ImprovementFacts:
        """Weak spots, initiatives, evidence, plans and next steps."""
        return gather_improvements(self.results, self.facts, self.messages.ranked)

    @cached_property
    def narrator(self) -> ImprovementNarrator:
        """Tells findings of this page in the page's language."""
        facts = self.facts
        threshold = facts.organisation["threshold"]
        return ImprovementNarrator(facts.instrument, self.language, threshold, facts, voice=self.voice)

    @cached_property
    def messages(self) -> Telling:
        """What the report says first."""
        return open_telling(self.results, self.period, self.language, self.voice)

    @cached_property
    def steps(self) -> StepsTelling:
        """Priorities, questions and decisions, and their words."""
        return StepsTelling(self.improvements.steps, self.messages.narrator)

    @cached_property
    def explained(self) -> dict[str, Markup]:
        """What explains the measure points that are weak or come first where they are named, folded."""
        points = {f.key for f in self.improvements.weak_points} | {
            p.point for p in self.improvements.steps.priorities
        }
        return explain_points(self.narrator, self.results.glossary["points"], points)

    @cached_property
    def written(self) -> dict[str, Markup]:
        """What stands under the title of each initiative, by its id."""
        return gather_public_once(tell_initiatives, self.results, *self.telling)

    @classmethod
    def prepare(cls, results: PublicResults, language: str, threshold: int, voice: str) -> None:
        """Write what is known of initiatives, and what is the same in all worksheets."""
        prepare_worksheets(results.instrument, language)
        for tell in (tell_evidence, tell_initiatives):
            gather_public_once(tell, results, language, threshold, voice)

    # -- the opening ---------------------------------------------------------------------------------

    def overview(self) -> Piece:
        """Where to begin: what to deal with first, and what the quadrant recommends."""
        title = heading(self.narrator.say("improve.page.begin"))
        first = [self.messages.beginning()] if self.improvements.weak_points else []
        after = self.narrator.tell_all(find_opening(self.facts, self.improvements))
        words = " ".join(w for w in (*first, after) if w)
        html = markup('{}<p class="lead">{}</p><p class="quiet">{}</p>', title, words, self.response())
        return self.open_page(html + self._quadrant_advice())

    def _quadrant_advice(self) -> Markup:
        text, plane = self.facts.instrument.text, self.facts.instrument.quadrants
        cells = find_recommendations(self.facts)
        parts = []
        for cell in plane.cells if plane else []:
            if cell.id in cells:
                title = self.narrator.say(
                    "improve.quadrant", cell=cell.id, name=text(cell.name, self.language)
                )
                advice = text(cell.recommendation, self.language)
                parts.append(markup('<div class="advice"><h3>{}</h3><p>{}</p></div>', title, advice))
        return join(parts)

    def next_steps(self) -> Piece:
        """Three priorities, three questions, decisions to fill in, and whom to ask for help: what the short PDF ends with."""
        sheet = write_sheet(self.steps, self.explained)
        return self.piece(
            self.narrator.say("next.heading"), sheet + write_help(self.narrator, self.results.expert_help)
        )

    def own_conclusions(self) -> Piece:
        """What the organisation concludes itself, as its own words; nothing where it has written none."""
        row = find_conclusions(self.results, self.period)
        if row is None:
            return Piece(Markup())
        return self.piece(
            self.narrator.say("conclusions.heading"), write_conclusions(self.narrator, self.subject, row)
        )

    # -- what was done, and what to do ---------------------------------------------------------------

    def plan_and_outcome(self) -> Piece:
        """What was planned after an earlier measurement, how its measure points have moved, and the organisation's own goals."""
        own, say = self.improvements, self.narrator.say
        html = self.answer(*find_plans(own, first=self.facts.previous is None))
        html += write_plans(self.narrator, own.followed, outcome=True)
        if own.followed:
            html += markup("<p>{}</p>", say("improve.follow_up_lead"))
            html += write_follow_up_links(self.narrator, own)
        html += self.render(chart_outcomes(self.narrator, own))
        if own.open:
            title = say("improve.page.open")
            html += markup('<h3 class="part">{}</h3>', title)
            html += write_plans(self.narrator, own.open, outcome=False, level=4)
        if own.goals:
            html += markup('<h3 class="part">{}</h3>', say("improve.page.goals"))
            html += write_goals(self.narrator, own.goals)
        return self.piece(say("improve.page.plans"), html)

    def weak_points(self) -> Piece:
        """What is weakest: level, what it means (folded), recommendation or plan, what is known of initiatives."""
        say = self.narrator.say
        html = write_weak_points(self.narrator, self.facts, self.improvements, self.explained)
        words = say("improve.page.weak_lead" if html else "improve.page.weak_none")
        return self.piece(say("improve.page.weak"), self.answer(words) + html)

    def initiatives(self) -> LivePiece:
        """What others did, best fitting first; choose category, type and size."""
        own = self.improvements

        def render(category: str, type: str, size: str) -> Markup:
            chosen = choose_initiatives(own.initiatives, category, type, size)
            anything = (category, type, size) == (ANY, ANY, ANY)
            strong = own.strong_points if anything else frozenset()
            told = self.answer(find_initiatives(own, chosen))
            return told + write_initiatives(self.narrator, chosen, self.written, strong)

        say = self.narrator.say
        every = (say("improve.control.any"), ANY)
        known = {i.category for i in own.initiatives}
        categories = [(self.narrator.name("category", c), c) for c in own.weak_categories if c in known]
        texts = self.narrator.texts["improve"]
        types = [(texts["types"][t], t) for t in texts["types"] if any(i.type == t for i in own.initiatives)]
        sizes = [
            (say(f"improve.sizes.{s}"), s)
            for s in texts["sizes"]
            if any(i.size == s for i in own.initiatives)
        ]
        controls = tuple(
            Control(name, say(f"improve.control.{name}"), (every, *options), ANY)
            for name, options in (("category", categories), ("type", types), ("size", sizes))
        )
        return self.live(say("improve.page.initiatives"), controls, render)

    def evidence(self) -> Piece:
        """How measure points moved where an initiative was started, beside where none was; the same by kind of initiative."""
        html = gather_public_once(tell_evidence, self.results, *self.telling)
        return self.piece(self.narrator.say("improve.page.evidence"), html)

    def worksheet(self) -> Piece:
        """The yearly cycle, and a worksheet to fill in together."""
        say, filled = self.narrator.say, bool(self.improvements.weak_points)
        html = write_steps(self.narrator) + markup(
            "<p>{}</p>", say("improve.page.worksheet_lead", filled=filled)
        )
        html += write_worksheet_link(self.narrator, self.improvements)
        return self.piece(say("improve.page.worksheet"), html)

    def how_to_read(self) -> Piece:
        """How suggestions are ordered, and what evidence means."""
        return self.small_print([self.narrator.say(f"improve.reading.{name}") for name in READING])

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the page by name."""
        found = {
            "outcomes": chart_outcomes(self.narrator, self.improvements),
            "evidence": chart_evidence(self.narrator, list(self.improvements.evidence.values())),
            "kinds": chart_kinds(self.narrator, self.improvements.kinds),
        }
        return Charts.of(found)
