"""Conclusions that an organisation writes itself after a measurement: a Markdown file, checked and stored. Restricted.

One text an organisation and period. It goes to the organisation's own results only.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.locks import holding
from dimios_core.plain_markdown import UNSEEN, read_markdown, write_lines
from dimios_core.responses.labels import show_value, suggest
from dimios_core.responses.periods import PERIOD_REMEDY, is_period
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import Transaction, finish_committed

FOLDER = "conclusions"
FILE = "conclusions.parquet"
COLUMNS = ("organisation", "period", "written_by", "date", "text")
#: two pages; a longer one is a report of its own
TEXT_LIMIT = 6_000
BY_LIMIT = 100


def read_conclusions(
    path: Path, organisation: str, period: str, written_by: str, day: str, register: Register
) -> dict[str, str]:
    """Read a Markdown file and check it, and whose it is.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8. Headings, paragraphs, lists, bold, italic and links to https and mail addresses; nothing else.
    organisation, period : str
        Whose, and the measurement that it is about.
    written_by : str
        Who in the organisation stands for it.
    day : str
        YYYY-MM-DD.
    register : Register

    Returns
    -------
    dict
        `COLUMNS`, all text.

    Raises
    ------
    InputError
        Everything that is wrong, each with its line where it has one.
    """
    problems = _check_about(organisation, period, written_by, day, register)
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").strip()
    except FileNotFoundError:
        raise InputError([*problems, Problem(path.name, "there is no such file", "check its name")]) from None
    except UnicodeDecodeError:
        raise InputError(
            [*problems, Problem(path.name, "it is no text in UTF-8", "save it as UTF-8")]
        ) from None
    blocks, faults = read_markdown(text)
    problems += [Problem(f"{path.name}, line {f.line}", f.what, f.remedy) for f in faults]
    if len(text) > TEXT_LIMIT:
        what = f"the text has {len(text)} characters; {TEXT_LIMIT} is the most"
        problems.append(Problem(path.name, what, "shorten it"))
    if not write_lines(blocks) and not faults:
        problems.append(Problem(path.name, "there is no text", "write at least one sentence"))
    problems += _find_names(path.name, text, organisation, register)
    if problems:
        raise InputError(problems)
    return dict(zip(COLUMNS, (organisation, period, written_by.strip(), day, text), strict=True))


def _check_about(
    organisation: str, period: str, written_by: str, day: str, register: Register
) -> list[Problem]:
    problems = []
    ids = register.organisations["id"].tolist()
    if organisation not in ids:
        what = f"{show_value(organisation)} is not in the register{suggest(organisation, ids)}"
        problems.append(Problem("--organisation", what, "use an id of the register"))
    if not is_period(period):
        problems.append(Problem("--period", f"{show_value(period)} is no period", PERIOD_REMEDY))
    if (
        not written_by.strip()
        or len(written_by) > BY_LIMIT
        or UNSEEN.search(written_by)
        or "\n" in written_by
    ):
        what = f"who wrote it is empty, or no line of at most {BY_LIMIT} characters"
        problems.append(Problem("--by", what, "write who stands for it, such as Ledningsgruppen"))
    try:
        date.fromisoformat(day)
    except ValueError:
        problems.append(Problem("--date", f"“{day}” is no date", "write one such as 2026-11-20"))
    return problems


def _find_names(file: str, text: str, own: str, register: Register) -> list[Problem]:
    """Find organisations that do not share their name: what readers get is held against that, whoever wrote it."""
    about = register.organisations
    hidden = about[(about["sharing"] != "named") & (about["id"] != own)]
    words = sorted({w for w in (*hidden["name"], *hidden["id"]) if w}, key=len, reverse=True)
    if not words:
        return []
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, words))})s?(?![\w-])", re.IGNORECASE)
    return [
        Problem(
            f"{file}, line {number}",
            f"it names {show_value(match[1])}, which does not share its name",
            "write it without the name, or ask them to share it",
        )
        for number, line in enumerate(text.split("\n"), start=1)
        for match in pattern.finditer(line)
    ]


def load_conclusions(outputs: Path) -> pd.DataFrame:
    """Return all stored conclusions, by organisation and period; `COLUMNS`, all text."""
    finish_committed(outputs / FOLDER)
    path = outputs / FOLDER / FILE
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS)).astype("str")
    return pd.read_parquet(path)[list(COLUMNS)].astype("str")


@holding("dimios conclusions add")
def add_conclusions(row: dict[str, str], outputs: Path) -> bool:
    """Store conclusions; they take the place of those of the same organisation and period. Returns whether there were any."""
    stored = load_conclusions(outputs)
    same = _find(stored, row["organisation"], row["period"])
    _store(pd.concat([stored[~same], pd.DataFrame([row])], ignore_index=True), outputs)
    return bool(same.any())


@holding("dimios conclusions remove")
def remove_conclusions(organisation: str, period: str, outputs: Path) -> None:
    """Take conclusions away.

    Raises
    ------
    InputError
        There are none of that organisation and period.
    """
    stored = load_conclusions(outputs)
    same = _find(stored, organisation, period)
    if not same.any():
        of = f"{organisation}, {period}"
        raise InputError(Problem(of, "there are no conclusions", "see them with: dimios conclusions list"))
    _store(stored[~same], outputs)


def _find(stored: pd.DataFrame, organisation: str, period: str) -> pd.Series:
    return (stored["organisation"] == organisation) & (stored["period"] == period)


def _store(rows: pd.DataFrame, outputs: Path) -> None:
    frame = rows[list(COLUMNS)].astype("str").sort_values(["organisation", "period"], ignore_index=True)
    with Transaction(outputs / FOLDER) as transaction:
        frame.to_parquet(transaction.stage(FILE), index=False, compression="zstd")
        transaction.commit()
