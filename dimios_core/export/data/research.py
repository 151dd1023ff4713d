"""The research package: answers under new pseudonyms, coarsened until nobody is alone, for one purpose.

It holds personal data still: who may have it, and for what, is a matter of the data-use statement.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dimios_core import __version__
from dimios_core.errors import InputError, Problem
from dimios_core.export.data.behind import PERSON, keep_told
from dimios_core.export.data.coarsening import (
    STEPS,
    SUPPRESSED,
    K,
    coarsen_organisations,
    coarsen_records,
    report_coarsening,
    round_count,
)
from dimios_core.export.data.describing import choose_languages, gather_codes
from dimios_core.export.data.drawing import CELL, DRAWN, OF, break_links, draw_part, find_large
from dimios_core.export.data.model_tables import tabulate_codes, tabulate_items, tabulate_model
from dimios_core.export.data.package import Package, shape
from dimios_core.export.data.readme import fill
from dimios_core.export.data.stamping import describe_origin, label_title
from dimios_core.instrument import Instrument
from dimios_core.places import LEDGER, RELEASES
from dimios_core.published.store import load_public
from dimios_core.responses.store import ResponseStore

NAME = "dimios-research"
#: a purpose that says anything is longer
PURPOSE_MIN = 20
PSEUDONYM_BYTES = 8
REPORT = "coarsening.json"


@dataclass(frozen=True)
class Pseudonyms:
    """New pseudonyms: those of another purpose, of other answers, or of another version of the tool are others.

    The key of the hash follows from the mark of the store's key, which is as restricted as the answers.
    """

    key: bytes

    @classmethod
    def of(cls, key_mark: str, purpose: str, answers: str) -> Pseudonyms:
        """Derive the key for a purpose and a digest of the answers."""
        text = "\0".join((purpose, answers, __version__))
        return cls(
            hashlib.blake2b(text.encode(), key=bytes.fromhex(key_mark), person=b"dimios research").digest()
        )

    def draw(self, letter: str, *parts: object) -> str:
        """Return a pseudonym: a letter, so that no spreadsheet takes it for a number, and sixteen digits."""
        text = "\0".join((letter, *map(str, parts))).encode()
        return letter + hashlib.blake2b(text, key=self.key, digest_size=PSEUDONYM_BYTES).hexdigest()


def normalise_purpose(given: str) -> str:
    """Return a purpose with single spaces: the same words are the same purpose."""
    return " ".join(given.split())


def check_purpose(purpose: str) -> list[Problem]:
    """Tell whether a purpose says too little."""
    if len(purpose) >= PURPOSE_MIN:
        return []
    remedy = f"say in at least {PURPOSE_MIN} characters what the data are for; it stands in the package"
    return [Problem("--purpose", "the purpose is missing or too short", remedy)]


def folder_name(purpose: str) -> str:
    """Return the name of the folder of a purpose's package."""
    return f"research-{hashlib.sha256(purpose.encode()).hexdigest()[:8]}"


def build_research(outputs: Path, purpose: str) -> Package:
    """Build the package of answers for a purpose.

    Answers are those behind the published results (the ledger's), not later ones: two packages cannot tell by their
    difference what a late respondent answered.

    Parameters
    ----------
    outputs : Path
    purpose : str
        As `normalise_purpose` returns it.

    Raises
    ------
    InputError
        The purpose says too little, nothing has been published yet, or answers are damaged.
    """
    if problems := check_purpose(purpose):
        raise InputError(problems)
    public = load_public(outputs / "results")
    model, store = public.instrument, ResponseStore(outputs / LEDGER)
    mark = ResponseStore(outputs).key_mark()
    if not store.periods() or mark is None:
        what = "there are no answers behind published results" if mark else "the mark of its key is missing"
        raise InputError(Problem(str(store.folder), what, "run dimios ingest and dimios score"))
    pseudonyms = Pseudonyms.of(mark, purpose, _digest(store.folder))
    about_organisations = store.register().organisations
    # a package describes one model: answers of an earlier version are in none of its tables
    periods = [p for p in store.periods() if public.version_of(p) == model.version]
    answers = _read_answers(store, periods)
    answers = answers[answers["item"].isin(model.item_ids)]
    corrected = list_corrected(outputs / LEDGER / RELEASES)
    records = _draw_records(_list_records(answers, store, corrected), mark)
    given = keep_told(answers, records, outputs / "results", model)
    told = coarsen_records(_list_known(records, given, about_organisations))
    told["respondent"] = [
        pseudonyms.draw("r", o, p, "" if linked else period)
        for o, p, period, linked in told[["organisation_id", "person", "period", "linked"]].itertuples(
            index=False
        )
    ]
    kept = told[told["step"] != SUPPRESSED]
    present = about_organisations[about_organisations["id"].isin(kept["organisation"])]
    organisations = coarsen_organisations(present)
    new = {o: pseudonyms.draw("o", o) for o in organisations["id"]} | {"": ""}
    languages = choose_languages(model)
    tables = {"model": tabulate_model(model, languages), "items": tabulate_items(model, languages)}
    tables |= _tabulate(kept, organisations, new, given, model)
    codes = gather_codes(tables, model, languages)
    tables |= {"codes": tabulate_codes(codes, languages)}
    about = {
        **label_title(model, "research", public.stamp, languages),
        **describe_origin(public.stamp, periods),
        "purpose": purpose,
        "licenses": [{"path": "README.md", "title": "No open licence: the data-use statement in README.md"}],
    }
    report = report_coarsening(told, organisations) | report_drawing(
        answers, kept, tables["answers"].num_rows
    )
    readme = fill(
        "research", about, tables, languages, report=report, steps=[s.id for s in STEPS], drawn=DRAWN, of=OF
    )
    texts = {"README.md": readme, REPORT: json.dumps(report, ensure_ascii=False, indent=1) + "\n"}
    return Package(NAME, about, tables, codes, texts, languages)


