"""What follows for the sector, in words: a heading, what is so with its uncertainty, and a question to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.markup import Markup, join, markup
from dimios_core.published.schema import name_codes
from dimios_core.report.figures import Key, PeerGroupFact
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.national_status.follows import Conclusion, Helped


@dataclass(frozen=True)
class Words:
    """A conclusion in words."""

    heading: str
    claim: str
    who: str
    question: str


def tell_conclusion(narrator: Narrator, conclusion: Conclusion) -> Words:
    """Tell a conclusion."""
    say, kind, numbers = narrator.say, conclusion.kind, _fill_in(narrator, conclusion.numbers)
    heading, claim, question = (
        say(f"sector.follows.{kind}.{part}", **numbers) for part in ("heading", "claim", "ask")
    )
    return Words(heading, claim, say(f"sector.follows.who.{conclusion.asks}"), question)


def write_conclusions(narrator: Narrator, conclusions: Sequence[Conclusion]) -> Markup:
    """Write conclusions below each other."""
    parts = []
    for c in conclusions:
        words = tell_conclusion(narrator, c)
        parts.append(
            markup(
                '<div class="advice"><h3>{}</h3><p>{}</p><p><b>{}</b> {}</p></div>',
                words.heading,
                words.claim,
                words.who,
                words.question,
            )
        )
    return join(parts)


def _fill_in(narrator: Narrator, numbers: dict[str, Any]) -> dict[str, Any]:
    """Put what a conclusion names into words: figures, groups, shares, evidence."""
    number, filled = narrator.number, dict(numbers)
    if "told" in numbers:
        filled["words"] = number.listed([_figure(narrator, "since" in numbers, *t) for t in numbers["told"]])
    if "shares" in numbers:
        told = [
            f"{narrator.name(k[0], k[1], running=True)} ({number.share(share)})"
            for k, share in numbers["shares"]
        ]
        filled["words"] = number.listed(told)
    if "groups" in numbers:
        filled["words"] = number.listed([_group(narrator, *t) for t in numbers["groups"]])
    if "helped" in numbers:
        filled["words"] = number.listed([_helped(narrator, h) for h in numbers["helped"]])
    if "units" in numbers:
        for name in ("units", "between"):
            part = numbers[name]
            filled[name] = narrator.say(
                "sector.follows.share", share=part.share, low=100 * part.low, high=part.high
            )
    return filled


def _figure(narrator: Narrator, signed: bool, key: Key, value: float, low: float, high: float) -> str:
    name = narrator.name(key[0], key[1], running=True)
    form = "change" if signed else "level"
    return narrator.say(f"sector.follows.{form}", name=name, value=value, low=low, high=high)


def _group(narrator: Narrator, group: PeerGroupFact, value: float, low: float, high: float) -> str:
    name = narrator.name_group(group)
    return narrator.say("sector.follows.level", name=name, value=value, low=low, high=high)


def _helped(narrator: Narrator, helped: Helped) -> str:
    if helped.about == "point":
        name = narrator.name("point", helped.key, running=True)
    else:
        kind = name_codes("action_kind", narrator.language)[helped.key].lower()
        name = narrator.say("sector.follows.kind", kind=kind)
    c = helped.difference
    return narrator.say(
        "sector.follows.more", name=name, value=c.value, low=c.low, high=c.high, n=helped.pairs_n
    )
