"""The register: organisations, their unit trees, and how many were invited."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import UNKNOWN_ROLE
from dimios_core.responses.labels import normalise_label, suggest
from dimios_core.responses.periods import PERIOD_REMEDY, is_period, mixed_years
from dimios_core.responses.register_files import RegisterRow, read_rows
from dimios_core.responses.slugs import SLUG_REMEDY, is_slug

THRESHOLD_LOWEST = 5
TYPES = {
    "kommun": "municipality",
    "region": "region",
    "myndighet": "agency",
    "bolag": "company",
    "annan": "other",
    "annat": "other",
}
SIZES = {"liten": "small", "medel": "medium", "mellan": "medium", "stor": "large"}
SHARING = {"namngiven": "named", "anonym": "anonymous", "sluten": "closed"}
COUNTIES = frozenset({f"{n:02d}" for n in (1, *range(3, 11), *range(12, 15), *range(17, 26))})

ORGANISATION_COLUMNS = ("id", "name", "type", "county", "size", "sharing", "threshold")
UNIT_COLUMNS = ("organisation", "unit", "name", "parent")
INVITED_COLUMNS = ("organisation", "period", "unit", "role", "invited")
#: header -> column, Swedish beside English
HEADERS = {
    "id": "id",
    "namn": "name",
    "typ": "type",
    "län": "county",
    "länskod": "county",
    "storlek": "size",
    "delning": "sharing",
    "tröskel": "threshold",
    "organisation": "organisation",
    "enhet": "unit",
    "överordnad": "parent",
    "period": "period",
    "mätning": "period",
    "roll": "role",
    "inbjudna": "invited",
    "antal inbjudna": "invited",
    **{name: name for name in {*ORGANISATION_COLUMNS, *UNIT_COLUMNS, *INVITED_COLUMNS}},
}


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    numeric = {"threshold", "invited"}
    return pd.DataFrame({c: pd.Series(dtype="int64" if c in numeric else "str") for c in columns})


@dataclass(frozen=True)
class Register:
    """Who takes part. The three tables hold text columns ("" = not given) but for the two counts.

    Parameters
    ----------
    organisations : pandas.DataFrame
        `id, name, type, county, size, sharing, threshold` (int64, >= 5), a row per organisation, by id.
        `type` in municipality, region, agency, company, other; `size` in small, medium, large or "";
        `sharing` in named, anonymous, closed.
    units : pandas.DataFrame
        `organisation, unit, name, parent`, a row per unit; `parent` "" is directly under the organisation.
    invited : pandas.DataFrame
        `organisation, period, unit, role, invited` (int64, >= 0); `unit` "" is the organisation's own
        people, `role` "unknown" where none is given.
    """

    organisations: pd.DataFrame = field(default_factory=lambda: _empty(ORGANISATION_COLUMNS))
    units: pd.DataFrame = field(default_factory=lambda: _empty(UNIT_COLUMNS))
    invited: pd.DataFrame = field(default_factory=lambda: _empty(INVITED_COLUMNS))


def read_register(
    organisations: Path | None = None,
    units: Path | None = None,
    invited: Path | None = None,
    *,
    stored: Register | None = None,
    roles: Collection[str] | None = None,
) -> Register:
    """Read register files (CSV or XLSX) and check them together.

    Parameters
    ----------
    organisations, units, invited : pathlib.Path, optional
        A file replaces the whole table; a table without a file stays as stored.
    stored : Register, optional
        The register so far.
    roles : collection of str, optional
        Role ids of the instrument; without them any role is taken.

    Returns
    -------
    Register

    Raises
    ------
    InputError
        Every fault of all files.
    """
    register = stored or Register()
    problems: list[Problem] = []
    readers = (
        ("organisations", organisations, lambda rows, _: _read_organisations(rows, problems)),
        ("units", units, lambda rows, so_far: _read_units(rows, so_far, problems)),
        ("invited", invited, lambda rows, so_far: _read_invited(rows, so_far, roles, problems)),
    )
    columns = {"organisations": ORGANISATION_COLUMNS, "units": UNIT_COLUMNS, "invited": INVITED_COLUMNS}
    optional = {
        "organisations": {"county", "size", "threshold"},
        "units": {"parent", "name"},
        "invited": {"unit", "role"},
    }
    for table, path, read in readers:
        if path is None:
            continue
        try:
            rows = read_rows(path, HEADERS, columns[table], optional[table])
        except InputError as error:
            problems += error.problems
            continue
        # a faulty table stays for the references of the next ones: they are not all called unknown
        frame = pd.DataFrame(read(rows, register), columns=list(columns[table]))
        register = replace(register, **{table: frame})
    if not problems:
        _check_leftovers(register, problems)
    if problems:
        raise InputError(problems)
    return Register(
        **{
            t: getattr(register, t).astype(dict(_empty(c).dtypes)).reset_index(drop=True)
            for t, c in columns.items()
        }
    )


def _choice(
    row: RegisterRow, column: str, swedish: dict[str, str], problems: list[Problem], empty_ok: bool
) -> str:
    text = normalise_label(row.cells[column])
    if not text and empty_ok:
        return ""
    value = swedish.get(text, text)
    if value not in swedish.values():
        known = [*swedish, *dict.fromkeys(swedish.values())]
        what = f"“{row.cells[column]}” is not known{suggest(text, known)}" if text else "the cell is empty"
        problems.append(row.problem(column, what, f"use one of: {', '.join(dict.fromkeys(known))}"))
    return value


def _whole_number(row: RegisterRow, column: str, lowest: int, problems: list[Problem]) -> int:
    text = row.cells[column]
    if not text.isdecimal() or int(text) < lowest:
        problems.append(row.problem(column, f"“{text}” is no whole number from {lowest}", "mend the number"))
        return lowest
    return int(text)


def _read_organisations(rows: list[RegisterRow], problems: list[Problem]) -> list[dict[str, object]]:
    taken: dict[str, tuple[str, int]] = {}
    out: list[dict[str, object]] = []
    for row in rows:
        cells = row.cells
        if not is_slug(cells["id"]):
            problems.append(row.problem("id", f"“{cells['id']}” cannot be an identifier", SLUG_REMEDY))
        if not cells["name"]:
            problems.append(row.problem("name", "the name is empty", "write the organisation's name"))
        for column in ("id", "name"):
            label = normalise_label(cells[column])
            owner = taken.setdefault(label, (cells["id"], row.number)) if label else (cells["id"], row.number)
            if owner[1] != row.number:
                problems.append(
                    row.problem(
                        column, f"“{cells[column]}” is also in row {owner[1]}", "keep one of the rows"
                    )
                )
        county = cells["county"].zfill(2) if cells["county"] else ""
        if county and county not in COUNTIES:
            problems.append(
                row.problem(
                    "county", f"“{cells['county']}” is no county code", "use SCB's two digits, such as 14"
                )
            )
        out.append(
            {
                "id": cells["id"],
                "name": cells["name"],
                "type": _choice(row, "type", TYPES, problems, empty_ok=False),
                "county": county,
                "size": _choice(row, "size", SIZES, problems, empty_ok=True),
                "sharing": _choice(row, "sharing", SHARING, problems, empty_ok=False),
                "threshold": _whole_number(row, "threshold", THRESHOLD_LOWEST, problems)
                if cells["threshold"]
                else THRESHOLD_LOWEST,
            }
        )
    return sorted(out, key=lambda r: str(r["id"]))


def _unknown_organisation(row: RegisterRow, known: Collection[str], problems: list[Problem]) -> bool:
    name = row.cells["organisation"]
    if name in known:
        return False
    problems.append(
        row.problem(
            "organisation",
            f"the organisation “{name}” is not in the register{suggest(name, known)}",
            "use the organisation's id, or add it to the file of organisations",
        )
    )
    return True


def _read_units(
    rows: list[RegisterRow], register: Register, problems: list[Problem]
) -> list[dict[str, object]]:
    known = set(register.organisations["id"])
    parents: dict[tuple[str, str], tuple[str, RegisterRow]] = {}
    out: list[dict[str, object]] = []
    for row in rows:
        cells = row.cells
        if _unknown_organisation(row, known, problems):
            continue
        key = (cells["organisation"], cells["unit"])
        if not is_slug(cells["unit"]):
            problems.append(row.problem("unit", f"“{cells['unit']}” cannot be an identifier", SLUG_REMEDY))
        elif key in parents:
            problems.append(
                row.problem(
                    "unit", f"the unit is also in row {parents[key][1].number}", "keep one of the rows"
                )
            )
        else:
            parents[key] = (cells["parent"], row)
            out.append({**cells, "name": cells["name"] or cells["unit"]})
    for (organisation, unit), (parent, row) in parents.items():
        if parent and (organisation, parent) not in parents:
            siblings = [u for o, u in parents if o == organisation]
            problems.append(
                row.problem(
                    "parent",
                    f"the parent “{parent}” is no unit of {organisation}{suggest(parent, siblings)}",
                    "use the id of a unit in this file, or leave it empty",
                )
            )
        above, seen = parent, {unit}
        while above and above not in seen and (organisation, above) in parents:
            seen.add(above)
            above = parents[organisation, above][0]
        if above == unit:
            problems.append(row.problem("parent", "the unit is its own parent, in a circle", "mend the tree"))
    _check_unit_names(parents, problems)
    return sorted(out, key=lambda r: (str(r["organisation"]), str(r["unit"])))


def _check_unit_names(units: dict[tuple[str, str], tuple[str, RegisterRow]], problems: list[Problem]) -> None:
    """Refuse a name that is another unit's id: answers that name the one would go to the other."""
    by_label = {
        (organisation, normalise_label(unit)): row for (organisation, unit), (_, row) in units.items()
    }
    for (organisation, _), (_, row) in units.items():
        other = by_label.get((organisation, normalise_label(row.cells["name"])))
        if other is not None and other is not row:
            problems.append(
                row.problem(
                    "name",
                    f"the name “{row.cells['name']}” is the id of the unit in row {other.number}",
                    "give one of the two another name or id",
                )
            )


