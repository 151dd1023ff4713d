"""Groups of organisations made in memory: facts by hand, and any number of them by seed, with figures that no survey gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from dimios_core.report.figures import Comparison, Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts, Member, MemberFigure
from dimios_core.report.pages.county_report.sharing import Idea, SharedPlan
from dimios_core.report.reference import Target
from dimios_core.report.sector.sector_facts import GroupChange, GroupLevel, SectorFacts
from dimios_core.report.sector.telling import GroupTelling
from tests.report.messages.making import DIMIOS, Differences, draw_differences, list_keys

TARGET = Target(2021, 48.0, 2026, 60.0, {"sv": "", "en": ""})
HALF = 3.0


def make_group(
    group: str = "county:14",
    gaps: Differences | None = None,
    changes: Differences | None = None,
    *,
    n: int = 8,
    mean: float = 50.0,
    levels: Mapping[Key, float] | None = None,
    unknown: Mapping[str, float] | None = None,
    previous: str | None = "2025",
    hidden: str = "",
    panel_hidden: bool = False,
) -> SectorFacts:
    """A group; differences that are not given are +0.1 and not certain. Intervals are ±3, of these organisations and the sector."""
    figures, moved, against = {}, {}, {}
    for level, key in list_keys():
        place = (level, key)
        value = (levels or {}).get(place, mean)
        if hidden:
            figures[place] = GroupLevel(level, key, hidden)
            continue
        share = (unknown or {}).get(key, 0.1) if level == "point" else None
        ends = (value - HALF, value + HALF)
        figures[place] = GroupLevel(level, key, "published", n, None, value, *ends, *ends, share)
        if group != "all":
            size, word = (gaps or {}).get(place, (0.1, "none"))
            half = round(abs(size) / 2 if word != "none" else abs(size) + HALF, 1)
            against[place] = Comparison("published", size, round(size - half, 1), round(size + half, 1), word)
        if previous is not None:
            size, word = (changes or {}).get(place, (0.1, "none"))
            half = round(abs(size) / 2 if word != "none" else abs(size) + HALF, 1)
            low, high = round(size - half, 1), round(size + half, 1)
            moved[place] = (
                GroupChange(level, key, previous, "suppressed_complement")
                if panel_hidden
                else GroupChange(
                    level,
                    key,
                    previous,
                    "published",
                    n - 1,
                    value - size,
                    value,
                    size,
                    low,
                    high,
                    low,
                    high,
                    word,
                )
            )
    return SectorFacts(group, "2026", DIMIOS, previous, figures, moved, against)


def make_country(mean: float = 52.0, **more) -> SectorFacts:
    return make_group("all", n=60, mean=mean, **more)


def tell(
    facts: SectorFacts, language: str = "sv", voice: str = "you", target: Target | None = None
) -> GroupTelling:
    country = None if facts.group == "all" else make_country()
    return GroupTelling(Narrator(DIMIOS, language, 5, voice=voice), facts, country, target)


def draw_group(seed: int) -> SectorFacts:
    """Draw a county or the nation: anything may be certain, hidden or new."""
    random = Random(seed)
    keys = list_keys()
    group = random.choice(("county:14", "all"))
    return make_group(
        group,
        draw_differences(random, keys, random.choice((0.0, 0.03, 0.2, 0.9))),
        draw_differences(random, keys, random.choice((0.0, 0.03, 0.2, 0.9))),
        n=random.choice((6, 7, 12, 60)),
        mean=random.randint(300, 700) / 10,
        previous="2025" if random.random() < 0.8 else None,
        hidden=random.choice(("suppressed_small", "suppressed_complement")) if random.random() < 0.05 else "",
        panel_hidden=random.random() < 0.15,
    )


def make_member(name: str, scores: Mapping[Key, tuple[float, float]], kind: str = "municipality") -> Member:
    """A member by scores with half widths."""
    figures = {k: MemberFigure(*k, s, s - h, s + h) for k, (s, h) in scores.items()}
    return Member(name.casefold(), name, figures, kind)


def draw_county(seed: int) -> CountyFacts:
    """Draw a county: members, some elsewhere, initiatives and plans, in any place above and below the country."""
    random = Random(seed)
    keys = list_keys()
    center = {k: random.randint(350, 650) / 10 for k in keys}
    country = make_country(levels=center)
    gaps = draw_differences(random, keys, random.choice((0.0, 0.1, 0.5, 0.9)))
    group = make_group(gaps=gaps, levels={k: center[k] + gaps[k][0] for k in keys}, n=random.randint(6, 14))

    def members(count: int, mark: str) -> tuple[Member, ...]:
        return tuple(
            make_member(
                f"{mark}{i}",
                {
                    k: (center[k] + random.choice((-20, -8, 0, 0, 8, 20)), random.choice((2.0, 4.0, 9.0)))
                    for k in keys
                    if random.random() < 0.95
                },
                random.choice(("municipality", "region")),
            )
            for i in range(count)
        )

    here, elsewhere = (
        members(random.choice((0, 1, 2, 3, 5, 9)), "Här"),
        members(random.choice((0, 4)), "Bort"),
    )
    ideas = tuple(
        Idea(m.id, m.name, random.choice(DIMIOS.point_ids), f"Idé {i}", "2025-03", "")
        for i, m in enumerate(random.choices((*here, *elsewhere), k=20) if here or elsewhere else ())
    )
    plans = tuple(
        SharedPlan(
            m.id,
            m.name,
            "2025",
            random.choice(DIMIOS.point_ids),
            "",
            random.choice(("done", "no", "unknown", "")),
        )
        for m in here
    )
    return CountyFacts("14", group, country, here, elsewhere, ideas, plans)


def names_of(keys: Sequence[Key], language: str) -> list[str]:
    narrator = Narrator(DIMIOS, language, 5)
    return [narrator.name(*k, running=True) for k in keys]
