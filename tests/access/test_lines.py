"""Lines are appended whole, whoever else is writing, and whatever happens meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dimios_core.access.keys import Keys
from dimios_core.access.lines import append_events, read_lines
from dimios_core.access.links import LinkBook

KEY = "k" * 40
CREATE = """
import sys, time
from pathlib import Path
from dimios_core.access.keys import Keys
from dimios_core.access.links import LinkBook
folder, go, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
book = LinkBook(folder, Keys(("k" * 40,), "environment"))
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
for number in range(150):
    book.create(f"{name} {number} " + "å" * 80, "lillby", 60)
"""
FULL = """
import resource, sys
from pathlib import Path
from dimios_core.access.lines import append_events
path = Path(sys.argv[1])
size = path.stat().st_size + 50
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    append_events(path, [{"n": 2}, {"n": "x" * 100}])
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.usefixtures("heavy")
def test_processes_that_create_links_at_once_lose_none(tmp_path: Path) -> None:
    folder, go = tmp_path / "access", tmp_path / "go"
    command = [sys.executable, "-c", CREATE, str(folder), str(go)]
    processes = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True)
        for name in ("Anna", "Bo", "Cia")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go.touch()
    reader = LinkBook(folder, Keys((KEY,), "environment"))
    while any(process.poll() is None for process in processes):
        reader.links()  # no half line is ever seen
    assert [process.communicate(timeout=60) and process.returncode for process in processes] == [0, 0, 0]
    links = reader.links()
    assert len({link.id for link in links}) == 450
    for name in ("Anna", "Bo", "Cia"):
        numbers = [int(link.reader.split()[1]) for link in links if link.reader.startswith(name)]
        assert numbers == list(range(150))


@pytest.mark.skipif(sys.platform == "win32", reason="locks are of another kind")
def test_who_appends_waits_for_who_is_appending(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "lines.jsonl"
    append_events(path, [{"n": 1}])
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=append_events, args=(path, [{"n": 2}]))
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive() and len(read_lines(path)) == 1
    thread.join(timeout=60)
    assert read_lines(path) == [b'{"n": 1}', b'{"n": 2}']


@pytest.mark.usefixtures("heavy")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of file sizes to set")
def test_where_there_is_no_room_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    append_events(path, [{"n": 1}])
    told = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True)
    assert told.stdout == "OSError\n"
    assert path.read_bytes() == b'{"n": 1}\n'


def test_what_a_dead_writer_left_does_not_count_and_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"n": 1}\n{"n": "\xc3')
    assert read_lines(path) == [b'{"n": 1}']
    append_events(path, [{"n": 2}])
    assert path.read_bytes() == b'{"n": 1}\n{"n": 2}\n'


def test_a_whole_last_line_counts_without_its_end(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"n": 1}')
    assert read_lines(path) == [b'{"n": 1}']
    append_events(path, [{"n": 2}])
    assert [json.loads(line) for line in read_lines(path)] == [{"n": 1}, {"n": 2}]
