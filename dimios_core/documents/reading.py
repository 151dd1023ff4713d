"""Read a YAML file so that every value is known by its path and its line.

YAML as people mean it: `no`, `on` and `12:30` stay text, a key given twice is a fault instead of a
silent overwrite, and anchors, aliases and tags are not read (no file of ours needs them).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from dimios_core.characters import REMEDY, find_refused
from dimios_core.errors import InputError, Problem

#: the largest file that is read; the longest questionnaires take a few hundred kilobytes
LARGEST_BYTES = 5_000_000
#: deepest nesting that is read; an instrument needs seven levels
DEEPEST_N = 30

_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")}


# libyaml reads ten times as fast; PyYAML's own reader explains what is wrong, and reads where libyaml is not there
if TYPE_CHECKING or not yaml.__with_libyaml__:
    from yaml import SafeLoader as _Fast
else:
    from yaml import CSafeLoader as _Fast


class _Loader(_Fast):
    """Safe loading with JSON's idea of numbers and truth values."""

    yaml_implicit_resolvers: dict = {}  # noqa: RUF012 - PyYAML's own name and type


for _kind, _pattern, _first in (
    ("null", r"(?:~|null|)$", "~n"),
    ("bool", r"(?:true|false)$", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)$",
        "-+.0123456789",
    ),  # 08 is a text
):
    # PyYAML finds its patterns by a text's first character; "" stands for the empty text
    _firsts = [*_first, ""] if _kind == "null" else list(_first)
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), _firsts)


class _TextLoader(_Fast):
    """Every plain word is text: a label `No` is no truth value, `2026-01-01` no date."""

    yaml_implicit_resolvers: dict = {}  # noqa: RUF012 - PyYAML's own name and type


for _first_of_null in ("~", "n", ""):
    _TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), [_first_of_null])


@dataclass
class Document:
    """A YAML file as plain data, with the line of every value.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    data : dict
        The values: dict, list, str, int, float, bool, None.
    lines : dict
        Line number, from 1, by path; a path is a tuple of keys and positions, as text.
    problems : list of Problem
        Faults of the YAML itself that did not stop the reading (a key given twice).
    """

    file: str
    data: dict[Any, Any] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Sequence[Any]) -> int:
        """Return the line of a path, of its nearest parent where the path itself is not in the file."""
        key = tuple(str(part) for part in path)
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def place(self, path: Sequence[Any]) -> str:
        """Return where a path lies, for the reader: "dimios.yaml, line 12, points[3].name.en"."""
        where = format_path(path)
        return f"{self.file}, line {self.line_of(path)}" + (f", {where}" if where else "")


def format_path(path: Sequence[Any]) -> str:
    """Write a path the way people read it.

    Examples
    --------
    >>> format_path(("points", 3, "name", "en"))
    'points[3].name.en'
    """
    out = ""
    for part in path:
        if isinstance(part, int) and not isinstance(part, bool):
            out += f"[{part}]"
        else:
            out += f".{part}" if out else str(part)
    return out


