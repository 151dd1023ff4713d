"""What docs/architecture.md says of published tables is what the schema says today."""

from __future__ import annotations

import pytest

from dimios_core.places import project_root
from dimios_core.published.documenting import BEGIN, END, document
from dimios_core.published.schema import load_tables

ARCHITECTURE = project_root() / "docs" / "architecture.md"


def test_the_section_is_todays():
    """Written anew by `python -m dimios_core.published.documenting`."""
    assert document(ARCHITECTURE) == ARCHITECTURE.read_text(encoding="utf-8")


def test_every_table_and_column_stands_there():
    section = ARCHITECTURE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    for name, table in load_tables().items():
        about = section.partition(f"/{name}**")[2].partition("\n**")[0].replace("**", "")
        assert all(column in about for column in table.columns), name


def test_a_document_without_the_section_is_told(tmp_path):
    path = tmp_path / "other.md"
    path.write_text("# Something else\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no section"):
        document(path)
