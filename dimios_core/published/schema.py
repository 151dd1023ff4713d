"""One schema of every published table: what its columns are, what they mean, and what is withheld of them.

It is data (`tables/*.yaml`); what tables, columns and codes are called stands among the texts of each language. The gate, the writers, the readers, open data, the workbook and the documents derive from it. A
column that stands here as nothing else is a figure, and figures of rows that are not published are withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dimios_core.errors import DimiosError
from dimios_core.languages import load_texts

FOLDER = Path(__file__).with_name("tables")
#: files of tables by whose folder they lie in: an organisation's own, and what all may read
OWNERS = ("organisation", "public")
DTYPES = {"number": "float64", "count": "Int64", "truth": "bool"}
STATUS = "status"
#: among the texts: words of tables that only data packages hold
PACKAGE = "package"

#: where a word may stand among the texts of a language, below `published`: the most particular place first
Places = tuple[tuple[str, ...], ...]


class SchemaError(DimiosError):
    """Something would be published that no schema declares, or otherwise than it declares it."""


class _Worded(BaseModel):
    """What has a title and a description in every language there is (`published` of its texts)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    places: Places

    def title(self, language: str) -> str:
        """Return what it is called in a language."""
        return self._word("title", language)

    def description(self, language: str) -> str:
        """Return what it means in a language."""
        return self._word("description", language)

    def _word(self, part: str, language: str) -> str:
        for place in self.places:
            words: Any = load_texts(language)["published"]
            for step in place:
                words = words.get(step, {})
            if part in words:
                return words[part]
        where = ".".join(("published", *self.places[0], part))
        raise SchemaError(
            f"{self.name} has no {part} in {language!r}: {where} of its texts (docs/languages.md)"
        )


class ColumnSchema(_Worded):
    """A column of a published table.

    Attributes
    ----------
    name : str
    type : {"text", "number", "count", "truth"}
    identifier : bool
        The row is about it: who, when, what.
    always : bool
        No identifier, yet it says nothing of answers: it stands in rows that are not published, too.
    under : str
        Of a figure: the column that says whether it is published; "" is the row's `status`.
    withheld : str
        What a word is in a row that is not published.
    codes : str
        Name of the codes that it holds, in `tables/words.yaml`; "" where it holds anything.
    also : tuple of str
        Codes that it holds only with some instruments: statements (item) where points have several. Open data describe none.
    decimals : int or None
        Decimals that a number is published with.
    unit : str
        "percent" (0-100), "percentage points", "share" (0-1), "count", "degrees" or "".
    pattern : str
        A regular expression that a text fulfils.
    required : bool
        Of open data: never empty.
    translated : bool
        Of data packages: a text of the model, a column for each language.
    """

    type: Literal["text", "number", "count", "truth"] = "text"
    identifier: bool = False
    always: bool = False
    under: str = ""
    withheld: str | None = None
    codes: str = ""
    also: tuple[str, ...] = ()
    decimals: int | None = None
    unit: str = ""
    pattern: str = ""
    required: bool = False
    translated: bool = False

    @property
    def figure(self) -> bool:
        """Whether it is withheld where the row is not published: whatever is declared to be nothing else."""
        return not (self.identifier or self.always)


class TableSchema(_Worded):
    """A published table.

    Attributes
    ----------
    name : str
        Of its file, without .parquet.
    owner : {"organisation", "public", ""}
        Whose folder it lies in; "" of tables that only data packages hold.
    made_by : str
        Where it is made, below dimios_core/.
    optional : bool
        The file may be missing: the table has no rows then.
    open : bool
        It is part of the open data package.
    text : {"category", "str"}
        dtype of its texts.
    key, foreign : tuple of str
        Columns that tell rows apart; references of open data.
    columns : dict of name -> ColumnSchema
        In the file's order.
    """

    owner: Literal["organisation", "public", ""] = ""
    made_by: str = ""
    optional: bool = False
    open: bool = False
    text: Literal["category", "str"] = "category"
    key: tuple[str, ...]
    foreign: tuple[str, ...] = ()
    columns: dict[str, ColumnSchema] = Field(min_length=1)

    @property
    def dtypes(self) -> dict[str, str]:
        """Column -> pandas dtype."""
        return {c.name: DTYPES.get(c.type, self.text) for c in self.columns.values()}

    @property
    def figures(self) -> list[ColumnSchema]:
        """Columns that are withheld where a row is not published; none in a table without a status."""
        return [c for c in self.columns.values() if c.figure] if STATUS in self.columns else []


