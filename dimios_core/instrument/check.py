"""Find every fault of an instrument file at once, each with its place and how to mend it.

The checks read the file's plain data and step over what is not of the expected type (that is named by
`shape`), so that one fault never hides another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from dimios_core.documents import Document
from dimios_core.errors import Problem
from dimios_core.instrument.model import DEFAULT_SCALE, UNKNOWN_ROLE
from dimios_core.instrument.shape import (
    COMPOSITE_EXPECTED,
    ValuePath,
    find_shape_problems,
    remedy_for_name,
    suggest,
    walk_texts,
)

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
#: steps of a scale count as whole within this relative error (0.1 is not exact in binary)
STEP_TOLERANCE = 1e-9
CELL_PLACES = [(across, upwards) for upwards in ("low", "high") for across in ("low", "high")]

_SLUG_REMEDY = "use a-z, 0-9, _ and -, starting with a letter or digit, at most 64 characters"


def find_problems(document: Document) -> list[Problem]:
    """Return every fault of an instrument file, in the order of its lines.

    Parameters
    ----------
    document : Document
        The file, as read by `read_document`.

    Returns
    -------
    list of Problem
        Empty if the file is a valid instrument.
    """
    checker = _Checker(document)
    checker.check()
    found = [*document.problems, *find_shape_problems(document), *checker.problems]
    return sorted(dict.fromkeys(found), key=_line_of)


def _line_of(problem: Problem) -> int:
    match = re.search(r", line (\d+)", problem.place)
    return int(match.group(1)) if match else 0


def _number(value: Any) -> float | None:
    """Return a finite number as float, anything else as None (`true` is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < math.inf else None


class _Checker:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.data = document.data
        self.problems: list[Problem] = []

    def check(self) -> None:
        self._check_languages()
        self._check_composite()
        self._check_ids()
        self._check_references()
        self._check_weights()
        self._check_scales()
        self._check_quadrants()

    def _report(self, path: ValuePath, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.document.place(path), what, remedy))

    def _entries(self, section: str) -> Iterator[tuple[ValuePath, dict]]:
        """Yield the mappings of a list at the top level, with their paths."""
        entries = self.data.get(section)
        for i, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict):
                yield (section, i), entry

    def _items(self) -> Iterator[tuple[ValuePath, dict]]:
        for path, point in self._entries("points"):
            items = point.get("items")
            for i, item in enumerate(items if isinstance(items, list) else []):
                if isinstance(item, dict):
                    yield (*path, "items", i), item

    def _ids(self, section: str) -> list[str]:
        return [entry["id"] for _, entry in self._entries(section) if isinstance(entry.get("id"), str)]

    # texts

    def _check_languages(self) -> None:
        languages = self.data.get("languages")
        if not isinstance(languages, list) or not all(isinstance(one, str) for one in languages):
            return
        if not languages:  # named already; without it no text can be judged
            return
        for i, language in enumerate(languages):
            if not LANGUAGE.fullmatch(language):
                remedy = "write the code of two or three letters, such as sv or en"
                self._report(("languages", i), f"{language!r} is no language code", remedy)
            elif language in languages[:i]:
                self._report(("languages", i), f"the language {language!r} is given twice", "remove one")
        for path, text in walk_texts(self.data):
            for language in dict.fromkeys(languages):
                if language not in text:
                    what = f"the text in {language!r} is missing"
                    self._report((*path, language), what, f"add {language}: …")
            for language, wording in text.items():
                if language not in languages:
                    remedy = remedy_for_name(language, languages) + "; or add it to languages"
                    self._report((*path, language), f"the language {language!r} is not declared", remedy)
                elif isinstance(wording, str) and not wording.strip():
                    self._report((*path, language), "the text is empty", "write the text")

    def _check_composite(self) -> None:
        # a key without a value is not taken for `none`: a level that was meant would go missing in silence
        if "composite" in self.data and self.data["composite"] is None:
            self._report(("composite",), *COMPOSITE_EXPECTED)

    # identifiers and references

    def _check_ids(self) -> None:
        if isinstance(own := self.data.get("id"), str):
            self._check_slug(("id",), own)
        for section in ("roles", "dimensions", "categories", "points"):
            self._check_unique(section, self._entries(section))
        self._check_unique("items", self._items())
        for path, role in self._entries("roles"):
            if role.get("id") == UNKNOWN_ROLE:
                what = f"the role {UNKNOWN_ROLE!r} is reserved and comes with every instrument"
                self._report((*path, "id"), what, "remove the entry")
        for scale in self.data["scales"] if isinstance(self.data.get("scales"), dict) else ():
            if isinstance(scale, str):
                self._check_slug(("scales", scale), scale)

    def _check_unique(self, section: str, entries: Iterator[tuple[ValuePath, dict]]) -> None:
        first: dict[str, ValuePath] = {}
        for path, entry in entries:
            found = entry.get("id")
            if not isinstance(found, str):
                continue
            where = (*path, "id")
            self._check_slug(where, found)
            if found in first:
                line = self.document.line_of(first[found])
                what = f"the id {found!r} is used twice among the {section}, first on line {line}"
                self._report(where, what, "give each its own id")
            else:
                first[found] = where

    def _check_slug(self, path: ValuePath, found: str) -> None:
        if not SLUG.fullmatch(found):
            self._report(path, f"{found!r} cannot be an id", _SLUG_REMEDY)

    def _check_references(self) -> None:
        self._check_parents("categories", "dimension", "dimensions")
        self._check_parents("points", "category", "categories")
        scales = self.data.get("scales")
        if isinstance(scales, dict):
            if DEFAULT_SCALE not in scales:
                what = f"there is no scale called {DEFAULT_SCALE!r}"
                self._report(("scales",), what, f"call one of the scales {DEFAULT_SCALE}")
            known = [str(scale) for scale in scales]
            for path, item in self._items():
                named = item.get("scale", DEFAULT_SCALE)
                if isinstance(named, str) and named not in scales and "scale" in item:
                    self._report((*path, "scale"), f"unknown scale {named!r}", remedy_for_name(named, known))

    def _check_parents(self, section: str, key: str, parents: str) -> None:
        if not isinstance(self.data.get(parents), list):
            return
        known = self._ids(parents)
        used = set()
        homeless_n = 0
        for path, entry in self._entries(section):
            named = entry.get(key)
            if not isinstance(named, str):
                homeless_n += 1
                continue
            # a misspelt parent counts as the one that was meant: one slip is one fault
            used.add(named if named in known else suggest(named, known))
            if named not in known:
                self._report((*path, key), f"unknown {key} {named!r}", remedy_for_name(named, known))
        if not isinstance(self.data.get(section), list):
            return
        empty = [(path, one["id"]) for path, one in self._entries(parents) if one.get("id") in known]
        empty = [(path, name) for path, name in empty if name not in used]
        # an entry without a parent is named already; it would have filled one
        for path, name in empty if len(empty) > homeless_n else ():
            self._report(path, f"the {key} {name!r} has no {section}", f"give it {section}, or remove it")

    # numbers

    def _check_weights(self) -> None:
        for section in ("dimensions", "categories", "points"):
            for path, entry in self._entries(section):
                weight = _number(entry.get("weight"))
                if weight is not None and weight <= 0:
                    what = f"the weight {weight:g} is not above zero"
                    remedy = "write a weight above zero, or leave what should not count out of the file"
                    self._report((*path, "weight"), what, remedy)

    def _check_scales(self) -> None:
        scales = self.data.get("scales")
        for name, scale in scales.items() if isinstance(scales, dict) else ():
            if isinstance(scale, dict):
                self._check_scale(("scales", name), scale)

    def _check_scale(self, path: ValuePath, scale: dict) -> None:
        labels = scale.get("labels")
        labels = labels if isinstance(labels, dict) else {}
        for label in labels:
            if _number(label) is None:
                what = f"the label {label!r} does not stand for a number"
                self._report((*path, "labels", label), what, "write the answer's number, without quotes")
        lowest, highest = _number(scale.get("lowest")), _number(scale.get("highest"))
        step = _number(scale.get("step", 1))
        if step is not None and step <= 0:
            self._report((*path, "step"), f"the step {step:g} is not above zero", "write a step above zero")
        if lowest is None or highest is None:
            return
        if lowest >= highest:
            what = f"lowest ({lowest:g}) is not below highest ({highest:g})"
            remedy = "swap or mend them; a scale that runs backwards is an item with reversed: true"
            self._report((*path, "lowest"), what, remedy)
            return
        if step is None or step <= 0:
            return
        if not _is_whole((highest - lowest) / step):
            what = f"steps of {step:g} from {lowest:g} do not reach {highest:g}"
            self._report((*path, "step"), what, "choose a step that divides the scale evenly")
            return
        for label in labels:
            number = _number(label)
            on_scale = number is None or (lowest <= number <= highest and _is_whole((number - lowest) / step))
            if not on_scale:
                what = f"the label {label} is not on the scale {lowest:g} to {highest:g} in steps of {step:g}"
                self._report((*path, "labels", label), what, "remove it, or mend its number")

    # quadrants

    def _check_quadrants(self) -> None:
        quadrants = self.data.get("quadrants")
        if not isinstance(quadrants, dict):
            return
        if isinstance(self.data.get("dimensions"), list):
            known = list(dict.fromkeys(self._ids("dimensions")))
            if len(known) != 2:
                what = f"quadrants need exactly two dimensions; there are {len(known)}"
                self._report(("quadrants",), what, "remove quadrants from the file")
            axes = [quadrants.get("across"), quadrants.get("upwards")]
            for axis, named in zip(("across", "upwards"), axes, strict=True):
                if isinstance(named, str) and named not in known:
                    what = f"unknown dimension {named!r}"
                    self._report(("quadrants", axis), what, remedy_for_name(named, known))
            if isinstance(axes[0], str) and axes[0] == axes[1]:
                what = f"across and upwards are the same dimension, {axes[0]!r}"
                self._report(("quadrants", "upwards"), what, "name the other dimension")
        border = _number(quadrants.get("border"))
        if border is not None and not 0 < border < 100:
            what = f"the border {border:g} is not between 0 and 100 per cent"
            self._report(("quadrants", "border"), what, "write a number between 0 and 100, such as 50")
        if isinstance(cells := quadrants.get("cells"), list):
            self._check_cells(cells)

    def _check_cells(self, cells: list) -> None:
        places: dict[tuple[str, str], int] = {}
        ids: dict[str, int] = {}
        for i, cell in enumerate(cells):
            if not isinstance(cell, dict):
                continue
            path = ("quadrants", "cells", i)
            place = _place_of(cell)
            if place in CELL_PLACES and places.setdefault(place, i) != i:
                what = f"across {place[0]}, upwards {place[1]} is already taken by cells[{places[place]}]"
                self._report(path, what, "give each cell its own place")
            if isinstance(name := cell.get("id"), str) and ids.setdefault(name, i) != i:
                what = f"the id {name!r} is already used by cells[{ids[name]}]"
                self._report((*path, "id"), what, "use each of A, B, C, D once")
        uncovered = [place for place in CELL_PLACES if place not in places]
        malformed_n = len(cells) - sum(isinstance(c, dict) and _place_of(c) in CELL_PLACES for c in cells)
        # a cell with a misspelt place is named already; it would have covered one
        if len(uncovered) > malformed_n:
            for across, upwards in uncovered:
                what = f"no cell covers across: {across}, upwards: {upwards}"
                self._report(("quadrants", "cells"), what, "describe all four cells, one each")


def _place_of(cell: dict) -> tuple[str, str]:
    return str(cell.get("across")), str(cell.get("upwards"))


def _is_whole(steps: float) -> bool:
    return abs(steps - round(steps)) <= STEP_TOLERANCE * max(1.0, abs(steps))
