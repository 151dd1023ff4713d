"""Cards of units: level, change and response rate, a unit beside its parent and its children."""

from __future__ import annotations

from html import escape

from dimios_core.report.organisation_facts import WHOLE
from dimios_core.report.pages.internal_comparison.facts import MATURITY, ORGANISATION, Group, GroupFacts
from dimios_core.report.pages.internal_comparison.narrative import GroupNarrator
from dimios_core.report.pages.internal_comparison.tables import say_figure, say_interval

#: chosen instead of a unit: the organisation beside its roles
ROLES = "roles:"


def choose_units(facts: GroupFacts, unit: str) -> list[tuple[Group, str]]:
    """Return a unit's parent, the unit and its children, each with what it is to the reader.

    Parameters
    ----------
    unit : str
        "*" for the organisation, which has no parent; `ROLES` for the organisation and its roles.

    Returns
    -------
    list of (group, relation)
        Relation is "parent", "chosen", "child" or "direct" (the chosen unit's own people); "" for the
        organisation and what is directly under it, where the organisation is chosen.
    """
    if unit == ROLES:
        return [(ORGANISATION, ""), *((g, "") for g in facts.role_groups())]
    below = [
        ((u.id, WHOLE), "direct" if u.direct else "" if unit == WHOLE else "child")
        for u in facts.children(unit)
    ]
    if unit == WHOLE:
        return [(ORGANISATION, ""), *below]
    parent = facts.unit(unit).parent
    return [((parent, WHOLE), "parent"), ((unit, WHOLE), "chosen"), *below]


def write_cards(narrator: GroupNarrator, unit: str) -> str:
    """Write the cards of a unit, its parent and its children as HTML."""
    cards = [
        _write_card(narrator, group, relation) for group, relation in choose_units(narrator.groups, unit)
    ]
    return f'<div class="three">{"".join(cards)}</div>'


def _write_card(narrator: GroupNarrator, group: Group, relation: str) -> str:
    facts, say = narrator.groups, narrator.say
    figure = facts.figure(group, MATURITY)
    level = escape(say_figure(narrator, figure))
    if figure.score is not None:
        score = level if figure.bound else narrator.number.percent(figure.score)
        level = f"<b>{score}</b> ({escape(say_interval(narrator, figure))})"
    lines = [f"<p>{level}</p>"]
    if figure.score is not None:
        lines.append(f"<p>{escape(_say_change(narrator, group))}</p>")
    rate = facts.rates.get(group)
    if rate is not None and rate.share is not None:
        words = say(
            "internal.card.rate", share=narrator.say_rate(rate), band=say(f"internal.bands.{rate.band}")
        )
        lines.append(f'<p class="small">{escape(words)}</p>')
    elif rate is not None:
        words = say("internal.card.rate_hidden", reason=say(f"internal.rate_status.{rate.status}"))
        lines.append(f'<p class="small">{escape(words)}</p>')
    what = f'<p class="small">{escape(say(f"internal.card.{relation}"))}</p>' if relation else ""
    colour = ' class="capability"' if relation == "chosen" or group == ORGANISATION else ""
    return f"<div{colour}>{what}<h3>{escape(narrator.name_who(group))}</h3>{''.join(lines)}</div>"


def _say_change(narrator: GroupNarrator, group: Group) -> str:
    facts, say = narrator.groups, narrator.say
    if facts.previous is None:
        return say("internal.card.change_none")
    change = facts.changes.get((group, MATURITY))
    if change is None or change.value is None:
        reason = narrator.say_reason("no_answers" if change is None else change.status)
        return say("internal.card.change_hidden", previous=facts.previous, reason=reason)
    certainty = say(f"change_certainty.{change.certainty}")
    return say("internal.card.change", value=change.value, previous=facts.previous, certainty=certainty)
