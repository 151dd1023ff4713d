"""Charts of the page that compares units and roles: published figures put into rows, cells and panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dimios_core.instrument.lead import lead_of, list_upper_keys
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.group_rows import (
    SHARE_TICKS,
    draw_group_bars,
    draw_group_rows,
    make_group,
    make_group_bar,
)
from dimios_core.report.charts.heat import HeatRow, draw_heat
from dimios_core.report.charts.heat_sheet import HeatCell
from dimios_core.report.charts.legend import list_drawn
from dimios_core.report.charts.lines import Line, Score, cut_lines, draw_group_lines
from dimios_core.report.charts.rows import Row, list_values
from dimios_core.report.charts.scales import WHOLE_SCALE, cut_differences, cut_scale, write_ends
from dimios_core.report.figures import BROAD_LEVELS, WHOLE, Figure, Key
from dimios_core.report.finding import Finding
from dimios_core.report.groups.group_facts import ORGANISATION, Contrast, Group, depth_of
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.pages.internal_comparison.facts import SPREAD_PARTS
from dimios_core.report.pages.internal_comparison.findings import (
    find_changed,
    find_difference_rows,
    find_heat,
    find_pair,
    find_spread,
)
from dimios_core.report.pages.internal_comparison.tables import (
    tabulate_contrasts,
    tabulate_groups,
    tabulate_heat,
    tabulate_lines,
    tabulate_spread,
)


def chart_heat(narrator: GroupNarrator, groups: Sequence[Group], keys: Sequence[Key]) -> Chart:
    """Return the heat map of the organisation and its groups on some figures."""
    facts, say = narrator.groups, narrator.say
    certain = {((c.unit, c.role), c.key) for c in facts.contrasts if not c.other and c.comparison.certain}
    rows = [
        HeatRow(
            narrator.name_who(g),
            depth_of(facts, g),
            [_cell(narrator, facts.figure(g, k), (g, k) in certain) for k in keys],
            apart=g[1] != WHOLE and before[0] != WHOLE,
        )
        for before, g in pairwise((ORGANISATION, ORGANISATION, *groups))
    ]
    points = keys[0][0] == "point"
    scale = cut_scale(
        [
            f.score
            for (_, k), f in facts.figures.items()
            if f.score is not None and (k[0] == "point") == points
        ]
    )
    wide, narrow = draw_both(draw_heat, rows, [narrator.name(*k) for k in keys], scale)
    title = say("internal.heat_title")
    return Chart(
        id="group-heat",
        name=title,
        conclusion=narrator.tell_all(find_heat(facts, groups, keys)),
        wide=wide,
        narrow=narrow,
        key=say(
            "internal.heat_key",
            hatched=any(cell.score is None for row in rows for cell in row.cells),
            **list_drawn(wide),
            **write_ends(scale),
        ),
        table=tabulate_heat(narrator, [ORGANISATION, *groups], keys, title),
    )


def _cell(narrator: GroupNarrator, figure: Figure, certain: bool) -> HeatCell:
    if figure.score is None or figure.low is None or figure.high is None:
        return HeatCell(None, reason=narrator.say_reason(figure))
    sign = {"at_most": "≤\u00a0", "at_least": "≥\u00a0"}.get(figure.bound, "")
    interval = f"{figure.low:.0f}–{figure.high:.0f}"
    return HeatCell(figure.score, f"{sign}{figure.score:.0f}", interval, certain)


def chart_differences(
    narrator: GroupNarrator, contrasts: Sequence[Contrast], key: Key, title: str, chart_id: str
) -> Chart:
    """Return the groups' differences from the rest of the organisation on one figure."""
    rows = [
        _difference_row(narrator, c, narrator.name_who(c), depth_of(narrator.groups, (c.unit, c.role)))
        for c in contrasts
    ]
    names = [narrator.name_who(c) for c in contrasts]
    return _interval_chart(
        narrator, rows, contrasts, names, title, chart_id, find_difference_rows(contrasts, key)
    )


def chart_pair(narrator: GroupNarrator, contrasts: Sequence[Contrast], first: str, second: str) -> Chart:
    """Return the differences of one role from another: composite, dimensions and categories."""
    names = [narrator.name(*c.key) for c in contrasts]
    rows = [_difference_row(narrator, c, name, 1) for c, name in zip(contrasts, names, strict=True)]
    who = {"first": (WHOLE, first), "second": (WHOLE, second)}
    title = narrator.say("internal.pair_title", **who)
    finding = find_pair(narrator.groups, first, second, lead_of(narrator.instrument))
    return _interval_chart(narrator, rows, contrasts, names, title, "role-pair", finding)


