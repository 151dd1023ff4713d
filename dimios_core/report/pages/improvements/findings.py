"""Findings of the page of suggestions, and who tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dimios_core.published.conventions import UNIT_GONE
from dimios_core.published.schema import name_codes
from dimios_core.report.dates import write_date
from dimios_core.report.finding import Finding
from dimios_core.report.narrative import FactsNarrator, Narrator
from dimios_core.report.next_steps.initiatives import UNRANKED, Evidence, Initiative
from dimios_core.report.next_steps.plans import DONE, NOT_DONE, NOT_KNOWN, PARTLY, Plan
from dimios_core.report.next_steps.telling import describe_initiative
from dimios_core.report.organisation_facts import Facts, find_recommendations
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.texts import add_filters

add_filters(cells=lambda narrator, cells: narrator.number.listed([narrator.name_cell(c) for c in cells]))


def find_opening(facts: Facts, own: ImprovementFacts) -> list[Finding]:
    """Return what stands after what to deal with first: the quadrant's advice, or that nothing can be called weak."""
    if not own.weak_points:
        return [Finding("improve_nothing_weak")]
    cells = find_recommendations(facts)
    if not cells:
        return []
    return [Finding("improve_quadrant" if len(cells) == 1 else "improve_quadrants", numbers={"cells": cells})]


def find_plans(own: ImprovementFacts, first: bool) -> list[Finding]:
    """Return how what was planned went: what was done of it, how many points moved for certain; or why nothing is followed up."""
    if not own.followed:
        kind = "improve_plans_first" if first else "improve_plans_none"
        return [Finding(kind if not own.open else "improve_plans_open", numbers={"open_n": len(own.open)})]
    points: dict[str, Plan] = {p.point: p for p in own.followed}
    words = [p.change.certainty if p.change and p.change.published else "hidden" for p in points.values()]
    numbers = {"of_n": len(points), "up_n": words.count("increase")}
    done = find_done(own.followed)
    if words.count("hidden") == len(words):
        return [*done, Finding("improve_plans_unknown", numbers=numbers), Finding("improve_plans_caution")]
    found = [
        *done,
        Finding("improve_plans_up" if numbers["up_n"] else "improve_plans_still", numbers=numbers),
    ]
    for certainty, kind in (("decrease", "down"), ("hidden", "hidden")):
        if words.count(certainty):
            found.append(Finding(f"improve_plans_{kind}", numbers={"down_n": words.count(certainty)}))
    return [*found, Finding("improve_plans_caution")]


def find_done(plans: Sequence[Plan]) -> list[Finding]:
    """Return how much of what was planned was done, as the organisation says, and for how much nobody has said so."""
    told = [p.progress for p in plans if p.answered]
    asked_n = len(plans) - len(told)
    numbers = {"plans_n": len(plans), "asked_n": asked_n}
    if not told:
        return [Finding("improve_done_ask", numbers=numbers)]
    codes = {"done_n": DONE, "partly_n": PARTLY, "not_n": NOT_DONE, "unknown_n": NOT_KNOWN}
    counts = {name: told.count(code) for name, code in codes.items()}
    found = [Finding("improve_done", numbers=numbers | counts)]
    return [*found, Finding("improve_done_ask_rest", numbers=numbers)] if asked_n else found


def find_outcome(plan: Plan) -> Finding:
    """Return how a plan's measure point has moved since."""
    subject = (("point", plan.point),)
    change, before, now = plan.change, plan.before, plan.now
    if change is None or not change.published or change.value is None:
        if before is not None and before.published and now is not None and now.published:
            told = {"before": before.score, "now": now.score, "low": now.low, "high": now.high}
            return Finding("improve_outcome_levels", subject, told | {"since": plan.period})
        hidden = now if now is None or not now.published else before
        status = hidden.status if hidden is not None else "no_answers"
        return Finding("improve_outcome_hidden", subject, {"status": status})
    levels = {
        "before": before.score if before else None,
        "now": now.score if now else None,
        "since": plan.period,
    }
    return Finding(
        "improve_outcome",
        subject,
        levels
        | {"value": change.value, "low": change.low, "high": change.high, "certainty": change.certainty},
    )


def find_evidence(points: Sequence[Evidence]) -> list[Finding]:
    """Return after which initiatives points have risen more for certain, and how much is not known yet."""
    return _weigh(points, "point", "improve_evidence")


def find_kinds(kinds: Sequence[Evidence]) -> list[Finding]:
    """Return after which kinds of initiatives their points have risen more for certain, and how much is not known yet."""
    return _weigh(kinds, "kind", "improve_kinds")


