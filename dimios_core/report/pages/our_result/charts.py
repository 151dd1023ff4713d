"""Charts of an organisation's own result, each with its conclusion and its table."""

from __future__ import annotations

from dimios_core.instrument.lead import list_upper_keys
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.intervals import DIFFERENCES, draw_levels, make_interval, mark_reference
from dimios_core.report.charts.legend import list_drawn
from dimios_core.report.charts.lines import cut_lines, draw_lines
from dimios_core.report.charts.quadrant import Cell, Place, Plane, Region, draw_quadrant
from dimios_core.report.charts.rows import Row
from dimios_core.report.charts.scales import WHOLE_SCALE, Scale, cut_around, write_ends
from dimios_core.report.charts.shares import draw_shares, make_fine_share
from dimios_core.report.data_tables import say_score, say_unknown, tabulate_history
from dimios_core.report.figures import Figure, Key
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE, is_flagged
from dimios_core.report.history_lines import list_lines
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import Facts, History, rank_unknowns
from dimios_core.report.pages.our_result.facts import PeerPosition
from dimios_core.report.pages.our_result.findings import find_changes, find_position, find_rows
from dimios_core.report.pages.our_result.tables import (
    tabulate_changes,
    tabulate_dont_know,
    tabulate_figures,
    tabulate_positions,
)

#: levels whose lines over the periods can be chosen
HISTORY_LEVELS = ("dimension", "category")


def chart_quadrant(narrator: FactsNarrator, history: History, peers: list[PeerPosition]) -> Chart:
    """Return position, region, path over periods, and peers."""
    facts, plane = narrator.facts, narrator.facts.instrument.quadrants
    assert plane is not None
    gaps = [facts.gaps.get(("dimension", d)) for d in (plane.across, plane.upwards)]
    references = [g.reference for g in gaps if g is not None and g.reference is not None]
    scale = cut_plane(history, peers, facts.period, plane.border)
    across, upwards = (narrator.name("dimension", d) for d in (plane.across, plane.upwards))
    cells = [
        Cell(c.id, facts.instrument.text(c.name, narrator.language), c.across == "high", c.upwards == "high")
        for c in plane.cells
    ]

    def place(name: str, across_pct: float, upwards_pct: float) -> Place:
        scores = ((across, across_pct), (upwards, upwards_pct))
        told = ", ".join(f"{of} {narrator.number.score(pct)}" for of, pct in scores)
        return Place(name, across_pct, upwards_pct, f"{name}: {told}" if name else told)

    path = [place(p.name, p.across, p.upwards) for p in _list_path(history, facts.period)]
    mean = None
    if len(references) == 2 and facts.group is not None:
        mean = place(narrator.say("page.peers_mean", group=facts.group), *references)
    region = find_region(history, facts.period)
    title = narrator.say("chart.quadrant", across_name=across, upwards_name=upwards)
    wide, narrow = draw_both(
        draw_quadrant,
        Plane(across, upwards, plane.border, cells),
        path,
        f"{narrator.say('chart.quadrant_you')} {path[-1].name}" if path else "",
        region,
        [place(p.name, p.across, p.upwards) for p in peers],
        mean,
        scale,
    )
    drawn = {"ring": region is not None, "group": facts.group if peers else None, "mean": mean is not None}
    key = narrator.say("chart.quadrant_key", **write_ends(scale), **drawn)
    conclusion = narrator.tell_all(find_position(facts))
    table = tabulate_positions(narrator, history, peers, title)
    return Chart("quadrant", title, conclusion, wide, narrow, key, table)


def _list_path(history: History, period: str) -> list[Place]:
    """List the places of the periods up to one, as far as they are published."""
    return [
        Place(p, place.across, place.upwards)
        for p in history.until(period)
        if (place := history.positions.get(p)) and place.across is not None and place.upwards is not None
    ]


def find_region(history: History, period: str) -> Region | None:
    """Return the joint region around one's own place in a period; None where it is not published."""
    own = history.positions.get(period)
    if own is None or own.across is None or own.upwards is None or own.radius_major is None:
        return None
    return Region(own.across, own.upwards, own.radius_major, own.radius_minor or 0, own.angle or 0)


def cut_plane(history: History, peers: list[PeerPosition], period: str, border: float) -> Scale:
    """Return the part of 0-100 that shows one's own places with the last one's intervals, and the peers."""
    path = _list_path(history, period)
    values = [v for p in path for v in (p.across, p.upwards)]
    if path and path[-1].name == period:
        now, half = path[-1], history.positions[period]
        for value, reach in ((now.across, half.half_across), (now.upwards, half.half_upwards)):
            values += [value - (reach or 0), value + (reach or 0)]
    return cut_around(border, values + [v for peer in peers for v in (peer.across, peer.upwards)])


