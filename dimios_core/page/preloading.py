"""What a parent of children that work on reports loads before it forks."""

from __future__ import annotations


def preload_reports(*languages: str) -> None:
    """Import, compile and read once what every such child would otherwise do for itself; see `warm_up`. Starts no thread."""
    import nbformat

    from dimios_core.published.store import keep_public
    from dimios_core.report.warming import prepare_pages, warm_up

    warm_up(languages)
    keep_public()
    prepare_pages(languages)
    # the first notebook compiles the schema that all are checked against
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")]))


def preload_more() -> None:
    """Import what stored pages of this program do without, and notebooks of one's own and live pages may use: pandas and widgets."""
    import pyarrow.pandas_compat  # noqa: F401

    import dimios_core.published.shaping  # noqa: F401
    from dimios_core.report.warming import warm_up_controls

    warm_up_controls()
