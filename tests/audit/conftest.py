"""A small outputs folder without reports, and the reports and exports that the tests of exports have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.results.score import score_responses
from tests.building import make_instrument, make_organisations, write_store
from tests.export.conftest import altered, outputs

__all__ = ["altered", "outputs"]  # fixtures

INSTRUMENT = make_instrument({"alpha": "c1", "beta": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True)


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six organisations: unit b of "north" is suppressed, "hush" is closed, "shade" anonymous."""
    folder = tmp_path_factory.mktemp("reading")
    rng = np.random.default_rng(7)
    rows = []
    for i, organisation in enumerate(["north", "hush", "shade", "hush-energy", "south", "west"]):
        sizes = {"a": 21, "b": 3, "c": 7} if organisation == "north" else {"": 11}
        for unit, size in sizes.items():
            own = pd.DataFrame({"unit": [unit] * size}).assign(
                organisation=organisation, period="2026", role="unknown"
            )
            own["respondent"] = [1000 * i + 100 * len(rows) + k for k in range(size)]
            for point in ("alpha", "beta"):
                own[point] = rng.integers(1, 6, size).astype(float)
            rows.append(own)
    organisations = make_organisations("north", "hush", "shade", "hush-energy", "south", "west")
    organisations["name"] = [
        "Norra kommun",
        "Tysta kommun",
        "Skuggans kommun",
        "Tysta kommun energi",
        "Södra",
        "Västra",
    ]
    organisations["sharing"] = ["named", "closed", "anonymous", "named", "named", "named"]
    units = pd.DataFrame(
        {"organisation": "north", "unit": ["a", "b", "c"], "name": ["A", "B", "C"], "parent": ""}
    )
    write_store(folder, INSTRUMENT, pd.concat(rows, ignore_index=True), organisations, units)
    score_responses(folder, INSTRUMENT)
    return folder
