"""Charts of the national report: facts -> a chart with its conclusion and its table."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import INK, colour_of
from dimios_core.report.charts.intervals import draw_changes, draw_levels, make_interval
from dimios_core.report.charts.legend import list_drawn
from dimios_core.report.charts.rows import Row, list_values
from dimios_core.report.charts.scales import WHOLE_SCALE, cut_changes, write_ends
from dimios_core.report.charts.shares import draw_shares, make_share
from dimios_core.report.charts.years import Mean, YearLines, draw_years
from dimios_core.report.dates import time_of
from dimios_core.report.figures import Bin, Key
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.national_status.facts import Coverage, SpreadPart
from dimios_core.report.pages.national_status.tables import (
    name_coverage,
    name_groups,
    tabulate_bins,
    tabulate_coverage,
    tabulate_panel,
    tabulate_sector,
    tabulate_spread,
    tabulate_unknowns,
    tabulate_years,
)
from dimios_core.report.reference import Reference
from dimios_core.report.sector.messages import rank_unknowns
from dimios_core.report.sector.sector_facts import (
    EVERYBODY,
    GroupChange,
    GroupLevel,
    SectorFacts,
    list_keys,
    rank_levels,
)
from dimios_core.report.sector.wording import say_status


def chart_years(
    narrator: Narrator,
    years: dict[str, GroupLevel],
    group: str,
    reference: Reference,
    conclusion: str,
    demo: bool,
) -> Chart | None:
    """Build the line over the years with published figures and targets; None where no mean is published."""
    means = [
        Mean(time_of(p), p, f.mean, f.low, f.high)
        for p, f in years.items()
        if f.published and f.mean is not None
    ]
    if not means:
        return None
    # published figures and targets are about all organisations
    shown = reference if group == EVERYBODY else Reference()
    targets = []
    for t in shown.targets:
        words = narrator.say("sector.target", score=t.to_score)
        targets.append((float(t.from_year), t.from_score, float(t.to_year), t.to_score, words))
    published = [(float(r.year), r.score) for r in shown.lines]
    name = narrator.say(f"sector.means.{'demo' if demo else 'measured'}")
    lines = YearLines(
        means, published, targets, name=name, published_name=narrator.say("sector.means.published")
    )
    wide, narrow = draw_both(draw_years, lines, narrator.number)
    title = narrator.say("sector.chart.development")
    key = narrator.say(
        "sector.chart.development_key",
        published=bool(shown.lines),
        target=bool(targets),
        **write_ends(lines.scale()),
    )
    return Chart(
        "development", title, conclusion, wide, narrow, key, tabulate_years(narrator, years, shown, title)
    )


def chart_types(narrator: Narrator, groups: Sequence[SectorFacts], key: Key, conclusion: str) -> Chart:
    """Build rows of the types of organisations, those not shown with the reason."""
    names = name_groups(narrator, groups)
    levels = [g.levels.get(key) or GroupLevel(*key, status="no_answers") for g in groups]
    changes = [g.changes.get(key) for g in groups]
    rows = [_row(narrator, n, f, c, INK) for n, f, c in zip(names, levels, changes, strict=True)]
    title = narrator.say("sector.chart.types", name=narrator.name(*key))
    return _chart_rows(
        narrator,
        "types",
        title,
        rows,
        _previous(groups),
        conclusion,
        tabulate_sector(narrator, names, levels, changes, title),
    )


def chart_levels(narrator: Narrator, facts: SectorFacts, levels: Sequence[str], conclusion: str) -> Chart:
    """Build rows of the figures of some levels: points highest first, others in the model's order."""
    figures = [f for level in levels for f in facts.of_level(level)]
    if levels == ("point",):
        ranked = rank_levels(facts, "point")
        figures = ranked + [f for f in figures if not f.published]
    names = [narrator.name(f.level, f.key) for f in figures]
    changes = [facts.changes.get((f.level, f.key)) for f in figures]
    rows = [
        _row(narrator, n, f, c, colour_of(facts.instrument, f.level, f.key))
        for n, f, c in zip(names, figures, changes, strict=True)
    ]
    name = "points" if levels == ("point",) else "categories"
    title = narrator.say(f"sector.chart.{name}", group=facts.name)
    table = tabulate_sector(narrator, names, figures, changes, title)
    return _chart_rows(narrator, name, title, rows, facts.previous, conclusion, table)


def _previous(groups: Sequence[SectorFacts]) -> str | None:
    return next((g.previous for g in groups if g.previous is not None), None)


def _row(narrator: Narrator, name: str, level: GroupLevel, change: GroupChange | None, colour: str) -> Row:
    if not level.published or level.mean is None:
        return Row(name, reason=say_status(narrator, level.status))
    words, certain = narrator.number.score(level.mean), False
    if change is not None and change.published and change.change is not None:
        words, certain = f"{words} ({narrator.number.signed(change.change)})", change.certain
    return make_interval(name, level.mean, level.low, level.high, words, bold=certain, colour=colour)


