"""Executed notebooks without a trace of this machine or of the clock.

From identical inputs come byte-identical reports: clock times live in the manifest, random
identifiers are numbered, and the paths of this machine are cut out of metadata and outputs.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

#: what Papermill and nbclient note about a run, which is not the report's
RUN_METADATA = ("papermill", "execution")
PAPERMILL_KEPT = ("parameters", "version")
#: a colour code of a traceback may stand directly before a path; a letter, digit or dot may not
BEFORE_PATH = r"(?:(?<![\w.~-])|(?<=[0-9;\[]m))"
AFTER_PATH = r"(?![\w-])"
#: the file name that ipykernel gives a cell: a process number and a hash; tried at the start of a word only, or
#: long words would take forever
CELL_FILE = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]*?ipykernel_\d+[/\\]\d+\.py")
#: notebooks of a report lie in one folder
PLACES_N = 8
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@lru_cache(PLACES_N)
def list_local_paths(*own: tuple[Path, str]) -> tuple[tuple[str, str], ...]:
    """Return the paths of this machine and what stands for each, the longest path first.

    Parameters
    ----------
    own
        Folders of the project and the words for them; Python's folders, the home folder and the
        folder for temporary files come by themselves.
    """
    pairs = [
        *own,
        (Path(__file__).resolve().parents[2], "."),
        (Path(sys.prefix), "<python>"),
        (Path(sys.base_prefix), "<python>"),
        (Path(os.__file__).parent, "<python>"),
        (Path.home(), "~"),
        (Path(tempfile.gettempdir()), "<tmp>"),
    ]
    words: dict[str, str] = {}
    for path, word in pairs:
        for text in (str(path), str(path.resolve())):
            if len(Path(text).parts) > 1:  # never the bare root
                words.setdefault(text, word)
    return tuple(sorted(words.items(), key=lambda pair: -len(pair[0])))


def cut_paths(text: str, paths: Sequence[tuple[str, str]]) -> str:
    """Return `text` with every known local path replaced by its word.

    Examples
    --------
    >>> cut_paths("File /srv/x/report.py, not /srv/xy", [("/srv/x", "outputs")])
    'File outputs/report.py, not /srv/xy'
    """
    if "ipykernel_" in text:
        text = CELL_FILE.sub("<cell>", text)
    for path, word in paths:
        if path in text:
            text = re.sub(BEFORE_PATH + re.escape(path) + AFTER_PATH, lambda _, w=word: w, text)  # type: ignore[misc]
    return text


def scrub_notebook(
    notebook: nbformat.NotebookNode, paths: Sequence[tuple[str, str]]
) -> nbformat.NotebookNode:
    """Return the notebook without clock times, random identifiers and local paths.

    Sources are left as they are: parameters never carry a path. Images are left alone too.
    """
    about_run = notebook.metadata.get("papermill", {})
    notebook.metadata["papermill"] = {key: about_run[key] for key in PAPERMILL_KEPT if key in about_run}
    outermost = [path for path, _ in paths if not any(path != p and path.startswith(p) for p, _ in paths)]
    for number, cell in enumerate(notebook.cells, start=1):
        for key in RUN_METADATA:
            cell.metadata.pop(key, None)
        if notebook.nbformat_minor >= 5:
            cell["id"] = f"cell-{number}"
        for output in cell.get("outputs", []):
            _cut_in_output(output, paths, outermost)
    _drop_doubled_widgets(notebook)
    return _number_widgets(notebook)


def _drop_doubled_widgets(notebook: nbformat.NotebookNode) -> None:
    """Drop widgets that have the same content as HTML beside them: without a kernel they answer nobody.

    The state of widgets goes when no widget is left; it would hold every chart a second time.
    """
    datas = [o["data"] for cell in notebook.cells for o in cell.get("outputs", []) if "data" in o]
    for data in datas:
        if "text/html" in data:
            data.pop(WIDGET_VIEW, None)
    if not any(WIDGET_VIEW in data for data in datas):
        notebook.metadata.pop("widgets", None)


def _cut_in_output(output: Any, paths: Sequence[tuple[str, str]], outermost: Sequence[str]) -> None:
    def cut(text: str) -> str:  # where the beginnings of all paths are missing, so are the paths
        told = "ipykernel_" in text or any(path in text for path in outermost)
        return cut_paths(text, paths) if told else text

    for field in ("text", "ename", "evalue", "traceback"):
        if field in output:
            output[field] = _map_texts(output[field], cut)
    for kind, content in output.get("data", {}).items():
        if not kind.startswith(("image/png", "image/jpeg", "image/gif", "application/pdf")):
            output["data"][kind] = _map_texts(content, cut)
    if "metadata" in output:
        output["metadata"] = _map_texts(output["metadata"], cut)


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map_texts(entry, change) for entry in value]
    if isinstance(value, dict):
        return type(value)({key: _map_texts(entry, change) for key, entry in value.items()})
    return value


def _number_widgets(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Replace the random identifiers of widgets by numbers, in the order in which a reader meets them."""
    state = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    if not state:
        return notebook
    any_id = re.compile("|".join(map(re.escape, state)))
    order: dict[str, None] = {}
    waiting = any_id.findall(json.dumps([cell.get("outputs", []) for cell in notebook.cells]))[::-1]
    # those that no output shows come last, by what they hold
    unseen = sorted(state, key=lambda i: any_id.sub("", json.dumps(state[i], sort_keys=True)), reverse=True)
    waiting = unseen + waiting
    while waiting:
        model_id = waiting.pop()
        if model_id not in order:
            order[model_id] = None
            waiting += any_id.findall(json.dumps(state[model_id], sort_keys=True))[::-1]
    numbers = {model_id: f"{number:0{len(model_id)}x}" for number, model_id in enumerate(order, start=1)}
    text = any_id.sub(lambda match: numbers[match.group()], json.dumps(notebook))
    return nbformat.from_dict(json.loads(text))
