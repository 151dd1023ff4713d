"""A report shown by itself: which sections it has, how each is called, and which charts there are."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from html import escape

from dimios_core.report.charts.chart import Charts, write_calls

#: what a section's method says that it returns
SECTIONS = ("Piece", "LivePiece")


def list_calls(page: type) -> dict[str, str]:
    """List what a notebook calls for the sections of a page, in their order, with the first line of each one's help."""
    found = {}
    for name, method in vars(page).items():
        if name.startswith("_") or not inspect.isfunction(method):
            continue
        signature = inspect.signature(method)
        if signature.return_annotation in SECTIONS:
            _, *given = signature.parameters.values()
            told = ", ".join(str(p.replace(annotation=p.empty)) for p in given)
            found[f"report.{name}({told})"] = (inspect.getdoc(method) or "").partition("\n")[0]
    return found


def overview_text(about: str, sections: Mapping[str, str], charts: Charts) -> str:
    """Write what a report holds as plain text: a line a section, then a line a chart."""
    lines = [f"{call}  {words}" for call, words in sections.items()]
    return "\n".join([about, *lines, *([repr(charts)] if charts else [])])


def overview_html(about: str, sections: Mapping[str, str], charts: Charts) -> str:
    """Write what a report holds as HTML: a table of its sections, and one of its charts."""
    listed = charts._repr_html_() if charts else ""
    return f"<p><b>{escape(about)}</b></p>{write_calls('Sections', sections)}{listed}"