def read_document(
    path: Path, kind: str = "instrument", *, texts: bool = False, may_be_empty: bool = False
) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with or without byte order mark.
    kind : str
        What the file is, for messages.
    texts : bool
        Every plain word is text, numbers and truth values too.
    may_be_empty : bool
        A file without a word (or with comments alone) is an empty mapping.

    Returns
    -------
    Document
        `problems` lists keys given twice; the first of them counts.

    Raises
    ------
    InputError
        The file is missing, unreadable, too large, not UTF-8, not YAML, or not a mapping.
    """
    text = _read_text(path, kind)
    document = Document(path.name)
    try:
        problems = _find_unread_features(text, path.name)
        if problems:
            raise InputError(problems)
        loader = _TextLoader(text) if texts else _Loader(text)
        try:
            node = loader.get_single_node()
            data = _Builder(document, loader).build(node, ()) if node is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise InputError(_explain_syntax(_said_by_pyyaml(text) or error, path.name, kind)) from None
    if data is None and may_be_empty:
        data = {}
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "the file is not a mapping of keys to values"
        raise InputError(Problem(path.name, what, f"start from another {kind} file"))
    document.data = data
    return document


def _read_text(path: Path, kind: str) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            what = f"the file has {size:,} bytes, more than {LARGEST_BYTES:,}"
            raise InputError(Problem(path.name, what, f"check that this is the {kind} file"))
        raw = path.read_bytes()
    except OSError as error:
        what = f"the file cannot be read ({error.strerror or type(error).__name__})"
        raise InputError(Problem(str(path), what, "give the path of a YAML file that you may read")) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(
            Problem(f"{path.name}, line {line}", "the file is not UTF-8", "save it with the encoding UTF-8")
        ) from None


def _find_unread_features(text: str, file: str) -> list[Problem]:
    problems = []
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST_N:
                place = f"{file}, line {_line_of(event)}"
                what = f"nested deeper than {DEEPEST_N} levels"
                return [Problem(place, what, "remove the surplus brackets or indentation")]
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            place = f"{file}, line {_line_of(event)}"
            what = f"a reference to another place (*{event.anchor}) is not read here"
            problems.append(Problem(place, what, "write the value out, or put it within quotes"))
    return problems


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _said_by_pyyaml(text: str) -> yaml.YAMLError | None:
    """Return what PyYAML's own reader says, whose words are plainer than libyaml's."""
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as error:
        return error
    return None


def _explain_syntax(error: yaml.YAMLError, file: str, kind: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = f"{file}, line {mark.line + 1}, column {mark.column + 1}" if mark else file
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    remedy = "mend the line, or the one before it: the indentation, a missing quote or bracket"
    if "\\t" in what:
        remedy = "indent with spaces, not with tabs"
    elif "mapping values are not allowed" in what:
        remedy = "put a text that contains a colon within quotes, and check the indentation"
    elif "single document" in str(error):
        remedy = f"one file holds one {kind}: remove the line ---"
    return Problem(place, f"not valid YAML: {what}", remedy)


class _Builder:
    """Turns YAML nodes into plain data and writes down the line of each path."""

    def __init__(self, document: Document, loader: yaml.SafeLoader) -> None:
        self.document = document
        self.loader = loader

    def build(self, node: yaml.Node, path: tuple[Any, ...]) -> Any:
        key = tuple(str(part) for part in path)
        self.document.lines.setdefault(key, node.start_mark.line + 1)
        if node.tag not in _PLAIN_TAGS:
            self._report(path, f"the tag {node.tag} is not read here", "remove the tag (!…)")
            return str(node.value) if isinstance(node, yaml.ScalarNode) else None
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        if (what := find_refused(node.value)) is not None:
            self._report(path, what, REMEDY)
        try:
            return self.loader.construct_object(node)
        except (ValueError, KeyError):  # an explicit tag that its text does not fit: !!int abc
            self._report(path, "the value does not fit its tag", "remove the tag (!!…)")
            return str(node.value)

    def _build_mapping(self, node: yaml.MappingNode, path: tuple[Any, ...]) -> dict[Any, Any]:
        out: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                place = f"{self.document.file}, line {line}"
                what = "a key is a list or a mapping"
                self.document.problems.append(Problem(place, what, "write a plain word as the key"))
                continue
            key = self.build(key_node, (*path, key_node.value))
            where = (*path, key)
            if key in out:
                first = self.document.line_of(where)
                self.document.problems.append(
                    Problem(
                        f"{self.document.file}, line {line}, {format_path(where)}",
                        f"the key {key!r} is given twice, first on line {first}",
                        "remove one of the two",
                    )
                )
                continue
            # the key's line, not the value's: a value may start on the line below
            self.document.lines[tuple(str(part) for part in where)] = line
            out[key] = self.build(value_node, where)
        return out

    def _report(self, path: tuple[Any, ...], what: str, remedy: str) -> None:
        self.document.problems.append(Problem(self.document.place(path), what, remedy))
