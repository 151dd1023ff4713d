"""What must hold of any report's first words, read off the words and off the facts alone: none of it asks the ranking.

Each rule raises AssertionError where it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dimios_core.report.figures import Comparison, Key
from dimios_core.report.messages.sources import Sources
from dimios_core.report.messages.telling import Telling
from tests.report.messages.making import DIMIOS, make_history

ASKS = ("build", "deal", "talk")
CERTAIN = ("increase", "decrease")
WORDS = {
    "sv": {
        "fell": "minsk", "rose": "ök", "below": "under", "above": "över",
        "unchanged": "ngen förändring", "alike": "skillnaden är inte säkerställd",
        "none": {"increase": "Inget ligger säkerställt över", "decrease": "Inget ligger säkerställt under"},
        "ends": ("Lägst", "Högst", "Längst under", "Längst över", "Svagast", "Starkast"),
        "cards": {
            ("gaps", "increase"): r"Säkerställt över [^:]*: ([^.]*)\.",
            ("gaps", "decrease"): r"Säkerställt under [^:]*: ([^.]*)\.",
            ("changes", "increase"): r"Säkerställd ökning sedan \d+: ([^.]*)\.",
            ("changes", "decrease"): r"Säkerställd minskning sedan \d+: ([^.]*)\.",
        },
        "points": "Bland mätpunkterna", "amount": r"(.+?) \(([+−][\d,]+)\)", "low": "Bara", "place": "läge är",
    },
    "en": {
        "fell": "fall", "rose": "ris", "below": "below", "above": "above",
        "unchanged": "o change since", "alike": "the difference is not statistically significant",
        "none": {"increase": "Nothing is clearly above", "decrease": "Nothing is clearly below"},
        "ends": ("Lowest", "Highest", "Farthest below", "Farthest above", "weakest is", "strongest is"),
        "cards": {
            ("gaps", "increase"): r"Clearly above [^:]*: (.*?)\.(?= |$)",
            ("gaps", "decrease"): r"Clearly below [^:]*: (.*?)\.(?= |$)",
            ("changes", "increase"): r"Statistically significant rise since \d+: (.*?)\.(?= |$)",
            ("changes", "decrease"): r"Statistically significant fall since \d+: (.*?)\.(?= |$)",
        },
        "points": "Among the measure points", "amount": r"(.+?) \(([+−][\d.]+)\)", "low": "Only", "place": "position is",
    },
}  # fmt: skip
LEVELS = ("maturity", "dimension", "category", "point")


def name_of(key: Key, language: str) -> str:
    """Return a name of the model's as it stands in running text."""
    level, name = key
    if level == "maturity":
        return {"sv": "igital mognad", "en": "igital maturity"}[language]
    entries = {"dimension": DIMIOS.dimensions, "category": DIMIOS.categories, "point": DIMIOS.points}[level]
    return next(e.name[language] for e in entries if e.id == name)


def is_named(key: Key, text: str, language: str) -> bool:
    """Tell whether a figure is named; the whole is also "you", and what is its own."""
    if key[0] != "maturity":
        return name_of(key, language) in text
    own = {"sv": r"igital\w* mognad|\b[NnVv]i ligger [\d,]+ |\b[NnVv]i ligger (?:under|över) [^.,]*(?:[.,]|$)",
           "en": r"igital maturity|\b(?:[Yy]ou|[Ww]e) are [\d.]+ |\b(?:[Yy]ou|[Ww]e) are (?:below|above) "}  # fmt: skip
    return re.search(own[language], text) is not None


def certain_of(found: Mapping[Key, Comparison]) -> dict[Key, Comparison]:
    return {k: c for k, c in found.items() if c.published and c.certainty in CERTAIN and k[0] != "item"}


def above(key: Key) -> list[Key]:
    """What a figure is a part of."""
    level, name = key
    category = next((p.category for p in DIMIOS.points if p.id == name), "") if level == "point" else name
    dimension = next((c.dimension for c in DIMIOS.categories if c.id == category), "")
    chain: list[Key] = [("category", category), ("dimension", dimension), ("maturity", "maturity")]
    return chain[LEVELS[::-1].index(level) :]