def chart_rows(narrator: FactsNarrator, level: str) -> Chart:
    """Return interval rows of a level ("dimension", "category", "point") against the chosen peer group."""
    facts, say = narrator.facts, narrator.say
    figures = facts.of_level(level)
    if level == "point" and facts.gaps:
        figures = sorted(figures, key=lambda f: _lead(facts, f))
    name, chosen = say(f"chart.levels.{level}"), facts.group
    title = (
        say("chart.rows_title", level=name, group=chosen)
        if chosen
        else say("chart.rows_title_own", level=name)
    )
    wide, narrow = (
        draw_levels([_row(narrator, f, n) for f in figures], WHOLE_SCALE, DIFFERENCES, narrow=n)
        for n in (False, True)
    )
    key = say("chart.rows_key", group=chosen, **list_drawn(wide)) if chosen else say("chart.rows_key_own")
    table = tabulate_figures(narrator, figures, title)
    return Chart(f"rows-{level}", title, narrator.tell(find_rows(facts, level)), wide, narrow, key, table)


def _row(narrator: FactsNarrator, figure: Figure, narrow: bool) -> Row:
    """Make the row of a figure: the difference at its right, on a phone with the result before it."""
    facts, number = narrator.facts, narrator.number
    name, gap = narrator.name(figure.level, figure.key), facts.gaps.get((figure.level, figure.key))
    if not figure.published or figure.score is None:
        return Row(name, reason=narrator.say(f"status.{figure.status}"))
    words, reference = say_score(narrator, figure), None
    if gap is not None and gap.value is not None:
        words = f"{words} ({number.signed(gap.value)})" if narrow else number.signed(gap.value)
    if gap is not None and gap.reference is not None:
        reference = mark_reference(gap.reference, f"{name}: {number.score(gap.reference)}")
    return make_interval(
        name,
        figure.score,
        figure.low,
        figure.high,
        words,
        bold=gap is not None and gap.value is not None and gap.certain,
        colour=colour_of(facts.instrument, figure.level, figure.key),
        text=number.score(figure.score),
        reference=reference,
    )


def _lead(facts: Facts, figure: Figure) -> tuple[bool, float]:
    gap = facts.gaps.get((figure.level, figure.key))
    value = gap.value if gap is not None else None
    return value is None, -(value or 0.0)


def list_levels(facts: Facts, level: str) -> list[Key]:
    """List what is drawn over the periods: the composite with its dimensions, or the categories."""
    if level == "dimension":
        return list_upper_keys(facts.instrument)
    return [(f.level, f.key) for f in facts.of_level(level)]


def chart_history(narrator: FactsNarrator, history: History, level: str) -> Chart | None:
    """Return lines over the periods: composite and dimensions, or the categories; None where nothing is published."""
    facts, say = narrator.facts, narrator.say
    keys = list_levels(facts, level)
    lines = list_lines(narrator, history, keys)
    if not any(line.scores for line in lines):
        return None
    # the same whichever level is chosen
    both = [list_levels(facts, one) for one in HISTORY_LEVELS]
    scale = cut_lines(list_lines(narrator, history, [key for keys_of in both for key in keys_of]))
    wide, narrow = draw_both(draw_lines, lines, history.until(facts.period), scale)
    title = say("chart.history")
    table = tabulate_history(narrator, history, keys, title)
    if facts.previous is not None:
        figures = [facts.figures[k] for k in keys]
        table += tabulate_changes(narrator, figures, say("page.since", period=facts.previous))
    return Chart(
        id=f"history-{level}",
        name=title,
        conclusion=narrator.tell_all(find_changes(facts, keys)),
        wide=wide,
        narrow=narrow,
        key=say("chart.history_key", bold=any(line.certain for line in lines), **write_ends(scale)),
        table=table,
    )


def chart_dont_know(narrator: FactsNarrator, conclusion: str) -> Chart | None:
    """Return shares of don't-know, largest first; None where no point is published. What it says is the messages'."""
    say, facts = narrator.say, narrator.facts
    figures = rank_unknowns(facts)
    if not figures:
        return None
    rows = [
        make_fine_share(
            narrator.name(f.level, f.key),
            f.dont_know_share or 0.0,
            say_unknown(narrator, f),
            bold=is_flagged(f),
        )
        for f in figures
    ]
    wide, narrow = draw_both(draw_shares, rows, DIFFERENCES, base_on_phones=True)
    key, title = (
        say("chart.dont_know_key", limit=DONT_KNOW_FLAG_SHARE, **list_drawn(wide)),
        say("chart.dont_know"),
    )
    table = tabulate_dont_know(narrator, figures, title)
    return Chart("dont-know", title, conclusion, wide, narrow, key, table)
