"""What stands already: which report was made from what, so that only what changed is run again.

A report's key is a hash of the notebook, its parameters, the project's code and the installed packages. Beside it
stand the published files that the notebook read, each with a hash of what it held. A report stands as long as the
key and all of them are the same and its files lie there untouched.

`outputs/runs/made.jsonl` has a line for each report, written when the report is in place; the last line of a report
counts. A line that a killed batch did not finish is passed over: that report is made again.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dimios_core.languages import own_folder
from dimios_core.places import MADE, parameters_dir
from dimios_core.published.reads import hash_read_file
from dimios_core.replacing import write_whole
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import ReportJob

KINDS = (".ipynb", ".html")
#: the project's own files that a report depends on
CODE_SUFFIXES = {".py", ".yaml", ".css", ".j2", ".js", ".json", ".typ"}


def hash_code() -> str:
    """Return a hash of everything that turns results into a report: the program, own languages, the training's texts, Python, the installed packages."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(platform.python_version().encode())
    for folder in (package, own_folder(), parameters_dir() / "training"):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in CODE_SUFFIXES):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    # asked for once: a package's metadata are read anew every time
    installed = [found.metadata for found in importlib.metadata.distributions()]
    for name in sorted(f"{about['Name']}=={about['Version']}" for about in installed):
        digest.update(name.encode())
    return digest.hexdigest()


class MadeReports:
    """The reports that stand in an outputs folder.

    Parameters
    ----------
    outputs, results : Path
    code : str
        See `hash_code`.
    """

    def __init__(self, outputs: Path, results: Path, code: str) -> None:
        self._reports, self._path, self._code = outputs / "reports", outputs / MADE, code
        self._lines = _read_lines(self._path)
        self._hash_notebook = functools.cache(lambda path: hashlib.sha256(path.read_bytes()).hexdigest())
        self._hash_read = functools.cache(functools.partial(hash_read_file, results))

    def stands(self, job: ReportJob, *, with_page: bool) -> bool:
        """Tell whether the job's report is there, untouched, and would come out the same if it were run."""
        line = self._lines.get(job.relative_path.as_posix())
        return (
            line is not None
            and line["key"] == self._key(job, with_page)
            and line["files"] == self._describe_files(job)
            and all(self._hash_read(name) == held for name, held in line["reads"].items())
        )

    def add(self, outcome: JobOutcome, *, with_page: bool) -> None:
        """Note a report that was made; one that does not tell what it read is not noted, and never skipped."""
        if not outcome.reads:
            return
        name = outcome.job.relative_path.as_posix()
        line = {
            "key": self._key(outcome.job, with_page),
            "files": self._describe_files(outcome.job),
            "reads": outcome.reads,
        }
        self._lines[name] = line
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_write_line(name, line))

    def tidy(self) -> None:
        """Write the file anew with one line a report."""
        if self._lines:
            write_whole(self._path, "".join(_write_line(n, v) for n, v in self._lines.items()))

    def _key(self, job: ReportJob, with_page: bool) -> str:
        parts = [self._hash_notebook(job.notebook), job.parameters.to_inject(), with_page, self._code]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _describe_files(self, job: ReportJob) -> dict[str, list[int]]:
        """Size and time of the notebook; of the page only that it is there, since tabs are added to it."""
        found: dict[str, list[int]] = {}
        for kind in KINDS:
            try:
                about = (self._reports / job.relative_path).with_suffix(kind).stat()
            except FileNotFoundError:
                continue
            found[kind] = [about.st_size, about.st_mtime_ns] if kind == ".ipynb" else []
        return found


def _write_line(name: str, line: dict[str, Any]) -> str:
    return json.dumps({"report": name, **line}, ensure_ascii=False) + "\n"


def _read_lines(path: Path) -> dict[str, dict[str, Any]]:
    lines: dict[str, dict[str, Any]] = {}
    if not path.is_file():
        return lines
    texts: Iterable[str] = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for text in texts:
        try:
            line = json.loads(text)
            lines[line.pop("report")] = {k: line[k] for k in ("key", "files", "reads")}
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return lines
