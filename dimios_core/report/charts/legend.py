"""Which of its kinds of marks a drawing has, so that its key explains these and no others."""

from __future__ import annotations

from dimios_core.report.charts.parts import Drawing
from dimios_core.report.drawable import read_weight


def list_drawn(drawing: Drawing) -> dict[str, bool]:
    """Tell what is drawn, as texts of keys ask for it.

    Parameters
    ----------
    drawing : dict
        Rows or a heat map.

    Returns
    -------
    dict
        `bold`: a figure is bold; `rings`: a mark is open.

    Examples
    --------
    >>> rows = [{"mode": "markers", "x": [50], "marker": {"symbol": "circle-open"}}]
    >>> words = [{"text": "<b>+5</b>", "xref": "paper", "xanchor": "right"}]
    >>> list_drawn({"data": rows, "layout": {"annotations": words}})
    {'bold': True, 'rings': True}
    """
    # what is written at the right of rows, and in the cells of a map: names may be bold for other reasons
    figures = [
        note["text"]
        for note in drawing["layout"]["annotations"]
        if note["xref"] == "paper" and note["xanchor"] == "right"
    ]
    figures += [text for trace in drawing["data"] if trace["mode"] == "text" for text in trace["text"]]
    forms = {t["marker"]["symbol"] for t in drawing["data"] if t["mode"] == "markers" and t["x"]}
    return {"bold": any(read_weight(text)[1] for text in figures), "rings": "circle-open" in forms}
