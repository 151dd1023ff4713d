"""From stored answers to published results."""

from __future__ import annotations

from pathlib import Path

from dimios_core.instrument import Instrument
from dimios_core.project.progress import Progress, Watch
from dimios_core.project.summaries import ScoreSummary
from dimios_core.project.workers import Machine
from dimios_core.results.score import score_responses


def score_outputs(
    outputs: Path, instrument: Instrument, machine: Machine, progress: Progress
) -> ScoreSummary:
    """Score all that is stored, and publish it.

    Raises
    ------
    InputError, DimiosError
        See `dimios_core.results.score.score_responses`.
    """
    with machine.open_processes(outputs) as executor, Watch("results", progress) as watch:
        made = score_responses(outputs, instrument, executor, watch)
    return ScoreSummary(outputs / "results", **vars(made) | {"periods": tuple(made.periods)})
