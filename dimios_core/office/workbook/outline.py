"""What a workbook holds, free of any file format: sheets of words, of a table, or of charts beside their tables."""

from __future__ import annotations

from dataclasses import dataclass, field

#: a cell: a number, or words
Value = str | float | int


@dataclass(frozen=True)
class SheetColumn:
    """A column of a table.

    Attributes
    ----------
    heading : str
    kind : str
        "text", "score" (one decimal), "difference" (with its sign), "share" (0-1) or "count".
    stressed : bool
        Bold where its row is certain.
    """

    heading: str
    kind: str = "text"
    stressed: bool = False


@dataclass(frozen=True)
class SheetRow:
    """A row of cells; `shown` where its figures are published, `certain` where its difference is."""

    cells: tuple[Value, ...]
    shown: bool = True
    certain: bool = False


@dataclass(frozen=True)
class SheetTable:
    """A table that fills a sheet; programs that read the file know it by `id`."""

    id: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class ChartTable:
    """A chart and the table that it is drawn of.

    Attributes
    ----------
    title : str
    conclusion : str
        What the chart shows, above the table.
    told : str
        What the chart shows, for those who do not see it.
    headers : tuple of str
        The first is of the names, the last of the remarks.
    kinds : tuple of str
        How the columns between them are written, as of `SheetColumn`: "share" alone is drawn as bars; a figure, its
        limits and maybe a reference as dots with bars between the limits, before columns of the reference.
    rows : tuple of tuples
        Name, figures (None where one is not shown), remark.
    joined : bool
        The rows follow each other in time: a line joins the dots.
    """

    title: str
    conclusion: str
    told: str
    headers: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    joined: bool = False

    @property
    def shows_anything(self) -> bool:
        """There is a figure to draw."""
        return any(v is not None for row in self.rows for v in row[1:-1])

    @property
    def has_reference(self) -> bool:
        """Its last figures are others'."""
        return len(self.kinds) > 3


@dataclass(frozen=True)
class Charts:
    """Charts below each other, each beside its table."""

    tables: tuple[ChartTable, ...]


@dataclass(frozen=True)
class Section:
    """Words under a heading: a label and a sentence a row or, where there are headers, a table of words."""

    heading: str
    rows: tuple[tuple[str, ...], ...]
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """Sections below each other."""

    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, what it tells, and what it holds."""

    name: str
    tells: str
    holds: Words | Charts | SheetTable


@dataclass(frozen=True)
class Book:
    """A workbook.

    Attributes
    ----------
    title : str
        Of the file.
    subject : str
        Whom it is about, on every sheet.
    label : str
        On every sheet; "" for none.
    nothing : str
        What a sheet says that would hold a table or charts and has none.
    sheets : tuple of Sheet
    reads : dict of name -> digits
        The published files that it was made of.
    """

    title: str
    subject: str
    label: str
    nothing: str
    sheets: tuple[Sheet, ...]
    reads: dict[str, str] = field(default_factory=dict)
