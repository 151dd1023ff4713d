"""Organisations made in memory: facts by hand, and any number of them by seed, with figures that no survey gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from dimios_core.instrument import Instrument, load_instrument
from dimios_core.report.figures import Comparison, Figure, Key, PeerGroupFact, Position
from dimios_core.report.goals import Goal
from dimios_core.report.groups.group_facts import Contrast, GroupFacts, Unit
from dimios_core.report.messages.sources import Sources
from dimios_core.report.messages.telling import Telling
from dimios_core.report.organisation_facts import Facts, History
from dimios_core.report.reference import Reference, Target
from dimios_core.report.trends import Trends

DIMIOS = load_instrument("dimios")
GROUP = PeerGroupFact("type:municipality", "type", 38)
WHOLE: Key = ("maturity", "maturity")
#: key -> (value, certainty)
Differences = Mapping[Key, tuple[float, str]]
PLACEMENTS = ("A", "B", "C", "D", "A-B", "C-D", "A-C", "B-D", "unplaced")


def list_keys(model: Instrument = DIMIOS) -> list[Key]:
    """Every figure of a model: composite, dimensions, categories, points."""
    upper = [WHOLE] if model.composite is not None else []
    upper += [("dimension", d) for d in model.dimension_ids]
    return [*upper, *(("category", c) for c in model.category_ids), *(("point", p) for p in model.point_ids)]


def make_facts(
    gaps: Differences | None = None,
    changes: Differences | None = None,
    *,
    model: Instrument = DIMIOS,
    score: float = 55.0,
    n: int = 40,
    hidden: Sequence[Key] = (),
    unknown: Mapping[str, float] | None = None,
    group: PeerGroupFact | None = GROUP,
    previous: str | None = "2025",
    placement: str = "C-D",
    response: tuple[int, int] | None = (40, 50),
    reference: float = 54.3,
) -> Facts:
    """Facts of one organisation; differences that are not given are +0.1 and not certain, with intervals of ±3."""
    figures = {}
    for level, key in list_keys(model):
        share = (unknown or {}).get(key, 0.1) if level == "point" else None
        if (level, key) in hidden:
            figures[level, key] = Figure(level, key, "incomplete" if level != "point" else "suppressed_small")
        else:
            figures[level, key] = Figure(
                level, key, "published", score, score - 4.5, score + 4.5, "", n, 1, share
            )

    def differences(given: Differences | None, **more: float) -> dict[Key, Comparison]:
        found = {}
        for place, figure in figures.items():
            value, certainty = (given or {}).get(place, (0.1, "none"))
            if n < 8:
                certainty = "unknown"
            if not figure.published:
                found[place] = Comparison(figure.status)
            else:
                found[place] = Comparison(
                    "published", value, value - 3.0, value + 3.0, certainty, 6.0, **more
                )
        return found

    position = None
    if model.quadrants is not None:
        position = Position("published", placement, 52.0, 58.0, 4.0, 4.0, 4.0, 4.0, 0.0)
    return Facts(
        organisation={"id": "x", "name": "X", "type": "municipality", "threshold": 5, "units": [],
                      "periods": ["2025", "2026"] if previous else ["2026"]},
        instrument=model,
        period="2026",
        previous=previous,
        group=group,
        groups=(group,) if group else (),
        figures=figures,
        gaps=differences(gaps, reference=reference) if group is not None else {},
        changes=differences(changes) if previous is not None else {},
        position=position,
        response=(*response, response[0] / response[1], "") if response is not None else None,
        demo_label=None,
    )  # fmt: skip


def make_contrast(unit: str, role: str, key: Key, value: float) -> Contrast:
    """A certain difference of a unit or a role ("*" for all) from the rest."""
    kind = "unit_rest" if unit != "*" else "role_rest"
    word = "increase" if value > 0 else "decrease"
    return Contrast(kind, unit, role, "", key, Comparison("published", value, value - 3, value + 3, word))


def make_sources(
    facts: Facts,
    contrasts: Sequence[Contrast] = (),
    goals: Sequence[Goal] = (),
    slopes: Mapping[Key, tuple[float, float, float]] | None = None,
    target: float | None = None,
) -> Sources:
    """Facts with what else messages are found in; slopes are (a year, low, high)."""
    units = tuple(
        Unit(u, u.capitalize(), "*", 1) for u in dict.fromkeys(c.unit for c in contrasts) if u != "*"
    )
    groups = GroupFacts("2026", None, units, (), {}, {}, tuple(contrasts), {}, {})
    given = {(("*", "*"), key): Comparison("published", *three) for key, three in (slopes or {}).items()}
    targets = (Target(2021, 48.0, 2023, target, {"sv": "", "en": ""}),) if target is not None else ()
    return Sources(facts, groups, tuple(goals), Trends(4, "2023", given, frozenset()), Reference((), targets))


def tell(facts: Facts | Sources, language: str = "sv", voice: str = "you") -> Telling:
    """The messages of facts, in words."""
    return Telling(facts if isinstance(facts, Sources) else make_sources(facts), language, voice)


def make_history(facts: Facts, before: float = 52.4) -> History:
    """A history of two periods, or of one."""
    figures = {("2026", *place): figure for place, figure in facts.figures.items()}
    if facts.previous is not None:
        figures |= {
            (facts.previous, *place): Figure(*place, "published", before, before - 4, before + 4, "", 40)
            for place in facts.figures
        }
    return History(tuple(facts.organisation["periods"]), figures, {})


# -- by seed ---------------------------------------------------------------------------------------------


def draw_differences(
    random: Random, keys: Sequence[Key], certain_share: float
) -> dict[Key, tuple[float, str]]:
    """Draw differences: some certain, each of a size of its own, so that no two are taken for each other."""
    sizes = random.sample(range(31, 31 + 4 * len(keys)), len(keys))
    found = {}
    for key, tenths in zip(keys, sizes, strict=True):
        value = random.choice((-1, 1)) * tenths / 10
        certain = random.random() < certain_share
        word = ("increase" if value > 0 else "decrease") if certain else "none"
        found[key] = (value, word)
    return found


def draw_sources(seed: int) -> Sources:
    """Draw an organisation: anything may be certain, missing, low, new or without peers."""
    random = Random(seed)
    keys = list_keys()
    hidden: list[Key] = []
    if random.random() < 0.2:
        hidden = [WHOLE, *(("dimension", d) for d in DIMIOS.dimension_ids)]
        hidden += [("category", c) for c in random.sample(DIMIOS.category_ids, random.randint(1, 4))]
    invited = random.randint(20, 200)
    answered = random.randint(8, invited)
    facts = make_facts(
        draw_differences(random, keys, random.choice((0.0, 0.02, 0.1, 0.4, 0.9))),
        draw_differences(random, keys, random.choice((0.0, 0.02, 0.1, 0.4, 0.9))),
        score=random.randint(300, 700) / 10,
        n=random.choice((7, 8, 11, 12, 40, answered)),
        hidden=hidden,
        unknown={p: random.random() * random.choice((0.3, 0.8)) for p in DIMIOS.point_ids},
        group=GROUP if random.random() < 0.85 else None,
        previous="2025" if random.random() < 0.85 else None,
        placement=random.choice(PLACEMENTS),
        response=(answered, invited) if random.random() < 0.9 else None,
    )
    contrasts = [
        make_contrast(*group, key, random.choice((-1, 1)) * random.randint(50, 190) / 10)
        for group in (("care", "*"), ("school", "*"), ("*", "politicians"))
        for key in random.sample(keys, random.choice((0, 0, 1, 3)))
    ]
    goals = [
        Goal(*key, float(random.randint(30, 80)), random.choice((2025, 2026, 2027, 2030)), facts.figures[key])
        for key in random.sample(keys, random.choice((0, 0, 1, 2)))
    ]
    slopes = {}
    for key in keys[:9]:
        pace = random.randint(-30, 30) / 10
        slopes[key] = (pace, pace - 1, pace + 1)
    return make_sources(facts, contrasts, goals, slopes, random.choice((None, 55.0)))


def draw_organisations(n: int, start: int = 0) -> Iterator[Sources]:
    """Draw many organisations, by seeds in a row."""
    return (draw_sources(seed) for seed in range(start, start + n))


def describe(sources: Sources) -> dict[str, Any]:
    """What of an organisation is certain, for a failing test's message."""
    facts = sources.facts
    return {
        "gaps": {k: (c.value, c.certainty) for k, c in facts.gaps.items() if c.certain},
        "changes": {k: (c.value, c.certainty) for k, c in facts.changes.items() if c.certain},
        "hidden": [k for k, f in facts.figures.items() if not f.published],
        "group": facts.group,
        "previous": facts.previous,
    }
