"""The deck of one organisation: where it stands, how it got there, strengths and weaknesses, and what to talk about."""

from __future__ import annotations

from dimios_core.export.slides.own_drawings import OwnSpeaker
from dimios_core.export.slides.speaker import INITIATIVES_N, NAMED_N, ROWS_N, SHARES_N
from dimios_core.instrument.lead import lead_of
from dimios_core.office.slides.outline import Deck, Shares, Slide, SlideTable
from dimios_core.plain_markdown import write_lines
from dimios_core.published.store import PublishedResults
from dimios_core.report.conclusions import find_conclusions, read_text, tell_who
from dimios_core.report.figures import BROAD_LEVELS
from dimios_core.report.finding import find_level
from dimios_core.report.groups.rates import find_response
from dimios_core.report.messages.finding import can_see_all, list_ends
from dimios_core.report.messages.message import BUILD, DEAL, DOWN, UP
from dimios_core.report.next_steps.initiatives import pick_best
from dimios_core.report.next_steps.telling import shorten
from dimios_core.report.organisation_facts import find_recommendations, rank_unknowns
from dimios_core.report.pages.improvements.findings import find_plans
from dimios_core.report.pages.improvements.plans import tell_outcome
from dimios_core.report.pages.internal_comparison.findings import (
    SIDES,
    by_width,
    certain_contrasts,
    find_view,
)
from dimios_core.report.pages.our_result.findings import find_position, find_rows

CONTRASTS_N = 6
#: lines of the organisation's own conclusions; all of them stand in the notes
LINES_N = 7


def plan_organisation_deck(results: PublishedResults, period: str, language: str) -> Deck:
    """Plan the deck of one organisation, period and language, from its published results."""
    return _Planner(results, period, language).plan()


