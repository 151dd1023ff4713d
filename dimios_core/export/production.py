"""Makes files: which formats there are, what stands in the way, and every file written whole or not at all."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.export.html import check_report, make_html
from dimios_core.export.workbook.book import make_workbook
from dimios_core.places import EXPORTS
from dimios_core.results.store import load_results


@dataclass(frozen=True)
class Order:
    """One organisation's report to be exported.

    Attributes
    ----------
    outputs : Path
        The outputs folder: its results and reports are read.
    organisation, period, language : str
    pages : tuple of str
        Names of the notebooks that make a whole report.
    """

    outputs: Path
    organisation: str
    period: str
    language: str
    pages: tuple[str, ...]

    @property
    def results(self) -> Path:
        """Where the published results lie."""
        return self.outputs / "results"

    @property
    def report(self) -> Path:
        """Where the report's notebooks lie."""
        return self.outputs / "reports" / self.period / self.organisation / self.language

    def target(self, suffix: str) -> Path:
        """Return where a file goes; its name tells what it is of wherever it is taken."""
        folder = self.outputs / EXPORTS / self.period / self.organisation / self.language
        return folder / f"{self.organisation}-{self.period}-{self.language}.{suffix}"


def _make_html(order: Order) -> bytes:
    return make_html(order.report, order.pages)


def _make_xlsx(order: Order) -> bytes:
    return make_workbook(load_results(order.organisation, order.results), order.period, order.language)


def _check_html(order: Order) -> list[Problem]:
    remedy = f"dimios report -o {order.organisation} --period {order.period} --language {order.language}"
    return check_report(order.report, order.pages, order.results, f"run {remedy}")


#: suffix -> what makes the bytes of a file
FORMATS: Mapping[str, Callable[[Order], bytes]] = {"html": _make_html, "xlsx": _make_xlsx}
#: suffix -> what may stand in the way
CHECKS: Mapping[str, Callable[[Order], list[Problem]]] = {"html": _check_html}


def read_formats(given: str) -> list[str]:
    """Read a list of formats: "html,xlsx".

    Raises
    ------
    InputError
        There is no such format (the nearest is suggested); all problems at once.
    """
    wanted = list(dict.fromkeys(word.strip().lower().removeprefix(".") for word in given.split(",")))
    problems = []
    for word in wanted:
        if word not in FORMATS:
            near = difflib.get_close_matches(word, FORMATS, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"choose among: {', '.join(FORMATS)}"
            problems.append(Problem("--to", f"there is no format '{word}'", remedy))
    if problems:
        raise InputError(problems)
    return wanted


def check_orders(orders: Sequence[Order], formats: Sequence[str]) -> None:
    """Raise unless everything that the files are made of is there.

    Raises
    ------
    InputError
        A report has not been made, not whole, or from other results than today's; all problems at once.
    """
    checks = [CHECKS[suffix] for suffix in formats if suffix in CHECKS]
    problems = [problem for order in orders for check in checks for problem in check(order)]
    if problems:
        raise InputError(problems)


def produce(orders: Sequence[Order], formats: Sequence[str]) -> Iterator[Path]:
    """Make every file asked for, and yield where it lies as soon as it is there.

    Raises
    ------
    PageError
        A notebook of a report is not whole; the files made so far stay.
    """
    for order in orders:
        for suffix in formats:
            content, target = FORMATS[suffix](order), order.target(suffix)
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}")
            try:
                with temporary.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())  # on the disk before it takes the old one's place
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
            yield target
