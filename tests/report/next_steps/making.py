"""What organisations made by seed can act with: initiatives of others, evidence for them, plans, recommendations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from dimios_core.report.figures import Comparison
from dimios_core.report.messages.sources import Sources
from dimios_core.report.messages.telling import Telling
from dimios_core.report.next_steps.initiatives import Evidence, Initiative, order_initiatives
from dimios_core.report.next_steps.plans import Plan, Plans
from dimios_core.report.next_steps.steps import Means, NextSteps, choose_next_steps
from dimios_core.report.next_steps.telling import StepsTelling
from dimios_core.report.next_steps.weak import Weakness, find_weakness
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.pages.improvements.facts import choose_weak_points
from tests.report.messages.making import DIMIOS, draw_sources, tell

OWN = {"type": "municipality", "size": "small", "county": "14"}
KINDS = ("governance", "competence", "process", "technology")
ADVICE = {p: {"sv": f"Råd om {p}.", "en": f"Advice on {p}."} for p in DIMIOS.point_ids}


@dataclass(frozen=True)
class Case:
    """An organisation, and what there is to act with."""

    sources: Sources
    initiatives: tuple[Initiative, ...]
    kinds: tuple[Evidence, ...]
    plans: Plans

    @property
    def facts(self) -> Facts:
        return self.sources.facts

    def telling(self, language: str = "sv", voice: str = "you") -> Telling:
        return tell(self.sources, language, voice)

    def weakness(self) -> Weakness:
        return find_weakness(self.facts, self.telling().ranked)

    def ordered(self) -> list[Initiative]:
        return order_initiatives(self.initiatives, self.weakness().points, {}, self.kinds, OWN)

    def advice(self) -> dict[str, dict[str, str]]:
        """As the page has it."""
        return {p: t for p, t in ADVICE.items() if p not in self.plans.settled_points}

    def advised(self) -> list[str]:
        """Points whose recommendation the page shows."""
        return [f.key for f in choose_weak_points(self.weakness(), self.advice()) if f.key in self.advice()]

    def steps(self) -> NextSteps:
        means = Means(self.plans, self.sources.goals, tuple(self.ordered()), frozenset(), self.advice())
        return choose_next_steps(self.facts, self.telling().ranked, self.weakness(), means)

    def told(self, language: str = "sv", voice: str = "you") -> StepsTelling:
        return StepsTelling(self.steps(), self.telling(language, voice).narrator)


def make_initiative(number: int, point: str, kind: str = "", **about: str) -> Initiative:
    category = next(p.category for p in DIMIOS.points if p.id == point)
    told = {"type": "region", "size": "large", "county": "01", "start": "2025-01"} | about
    return Initiative(
        str(number), point, category, f"T{number}", "W", "E", told["start"], told["type"], told["size"], told["county"],
        "Region X", "", kind,
    )  # fmt: skip


def make_evidence(kind: str, rank: int) -> Evidence:
    shown = Comparison("published", 3.0, 1.0, 5.0, "increase")
    return Evidence(kind, True, 9, shown, shown, rank)


def make_plan(point: str, progress: str = "", what: str = "Göra något", **cells: str) -> Plan:
    plan = Plan("2026", what, "HR-chefen", "2027-03", point, "", "", progress=progress)
    return replace(plan, **cells)


def make_case(sources: Sources, **given: object) -> Case:
    return replace(Case(sources, (), (), Plans()), **given)  # type: ignore[arg-type]


def draw_case(seed: int) -> Case:
    """Draw an organisation with anything between nothing and much to act with."""
    random, sources = Random(seed), draw_sources(seed)
    points = DIMIOS.point_ids
    initiatives = tuple(
        make_initiative(
            n, random.choice(points), random.choice(("", *KINDS)), type=random.choice(("municipality", "region")),
            size=random.choice(("small", "large")), county=random.choice(("14", "01", "")),
            start=f"202{random.randint(1, 6)}-0{random.randint(1, 9)}",
        )
        for n in range(random.choice((0, 5, 60)))
    )  # fmt: skip
    ranks = random.sample(KINDS, random.randint(0, 3))
    kinds = tuple(make_evidence(kind, rank) for rank, kind in enumerate(ranks, start=1))

    def plans(n: int) -> tuple[Plan, ...]:
        return tuple(
            make_plan(random.choice(points), random.choice(("", "done", "partly", "no", "unknown")))
            for _ in range(n)
        )

    held = Plans(plans(random.choice((0, 2, 8))), plans(random.choice((0, 2, 8))))
    return Case(sources, initiatives, kinds, held)