class _Planner(OwnSpeaker):
    """Slide by slide."""

    def plan(self) -> Deck:
        name, labels = self.results.profile["name"], self.own.facts.demo_label
        demo = labels[self.language] if labels else ""
        slides = [
            self.where(), *self.path(), self.against(), self.strengths(), self.weaknesses(), self.agree(),
            self.unknown(), *self.plans(), *self.next_steps(), *self.conclusions(), self.others(), *self.advice(), self.questions(), self.decisions(),
            self.reading(), *self.profile(),
        ]  # fmt: skip
        reads = self.results.reads
        return Deck(
            title=self.say("title", period=self.period),
            subtitle=self.say("subtitle", name=name),
            footer=self.label_footer(name, self.period, demo),
            notes=f"{self.say('use')}\n{self.say('made_of', version=reads.version)}",
            language=self.language,
            slides=tuple(slides),
            reads=reads.as_dict(),
        )

    # -- where we are --------------------------------------------------------------------------------

    def where(self) -> Slide:
        narrator, facts = self.own.narrator, self.own.facts
        whole, levels = facts.composite, narrator.tell_all([find_level(f) for f in facts.tops])
        words = " ".join(
            w for w in (self.messages.low_response(), narrator.tell_all(find_position(facts))) if w
        )
        big = under = ""
        if whole is not None and whole.score is not None and whole.low is not None and whole.high is not None:
            big = narrator.number.percent(whole.score)
            under = narrator.say("interval", low=whole.low, high=whole.high)
        else:
            words = f"{levels} {words}".strip()
        lines = self.messages.lines(self.own.history)
        points = (self.own.response(), *(self.say("where.line", name=n.name, words=n.text) for n in lines))
        notes = self.write_notes("where", self.messages.headline(), levels)
        plane = self.draw_plane()
        told = ""
        if plane is not None:
            scale = {"low": plane.low, "high": plane.high, "across": plane.across, "upwards": plane.upwards}
            told = self.say("where.told", **scale)
        return Slide(self.messages.lead(), words, points, big, under, plane, None, notes, told)

    def path(self) -> list[Slide]:
        own, narrator = self.own, self.own.narrator
        periods, figures = own.history.until(self.period), own.history.figures
        if len(periods) == 1:  # the first measurement has none behind it
            return []
        lead = [figures[p, *lead_of(own.facts.instrument)] for p in periods]
        keys = [("dimension", f.key) for f in own.facts.of_level("dimension")]
        rows = [(p, *(self.write_level(figures[p, *k]) for k in keys)) for p in periods]
        words = " ".join(self.messages.changes())
        headers = (narrator.say("table.period"), *(narrator.name(*k) for k in keys))
        table = SlideTable(headers, tuple(rows), (3, *(5 for _ in keys))) if keys else None
        chart = self.draw_levels(tuple(periods), lead, joined=True)
        notes = self.write_notes("path", words)
        title = self.messages.title("changes")
        return [Slide(title, words, (), "", "", chart, table, notes, self.say("path.told"))]

    def against(self) -> Slide:
        facts, narrator = self.own.facts, self.own.narrator
        figures = facts.of_level("category")
        words = narrator.tell(find_rows(facts, "category"))
        names = tuple(narrator.name("category", f.key) for f in figures)
        gaps = [facts.gaps.get(("category", f.key)) for f in figures]
        chart = self.draw_levels(names, figures)
        if facts.group is not None:
            others = narrator.say("page.peers_mean", group=facts.group)
            references = tuple(g.reference if g is not None else None for g in gaps)
            chart = self.draw_levels(names, figures, others, references)
        points = narrator.tell(find_rows(facts, "point"))
        hidden = narrator.tell_hidden(figures)
        title = self.messages.title("categories") or self.say("against.title_own")
        told = self.say("against.told", group=facts.group) if facts.group else ""
        notes = self.write_notes("against", words, hidden, points)
        return Slide(title, f"{words} {hidden}".strip(), (), "", "", chart, None, notes, told)

    def profile(self) -> list[Slide]:
        """Return the categories as a profile, for those who are used to one; none where a figure is missing."""
        figures = self.own.facts.of_level("category")
        names = tuple(self.own.narrator.name("category", f.key) for f in figures)
        chart, group = self.draw_profile(names, figures), self.own.facts.group
        if chart is None:
            return []
        told = self.say("profile.told", group=group)
        title = self.say("profile.title", group=group)
        return [Slide(title, chart=chart, notes=self.write_notes("profile"), told=told)]

    # -- strengths, weaknesses, views ----------------------------------------------------------------

    def strengths(self) -> Slide:
        return self._card("strengths", BUILD, UP)

    def weaknesses(self) -> Slide:
        return self._card("weaknesses", DEAL, DOWN)

    def _card(self, name: str, asks: str, direction: str) -> Slide:
        """Return a card with the points behind it: the certain ones first, all from that end."""
        facts, words = self.own.facts, " ".join(self.messages.card(asks))
        points = list_ends(facts, direction) if can_see_all(facts) else []
        points.sort(key=lambda f: f.place not in facts.gaps or not facts.gaps[f.place].certain)
        return Slide(
            self.messages.title(asks),
            words,
            table=self.write_points(points[:ROWS_N]) if points else None,
            notes=self.write_notes(name, words, " ".join(self.own.tell_ends())),
        )

    def agree(self) -> Slide:
        groups, narrator = self.inside.groups, self.inside.narrator
        number, keys = narrator.number, self.inside.categories
        views = [narrator.tell(find_view(groups, kind, keys)) for kind in SIDES]
        shown = [
            c
            for c in groups.contrasts
            if c.kind in SIDES and c.comparison.published and c.key[0] in BROAD_LEVELS
        ]
        certain = certain_contrasts(shown)
        widest = [*certain, *(c for c in by_width(shown) if c not in certain)][:CONTRASTS_N]
        rows = []
        for c in widest:
            value, low, high = (getattr(c.comparison, part) for part in ("value", "low", "high"))
            interval = narrator.say("internal.to", low=low, high=high) if low is not None else "–"
            words = narrator.say(f"certainty.{c.comparison.certainty}")
            rows.append((narrator.name_who(c), narrator.name(*c.key), number.signed(value), interval, words))
        headers = (
            self.say("agree.group"), self.say("agree.figure"), self.say("agree.difference"),
            narrator.say("table.interval"), narrator.say("table.certainty"),
        )  # fmt: skip
        table = SlideTable(headers, tuple(rows), (6, 4, 3, 4, 4), (2, 3)) if rows else None
        points = () if rows else (self.say("questions.agree"),)  # to be talked about, whatever is shown
        notes = self.write_notes("agree", *views)
        title = self.messages.title_views(compared=bool(shown))
        return Slide(title, " ".join(views), points, table=table, notes=notes)

    def unknown(self) -> Slide:
        facts, narrator = self.own.facts, self.own.narrator
        shown = rank_unknowns(facts)[:SHARES_N]
        words = self.messages.unknowns()
        names = tuple(narrator.name("point", f.key) for f in shown)
        shares = tuple(f.dont_know_share for f in shown)
        chart = Shares(names, shares, narrator.say("chart.dont_know")) if shown else None
        response = self.inside.narrator.tell_all(find_response(self.inside.groups))
        told = self.say("unknown.told")
        notes = self.write_notes("unknown", words, response)
        title = self.messages.title("unknown")
        return Slide(title, words, (), "", "", chart, None, notes, told)

    # -- what to do ----------------------------------------------------------------------------------

    def plans(self) -> list[Slide]:
        own, narrator = self.better.improvements, self.better.narrator
        if not own.followed:
            return []
        words = narrator.tell_all(find_plans(own, first=self.own.facts.previous is None))
        shown = own.followed[:ROWS_N]
        things = [
            " · ".join(filter(None, (p.what, narrator.describe_plan(p), shorten(p.outcome)))) for p in shown
        ]
        rows = tuple((what, tell_outcome(narrator, p)) for what, p in zip(things, shown, strict=True))
        outcome = narrator.say("improve.outcome").rstrip(":")
        table = SlideTable((self.say("decisions.what"), outcome), rows, (4, 6))
        return [Slide(self.say("plan.title"), words, table=table, notes=self.write_notes("plan", words))]

    def next_steps(self) -> list[Slide]:
        """Return the priorities: what, why, what to do; none where nothing can be pointed out."""
        told = self.better.steps
        if not told.steps.priorities:
            return []
        rows = []
        for priority in told.steps.priorities:
            ways = [
                f"{label}: {words}" for label, words in (told.do(priority), told.others(priority)) if words
            ]
            who = ", ".join(w for w in (told.who(priority), told.when(priority)) if w)
            rows.append((told.title(priority), told.why(priority), ways[0] if ways else "–", who))
        headers = tuple(self.say(f"next.{part}") for part in ("what", "why", "do", "who"))
        table = SlideTable(headers, tuple(rows), (4, 6, 8, 3))
        title = self.say("next.title", n=len(rows))
        return [Slide(title, table=table, notes=self.write_notes("next"))]

    def conclusions(self) -> list[Slide]:
        """Return what the organisation concludes itself, as its own words; none where it has written nothing."""
        row = find_conclusions(self.results, self.period)
        if row is None:
            return []
        who = tell_who(self.narrator, self.own.subject, row)
        lines = write_lines(read_text(row))
        shown = tuple(shorten(line) for line in lines[:LINES_N])
        return [
            Slide(self.say("conclusions.title"), who, shown, notes=self.write_notes("conclusions", *lines))
        ]

    def others(self) -> Slide:
        own, narrator = self.better.improvements, self.better.narrator
        best = pick_best(own.initiatives, own.strong_points)[:INITIATIVES_N]
        rows = tuple(
            (
                f"{i.title} ({narrator.name('point', i.point, running=True)})",
                narrator.describe(i),
                i.effect or "–",
            )
            for i in best
        )
        headers = tuple(self.say(f"others.{part}") for part in ("what", "who", "effect"))
        table = SlideTable(headers, rows, (4, 4, 5)) if rows else None
        told = [f"{i.title}: {i.what} {i.contact}".strip() for i in best]
        lead = "" if rows else self.say("others.none")
        return Slide(self.say("others.title"), lead, table=table, notes=self.write_notes("others", *told))

    def advice(self) -> list[Slide]:
        """Return the quadrant's general advice, where there is nothing more to the point."""
        text, plane = self.own.facts.instrument.text, self.own.facts.instrument.quadrants
        chosen = find_recommendations(self.own.facts)
        cells = [c for c in (plane.cells if plane else []) if c.id in chosen]
        if not cells or self.better.steps.steps.priorities:
            return []
        names = [text(c.name, self.language) for c in cells]
        advice = [text(c.recommendation, self.language) for c in cells]
        points = tuple(f"{name}: {words}" for name, words in zip(names, advice, strict=True))
        lead = self.own.narrator.say("page.recommendation_border") if len(points) > 1 else ""
        title = self.say("advice.title", cells=names)
        return [Slide(title, lead, points, notes=self.write_notes("advice", *points))]

    def questions(self) -> Slide:
        """Return what to talk about: the questions of the next steps, and what to build on."""
        facts, told = self.own.facts, self.better.steps
        asked = [told.ask(q) for q in told.steps.questions]
        if can_see_all(facts) and (points := list_ends(facts, UP)[:NAMED_N]):
            kind = "questions.strong" if facts.group else "questions.strong_own"
            asked.append(self.say(kind, points=points, group=facts.group))
        return Slide(self.say("questions.title"), points=tuple(asked), notes=self.write_notes("questions"))

    def reading(self) -> Slide:
        say = self.own.narrator.say
        points = [
            say(f"reading.{c}", response=self.own.response())
            for c in ("who", "interval", "certain", "hidden", "caution")
        ]
        return Slide(self.say("reading.title"), points=tuple(points), notes=self.write_notes("reading"))
