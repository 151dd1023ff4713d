"""What shows how far a project is, where it runs: a terminal, Jupyter, a log, nowhere."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from dimios_core.project import bars
from dimios_core.project.bars import JupyterBars, TerminalBars, choose_bars
from dimios_core.project.progress import Progress, Stage, Watch, tell_nobody


def take_a_step(progress: Progress, failure: str = "") -> None:
    """A step of four things, the second of which may fail."""
    with Watch("reports", progress) as watch:
        watch.say("4 notebooks → [b]reports[/b]")
        watch(0, 4)
        watch.advance()
        watch.advance(2, failure)


def test_a_watch_tells_all_that_happens_and_the_end_after_an_error_too() -> None:
    told: list[Stage] = []
    take_a_step(told.append, "failed: x")
    begun = Stage("reports")
    assert told == [
        begun,
        Stage("reports", note="4 notebooks → [b]reports[/b]"),
        Stage("reports", 0, 4),
        Stage("reports", 1, 4),
        Stage("reports", 3, 4, 1, "failed: x"),
        Stage("reports", 3, 4, 1, ended=True),
    ]
    with pytest.raises(KeyboardInterrupt), Watch("results", told.append):
        raise KeyboardInterrupt
    assert told[-1] == Stage("results", ended=True)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_has_bars_and_a_log_the_words_alone(is_terminal: bool) -> None:
    told = io.StringIO()
    show = TerminalBars(Console(file=told, force_terminal=is_terminal, width=100))
    take_a_step(show, "failed: [almvik]")
    words = told.getvalue()
    assert "4 notebooks → [b]reports[/b]" in words and "failed: [almvik]" in words
    assert ("3/4, 1 failed" in words) is is_terminal
    if not is_terminal:
        assert len(words.splitlines()) == 2
    assert not show._tasks


def test_jupyter_has_a_widget_that_goes_when_the_step_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    show = JupyterBars()
    show(Stage("answers", 0.25, 1))
    (box,) = shown
    name, bar, told = box.children
    assert (name.value, bar.value, bar.max, told.value) == ("answers", 0.25, 1, "25 %")
    show(Stage("answers", 0.25, 1, ended=True))
    assert not show._shown and box.comm is None  # closed


def test_what_fits_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object()))
    shell = SimpleNamespace(get_ipython=lambda: None)
    monkeypatch.setitem(sys.modules, "IPython", kernel)
    assert isinstance(choose_bars(), JupyterBars)
    monkeypatch.setitem(sys.modules, "IPython", shell)
    assert choose_bars() is tell_nobody  # a test is no terminal
    monkeypatch.setattr(bars.sys, "stderr", SimpleNamespace(isatty=lambda: True, write=print))
    assert isinstance(choose_bars(), TerminalBars)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert choose_bars() is tell_nobody
