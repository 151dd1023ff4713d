"""The README of a package, from a text with gaps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa

from dimios_core.export.data.describing import load_described

FOLDER = Path(__file__).with_name("readme")
_ENVIRONMENT = jinja2.Environment(
    undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False, keep_trailing_newline=True
)


def fill(name: str, about: Mapping[str, Any], **more: Any) -> str:
    """Return a text of the folder `readme` with the properties of a package in its gaps."""
    template = _ENVIRONMENT.from_string((FOLDER / name).read_text(encoding="utf-8"))
    return template.render(about=about, **more)


def read_statement(language: str) -> str:
    """Return the data-use statement in "en" or "sv"."""
    return (FOLDER / f"statement.{language}.md").read_text(encoding="utf-8").strip()


def list_tables(tables: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    """Return name and description of tables, for a list of them."""
    about = load_described()
    return [{"name": n, "en": about[n].description[0], "sv": about[n].description[1]} for n in tables]