@cache
def load_tables() -> dict[str, TableSchema]:
    """Return the schemas of all published tables by name.

    Raises
    ------
    SchemaError
        A table or column is declared in a way that leaves open how it is published.
    """
    found: dict[str, TableSchema] = {}
    for owner in OWNERS:
        found |= read_tables(_read(f"{owner}.yaml"), owner=owner)
    faults = [f"{t.name}.{c.name}: {fault}" for t in found.values() for c, fault in _find_faults(t)]
    if faults:
        raise SchemaError(
            "Published tables are not declared in full:\n" + "\n".join(f"  {f}" for f in faults)
        )
    return found


def read_tables(content: Mapping[str, Any], owner: str = "", sharing: str = "") -> dict[str, TableSchema]:
    """Read tables as they are declared in YAML.

    Parameters
    ----------
    content : mapping
        `columns`: name -> what is said of a column wherever it stands; `tables`: name -> table, its columns with what is
        said of them there beside or instead.
    owner : str
        Whose tables they are; "" of those that only data packages hold.
    sharing : str
        Whose `columns` these tables use, beside their own.
    """
    columns = {**(_read(f"{sharing}.yaml")["columns"] if sharing else {}), **content.get("columns", {})}
    found = {}
    for name, about in content["tables"].items():
        place = (owner or PACKAGE, "tables", name)
        worded = {
            n: (columns.get(n) or {})
            | (own or {})
            | {"name": n, "places": ((*place, "columns", n), (sharing or owner, "columns", n))}
            for n, own in about["columns"].items()
        }
        found[name] = TableSchema(**about | {"columns": worded}, name=name, owner=owner, places=(place,))
    return found


def shared_columns(owner: str) -> dict[str, ColumnSchema]:
    """Return the columns that are the same in several of an owner's tables."""
    return {
        name: ColumnSchema(**about, name=name, places=((owner, "columns", name),))
        for name, about in _read(f"{owner}.yaml")["columns"].items()
    }


def table_schema(name: str) -> TableSchema:
    """Return the schema of a table.

    Raises
    ------
    SchemaError
        There is no such published table.
    """
    tables = load_tables()
    if name not in tables:
        raise SchemaError(f"The table {name!r} is declared in no schema. {remedy(name)}")
    return tables[name]


def remedy(table: str) -> str:
    """Return where something undeclared is to be declared."""
    owner = load_tables()[table].owner if table in load_tables() else "*"
    return f"Declare it in dimios_core/published/tables/{owner}.yaml, and tell the audit (CONTRIBUTING.md)."


def load_codes() -> dict[str, tuple[str, ...]]:
    """Return the codes that coded columns hold, by their name, in their order."""
    return {name: tuple(map(str, codes)) for name, codes in _read("words.yaml")["codes"].items()}


@cache
def name_codes(codes: str, language: str) -> dict[str, str]:
    """Return what the codes of a name are called in a language, in their order."""
    words = load_texts(language)["published"]["codes"][codes]
    return {code: words[code] for code in load_codes().get(codes, words)}


def load_units() -> dict[str, dict[str, float]]:
    """Return units with the limits of what is told in them."""
    return _read("words.yaml")["units"]


@cache
def _read(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=loader)


def _find_faults(table: TableSchema) -> list[tuple[ColumnSchema, str]]:
    words = _read("words.yaml")
    found = []
    for column in table.columns.values():
        if column.type == "number" and column.decimals is None:
            found.append((column, "a number without `decimals`"))
        if column.figure and column.type == "text" and column.withheld is None:
            found.append((column, "a word that is no identifier, without what it is when `withheld`"))
        if column.figure and column.type == "truth":
            found.append((column, "yes or no cannot be withheld: say `identifier` or `always`"))
        if column.codes and column.codes not in words["codes"]:
            found.append((column, f"there are no codes {column.codes!r}"))
        if column.unit and column.unit not in words["units"]:
            found.append((column, f"there is no unit {column.unit!r}"))
    return found
