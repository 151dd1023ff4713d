"""Three survey tools' ways of exporting the same survey, with the mess that each is known for.

- csv: Windows-1252, semicolons, decimal commas, answers as Swedish labels, e-mail addresses, free-text
  comments with line breaks; one label changed its wording over the years. Times to the minute, and a duration.
- xlsx: a cover sheet, a title above the header, numbers of which some are text, real dates, "-" for no answer.
- sav: SPSS codes with value labels, a user-defined missing value beside the system's own, dates of SPSS's own kind.

All are wide: a row a respondent. parameters/mappings/demo-*.yaml read them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.demo.answers import DONT_KNOW, MISSING
from dimios_core.demo.consortium import Consortium
from dimios_core.demo.stable_files import save_spss, save_workbook, start_workbook, write_text

AGREEMENT = {
    1: "Instämmer inte alls",
    2: "Instämmer i liten grad",
    3: "Instämmer delvis",
    4: "Instämmer i hög grad",
    5: "Instämmer helt",
}
#: the csv tool said "Vet inte" until it changed its template
NEW_TEMPLATE_FROM = "2025"
CSV_ROLES = {
    "politicians": "Politiker",
    "top_management": "Högsta ledning",
    "administration_management": "Förvaltningsledning",
    "strategists_developers": "Strateg/utvecklare",
    "system_owners": "Systemägare",
}
XLSX_ROLES = {
    "politicians": "Förtroendevald",
    "top_management": "Ledningsgrupp",
    "administration_management": "Chef i förvaltning eller verksamhet",
    "strategists_developers": "Digital strateg eller utvecklare",
    "system_owners": "Systemägare eller objektägare",
}
SAV_ROLES = {
    "politicians": "Politiker eller styrelseledamot",
    "top_management": "Högsta ledningen",
    "administration_management": "Avdelnings- och förvaltningsledning",
    "strategists_developers": "Strateger och utvecklare",
    "system_owners": "System- och objektägare",
}
XLSX_DONT_KNOW = "Vet ej / ingen uppfattning"
SAV_DONT_KNOW, SAV_NO_ANSWER = 8, 9
COMMENT_SHARE, NUMBER_AS_TEXT_SHARE, DASH_SHARE, CODED_MISSING_SHARE = 0.04, 0.03, 0.5, 0.5
COMMENTS = (
    "Bra enkät – men lång.",
    "Svårt att svara för hela förvaltningen; jag svarar för min enhet.",
    'Vad menas med "nyttorealisering"?',
    "Vi har precis bytt system.\nFråga oss igen om ett år.",
    "Se mitt svar från förra året…",
    "Mer än 50 % av tiden går till förvaltning; det syns nog i svaren.",
    "Idén är god, genomförandet är det som återstår.",
)


@dataclass(frozen=True)
class Responses:
    """The rows that one tool exports for one period.

    Attributes
    ----------
    rows : pandas.DataFrame
        organisation, organisation_name, position, unit_name, role, person_number, started_at, answered_at, minutes,
        weight, opened_only; in the order in which they were answered.
    answers : numpy.ndarray
        int8, (rows, points): 1-5, 0 = "vet ej", -1 = no answer.
    """

    period: str
    rows: pd.DataFrame
    answers: np.ndarray
    consortium: Consortium


def export_csv(folder: Path, part: Responses, rng: np.random.Generator) -> Path:
    """Write Digital_mognad_<period>.csv: Windows-1252, semicolons, labels, decimal commas."""
    rows = part.rows
    dont_know = "Vet ej" if part.period >= NEW_TEMPLATE_FROM else "Vet inte"
    words = np.array(["", dont_know, *AGREEMENT.values()], dtype=object)[part.answers - MISSING]
    points = part.consortium.points.values()
    comment = np.where(
        rng.random(len(rows)) < COMMENT_SHARE, rng.choice(np.array(COMMENTS, dtype=object), len(rows)), ""
    )
    minutes = rows["minutes"].map("{:.1f}".format).str.replace(".", ",")
    frame = pd.DataFrame(
        {
            "Svars-ID": [f"{part.period}-{n:05d}" for n in range(1, len(rows) + 1)],
            "E-post": [
                f"person{n}@{o}.example"
                for n, o in zip(rows["person_number"], rows["organisation"], strict=True)
            ],
            "Status": np.where(rows["opened_only"], "Öppnad", "Besvarad"),
            "Påbörjad": rows["started_at"].dt.strftime("%Y-%m-%d %H:%M"),
            "Slutförd": rows["answered_at"].dt.strftime("%Y-%m-%d %H:%M").mask(rows["opened_only"], ""),
            "Tid (minuter)": minutes.mask(rows["opened_only"], ""),
            "Organisation": rows["organisation_name"],
            "Mätning": f"Digital mognad {part.period}",
            "Förvaltning/enhet": rows["unit_name"],
            "Din roll": rows["role"].map(CSV_ROLES).fillna(""),
            **{f"F{n}. {p.label}": words[:, n - 1] for n, p in enumerate(points, start=1)},
            "Vikt": rows["weight"].map("{:.2f}".format).str.replace(".", ","),
            "Kommentar": comment,
        }
    )
    path = folder / f"Digital_mognad_{part.period}.csv"
    write_text(path, [list(frame), *frame.itertuples(index=False)], encoding="cp1252", delimiter=";")
    return path


def export_xlsx(folder: Path, part: Responses, rng: np.random.Generator) -> Path:
    """Write enkatsvar-<period>.xlsx: a cover sheet, then the sheet "Svar" with its header in row 4."""
    rows = part.rows
    cells = np.array([None, XLSX_DONT_KNOW, *AGREEMENT], dtype=object)[part.answers - MISSING]
    as_text = (part.answers > DONT_KNOW) & (rng.random(part.answers.shape) < NUMBER_AS_TEXT_SHARE)
    cells[as_text] = part.answers[as_text].astype(str)
    dash = (part.answers == MISSING) & (rng.random(part.answers.shape) < DASH_SHARE)
    cells[dash] = "-"
    number_as_text = rng.random(len(rows)) < NUMBER_AS_TEXT_SHARE

    book = start_workbook()
    cover = book.create_sheet("Läs mig")
    cover.append([part.consortium.label["sv"]])
    cover.append(["Svaren ligger på fliken Svar. Tomt eller streck betyder att frågan inte besvarades."])
    sheet = book.create_sheet("Svar")
    sheet.append([f"Digital mognad – alla svar {part.period}"])
    sheet.append([f"Uttag {part.period[:4]}-{'11' if part.period.endswith('-2') else '05'}-04"])
    sheet.append([])
    sheet.append(
        [
            "Deltagarnummer",
            "Enkätomgång",
            "Deltagande organisation",
            "Avdelning",
            "Roll/uppdrag",
            "Starttid",
            "Svarsdatum",
            *(f"{n}. {p.label}" for n, p in enumerate(part.consortium.points.values(), start=1)),
        ]
    )
    when = rows["answered_at"].dt.to_pydatetime()
    numbers = rows["person_number"].tolist()
    head = zip(
        [str(n) if text else n for n, text in zip(numbers, number_as_text, strict=True)],
        rows["organisation_name"],
        [unit or None for unit in rows["unit_name"]],
        [XLSX_ROLES.get(role) for role in rows["role"]],
        rows["started_at"].dt.to_pydatetime(),
        [None if only else time for only, time in zip(rows["opened_only"], when, strict=True)],
        strict=True,
    )
    for (number, organisation, unit, role, *times), answers in zip(head, cells, strict=True):
        sheet.append([number, _name_round(part.period), organisation, unit, role, *times, *answers])
    path = folder / f"enkatsvar-{part.period}.xlsx"
    save_workbook(book, path)
    return path


def _name_round(period: str) -> str:
    """Return what the xlsx tool calls a round; the one that measures twice a year has names of its own."""
    year, _, half = period.partition("-")
    return f"{'Höstmätningen' if half == '2' else 'Vårmätningen'} {year}" if half else f"Våren {year}"


def export_sav(folder: Path, part: Responses, rng: np.random.Generator) -> Path:
    """Write digmog<period>.sav: SPSS variables with value labels; 9 is a user-defined missing value."""
    rows = part.rows
    codes = np.array([np.nan, SAV_DONT_KNOW, *AGREEMENT])[part.answers - MISSING]
    coded = (part.answers == MISSING) & (rng.random(part.answers.shape) < CODED_MISSING_SHARE)
    codes[coded] = SAV_NO_ANSWER
    variables = [f"q{n}" for n in range(1, codes.shape[1] + 1)]
    role_code = {role: float(n) for n, role in enumerate(SAV_ROLES, start=1)}
    frame = pd.DataFrame(
        {
            "lopnr": rows["person_number"].astype(float),
            "org": (rows["position"] + 1).astype(float),
            "matning": float(part.period),
            "enhet": rows["unit_name"],
            "roll": rows["role"].map(role_code).astype(float),
            "starttid": rows["started_at"],
            "sluttid": rows["answered_at"].mask(rows["opened_only"]),
            **dict(zip(variables, codes.T, strict=True)),
        }
    )
    answer_labels = {**AGREEMENT, SAV_DONT_KNOW: "Vet ej", SAV_NO_ANSWER: "Inget svar"}
    mine = sorted({o.name: n for n, o in enumerate(part.consortium.organisations, start=1) if o.tool == "sav"}.items())  # fmt: skip
    path = folder / f"digmog{part.period}.sav"
    save_spss(
        frame,
        path,
        file_label=f"Digital mognad {part.period} (DEMO)",
        column_labels={
            "lopnr": "Löpnummer",
            "org": "Organisation",
            "matning": "Mätning",
            "enhet": "Avdelning eller förvaltning",
            "roll": "Vilken roll har du?",
            "starttid": "Enkäten påbörjad",
            "sluttid": "Enkäten avslutad",
            **{v: p.label for v, p in zip(variables, part.consortium.points.values(), strict=True)},
        },
        variable_value_labels={
            "org": {float(n): name for name, n in mine},
            "matning": {float(part.period): f"Mätning {part.period}"},
            "roll": {code: SAV_ROLES[role] for role, code in role_code.items()},
            **dict.fromkeys(variables, answer_labels),
        },
        missing_ranges={v: [SAV_NO_ANSWER] for v in variables},
    )
    return path


#: how each tool exports
WRITERS: dict[str, Callable[[Path, Responses, np.random.Generator], Path]] = {
    "csv": export_csv,
    "xlsx": export_xlsx,
    "sav": export_sav,
}
