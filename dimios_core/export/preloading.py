"""What a parent loads before it forks a child for each report: all that makes files, and what all may read."""

from __future__ import annotations

import importlib

MAKERS = (
    "dimios_core.export.pdf",
    "dimios_core.export.slides.county",
    "dimios_core.export.slides.organisation",
    "dimios_core.export.workbook.plan",
    "dimios_core.office.pdf.paper",
    "dimios_core.office.slides.deck",
    "dimios_core.office.workbook.book",
)


def preload() -> None:
    """Import, compile and read once what each child would otherwise do for itself. Starts no thread."""
    import nbformat
    import pyarrow.pandas_compat  # noqa: F401

    from dimios_core.page.assets import pack_plotly
    from dimios_core.published.store import keep_public
    from dimios_core.report.warming import warm_up

    for name in MAKERS:
        try:
            module = importlib.import_module(name)
            if hasattr(module, "load_compiler"):
                module.load_compiler()
        except ImportError:  # what a format needs beyond the project's own was asked for before
            continue
    warm_up()
    keep_public()
    pack_plotly()
    # the first notebook compiles the schema that all are checked against
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")]))
