"""Findings of the workbench in the ledger: what was let out, of whom, who made it and who signed it.

ledger/findings/<name>/<n>/about.json        what it is called, who made, signed and withdrew it, when and why
ledger/findings/<name>/<n>/table.parquet     its figures as they are, or would be, published
ledger/findings/<name>/<n>/told.parquet      of whom its figures tell: pseudonyms by period, organisation and group

What was told once is known: a finding that was withdrawn, or replaced by another of its name, counts on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.replacing import PRIVATE_FOLDER, write_whole
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Block, UnitTree
from dimios_core.results.scoring.matrix import build_respondents
from dimios_core.results.scoring.stored import rename_items
from dimios_core.results.versions.archive import Archive
from dimios_core.results.versions.other_models import find_sharing, translate_items
from dimios_core.results.versions.people import BASES
from dimios_core.results.versions.releases import Version

FOLDER = "findings"
ABOUT, TABLE, TOLD = "about.json", "table.parquet", "told.parquet"
DIGITS_N = 12
_METADATA = b"dimios-told"


@dataclass(frozen=True)
class Told:
    """What a finding tells of one organisation and period: figures of groups of its own.

    Attributes
    ----------
    period, organisation : str
    answers : str
        Digest of the answers.
    groups : list of str
    people : list of uint64 array
        Pseudonyms of each group.
    shown : bool array (groups, columns)
        Whose answers to which column are told of.
    items : dict
        Column -> its items.
    """

    period: str
    organisation: str
    answers: str
    groups: list[str]
    people: list[np.ndarray]
    shown: np.ndarray
    items: Mapping[str, list[str]]


@dataclass(frozen=True)
class Note:
    """Who did something, when (UTC) and why."""

    by: str
    at: str
    why: str


@dataclass(frozen=True)
class Finding:
    """A finding, as the ledger has it.

    Attributes
    ----------
    name, number, title : str, int, str
        `number` counts the findings of one name; the last one that is out takes the place of the others.
    kind : {"groups", "model"}
        Figures of groups are let out by rule, models by a second person.
    organisation : str
        Whose it is; "" of all.
    call : str
        What it was made by, in words.
    made : Note
    table : DataFrame
        As it is published, in its table of `dimios_core.published`.
    told : list of Told
        Empty of models.
    signed, withdrawn : Note or None
    """

    name: str
    number: int
    title: str
    kind: Literal["groups", "model"]
    organisation: str
    call: str
    made: Note
    table: pd.DataFrame
    told: Sequence[Told] = ()
    signed: Note | None = None
    withdrawn: Note | None = None

    @cached_property
    def digits(self) -> str:
        """Twelve digits of a hash of its figures and words: a signature is for these, and for no others."""
        said = [self.name, self.title, self.kind, self.organisation, self.call, self.made.by]
        held = json.dumps([*said, self.table.astype(object).to_csv(index=False)])
        return sha256(held.encode()).hexdigest()[:DIGITS_N]

    @property
    def is_out(self) -> bool:
        """Whether it was ever let out."""
        return self.kind == "groups" or self.signed is not None

    @property
    def state(self) -> str:
        """Return "published", "waiting" for a second person, or "withdrawn"."""
        if self.withdrawn is not None:
            return "withdrawn"
        return "published" if self.is_out else "waiting"


class Findings:
    """The findings in one ledger.

    Parameters
    ----------
    ledger : Path
        May lack all of it.
    """

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger
        self.folder = ledger / FOLDER

    def all(self) -> list[Finding]:
        """Every finding, by name and number."""
        paths = self.folder.glob(f"*/*/{ABOUT}")
        return [_read(p.parent) for p in sorted(paths, key=lambda p: (p.parts[-3], int(p.parts[-2])))]

    def published(self, changed: Finding | None = None) -> list[Finding]:
        """Those that readers see: of each name the last that was let out, unless it was withdrawn.

        Parameters
        ----------
        changed : Finding, optional
            One that is new, or in the place of the one with its name and number.
        """
        there = {(f.name, f.number): f for f in [*self.all(), *([changed] if changed else [])]}
        last = {f.name: f for _, f in sorted(there.items()) if f.is_out}
        return [finding for finding in last.values() if finding.state == "published"]

    def next_number(self, name: str) -> int:
        """Return the number of the next finding of a name."""
        return 1 + max((f.number for f in self.all() if f.name == name), default=0)

    def add(self, finding: Finding) -> None:
        """Store a finding; it is there once `about.json` is."""
        folder = self._of(finding)
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        write_whole(folder / TABLE, _as_parquet(finding.table), private=True)
        write_whole(folder / TOLD, _as_bytes(_tabulate(finding.told)), private=True)
        self.note(finding)

    def note(self, finding: Finding) -> None:
        """Store what is said of a finding: who made, signed or withdrew it."""
        about = asdict(replace(finding, table=pd.DataFrame(), told=()))
        del about["table"], about["told"]
        text = json.dumps(about | {"digits": finding.digits}, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(self._of(finding) / ABOUT, text + "\n", private=True)

    def recall(self, period: str, organisation: str, columns: Columns) -> list[Version]:
        """Build what findings have told of an organisation and period, whatever its name then, as versions with groups of their own."""
        archive = Archive(self.ledger)
        names = {*archive.kin(period, organisation), (period, organisation)}
        return [
            _lay_out(told, finding, archive, columns)
            for finding in self.all()
            if finding.is_out
            for told in finding.told
            if (told.period, told.organisation) in names
        ]

    def _of(self, finding: Finding) -> Path:
        return self.folder / finding.name / str(finding.number)


def lay_out_groups(
    period: str, organisation: str, threshold: int, groups: Sequence[str], inside: np.ndarray
) -> Block:
    """Lay out groups that are no units or roles; `inside` is a bool array (groups, respondents)."""
    rows, atom_of = np.unique(inside, axis=1, return_inverse=True)
    named = [(str(a), "") for a in range(rows.shape[1])]
    every = ["*"] * len(groups)
    depth = np.ones(len(groups), int)
    return Block(period, organisation, threshold, list(groups), every, named, rows, atom_of.ravel(), depth)


def _lay_out(told: Told, finding: Finding, archive: Archive, columns: Columns) -> Version:
    name = told.period, told.organisation
    threshold = max(shown.rule.threshold for shown in archive.shown(*name))
    renamed = translate_items(archive.statements, columns)
    table, strata_merge = archive.answers(*name, told.answers)
    respondents = build_respondents(rename_items(table, renamed), columns, 0, strata_merge, threshold)
    inside = np.array([np.isin(respondents.person, people) for people in told.people])
    labels = [f"{finding.name} {finding.number}: {group}" for group in told.groups]
    shown = np.zeros((len(labels), columns.columns_n), bool)
    for j, sharing in enumerate(find_sharing(told.items, renamed, columns)):
        shown[:, j] = told.shown[:, sharing].any(axis=1)
    block = lay_out_groups(*name, threshold, labels, inside)
    return Version(told.answers, respondents, UnitTree({}), block, dict.fromkeys(BASES, shown))


def _tabulate(told: Sequence[Told]) -> pa.Table:
    rows = [
        (t.period, t.organisation, t.answers, group, people.tolist(), shown.astype(np.uint8).tobytes())
        for t in told
        for group, people, shown in zip(t.groups, t.people, t.shown, strict=True)
    ]
    types = {"people": pa.list_(pa.uint64()), "shown": pa.binary()}
    names = ("period", "organisation", "answers", "group", "people", "shown")
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    table = pa.table([list(c) for c in zip(*rows, strict=True)] or [[] for _ in names], schema=schema)
    items = dict(told[0].items) if told else {}
    return table.replace_schema_metadata({_METADATA: json.dumps(items)})


def _read(folder: Path) -> Finding:
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    del about["digits"]
    for name in ("made", "signed", "withdrawn"):
        about[name] = Note(**about[name]) if about[name] else None
    table = pq.read_table(folder / TABLE, partitioning=None, use_threads=False).to_pandas()
    return Finding(**about, table=table, told=_read_told(folder / TOLD))


def _read_told(path: Path) -> list[Told]:
    table = pq.read_table(path, partitioning=None, use_threads=False)
    items = json.loads(table.schema.metadata[_METADATA])
    parts: dict[tuple[str, str, str], list[dict]] = {}
    for row in table.to_pylist():
        parts.setdefault((row["period"], row["organisation"], row["answers"]), []).append(row)
    return [
        Told(
            *name,
            [r["group"] for r in rows],
            [np.array(r["people"], np.uint64) for r in rows],
            np.array([list(r["shown"]) for r in rows], bool),
            items,
        )
        for name, rows in parts.items()
    ]


def _as_parquet(frame: pd.DataFrame) -> bytes:
    return _as_bytes(pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None))


def _as_bytes(table: pa.Table) -> bytes:
    file = BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()
