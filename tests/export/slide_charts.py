"""Reads the levels that a slide's chart draws: names at its edge, dots, and the ends of bands."""

from __future__ import annotations

from pptx.chart.chart import Chart

OWN, INTERVAL = "Vårt resultat", "Osäkerhet (95 %)"


def read_rows(chart: Chart) -> dict[str, tuple[float, float, float]]:
    """Read rows of levels: name -> (score, low, high); empty for a chart of something else."""
    series = [s for plot in chart.plots for s in plot.series]
    named = {s.name: s for s in series}
    if not {OWN, INTERVAL, ""} <= named.keys():
        return {}
    labels = named[""]
    names = {place: labels.points[i].data_label.text_frame.text for i, place in enumerate(labels.values)}
    if len({*_across(labels)}) > 1:  # levels side by side, in time
        return {}
    dots = dict(zip(named[OWN].values, _across(named[OWN]), strict=True))
    bands = {s.values[0]: _across(s)[:2] for s in series if s.name.startswith(INTERVAL)}
    return {names[place]: (score, *bands[place]) for place, score in dots.items()}


def _across(series) -> list[float]:
    return [float(v.text) for v in series._element.xVal.iter("{*}v")]
