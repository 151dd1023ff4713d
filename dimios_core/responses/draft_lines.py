"""What the lines of a drafted mapping say, each by its number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dimios_core.characters import REFUSED

#: what a line begins its comment with that somebody has to fill in, and with that somebody has to look at
FILL_IN = "FILL IN"
CHECK = "check"
CERTAIN, LEFT_OVER, OFFERED = "certain", "left over", "offered"

_TEXT = r'"(?:[^"\\]|\\.)*"'
#: TEXT stands for a quoted one
_LINE = re.compile(
    r'(?P<indent> *)(?P<offered># )?(?:(?P<dash>- )|(?P<key>TEXT|[a-z_]+):)(?P<value>(?:TEXT|[^"#])*)(?:# (?P<note>.*))?'.replace(
        "TEXT", _TEXT
    )
)
_LEFT_OVER = re.compile(r"  # left over: (?P<key>TEXT)(?P<note>.*)".replace("TEXT", _TEXT))
_SOURCE = re.compile(r"\{(column|value): *(.*)\}")


def quote(text: str) -> str:
    """Write a text so that YAML reads it back as it is; what no file of ours may hold stands as its number.

    Examples
    --------
    >>> quote('Vi "planerar"'), quote("a\\u2028b")
    ('"Vi \\\\"planerar\\\\""', '"a\\\\u2028b"')
    """
    return REFUSED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


@dataclass(frozen=True)
class Entry:
    """A line that says something of the mapping; `setting` is its path, `kind` what a plain value is taken for."""

    line: int
    setting: str
    label: str
    value: str
    state: str
    note: str
    indent: str = ""
    kind: str = ""


def read_entries(text: str) -> Iterator[Entry]:
    """Yield what the lines of a drafted YAML say of the mapping; comments that only explain are left out."""
    path: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if left := _LEFT_OVER.fullmatch(line):
            note = left["note"].strip().removeprefix("(").removesuffix(")")
            yield Entry(number, "items", json.loads(left["key"]), "", LEFT_OVER, note, "  ", "item")
            continue
        match = _LINE.fullmatch(line)
        if match is None or (match["offered"] and not match["value"].strip()):
            continue
        key, value = match["key"] or "", match["value"].strip()
        path = [(indent, name) for indent, name in path if indent < len(match["indent"])]
        above = ".".join(name for _, name in path)
        if not value and not match["note"]:
            path.append((len(match["indent"]), key))
            continue
        if match["offered"] and key == CHECK:
            continue
        state, note = _state_of(match)
        label = json.loads(key) if key.startswith('"') else ""
        setting = above if label or key == '""' else f"{above}.{key}".lstrip(".")
        setting = "rows" if match["dash"] else setting
        made = _as_source(
            Entry(number, setting, label, _unquote(value), state, note, match["indent"]), key, above
        )
        yield replace(made, value="", note=f"{made.value}: {note}") if state == OFFERED else made


def _state_of(match: re.Match[str]) -> tuple[str, str]:
    note = (match["note"] or "").strip().replace("{column: …}", "column: …")
    for mark in (FILL_IN, CHECK):
        if note == mark or note.startswith(f"{mark}: "):
            note = note.removeprefix(mark).removeprefix(": ")
            return (OFFERED if match["offered"] else mark), note
    return (OFFERED if match["offered"] else CERTAIN), note


def _as_source(entry: Entry, key: str, above: str) -> Entry:
    """Tell a column by its name, whether it stands on one line or on its own below the field."""
    if entry.label or not entry.setting.startswith("columns."):
        return entry
    if key in ("column", "value"):
        return replace(entry, setting=above, value=f"{key}: {entry.value}", kind=key)
    if source := _SOURCE.fullmatch(entry.value):
        value = _unquote(source[2])
        return replace(entry, value=f"{source[1]}: {value}" if value else "", kind=f"{{{source[1]}}}")
    return entry


def _unquote(text: str) -> str:
    return json.loads(text) if re.fullmatch(_TEXT, text) else text
