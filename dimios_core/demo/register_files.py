"""The register of the made-up consortium: organisations, units and invited counts, each in a format of its own."""

from __future__ import annotations

import csv
from pathlib import Path

from dimios_core.demo.consortium import Consortium
from dimios_core.demo.population import Population
from dimios_core.demo.stable_files import save_workbook, start_workbook, write_text

TYPES_SV = {"municipality": "kommun", "region": "region", "agency": "myndighet", "company": "bolag"}
SIZES_SV = {"small": "liten", "medium": "medel", "large": "stor"}
SHARING_SV = {"named": "namngiven", "anonymous": "anonym", "closed": "sluten"}
DEFAULT_THRESHOLD = 5


def write_register(folder: Path, consortium: Consortium, people: Population) -> tuple[Path, Path, Path]:
    """Write organisations.csv (Swedish, semicolons, UTF-8 with BOM), units.xlsx and invited.csv (English, commas).

    Returns
    -------
    tuple of Path
        organisations, units, invited.
    """
    organisations = folder / "organisations.csv"
    header = ["id", "namn", "typ", "län", "storlek", "delning", "tröskel"]
    lines = [
        [
            o.id,
            o.name,
            TYPES_SV[o.type],
            o.county,
            SIZES_SV[o.size],
            SHARING_SV[o.sharing],
            # left out where nothing was chosen, as people do
            "" if o.threshold == DEFAULT_THRESHOLD else str(o.threshold),
        ]
        for o in consortium.organisations
    ]
    write_text(organisations, [header, *lines], encoding="utf-8-sig", delimiter=";")

    units = folder / "units.xlsx"
    book = start_workbook()
    sheet = book.create_sheet("Enheter")
    sheet.append(list(people.units.columns))
    for row in people.units.itertuples(index=False):
        sheet.append([value or None for value in row])
    save_workbook(book, units)

    invited = folder / "invited.csv"
    table = people.invited
    write_text(
        invited,
        [list(table.columns), *table.itertuples(index=False)],
        encoding="utf-8",
        delimiter=",",
        quoting=csv.QUOTE_MINIMAL,
    )
    return organisations, units, invited
