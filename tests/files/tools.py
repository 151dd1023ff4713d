"""Made-up exports in the shape of each common survey tool: what its columns are called, which rows stand above, how answers are written."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

Table = list[list[object]]
SAYS = {
    "sv": ["Vi planerar.", "Vi arbetar.", "Vi lär."],
    "en": ["We plan.", "We work.", "We learn."],
}
LABELS = {
    "sv": ["Instämmer inte alls", "Instämmer inte", "Varken eller", "Instämmer", "Instämmer helt"],
    "en": ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
}
DONT_KNOW = {"sv": "Vet ej", "en": "Don't know"}


@dataclass
class Given:
    """What people answered (1-5, None = don't know), in which language, in words or in numbers."""

    answers: list[list[int | None]]
    language: str
    worded: bool
    draw: random.Random

    @classmethod
    def of(cls, seed: int) -> Given:
        draw = random.Random(seed)
        answers = [[draw.choice([1, 2, 3, 4, 5, 5, 4, None]) for _ in range(3)] for _ in range(25)]
        answers[0] = [1, 3, 5]
        return cls(answers, draw.choice(["sv", "en"]), draw.random() < 0.6, draw)

    def says(self, answer: int | None) -> object:
        if answer is None:
            return DONT_KNOW[self.language]
        return LABELS[self.language][answer - 1] if self.worded else answer

    @property
    def rows(self) -> Table:
        return [[self.says(a) for a in row] for row in self.answers]

    @property
    def statements(self) -> list[str]:
        return SAYS[self.language]


def _csv(table: Table, path: Path, between: str = ",", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=between, lineterminator="\r\n").writerows(table)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def _xlsx(table: Table, path: Path, title: str) -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in table:
        book.active.append(row)
    book.save(path)
    return path


def qualtrics(given: Given, folder: Path) -> Path:
    ids = ["StartDate", "EndDate", "Status", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage"]  # fmt: skip
    wording = ["Start Date", "End Date", "Response Type", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID", "Distribution Channel", "User Language"]  # fmt: skip
    questions = [f"Q{n}_1" for n in (3, 4, 5)]
    table: Table = [
        [*ids, *questions],
        [*wording, *(f"I vilken grad stämmer det? - {s}" for s in given.statements)],
        [f'{{"ImportId":"{name}"}}' for name in (*ids, *questions)],
    ]
    for n, row in enumerate(given.rows):
        meta = ["2026-03-31 14:05:30", "2026-03-31 14:09:00", "IP Address", 100, 210, "True", "2026-03-31 14:09:01", f"R_{n:03}x", "email", given.language.upper()]  # fmt: skip
        table.append([*meta, *row])
    preview: Table = [[*table[3]]]
    preview[0][2], preview[0][7] = "Survey Preview", "R_preview"
    return _csv(table + preview, folder / "qualtrics.csv", encoding="utf-8-sig")


def surveymonkey(given: Given, folder: Path) -> Path:
    meta = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1"]  # fmt: skip
    below = ["Response"] * 3 if given.draw.random() < 0.5 else [*given.statements]
    above = given.statements if below[0] == "Response" else ["Hur väl stämmer det?", "", ""]
    table: Table = [[*meta, *above], [""] * len(meta) + below]
    for n, row in enumerate(given.rows):
        table.append([114000000 + 37 * n, 4001, "03/31/2026 02:05:30 PM", "03/31/2026 02:09:00 PM", "10.0.0.1", "", "", "", "", *row])  # fmt: skip
    return _csv(table, folder / "surveymonkey.csv")


def limesurvey(given: Given, folder: Path) -> Path:
    meta = ["Svars-ID", "Datum inskickat", "Sista sida", "Startspråk", "Frö"] if given.language == "sv" else ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]  # fmt: skip
    table: Table = [[*meta, *(f"Hur väl stämmer det? [{s}]" for s in given.statements)]]
    for n, row in enumerate(given.rows):
        table.append([n * 3 + 7, "2026-03-31 14:09:00", 4, given.language, 812345 + 97 * n, *row])
    return _csv(table, folder / "results-survey812345.csv", ";")


def google_forms(given: Given, folder: Path) -> Path:
    first = "Tidstämpel" if given.language == "sv" else "Timestamp"
    table: Table = [[first, *(f"Hur väl stämmer det? [{s}]" for s in given.statements)]]
    table += [[f"2026-03-31 14:{5 + n:02}:30", *row] for n, row in enumerate(given.rows)]
    return _csv(table, folder / "google.csv")


def microsoft_forms(given: Given, folder: Path) -> Path:
    meta = ["Id", "Starttid", "Slutförandetid", "E-post", "Namn"] if given.language == "sv" else ["ID", "Start time", "Completion time", "Email", "Name"]  # fmt: skip
    table: Table = [[*meta, *given.statements]]
    for n, row in enumerate(given.rows):
        times = [pd.Timestamp("2026-03-31 14:05:30").to_pydatetime()] * 2
        table.append([n + 1, *times, "anonymous", "", *row])
    return _xlsx(table, folder / "forms.xlsx", "Form1")


def redcap(given: Given, folder: Path) -> Path:
    table: Table = [["record_id", "redcap_survey_identifier", "matning_timestamp", "plan", "work", "learn", "matning_complete"]]  # fmt: skip
    for n, row in enumerate(given.rows):
        table.append([n * 5 + 2, "", "2026-03-31 14:09", *row, 2])
    return _csv(table, folder / "redcap.csv")


def kobo(given: Given, folder: Path) -> Path:
    table: Table = [["start", "end", *given.statements, "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "_tags", "_index"]]  # fmt: skip
    for n, row in enumerate(given.rows):
        table.append(["2026-03-31T14:05:30.000+02:00", "2026-03-31T14:09:00.000+02:00", *row, 5000 + n * 13, f"u-{n}-a", "2026-03-31T12:09:05", "", "", "submitted_via_web", "", "", n + 1])  # fmt: skip
    return _xlsx(table, folder / "kobo.xlsx", "Mätning")


def excel(given: Given, folder: Path) -> Path:
    table: Table = [["Kommun", "År", "Löpnr", *given.statements]]
    table += [["Lindby kommun", 2026, 300 + 7 * n, *row] for n, row in enumerate(given.rows)]
    return _xlsx(table, folder / "svar.xlsx", "Blad1")


def spss(given: Given, folder: Path) -> Path:
    path = folder / "svar.sav"
    codes = [[9 if a is None else a for a in row] for row in given.answers]
    frame = pd.DataFrame(codes, columns=["q1", "q2", "q3"]).astype(float)
    frame.insert(0, "lopnr", [f"s{n * 3}" for n in range(len(frame))])
    values = dict(enumerate(LABELS[given.language], start=1)) | {9: DONT_KNOW[given.language]}
    pyreadstat.write_sav(
        frame, str(path), column_labels=["Löpnummer", *given.statements],
        variable_value_labels=dict.fromkeys(["q1", "q2", "q3"], values),
    )  # fmt: skip
    return path


TOOLS: list[Callable[[Given, Path], Path]] = [
    qualtrics, surveymonkey, limesurvey, google_forms, microsoft_forms, redcap, kobo, excel, spss,
]  # fmt: skip
