"""Write a made-up survey of any size: register files and one messy export, as a survey tool would.

The export has the form that parameters/mappings/demo-csv.yaml reads: a row a respondent, a column an item,
Windows-1252, semicolons, Swedish labels, decimal commas, comments with line breaks, rows that were only
opened, and the respondents of all organisations mixed. Same seed, same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from dimios_core.instrument import load_instrument
from dimios_core.responses import load_mapping
from dimios_core.responses.mapping import Mapping

MAPPING = "demo-csv"
ORGANISATIONS_PER_MILLION = 100
ORGANISATIONS_MIN = 12
#: what becomes of the people invited, and of the cells of those who answer
RESPONSE_SHARE, OPENED_ONLY_SHARE = 0.6, 0.02
DONT_KNOW_SHARE, MISSING_SHARE = 0.07, 0.03
#: people with a role that the tool did not get; people whose seat someone else has taken since last time
ROLE_UNKNOWN_SHARE, NEW_PERSON_SHARE = 0.04, 0.2
COMMENT_SHARE = 0.04
TYPES = {"kommun": 0.55, "region": 0.1, "myndighet": 0.25, "bolag": 0.1}
#: relative number of seats; they are equally common, so the mean is 1
SIZES = {"liten": 0.5, "medel": 1.0, "stor": 1.5}
SHARING = {"namngiven": 0.6, "anonym": 0.3, "sluten": 0.1}
COUNTIES = ("01", "03", "05", "06", "08", "12", "14", "17", "20", "22", "24", "25")
ROLE_SHARES = (0.1, 0.08, 0.22, 0.25, 0.35)
#: units of every organisation: id, name, parent; people sit on those without children, and some on the
#: organisation itself
UNITS = (
    ("vard", "Vård och omsorg", ""),
    ("vard-hemtjanst", "Hemtjänst", "vard"),
    ("vard-boende", "Särskilt boende", "vard"),
    ("utbildning", "Utbildning", ""),
    ("utbildning-grund", "Grundskola", "utbildning"),
    ("utbildning-gymnasium", "Gymnasium", "utbildning"),
    ("utbildning-forskola", "Förskola", "utbildning"),
    ("samhallsbyggnad", "Samhällsbyggnad", ""),
    ("kultur", "Kultur & fritid", ""),
    ("ledning", "Kommunikation, IT och ledning", ""),
)
DIRECT_SHARE = 0.05
COMMENTS = (
    "Bra enkät – men lång.",
    'Vad menas med "nyttorealisering"?',
    "Ny chef i mars; fråga igen.\nTack!",
)
ROWS_AT_A_TIME = 20_000
FIELD_MINUTES = 56 * 24 * 60
#: how long before it was sent every answer was begun
STARTED_BEFORE = np.timedelta64(9, "m")
HIGHEST_ANSWER, SPREAD_BETWEEN_PEOPLE, SPREAD_OF_ANSWERS = 5, 0.5, 0.9


@dataclass(frozen=True)
class Survey:
    """What `make_survey` wrote; `answers_n` counts answers with a number, `rows_n` rows of the export."""

    organisations: Path
    units: Path
    invited: Path
    export: Path
    mapping: str
    organisations_n: int
    periods_n: int
    rows_n: int
    answers_n: int


@dataclass(frozen=True)
class _Seats:
    """Seats of all organisations; arrays have an entry a seat. Unit -1 is the organisation itself."""

    organisation: np.ndarray
    number: np.ndarray
    unit: np.ndarray
    role: np.ndarray


def make_survey(folder: Path, millions: float, seed: int = 1) -> Survey:
    """Write organisations.csv, units.csv, invited.csv and svar.csv with about `millions` million answers.

    Every million answers are 100 organisations more, over the periods that the mapping knows.
    """
    mapping = load_mapping(MAPPING)
    rng = np.random.default_rng(seed)
    organisations_n = max(ORGANISATIONS_MIN, round(ORGANISATIONS_PER_MILLION * millions))
    periods = list(mapping.columns.period.values)
    items_n = len(mapping.items)
    respondents_n = millions * 1e6 / (items_n * (1 - DONT_KNOW_SHARE - MISSING_SHARE))
    seats_n = respondents_n / len(periods) / organisations_n / (RESPONSE_SHARE * (1 - OPENED_ONLY_SHARE))

    folder.mkdir(parents=True, exist_ok=True)
    organisations = _draw_organisations(organisations_n, rng)
    _write_rows(folder / "organisations.csv", organisations)
    ids = [row[0] for row in organisations[1:]]
    _write_rows(
        folder / "units.csv",
        [["organisation", "unit", "name", "parent"], *([o, *u] for o in ids for u in UNITS)],
    )
    size = np.array([SIZES[row[4]] for row in organisations[1:]])
    seats = _draw_seats(np.maximum(1, np.round(seats_n * size).astype(int)), rng)
    level = rng.normal(3.1, 0.3, (organisations_n, 1)) + rng.normal(0, 0.3, (1, items_n))

    names = [row[1] for row in organisations[1:]]
    tool = _Tool(mapping, ids, names)
    generation = np.zeros(len(seats.organisation), int)
    rows_n = answers_n = 0
    invited: list[list[object]] = [["organisation", "period", "unit", "role", "invited"]]
    with (folder / "svar.csv").open("wb") as file:
        for number, label in enumerate(periods):
            invited += _count_invited(seats, ids, mapping.columns.period.values[label])
            generation += rng.random(len(generation)) < NEW_PERSON_SHARE
            answering = rng.permutation(np.flatnonzero(rng.random(len(generation)) < RESPONSE_SHARE))
            for some in np.array_split(answering, len(answering) // ROWS_AT_A_TIME + 1):
                opened_only = rng.random(len(some)) < OPENED_ONLY_SHARE
                answers = draw_answers(level[seats.organisation[some]], opened_only, rng)
                at = (rows_n, number)
                table = tool.table(seats, some, generation[some], answers, label, at, rng)
                buffer = io.BytesIO()
                pacsv.write_csv(table, buffer, pacsv.WriteOptions(include_header=rows_n == 0, delimiter=";"))
                file.write(buffer.getvalue().decode().encode("cp1252"))
                rows_n += len(some)
                answers_n += int((answers > 0).sum())
    _write_rows(folder / "invited.csv", invited)
    return Survey(
        *(folder / f"{name}.csv" for name in ("organisations", "units", "invited", "svar")),
        MAPPING, organisations_n, len(periods), rows_n, answers_n,
    )  # fmt: skip


def _write_rows(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def _draw_organisations(n: int, rng: np.random.Generator) -> list[list[object]]:
    types = rng.choice(list(TYPES), n, p=list(TYPES.values()))
    sharing = rng.choice(list(SHARING), n, p=list(SHARING.values()))
    rows: list[list[object]] = [["id", "namn", "typ", "län", "storlek", "delning", "tröskel"]]
    for i in range(n):
        county = COUNTIES[int(rng.integers(len(COUNTIES)))] if types[i] in ("kommun", "region") else ""
        size = list(SIZES)[i % len(SIZES)]
        rows.append([f"org-{i:05d}", f"Påhittad {types[i]} nr {i}", types[i], county, size, sharing[i], ""])
    return rows


def _draw_seats(sizes: np.ndarray, rng: np.random.Generator) -> _Seats:
    organisation = np.repeat(np.arange(len(sizes)), sizes)
    parents = {parent for _, _, parent in UNITS}
    leaves = np.array([i for i, (unit, _, _) in enumerate(UNITS) if unit not in parents])
    unit = leaves[rng.integers(len(leaves), size=len(organisation))]
    unit[rng.random(len(unit)) < DIRECT_SHARE] = -1
    role = rng.choice(len(ROLE_SHARES), size=len(organisation), p=ROLE_SHARES)
    number = np.arange(len(organisation)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return _Seats(organisation, number, unit, role)


def _count_invited(seats: _Seats, ids: list[str], period: str) -> Iterator[list[object]]:
    roles = list_roles()
    key = (seats.organisation * (len(UNITS) + 1) + seats.unit + 1) * len(roles) + seats.role
    cells, counts = np.unique(key, return_counts=True)
    for cell, n in zip(cells.tolist(), counts.tolist(), strict=True):
        place, role = divmod(cell, len(roles))
        organisation, unit = divmod(place, len(UNITS) + 1)
        yield [ids[organisation], period, UNITS[unit - 1][0] if unit else "", roles[role], n]


def list_roles() -> list[str]:
    return [role.id for role in load_instrument("dimios").roles]


def draw_answers(level: np.ndarray, opened_only: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return 1-5, 0 = "vet ej", -1 = no answer; int8, (rows, items)."""
    person = rng.normal(0, SPREAD_BETWEEN_PEOPLE, (len(level), 1))
    drawn = level + person + rng.normal(0, SPREAD_OF_ANSWERS, level.shape)
    answers = np.clip(np.round(drawn), 1, HIGHEST_ANSWER).astype(np.int8)
    fate = rng.random(level.shape)
    answers[fate < DONT_KNOW_SHARE] = 0
    answers[fate > 1 - MISSING_SHARE] = -1
    answers[opened_only] = -1
    return answers