def _difference_row(narrator: GroupNarrator, contrast: Contrast, name: str, depth: int) -> Row:
    c = contrast.comparison
    if c.value is None:
        return Row(name, reason=narrator.say_reason(c.status), depth=depth)
    words = narrator.number.signed(c.value)
    return make_group(name, depth, c.value, c.low, c.high, words, certain=c.certain, filled=c.certain)


def _interval_chart(
    narrator: GroupNarrator,
    rows: Sequence[Row],
    contrasts: Sequence[Contrast],
    names: Sequence[str],
    title: str,
    chart_id: str,
    finding: Finding,
) -> Chart:
    wide, narrow = draw_both(draw_group_rows, rows, cut_differences(list_values(rows)))
    key = narrator.say("internal.difference_key", **list_drawn(wide))
    table = tabulate_contrasts(narrator, contrasts, names, title)
    return Chart(chart_id, title, narrator.tell(finding), wide, narrow, key, table)


def chart_scores(narrator: GroupNarrator, groups: Sequence[Group], conclusion: str, title: str) -> Chart:
    """Return what the page leads with of the organisation and some groups, with intervals."""
    facts, number = narrator.groups, narrator.number
    rows = []
    for group in (ORGANISATION, *groups):
        name, depth, f = (
            narrator.name_who(group),
            depth_of(facts, group),
            facts.figure(group, lead_of(narrator.instrument)),
        )
        if f.score is None:
            rows.append(Row(name, reason=narrator.say_reason(f), depth=depth))
        else:
            rows.append(make_group(name, depth, f.score, f.low, f.high, number.score(f.score)))
    wide, narrow = draw_both(draw_group_rows, rows, WHOLE_SCALE)
    key = narrator.say("internal.scores_key", **write_ends(WHOLE_SCALE))
    table = tabulate_groups(narrator, [ORGANISATION, *groups], title)
    return Chart("group-scores", title, conclusion, wide, narrow, key, table)


def chart_lines(
    narrator: GroupNarrator, groups: Sequence[Group], history: Mapping[str, Mapping[Group, Figure]]
) -> Chart | None:
    """Return what the page leads with of some groups over the periods; None with fewer than two or nothing to show."""
    facts, say = narrator.groups, narrator.say
    lines, shown = [], []
    for group in groups:
        scores, name = {}, narrator.name_who(group)
        for period, past in history.items():
            f = past.get(group)
            if f is not None and f.score is not None and f.low is not None and f.high is not None:
                words = narrator.number.score(f.score)
                scores[period] = Score(f.score, f.low, f.high, words, f"{name}, {period}: {words}")
        if scores:
            change = facts.changes.get((group, lead_of(narrator.instrument)))
            lines.append(Line(name, scores, change is not None and change.certain))
            shown.append(group)
    if not lines or len(history) < 2:
        return None
    scale, title = cut_lines(lines), say("internal.lines_title")
    wide, narrow = draw_both(draw_group_lines, lines, list(history), scale)
    return Chart(
        id="group-lines",
        name=title,
        conclusion=narrator.tell(find_changed(facts, groups)),
        wide=wide,
        narrow=narrow,
        key=say(
            "internal.lines_key",
            bold=any(line.certain for line in lines),
            gaps=any(len(line.scores) < len(history) for line in lines),
            **write_ends(scale),
        ),
        table=tabulate_lines(narrator, shown, history, title),
    )


def chart_spread(narrator: GroupNarrator) -> Chart | None:
    """Return how the spread divides; None where that is not published."""
    facts, say = narrator.groups, narrator.say
    parts = [p for p in SPREAD_PARTS if facts.spread.get(p) is not None]
    if not parts:
        return None
    rows = [
        make_group_bar(say(f"internal.spread.{p}"), 1, 100 * share, narrator.number.share(share))
        for p in parts
        if (share := facts.spread[p]) is not None
    ]
    title = say("internal.spread_title")
    wide, narrow = draw_both(draw_group_bars, rows, SHARE_TICKS)
    table = tabulate_spread(narrator, parts, title)
    key = say("internal.spread_key")
    return Chart("group-spread", title, narrator.tell(find_spread(facts)), wide, narrow, key, table)


def order_pair(narrator: GroupNarrator, contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Return a pair's contrasts on composite, dimensions and categories, in the model's order."""
    model = narrator.instrument
    keys = list_upper_keys(model)
    keys += [("category", c.id) for c in model.categories]
    by_key = {c.key: c for c in contrasts if c.key[0] in BROAD_LEVELS}
    return [by_key[k] for k in keys if k in by_key]
