"""How far a consortium has come, beside its pages: which reports failed last, and why; who was asked and has not answered.

outputs/runs/state.json     written as each batch ends; for those alone who may see all organisations
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dimios_core.replacing import write_whole

STATE_NAME = "state.json"


@dataclass(frozen=True)
class FailedPage:
    """A page that could not be made the last time it was tried.

    Attributes
    ----------
    owner, period, language, page : str
        Where it would lie: an organisation's id or the consortium's folder, and the page's name.
    cell : int or None
        The cell that failed, counted from 1.
    reason : str
        The error's name and message.
    """

    owner: str
    period: str
    language: str
    page: str
    cell: int | None
    reason: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Period, owner, language and page, as the folders of reports have them."""
        return self.period, self.owner, self.language, self.page


@dataclass(frozen=True)
class Registered:
    """An organisation of the register that has no results of any period."""

    id: str
    name: str
    type: str
    county: str


@dataclass(frozen=True)
class State:
    """What a batch leaves behind for those who look after it."""

    failed: tuple[FailedPage, ...] = ()
    waiting: tuple[Registered, ...] = ()

    def after(
        self,
        tried: Collection[tuple[str, str, str, str]],
        failed: Iterable[FailedPage],
        waiting: Iterable[Registered],
    ) -> State:
        """Return the state after a batch: what was not tried again has failed as before."""
        kept = (page for page in self.failed if page.place not in tried)
        pages = sorted((*kept, *failed), key=lambda page: page.place)
        return replace(self, failed=tuple(pages), waiting=tuple(sorted(waiting, key=lambda r: r.id)))


def read_state(runs: Path) -> State:
    """Read the state of a folder of runs; an empty one where there is none, or none that can be read."""
    try:
        held = json.loads((runs / STATE_NAME).read_text(encoding="utf-8"))
        failed = tuple(FailedPage(**page) for page in held["failed"])
        return State(failed, tuple(Registered(**organisation) for organisation in held["waiting"]))
    except (OSError, ValueError, KeyError, TypeError):
        return State()


def write_state(runs: Path, state: State) -> None:
    """Write the state into a folder of runs."""
    runs.mkdir(parents=True, exist_ok=True)
    write_whole(runs / STATE_NAME, json.dumps(asdict(state), ensure_ascii=False, indent=1) + "\n")
