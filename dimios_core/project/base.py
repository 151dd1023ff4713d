"""What every step of a project needs: its folder, its model, what it runs on, who watches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dimios_core.places import outputs_dir
from dimios_core.project.bars import choose_bars
from dimios_core.project.progress import Progress, tell_nobody
from dimios_core.project.workers import Machine

if TYPE_CHECKING:
    from dimios_core.instrument import Instrument

DEFAULT_INSTRUMENT = "dimios"


class Base:
    """An outputs folder, and how work on it is done: see `dimios_core.project.project.Project`."""

    def __init__(
        self,
        outputs: Path | str | None = None,
        instrument: Path | str | None = None,
        *,
        workers: int | None = None,
        cluster: str | None = None,
        progress: Progress | Literal["auto"] | None = "auto",
    ) -> None:
        self.outputs = outputs_dir(outputs)
        self._instrument, self._machine = instrument, Machine(workers, cluster)
        self._given = progress

    def __repr__(self) -> str:
        """Say which folder it is."""
        return f"Project({str(self.outputs)!r})"

    @property
    def _progress(self) -> Progress:
        if callable(self._given):
            return self._given
        return choose_bars() if self._given == "auto" else tell_nobody

    @property
    def instrument(self) -> Instrument:
        """The model: dimensions, categories, points, their texts and scales."""
        from dimios_core.instrument import load_instrument

        return load_instrument(self._instrument or DEFAULT_INSTRUMENT)