def list_corrected(releases: Path) -> set[tuple[str, str]]:
    """List the organisations and periods whose answers the ledger has released in more than one version."""
    lines = releases.read_text(encoding="utf-8").splitlines() if releases.exists() else []
    times = Counter(name for line in lines for name in json.loads(line)["new_versions"])
    return {(o, p) for o, _, p in (name.rpartition(" ") for name, n in times.items() if n > 1)}


def report_drawing(answers: pd.DataFrame, kept: pd.DataFrame, told_n: int) -> dict[str, object]:
    """Return in rounded counts how many records and answers of the store are in the package, and how many are not."""
    records_n = len(answers.drop_duplicates(PERSON))
    return {
        "drawn": {"records": round_count(len(kept)), "answers": round_count(told_n)},
        "not_drawn": {
            "records": round_count(records_n - len(kept)),
            "answers": round_count(len(answers) - told_n),
        },
    }


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.parquet")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read_answers(store: ResponseStore, periods: Sequence[str]) -> pd.DataFrame:
    """All answers of some periods: organisation, period, person, unit, role, item, answer, answer_kind. Times and weights stay behind."""
    columns = ["unit", "role", "respondent", "item", "answer", "answer_kind"]
    parts = []
    for period in periods:
        for organisation in store.organisations(period):
            table = store.read(period, organisation, columns)
            plain = {
                name: pc.cast(column, pa.string()) if pa.types.is_dictionary(column.type) else column
                for name, column in zip(table.column_names, table.columns, strict=True)
            }
            parts.append(pa.table(plain).to_pandas().assign(organisation=organisation, period=period))
    return pd.concat(parts, ignore_index=True).rename(columns={"respondent": "person"})


def _list_records(
    answers: pd.DataFrame, store: ResponseStore, corrected: set[tuple[str, str]]
) -> pd.DataFrame:
    """A row a person and period: `CELL`, person, unit_level, and alike: how many people must be alike where she is.

    Periods whose answers were published in more than one version are left out: the other versions' figures rest on
    other people.
    """
    register = store.register()
    units = register.units
    below = set(units.loc[units["parent"] != "", ["organisation", "unit"]].itertuples(index=False, name=None))
    threshold = register.organisations.set_index("id")["threshold"]
    records = answers.drop_duplicates(PERSON)[[*CELL, "person"]]
    once = [where not in corrected for where in zip(records["organisation"], records["period"], strict=True)]
    records = records[once].reset_index(drop=True)
    places = zip(records["organisation"], records["unit"], strict=True)
    return records.assign(
        unit_level=["below" if place in below else "top" for place in places],
        alike=records["organisation"].map(threshold).fillna(K).clip(lower=K).astype(int),
    )


def _draw_records(records: pd.DataFrame, key_mark: str) -> pd.DataFrame:
    """Keep the people of large enough cells, with drawn (bool) and linked (bool). Lots follow from the store's key alone."""
    key = bytes.fromhex(key_mark)
    large = records[find_large(records)].reset_index(drop=True)
    people = zip(large["organisation"], large["person"], strict=True)
    lots = [
        hashlib.blake2b(f"{o}\0{p}".encode(), key=key, person=b"dimios lots", digest_size=8).hexdigest()
        for o, p in people
    ]
    return large.assign(drawn=draw_part(large.assign(lot=lots)), linked=break_links(large))


def _list_known(records: pd.DataFrame, given: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """List the records of a package, with what it may tell of each; `organisation_id` stays as it is.

    Whoever asked for more than K answers behind a figure is not told apart: figures of fewer could be computed.
    """
    cautious = about.loc[about["threshold"] > K, "id"]
    held = records.merge(given[PERSON].drop_duplicates(), on=PERSON)
    shown = held["organisation"].mask(held["organisation"].isin(cautious), "")
    return held.assign(organisation_id=held["organisation"], organisation=shown)


def _tabulate(
    kept: pd.DataFrame,
    organisations: pd.DataFrame,
    new: dict[str, str],
    answers: pd.DataFrame,
    model: Instrument,
) -> dict[str, pa.Table]:
    """Tables in the order of their pseudonyms, which tells nothing of the order they were stored in."""
    who = organisations.assign(organisation=organisations["id"].map(new)).sort_values("organisation")
    people = kept.assign(organisation=kept["organisation"].map(new)).sort_values(["respondent", "period"])
    order = {item: n for n, item in enumerate(model.item_ids)}
    key = ["organisation_id", "period", "person"]
    given = answers.rename(columns={"organisation": "organisation_id"}).merge(
        people[[*key, "respondent"]], on=key
    )
    given = given.assign(place=given["item"].map(order)).sort_values(["respondent", "period", "place"])
    frames: dict[str, Any] = {"organisations": who, "respondents": people, "answers": given}
    return {name: shape(name, frame, ()) for name, frame in frames.items()}