class _Tool:
    """The survey tool: turns codes into the columns of its export, with the labels that the mapping reads."""

    def __init__(self, mapping: Mapping, ids: list[str], names: list[str]) -> None:
        roles = list_roles()
        label_of_role = {role: label for label, role in mapping.columns.role.values.items()}
        label_of_answer = {number: label for label, number in mapping.answers.labels.items()}
        self.words = pa.array(["", mapping.answers.dont_know[0], *(label_of_answer[n] for n in range(1, 6))])
        self.roles = pa.array(["", *(label_of_role[role] for role in roles)])
        self.units = pa.array(["", *(name for _, name, _ in UNITS)])
        self.ids, self.names = np.array(ids), pa.array(names)
        self.mapping = mapping

    def table(
        self,
        seats: _Seats,
        some: np.ndarray,
        generation: np.ndarray,
        answers: np.ndarray,
        label: str,
        at: tuple[int, int],
        rng: np.random.Generator,
    ) -> pa.Table:
        """Return the export's rows of some seats; `at` is the number of the first row and of the period."""
        n, columns = len(some), self.mapping.columns
        role = np.where(rng.random(n) < ROLE_UNKNOWN_SHARE, 0, seats.role[some] + 1)
        organisation = seats.organisation[some]
        who = zip(seats.number[some].tolist(), generation.tolist(), self.ids[organisation], strict=True)
        minute = np.sort(rng.integers(0, FIELD_MINUTES, n)).astype("timedelta64[m]")
        when = np.datetime64(f"{self.mapping.columns.period.values[label]}-03-01T08:00", "m") + minute
        comment = np.where(rng.random(n) < COMMENT_SHARE, rng.integers(1, len(COMMENTS) + 1, n), 0)
        given = {
            "Svars-ID": pa.array(range(at[0], at[0] + n)).cast(pa.string()),
            columns.respondent.column: pa.array([f"person{s}.{g}@{o}.example" for s, g, o in who]),
            "Status": pa.array(np.where((answers == -1).all(axis=1), "Öppnad", "Besvarad")),
            columns.started_at.column: pa.array(
                np.char.replace((when - STARTED_BEFORE).astype(str), "T", " ")
            ),
            columns.answered_at.column: pa.array(np.char.replace(when.astype(str), "T", " ")),
            columns.organisation.column: self.names.take(pa.array(organisation)),
            columns.period.column: pa.array(np.full(n, label)),
            columns.unit.column: self.units.take(pa.array(seats.unit[some] + 1)),
            columns.role.column: self.roles.take(pa.array(role)),
            **{
                header: self.words.take(pa.array(answers[:, i] + 1))
                for i, header in enumerate(self.mapping.items)
            },
            columns.weight.column: pa.array(np.full(n, "1,00")),
            "Kommentar": pa.array(["", *COMMENTS]).take(pa.array(comment)),
        }
        return pa.table(given)
