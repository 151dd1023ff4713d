"""What pandas, openpyxl and pyreadstat alone read in the demo's files.

Nothing of dimios_core takes part in the reading or the scoring here.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

PERIODS = ("2023", "2024", "2025", "2026")
#: what the tool that measures twice a year calls its rounds
HALF_YEARS = {
    "2024-2": "Höstmätningen 2024", "2025-1": "Vårmätningen 2025",
    "2025-2": "Höstmätningen 2025", "2026-1": "Vårmätningen 2026",
}  # fmt: skip
WORDS = {
    "Instämmer inte alls": 1,
    "Instämmer i liten grad": 2,
    "Instämmer delvis": 3,
    "Instämmer i hög grad": 4,
    "Instämmer helt": 5,
}
#: points per category in the order of the survey: three categories of capability, three of heritage
POINTS_OF_CATEGORY = (7, 6, 5, 2, 2, 4)
POINTS_N = sum(POINTS_OF_CATEGORY)
DONT_KNOW = -1.0


def read_raw(folder: Path) -> pd.DataFrame:
    """Return one row a respondent: period, organisation, unit, role, person, started_at, answered_at, and columns 0-25.

    An answer is 1-5, -1 for "vet ej" and NaN for nothing.
    """
    frames = []
    for period in PERIODS:
        frames += [_read_csv(folder, period), _read_xlsx(folder, period), _read_sav(folder, period)]
    frames += [_read_xlsx(folder, period) for period in HALF_YEARS]
    rows = pd.concat(frames, ignore_index=True)
    return rows[rows[list(range(POINTS_N))].notna().any(axis=1)].reset_index(drop=True)


def score(rows: pd.DataFrame) -> pd.DataFrame:
    """Return capability, heritage and maturity in percent per organisation and period: means of means."""
    percent = rows[list(range(POINTS_N))].where(lambda a: a > 0).sub(1).mul(25)
    points = percent.groupby([rows["organisation"], rows["period"]]).mean().to_numpy()
    edges = np.cumsum((0, *POINTS_OF_CATEGORY))
    categories = np.column_stack([points[:, a:b].mean(axis=1) for a, b in itertools.pairwise(edges)])
    index = percent.groupby([rows["organisation"], rows["period"]]).size().index
    table = pd.DataFrame(
        {"capability": categories[:, :3].mean(axis=1), "heritage": categories[:, 3:].mean(axis=1)},
        index=index,
    )
    return table.assign(maturity=table.mean(axis=1))


def _rows(answers: pd.DataFrame, period: str, **keys: pd.Series) -> pd.DataFrame:
    answers = answers.apply(pd.to_numeric).astype(float)
    answers.columns = range(POINTS_N)
    times = {name: pd.to_datetime(keys.pop(name)) for name in ("started_at", "answered_at")}
    texts = {name: column.fillna("") for name, column in keys.items()}
    return pd.concat([pd.DataFrame({"period": period, **texts, **times}), answers], axis=1)


def _read_csv(folder: Path, period: str) -> pd.DataFrame:
    path = folder / f"Digital_mognad_{period}.csv"
    raw = pd.read_csv(path, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)
    assert (raw["Mätning"] == f"Digital mognad {period}").all()
    answers = raw.filter(regex=r"^F\d+\. ").replace(
        {**WORDS, "Vet ej": DONT_KNOW, "Vet inte": DONT_KNOW, "": np.nan}
    )
    return _rows(
        answers,
        period,
        organisation=raw["Organisation"],
        unit=raw["Förvaltning/enhet"],
        role=raw["Din roll"],
        person=raw["E-post"],
        started_at=raw["Påbörjad"],
        answered_at=raw["Slutförd"],
    )


def _read_xlsx(folder: Path, period: str) -> pd.DataFrame:
    raw = pd.read_excel(folder / f"enkatsvar-{period}.xlsx", sheet_name="Svar", header=3, engine="openpyxl")
    assert (raw["Enkätomgång"] == HALF_YEARS.get(period, f"Våren {period}")).all()
    answers = raw.filter(regex=r"^\d+\. ").replace({"Vet ej / ingen uppfattning": DONT_KNOW, "-": np.nan})
    return _rows(
        answers,
        period,
        organisation=raw["Deltagande organisation"],
        unit=raw["Avdelning"],
        role=raw["Roll/uppdrag"],
        person=raw["Deltagarnummer"].astype(str),
        started_at=raw["Starttid"],
        answered_at=raw["Svarsdatum"],
    )


def _read_sav(folder: Path, period: str) -> pd.DataFrame:
    raw, meta = pyreadstat.read_sav(folder / f"digmog{period}.sav")
    assert (raw["matning"] == int(period)).all()
    labels = meta.variable_value_labels
    return _rows(
        raw.filter(regex=r"^q\d+$").replace({8: DONT_KNOW}),
        period,
        organisation=raw["org"].map(labels["org"]),
        unit=raw["enhet"],
        role=raw["roll"].map(labels["roll"]),
        person=raw["lopnr"].astype(int).astype(str),
        started_at=raw["starttid"],
        answered_at=raw["sluttid"],
    )
