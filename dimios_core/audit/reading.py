"""What a reader gets: everything in reports that can be read, seen or dug out, and whether it may be there.

Disclosure control decides over tables. This module reads the finished files, all pages of an organisation
pooled: sentences, tables, titles and descriptions of charts, hover texts, figure data, widget state, hidden
metadata. Every number with a decimal must stand in the organisation's own published tables or in the public
ones, and no organisation may be named that does not share its name. As the published tables have passed the
audit of results, pages that hold nothing else give nothing else away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.audit.comparisons import list_differences
from dimios_core.audit.organisation_names import OrganisationNames
from dimios_core.audit.passages import NUMBER, read_passages
from dimios_core.errors import InputError
from dimios_core.export.production import FORMATS
from dimios_core.instrument import Category, Dimension, Instrument, Point
from dimios_core.languages import formats_of, usable_languages
from dimios_core.page.made_of import read_made_of
from dimios_core.places import DATA_PACKAGES, PUBLISHED_PACKAGE
from dimios_core.published.reads import are_of_today
from dimios_core.published.store import PREFIX, PublicResults, list_organisations, read_json
from dimios_core.results.audit.tables import AuditFinding

#: whose the open data package is
EVERYBODY = "_everybody"
#: what is read; anything else below a report folder is told, as nobody looked into it
READ = {".ipynb", ".html", ".svg", ".json", ".csv", ".txt", ".md", ".xlsx", ".pptx", ".pdf", ".parquet"}
#: what an organisation wrote itself: its numbers are its own
OWN_WORDS = "conclusions"
#: how numbers are written in a file that is of no language, such as a data package's
NO_LANGUAGE = "en"
#: decimals that numbers are compared with; published figures have no more than three
DECIMALS_MAX = 3
#: more than any published number without its decimal point
CODE_STEP = 10**10
KEY_STEP = CODE_STEP * (DECIMALS_MAX + 1)


@dataclass(frozen=True)
class Reading:
    """What was read, and found."""

    files_n: int
    organisations_n: int
    numbers_n: int
    findings: list[AuditFinding]


class PublishedNumbers:
    """All numbers that stand in some published tables, as they may be written.

    Parameters
    ----------
    tables : list of DataFrame
    names : dict
        Name of a point, category or dimension, in any language -> its identifiers. A text that begins with such a
        name ("Öppna data: 47,7") may hold only numbers of that key, and of tables that have no keys.
    """

    def __init__(self, tables: list[pd.DataFrame], names: dict[str, set[str]]) -> None:
        self._names = names
        self._keyless = np.zeros(0, np.int64)
        self._by_key: dict[str, np.ndarray] = {}
        starts = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
        self._start = re.compile(rf"\s*({starts})\s*[:,(]", re.IGNORECASE)
        for table in tables:
            column = next((c for c in ("key", "point") if c in table), None)
            key, code = _written(table, column)
            if column is None:
                self._keyless = np.union1d(self._keyless, code)
                continue
            if not len(key):
                continue
            order = np.argsort(key, kind="stable")
            values, first = np.unique(key[order], return_index=True)
            labels = table[column].astype("category").cat.categories
            for value, codes in zip(values, np.split(code[order], first[1:]), strict=True):
                name = str(labels[value])
                self._by_key[name] = np.concatenate([self._by_key.get(name, codes[:0]), codes])
        self._all = np.unique(np.concatenate([self._keyless, *self._by_key.values()]))

    def __or__(self, other: PublishedNumbers) -> PublishedNumbers:
        """Numbers of both."""
        both = PublishedNumbers([], self._names)
        both._keyless = np.union1d(self._keyless, other._keyless)
        empty = both._keyless[:0]
        for key in {*self._by_key, *other._by_key}:
            both._by_key[key] = np.concatenate([self._by_key.get(key, empty), other._by_key.get(key, empty)])
        both._all = np.union1d(self._all, other._all)
        return both

    def hold(self, number: str, text: str = "") -> bool:
        """Tell whether a number ("47.7", no sign) stands in the tables, rounded to as many decimals as it has.

        `text` is where it was found.
        """
        decimals = min(len(number.partition(".")[2]), DECIMALS_MAX)
        code = decimals * CODE_STEP + round(float(number) * 10**decimals)
        named = self._start.match(text)
        if named is None:
            return _has(self._all, code)
        keys = self._names[named[1].casefold()] & set(self._by_key)
        return _has(self._keyless, code) or any((self._by_key[k] == code).any() for k in keys)


def _has(codes: np.ndarray, code: int) -> bool:
    at = int(np.searchsorted(codes, code))
    return at < len(codes) and bool(codes[at] == code)


def _written(table: pd.DataFrame, by: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Every number of a table, rounded to one, two and three decimals, with the code of its row's key.

    A number is coded as decimals · CODE_STEP + itself without its decimal point.
    """
    names = [c for c in table.columns if _is_number(table[c])]
    key = table[by].astype("category").cat.codes.to_numpy(np.int64) if by else np.zeros(len(table), np.int64)
    values = np.abs(np.array([table[c].to_numpy(float, na_value=np.nan) for c in names]).reshape(-1))
    keys = np.tile(key, len(names))
    shares = values <= 1
    values, keys = np.concatenate([values, 100 * values[shares]]), np.concatenate([keys, keys[shares]])
    known = np.isfinite(values) & (keys >= 0) & (values < CODE_STEP / 10**DECIMALS_MAX)
    values, keys = values[known], keys[known]
    each, which = np.unique(values, return_inverse=True)
    # as text is rounded: 0.95 is a little less than it seems, and written 0.9
    written = [np.char.mod(f"%.{d}f", each).astype(float) * 10**d for d in range(1, DECIMALS_MAX + 1)]
    codes = [np.round(w).astype(np.int64)[which] + d * CODE_STEP for d, w in enumerate(written, start=1)]
    # one number a pair: sorting numbers is quick, sorting pairs is not
    pairs = np.unique(np.tile(keys, DECIMALS_MAX) * KEY_STEP + np.concatenate(codes))
    return pairs // KEY_STEP, pairs % KEY_STEP


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _key_names(models: Iterable[Instrument]) -> dict[str, set[str]]:
    """What levels are called in any version of the model -> their ids; a renamed point's earlier one is its own, too."""
    found: dict[str, set[str]] = {}
    for model in models:
        earlier = {new: old for old, new in model.crosswalk.renamed.items()} if model.crosswalk else {}
        parts: list[Dimension | Category | Point] = [*model.dimensions, *model.categories, *model.points]
        for part in parts:
            for name in part.name.values():
                found.setdefault(name.casefold(), set()).update({part.id, earlier.get(part.id, part.id)})
    return found


