"""A tiny instrument, a register, and answers written out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimios_core.instrument import Instrument, load_instrument
from dimios_core.responses import read_register, store_register

SETUP = Path(__file__).parent.parent / "bad" / "setup"
KEY = bytes(range(32))


@pytest.fixture
def instrument() -> Instrument:
    return load_instrument(SETUP / "instrument.yaml")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs"
    store_register(read_register(SETUP / "organisations.csv", SETUP / "units.csv"), folder)
    return folder
