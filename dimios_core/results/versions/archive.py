"""All versions of what was published of an organisation and period, as the ledger keeps them (method 5).

ledger/versions/period=<p>/<organisation>/shown-<n>.parquet   what was shown: a row a group, a byte of status a column
ledger/versions/period=<p>/<organisation>/<digest>.parquet    answers that others have replaced since
ledger/versions/kin.json                                      organisations found to be the same under other names
ledger/versions/statements.json                               item -> its statement, of every model used

What was shown is stored as it was, not worked out again: programs and methods change.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.responses.register import Register
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.stored import list_trees
from dimios_core.results.versions.people import BASES

FOLDER = "versions"
KIN, STATEMENTS = "kin.json", "statements.json"
_METADATA = b"dimios-version"
#: period and organisation
Name = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """The unit tree and the threshold that an organisation's answers are laid out with."""

    parent: Mapping[str, str]
    threshold: int

    @classmethod
    def all_of(cls, register: Register, organisations: Collection[str]) -> dict[str, Rule]:
        """Take those of organisations from the register."""
        thresholds = dict(zip(register.organisations["id"], register.organisations["threshold"], strict=True))
        trees = list_trees(register, organisations)
        return {name: cls(tree.parent, int(thresholds[name])) for name, tree in trees.items()}


@dataclass(frozen=True)
class Shown:
    """What one version showed, and by which rule.

    Attributes
    ----------
    answers : str
        Digest of the stored answers.
    correction : int
        0 for the first answers published of the period, 1 for the first correction of them, …
    rule : Rule
    method : int
        Version of the method.
    items : dict
        Column -> its items.
    groups : list of (unit, role)
    status : dict
        Base -> int array (groups, columns) of `dimios_core.published.status.Status`.
    """

    answers: str
    correction: int
    rule: Rule
    method: int
    items: Mapping[str, list[str]]
    groups: list[tuple[str, str]]
    status: Mapping[str, np.ndarray]

    def is_by(self, answers: str, rule: Rule, method: int, items: Mapping[str, list[str]]) -> bool:
        """Whether these answers were shown by this very rule."""
        return (self.answers, self.rule, self.method) == (answers, rule, method) and self.items == items


def digest_of(path: Path) -> str:
    """Name a file's content."""
    return sha256(path.read_bytes()).hexdigest()[:20]


class Archive:
    """The versions in one ledger.

    Parameters
    ----------
    ledger : Path
        May lack all of it: then nothing was published.
    """

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger
        self.folder = ledger / FOLDER
        self.store = ResponseStore(ledger)

    def shown(self, period: str, organisation: str) -> list[Shown]:
        """What was shown of an organisation and period, oldest first."""
        paths = self._of(period, organisation).glob("shown-*.parquet")
        return [_read(p) for p in sorted(paths, key=lambda p: int(p.stem.removeprefix("shown-")))]

    def holds(self, period: str, organisation: str) -> bool:
        """Whether anything was shown."""
        return (self._of(period, organisation) / "shown-1.parquet").exists()

    def is_answered_as(self, period: str, organisation: str, method: int) -> bool:
        """Whether the answers that lie in the ledger were shown by a version of the method."""
        digest = self.digest(period, organisation)
        return any((s.answers, s.method) == (digest, method) for s in self.shown(period, organisation))

    def knows(self, period: str, organisation: str, shown: Shown) -> bool:
        """Whether these answers were shown by the same rule before."""
        by = shown.answers, shown.rule, shown.method, shown.items
        return any(one.is_by(*by) for one in self.shown(period, organisation))

    def names(self) -> list[Name]:
        """Every period and organisation of which something was shown."""
        found = (p.parent for p in self.folder.glob("period=*/*/shown-1.parquet"))
        return sorted((f.parent.name.removeprefix("period="), f.name) for f in found)

    def answers(self, period: str, organisation: str, digest: str) -> tuple[pa.Table, dict[str, str]]:
        """Answers of a version, and its strata to merge."""
        kept = self._of(period, organisation) / f"{digest}.parquet"
        if not kept.exists():
            return self.store.read(period, organisation), self.store.provenance(
                period, organisation
            ).strata_merge
        table = pq.read_table(kept, partitioning=None, use_threads=False)
        return table, dict(json.loads(table.schema.metadata[b"dimios"])["strata_merge"])

    def digest(self, period: str, organisation: str) -> str:
        """Digest of the answers that lie in the ledger."""
        return digest_of(self.store.folder / self.store.file_name(period, organisation))

    def keep_answers(self, period: str, organisation: str) -> None:
        """Put the answers that lie in the ledger aside, as others take their place."""
        path = self.store.folder / self.store.file_name(period, organisation)
        folder = self._of(period, organisation)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / f"{self.digest(period, organisation)}.parquet")

    def add(self, period: str, organisation: str, shown: Shown) -> None:
        """Store what is shown of one more version."""
        folder = self._of(period, organisation)
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + len(list(folder.glob("shown-*.parquet")))
        units, roles = zip(*shown.groups, strict=True)
        arrays = {"unit": pa.array(units), "role": pa.array(roles)}
        for base in BASES:
            rows = [row.tobytes() for row in shown.status[base].astype(np.uint8)]
            arrays[base] = pa.array(rows, pa.binary(len(shown.items)))
        about = {
            "answers": shown.answers, "correction": shown.correction, "parent": shown.rule.parent,
            "threshold": shown.rule.threshold, "method": shown.method, "items": shown.items,
        }  # fmt: skip
        table = pa.table(arrays).replace_schema_metadata({_METADATA: json.dumps(about)})
        pq.write_table(table, folder / f"shown-{number}.parquet", compression="zstd")

    def kin(self, period: str, organisation: str) -> list[Name]:
        """Other periods and organisations under whose names the same answers were published, without these."""
        found, looked = {(period, organisation)}, set[Name]()
        while todo := found - looked:
            looked |= todo
            found |= {name for pair in self._kin if todo & set(pair) for name in pair}
        return sorted(found - {(period, organisation)})

    def add_kin(self, one: Name, other: Name) -> None:
        """Note that two names, each period and organisation, stand for the same answers."""
        self._kin.append((one, other))
        self._write(KIN, self._kin)

    @cached_property
    def _kin(self) -> list[tuple[Name, ...]]:
        return [tuple((p, o) for p, o in pair) for pair in self._load(KIN, [])]

    @cached_property
    def statements(self) -> dict[str, str]:
        """Item -> its statement in every model used."""
        return self._load(STATEMENTS, {})

    def add_statements(self, columns: Columns) -> None:
        """Note what the items of a model say."""
        language = columns.instrument.languages[0]
        own = {i: item.statement[language] for i, item in columns.instrument.items.items()}
        if self.statements | own != self.statements:
            self.statements.update(own)
            self._write(STATEMENTS, self.statements)

    def _load(self, name: str, otherwise: Any) -> Any:
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise

    def _write(self, name: str, content: object) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")

    def _of(self, period: str, organisation: str) -> Path:
        return self.folder / f"period={period}" / organisation


def _read(path: Path) -> Shown:
    table = pq.read_table(path, partitioning=None, use_threads=False)
    about = json.loads(table.schema.metadata[_METADATA])
    status = {
        base: np.array([list(row) for row in table[base].to_pylist()], int).reshape(len(table), -1)
        for base in BASES
    }
    groups = list(zip(table["unit"].to_pylist(), table["role"].to_pylist(), strict=True))
    rule = Rule(about["parent"], about["threshold"])
    return Shown(about["answers"], about["correction"], rule, about["method"], about["items"], groups, status)
