"""Charts of the page that compares units and roles: published figures put into rows, cells and panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dimios_core.report.charts import Chart
from dimios_core.report.charts.group_lines import GroupLine, draw_group_lines
from dimios_core.report.charts.group_rows import SHARE_TICKS, cut_differences, draw_bars, draw_group_rows
from dimios_core.report.charts.heat import HeatRow, draw_heat
from dimios_core.report.charts.heat_sheet import HeatCell
from dimios_core.report.charts.parts import cut_scale
from dimios_core.report.charts.row_layout import GroupRow
from dimios_core.report.figures import MATURITY, WHOLE, Figure, Key
from dimios_core.report.finding import Finding
from dimios_core.report.groups.group_facts import ORGANISATION, Contrast, Group, depth_of
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.pages.internal_comparison.facts import SPREAD_PARTS
from dimios_core.report.pages.internal_comparison.findings import (
    BROAD_LEVELS,
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
    columns = [narrator.name(*k) for k in keys]
    title = say("internal.heat_title")
    return Chart(
        id="group-heat",
        name=title,
        conclusion=narrator.tell_all(find_heat(facts, groups, keys)),
        wide=draw_heat(rows, columns, scale, narrow=False),
        narrow=draw_heat(rows, columns, scale, narrow=True),
        key=say("internal.heat_key", low=f"{scale[0]:.0f}", high=f"{scale[1]:.0f}"),
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
    """Return the differences of one role from another: maturity, dimensions and categories."""
    names = [narrator.name(*c.key) for c in contrasts]
    rows = [_difference_row(narrator, c, name, 1) for c, name in zip(contrasts, names, strict=True)]
    who = {"first": (WHOLE, first), "second": (WHOLE, second)}
    title = narrator.say("internal.pair_title", **who)
    finding = find_pair(narrator.groups, first, second)
    return _interval_chart(narrator, rows, contrasts, names, title, "role-pair", finding)


def _difference_row(narrator: GroupNarrator, contrast: Contrast, name: str, depth: int) -> GroupRow:
    c = contrast.comparison
    if c.value is None:
        return GroupRow(name, depth, reason=narrator.say_reason(c.status))
    return GroupRow(name, depth, c.value, c.low, c.high, narrator.number.signed(c.value), c.certain)


def _interval_chart(
    narrator: GroupNarrator,
    rows: Sequence[GroupRow],
    contrasts: Sequence[Contrast],
    names: Sequence[str],
    title: str,
    chart_id: str,
    finding: Finding,
) -> Chart:
    scale = cut_differences([v for r in rows for v in (r.low, r.high) if v is not None])
    wide, narrow = (draw_group_rows(rows, scale, differences=True, narrow=n) for n in (False, True))
    key = narrator.say("internal.difference_key")
    table = tabulate_contrasts(narrator, contrasts, names, title)
    return Chart(chart_id, title, narrator.tell(finding), wide, narrow, key, table)


def chart_scores(narrator: GroupNarrator, groups: Sequence[Group], conclusion: str, title: str) -> Chart:
    """Return the organisation's and some groups' digital maturity with intervals."""
    facts, number = narrator.groups, narrator.number
    rows = []
    for group in (ORGANISATION, *groups):
        name, depth, f = narrator.name_who(group), depth_of(facts, group), facts.figure(group, MATURITY)
        if f.score is None:
            rows.append(GroupRow(name, depth, reason=narrator.say_reason(f)))
        else:
            rows.append(GroupRow(name, depth, f.score, f.low, f.high, number.score(f.score)))
    scale = cut_scale([v for r in rows for v in (r.low, r.high) if v is not None])
    wide, narrow = (draw_group_rows(rows, scale, differences=False, narrow=n) for n in (False, True))
    key = narrator.say("internal.scores_key", low=f"{scale[0]:.0f}", high=f"{scale[1]:.0f}")
    table = tabulate_groups(narrator, [ORGANISATION, *groups], title)
    return Chart("group-scores", title, conclusion, wide, narrow, key, table)


def chart_lines(
    narrator: GroupNarrator, groups: Sequence[Group], history: Mapping[str, Mapping[Group, Figure]]
) -> Chart | None:
    """Return digital maturity of some groups over the periods; None with fewer than two or nothing to show."""
    facts, say = narrator.groups, narrator.say
    lines, shown = [], []
    for group in groups:
        scores = {}
        for period, past in history.items():
            f = past.get(group)
            if f is not None and f.score is not None and f.low is not None and f.high is not None:
                scores[period] = (f.score, f.low, f.high)
        if scores:
            change = facts.changes.get((group, MATURITY))
            lines.append(GroupLine(narrator.name_who(group), scores, change is not None and change.certain))
            shown.append(group)
    if not lines or len(history) < 2:
        return None
    scale = cut_scale([v for line in lines for s in line.scores.values() for v in s])
    write, title, periods = narrator.number.score, say("internal.lines_title"), list(history)
    return Chart(
        id="group-lines",
        name=title,
        conclusion=narrator.tell(find_changed(facts, groups)),
        wide=draw_group_lines(lines, periods, scale, write, narrow=False),
        narrow=draw_group_lines(lines, periods, scale, write, narrow=True),
        key=say("internal.lines_key", low=f"{scale[0]:.0f}", high=f"{scale[1]:.0f}"),
        table=tabulate_lines(narrator, shown, history, title),
    )


def chart_spread(narrator: GroupNarrator) -> Chart | None:
    """Return how the spread divides; None where that is not published."""
    facts, say = narrator.groups, narrator.say
    parts = [p for p in SPREAD_PARTS if facts.spread.get(p) is not None]
    if not parts:
        return None
    rows = [
        GroupRow(say(f"internal.spread.{p}"), value=100 * share, words=narrator.number.share(share))
        for p in parts
        if (share := facts.spread[p]) is not None
    ]
    title = say("internal.spread_title")
    wide, narrow = (draw_bars(rows, SHARE_TICKS, narrow=n) for n in (False, True))
    table = tabulate_spread(narrator, parts, title)
    key = say("internal.spread_key")
    return Chart("group-spread", title, narrator.tell(find_spread(facts)), wide, narrow, key, table)


def order_pair(narrator: GroupNarrator, contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Return a pair's contrasts on maturity, dimensions and categories, in the model's order."""
    model = narrator.instrument
    keys: list[Key] = [MATURITY, *(("dimension", d.id) for d in model.dimensions)]
    keys += [("category", c.id) for c in model.categories]
    by_key = {c.key: c for c in contrasts if c.key[0] in BROAD_LEVELS}
    return [by_key[k] for k in keys if k in by_key]
