"""What must hold of the first words about any group of organisations, and of a county's strengths and lacks, read off facts.

None of it asks the ranking. Each rule raises AssertionError where it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dimios_core.report.figures import Key
from dimios_core.report.pages.county_report import against, lacks
from dimios_core.report.pages.county_report.facts import CountyFacts
from dimios_core.report.sector.sector_facts import SectorFacts
from dimios_core.report.sector.telling import GroupTelling
from tests.report.messages.rules import split_sentences

WORDS = {
    "sv": {"fell": "minsk", "rose": "ök", "below": "under", "above": "över", "unchanged": "ngen förändring",
           "alike": "skillnaden är inte säkerställd", "hidden": "visas inte"},
    "en": {"fell": "fallen", "rose": "risen", "below": "below", "above": "above", "unchanged": "o change since",
           "alike": "the difference is not statistically significant", "hidden": "is not shown"},
}  # fmt: skip


def certain_changes(facts: SectorFacts, word: str) -> dict[Key, float]:
    """What fell or rose for certain, by the published word and the interval."""
    return {
        k: c.change
        for k, c in facts.changes.items()
        if c.published and c.certainty == word and c.change is not None
    }


def certain_gaps(facts: SectorFacts, word: str) -> dict[Key, float]:
    return {k: g.value for k, g in facts.gaps.items() if g.certainty == word and g.value is not None}


def headline_is_short_and_whole(facts: SectorFacts, told: GroupTelling) -> None:
    text = told.headline()
    assert 1 <= len(split_sentences(text)) <= 2, text
    assert len([w for w in text.split() if re.search(r"\w", w)]) <= 35, text
    assert text[0].isupper() and text.endswith("."), text
    assert not re.search(r"[{}]|None\b|  |\.\.|,,|\(\)| [,.;]", text), text


def it_has_a_figure_with_its_uncertainty(facts: SectorFacts, told: GroupTelling) -> None:
    text = told.headline()
    number = r"([\d,.]*\d)"
    found = re.search(
        rf"{number}(?:\u00a0?%| procentenheter| percentage points)[^()]*\((?:osäkerhet|uncertainty) {number}–{number}\)",
        text,
    )
    if not facts.lead.published:
        assert found is None and WORDS[told.narrator.language]["hidden"] in text, text
        return
    assert found is not None, text
    size, low, high = (float(n.replace(",", ".")) for n in found.groups())
    shown = {(f.mean, f.own_low, f.own_high) for f in facts.levels.values()}
    differences = [(g.value, g.low, g.high) for g in facts.gaps.values()]
    differences += [(c.change, c.own_low, c.own_high) for c in facts.changes.values() if c.published]
    for value, a, b in differences:
        if value is not None and a is not None and b is not None:
            ends = sorted((abs(a), abs(b)))
            shown.add((abs(value), ends[0], ends[1]))
    rounded = {tuple(round(v, 1) for v in three if v is not None) for three in shown}
    assert (size, low, high) in rounded, text


def a_certain_fall_is_never_hidden(facts: SectorFacts, told: GroupTelling) -> None:
    if certain_changes(facts, "decrease"):
        assert WORDS[told.narrator.language]["fell"] in told.headline(), told.headline()


def nothing_that_is_not_certain_denies_what_is(facts: SectorFacts, told: GroupTelling) -> None:
    text, words = told.headline(), WORDS[told.narrator.language]
    if certain_changes(facts, "decrease") or certain_changes(facts, "increase"):
        assert words["unchanged"] not in text, text
    if certain_gaps(facts, "decrease") or certain_gaps(facts, "increase"):
        assert words["alike"] not in text, text


def only_what_is_certain_is_claimed(facts: SectorFacts, told: GroupTelling) -> None:
    text, words = told.headline(), WORDS[told.narrator.language]
    for word, certainty in (("fell", "decrease"), ("rose", "increase")):
        if re.search(words[word], text) and not certain_changes(facts, certainty):
            raise AssertionError(text)
    if facts.group != "all":
        for word, certainty in (("below", "decrease"), ("above", "increase")):
            pattern = {"below": r"under|below", "above": r"över\b|above"}[word]
            assert certain_gaps(facts, certainty) or not re.search(pattern, text), text


def a_county_below_says_so(facts: SectorFacts, told: GroupTelling) -> None:
    broad = [k for k in certain_gaps(facts, "decrease") if k[0] != "point"]
    if broad:
        assert WORDS[told.narrator.language]["below"] in told.headline(), told.headline()


def the_title_is_short_and_says_nothing_else(facts: SectorFacts, told: GroupTelling) -> None:
    title = told.lead()
    assert title and not title.endswith(".") and len(title.split()) <= 24, title
    words = WORDS[told.narrator.language]
    assert certain_changes(facts, "decrease") or words["fell"] not in title, title


RULES: list[Callable[[SectorFacts, GroupTelling], None]] = [
    headline_is_short_and_whole,
    it_has_a_figure_with_its_uncertainty,
    a_certain_fall_is_never_hidden,
    nothing_that_is_not_certain_denies_what_is,
    only_what_is_certain_is_claimed,
    a_county_below_says_so,
    the_title_is_short_and_says_nothing_else,
]


# -- a county --------------------------------------------------------------------------------------------


def _above(facts: CountyFacts) -> set[Key]:
    return {s.key for level in ("category", "point") for s in against.list_standing(facts, level, "above")}


def _lacking(facts: CountyFacts) -> Mapping[Key, lacks.Lack]:
    return {k.key: k for level in ("category", "point") for k in lacks.list_lacks(facts, level)}


def no_point_is_a_strength_and_a_lack(facts: CountyFacts) -> None:
    assert not _above(facts) & set(_lacking(facts))


def a_strength_is_certain_against_the_country(facts: CountyFacts) -> None:
    for key in _above(facts):
        gap = facts.group.gaps[key]
        assert gap.certainty == "increase" and gap.low is not None and gap.low > 0, key
    for level in ("category", "point"):
        for s in against.list_standing(facts, level, "below"):
            assert facts.group.gaps[s.key].certainty == "decrease", s


def a_lack_is_of_several_that_are_shown(facts: CountyFacts) -> None:
    for key, lack in _lacking(facts).items():
        weak = set()
        for m in facts.members:
            f, country = m.figures.get(key), facts.country.levels[key]
            if f is not None and f.high is not None and (f.high < country.low or f.high < 50):
                weak.add(m.id)
        assert {m.id for m in lack.either} == weak, key
        assert len(weak) >= max(2, len(facts.members) / 2), key


def a_teacher_is_above_and_does_something_and_lacks_nothing(facts: CountyFacts) -> None:
    visible = {m.id for m in (*facts.members, *facts.elsewhere)}
    here = {m.id for m in facts.members}
    for t in lacks.list_teaching(facts):
        level, name = t.lack.key
        category = {p.id for p in facts.group.instrument.points if p.category == name}
        points = {name} if level == "point" else category
        for teacher in t.teachers:
            m, country = teacher.member, facts.country.levels[t.lack.key]
            assert m.id in visible and (m.id in here) == t.here, m
            assert m.id not in {w.id for w in t.lack.either}, m
            assert m.figures[t.lack.key].low > country.high, m
            did = [i for i in facts.ideas if i.id == m.id and i.point in points]
            plans = [
                p
                for p in facts.plans
                if p.id == m.id and p.point in points and p.progress not in ("no", "unknown")
            ]
            assert did or plans, m


COUNTY_RULES: list[Callable[[CountyFacts], None]] = [
    no_point_is_a_strength_and_a_lack,
    a_strength_is_certain_against_the_country,
    a_lack_is_of_several_that_are_shown,
    a_teacher_is_above_and_does_something_and_lacks_nothing,
]
