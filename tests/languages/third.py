"""A third language, made of the Swedish texts by marking every word, in a project's folder of its own: what lacks the mark is not ours to say."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from dimios_core.languages.texts import SHIPPED
from dimios_core.places import PACKAGE_PARENT

LANGUAGE = "nb"
MARK = "ø"
#: what stands in texts for something else: gaps, code, tags and addresses
_GAP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|`[^`]*`|<[^>]*>|https?://\S+", re.DOTALL)
_LITERAL = re.compile(r"'[^']*'")
#: what stands before a literal that something is compared with, looked up by or named by, and after one that is a key
_NOT_SAID, _KEY = re.compile(r"(?:[=!]= ?|map\(|attribute=|\[|\bin \(?)$"), re.compile(r"\s*:")
#: which published files a page was made of
_VERSION = re.compile(r"\b[0-9a-f]{12}\b")
WORD = re.compile(r"[^\W\d_]{2,}(?:[-’'][^\W\d_]+)*")
ABOUT = {"name": "Norsk bokmål", "formats": "nb", "locale": "nb-NO", "last_letters": "æøå"}


def mark(text: str) -> str:
    """Mark every word of a text; what is filled in stays as it is."""
    parts, place = [], 0
    for gap in _GAP.finditer(text):
        parts += [_mark_words(text[place : gap.start()]), _mark_gap(gap[0])]
        place = gap.end()
    return "".join([*parts, _mark_words(text[place:])])


def _mark_gap(gap: str) -> str:
    """Mark what a gap says itself; names and values in it stay."""

    def mark_said(literal: re.Match[str]) -> str:
        before, after = gap[: literal.start()], gap[literal.end() :]
        return literal[0] if _NOT_SAID.search(before) or _KEY.match(after) else _mark_words(literal[0])

    return _LITERAL.sub(mark_said, gap) if gap.startswith("{") else gap


def _mark_words(text: str) -> str:
    return WORD.sub(rf"\g<0>{MARK}", text)


def mark_texts(tree: Any) -> Any:
    """Mark a tree of texts, whatever its shape."""
    if isinstance(tree, dict):
        return {key: mark_texts(value) for key, value in tree.items()}
    return [mark_texts(one) for one in tree] if isinstance(tree, list) else mark(tree)


def add_language(tree: Any) -> Any:
    """Add the language to every text of a parameter file that is there in Swedish."""
    if isinstance(tree, dict):
        if isinstance(tree.get("sv"), str):
            return tree | {LANGUAGE: mark(tree["sv"])}
        return {key: add_language(value) for key, value in tree.items()}
    return [add_language(one) for one in tree] if isinstance(tree, list) else tree


def read(path: Path) -> Any:
    """Read a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def write(path: Path, content: Any) -> None:
    """Write a YAML file, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def make_project(folder: Path) -> Path:
    """Make a project with the language beside Swedish: files of its own, and the program's notebooks and suites."""
    ours = PACKAGE_PARENT / "parameters"
    own = folder / "parameters"
    shutil.copytree(PACKAGE_PARENT / "notebooks", folder / "notebooks")
    shutil.copytree(ours, own)
    for name in ("advice", "glossary", "expert_help", "reference"):
        write(own / f"{name}.yaml", add_language(read(ours / f"{name}.yaml")))
    model = add_language(read(ours / "instruments" / "dimios.yaml"))
    write(own / "instruments" / "dimios.yaml", without_english(model) | {"languages": [LANGUAGE, "sv"]})
    write_language(own / "languages" / LANGUAGE)
    return folder


def without_english(tree: Any) -> Any:
    """Take English away from every text of a model."""
    if isinstance(tree, dict):
        kept = tree if "sv" not in tree else {key: value for key, value in tree.items() if key != "en"}
        return {key: without_english(value) for key, value in kept.items()}
    return [without_english(one) for one in tree] if isinstance(tree, list) else tree


def write_language(folder: Path) -> None:
    """Write the language's files, one for each of the Swedish."""
    for path in sorted((SHIPPED / "sv").iterdir()):
        if path.suffix == ".md":
            (folder / path.name).write_text(mark(path.read_text(encoding="utf-8")), encoding="utf-8")
            continue
        texts = mark_texts(read(path))
        if path.stem == "files":
            texts["file_names"] = read(path)["file_names"]
        write(folder / path.name, {"language": ABOUT} if path.stem == "language" else texts)


class Seen(HTMLParser):
    """What a reader of a page sees, or hears: its text, and attributes that are read aloud."""

    ALOUD = frozenset({"title", "alt", "aria-label", "aria-description"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.languages: set[str] = set()
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in ("script", "style") else self._inside
        for name, value in attributes:
            if name == "lang":
                self.languages.add(value or "")
            if name in self.ALOUD:
                self.texts.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.texts.append(data)


def unmarked(text: str, known: set[str]) -> list[str]:
    """Return the words of a text that are neither marked nor known."""
    return [w for w in WORD.findall(_VERSION.sub("", text)) if MARK not in w and w.lower() not in known]
