"""Small files of the usual survey tools, each with one kind of trouble, and the way to read them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.responses import IngestSummary, ResponseStore, ingest, read_register, store_register

CASES = Path(__file__).parent / "cases"
BASE = CASES / "base"
KEY = bytes(range(32))
#: an answer, "dont_know" or "missing" by item
Answers = dict[str, float | str]


class Reader:
    """Reads files into a store of its own, with the base's register."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.outputs = folder, folder / "outputs"
        store_register(read_register(BASE / "organisations.csv", BASE / "units.csv"), self.outputs)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def take(
        self, file: Path | str, mapping: Path | str, instrument: Path | None = None, **options
    ) -> IngestSummary:
        """Ingest a file; a mapping, or a CSV file, may be given as its text."""
        if isinstance(file, str):
            file = self.write("answers.csv", file)
        if isinstance(mapping, str):
            mapping = self.write("map.yaml", mapping)
        model = load_instrument(instrument or BASE / "instrument.yaml")
        return ingest([file], mapping, model, self.outputs, key=KEY, **options)

    def refuse(self, file: Path | str, mapping: Path | str, instrument: Path | None = None, **options) -> str:
        """Return what is said of a file that is refused; nothing is stored."""
        before = self.answers()
        with pytest.raises(InputError) as error:
            self.take(file, mapping, instrument, **options)
        assert self.answers() == before
        assert all(problem.remedy for problem in error.value.problems)
        return str(error.value)

    def people(self, period: str = "2026", organisation: str = "lindby") -> dict[int, Answers]:
        """Return the answers of each respondent, by pseudonym."""
        store = ResponseStore(self.outputs)
        people: dict[int, Answers] = {}
        if store.holds(period, organisation):
            for row in store.read(period, organisation).to_pylist():
                answered = row["answer_kind"] == "answered"
                people.setdefault(row["respondent"], {})[row["item"]] = (
                    row["answer"] if answered else row["answer_kind"]
                )
        return people

    def answers(self, *items: str, period: str = "2026") -> list[tuple[float | str, ...]]:
        """Return respondents' answers to some items, in order."""
        own = items or ("plan", "work", "learn")
        return sorted(
            (tuple(person.get(item, "") for item in own) for person in self.people(period).values()), key=repr
        )


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def case(tmp_path: Path) -> Callable[[str], Path]:
    """A case's own folder, in which files may be written."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(CASES / name, tmp_path / name))

    return copy