def widest(found: Mapping[Key, Comparison]) -> list[Key]:
    """Certain differences that no wider one says, too."""
    certain = certain_of(found)
    return [
        k for k, c in certain.items()
        if not any(a in certain and certain[a].certainty == c.certainty for a in above(k))
    ]  # fmt: skip


def all_words(told: Telling) -> str:
    cards = [s for asks in ASKS for s in told.card(asks)]
    return " ".join([told.headline(), *cards])


def split_sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[^\d]\.)\s+|(?<=\d\.)\s+(?=[A-ZÅÄÖ])", text) if s]


# -- the rules -------------------------------------------------------------------------------------------


def headline_is_short(sources: Sources, told: Telling) -> None:
    text = told.headline()
    assert 1 <= len(split_sentences(text)) <= 2, text
    assert len([w for w in text.split() if re.search(r"\w", w)]) <= 35, text
    assert text[0].isupper() and text.endswith("."), text


def what_leads_has_its_figure_and_uncertainty(sources: Sources, told: Telling) -> None:
    """The first sentence holds a published number with the interval of the same figure, where the whole can be shown."""
    facts, text = sources.facts, told.headline()
    number = r"([\d,.]*\d)"
    found = re.search(rf"{number}[^()]*\((?:osäkerhet|uncertainty) {number}–{number}\)", text)
    if found is None:
        assert not facts.figures["maturity", "maturity"].published
        assert not any(k[0] != "point" for k in certain_of(facts.gaps | facts.changes)), text
        return
    size, low, high = (float(n.replace(",", ".")) for n in found.groups())
    levels = [(f.score, f.low, f.high) for f in facts.figures.values() if f.published]
    for c in (*facts.gaps.values(), *facts.changes.values()):
        if c.published and c.value is not None and c.low is not None and c.high is not None:
            ends = sorted((abs(c.low), abs(c.high)))
            levels.append((abs(c.value), ends[0], ends[1]))
    shown = {tuple(round(v, 1) for v in three if v is not None) for three in levels}
    assert (size, low, high) in shown, text


def a_fall_is_never_hidden(sources: Sources, told: Telling) -> None:
    """Every certain fall is told, by itself or by the wider one; one at least in the headline."""
    language = told.language
    falls = {k: c for k, c in certain_of(sources.facts.changes).items() if c.certainty == "decrease"}
    if not falls:
        return
    assert WORDS[language]["fell"] in told.headline(), told.headline()
    card = " ".join(told.card("deal"))
    for key in widest(falls):
        if key[0] != "point":
            assert is_named(key, card, language), (key, card)


def certain_categories_are_told(sources: Sources, told: Telling) -> None:
    text = all_words(told)
    for found in (sources.facts.gaps, sources.facts.changes):
        for key in certain_of(found):
            if key[0] == "category":
                assert is_named(key, text, told.language), (key, text)


def widest_certain_are_told(sources: Sources, told: Telling) -> None:
    """Whatever is certain above the points is named, or the wider one that says the same."""
    text = all_words(told)
    for found in (sources.facts.gaps, sources.facts.changes):
        for key in widest(found):
            if key[0] != "point":
                assert is_named(key, text, told.language), (key, text)


def cards_tell_what_is_certain_and_nothing_else(sources: Sources, told: Telling) -> None:
    """What a card calls certain is so, with its value and the right way round, in the card where it belongs."""
    words, language = WORDS[told.language], told.language
    by_name = {name_of(k, language).lower(): k for k in sources.facts.figures}
    for asks, direction in (("build", "increase"), ("deal", "decrease")):
        text = " ".join(told.card(asks)).replace("digital m", "igital m").replace("Digital m", "igital m")
        for (which, way), pattern in words["cards"].items():  # type: ignore[attr-defined]
            found = certain_of(getattr(sources.facts, which))
            listed = re.findall(pattern, text)
            here = {k for k, c in found.items() if c.certainty == way}
            if way != direction:
                assert not listed, (asks, text)
                continue
            assert bool(listed) == bool(here), (which, way, text)
            for part in listed:
                for name, value in re.findall(words["amount"], part):  # type: ignore[call-overload]
                    name = re.sub(r"^(,\s*)?(och|and)?\s*", "", name.strip().lstrip(",").strip())
                    key = by_name[name.lower()]
                    assert key in here, (key, text)
                    number = float(value.replace("−", "-").replace(",", "."))
                    assert number == round(found[key].value or 0.0, 1), (key, text)


