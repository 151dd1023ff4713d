"""Tables of the page that compares units and roles: the same figures as its charts, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.organisation_facts import Comparison, Figure
from dimios_core.report.pages.internal_comparison.facts import MATURITY, Contrast, Group, Key
from dimios_core.report.pages.internal_comparison.narrative import GroupNarrator

NONE = "–"


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
        return NONE
    if isinstance(figure, Comparison):
        return narrator.say("internal.to", low=figure.low, high=figure.high)
    return narrator.number.interval(figure.low, figure.high)


def tabulate_heat(narrator: GroupNarrator, groups: Sequence[Group], keys: Sequence[Key], caption: str) -> str:
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
) -> str:
    """Write differences with interval, certainty, and what would have shown."""
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
                [say(f"certainty.{c.certainty}") if c.published else NONE for c in found],
                numeric=False,
            ),
            Column(
                say("internal.detectable"),
                [NONE if c.detectable is None else number.score(c.detectable) for c in found],
            ),
        ],
    )


def tabulate_groups(narrator: GroupNarrator, groups: Sequence[Group], caption: str) -> str:
    """Write the digital maturity of groups with interval and number of answers."""
    facts, say, number = narrator.groups, narrator.say, narrator.number
    figures = [facts.figure(g, MATURITY) for g in groups]
    return write_table(
        caption,
        [
            Column(say("internal.group"), [narrator.name_who(g) for g in groups], numeric=False),
            Column(say("table.score"), [say_figure(narrator, f) for f in figures]),
            Column(say("table.interval"), [say_interval(narrator, f) for f in figures]),
            Column(say("table.n"), [NONE if f.n is None else number.count(f.n) for f in figures]),
        ],
    )


def tabulate_lines(
    narrator: GroupNarrator,
    groups: Sequence[Group],
    history: Mapping[str, Mapping[Group, Figure]],
    caption: str,
) -> str:
    """Write the digital maturity of groups over the periods, one row a group and period."""
    say = narrator.say
    none = Figure(*MATURITY, status="no_answers")
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


def tabulate_rates(narrator: GroupNarrator, groups: Sequence[Group], caption: str) -> str:
    """Write response rates with their band; a rate that is withheld says why."""
    say, number = narrator.say, narrator.number
    rates = [narrator.groups.rates[g] for g in groups]
    return write_table(
        caption,
        [
            Column(say("internal.group"), [narrator.name_who(g) for g in groups], numeric=False),
            Column(
                say("internal.rate"),
                [
                    say(f"internal.rate_status.{r.status}") if r.share is None else narrator.say_rate(r)
                    for r in rates
                ],
            ),
            Column(
                say("internal.band"),
                [say(f"internal.bands.{r.band}") if r.band else NONE for r in rates],
                numeric=False,
            ),
            Column(
                say("table.answered"),
                [NONE if r.answered is None else number.count(r.answered) for r in rates],
            ),
            Column(
                say("internal.invited"),
                [NONE if r.invited is None else number.count(r.invited) for r in rates],
            ),
        ],
    )


def tabulate_spread(narrator: GroupNarrator, parts: Sequence[str], caption: str) -> str:
    """Write how the spread divides."""
    say, shares = narrator.say, narrator.groups.spread
    return write_table(
        caption,
        [
            Column("", [say(f"internal.spread.{p}") for p in parts], numeric=False),
            Column(
                say("internal.share"),
                [NONE if (s := shares[p]) is None else narrator.number.share(s) for p in parts],
            ),
        ],
    )
