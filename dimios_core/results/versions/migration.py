"""A ledger of method version 2 becomes one that knows what was shown (method 5).

It held the answers that were published last, and no pattern. What was shown of them is read from the results that they
were published with; where these are gone, it is worked out once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from dimios_core.instrument import Instrument
from dimios_core.published.status import Status
from dimios_core.published.store import PREFIX
from dimios_core.responses.store import ResponseStore
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import list_peer_groups
from dimios_core.results.consortium.wholes import Whole, choose_means
from dimios_core.results.scoring.columns import Columns, items_of
from dimios_core.results.versions.archive import Archive, Name, Rule, Shown
from dimios_core.results.versions.patterns import propose
from dimios_core.results.versions.peers import (
    ANONYMOUS,
    ATTRIBUTES,
    NAMED,
    PeerVersion,
    unpack_wholes,
    write_version,
)
from dimios_core.results.versions.peers import FOLDER as PEERS
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
        organisations = archive.store.organisations(period)
        rules = Rule.all_of(register, organisations)
        for organisation in organisations:
            name, rule = (period, organisation), rules[organisation]
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
    return Shown(digest, 0, rule, METHOD_BEFORE, items_of(columns), version.block.groups, status)


def migrate_peers(ledger: Path, results: Path, columns: Columns) -> None:
    """Turn the organisations' results behind each period's benchmarks into its first version; nothing where they are.

    Which means were published, and who was a dot, is read from the results; every dot without a name counts as that of
    each organisation of its type that it could be. Where the results are gone, all that may have been shown were.
    """
    paths = sorted((ledger / PEERS).glob("period=*.parquet"))
    if not paths:
        return
    then = _columns_of(results) or columns
    sharing = ResponseStore(ledger).register().organisations.set_index("id")["sharing"]
    for path in paths:
        frame, period = pd.read_parquet(path), path.stem.removeprefix("period=")
        path.unlink()
        wholes = unpack_wholes(frame, period)
        attributes = frame.set_index("organisation")[ATTRIBUTES].rename_axis("id")
        inside = np.array([wholes[o].complete for o in attributes.index], bool)
        groups = list_peer_groups(attributes)
        rows = np.array([m & inside for _, m in groups])
        told = _read_groups(results, period)
        if told is None:
            kept = choose_means(rows, groups, inside, Before.nothing(len(inside)))
        else:
            kept = np.array([g.id in told for g, _ in groups])
        means = {
            g.id: frozenset(attributes.index[row])
            for (g, _), row, k in zip(groups, rows, kept, strict=True)
            if k
        }
        shown = _find_shown(results, period, wholes, attributes, sharing, then)
        version = PeerVersion(then.level_rows, METHOD_BEFORE, wholes, attributes, shown, means)
        write_version(ledger, period, version)


def _read_groups(results: Path, period: str) -> set[str] | None:
    """Groups whose means were published; None where the results are gone."""
    path = results / "public" / "benchmarks.parquet"
    if not path.exists():
        return None
    frame = pd.read_parquet(path, columns=["period", "group", "status"]).astype(str)
    shown = frame[(frame["period"] == period) & (frame["status"] == Status.PUBLISHED.label)]
    return set(shown["group"])


def _find_shown(
    results: Path, period: str, wholes: dict[str, Whole], attributes: pd.DataFrame, sharing: pd.Series, columns: Columns
) -> dict[str, str]:  # fmt: skip
    """Organisation -> how it was shown, as far as published dots tell."""
    open_ones = {
        o: str(sharing[o]) for o in wholes if o in sharing.index and sharing[o] in (NAMED, ANONYMOUS)
    }
    plane, path = columns.instrument.quadrants, results / "public" / "positions.parquet"
    if plane is None:
        return {}
    if not path.exists():
        return {o: how for o, how in open_ones.items() if wholes[o].complete}
    dots = pd.read_parquet(path)
    dots = dots[dots["period"] == period]
    shown = {o: NAMED for o in dots["id"].astype(str) if o in wholes}
    at = [columns.level_rows.index(("dimension", d)) for d in (plane.across, plane.upwards)]
    unnamed = {
        (str(d.type), round(float(d.across), 1), round(float(d.upwards), 1))
        for d in dots[dots["id"].astype(str) == ""].itertuples()
    }
    for o, whole in wholes.items():
        place = (str(attributes.loc[o, "type"]), *(round(float(x), 1) for x in whole.score_pct[at]))
        if o not in shown and place in unnamed:
            shown[o] = ANONYMOUS
    return shown
