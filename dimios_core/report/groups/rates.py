"""Response rates of units and roles: the finding, the chart and its table."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup
from dimios_core.published.gathering import gather_once
from dimios_core.published.store import PublishedResults
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.group_rows import BAND_LIMITS, draw_group_bars, make_group_bar
from dimios_core.report.charts.rows import Row
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.display import render_chart
from dimios_core.report.figures import WHOLE
from dimios_core.report.finding import Finding
from dimios_core.report.groups.group_facts import ORGANISATION, Group, GroupFacts, depth_of, gather_levels
from dimios_core.report.groups.narrator import GroupNarrator, narrate_groups
from dimios_core.report.groups.sides import first_side, list_side
from dimios_core.report.numbers import NOTHING
from dimios_core.report.organisation_facts import gather_facts

#: how many groups are named of those who miss most answers
MISSING_N = 3
LOW_BAND = "<40"


def chart_rates(narrator: GroupNarrator) -> Chart | None:
    """Return the response rates of the organisation, its units and roles; None where nobody's invitations are known."""
    facts, say, side = narrator.groups, narrator.say, first_side(narrator.groups)
    units = [] if side == "roles" else list_side(facts, side)
    groups = [g for g in (ORGANISATION, *units, *facts.role_groups()) if g in facts.rates]
    if not groups:
        return None
    rows = []
    for group in groups:
        rate, name, depth = facts.rates[group], narrator.name_who(group), depth_of(facts, group)
        if rate.share is None:
            rows.append(Row(name, reason=say(f"internal.rate_status.{rate.status}"), depth=depth))
        else:
            share = narrator.say_rate(rate)
            words = say("internal.rate_words", answered=rate.answered, invited=rate.invited, share=share)
            rows.append(make_group_bar(name, depth, 100 * rate.share, words))
    title = say("internal.rates_title")
    wide, narrow = draw_both(draw_group_bars, rows, BAND_LIMITS)
    conclusion = narrator.tell_all(find_response(facts))
    table = tabulate_rates(narrator, groups, title)
    return Chart("group-rates", title, conclusion, wide, narrow, say("internal.rates_key"), table)


def render_rates(results: PublishedResults, period: str, language: str, voice: str) -> Markup:
    """Render the chart of response rates, which several tabs of a report show alike; nothing where there is none."""
    facts, groups = gather_once(gather_facts, results, period), gather_once(gather_levels, results, period)
    narrator = narrate_groups(facts, groups, language, voice)
    chart = chart_rates(narrator)
    return Markup() if chart is None else render_chart(chart, narrator.say("table.show"))


def find_response(facts: GroupFacts) -> list[Finding]:
    """Return from whom answers are missing, as far as rates are published, and how many rates are not."""
    if not facts.rates:
        return [Finding("internal_response_absent")]
    parts = [r.status for g, r in facts.rates.items() if g != ORGANISATION]
    if parts and set(parts) == {"incomplete"}:
        return [Finding("internal_response_mismatch")]
    found = []
    for side, groups in (("units", facts.unit_groups()), ("roles", facts.role_groups())):
        rates = [(g, r) for g in groups if (r := facts.rates.get(g)) is not None]
        shown = [(g, r) for g, r in rates if r.published]
        if shown:
            group, rate = min(shown, key=lambda s: s[1].share or 0)
            numbers = {"group": group, "rate": rate, "silent": rate.silent, "invited": rate.invited}
            kind = "all" if not rate.silent else side
            found.append(Finding(f"internal_response_{kind}", numbers=numbers))
            low_n = sum(r.band == LOW_BAND for _, r in shown)
            if low_n > 1:
                found.append(Finding("internal_response_low", numbers={"low_n": low_n, "of_n": len(shown)}))
        if rates and not shown:
            found.append(Finding(f"internal_response_none_{side}"))
        elif len(shown) < len(rates):
            numbers = {"hidden_n": len(rates) - len(shown), "of_n": len(rates)}
            found.append(Finding(f"internal_response_hidden_{side}", numbers=numbers))
    # a parent holds the people of its units, who would be told twice
    leaves = {u.id for u in facts.units if not facts.children(u.id)}
    crossed = [
        (g, r)
        for g, r in facts.rates.items()
        if g[0] in leaves and g[1] != WHOLE and r.published and r.band == LOW_BAND
    ]
    if crossed:
        missing = sorted(crossed, key=lambda c: -c[1].silent)[:MISSING_N]
        found.append(Finding("internal_response_crossed", numbers={"missing": missing}))
    return found or [Finding("internal_response_absent")]


def tabulate_rates(narrator: GroupNarrator, groups: Sequence[Group], caption: str) -> Markup:
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
                [say(f"internal.bands.{r.band}") if r.band else NOTHING for r in rates],
                numeric=False,
            ),
            Column(
                say("table.answered"),
                [NOTHING if r.answered is None else number.count(r.answered) for r in rates],
            ),
            Column(
                say("internal.invited"),
                [NOTHING if r.invited is None else number.count(r.invited) for r in rates],
            ),
        ],
    )