def _chart_rows(
    narrator: Narrator,
    name: str,
    title: str,
    rows: Sequence[Row],
    previous: str | None,
    conclusion: str,
    table: Markup,
) -> Chart:
    wide, narrow = draw_both(draw_levels, rows, WHOLE_SCALE)
    ends = write_ends(WHOLE_SCALE)
    if previous is None:
        key = narrator.say("sector.chart.rows_key_first", **ends)
    else:
        key = narrator.say("sector.chart.rows_key", previous=previous, **list_drawn(wide), **ends)
    return Chart(name, title, conclusion, wide, narrow, key, table)


def chart_panel(narrator: Narrator, facts: SectorFacts, conclusion: str) -> Chart | None:
    """Build rows of the changes of composite, dimensions and categories; None where none is published."""
    keys = [k for k in list_keys(facts.instrument) if k[0] != "point"]
    changes = [c for k in keys if (c := facts.changes.get(k)) is not None and c.published]
    if not changes or facts.previous is None:
        return None
    rows = [
        make_interval(
            narrator.name(c.level, c.key), value, c.low, c.high, narrator.number.signed(value),
            bold=c.certain, colour=colour_of(facts.instrument, c.level, c.key),
        )
        for c in changes
        for value in (c.change or 0.0,)
    ]  # fmt: skip
    wide, narrow = draw_both(draw_changes, rows, cut_changes(list_values(rows)))
    title = narrator.say("sector.chart.panel", previous=facts.previous)
    table = tabulate_panel(narrator, facts, changes, title)
    return Chart(
        "panel",
        title,
        conclusion,
        wide,
        narrow,
        narrator.say("sector.chart.panel_key", **list_drawn(wide)),
        table,
    )


def chart_spread(narrator: Narrator, parts: Sequence[SpreadPart], conclusion: str) -> Chart | None:
    """Build bars of the shares of the spread."""
    bars = [
        make_share(
            narrator.say(f"sector.parts.{p.part}"),
            p.share,
            narrator.number.share(p.share),
            low=p.low,
            high=p.high,
        )
        for p in parts
    ]
    title = narrator.say("sector.chart.spread")
    key = narrator.say("sector.chart.spread_key")
    return _chart_bars("spread", title, bars, conclusion, key, tabulate_spread(narrator, parts, title))


def chart_distribution(narrator: Narrator, bins: Sequence[Bin], conclusion: str) -> Chart | None:
    """Build bars of how many organisations lie in each part of the scale."""
    total = sum(b.organisations_n for b in bins)
    bars = [
        make_share(
            narrator.say("sector.bin", low=b.low, high=b.high), b.organisations_n / total,
            narrator.say("sector.taking_part", n=b.organisations_n, of_n=total),
        )
        for b in bins
    ]  # fmt: skip
    title, key = narrator.say("sector.chart.distribution"), narrator.say("sector.chart.distribution_key")
    return _chart_bars("distribution", title, bars, conclusion, key, tabulate_bins(narrator, bins, title))


def chart_unknowns(narrator: Narrator, facts: SectorFacts, conclusion: str) -> Chart | None:
    """Build bars of the shares of don't-know, largest first."""
    points = rank_unknowns(facts)
    bars = []
    for p in points:
        share = p.dont_know_share or 0.0
        name, words = narrator.name(p.level, p.key), narrator.number.share(share)
        bars.append(make_share(name, share, words, bold=share > DONT_KNOW_FLAG_SHARE))
    title = narrator.say("sector.chart.dont_know")
    key = narrator.say(
        "sector.chart.dont_know_key", limit=DONT_KNOW_FLAG_SHARE, bold=any(b.bold for b in bars)
    )
    return _chart_bars("dont-know", title, bars, conclusion, key, tabulate_unknowns(narrator, points, title))


def chart_coverage(
    narrator: Narrator, coverage: Sequence[Coverage], kind: str, conclusion: str
) -> Chart | None:
    """Build bars of how large a part takes part: of the types, or of the counties' municipalities."""
    drawn = [c for c in coverage if c.kind == kind]
    bars = []
    for c in drawn:
        n, name = c.organisations_n or 0, name_coverage(narrator, c)
        if c.frame_n:
            words = narrator.say("sector.taking_part", n=n, of_n=c.frame_n)
            bars.append(make_share(name, n / c.frame_n, words))
        else:
            bars.append(Row(name, reason=narrator.say("sector.unknown_frame", n=n)))
    by_type = kind == "type"
    title = narrator.say(f"sector.chart.{'types' if by_type else 'counties'}_part")
    rows = [c for c in coverage if c.kind in ("all", "type")] if by_type else drawn
    caption = narrator.say(f"sector.table.{'type' if by_type else 'county'}_caption")
    table = tabulate_coverage(narrator, rows, caption)
    if not by_type:
        whole = [c for c in coverage if c.kind == "county"]
        table = tabulate_coverage(narrator, drawn, title) + tabulate_coverage(narrator, whole, caption)
    name = "types-part" if by_type else "counties-part"
    return _chart_bars(name, title, bars, conclusion, narrator.say("sector.chart.part_key"), table)


def _chart_bars(
    name: str, title: str, bars: Sequence[Row], conclusion: str, key: str, table: Markup
) -> Chart | None:
    if not bars:
        return None
    wide, narrow = draw_both(draw_shares, bars)
    return Chart(name, title, conclusion, wide, narrow, key, table)
