"""How far a step is: what a project tells whoever watches it. It shows nothing; see `dimios_core.project.bars`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Stage:
    """How far one step is.

    Attributes
    ----------
    step : str
        Its name, such as "reports" or a file's.
    done, total : float
        How much of how much is done; `total` is 0 until it is known.
    failed_n : int
        How many of those that are done have failed.
    note : str
        Something to be told now, in words; "" for nothing.
    ended : bool
        The step is over, by an error or Ctrl-C too: nothing more comes of it.
    """

    step: str
    done: float = 0.0
    total: float = 0.0
    failed_n: int = 0
    note: str = ""
    ended: bool = False


#: what watches a project: called in the thread that works, as often as something changes
Progress = Callable[[Stage], None]


def tell_nobody(stage: Stage) -> None:
    """Watch and do nothing: for schedulers and tests."""


class Watch:
    """Tells how far one step is, while the block runs.

    Parameters
    ----------
    step : str
    progress : Progress
    """

    def __init__(self, step: str, progress: Progress) -> None:
        self._stage, self._progress = Stage(step), progress

    def __enter__(self) -> Watch:
        self._progress(self._stage)
        return self

    def __exit__(self, *_: object) -> None:
        self._progress(replace(self._stage, ended=True))

    def __call__(self, done: float, total: float) -> None:
        """Tell that so much of so much is done."""
        self._stage = replace(self._stage, done=done, total=total)
        self._progress(self._stage)

    def advance(self, by: float = 1, failure: str = "") -> None:
        """Tell that so much more is done, and what failed, if anything."""
        stage, failed_n = self._stage, bool(failure)
        self._stage = replace(stage, done=stage.done + by, failed_n=stage.failed_n + failed_n)
        self._progress(replace(self._stage, note=failure))

    def say(self, words: str) -> None:
        """Tell something in words."""
        self._progress(replace(self._stage, note=words))
