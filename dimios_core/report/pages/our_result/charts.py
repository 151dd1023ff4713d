"""Charts of an organisation's own result, each with its conclusion and its table."""

from __future__ import annotations

from typing import Any

from dimios_core.report.charts import (
    Chart,
    draw_dont_know,
    draw_lines,
    draw_quadrant,
    draw_rows,
    reach_of_scale,
)
from dimios_core.report.data_tables import tabulate_history
from dimios_core.report.figures import MATURITY, Figure, Key
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import Facts, History, rank_points
from dimios_core.report.pages.our_result.facts import PeerPosition
from dimios_core.report.pages.our_result.findings import find_changes, find_headline, find_rows, find_unknowns
from dimios_core.report.pages.our_result.tables import (
    tabulate_changes,
    tabulate_dont_know,
    tabulate_figures,
    tabulate_positions,
)


def chart_quadrant(narrator: FactsNarrator, history: History, peers: list[PeerPosition]) -> Chart:
    """Return position, region, path over periods, and peers."""
    facts, plane = narrator.facts, narrator.facts.instrument.quadrants
    assert plane is not None
    gaps = [facts.gaps.get(("dimension", d)) for d in (plane.across, plane.upwards)]
    references = [g.reference for g in gaps if g is not None and g.reference is not None]
    mean = (references[0], references[1]) if len(references) == 2 else None
    low, high = reach_of_scale(history, peers, facts.period, plane.border)
    names = {
        f"{k}_name": narrator.name("dimension", d)
        for k, d in (("across", plane.across), ("upwards", plane.upwards))
    }
    title = narrator.say("chart.quadrant", **names)
    own = history.positions.get(facts.period)
    drawn = {
        "ring": own is not None and own.radius_major is not None,
        "group": facts.group if peers else None,
        "mean": mean is not None,
    }
    return Chart(
        id="quadrant",
        name=title,
        conclusion=narrator.tell_all(find_headline(facts)[1:2]),
        wide=draw_quadrant(narrator, history, peers, mean, narrow=False),
        narrow=draw_quadrant(narrator, history, peers, mean, narrow=True),
        key=narrator.say("chart.quadrant_key", low=f"{low:.0f}", high=f"{high:.0f}", **drawn),
        table=tabulate_positions(narrator, history, peers, title),
    )


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
    return Chart(
        id=f"rows-{level}",
        name=title,
        conclusion=narrator.tell(find_rows(facts, level)),
        wide=draw_rows(narrator, figures, narrow=False),
        narrow=draw_rows(narrator, figures, narrow=True),
        key=say("chart.rows_key", group=chosen) if chosen else say("chart.rows_key_own"),
        table=tabulate_figures(narrator, figures, title),
    )


def _lead(facts: Facts, figure: Figure) -> tuple[bool, float]:
    gap = facts.gaps.get((figure.level, figure.key))
    value = gap.value if gap is not None else None
    return value is None, -(value or 0.0)


def list_lines(facts: Facts, level: str) -> list[Key]:
    """List what is drawn over the periods: maturity with its dimensions, or the categories."""
    keys = [MATURITY] if level == "dimension" else []
    return keys + [(f.level, f.key) for f in facts.of_level(level)]


def chart_history(narrator: FactsNarrator, history: History, level: str) -> Chart | None:
    """Return lines over the periods: maturity and dimensions, or the categories; None where nothing is published."""
    facts, say = narrator.facts, narrator.say
    keys = list_lines(facts, level)
    known = (history.figures.get((p, *key)) for p in history.until(facts.period) for key in keys)
    if not any(f is not None and f.published for f in known):
        return None
    drawn = {n: draw_lines(narrator, history, keys, narrow=n) for n in (False, True)}
    title = say("chart.history")
    table = tabulate_history(narrator, history, keys, title)
    if facts.previous is not None:
        figures = [facts.figures[k] for k in keys]
        table += tabulate_changes(narrator, figures, say("page.since", period=facts.previous))
    return Chart(
        id=f"history-{level}",
        name=title,
        conclusion=" ".join(narrator.tell(f) for f in find_changes(facts)),
        wide=drawn[False],
        narrow=drawn[True],
        key=say("chart.history_key", **_shown_scale(drawn[False])),
        table=table,
    )


def chart_dont_know(narrator: FactsNarrator) -> Chart | None:
    """Return shares of don't-know, largest first; None where no point is published."""
    say, facts = narrator.say, narrator.facts
    figures = sorted(rank_points(facts), key=lambda f: -(f.dont_know_share or 0))
    if not figures:
        return None
    return Chart(
        id="dont-know",
        name=say("chart.dont_know"),
        conclusion=narrator.tell(find_unknowns(facts)),
        wide=draw_dont_know(narrator, figures, narrow=False),
        narrow=draw_dont_know(narrator, figures, narrow=True),
        key=say("chart.dont_know_key", limit=DONT_KNOW_FLAG_SHARE),
        table=tabulate_dont_know(narrator, figures, say("chart.dont_know")),
    )


def _shown_scale(figure: dict[str, Any]) -> dict[str, str]:
    """Low and high end of a chart whose panels carry them as labels."""
    ends = sorted({float(a["text"]) for a in figure["layout"]["annotations"] if a["xanchor"] == "right"})
    return {"low": f"{ends[0]:.0f}", "high": f"{ends[-1]:.0f}"}
