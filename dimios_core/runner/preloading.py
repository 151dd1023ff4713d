"""What a parent loads before it forks: everything that a report needs and that is nobody's data."""

from __future__ import annotations


def preload() -> None:
    """Import, compile and read once what each child would otherwise do for itself. Starts no thread."""
    from dimios_core.forking.shell import make_shell

    make_shell()  # before the libraries that look for a shell

    import nbformat
    import papermill.execute  # noqa: F401
    import pyarrow.pandas_compat  # noqa: F401

    import dimios_core.page.build
    import dimios_core.runner.finishing
    from dimios_core.published.store import keep_public
    from dimios_core.report.warming import warm_up

    warm_up()
    keep_public()
    dimios_core.page.build.load_template()
    # the first notebook compiles the schema that all are checked against
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")]))
