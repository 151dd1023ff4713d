"""One child a report: who shares it, and that nothing of one notebook reaches the next."""

from __future__ import annotations

import os
import random
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from dimios_core.places import project_root
from dimios_core.runner.batches import local_executor, run_batch
from dimios_core.runner.execution import JobOutcome, RunSettings
from dimios_core.runner.finishing import finish_report
from dimios_core.runner.jobs import ReportJob, introduce_siblings, make_jobs
from dimios_core.runner.leftovers import Leftovers, SpoiltChildError
from dimios_core.runner.parameters import OrganisationParameters
from dimios_core.runner.sharing import group_jobs, may_share
from dimios_core.suites import find_notebooks, load_suite, load_suites
from tests.forking.linux import FORKING

TABS = load_suite("organisation").paths
OPENED = (
    "from dimios_core.report import OurResult",
    "report = OurResult.open(organisation, period)",
    "report.headline()",
)
#: what a notebook would do to reach the next ones, behind a page that is right
HOSTILE = """
import os, random, sys, threading, time, warnings
import numpy, pandas
from dimios_core import published, report
from dimios_core.published import reads, rows, store
from dimios_core.report import OurResult, narrative, numbers

store.load_results = store.load_public = rows.read_rows = lambda *given: None
numbers.NumberFormat.score = lambda *given, **named: "100"
OurResult.headline = OurResult.takeaways = lambda self: print("mine")
narrative.Narrator.say = lambda *given, **named: "mine"
reads.Content.kept.clear()
pandas.DataFrame.__len__ = lambda self: 0
os.environ.update(LANG="C", DIMIOS_OUTPUTS="/nowhere")
os.chdir("/")
sys.path.insert(0, "/nowhere")
warnings.simplefilter("error")
random.seed(1), numpy.random.seed(1), numpy.seterr(all="raise")
threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
"""


def write(path: Path, *cells: str, kernel: str = "python3") -> Path:
    """Write a notebook of parameters and these cells."""
    parameters = nbformat.v4.new_code_cell(
        'organisation: str = "x"\nperiod: str = "2026"\nlanguage: str = "sv"'
    )
    parameters.metadata["tags"] = ["parameters"]
    book = nbformat.v4.new_notebook(cells=[parameters, *map(nbformat.v4.new_code_cell, cells)])
    book.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
    path.write_text(nbformat.writes(book), encoding="utf-8")
    return path


def test_the_pages_of_all_suites_share_and_those_of_ones_own_do_not() -> None:
    assert [p.stem for suite in load_suites() for p in suite.paths if not may_share(p)] == []
    assert [may_share(p) for p in find_notebooks("own_report")] == [False]


@pytest.mark.parametrize(
    "cell",
    [
        "import os",
        "from os import environ",
        "from dimios_core.published import reads",
        "from dimios_core.report import svg",
        "from dimios_core.report import *",
        "exit.now()",
        "print(1)",
        "report._repr_html_()",
        "report.narrator.say('x')",
        "report.headline = 1",
        "report.headline().html",
        "report.answer(open('x'))",
        "report.answer(*[1])",
        "report.results",
        "OurResult.register(OurResult)",
        "other = OurResult.__subclasses__()",
        "[report.headline() for _ in '12']",
        "x: int = report.headline()",
        "x: print(1) = 1",
        "x = {}",
        "def f(): pass",
        "%cd /",
        "!true",
        "report.headline?",
        "%%bash\ntrue",
    ],
)
def test_any_other_cell_has_a_child_of_its_own(tmp_path: Path, cell: str) -> None:
    assert may_share(write(tmp_path / "a.ipynb", *OPENED))
    assert not may_share(write(tmp_path / "a.ipynb", *OPENED, cell))


def test_what_is_no_notebook_of_this_python_has_a_child_of_its_own(tmp_path: Path) -> None:
    assert not may_share(write(tmp_path / "a.ipynb", *OPENED, kernel="ir"))
    assert not may_share(tmp_path / "missing.ipynb")
    (tmp_path / "b.ipynb").write_text("[]", encoding="utf-8")
    assert not may_share(tmp_path / "b.ipynb")


def test_jobs_of_one_report_stand_together_and_others_alone(tmp_path: Path) -> None:
    def of(notebook: Path, organisation: str, language: str = "sv") -> ReportJob:
        given = {"organisation": organisation, "period": "2026", "language": language}
        return ReportJob(notebook, OrganisationParameters.model_validate(given))

    a, b = (write(tmp_path / f"{name}.ipynb", *OPENED) for name in "ab")
    own = write(tmp_path / "own.ipynb", *OPENED, "print(1)")
    jobs = [of(a, "x"), of(own, "x"), of(b, "x"), of(a, "y"), of(a, "x", "en"), of(b, "y")]
    assert group_jobs(jobs) == [(jobs[0], jobs[2]), (jobs[1],), (jobs[3], jobs[5]), (jobs[4],)]


