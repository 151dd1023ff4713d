"""A minimal folder of published results, and the notebooks named for the behaviour they show."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dimios_core.instrument import load_instrument
from dimios_core.runner.batches import local_executor, run_batch
from dimios_core.runner.execution import JobOutcome, RunSettings
from dimios_core.runner.jobs import plan_jobs, published_organisations

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
    model = outputs / "results" / "public" / "instrument.json"
    model.parent.mkdir()
    model.write_text(load_instrument("dimios").model_dump_json(), encoding="utf-8")
    (outputs / "results" / "stamp.json").write_text('{"results_version": "r-17"}', encoding="utf-8")
    return outputs


@pytest.fixture
def fixture_notebook() -> Callable[[str], Path]:
    """The path of a fixture notebook by its name."""
    return lambda name: FIXTURES / f"{name}.ipynb"


@pytest.fixture
def run(
    heavy: None, outputs: Path, fixture_notebook, monkeypatch
) -> Callable[..., tuple[list[JobOutcome], RunSettings]]:
    """Run a fixture notebook for organisations; `reports` are then under outputs/reports."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    number = iter(range(100))

    def go(name, organisations=("lillby",), workers=1, **kwargs):
        settings = RunSettings(
            outputs=outputs,
            results=outputs / "results",
            run=outputs / "runs" / str(next(number)),
            project=outputs.parent,
            **kwargs,
        )
        jobs = plan_jobs(
            published_organisations(outputs / "results"),
            [fixture_notebook(name)],
            organisations=organisations,
        )
        seen: list[JobOutcome] = []
        outcomes = run_batch(jobs, settings, local_executor(workers), on_finish=seen.append)
        assert sorted(seen, key=str) == sorted(outcomes, key=str)
        assert not settings.work.exists()
        return outcomes, settings

    return go
