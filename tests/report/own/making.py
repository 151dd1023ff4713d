"""An own page on an organisation of the demo, with every kind of figure that is drawn."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import plotly.express as px
from plotly.graph_objects import Figure

from dimios_core.report import OwnPage

SENTENCE = "Så ser det ut."


def open_own(results: Path, organisation: str = "almvik", language: str = "sv") -> OwnPage:
    """Open an own page."""
    return OwnPage("Teknik", organisation, "2026", language, str(results))


def pick(report: OwnPage, level: str) -> pd.DataFrame:
    """Pick the published scores of the whole organisation on a level, named, with the reach of their intervals."""
    rows = report.published.scores.query(
        "unit == '*' and role == '*' and status == 'published' and level == @level"
    )
    rows = report.named(rows)
    return rows.assign(above=rows["ci_high"] - rows["score"], below=rows["score"] - rows["ci_low"])


def make_figures(report: OwnPage) -> dict[str, Figure]:
    """Make a plotly figure of each kind."""
    all_years, dimensions = pick(report, "category"), pick(report, "dimension")
    now = all_years.query("period == '2026'")
    two = all_years.query("period in ('2025', '2026')")
    ends = {"error_x": "above", "error_x_minus": "below"}
    return {
        "bars": px.bar(now, x="key", y="score", title="Staplar"),
        "lying bars": px.bar(now, x="score", y="key", orientation="h", **ends),
        "counts": px.bar(now, x="key", y="n"),
        "marks": px.scatter(now, x="score", y="key", **ends),
        "series": px.scatter(two, x="score", y="key", color="period"),
        "grouped bars": px.bar(two, x="key", y="score", color="period", barmode="group"),
        "lines": px.line(
            dimensions, x="period", y="score", color="key", error_y="above", error_y_minus="below"
        ),
    }


def show_all(results: Path) -> OwnPage:
    """Open an own page that has shown each kind of figure."""
    report = open_own(results)
    for kind, figure in make_figures(report).items():
        report.section(kind, SENTENCE, figure)
    return report