def audit_reports(
    reports: Path, results: Path, executor: Executor | None = None, exports: Path | None = None
) -> Reading:
    """Audit every file that readers get.

    Parameters
    ----------
    reports : Path
        <period>/<organisation>/<language>/ files; `_consortium` stands for an organisation in what all may read.
    exports : Path, optional
        The same in other formats, in folders of the same shape; what a reader gets of both is pooled. The open data
        package there is held against what all may read; packages of answers are not for readers.
    results : Path
        The published results that the reports were made from.
    executor : Executor, optional
        Reads organisations' files elsewhere.

    Returns
    -------
    Reading
        `findings` is empty where nothing is there that should not be.
    """
    files = _list_files(reports, exports)
    organisations = list_organisations(results)
    reader = _Reader(
        results,
        PublishedNumbers(_tables(results / "public"), _key_names(PublicResults(results).models.values())),
        OrganisationNames.of(results, organisations),
    )
    run = executor.map if executor else map
    done = list(run(reader.read, files, files.values()))
    return Reading(
        sum(r.files_n for r in done),
        len(files),
        sum(r.numbers_n for r in done),
        [f for r in done for f in r.findings],
    )


@dataclass(frozen=True)
class _Reader:
    """Reads all files of one organisation's readers."""

    results: Path
    public: PublishedNumbers
    names: OrganisationNames

    def read(self, organisation: str, files: list[_File]) -> Reading:
        published, findings, files_n, numbers_n = self.public, [], 0, 0
        own = self.results / f"{PREFIX}{organisation}"
        if own.is_dir():
            published = self.public | PublishedNumbers(_tables(own), self.public._names)
        for file in files:
            path = file.path

            def found(what: str, where: str = file.place) -> AuditFinding:
                return AuditFinding(organisation, where.split("/")[0], where, what)

            if path.suffix not in READ:
                findings.append(found("is of a kind that the audit cannot read"))
                continue
            try:
                passages = list(read_passages(path))
            except InputError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a damaged file makes its reader stumble on
                told = f"cannot be read ({type(error).__name__}): make it again"
                findings.append(found(told))
                continue
            language = path.parent.name
            group = formats_of(language if language in usable_languages() else NO_LANGUAGE).group
            numbers = [(n, p) for p in passages for n in p.list_numbers(group=group)]
            differences = list_differences(self.results, file.place)
            may = (
                published | PublishedNumbers([differences], self.public._names)
                if len(differences)
                else published
            )
            unknown = {n: p for n, p in reversed(numbers) if not may.hold(n, p.text)}
            files_n, numbers_n = files_n + 1, numbers_n + len(numbers)
            findings += [
                found(f"{n} in {p.where} is in no table that its reader may see")
                for n, p in reversed(unknown.items())
            ]
            findings += [
                found(f"names {other}, which does not share its name")
                for other in self.names.found_in(passages, organisation)
            ]
            if file.made_by and not are_of_today(self.results, read_made_of(path)):
                findings.append(found(f"was not made from today's results: run {file.made_by} again"))
        return Reading(files_n, 1, numbers_n, findings)


