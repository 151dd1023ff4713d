"""Where an organisation is heading: findings, chart and table of its slopes over the years."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.instrument import COMPOSITE
from dimios_core.instrument.lead import list_upper_keys
from dimios_core.markup import Markup
from dimios_core.published.conventions import TREND_YEARS_MIN
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.intervals import draw_changes, make_interval
from dimios_core.report.charts.rows import Row, list_values
from dimios_core.report.charts.scales import cut_changes
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import Comparison, Key
from dimios_core.report.finding import Finding
from dimios_core.report.groups.group_facts import ORGANISATION, Group
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.trends import Trends


def find_trend(trends: Trends, group: Group = ORGANISATION) -> list[Finding]:
    """Return which figures of a group rise or fall for certain over the years; why there is no trend otherwise."""
    slopes = {key: c for (g, key), c in trends.slopes.items() if g == group and c.published}
    if not slopes:
        if trends.years_n < TREND_YEARS_MIN:
            return [Finding("trend_short", numbers={"years_n": trends.years_n})]
        return [Finding("trend_hidden" if trends.since else "trend_not_last")]
    found: list[Finding] = []
    whole, uneven = slopes.get(COMPOSITE), [k for k in slopes if (group, k) in trends.uneven]
    if whole is not None and (whole.certainty != "unknown" or COMPOSITE in uneven):
        numbers = {"value": whole.value, "low": whole.low, "high": whole.high, "since": trends.since}
        word = "uneven" if COMPOSITE in uneven else whole.certainty
        found.append(Finding(f"trend_composite_{word}", (COMPOSITE,), numbers))
    for certainty, kind in (("increase", "up"), ("decrease", "down")):
        keys = tuple(k for k, c in slopes.items() if c.certainty == certainty and k != COMPOSITE)
        if keys:
            found.append(Finding(f"trend_{kind}", keys, {"values": [slopes[k].value for k in keys]}))
    if others := tuple(k for k in uneven if k != COMPOSITE):
        found.append(Finding("trend_uneven", others, {"values": [slopes[k].value for k in others]}))
    if all(c.certainty == "unknown" for k, c in slopes.items() if k not in uneven) and len(uneven) < len(
        slopes
    ):
        found.append(Finding("trend_unknown"))
    elif not uneven and not any(c.certain for c in slopes.values()):
        found.append(Finding("trend_none"))
    return found


def tell_trend(narrator: GroupNarrator, finding: Finding) -> str:
    """Return the sentence of a finding on trends; those on several figures list them with their values."""
    values = finding.numbers.get("values")
    if values is None:
        return narrator.tell(finding)
    words = [
        f"{narrator.name(*key, running=True)} ({narrator.number.signed(value)})"
        for key, value in zip(finding.subject, values, strict=True)
    ]
    return narrator.say(f"findings.{finding.kind}", listed=narrator.number.listed(words))


def chart_slopes(narrator: GroupNarrator, trends: Trends, group: Group) -> Chart | None:
    """Return the change a year of a group's figures; None where no slope of it is published."""
    number, say, keys = narrator.number, narrator.say, _list_keys(narrator)
    rows = []
    for key in keys:
        c, name = trends.slopes.get((group, key)), narrator.name(*key)
        if c is None or c.value is None:
            rows.append(
                Row(name, reason=say(f"status.{c.status}") if c is not None else say("trend.missing"))
            )
            continue
        words = number.finely(c.value, c.low, c.high)
        colour = colour_of(narrator.instrument, *key)
        rows.append(make_interval(name, c.value, c.low, c.high, words, bold=c.certain, colour=colour))
    if not any(r.marks for r in rows):
        return None
    wide, narrow = draw_both(draw_changes, rows, cut_changes(list_values(rows)))
    title = say("trend.title", group=group)
    conclusion = " ".join(tell_trend(narrator, f) for f in find_trend(trends, group))
    table = tabulate_slopes(narrator, trends, group, keys, title)
    return Chart("slopes", title, conclusion, wide, narrow, say("trend.key"), table)


def _list_keys(narrator: GroupNarrator) -> list[Key]:
    """Composite, dimensions and categories, in the model's order."""
    model = narrator.instrument
    return [*list_upper_keys(model), *(("category", c.id) for c in model.categories)]


def tabulate_slopes(
    narrator: GroupNarrator, trends: Trends, group: Group, keys: Sequence[Key], caption: str
) -> Markup:
    """Write the change a year of a group's figures, with interval and certainty."""
    say, number = narrator.say, narrator.number
    found = [trends.slopes.get((group, k)) for k in keys]

    def slope(c: Comparison | None) -> str:
        if c is None:
            return NOTHING
        return say(f"status.{c.status}") if c.value is None else number.finely(c.value, c.low, c.high)

    def span(c: Comparison | None) -> str:
        if c is None or c.low is None or c.high is None:
            return NOTHING
        low, high = (number.finely(end, c.low, c.high) for end in (c.low, c.high))
        return say("trend.to", low=low, high=high)

    return write_table(
        caption,
        [
            Column("", [narrator.name(*k) for k in keys], numeric=False),
            Column(say("trend.slope"), [slope(c) for c in found]),
            Column(say("table.interval"), [span(c) for c in found]),
            Column(
                say("table.change_certainty"),
                [say(f"change_certainty.{c.certainty}") if c and c.published else NOTHING for c in found],
                numeric=False,
            ),
        ],
    )
