"""What a parent loads before it forks: texts and maps, but nobody's data, and no thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import gc, json, os, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from dimios_core.report.texts import load_text
from dimios_core.report.warming import warm_up, warm_up_controls
from dimios_core.published.rows import Table
from dimios_core.published.schema import load_tables
from dimios_core.published.store import PublicResults

def count_threads(): return len(os.listdir("/proc/self/task"))
def count_texts(): return load_text.cache_info().currsize

before = count_threads()
warm_up(("sv",))
one = count_texts()
warm_up()
both = count_texts()
warm_up()
unused = [n for n in ("pandas", "ipywidgets", "openpyxl") if n in sys.modules]
warm_up_controls()
from ipywidgets.widgets.widget import _instances
print(json.dumps({
    "threads": count_threads() - before,
    "texts": [one, both, count_texts()],
    "results": [p for p in opened if os.environ["DIMIOS_RESULTS"] in p],
    "kept": [str(type(o)) for o in gc.get_objects() if isinstance(o, (PublicResults, Table))][:5],
    "widgets": len(_instances),
    "schemas": load_tables.cache_info().currsize,
    "unused": unused,
    "late": [n for n in ("ipywidgets", "babel.dates") if n not in sys.modules],
}))
"""


@pytest.fixture(scope="module")
def told(demo_outputs):
    """What a fresh process tells of its warming up, where results are at hand that it could have opened."""
    if not Path("/proc/self/task").exists():
        pytest.skip("threads are counted in /proc")
    one = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "DIMIOS_RESULTS": str(demo_outputs / "results"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        env=os.environ | one,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_no_thread_is_started(told):
    assert told["threads"] == 0


def test_nobodys_results_are_opened_or_kept(told):
    assert told["results"] == []
    # the one table that stays is the empty one for files that are missing
    assert len(told["kept"]) == 1
    assert told["widgets"] == 0


def test_the_texts_of_the_languages_are_compiled_once(told):
    one, both, again = told["texts"]
    assert 0 < one < both == 2 * one == again


def test_what_is_imported_late_is_imported_and_what_is_read_late_is_read(told):
    assert told["schemas"] == 1
    assert told["late"] == []


def test_what_stored_pages_do_without_is_not_loaded_for_them(told):
    assert told["unused"] == []