@dataclass(frozen=True)
class _File:
    """A file that readers get, its place below the folder, and the command that makes it where it tells of what."""

    path: Path
    place: str
    made_by: str


def _list_files(reports: Path, exports: Path | None) -> dict[str, list[_File]]:
    """List files by the organisation whose readers get them."""
    kinds = [(reports, {".ipynb", ".html"}, "dimios report")]
    if exports is not None:
        kinds.append((exports, {f".{name}" for name in FORMATS}, "dimios export"))
    found: dict[str, list[_File]] = {}
    for folder, telling, command in kinds:
        for path in sorted(folder.glob("*/*/**/*")):
            place = path.relative_to(folder)
            hidden = any(part.startswith(".") for part in place.parts) or place.parts[0].startswith("_")
            if not path.is_file() or hidden:
                continue
            owner = place.parts[1]
            if folder == exports and place.parts[0] == DATA_PACKAGES:
                if owner != PUBLISHED_PACKAGE:  # answers, for those who have signed for them
                    continue
                owner = EVERYBODY
            file = _File(path, place.as_posix(), command if path.suffix in telling else "")
            found.setdefault(owner, []).append(file)
    return found


def _tables(folder: Path) -> list[pd.DataFrame]:
    """All published tables of a folder; numbers of its JSON files (reference lines) and of own conclusions as one more."""
    named = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    tables = list(named.values())
    numbers = [
        n
        for path in sorted(folder.glob("*.json"))
        if not path.name.startswith("instrument")
        for n in _numbers_in(read_json(path))
    ]
    if OWN_WORDS in named:
        numbers += _numbers_in(named[OWN_WORDS]["text"].tolist())
    return [*tables, pd.DataFrame({"number": pd.Series(numbers, dtype=float)})]


def _numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers_in(item)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, str):
        yield from (float(n.replace(",", ".")) for n in NUMBER.findall(value))
