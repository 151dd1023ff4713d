"""The published tables as a section of docs/architecture.md: `python -m dimios_core.published.documenting` writes it anew."""

from __future__ import annotations

from pathlib import Path

from dimios_core.places import project_root
from dimios_core.published.schema import ColumnSchema, TableSchema, load_codes, load_tables, shared_columns

BEGIN, END = "<!-- published tables: generated -->", "<!-- /published tables -->"
#: documents are in English
LANGUAGE = "en"
PLACES = {"organisation": "organisation=&lt;id&gt;/", "public": "public/"}
TITLES = {"organisation": "Tables of an organisation's own folder", "public": "Tables that all may read"}


def describe_tables() -> str:
    """Return what there is to know of every published table, as Markdown: columns in common first, then each table."""
    parts = []
    for owner, title in TITLES.items():
        tables = [t for t in load_tables().values() if t.owner == owner]
        parts += [f"### {title}", "", *_describe_common(owner, tables)]
        for table in tables:
            parts += _describe(table)
    return "\n".join(parts)


def _describe_common(owner: str, tables: list[TableSchema]) -> list[str]:
    """Columns that mean the same in several tables."""
    common = shared_columns(owner)
    used = [c for c in common.values() if any(_alike(t.columns.get(c.name), c) for t in tables)]
    return ["| column in several tables | type | meaning |", "|---|---|---|", *(_row(c) for c in used), ""]


def _describe(table: TableSchema) -> list[str]:
    """One table: where it lies, its columns in order (figures in bold), and those that are its own."""
    common = shared_columns(table.owner)
    figures = {c.name for c in table.figures}
    names = ", ".join(f"**{name}**" if name in figures else name for name in table.columns)
    own = [c for c in table.columns.values() if not _alike(common.get(c.name), c)]
    traits = "".join([", may be missing" * table.optional, ", open data" * table.open])
    made = "`, `".join(table.made_by.split(", "))
    return [
        f"**{PLACES[table.owner]}{table.name}** (`{made}`{traits}): {table.description(LANGUAGE)}",
        "",
        f"{names}.",
        "",
        *(["| column | type | meaning |", "|---|---|---|", *(_row(c) for c in own), ""] if own else []),
    ]


def _alike(one: ColumnSchema | None, other: ColumnSchema) -> bool:
    """Tell whether a column is declared and worded as another, wherever its words stand."""
    if one is None:
        return False
    declared = [c.model_dump(exclude={"places"}) for c in (one, other)]
    worded = [(c.title(LANGUAGE), c.description(LANGUAGE)) for c in (one, other)]
    return declared[0] == declared[1] and worded[0] == worded[1]


def _row(column: ColumnSchema) -> str:
    return f"| {column.name} | {_type(column)} | {_meaning(column)} |"


def _type(column: ColumnSchema) -> str:
    unit = column.unit if column.unit != column.type else ""
    decimals = f"{column.decimals} dec." if column.decimals is not None else ""
    return ", ".join(filter(None, [column.type, unit, decimals]))


def _meaning(column: ColumnSchema) -> str:
    codes = f" One of {', '.join([*load_codes()[column.codes], *column.also])}." if column.codes else ""
    withheld = f" Withheld: “{column.withheld}”." if column.withheld else ""
    return f"{column.description(LANGUAGE)}{codes}{withheld}".replace("|", "\\|")


def document(path: Path) -> str:
    """Return a document with its section on published tables written anew.

    Raises
    ------
    ValueError
        The document has no such section.
    """
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{path.name} has no section between {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{describe_tables()}\n{END}{after}"


if __name__ == "__main__":
    architecture = project_root() / "docs" / "architecture.md"
    architecture.write_text(document(architecture), encoding="utf-8")
