"""Initiatives that organisations report as driving: read, checked, stored, and validated one by one. Restricted.

A row is one initiative for one measure point. What a row says may only be shown after somebody has read it
(`validate_initiatives`) and as far as the organisation consents; both are decided when results are made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label, show_value, suggest
from dimios_core.responses.register import Register
from dimios_core.responses.register_files import RegisterRow, read_rows
from dimios_core.responses.slugs import SLUG_REMEDY, is_slug
from dimios_core.responses.transaction import Transaction, finish_committed

FOLDER = "initiatives"
FILE = "initiatives.parquet"
TEXT_COLUMNS = (
    "id", "organisation", "point", "title", "what", "effect", "start", "contact", "consent",
)  # fmt: skip
INITIATIVE_COLUMNS = (*TEXT_COLUMNS, "validated")
OPTIONAL = frozenset({"id", "effect", "contact", "validated"})
#: characters of a title, and of any other free text
TITLE_LIMIT, TEXT_LIMIT = 150, 2000
#: headers of a file, as `normalise_label` writes them
HEADERS = {
    "mätpunkt": "point",
    "rubrik": "title",
    "vad": "what",
    "effekt": "effect",
    "start": "start",
    "kontakt": "contact",
    "samtycke": "consent",
    "godkänd": "validated",
    **{name: name for name in INITIATIVE_COLUMNS},
}
CONSENT = {
    "namngiven": "named",
    "anonym": "anonymous",
    "inget": "none",
    "nej": "none",
    **{name: name for name in ("named", "anonymous", "none")},
}
YES_NO = {"ja": True, "yes": True, "true": True, "nej": False, "no": False, "false": False, "": False}
_MONTH = re.compile(r"((?:19|20)\d\d-(?:0[1-9]|1[0-2]))(?:-(?:0[1-9]|[12]\d|3[01]))?")
MONTH_REMEDY = "write year and month, such as 2026-03"


@dataclass(frozen=True)
class AddedInitiatives:
    """What adding a file did: ids that are new, changed (and unvalidated again), and as they were.

    `said_valid_n` counts rows that call themselves validated; that is not taken from a file.
    """

    new: list[str]
    changed: list[str]
    unchanged: list[str]
    said_valid_n: int


def read_month(text: str) -> str | None:
    """Return year and month of a text; None where it is neither YYYY-MM nor a date.

    Examples
    --------
    >>> read_month("2026-03"), read_month("2026-03-14"), read_month("2026-13"), read_month("mars")
    ('2026-03', '2026-03', None, None)
    """
    match = _MONTH.fullmatch(text.strip())
    return match[1] if match else None


def point_labels(instrument: Instrument) -> dict[str, str]:
    """Return how a measure point may be written (id, or name in any language, as a worksheet has it, too; normalised) and its id."""
    labels = {
        normalise_label(written): p.id
        for p in instrument.points
        for name in p.name.values()
        for written in (name, defuse(name))
    }
    return labels | {normalise_label(p.id): p.id for p in instrument.points}


def organisation_labels(register: Register) -> dict[str, str]:
    """Return how an organisation may be written (id or name, normalised) and its id."""
    people = register.organisations
    labels = {normalise_label(n): i for i, n in zip(people["id"], people["name"], strict=True)}
    return labels | {normalise_label(i): i for i in people["id"]}


def read_initiatives(path: Path, register: Register, instrument: Instrument) -> pd.DataFrame:
    """Read a file of initiatives (CSV or XLSX) and check every cell.

    Parameters
    ----------
    path : pathlib.Path
        Columns with Swedish or English headers: `organisation` (id or name), `mätpunkt`/`point` (id or name),
        `rubrik`/`title`, `vad`/`what`, `effekt`/`effect`, `start` (YYYY-MM), `kontakt`/`contact`,
        `samtycke`/`consent` (named, anonymous, none), `godkänd`/`validated` (ja, nej), `id`. The last and
        effect, contact and validated may be left out; without an id one is made of organisation, point and title.
    register : Register
    instrument : Instrument

    Returns
    -------
    pandas.DataFrame
        `INITIATIVE_COLUMNS`, a row an initiative in the order of the file: text ("" = not given) but for
        `validated` (bool: what the file claims).

    Raises
    ------
    InputError
        Every fault of the file, with row and column.
    """
    problems: list[Problem] = []
    organisations, points = organisation_labels(register), point_labels(instrument)
    seen: dict[str, int] = {}
    out: list[dict[str, object]] = []
    for row in read_rows(path, HEADERS, INITIATIVE_COLUMNS, OPTIONAL):
        cells = row.cells
        organisation = _look_up(
            row, "organisation", organisations, set(register.organisations["id"]), problems
        )
        point = _look_up(row, "point", points, [p.id for p in instrument.points], problems)
        start = read_month(cells["start"])
        if start is None:
            shown = f"{show_value(cells['start'])} is no month" if cells["start"] else "the month is empty"
            problems.append(row.problem("start", shown, MONTH_REMEDY))
        consent = CONSENT.get(normalise_label(cells["consent"]))
        if consent is None:
            what = (
                f"{show_value(cells['consent'])} is not known{suggest(cells['consent'], CONSENT)}"
                if cells["consent"]
                else "the cell is empty, and without consent nothing may be shown"
            )
            problems.append(row.problem("consent", what, f"use one of: {', '.join(CONSENT)}"))
        validated = YES_NO.get(normalise_label(cells["validated"]))
        if validated is None:
            problems.append(
                row.problem(
                    "validated", f"{show_value(cells['validated'])} is neither ja nor nej", "write ja or nej"
                )
            )
        _check_texts(row, problems)
        identifier = cells["id"] or make_id(organisation, point, cells["title"])
        if cells["id"] and not is_slug(identifier):
            problems.append(row.problem("id", f"“{identifier}” cannot be an identifier", SLUG_REMEDY))
        if seen.setdefault(identifier, row.number) != row.number:
            what = f"the same initiative is also in row {seen[identifier]}"
            remedy = "keep one of the rows, or give each an id of its own"
            problems.append(row.problem("id" if cells["id"] else "title", what, remedy))
        out.append(
            {name: cells[name] for name in ("title", "what", "effect", "contact")}
            | {"id": identifier, "organisation": organisation, "point": point, "start": start or ""}
            | {"consent": consent or "none", "validated": bool(validated)}
        )
    if problems:
        raise InputError(problems)
    return pd.DataFrame(out, columns=list(INITIATIVE_COLUMNS))


def _look_up(
    row: RegisterRow, column: str, labels: dict[str, str], shown: Collection[str], problems: list[Problem]
) -> str:
    text = row.cells[column]
    found = labels.get(normalise_label(text))
    if found is not None:
        return found
    if not text:
        problems.append(row.problem(column, "the cell is empty", "fill it in"))
    elif column == "organisation":
        what = f"the organisation {show_value(text)} is not in the register{suggest(text, labels)}"
        problems.append(row.problem(column, what, "use the organisation's id or name, or register it first"))
    else:
        what = f"the instrument has no measure point {show_value(text)}{suggest(text, labels)}"
        problems.append(row.problem(column, what, f"use a point's id or name, such as {next(iter(shown))}"))
    return ""


def _check_texts(row: RegisterRow, problems: list[Problem]) -> None:
    for column, limit in (("title", TITLE_LIMIT), ("what", TEXT_LIMIT), ("effect", TEXT_LIMIT), ("contact", TITLE_LIMIT)):  # fmt: skip
        text = row.cells[column]
        if not text and column in ("title", "what"):
            problems.append(row.problem(column, "the cell is empty", "say in a few words what is done"))
        if len(text) > limit:
            what = f"the text has {len(text)} characters, more than {limit}"
            problems.append(row.problem(column, what, "shorten it"))


def make_id(organisation: str, point: str, title: str) -> str:
    """Return the identifier of an initiative that was given none; the same three give the same one."""
    telling = "\n".join((organisation, point, normalise_label(title))).encode()
    return f"i-{hashlib.blake2b(telling, digest_size=5).hexdigest()}"


def load_initiatives(outputs: Path) -> pd.DataFrame:
    """Return all stored initiatives, sorted by organisation, point and id; an empty frame where there are none.

    Returns
    -------
    pandas.DataFrame
        `INITIATIVE_COLUMNS`: text ("" = not given) but for `validated` (bool).
    """
    finish_committed(outputs / FOLDER)
    path = outputs / FOLDER / FILE
    if not path.is_file():
        types = dict.fromkeys(TEXT_COLUMNS, "str") | {"validated": "bool"}
        return pd.DataFrame(columns=list(INITIATIVE_COLUMNS)).astype(types)
    return pd.read_parquet(path)


def add_initiatives(
    path: Path, outputs: Path, register: Register, instrument: Instrument
) -> AddedInitiatives:
    """Read a file and store its initiatives beside those that are stored.

    A new one is not validated, whatever the file says. The same id again replaces the initiative, which is
    unvalidated again if anything of it changed.

    Raises
    ------
    InputError
        A fault in the file, or an id that another organisation's initiative has; nothing is stored then.
    """
    read = read_initiatives(path, register, instrument)
    stored = load_initiatives(outputs)
    known = {row["id"]: row for row in stored.to_dict("records")}
    new: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    problems = []
    for row in read.to_dict("records"):
        before = known.get(row["id"])
        if before is not None and before["organisation"] != row["organisation"]:
            what = f"the id {row['id']} is that of another organisation's initiative"
            problems.append(
                Problem(f"{path.name}, organisation {row['organisation']}", what, "choose another id")
            )
            continue
        same = before is not None and all(before[c] == row[c] for c in TEXT_COLUMNS)
        (new if before is None else unchanged if same else changed).append(row["id"])
        known[row["id"]] = row | {"validated": bool(same and before and before["validated"])}
    if problems:
        raise InputError(problems)
    if new or changed:
        _store(known.values(), outputs)
    return AddedInitiatives(new, changed, unchanged, int(read["validated"].sum()))


def validate_initiatives(outputs: Path, ids: Collection[str] | None) -> list[str]:
    """Mark initiatives as read and fit to be shown.

    Parameters
    ----------
    ids : collection of str or None
        None is all that are stored.

    Returns
    -------
    list of str
        Those that were not validated before.

    Raises
    ------
    InputError
        Ids that there are not; nothing is validated then.
    """
    stored = load_initiatives(outputs)
    known = stored["id"].tolist()
    unknown = [i for i in ids or () if i not in known]
    if unknown:
        remedy = "see the ids with: dimios initiatives list"
        raise InputError(
            [Problem(f"initiative {i}", f"there is none{suggest(i, known)}", remedy) for i in unknown]
        )
    chosen = stored["id"].isin(known if ids is None else list(ids)) & ~stored["validated"]
    if chosen.any():
        _store(stored.assign(validated=stored["validated"] | chosen).to_dict("records"), outputs)
    return stored.loc[chosen, "id"].tolist()


def _store(rows: Iterable[dict], outputs: Path) -> None:
    frame = pd.DataFrame(list(rows), columns=list(INITIATIVE_COLUMNS))
    frame = frame.sort_values(["organisation", "point", "id"], ignore_index=True)
    with Transaction(outputs / FOLDER) as transaction:
        frame.to_parquet(transaction.stage(FILE), index=False, compression="zstd")
        transaction.commit()
