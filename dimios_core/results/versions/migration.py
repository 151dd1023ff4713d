"""A ledger of method version 2 becomes one that knows what was shown (method 5).

It held the answers that were published last, and no pattern. What was shown of them is read from the results that they
were published with; where these are gone, it is worked out once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from dimios_core.instrument import Instrument
from dimios_core.published.status import Status
from dimios_core.published.store import PREFIX
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.versions.archive import Archive, Name, Rule, Shown, items_of
from dimios_core.results.versions.patterns import propose
from dimios_core.results.versions.people import BASES

#: the method that such ledgers were written by
METHOD_BEFORE = 2


def migrate(archive: Archive, results: Path, columns: Columns) -> None:
    """Note what was shown of everything in a ledger that does not know it; nothing where it does.

    Parameters
    ----------
    archive : Archive
        Of the staged ledger.
    results : Path
        As published together with it; may be missing.
    columns : Columns
        Today's, for results that do not tell their model.
    """
    if archive.folder.exists():
        return
    then = _columns_of(results) or columns
    archive.add_statements(then)
    register = archive.store.register()
    for period in archive.store.periods():
        for organisation in archive.store.organisations(period):
            name, rule = (period, organisation), Rule.of(register, organisation)
            shown = _read_shown(archive, name, rule, results, then) or _work_out(archive, name, rule, then)
            archive.add(period, organisation, shown)


def _columns_of(results: Path) -> Columns | None:
    path = results / "public" / "instrument.json"
    if not path.exists():
        return None
    return Columns(Instrument.model_validate_json(path.read_text(encoding="utf-8")))


def _read_shown(archive: Archive, name: Name, rule: Rule, results: Path, columns: Columns) -> Shown | None:
    """What published scores show; None where there are none, or of other columns."""
    period, organisation = name
    path = results / f"{PREFIX}{organisation}" / "scores.parquet"
    if not path.exists():
        return None
    names = ["period", "unit", "role", "level", "key", "status"]
    frame = pq.read_table(path, columns=names, partitioning=None, use_threads=False).to_pandas()
    own = frame[(frame["period"] == period) & frame["level"].isin(["point", "item"])].astype(str)
    items = items_of(columns)
    if own.empty or list(dict.fromkeys(own["key"])) != list(items):
        return None
    groups = list(dict.fromkeys(zip(own["unit"], own["role"], strict=True)))
    code = {s.label: int(s) for s in Status}
    status = np.array([code[word] for word in own["status"]], int).reshape(len(groups), len(items))
    return Shown(archive.digest(*name), 0, rule, METHOD_BEFORE, items, groups, dict.fromkeys(BASES, status))


def _work_out(archive: Archive, name: Name, rule: Rule, columns: Columns) -> Shown:
    digest = archive.digest(*name)
    proposed = propose(digest, *archive.answers(*name, digest), rule, columns)
    assert proposed is not None  # it was published under this tree
    version, status = proposed
    return Shown(digest, 0, rule, METHOD_BEFORE, items_of(columns), version.groups, status)
