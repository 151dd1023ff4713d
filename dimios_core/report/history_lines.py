"""An organisation's figures over the periods as the lines of a chart, for every page that draws them."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.lines import Line, Score
from dimios_core.report.figures import Key
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import History


def list_lines(narrator: FactsNarrator, history: History, keys: Sequence[Key]) -> list[Line]:
    """List the lines of some figures up to the narrator's period: a line a figure, with its published scores.

    The last score is certain where its change since the period before is.
    """
    facts, number = narrator.facts, narrator.number
    lines = []
    for key in keys:
        scores = {}
        for period in history.until(facts.period):
            f = history.figures.get((period, *key))
            if f is None or f.score is None or f.low is None or f.high is None:
                continue
            words = number.score(f.score)
            scores[period] = Score(f.score, f.low, f.high, words, f"{period}: {words}")
        change = facts.changes.get(key)
        certain = change is not None and change.certain
        lines.append(Line(narrator.name(*key), scores, certain, colour_of(facts.instrument, *key)))
    return lines
