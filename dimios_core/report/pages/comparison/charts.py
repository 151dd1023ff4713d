"""Charts of a comparison: levels beside each other, and what differs between two."""

from __future__ import annotations

from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.intervals import draw_changes, draw_levels, make_interval
from dimios_core.report.charts.rows import Row, list_values
from dimios_core.report.charts.scales import cut_changes, cut_scale, write_ends
from dimios_core.report.drawable import bold
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.comparison.facts import ComparisonFacts, Pair
from dimios_core.report.pages.comparison.tables import tabulate_differences, tabulate_levels


def chart_levels(narrator: Narrator, facts: ComparisonFacts, conclusion: str) -> Chart | None:
    """Build rows of the organisations' levels, figure by figure; None where nobody has any."""
    keys = [
        k for k in (facts.lead, *facts.keys_of("category")) if any(k in one.levels for one in facts.chosen)
    ]
    if not keys:
        return None
    say, number, rows = narrator.say, narrator.number, []
    for key in keys:
        rows.append(Row(bold(narrator.name(*key))))
        colour = colour_of(facts.instrument, *key)
        for one in facts.chosen:
            if (level := one.levels.get(key)) is None:
                rows.append(Row(one.name, reason=say("comparison.at_end"), depth=2))
                continue
            given = one.name, level.value, level.low, level.high, number.score(level.value)
            rows.append(make_interval(*given, colour=colour))
    scale = cut_scale(list_values(rows))
    wide, narrow = draw_both(draw_levels, rows, scale)
    title, key_words = say("comparison.chart.levels"), say("comparison.chart.levels_key", **write_ends(scale))
    return Chart(
        "levels", title, conclusion, wide, narrow, key_words, tabulate_levels(narrator, facts, keys, title)
    )


def chart_differences(
    narrator: Narrator, facts: ComparisonFacts, pair: Pair, level: str, conclusion: str
) -> Chart | None:
    """Build rows of the differences of two organisations, in the model's order; None where there are none."""
    keys = [k for k in facts.keys_of(level) if k in pair.differences]
    if not keys:
        return None
    say, number = narrator.say, narrator.number
    rows = []
    for key in keys:
        d = pair.differences[key]
        words, colour = number.signed(d.value), colour_of(facts.instrument, *key)
        bold = d.certainty != "none"
        rows.append(
            make_interval(narrator.name(*key), d.value, d.low, d.high, words, bold=bold, colour=colour)
        )
    wide, narrow = draw_both(draw_changes, rows, cut_changes(list_values(rows)))
    names = {"one": pair.one.name, "other": pair.other.name}
    title, key_words = (
        say(f"comparison.chart.{level}", **names),
        say("comparison.chart.differences_key", **names),
    )
    table = tabulate_differences(narrator, pair, keys, title)
    name = f"differences-{level}-{pair.one.id}-{pair.other.id}"
    return Chart(name, title, conclusion, wide, narrow, key_words, table)
