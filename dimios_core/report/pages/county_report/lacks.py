"""What several of a county's organisations are weak at, and who could teach them: those that lie above and do something about it.

Only organisations that show their result by name are counted, named or asked. What the county as a whole is strong at against the
country is never among what it lacks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dimios_core.instrument import Instrument
from dimios_core.report.figures import Key
from dimios_core.report.finding import NAMED_N, Finding
from dimios_core.report.pages.county_report.facts import CountyFacts, Member, MemberFigure
from dimios_core.report.pages.county_report.findings import compare_member
from dimios_core.report.pages.county_report.sharing import UNDER_WAY, Idea, SharedPlan
from dimios_core.report.sector.sector_facts import GroupLevel

#: "several" are at least so many organisations, and at least this share of those shown
SEVERAL_N, SEVERAL_SHARE = 2, 0.5
#: the level that counts as low where a model has no borders of quadrants, percent
LOW_LEVEL_PCT = 50.0
#: what the county is told whom to ask about, and whom of other counties
LACKS_N, ELSEWHERE_N = 6, 3


@dataclass(frozen=True)
class Lack:
    """A figure where several of the shown organisations are weak.

    Attributes
    ----------
    point : GroupLevel
        The county's mean.
    below : tuple of Member
        Those surely below the country's mean.
    low : tuple of Member
        Those surely at a low level.
    either : tuple of Member
    shown_n : int
        Organisations whose result there is shown.
    """

    point: GroupLevel
    below: tuple[Member, ...]
    low: tuple[Member, ...]
    either: tuple[Member, ...]
    shown_n: int

    @property
    def key(self) -> Key:
        """The (level, key) that they lack."""
        return self.point.level, self.point.key


@dataclass(frozen=True)
class Teacher:
    """Somebody to ask: clearly above the country, with something done or under way about it."""

    member: Member
    figure: MemberFigure
    ideas: tuple[Idea, ...]
    plans: tuple[SharedPlan, ...]


@dataclass(frozen=True)
class Teaching:
    """Whom to ask about what several lack; `here`: they are of the same county."""

    lack: Lack
    teachers: tuple[Teacher, ...]
    here: bool


def low_level_of(instrument: Instrument) -> float:
    """Return the level under which a result is low: the model's border between its quadrants."""
    return instrument.quadrants.border if instrument.quadrants else LOW_LEVEL_PCT


def count_several(facts: CountyFacts) -> int:
    """Return how many organisations are "several" among those shown: half of them, and at least two."""
    return max(SEVERAL_N, math.ceil(SEVERAL_SHARE * len(facts.members)))


def list_lacks(facts: CountyFacts, level: str = "point") -> list[Lack]:
    """List what of a level several of the shown organisations are weak at, that of most organisations first.

    An organisation is weak where its interval lies below that of the country's mean, or below the low level. What the county
    lies above the country on for certain is left out, unless several lie below the country there.
    """
    border, several = low_level_of(facts.group.instrument), count_several(facts)
    found = []
    for point in facts.group.of_level(level):
        key, country = (level, point.key), facts.country.levels.get((level, point.key))
        shown = [m for m in facts.members if m.figure(key)]
        mean_low = country.low if country is not None and country.published else None
        below = tuple(m for m in shown if compare_member(m, key, mean_low, None) < 0)
        low = tuple(m for m in shown if compare_member(m, key, border, None) < 0)
        either = tuple(m for m in shown if m in below or m in low)
        gap = facts.group.gaps.get(key)
        strong = gap is not None and gap.certainty == "increase" and len(below) < several
        if len(either) >= several and not strong:
            found.append(Lack(point, below, low, either, len(shown)))
    return sorted(
        found,
        key=lambda k: (-len(k.either), -len(k.below), k.point.mean if k.point.mean is not None else 101),
    )


def find_lacks(facts: CountyFacts, lacks: list[Lack]) -> Finding:
    """Return what several lack: ground for a shared centre of competence."""
    numbers = {
        "several": count_several(facts),
        "of_n": len(facts.members),
        "border": low_level_of(facts.group.instrument),
    }
    if len(facts.members) < SEVERAL_N:
        return Finding("county_lacks_few", (), numbers)
    if not lacks:
        return Finding("county_lacks_none", (), numbers)
    named = lacks[:NAMED_N]
    return Finding("county_lacks", (), numbers | {
        "n": len(lacks), "points": [k.point for k in named], "counts": [len(k.either) for k in named],
    })  # fmt: skip


def list_teaching(facts: CountyFacts) -> list[Teaching]:
    """List whom to ask about what several lack: categories, then points.

    Those of the county come first; only where there is none, those of other counties that show their result by name, of the
    same types of organisations first. Nobody stands there who lacks it, or has told of nothing done or under way.
    """
    lacks = [*list_lacks(facts, "category"), *list_lacks(facts)[:LACKS_N]]
    found = []
    for lack in lacks:
        here = _list_teachers(facts, lack, facts.members)
        if here:
            found.append(Teaching(lack, tuple(here), True))
            continue
        types = {m.type for m in lack.either}
        others = _list_teachers(facts, lack, facts.elsewhere)
        others.sort(key=lambda t: t.member.type not in types)
        found.append(Teaching(lack, tuple(others[:ELSEWHERE_N]), False))
    return found


def _list_teachers(facts: CountyFacts, lack: Lack, members: tuple[Member, ...]) -> list[Teacher]:
    """List those above with something done or under way, the highest first."""
    country = facts.country.levels.get(lack.key)
    if country is None or country.high is None:
        return []
    points = _list_points(facts.group.instrument, lack.key)
    found = []
    for m in members:
        figure = m.figure(lack.key)
        if figure is None or m in lack.either or compare_member(m, lack.key, None, country.high) <= 0:
            continue
        ideas = tuple(i for i in facts.ideas if i.id == m.id and i.point in points)
        plans = tuple(
            p for p in facts.plans if p.id == m.id and p.point in points and p.progress in UNDER_WAY
        )
        if ideas or plans:
            found.append(Teacher(m, figure, ideas, plans))
    return sorted(found, key=lambda t: (-t.figure.score, t.member.name))


def _list_points(instrument: Instrument, key: Key) -> set[str]:
    """List the measure points that a figure is made of."""
    level, name = key
    return {name} if level == "point" else {p.id for p in instrument.points if p.category == name}


def find_teaching(teaching: list[Teaching]) -> Finding:
    """Return how much of what several lack somebody could teach, and who."""
    here = [t for t in teaching if t.here and t.teachers]
    if not teaching:
        return Finding("county_teach_nothing")
    numbers = {
        "n": len(here),
        "of_n": len(teaching),
        "names": list(dict.fromkeys(x.member.name for t in here for x in t.teachers))[:NAMED_N],
        "elsewhere": sum(bool(t.teachers) and not t.here for t in teaching),
    }
    return Finding("county_teach" if here else "county_teach_none", (), numbers)
