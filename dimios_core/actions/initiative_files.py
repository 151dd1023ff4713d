"""Files of initiatives (CSV or XLSX): read and checked cell by cell. Restricted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from dimios_core.actions.choices import label_choices, label_places, tell_unknown
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse, restore
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label, show_value, suggest
from dimios_core.responses.register import Register
from dimios_core.responses.register_files import RegisterRow, read_rows
from dimios_core.responses.slugs import SLUG_REMEDY, is_slug

TEXT_COLUMNS = (
    "id", "organisation", "point", "kind", "title", "what", "effect", "start", "contact", "consent",
)  # fmt: skip
INITIATIVE_COLUMNS = (*TEXT_COLUMNS, "validated")
OPTIONAL = frozenset({"id", "kind", "effect", "contact", "validated"})
#: characters of a title, and of any other free text
TITLE_LIMIT, TEXT_LIMIT = 150, 2000
FREE_TEXTS = {"title": TITLE_LIMIT, "what": TEXT_LIMIT, "effect": TEXT_LIMIT, "contact": TITLE_LIMIT}
#: headers of a file, as `normalise_label` writes them
HEADERS = {
    "mätpunkt": "point",
    "slag": "kind",
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
_MONTH = re.compile(r"((?:19|20)\d\d-(?:0[1-9]|1[0-2]))(?:-(?:0[1-9]|[12]\d|3[01]))?", re.ASCII)
MONTH_REMEDY = "write year and month, such as 2026-03"


def read_month(text: str) -> str | None:
    """Return year and month of a text; None where it is neither YYYY-MM nor a date.

    Examples
    --------
    >>> read_month("2026-03"), read_month("2026-03-14"), read_month("2026-13"), read_month("mars"), read_month("20٢٦-03")
    ('2026-03', '2026-03', None, None, None)
    """
    match = _MONTH.fullmatch(text.strip())
    return match[1] if match else None


def point_labels(instrument: Instrument) -> dict[str, str]:
    """Return how a measure point may be written (id, or name in any language, as a worksheet has it, too; normalised) and its id."""
    defused = {normalise_label(defuse(name)): p.id for p in instrument.points for name in p.name.values()}
    return defused | label_places(instrument.points)


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
        `samtycke`/`consent` (named, anonymous, none), `slag`/`kind` (id or name in Swedish or English),
        `godkänd`/`validated` (ja, nej), `id`. The last three, effect and contact may be left out; without an id one is
        made of organisation, point and title.
    register : Register
    instrument : Instrument

    Returns
    -------
    pandas.DataFrame
        `INITIATIVE_COLUMNS`, a row an initiative in the order of the file: text ("" = not given, a kind that is not known)
        but for `validated` (bool: what the file claims). `kind` is None where the file has no such column.

    Raises
    ------
    InputError
        Every fault of the file, with row and column.
    """
    problems: list[Problem] = []
    organisations, points = organisation_labels(register), point_labels(instrument)
    kinds = label_choices("action_kind")
    seen: dict[str, int] = {}
    out: list[dict[str, object]] = []
    for row in read_rows(path, HEADERS, INITIATIVE_COLUMNS, OPTIONAL):
        cells = row.cells
        cells |= {name: restore(cells[name]) for name in FREE_TEXTS}
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
        kind = kinds.get(normalise_label(cells["kind"]))
        if kind is None:
            problems.append(row.problem("kind", *tell_unknown("action_kind", cells["kind"])))
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
            | {"kind": (kind or "") if "kind" in row.headers else None}
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
    for column, limit in FREE_TEXTS.items():
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