def _weigh(everything: Sequence[Evidence], level: str, words: str) -> list[Finding]:
    shown = [e for e in everything if e.published]
    if not shown:
        return [Finding(f"{words}_none")]
    risen = sorted((e for e in shown if e.difference.certainty == "increase"), key=_rank)
    fallen = [e for e in shown if e.difference.certainty == "decrease"]
    others = [e for e in shown if e not in risen and e not in fallen]
    found = []
    if risen:
        found.append(
            Finding(
                f"{words}_up",
                tuple((level, e.about) for e in risen),
                {"values": [e.difference.value for e in risen]},
            )
        )
    if fallen:
        keys = tuple((level, e.about) for e in fallen)
        found.append(Finding(f"{words}_down", keys, {"values": [e.difference.value for e in fallen]}))
    if others:
        keys = tuple((level, e.about) for e in others)
        kind = f"{words}_rest" if risen or fallen else f"{words}_still"
        found.append(Finding(kind, keys, {"values": [e.difference.value for e in others]}))
    few_n = sum(not e.published for e in everything)
    if few_n:
        found.append(Finding(f"{words}_few", numbers={"few_n": few_n, "of_n": len(everything)}))
    return [*found, Finding(f"{words}_association")]


def _rank(e: Evidence) -> int:
    return e.rank if e.rank is not None else UNRANKED


def find_point_evidence(evidence: Evidence, point: str) -> Finding:
    """Return what is known of initiatives for one measure point; there are pairs enough."""
    subject = (("point", point),)
    c = evidence.difference
    word = "up" if c.certainty == "increase" else "down" if c.certainty == "decrease" else "none"
    numbers = {"value": c.value, "low": c.low, "high": c.high, "pairs_n": evidence.pairs_n}
    return Finding(f"improve_known_{word}", subject, numbers)


def find_initiatives(own: ImprovementFacts, chosen: Sequence[Initiative]) -> Finding:
    """Return how many initiatives there are to choose from."""
    if not own.initiatives:
        return Finding("improve_initiatives_none")
    if not chosen:
        return Finding("improve_initiatives_empty", numbers={"of_n": len(own.initiatives)})
    kind = "all" if len(chosen) == len(own.initiatives) else "some"
    numbers = {"chosen_n": len(chosen), "of_n": len(own.initiatives)}
    return Finding(f"improve_initiatives_{kind}", numbers=numbers)


@dataclass(frozen=True)
class InitiativeNarrator(Narrator):
    """Tells what is known of initiatives, to all organisations alike."""

    def name(self, level: str, key: str, running: bool = False) -> str:
        """Return a name of the model's, or what a kind of initiative is called."""
        if level != "kind":
            return super().name(level, key, running)
        name = name_codes("action_kind", self.language)[key]
        return name.lower() if running else name

    def tell(self, finding: Finding) -> str:
        """Return the sentence of a finding; those on several figures get them as `listed`."""
        if "values" not in finding.numbers:
            return super().tell(finding)
        words = [
            f"{self.name(*key, running=True)} ({self.number.signed(value)})"
            for key, value in zip(finding.subject, finding.numbers["values"], strict=True)
        ]
        return self.say(f"findings.{finding.kind}", listed=self.number.listed(words))

    def describe(self, initiative: Initiative) -> str:
        """Return who did it and since when: "Kommun X, medelstor, Skåne län, sedan januari 2024"."""
        return describe_initiative(self, initiative)


@dataclass(frozen=True)
class ImprovementNarrator(InitiativeNarrator, FactsNarrator):
    """Tells what one organisation can do."""

    def name_cell(self, cell: str) -> str:
        """Return a quadrant with its name: "B, outnyttjad grund"."""
        plane = self.instrument.quadrants
        assert plane is not None
        found = next(c for c in plane.cells if c.id == cell)
        name = self.instrument.text(found.name, self.language)
        return f"{cell} ({name[:1].lower()}{name[1:]})"

    def describe_plan(self, plan: Plan, progress: bool = True) -> str:
        """Return how far a plan has come (if `progress`), its kind, whose it is and whether the county may see it.

        What is not told of these is left out.
        """
        parts = []
        if plan.answered and progress:
            words = name_codes("progress", self.language)[plan.progress]
            parts.append(self.say("improve.plan_progress", words=words.lower()))
        if plan.kind:
            parts.append(self.say("improve.plan_kind", words=self.name("kind", plan.kind, running=True)))
        if plan.unit == UNIT_GONE:
            parts.append(self.say("improve.plan_unit_gone"))
        elif plan.unit:
            units = {u["id"]: u["name"] or u["id"] for u in self.facts.organisation["units"]}
            parts.append(self.say("improve.plan_unit", words=units.get(plan.unit, plan.unit)))
        if plan.consent == "yes":
            parts.append(self.say("improve.plan_consent"))
        return " · ".join(parts)

    def tell(self, finding: Finding) -> str:
        """Return the sentence of a finding; one on a change says how sure it is."""
        if "certainty" in finding.numbers:
            sure = self.say(f"change_certainty.{finding.numbers['certainty']}")
            finding = replace(finding, numbers=finding.numbers | {"sure": sure})
        return super().tell(finding)

    def name_month(self, when: str) -> str:
        """Return a month or a date in words: "januari 2024"; as it is where it is something else."""
        return write_date(when, self.language)
