"""What the audit knows of published files: a list of its own, so that neither schema nor gate vouches for itself.

What is not on it is refused: a file, a column, a kind of value. Whoever publishes something new tells it here, too, and says
which columns carry figures and which only say what a row is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.published.rows import open_alone
from dimios_core.published.schema import load_tables
from dimios_core.published.store import PREFIX, read_json
from dimios_core.results.audit.columns import KnownColumn, read_known
from dimios_core.results.audit.rules import Places, check_rows
from dimios_core.results.audit.sheets import Sheet

#: file -> what a row is about | its figures. `name.1` is a number of one decimal at most, `name.0` a count, `name=word` a word
#: that is `word` in a row that is not published, `name?` yes or no, and a bare name any text. What follows @ is the column that
#: says whether the figure is published, where it is not `status`.
ORGANISATION = {
    "scores": "period unit role level key status dont_know_status | score.1 bound= ci_low.1 ci_high.1 se.1 df.1 n.0 n_points.0 "
    "dont_know_share.3@dont_know_status",
    "changes": "period period_from unit role level key status | change.1 se.1 ci_low.1 ci_high.1 df.1 n.0 n_points.0 "
    "detectable.1 certainty=unknown",
    "gaps": "period group level key status | benchmark.1 gap.1 se.1 df.1 ci_low.1 ci_high.1 detectable.1 certainty=unknown "
    "peers_n.0",
    "regions": "period unit role status | across.1 upwards.1 half_across.1 half_upwards.1 radius_major.1 radius_minor.1 "
    "angle.1 placement=unplaced",
    "response_rates": "period unit role status | invited.0 answered.0 rate.3 band=",
    "trends": "period period_from periods_n.0 unit role level key status | slope.2 se.2 df.1 ci_low.2 ci_high.2 "
    "line=unknown certainty=unknown",
    "contrasts": "period kind unit role other level key status | difference.1 se.1 df.1 ci_low.1 ci_high.1 certainty=unknown "
    "detectable.1 n.0",
    "standardised": "period period_from level key status needed? | mix_shift.3 kept_share.3 change.1 se.1 df.1 ci_low.1 "
    "ci_high.1 plain.1 mix_effect.1 mix_low.1 mix_high.1",
    "sensitivity": "period level key weighting status cells | score.1",
    "small_units": "period unit level key status | own.1 estimate.1 se.1 ci_low.1 ci_high.1 weight.2",
    "quality": "period key measure status points_n.0 | value.2 ci_low.2 ci_high.2 n.0",
    "spread": "period part status | share.2",
    "plans": "period what who when point expected measure_period kind unit progress consent outcome",
    "goals": "level key value.1 year.0",
    "own_findings": "finding period divided whom level key status dont_know_status | score.1 bound= ci_low.1 ci_high.1 n.0 "
    "dont_know_share.3@dont_know_status",
    "conclusions": "period written_by date text",
}
PUBLIC = {
    "peer_groups": "id kind type county size | members_n.0",
    "participation": "period groups | organisations_n.0 shown_n.0",
    "panel_participation": "period groups panels | organisations_n.0 named_n.0",
    "benchmarks": "period group kind level key status | organisations_n.0 mean.1 q1.1 median.1 q3.1",
    "positions": "period type id name | across.1 upwards.1",
    "group_levels": "period group kind level key status frame_n.0 | organisations_n.0 mean.1 se.1 df.1 ci_low.1 ci_high.1 "
    "own_low.1 own_high.1 dont_know_share.3 between_sd.1",
    "group_gaps": "period group kind level key | organisations_n.0 gap.1 ci_low.1 ci_high.1 certainty=unknown",
    "group_changes": "period period_from group kind level key status | organisations_n.0 mean_from.1 mean.1 change.1 se.1 df.1 "
    "ci_low.1 ci_high.1 own_low.1 own_high.1 certainty=unknown plain_from.1 plain.1",
    "distribution": "period group kind level key bin_low.1 bin_high.1 | organisations_n.0",
    "named": "period period_from id name type size county level key | score.1 low.1 high.1 change.1 certainty=unknown",
    "coverage": "period kind value frame_n.0 | organisations_n.0 respondents_n.0 invited_n.0 answered_n.0 rate.3",
    "reliability": "period key measure status points_n.0 | value.2 ci_low.2 ci_high.2 n.0 organisations_n.0",
    "variance_shares": "period part | share.2 ci_low.2 ci_high.2 organisations_n.0",
    "initiatives": "id point kind title what effect start type size county organisation_name contact",
    "shared_plans": "period id name county point kind progress measure_period",
    "evidence": "point status pairs_n.0 organisations_n.0 | difference.1 se.1 df.1 ci_low.1 ci_high.1 certainty=unknown "
    "hc3_difference.1 hc3_low.1 hc3_high.1 rank.0",
    "evidence_kinds": "kind status pairs_n.0 organisations_n.0 | difference.1 se.1 df.1 ci_low.1 ci_high.1 certainty=unknown "
    "hc3_difference.1 hc3_low.1 hc3_high.1 rank.0",
    "findings": "finding period divided whom level key status | organisations_n.0 mean.1 ci_low.1 ci_high.1",
    "model_findings": "finding thing quantity | value.3",
}
#: properties of organisation.json and stamp.json
PROFILE = [
    "id",
    "name",
    "type",
    "county",
    "size",
    "sharing",
    "threshold",
    "periods",
    "units",
    "instrument",
    "demo",
    "weighted",
    "effective_n",
]
STAMP = [
    "results_version",
    "instrument",
    "instrument_version",
    "method_version",
    "tool_version",
    "demo",
    "standing",
    "versions",
]
#: none listed: held against a model of its own when it is read
TEXTS: dict[str, list[str]] = {
    f"{name}.json": [] for name in ("instrument", "advice", "reference", "glossary", "expert_help")
}
#: models of periods that were asked with earlier versions, held against one when they are read, too
EARLIER_MODEL = re.compile(r"instrument-[1-9][0-9]{0,5}\.json")
#: properties of expert_help.json: texts by language, and single texts
HELP_TEXTS, HELP_WORDS = ("name", "about", "link"), ("email", "phone")
#: properties of glossary.json, and of each word in it: texts by language, and nothing else
GLOSSARY = ["terms", "points"]
WORD = ["name", "text", "care", "school", "building", "is_not", "ask"]

UNKNOWN = "is nothing that the audit knows"
TWICE = "is a column that stands twice"
CARRIES = "a row that is not published carries figures"
DECIMALS = (
    "a count that is not whole",
    "more than one decimal",
    "more than two decimals",
    "more than three decimals",
)
#: rows that are told of each fault of a table
ROWS_TOLD = 100
#: sums of floats may be off by this
SLACK = 1e-6

#: period, what it is about, what is wrong
Fault = tuple[str, str, str]


def open_known(results: Path, folder: Path) -> dict[str, pq.ParquetFile]:
    """Open the files of a results folder's public part, or of an organisation's folder, that have names of known tables."""
    tables, _ = _listed(results, folder)
    files = (p for p in sorted(folder.glob("*.parquet")) if p.is_file() and p.stem in tables)
    return {path.stem: open_alone(path) for path in files}


def refuse_unknown(
    results: Path, folder: Path | None = None, opened: Mapping[str, pq.ParquetFile] | None = None
) -> Iterator[Fault]:
    """Tell what lies in a results folder itself, or in one below it, that the audit does not know.

    Parameters
    ----------
    results : Path
    folder : Path, optional
        Its public part, or an organisation's own folder.
    opened : mapping, optional
        What `open_known` found there, for whoever goes on to read it.
    """
    tables, texts = _listed(results, folder)
    if opened is None:
        opened = {} if folder is None else open_known(results, folder)
    for path in sorted((folder or results).iterdir()):
        if folder is None and path.is_dir() and (path.name == "public" or path.name.startswith(PREFIX)):
            continue
        if path.suffix == ".parquet" and path.stem in opened:
            known, schema = read_known(tables[path.stem]), opened[path.stem].schema_arrow
            for field in schema:
                if why := _refuse(field, known.get(field.name)):
                    yield "", f"{path.stem}, {field.name}", why
            yield from (("", f"{path.stem}, {n}", TWICE) for n in known if schema.names.count(n) > 1)
        elif tables is PUBLIC and path.is_file() and EARLIER_MODEL.fullmatch(path.name):
            continue
        elif not path.is_file() or path.name not in texts:
            yield "", path.name, UNKNOWN
        elif path.name == "glossary.json":
            yield from (("", f"{path.name}, {n}", UNKNOWN) for n in _list_unknown_words(read_json(path)))
        elif path.name == "expert_help.json":
            yield from (("", f"{path.name}, {n}", UNKNOWN) for n in _list_unknown_help(read_json(path)))
        elif properties := texts[path.name]:
            yield from (("", f"{path.name}, {n}", UNKNOWN) for n in read_json(path) if n not in properties)


def _list_unknown_words(glossary: dict[str, Any]) -> Iterator[str]:
    """List what stands in the published glossary and is neither a word nor a text of one."""
    yield from (n for n in glossary if n not in GLOSSARY)
    words = {str(w.get("id")): {k: v for k, v in w.items() if k != "id"} for w in glossary.get("terms", [])}
    for name, word in [*words.items(), *glossary.get("points", {}).items()]:
        for part, texts in word.items():
            if part not in WORD or not _holds_texts(texts):
                yield f"{name}, {part}"


def _list_unknown_help(given: dict[str, Any]) -> Iterator[str]:
    """List what stands in the published contact for expert help and is no text of one."""
    for name, value in given.items():
        fits = (name in HELP_TEXTS and _holds_texts(value)) or (name in HELP_WORDS and isinstance(value, str))
        if not fits:
            yield name


def _holds_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def read_known_tables(opened: Mapping[str, pq.ParquetFile]) -> dict[str, pa.Table]:
    """Read the tables of a folder as they lie there; `refuse_unknown` has found nothing in it."""
    return {name: file.read(use_threads=False) for name, file in opened.items()}


def lay_out(tables: Mapping[str, pa.Table]) -> dict[str, Sheet]:
    """Return tables as sheets."""
    return {name: Sheet.of(table) for name, table in tables.items()}


@cache
def list_missing() -> Mapping[str, Sheet]:
    """Return the tables of an organisation that may be missing, without rows."""
    schemas = load_tables()
    return {
        name: Sheet.empty(read_known(line)) for name, line in ORGANISATION.items() if schemas[name].optional
    }


def check_figures(results: Path, folder: Path, sheets: Mapping[str, Sheet] | None = None) -> Iterator[Fault]:
    """Find figures where none may be, and decimals that are too many, in the known tables of a folder."""
    tables, _ = _listed(results, folder)
    for table, sheet in (
        lay_out(read_known_tables(open_known(results, folder))) if sheets is None else sheets
    ).items():
        yield from _check_table(table, sheet, read_known(tables[table]))


def check_places(
    sheets: Mapping[str, Sheet], listed: dict[str, str], keys: Set[tuple[str, str]], places: Places
) -> Iterator[Fault]:
    """Find rows that cannot be, in known tables: see `rules`.

    Parameters
    ----------
    sheets : mapping
        Tables as they lie in their files.
    listed : dict
        ORGANISATION or PUBLIC.
    keys : set of (level, key)
        Levels of the instrument.
    places : mapping
        What else a row may be about: column -> its texts.
    """
    for table, sheet in sheets.items():
        known = read_known(listed[table])
        for what, wrong in check_rows(table, sheet, known, keys, places):
            yield from _tell(table, sheet, wrong, known, what)


def stumbles(faults: list[Fault]) -> bool:
    """Tell whether a table holds what cannot be: nothing is worked out from it then."""
    return any(what not in (CARRIES, *DECIMALS[1:]) for _, _, what in faults)


def _listed(results: Path, folder: Path | None) -> tuple[dict[str, str], dict[str, list[str]]]:
    if folder is None:
        return {}, {"stamp.json": STAMP}
    return (PUBLIC, TEXTS) if folder == results / "public" else (ORGANISATION, {"organisation.json": PROFILE})


def _check_table(table: str, sheet: Sheet, known: Mapping[str, KnownColumn]) -> Iterator[Fault]:
    if not len(sheet):
        return
    hidden = {n: ~sheet.are(n, "published") for n in {c.under for c in known.values()} if n in sheet}
    nowhere = np.zeros(len(sheet), bool)
    faults = {what: nowhere.copy() for what in (CARRIES, *DECIMALS)}
    for name in known.keys() & sheet.columns.keys():  # `refuse_unknown` tells of others
        column = known[name]
        if column.kind == "number":
            number = sheet.number(name)
            scaled = number * 10**column.decimals
            with np.errstate(invalid="ignore"):
                faults[DECIMALS[column.decimals]] |= np.abs(scaled - np.round(scaled)) > SLACK
            if column.figure:
                faults[CARRIES] |= hidden.get(column.under, nowhere) & ~np.isnan(number)
        elif column.figure:
            carried = ~sheet.are(name, None, column.withheld)
            faults[CARRIES] |= hidden.get(column.under, nowhere) & carried
    for what, where in faults.items():
        yield from _tell(table, sheet, where, known, what)


def _refuse(field: pa.Field, column: KnownColumn | None) -> str:
    """Say why a column of a file is refused; "" where it is not."""
    if column is None:
        return "is no column that the audit knows"
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    held = {
        "text": pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind),
        "number": pa.types.is_floating(kind) or pa.types.is_integer(kind),
        "truth": pa.types.is_boolean(kind),
    }
    return "" if held[column.kind] else f"holds {field.type}, which the audit does not know there"


def _tell(
    table: str, sheet: Sheet, wrong: np.ndarray, known: Mapping[str, KnownColumn], what: str
) -> Iterator[Fault]:
    about = [n for n, c in known.items() if n in sheet and not c.figure and n not in ("period", "status")]
    for period, row in sheet.told(wrong, about, ROWS_TOLD):
        yield period, " ".join([table, *(str(v) for v in row if v not in (None, ""))]), what
