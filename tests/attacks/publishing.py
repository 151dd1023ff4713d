"""Publish some answers, and read what a stranger may read."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.results.score import score_responses
from tests.building import make_organisations, write_store

UNITS = ["organisation", "unit", "name", "parent"]


def list_people(
    answers: np.ndarray, items: list[str], unit: list[str] | str = "", role: list[str] | str = "unknown"
) -> pd.DataFrame:
    """Response rows of one organisation in 2026: a row a person, answers 1-5, 0 don't know, NaN nothing."""
    frame = pd.DataFrame(np.asarray(answers, float), columns=items)
    return frame.assign(organisation="org", period="2026", unit=unit, role=role, respondent=range(len(frame)))


def list_units(*units: str) -> pd.DataFrame:
    """Register rows of units directly under the organisation."""
    return pd.DataFrame({"organisation": "org", "unit": units, "name": units, "parent": ""}, columns=UNITS)


def publish(
    outputs: Path,
    instrument: Instrument,
    people: pd.DataFrame,
    units: pd.DataFrame | None = None,
    threshold: int = 5,
) -> dict[str, pd.DataFrame]:
    """Score answers into an empty folder, and return the organisation's published tables."""
    shutil.rmtree(outputs, ignore_errors=True)
    outputs.mkdir(parents=True)
    organisations = make_organisations(*sorted(set(people["organisation"])), threshold=threshold)
    write_store(outputs, instrument, people, organisations, units)
    score_responses(outputs, instrument)
    return read_tables(outputs)


def read_tables(outputs: Path, organisation: str = "org") -> dict[str, pd.DataFrame]:
    """All published tables of an organisation, as plain columns."""
    folder = outputs / "results" / f"organisation={organisation}"
    return {path.stem: pd.read_parquet(path).astype(object) for path in sorted(folder.glob("*.parquet"))}


def differing(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> list[str]:
    """Tables that a reader can tell apart."""
    assert one.keys() == other.keys()
    return [name for name in one if not one[name].equals(other[name])]
