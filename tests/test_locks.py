"""One at a time: who holds a folder is told, and a holder that dies holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.locks import hold, read_holder

HOLDER = """
import sys, time
from pathlib import Path
from dimios_core.locks import hold
with hold(Path(sys.argv[1]), "dimios score"):
    print("held", flush=True)
    time.sleep(60)
"""


def _hold_for_a_moment(folder: Path) -> None:
    with hold(folder, "dimios score"):
        pass


def test_a_folder_is_held_by_one_and_given_back(tmp_path: Path) -> None:
    with hold(tmp_path, "dimios report"):
        assert read_holder(tmp_path).process == os.getpid()
        with (
            ThreadPoolExecutor(1) as another,
            pytest.raises(InputError, match=r"dimios report \(process \d+, since .* UTC\) is at work there"),
        ):
            another.submit(_hold_for_a_moment, tmp_path).result()
        with hold(tmp_path, "dimios ingest"):  # a part of the same work
            assert read_holder(tmp_path).command == "dimios report"
        assert read_holder(tmp_path).command == "dimios report"
    assert read_holder(tmp_path) is None
    with hold(tmp_path, "dimios score"):
        pass


def test_what_is_refused_leaves_no_folder_that_was_not_there(tmp_path: Path) -> None:
    for was_there in (False, True):
        with pytest.raises(ValueError), hold(tmp_path / "outputs", "dimios ingest"):
            raise ValueError
        assert (tmp_path / "outputs").is_dir() is was_there
        (tmp_path / "outputs").mkdir(exist_ok=True)


@pytest.mark.usefixtures("heavy")
def test_a_holder_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    assert read_holder(tmp_path).command == "dimios score"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert read_holder(tmp_path) is None
    with hold(tmp_path, "dimios report"):
        pass
