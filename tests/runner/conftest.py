"""A minimal folder of published results, and the notebooks named for the behaviour they show."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
ORGANISATIONS = (
    ("lillby", "Lillby kommun", ["2025", "2026"]),
    ("storstad", "Storstads kommun", ["2024", "2025", "2026"]),
    ("ostmark", "Region Östmark", ["2025-1", "2025-2"]),
)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """An outputs folder with the results of three organisations, in a folder with a space and braces."""
    outputs = tmp_path / "out puts {x}"
    for identifier, name, periods in ORGANISATIONS:
        folder = outputs / "results" / f"organisation={identifier}"
        folder.mkdir(parents=True)
        description = {
            "id": identifier,
            "name": name,
            "type": "municipality",
            "periods": periods,
            "demo": True,
        }
        (folder / "organisation.json").write_text(json.dumps(description), encoding="utf-8")
    (outputs / "results" / "stamp.json").write_text('{"results_version": "r-17"}', encoding="utf-8")
    return outputs


@pytest.fixture
def fixture_notebook() -> Callable[[str], Path]:
    """The path of a fixture notebook by its name."""
    return lambda name: FIXTURES / f"{name}.ipynb"