class TestLeftovers:
    """What is noticed before the next notebook."""

    @pytest.fixture(autouse=True)
    def fresh(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(Leftovers, "before", None)
        with warnings.catch_warnings():
            state = random.getstate()
            yield
            random.setstate(state)

    def test_nothing_is_left(self) -> None:
        Leftovers.refuse()
        Leftovers.refuse()

    def test_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Leftovers.refuse()
        monkeypatch.setitem(os.environ, "LEFT", "1")
        with pytest.raises(SpoiltChildError, match="environment"):
            Leftovers.refuse()

    def test_modules_path(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Leftovers.refuse()
        monkeypatch.syspath_prepend("/nowhere")
        with pytest.raises(SpoiltChildError, match="where modules are found"):
            Leftovers.refuse()

    def test_warnings_and_random_numbers(self) -> None:
        Leftovers.refuse()
        warnings.simplefilter("error")
        random.seed(1)
        with pytest.raises(SpoiltChildError, match=r"warnings, random numbers$"):
            Leftovers.refuse()

    def test_a_thread(self) -> None:
        Leftovers.refuse()
        done = threading.Event()
        thread = threading.Thread(target=done.wait)
        thread.start()
        try:
            with pytest.raises(SpoiltChildError, match="threads"):
                Leftovers.refuse()
        finally:
            done.set()
            thread.join()


@FORKING
class TestSameBytes:
    """The tabs of a report, however they are run."""

    @pytest.fixture
    def results(self, demo_outputs: Path) -> Path:
        return demo_outputs / "results"

    @pytest.fixture
    def produce(self, results: Path, tmp_path: Path):
        """Run notebooks of one organisation; return how each went, and the files of those that were made."""
        numbers = iter(range(100))

        def go(*paths: Path) -> tuple[dict[str, JobOutcome], dict[str, bytes]]:
            place = tmp_path / str(next(numbers))
            given = {"organisation": "almvik", "period": "2026", "language": "sv"}
            jobs = make_jobs(paths, [OrganisationParameters.model_validate(given)])
            tabs = {job.notebook: job for job in introduce_siblings(make_jobs(TABS, [jobs[0].parameters]))}
            jobs = [tabs.get(job.notebook, job) for job in jobs]
            settings = RunSettings(place, results, place / "run", project_root(), finish=finish_report)
            outcomes = {o.job.notebook.stem: o for o in run_batch(jobs, settings, local_executor(1))}
            return outcomes, {p.name: p.read_bytes() for p in (place / "reports").rglob("*.*")}

        return go

    def test_alone_in_any_order_and_beside_a_hostile_one(self, produce, tmp_path: Path) -> None:
        hostile, book = tmp_path / "hostile.ipynb", nbformat.read(TABS[0], as_version=4)
        book.cells.append(nbformat.v4.new_code_cell(HOSTILE))
        hostile.write_text(nbformat.writes(book), encoding="utf-8")
        outcomes, together = produce(hostile, *TABS)
        assert outcomes["hostile"].error is None
        together = {name: held for name, held in together.items() if not name.startswith("hostile")}
        assert [outcomes[tab.stem].status for tab in TABS] == ["made"] * len(TABS)
        assert len(together) == 2 * len(TABS)
        _, backwards = produce(*TABS[::-1])
        assert backwards == together
        alone: dict[str, bytes] = {}
        reads: dict[str, dict[str, str]] = {}
        for tab in TABS:
            outcome, files = produce(tab)
            alone |= files
            reads[tab.stem] = outcome[tab.stem].reads
        assert alone == together
        assert reads == {tab.stem: outcomes[tab.stem].reads for tab in TABS}

    def test_one_that_fails_stops_no_other(self, produce, results: Path, tmp_path: Path) -> None:
        # a page that fails under way, among those that share the child: the section it calls is not there
        fails = write(tmp_path / "fails.ipynb", *OPENED, "report.no_such_section()")
        outcomes, files = produce(TABS[0], fails, TABS[1])
        assert {name: o.status for name, o in outcomes.items()} == {
            TABS[0].stem: "made",
            "fails": "failed",
            TABS[1].stem: "made",
        }
        assert (outcomes["fails"].error.name, outcomes["fails"].error.cell) == ("AttributeError", 5)
        assert len(files) == 4