def nothing_weaker_denies_what_is_certain(sources: Sources, told: Telling) -> None:
    words, facts, language = WORDS[told.language], sources.facts, told.language
    lines = " ".join(line.text for line in told.lines(make_history(facts)))
    text = " ".join(
        [all_words(told), lines, *told.changes(), *(told.title(t) for t in ("changes", "build", "deal"))]
    )
    gaps, changes = certain_of(facts.gaps), certain_of(facts.changes)
    if changes:
        assert words["unchanged"] not in text, text
    if gaps:
        assert words["alike"] not in text, text
    for way, denial in words["none"].items():  # type: ignore[attr-defined]
        if any(c.certainty == way for c in gaps.values()):
            assert denial not in text, text
    for name in ("ingen säkerställd", "ingen säker ", "no certain"):
        assert name not in text.lower(), (language, text)


def nothing_is_weakest_where_not_all_is_seen(sources: Sources, told: Telling) -> None:
    if all(f.published for f in sources.facts.of_level("category")):
        return
    text = all_words(told)
    for word in WORDS[told.language]["ends"]:
        assert word not in text, (word, text)


def a_low_response_is_told(sources: Sources, told: Telling) -> None:
    response = sources.facts.response
    low = response is not None and response[0] / response[1] < 0.6
    assert (WORDS[told.language]["low"] in told.low_response()) >= low
    if low and response is not None:
        percent = int(100 * response[0] / response[1])
        assert any(str(p) in told.low_response() for p in (percent, percent + 1))
    few = (sources.facts.respondents_n or 99) < 12
    assert bool(told.low_response()) == (low or few)


def the_quadrant_comes_last_and_by_name(sources: Sources, told: Telling) -> None:
    text, facts = told.headline(), sources.facts
    plane = DIMIOS.quadrants
    assert plane is not None and facts.position is not None
    names = {c.id: c.name[told.language] for c in plane.cells}
    own = [] if facts.position.placement == "unplaced" else facts.position.placement.split("-")
    said = [i for i, name in names.items() if name in text]
    assert said in ([], own), text
    if said:
        place = text.rindex(WORDS[told.language]["place"])  # type: ignore[call-overload]
        assert all(names[i] in text[place:] for i in own) and text.count(".", place) == 1, text


def the_list_is_in_its_order(sources: Sources, told: Telling) -> None:
    """Certain before uncertain; what to deal with before what to build on; no finding twice, the wider before the narrower."""
    ranked = told.ranked
    certainty = [("certain", "uncertain", "unknown").index(m.certainty) for m in ranked]
    assert certainty == sorted(certainty)
    for word in ("certain", "uncertain", "unknown"):
        asks = [("deal", "build", "talk").index(m.asks) for m in ranked if m.certainty == word]
        assert asks == sorted(asks)
    for which, kind in (("gaps", "gap"), ("changes", "change")):
        found = getattr(sources.facts, which)
        certain = [m for m in ranked if m.kind == kind and m.certainty == "certain"]
        assert {m.place for m in certain} == set(widest(found))
        assert {p.place for m in certain for p in m.tells} == set(certain_of(found))
        for direction in ("up", "down"):
            row = [m for m in certain if m.direction == direction]
            order = [(LEVELS.index(m.level), -abs(found[m.place].value)) for m in row]
            assert order == sorted(order)
            assert all((found[m.place].value > 0) == (direction == "up") for m in row)


RULES: tuple[Callable[[Sources, Telling], None], ...] = (
    headline_is_short,
    what_leads_has_its_figure_and_uncertainty,
    a_fall_is_never_hidden,
    certain_categories_are_told,
    widest_certain_are_told,
    cards_tell_what_is_certain_and_nothing_else,
    nothing_weaker_denies_what_is_certain,
    nothing_is_weakest_where_not_all_is_seen,
    a_low_response_is_told,
    the_quadrant_comes_last_and_by_name,
    the_list_is_in_its_order,
)
