"""What a parent loads before it forks a child for each report: all that makes files, and what all may read."""

from __future__ import annotations

import importlib

MAKERS = (
    "dimios_core.export.pdf",
    "dimios_core.export.slides.county",
    "dimios_core.export.slides.national",
    "dimios_core.export.slides.organisation",
    "dimios_core.export.workbook.many",
    "dimios_core.export.workbook.plan",
    "dimios_core.office.pdf.paper",
    "dimios_core.office.slides.deck",
    "dimios_core.office.workbook.book",
)


def preload() -> None:
    """Import, compile and read once what each child would otherwise do for itself. Starts no thread."""
    from dimios_core.page.assets import pack_plotly
    from dimios_core.page.preloading import preload_more, preload_reports

    for name in MAKERS:
        try:
            module = importlib.import_module(name)
            if hasattr(module, "load_compiler"):
                module.load_compiler()
        except ImportError:  # what a format needs beyond the project's own was asked for before
            continue
    preload_reports()
    preload_more()
    pack_plotly()
