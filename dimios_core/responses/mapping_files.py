"""Load a mapping file; every fault of it is listed with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir
from dimios_core.responses.labels import suggest
from dimios_core.responses.mapping import Answers, FileSettings, MappedColumns, Mapping, Source
from dimios_core.responses.mapping_checks import check_parts


class _TextLoader(yaml.SafeLoader):
    """YAML in which every plain scalar is text: a label `No` is no boolean, `2026-01-01` no date."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_mapping(name_or_path: str | Path) -> Mapping:
    """Load a mapping file and check it by itself.

    Parameters
    ----------
    name_or_path : str or pathlib.Path
        A bare id is found in parameters/mappings/<id>.yaml, anything else is a path.

    Raises
    ------
    InputError
        Every fault of the file, with its line.
    """
    bare = isinstance(name_or_path, str) and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name_or_path)
    folder = parameters_dir() / "mappings"
    path = folder / f"{name_or_path}.yaml" if bare else Path(name_or_path)
    if not path.is_file():
        known = sorted(p.stem for p in folder.glob("*.yaml"))
        raise InputError(
            Problem(
                str(name_or_path),
                f"there is no such mapping{suggest(str(name_or_path), known)}",
                f"give a path, or one of: {', '.join(known) or '(none yet in parameters/mappings)'}",
            )
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=_TextLoader)
        content = yaml.load(text, Loader=_TextLoader)
    except UnicodeDecodeError as error:
        raise InputError(Problem(path.name, "the mapping is not UTF-8", "save it as UTF-8")) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        what = f"the YAML cannot be read: {getattr(error, 'problem', None) or error}"
        raise InputError(
            Problem(where, what, "mend the line; indent with spaces, quote odd labels")
        ) from error
    if not isinstance(content, dict):
        raise InputError(Problem(path.name, "the mapping is empty", "see docs for a mapping to start from"))
    problems = [
        Problem(_place(path, node, [key]), f"“{key}” is given twice", "keep one of the two")
        for key in _duplicate_keys(node)
    ]
    mapping = None
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        problems += [
            Problem(
                _place(path, node, fault["loc"]),
                _explain(fault),
                _REMEDIES.get(fault["type"], "mend the line"),
            )
            for fault in error.errors()
        ]
    if mapping is not None:
        problems += [Problem(_place(path, node, loc), what, how) for loc, what, how in check_parts(mapping)]
    if problems or mapping is None:
        raise InputError(problems)
    return mapping


_REMEDIES = {
    "missing": "add it to the mapping",
    "extra_forbidden": "take it away, or correct its spelling",
    "float_parsing": "give a number; decimals with a point",
    "literal_error": "use one of these values",
    "value_error": "keep one of the two",
}


def _explain(fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    if fault["type"] == "missing":
        return f"`{name}` is missing"
    if fault["type"] == "extra_forbidden":
        known = {
            name
            for model in (Mapping, MappedColumns, FileSettings, Answers, Source)
            for name in model.model_fields
        }
        return f"`{name}` is no setting of a mapping{suggest(str(fault['loc'][-1]), known)}"
    return f"`{name}`: {fault['msg'].removeprefix('Value error, ')}"


def _place(path: Path, node: yaml.Node | None, loc: Any) -> str:
    """Find the line of a setting by walking the YAML down to it, as far as it exists."""
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if getattr(k, "value", None) == str(part)]
            if not found:
                break
            line, node = found[-1][0].start_mark.line + 1, found[-1][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return f"{path.name}, line {line}"


def _duplicate_keys(node: yaml.Node | None) -> list[str]:
    if isinstance(node, yaml.SequenceNode):
        return [key for child in node.value for key in _duplicate_keys(child)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    own = sorted({key for key in keys if isinstance(key, str) and keys.count(key) > 1})
    return own + [key for _, child in node.value for key in _duplicate_keys(child)]
