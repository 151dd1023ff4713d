"""What a parent loads before it forks: everything that a report needs and that is nobody's data."""

from __future__ import annotations

from importlib.util import find_spec


def preload(*languages: str) -> None:
    """Import, compile and read once what each child of reports in these languages would otherwise do for itself.

    All languages that may be read where none is named. Starts no thread.
    """
    from dimios_core.forking.shell import learn_sources, make_shell

    make_shell()  # before the libraries that look for a shell

    import papermill.execute  # noqa: F401

    import dimios_core.runner.finishing
    import dimios_core.runner.scrubbing  # noqa: F401
    from dimios_core.page.build import load_parts
    from dimios_core.page.preloading import preload_reports
    from dimios_core.runner.notebooks import keep_notebooks

    _look_for_no_black()
    preload_reports(*languages)
    load_parts()
    learn_sources(
        cell.source for notebook in keep_notebooks() for cell in notebook.cells if cell.cell_type == "code"
    )


def _look_for_no_black() -> None:
    """Where there is no black, let Papermill not look for it in all of Python's folders before each notebook."""
    from papermill.translators import PythonTranslator, Translator

    if find_spec("black") is None:
        PythonTranslator.codify = classmethod(Translator.codify.__func__)
