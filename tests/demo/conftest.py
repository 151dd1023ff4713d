"""The demo's files, made once, and what is read in them with nothing of dimios_core (see `reading`)."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest

from dimios_core.demo import DemoFiles, make_consortium
from tests.once import make_once

from .reading import PERIODS, read_raw, score


@pytest.fixture(scope="session")
def demo(heavy: None, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> DemoFiles:
    """The demo's files; read only, shared by all test processes."""

    def make(folder: Path) -> None:
        (folder / "made").write_bytes(pickle.dumps(make_consortium(folder / "raw")))

    return pickle.loads((make_once(tmp_path_factory, worker_id, "demo-raw", make) / "made").read_bytes())


@pytest.fixture(scope="session")
def raw(demo: DemoFiles) -> pd.DataFrame:
    """One row a respondent, see `read_raw`."""
    return read_raw(demo.folder)


@pytest.fixture(scope="session")
def scored(raw: pd.DataFrame) -> pd.DataFrame:
    """Capability, heritage and maturity per organisation and whole year, see `score`."""
    return score(raw[raw["period"].isin(PERIODS)].reset_index(drop=True))


@pytest.fixture(scope="session")
def register(demo: DemoFiles) -> pd.DataFrame:
    """The organisations as written, indexed by name."""
    table = pd.read_csv(demo.organisations, sep=";", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    return table.set_index("namn")
