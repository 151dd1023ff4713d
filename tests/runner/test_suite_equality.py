"""The whole suite, by our engine and by the standard one: readers get the same, byte for byte.

The period is a number, as Papermill makes it of `-p period 2026`. What may differ is made the same before: streams come in pieces by the clock, widgets have random ids, papermill
notes clock times and paths. `scrub_notebook` takes all of it away in every report that is published.
"""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import papermill
import pytest

from dimios_core.runner.jobs import (
    ReportJob,
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
    published_organisations,
)
from dimios_core.runner.scrubbing import list_local_paths, scrub_notebook
from dimios_core.suites import list_suites, load_suite
from tests.runner.test_engine import STANDARD

ORGANISATION = "almvik"
COUNTY = "12"


def plan(results: Path) -> list[ReportJob]:
    """Every notebook of every suite, once."""
    jobs: list[ReportJob] = []
    for suite in map(load_suite, list_suites()):
        if suite.per == "organisation":
            jobs += plan_jobs(published_organisations(results), suite.paths, organisations=[ORGANISATION])
        else:
            per_county = suite.per == "county"
            counties = [COUNTY] if per_county else []
            jobs += plan_consortium_jobs(
                public_periods(results), suite.paths, per_county=per_county, counties=counties
            )
    return jobs


NOTEBOOKS = sorted({path.stem for name in list_suites() for path in load_suite(name).paths})


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_both_engines_give_the_same(name: str, demo_outputs: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DIMIOS_RESULTS", str(demo_outputs / "results"))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    (job,) = [job for job in plan(demo_outputs / "results") if job.notebook.stem == name]
    texts = []
    for engine in ("dimios", STANDARD):
        place = tmp_path / f"{engine}.ipynb"
        papermill.execute_notebook(
            job.notebook,
            place,
            parameters=job.parameters.to_inject() | {"period": int(job.parameters.period)},
            engine_name=engine,
            progress_bar=False,
            timeout_seconds=120,
        )
        notebook = scrub_notebook(nbformat.read(place, as_version=4), list_local_paths())
        assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "stream"]
        texts.append(json.dumps(notebook, sort_keys=True, ensure_ascii=False, indent=1))
    assert texts[0] == texts[1]
