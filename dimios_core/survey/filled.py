"""The key user's workbook read back: own titles, settings, and who is to read the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dimios_core.actions.choices import label_names, label_places
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts, usable_languages
from dimios_core.responses.files import WORKBOOK_SUFFIXES, open_table
from dimios_core.responses.labels import normalise_label, show_value, suggest
from dimios_core.responses.source_tables import FileOptions
from dimios_core.responses.workbooks import WorkbookTable
from dimios_core.survey.settings import Survey
from dimios_core.survey.titles import tell_roles
from dimios_core.survey.workbook import TIMES, label_row, list_letter_rows

#: settings that an empty cell takes away; other empty cells leave what was
EMPTY = {"report": None, "follow_up": None, "next_opens": None, "kept_until": None, "responsible": ""}


@dataclass(frozen=True)
class Filled:
    """What a workbook says beside its staff list.

    Attributes
    ----------
    survey : Survey
        Settings as they are now.
    titles : dict of str to str
        Patterns of titles and their roles; they go before the project's.
    readers : tuple of str
        Who is to get a link to the report, "name (address)", or as written.
    """

    survey: Survey
    titles: dict[str, str]
    readers: tuple[str, ...]


def read_filled(path: Path, survey: Survey, instrument: Instrument) -> Filled:
    """Read a workbook as `dimios_core.survey.workbook.write_workbook` makes it; a sheet that is not there changes nothing.

    A staff list that is no workbook changes nothing at all.

    Raises
    ------
    InputError
        Every fault of these sheets: roles that there are not, rows whose label is not known, values that cannot be.
    """
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return Filled(survey, {}, ())
    opened = open_table(path)
    sheets = opened.visible if isinstance(opened, WorkbookTable) else []
    problems: list[Problem] = []
    titles = _read_titles(path, sheets, instrument, problems)
    given: dict[str, str] = {}
    rows = {"times": list(TIMES), "letters": list_letter_rows(instrument.languages)}
    for sheet, names in rows.items():
        given |= _read_labelled(path, sheets, sheet, names, problems)
    changed = _change(survey, given, problems, path.name) if given else survey
    readers = tuple(
        f"{cells[0]} ({cells[1]})" if len(cells) > 1 and cells[1] else cells[0]
        for _, cells in _read_sheet(path, sheets, "readers", 2)
        if cells[0]
    )
    if problems:
        raise InputError(problems)
    return Filled(changed, titles, readers)


def _read_sheet(path: Path, sheets: list[str], name: str, columns_n: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the place and the first cells of each row of a sheet; nothing where there is none of that name."""
    called = {load_texts(language)["survey"]["sheets"][name] for language in usable_languages()}
    for sheet in sheets:
        if sheet in called:
            table = open_table(path, FileOptions(sheet=sheet))
            for batch in table.batches(range(min(columns_n, len(table.header)))):
                texts = [[(cell or "").strip() for cell in column.to_pylist()] for column in batch.columns]
                for number, *cells in zip(batch.rows.tolist(), *texts, strict=True):
                    yield f"{path.name}, sheet {sheet}, row {number}", cells


def _read_titles(
    path: Path, sheets: list[str], instrument: Instrument, problems: list[Problem]
) -> dict[str, str]:
    labels = label_places(instrument.roles)
    titles: dict[str, str] = {}
    for place, (title, role) in _read_sheet(path, sheets, "roles", 2):
        found = labels.get(normalise_label(role))
        if found is None:
            what = f"there is no role {show_value(role)}{suggest(role, labels)}"
            problems.append(Problem(place, what, tell_roles(instrument)))
        elif title:
            titles.setdefault(normalise_label(title), found)
    return titles


def _read_labelled(
    path: Path, sheets: list[str], sheet: str, names: list[str], problems: list[Problem]
) -> dict[str, str]:
    """Return the value of each row that has a known label."""
    labels = label_names(lambda language: {name: label_row(name, sheet, language)[0] for name in names})
    found: dict[str, str] = {}
    for place, cells in _read_sheet(path, sheets, sheet, 2):
        label, value = (*cells, "")[:2]
        name = labels.get(normalise_label(label))
        if name is None:
            what = f"there is no row called {show_value(label)}{suggest(label, labels)}"
            problems.append(Problem(place, what, "mend the label, or take the row away"))
        else:
            found[name] = value
    return found


def _change(survey: Survey, given: Mapping[str, str], problems: list[Problem], file: str) -> Survey:
    """Return the settings with what a workbook says; what cannot be is noted."""
    data: dict[str, Any] = survey.model_dump(mode="json")
    reminders = [given[name] for name in TIMES if name.startswith("reminder") and given.get(name)]
    readers: dict[str, Callable[[str], Any]] = {
        "languages": _split,
        "mode": _read_mode,
        "confirm_role": _is_yes,
    }
    for name, text in given.items():
        field, _, part = name.partition(" ")
        if field == "legal_basis":
            data["legal_basis"] = {**data["legal_basis"], part: text} if text else data["legal_basis"]
        elif field.startswith("contact_"):
            data["contact"][field.removeprefix("contact_")] = text
        elif field.startswith("reminder_"):
            data["reminders"] = reminders
        elif text or field in EMPTY:
            data[field] = readers.get(field, str)(text) if text else EMPTY[field]
    try:
        return Survey.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            where = " ".join(map(str, fault["loc"]))
            what = fault["msg"].removeprefix("Value error, ")
            problems.append(Problem(f"{file}{', ' if where else ''}{where}", what, "mend it in the sheets of times and letters"))  # fmt: skip
        return survey


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def _read_mode(text: str) -> str:
    """Return a mode by its name or code; what is none as it was written."""
    named = label_names(lambda language: load_texts(language)["survey"]["modes"])
    return (named | {mode: mode for mode in named.values()}).get(normalise_label(text), text)


def _is_yes(text: str) -> Any:
    words = {
        normalise_label(load_texts(language)["survey"][key]): key == "said_yes"
        for language in usable_languages()
        for key in ("said_yes", "said_no")
    }
    return words.get(normalise_label(text), text)
