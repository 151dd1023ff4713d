"""Bars that show how far a project is: in a terminal, in Jupyter, and none elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from dimios_core.project.progress import Progress, Stage, tell_nobody

if TYPE_CHECKING:
    from rich.console import Console


def choose_bars() -> Progress:
    """Return what fits where this runs: bars in a terminal, a widget in Jupyter, nothing in a scheduler or a test."""
    if _is_jupyter():
        return JupyterBars()
    if sys.stderr is None or not sys.stderr.isatty():
        return tell_nobody
    try:
        from rich.console import Console
    except ImportError:
        return tell_nobody
    return TerminalBars(Console(stderr=True, highlight=False))


def _is_jupyter() -> bool:
    """Tell whether a kernel runs this; a plain program has not even imported IPython."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def tell_share(stage: Stage) -> str:
    """Say how much is done.

    Examples
    --------
    >>> tell_share(Stage("reports", 12, 60, failed_n=1)), tell_share(Stage("answers.csv", 0.5, 1))
    ('12/60, 1 failed', '50 %')
    """
    if not stage.total:
        return ""
    told = f"{stage.done:.0f}/{stage.total:.0f}" if stage.total > 1 else f"{100 * stage.done:.0f} %"
    return f"{told}, {stage.failed_n} failed" if stage.failed_n else told


class TerminalBars:
    """A bar a step in a terminal, gone when the step is over; words stand above them and stay.

    Parameters
    ----------
    console : rich.console.Console
        Where they are drawn.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __call__(self, stage: Stage) -> None:
        """Show how far a step is."""
        if stage.note:
            style = "bold" if stage.failed_n else None
            self._console.print(stage.note, markup=False, style=style, soft_wrap=True)
        if stage.ended:
            self._take_away(stage.step)
            return
        if not self._console.is_terminal:  # a log keeps the words alone
            return
        if not self._tasks:
            self._open()
        if stage.step not in self._tasks:
            self._tasks[stage.step] = self._bars.add_task(stage.step, total=None, told="")
        told, total = tell_share(stage), stage.total or None
        self._bars.update(self._tasks[stage.step], completed=stage.done, total=total, told=told)

    def _open(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        names = TextColumn("{task.description}", markup=False, table_column=Column(max_width=40))
        columns = (names, BarColumn(), TextColumn("{task.fields[told]}", markup=False), TimeRemainingColumn())
        self._bars = Progress(*columns, console=self._console, transient=True)
        self._bars.start()

    def _take_away(self, step: str) -> None:
        task = self._tasks.pop(step, None)
        if task is not None:
            self._bars.remove_task(task)
        if task is not None and not self._tasks:
            self._bars.stop()


class JupyterBars:
    """A bar a step below the cell, gone when the step is over."""

    def __init__(self) -> None:
        self._shown: dict[str, Any] = {}

    def __call__(self, stage: Stage) -> None:
        """Show how far a step is."""
        if stage.ended:
            if box := self._shown.pop(stage.step, None):
                box.close()
            return
        if stage.step not in self._shown:
            self._shown[stage.step] = self._show(stage.step)
        _, bar, told = self._shown[stage.step].children
        bar.max, bar.value = stage.total or 1.0, stage.done
        told.value = tell_share(stage)

    @staticmethod
    def _show(step: str) -> Any:
        from IPython.display import display
        from ipywidgets import FloatProgress, HBox, Label

        box = HBox([Label(step), FloatProgress(), Label()])
        display(box)
        return box
