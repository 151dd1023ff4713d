"""The frame: everybody who could be asked, of a staff list that is checked whole. Restricted: names and addresses."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dimios_core.actions.choices import label_names, label_places
from dimios_core.actions.plan_files import tell_units, unit_labels
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import OPENERS
from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts
from dimios_core.responses.identities import identity_of
from dimios_core.responses.labels import normalise_label, show_value, suggest
from dimios_core.responses.lookups import Texts, factorise
from dimios_core.responses.problems import GROUPS_LIMIT, ProblemList
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import finish_committed
from dimios_core.restricted import note_opened
from dimios_core.survey.sampled import FRAME
from dimios_core.survey.settings import Survey
from dimios_core.survey.staff import StaffList
from dimios_core.survey.titles import find_role, tell_roles

COLUMNS = ("person_id", "name", "email", "unit", "role", "language", "draw")
#: how somebody is drawn: for certain, by lot, or not at all (then she is left out of the frame)
ALWAYS, RANDOM, NEVER = "always", "random", "never"
DRAWS = {
    "": RANDOM, "slump": RANDOM, "ja": RANDOM, "yes": RANDOM, "alltid": ALWAYS, "nej": NEVER, "no": NEVER, "aldrig": NEVER,
    ALWAYS: ALWAYS, RANDOM: RANDOM, NEVER: NEVER,
}  # fmt: skip
_LANGUAGE_NAMES = {"svenska": "sv", "swedish": "sv", "engelska": "en", "english": "en"}
_ADDRESS = r"^[\pL\pN!#$%&'*/=?^_`{|}~+-]+(\.[\pL\pN!#$%&'*/=?^_`{|}~+-]+)*@([\pL\pN]([\pL\pN-]*[\pL\pN])?\.)+\pL{2,}$"
#: mailboxes that belong to nobody in particular
SHARED = (
    "info", "kontakt", "contact", "reception", "receptionen", "registrator", "registry", "kansli", "kansliet", "support", "helpdesk",
    "servicedesk", "post", "postmaster", "noreply", "no-reply", "brevlada", "funktion", "kontaktcenter", "medborgarservice", "kommun",
    "kommunen", "admin", "office", "vaxel", "växel", "team",
)  # fmt: skip
#: a personal identity number: year, month, day, four digits
_PERSONAL_NUMBER = r"^(19|20)?\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+]?\d{4}$"
MADE_ID_HEX_N = 16


@dataclass(frozen=True)
class Frame:
    """Everybody who could be asked.

    Attributes
    ----------
    people : pandas.DataFrame
        `COLUMNS`, all text, a row a person, by person_id; `email` "" where there is none, `draw` "always" or "random".
    excluded_n : int
        People of the list who are not to be asked.
    titles : dict of str to str
        Titles that were told apart, and the role that each was taken for.
    """

    people: pd.DataFrame
    excluded_n: int
    titles: dict[str, str]


def build_frame(
    staff: StaffList,
    problems: ProblemList,
    survey: Survey,
    register: Register,
    instrument: Instrument,
    titles: Mapping[str, str],
) -> Frame:
    """Check a staff list, and make the frame of it.

    Parameters
    ----------
    staff : StaffList
    problems : ProblemList
        What was found so far.
    survey : Survey
    register : Register
        Has the organisation's units.
    instrument : Instrument
    titles : mapping of str to str
        Patterns of titles and their roles: see `dimios_core.survey.titles`.

    Raises
    ------
    InputError
        Every fault of the list, like ones together: doubles, mailboxes that several share, addresses that cannot be,
        unknown units, titles without a role, personal identity numbers, choices that are none.
    """
    draw = _choose(staff, "draw", label_draws(), "use one of: alltid, slump, nej; empty is slump", problems)
    asked = draw != NEVER
    excluded_n, staff, draw = int((~asked).sum()), staff.take(asked), draw[asked]
    languages = {"": survey.languages[0]} | {
        k: v for k, v in _LANGUAGE_NAMES.items() if v in survey.languages
    }
    languages |= {code: code for code in survey.languages}
    told = f"use one of: {', '.join(survey.languages)}; or add the language to the survey"
    language = _choose(staff, "language", languages, told, problems)
    units = unit_labels(register, survey.organisation)
    unit = _choose(staff, "unit", units, tell_units(units.values()), problems)
    role, found = _find_roles(staff, instrument, titles, problems)
    email = pc.utf8_lower(staff.columns["email"])
    _check_names(staff, problems)
    _check_addresses(staff, email, problems)
    person = _find_people(staff, email, unit, survey.organisation, problems)
    if not len(staff.rows) and not problems:
        problems.add("nobody is to be asked", "write alltid or slump in the column urval of some")
    if problems:
        raise InputError(problems.problems(), problems.found)
    people = pd.DataFrame(
        {
            "person_id": person, "name": staff.columns["name"].to_pylist(), "email": email.to_pylist(),
            "unit": unit, "role": role, "language": language, "draw": draw,
        }
    ).astype("str")  # fmt: skip
    return Frame(people.sort_values("person_id", kind="stable", ignore_index=True), excluded_n, found)


def label_draws() -> dict[str, str]:
    """Return how a way of being drawn may be written (normalised), in the words of every language there is, and which it is."""
    return label_names(lambda language: load_texts(language)["survey"]["draws"]) | DRAWS


def _choose(
    staff: StaffList, column: str, labels: Mapping[str, str], remedy: str, problems: ProblemList
) -> np.ndarray:
    """Return the value of each cell by its label; those that have none are noted, and are ""."""
    texts = factorise(staff.columns[column])
    values = [labels.get(normalise_label(text)) for text in texts.distinct]
    faulty = texts.spread([value is None for value in values], bool)
    for text, at in texts.rows_by_text(faulty, GROUPS_LIMIT):
        what = "others like it" if text is None else f"{show_value(text)} is not known{suggest(text, labels)}"
        problems.add_rows(staff.rows[at], staff.where(column), what, remedy)
    return texts.spread([value or "" for value in values], object)


def _find_roles(
    staff: StaffList, instrument: Instrument, titles: Mapping[str, str], problems: ProblemList
) -> tuple[np.ndarray, dict[str, str]]:
    """Return the role of everybody, by the column of roles, else by title; and what titles were taken for."""
    labels = label_places(instrument.roles)
    given = _choose(staff, "role", {"": ""} | labels, tell_roles(instrument), problems)
    texts = factorise(staff.columns["title"])
    by_title = [labels.get(normalise_label(t)) or find_role(t, titles) for t in texts.distinct]
    has_role = staff.columns["role"].to_numpy(zero_copy_only=False) != ""
    faulty = texts.spread([role is None for role in by_title], bool) & ~has_role
    for text, at in texts.rows_by_text(faulty, GROUPS_LIMIT):
        what = (
            f"no role is known for the title {show_value(text)}"
            if text
            else "there is neither a title nor a role"
        )
        remedy = "write the role in the column roll, the title on the sheet Roller of the survey's workbook, or nej in the column urval"
        problems.add_rows(staff.rows[at], staff.where("title" if text else "role"), what, remedy)
    used = sorted({text for text in texts.spread(texts.distinct, object)[~has_role] if text})
    found = {text: by_title[texts.distinct.index(text)] or "" for text in used}
    return np.where(has_role, given, texts.spread([role or "" for role in by_title], object)), found


def _check_names(staff: StaffList, problems: ProblemList) -> None:
    for column in ("name", "person_id", "email"):
        formula = np.zeros(len(staff.rows), bool)
        for opener in OPENERS:
            formula |= pc.starts_with(staff.columns[column], opener).to_numpy(zero_copy_only=False)
        what = "the text begins as a formula does"
        problems.add_rows(staff.rows[formula], staff.where(column), what, "write it without the first sign")
    empty = pc.equal(staff.columns["name"], "").to_numpy(zero_copy_only=False)
    problems.add_rows(
        staff.rows[empty], staff.where("name"), "the name is empty", "write it, or take the row away"
    )
    personal = _matches(staff.columns["person_id"], _PERSONAL_NUMBER)
    remedy = (
        "use the number of the employment, or leave the column out: personal identity numbers are not needed"
    )
    problems.add_rows(
        staff.rows[personal], staff.where("person_id"), "it may be a personal identity number", remedy
    )


def _check_addresses(staff: StaffList, email: pa.StringArray, problems: ProblemList) -> None:
    bad = ~_matches(email, _ADDRESS) & ~_matches(email, "^$")
    remedy = "mend it; or leave the cell empty: whoever has no address gets a card"
    problems.add_rows(staff.rows[bad], staff.where("email"), "it is no mail address", remedy)
    shared = _matches(email, rf"^({'|'.join(map(re.escape, SHARED))})([._-].*)?@") & ~bad
    remedy = "write the person's own address; or leave the cell empty: whoever has no address gets a card"
    problems.add_rows(
        staff.rows[shared], staff.where("email"), "the mailbox seems to be shared by several", remedy
    )


def _matches(texts: pa.StringArray, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)


def _find_people(
    staff: StaffList, email: pa.StringArray, unit: np.ndarray, organisation: str, problems: ProblemList
) -> np.ndarray:
    """Return who everybody is: the id given, else one made of the address, else of name and unit; doubles are noted."""
    given = staff.columns["person_id"].to_pylist()
    addresses = email.to_pylist()
    names = [normalise_label(name) for name in staff.columns["name"].to_pylist()]
    spelt = [identity_of(text) if text else "" for text in given]
    _note_doubles(staff, "person_id", spelt, "the person-id stands in several rows", problems)
    _note_doubles(staff, "email", addresses, "the address stands in several rows: a person twice, or a mailbox that several share", problems)  # fmt: skip
    alone = [
        f"{name}, {where}" if name and not (address or own) else ""
        for name, where, address, own in zip(names, unit, addresses, spelt, strict=True)
    ]
    _note_doubles(staff, "name", alone, "the name stands in several rows of the same unit, without address or person-id", problems)  # fmt: skip
    return np.array(
        [
            own or _make_id(organisation, address or other)
            for own, address, other in zip(given, addresses, alone, strict=True)
        ],
        object,
    )


def _make_id(organisation: str, told: str) -> str:
    digest = hashlib.sha256("\0".join((organisation, told)).encode()).hexdigest()
    return f"p-{digest[:MADE_ID_HEX_N]}"


def _note_doubles(staff: StaffList, column: str, keys: list[str], what: str, problems: ProblemList) -> None:
    series = pd.Series(keys, dtype=object)
    double = (series.duplicated(keep=False) & (series != "")).to_numpy()
    if double.any():
        codes, distinct = pd.factorize(series)
        texts = Texts(list(distinct), codes)
        remedy = "keep one row a person; whoever shares an address with others gets an empty cell, and a card"
        for text, at in texts.rows_by_text(double, GROUPS_LIMIT):
            problems.add_rows(staff.rows[at], staff.where(column), what, remedy, key=text or "")


def write_frame(people: pd.DataFrame) -> bytes:
    """Return the frame as CSV: UTF-8, commas, a row a person."""
    return people[list(COLUMNS)].to_csv(index=False, lineterminator="\n").encode()


def read_frame(folder: Path) -> pd.DataFrame:
    """Read the frame of a survey: see `Frame.people`.

    Raises
    ------
    InputError
        No staff list is taken in yet, or somebody has altered the file so that it cannot be read.
    """
    finish_committed(folder)
    path = folder / FRAME
    if not path.is_file():
        raise InputError(
            Problem(FRAME, "no staff list is taken in yet", "take one in: dimios survey frame FILE")
        )
    note_opened("names and addresses")
    try:
        people = pd.read_csv(
            io.BytesIO(path.read_bytes()), dtype=str, keep_default_na=False, encoding="utf-8"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        people = pd.DataFrame()
    if tuple(people.columns) != COLUMNS:
        what = f"its columns are not {', '.join(COLUMNS)}"
        raise InputError(Problem(FRAME, what, "take the staff list in again: dimios survey frame FILE"))
    return people
