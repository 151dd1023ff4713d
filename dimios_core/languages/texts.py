"""The texts of a language: a folder of YAML files, read as one tree of nested keys, and of Markdown, each under `documents`.

Languages that come with the program lie beside this file; a project's own in parameters/languages/, where they go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir

if TYPE_CHECKING:
    import jinja2

#: the language that is meant where none is named, and what the texts of others are held against
DEFAULT = "sv"
#: a language's code, which is its folder's name, too: two or three letters
LANGUAGE_PATTERN = r"^[a-z]{2,3}$"
SHIPPED = Path(__file__).parent
#: what makes a folder a language
ABOUT = "language.yaml"


def own_folder() -> Path:
    """Return where a project's own languages lie."""
    return parameters_dir() / "languages"


def list_languages() -> tuple[str, ...]:
    """Return the codes of the languages there are texts in: the default, then the others by code.

    The folders are looked into once a process: children that may not read them know what their parent found.
    """
    return _list_folders(own_folder())


@cache
def _list_folders(own: Path) -> tuple[str, ...]:
    found = {path.parent.name for folder in (SHIPPED, own) for path in folder.glob(f"*/{ABOUT}")}
    return (DEFAULT, *sorted(code for code in found - {DEFAULT} if re.fullmatch(LANGUAGE_PATTERN, code)))


def find_folder(language: str) -> Path:
    """Return where the texts of a language lie: the project's own go before those of the program.

    Raises
    ------
    InputError
        There are no texts in that language.
    """
    for folder in (own_folder() / language, SHIPPED / language):
        if (folder / ABOUT).is_file():
            return folder
    remedy = f"choose among: {', '.join(list_languages())}; or add it (docs/languages.md)"
    raise InputError(Problem("language", f"there are no texts in {language!r}", remedy))


@cache
def load_texts(language: str) -> dict[str, Any]:
    """Return the texts of a language, all files together; nested keys name where a text is used.

    Raises
    ------
    InputError
        There are no texts in that language, or its files are no texts; all problems at once.
    """
    return read_folder(find_folder(language))


@cache
def read_folder(folder: Path) -> dict[str, Any]:
    """Return the texts of a folder; raises as `load_texts` does."""
    from dimios_core.documents import read_document

    texts: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml"), key=lambda path: path.name):
        place = f"{folder.name}/{path.name}"
        try:
            document = read_document(path, "text", texts=True)
        except InputError as error:
            problems += [replace(p, place=f"{folder.name}/{p.place}") for p in error.problems]
            continue
        problems += [*document.problems, *_merge(texts, document.data, place)]
    if problems:
        raise InputError(problems)
    documents = {p.stem: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.md"))}
    return texts | {"documents": documents}


def say(language: str, path: str, /, **values: Any) -> str:
    """Return a text by its dotted path, filled in; for texts of pages' sections, see `dimios_core.report.texts`."""
    text: Any = load_texts(language)
    for part in path.split("."):
        text = text[part]
    return _compile(text).render(values) if "{" in text else text


@cache
def _compile(text: str) -> jinja2.Template:
    import jinja2

    return jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False).from_string(text)


def list_texts(texts: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted path of every text, and the text."""
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from list_texts(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _merge(into: dict[str, Any], new: dict[str, Any], place: str) -> Iterator[Problem]:
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(into.setdefault(key, {}), dict):
            yield from _merge(into[key], value, f"{place}: {key}")
        elif key in into:
            yield Problem(f"{place}: {key}", "it is in another file of texts, too", "keep one of the two")
        else:
            into[key] = value
