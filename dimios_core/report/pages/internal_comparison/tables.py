"""Tables and cards of the page that compares units and roles: the same figures as its charts, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dimios_core.instrument.lead import lead_of
from dimios_core.markup import Markup, attributes, join, markup
from dimios_core.published.rows import Row
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import WHOLE, Comparison, Figure, Key
from dimios_core.report.groups.group_facts import ORGANISATION, Contrast, Group, GroupFacts
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.numbers import NOTHING

#: chosen instead of a unit: the organisation beside its roles
ROLES = "roles:"


def say_figure(narrator: GroupNarrator, figure: Figure) -> str:
    """Return a score as it is shown: a number, a bound, or why there is none."""
    if figure.score is None:
        return narrator.say_reason(figure)
    if figure.bound:
        return narrator.say(f"bound.{figure.bound}", value=figure.score)
    return narrator.number.score(figure.score)


def say_interval(narrator: GroupNarrator, figure: Figure | Comparison) -> str:
    """Return the interval of a score or a difference; a dash where there is none."""
    if figure.low is None or figure.high is None:
        return NOTHING
    if isinstance(figure, Comparison):
        return narrator.say("internal.to", low=figure.low, high=figure.high)
    return narrator.number.interval(figure.low, figure.high)


def tabulate_heat(
    narrator: GroupNarrator, groups: Sequence[Group], keys: Sequence[Key], caption: str
) -> Markup:
    """Write groups × figures; a cell holds score and interval, or why there is none."""
    facts = narrator.groups

    def words(group: Group, key: Key) -> str:
        figure = facts.figure(group, key)
        shown = say_figure(narrator, figure)
        return f"{shown} ({say_interval(narrator, figure)})" if figure.score is not None else shown

    columns = [Column(narrator.say("internal.group"), [narrator.name_who(g) for g in groups], numeric=False)]
    columns += [Column(narrator.name(*k), [words(g, k) for g in groups], numeric=False) for k in keys]
    return write_table(caption, columns)


def tabulate_contrasts(
    narrator: GroupNarrator, contrasts: Sequence[Contrast], names: Sequence[str], caption: str
) -> Markup:
    """Write differences with interval, certainty, and what usually shows."""
    say, number = narrator.say, narrator.number
    found = [c.comparison for c in contrasts]
    return write_table(
        caption,
        [
            Column("", list(names), numeric=False),
            Column(
                say("internal.difference_pp"),
                [narrator.say_reason(c.status) if c.value is None else number.signed(c.value) for c in found],
            ),
            Column(say("table.interval"), [say_interval(narrator, c) for c in found]),
            Column(
                say("table.certainty"),
                [say(f"certainty.{c.certainty}") if c.published else NOTHING for c in found],
                numeric=False,
            ),
            Column(
                say("internal.detectable"),
                [NOTHING if c.detectable is None else number.score(c.detectable) for c in found],
            ),
        ],
    )


def tabulate_groups(narrator: GroupNarrator, groups: Sequence[Group], caption: str) -> Markup:
    """Write what the page leads with of groups, with interval and number of answers."""
    facts, say, number = narrator.groups, narrator.say, narrator.number
    lead = lead_of(narrator.instrument)
    figures = [facts.figure(g, lead) for g in groups]
    return write_table(
        caption,
        [
            Column(say("internal.group"), [narrator.name_who(g) for g in groups], numeric=False),
            Column(say("table.score"), [say_figure(narrator, f) for f in figures]),
            Column(say("table.interval"), [say_interval(narrator, f) for f in figures]),
            Column(say("table.n"), [NOTHING if f.n is None else number.count(f.n) for f in figures]),
        ],
    )


def tabulate_lines(
    narrator: GroupNarrator,
    groups: Sequence[Group],
    history: Mapping[str, Mapping[Group, Figure]],
    caption: str,
) -> Markup:
    """Write what the page leads with of groups over the periods, one row a group and period."""
    say = narrator.say
    none = Figure(*lead_of(narrator.instrument), status="no_answers")
    rows = [(g, p, past.get(g, none)) for g in groups for p, past in history.items()]
    return write_table(
        caption,
        [
            Column(say("internal.group"), [narrator.name_who(g) for g, _, _ in rows], numeric=False),
            Column(say("table.period"), [p for _, p, _ in rows], numeric=False),
            Column(say("table.score"), [say_figure(narrator, f) for _, _, f in rows]),
            Column(say("table.interval"), [say_interval(narrator, f) for _, _, f in rows]),
        ],
    )


def tabulate_spread(narrator: GroupNarrator, parts: Sequence[str], caption: str) -> Markup:
    """Write how the spread divides."""
    say, shares = narrator.say, narrator.groups.spread
    return write_table(
        caption,
        [
            Column("", [say(f"internal.spread.{p}") for p in parts], numeric=False),
            Column(
                say("internal.share"),
                [NOTHING if (s := shares[p]) is None else narrator.number.share(s) for p in parts],
            ),
        ],
    )


def write_offer(narrator: GroupNarrator, rows: Sequence[Row], key: Key) -> Markup:
    """Write smoothed estimates beside own results, folded, with what they are; nothing where there are none."""
    if not rows:
        return Markup()
    say, number = narrator.say, narrator.number
    groups = [(r["unit"], WHOLE) for r in rows]
    own = [narrator.groups.figure(g, key) for g in groups]
    estimates = [
        f"{number.score(r['estimate'])} ({number.interval(r['ci_low'], r['ci_high'])})" for r in rows
    ]
    title = say("internal.small_units.title", name=narrator.name(*key))
    table = write_table(
        title,
        [
            Column(say("internal.group"), [narrator.name_who(g) for g in groups], numeric=False),
            Column(
                say("internal.small_units.own"),
                [f"{say_figure(narrator, f)} ({say_interval(narrator, f)})" for f in own],
            ),
            Column(say("internal.small_units.estimate"), estimates),
            Column(say("internal.small_units.weight"), [number.share(r["weight"]) for r in rows]),
        ],
    )
    about = markup('<p class="small">{}</p>', say("internal.small_units.about"))
    return markup("<details><summary>{}</summary>{}{}</details>", title, about, table)


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


def write_cards(narrator: GroupNarrator, unit: str) -> Markup:
    """Write the cards of a unit, its parent and its children."""
    cards = [
        _write_card(narrator, group, relation) for group, relation in choose_units(narrator.groups, unit)
    ]
    return markup('<div class="three">{}</div>', join(cards))


def _write_card(narrator: GroupNarrator, group: Group, relation: str) -> Markup:
    facts, say = narrator.groups, narrator.say
    figure = facts.figure(group, lead_of(narrator.instrument))
    level = say_figure(narrator, figure)
    if figure.score is not None:
        score = level if figure.bound else narrator.number.percent(figure.score)
        level = markup("<b>{}</b> ({})", score, say_interval(narrator, figure))
    lines = [markup("<p>{}</p>", level)]
    if figure.score is not None:
        lines.append(markup("<p>{}</p>", _say_change(narrator, group)))
    rate = facts.rates.get(group)
    if rate is not None and rate.share is not None:
        words = say(
            "internal.card.rate", share=narrator.say_rate(rate), band=say(f"internal.bands.{rate.band}")
        )
        lines.append(markup('<p class="small">{}</p>', words))
    elif rate is not None:
        words = say("internal.card.rate_hidden", reason=say(f"internal.rate_status.{rate.status}"))
        lines.append(markup('<p class="small">{}</p>', words))
    what = markup('<p class="small">{}</p>', say(f"internal.card.{relation}")) if relation else ""
    colour = attributes(class_="upwards" if relation == "chosen" or group == ORGANISATION else "")
    return markup("<div{}>{}<h3>{}</h3>{}</div>", colour, what, narrator.name_who(group), join(lines))


def _say_change(narrator: GroupNarrator, group: Group) -> str:
    facts, say = narrator.groups, narrator.say
    if facts.previous is None:
        return say("internal.card.change_none")
    change = facts.changes.get((group, lead_of(narrator.instrument)))
    if change is None or change.value is None:
        reason = narrator.say_reason("no_answers" if change is None else change.status)
        return say("internal.card.change_hidden", previous=facts.previous, reason=reason)
    certainty = say(f"change_certainty.{change.certainty}")
    return say("internal.card.change", value=change.value, previous=facts.previous, certainty=certainty)