def _read_invited(
    rows: list[RegisterRow], register: Register, roles: Collection[str] | None, problems: list[Problem]
) -> list[dict[str, object]]:
    known = set(register.organisations["id"])
    units = set(zip(register.units["organisation"], register.units["unit"], strict=True))
    seen: dict[tuple[str, str, str, str], int] = {}
    kinds: dict[str, set[str]] = {}
    out: list[dict[str, object]] = []
    for row in rows:
        cells = row.cells
        if _unknown_organisation(row, known, problems):
            continue
        organisation, unit, role = cells["organisation"], cells["unit"], cells["role"] or UNKNOWN_ROLE
        if not is_period(cells["period"]):
            problems.append(row.problem("period", f"“{cells['period']}” is no period", PERIOD_REMEDY))
            continue
        if unit and (organisation, unit) not in units:
            siblings = [u for o, u in units if o == organisation]
            problems.append(
                row.problem(
                    "unit",
                    f"“{unit}” is no unit of {organisation}{suggest(unit, siblings)}",
                    "use the unit's id, or add it to the file of units",
                )
            )
        if roles is not None and role not in roles:
            problems.append(
                row.problem(
                    "role",
                    f"the instrument has no role “{role}”{suggest(role, roles)}",
                    f"use one of: {', '.join(sorted(roles))}",
                )
            )
        key = (organisation, cells["period"], unit, role)
        if seen.setdefault(key, row.number) != row.number:
            problems.append(
                row.problem("invited", f"the same group is also in row {seen[key]}", "keep one of the rows")
            )
        kinds.setdefault(organisation, set()).add(cells["period"])
        invited = _whole_number(row, "invited", 0, problems)
        out.append({**cells, "role": role, "invited": invited})
    for organisation, periods in kinds.items():
        problems += [
            Problem(
                f"{rows[0].label}, organisation {organisation}",
                f"{year} is there both as a year and as a half",
                "keep one kind of period a year",
            )
            for year in mixed_years(periods)
        ]
    return sorted(out, key=lambda r: tuple(str(r[c]) for c in INVITED_COLUMNS[:4]))


def _check_leftovers(register: Register, problems: list[Problem]) -> None:
    """Find stored rows that the new tables leave without their organisation or unit."""
    known = set(register.organisations["id"])
    units = set(zip(register.units["organisation"], register.units["unit"], strict=True))
    for name, frame in (("units", register.units), ("invited", register.invited)):
        problems += [
            Problem(
                f"stored {name}, organisation {organisation}",
                "the organisation is no longer in the register",
                f"keep it in the file of organisations, or give a new file with --{name} too",
            )
            for organisation in sorted(set(frame["organisation"]) - known)
        ]
    invited_units = set(zip(register.invited["organisation"], register.invited["unit"], strict=True))
    problems += [
        Problem(
            f"stored invited, organisation {organisation}",
            f"the unit {unit} is no longer in the register",
            "keep it in the file of units, or give a new file with --invited too",
        )
        for organisation, unit in sorted(invited_units - units)
        if unit and organisation in known
    ]
