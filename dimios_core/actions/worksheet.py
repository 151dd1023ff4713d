"""The worksheet that a group fills in together: what, who, when, which measure point it should move.

The same organisation, period, model and language give the same bytes. `dimios_core.actions.plans` reads it back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from dimios_core.actions.worksheet_frame import LETTERS, Choice, Row, find_first_entry, lay_out, write_points
from dimios_core.formulas import defuse
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_composite
from dimios_core.languages import DEFAULT, formats_of, load_texts, say
from dimios_core.published.schema import name_codes

#: columns that a group fills in, in order
FILLED_COLUMNS = (
    "what", "who", "when", "point", "expected", "measure_period", "kind", "unit", "progress", "consent", "outcome",
)  # fmt: skip
#: column -> the words that a cell may hold, a list to choose from
CHOICES = {"kind": "action_kind", "progress": "progress", "consent": "yes_no"}
#: empty rows of the worksheet
ROWS_N = 20


def write_worksheet(
    instrument: Instrument,
    organisation: str,
    name: str,
    period: str,
    language: str = DEFAULT,
    points: Sequence[str] = (),
    plans: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """Write the worksheet of an organisation and period as a workbook (XLSX), empty or with a plan to follow up.

    Parameters
    ----------
    instrument : Instrument
        Its measure points are what a cell of the column Mätpunkt may hold (a list to choose from).
    organisation, name : str
        Identifier and name; both stand in the sheet, the identifier is what is read back.
    period : str
        The measurement that the plan follows.
    language : str
        Code of a language that there are texts in, such as "sv".
    points : sequence of str
        Measure points to write into the first rows, such as the weakest.
    plans : sequence of mapping
        Rows that were filled in before, to be filled in further: `FILLED_COLUMNS`, as `read_plan` reads them.

    Returns
    -------
    bytes
        Equal for equal arguments.
    """
    rows = _rows(instrument, organisation, name, period, language, points, plans)
    choices = _list_choices(instrument, language, find_first_entry(language), len(rows))
    return lay_out(language).fill(rows, choices, _list_points(instrument, language))


def prepare_worksheets(instrument: Instrument, language: str) -> None:
    """Write what all worksheets of a model have in a language, once for those to come: the sheet of its measure points."""
    write_points(lay_out(language), _list_points(instrument, language))


def write_worksheet_csv(
    instrument: Instrument,
    organisation: str,
    name: str,
    period: str,
    language: str = DEFAULT,
    points: Sequence[str] = (),
) -> str:
    """Write the empty worksheet as CSV text: commas, or semicolons where a comma is decimal, as spreadsheets expect.

    Arguments as for `write_worksheet`. To be saved as UTF-8 with byte order mark.
    """
    width = len(FILLED_COLUMNS)
    rows = _rows(instrument, organisation, name, period, language, points)
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=";" if formats_of(language).comma_is_decimal else ",", lineterminator="\r\n"
    )
    writer.writerows([*map(defuse, row.texts), *[""] * (width - len(row.texts))] for row in rows)
    return text.getvalue()


def _rows(
    instrument: Instrument,
    organisation: str,
    name: str,
    period: str,
    language: str,
    points: Sequence[str],
    plans: Sequence[Mapping[str, str]] = (),
) -> list[Row]:
    """Title, explanations, organisation and period, header, and the rows to fill in."""
    names = {p.id: instrument.text(p.name, language) for p in instrument.points}
    words = load_texts(language)["worksheet"]
    at = FILLED_COLUMNS.index("point")
    told = {column: {"": "", **name_codes(codes, language)} for column, codes in CHOICES.items()} | {
        "point": names
    }
    filled = [[told[c][plan[c]] if c in told else plan[c] for c in FILLED_COLUMNS] for plan in plans]
    filled += [[names[p] if n == at else "" for n in range(len(FILLED_COLUMNS))] for p in points]
    filled += [[""] * len(FILLED_COLUMNS)] * (ROWS_N - len(filled))
    return [
        Row((_title(instrument, language),), ("title",)),
        *(Row((text,)) for text in words["explanations"].values()),
        Row(),
        Row((words["organisation"], organisation, name), ("key", "plain")),
        Row((words["period"], period), ("key", "plain")),
        Row(),
        Row(tuple(words["columns"][column] for column in FILLED_COLUMNS), ("column",)),
        *(Row(tuple(texts), ("entry",)) for texts in filled),
    ]


def _title(instrument: Instrument, language: str) -> str:
    """What the worksheet is, with what was measured where that has one name."""
    composite = name_composite(instrument, language)
    if composite is None:
        return say(language, "worksheet.title")
    return say(language, "worksheet.title_of", subject=composite.running)


def _list_choices(instrument: Instrument, language: str, first: int, last: int) -> list[Choice]:
    """The lists that cells from one row to another are chosen from."""
    words = load_texts(language)["worksheet"]
    names = f"'{words['points_sheet']}'!$A$2:$A${len(instrument.points) + 1}"
    lists = {"point": (names, words["choose_point"])}
    for column, codes in CHOICES.items():
        lists[column] = (f'"{",".join(name_codes(codes, language).values())}"', words["choose"])
    letters = dict(zip(FILLED_COLUMNS, LETTERS, strict=True))
    return [
        Choice(f"{letters[column]}{first}:{letters[column]}{last}", formula, words["columns"][column], error)
        for column, (formula, error) in lists.items()
    ]


def _list_points(instrument: Instrument, language: str) -> tuple[Row, ...]:
    header = load_texts(language)["worksheet"]["points"]
    told = [
        (instrument.text(point.name, language), point.id, instrument.text(point.definition, language))
        for point in instrument.points
    ]
    names = (header["name"], header["id"], header["meaning"])
    return Row(names, ("key",)), *(Row(texts, ("plain", "plain", "long")) for texts in told)
