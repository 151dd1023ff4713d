"""The public tables, period by period with the columns of the version that it was asked with; and gaps to peers."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.published.shaping import shape_table, stack_tables
from dimios_core.published.store import PREFIX, model_name
from dimios_core.published.writing import write_published, write_published_of
from dimios_core.responses.register import Register
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.frames import load_frames
from dimios_core.results.consortium.gaps import Peers, publish_gaps
from dimios_core.results.consortium.panels import Panel
from dimios_core.results.consortium.positions import publish_positions
from dimios_core.results.consortium.public import Gathered, tabulate_consortium
from dimios_core.results.consortium.wholes import (
    Whole,
    count_participation,
    publish_benchmarks,
    published_groups,
)
from dimios_core.results.scoring.models import Models

Groups = list[tuple[PeerGroup, np.ndarray]]


@dataclass(frozen=True)
class Told:
    """What the public tables tell of organisations.

    Attributes
    ----------
    groups : dict
        Period -> peer groups whose means are published.
    shown : dict
        Period -> organisations that are dots in the plane.
    panels : list of Panel
    """

    groups: dict[str, set[str]]
    shown: dict[str, set[str]]
    panels: list[Panel]


def write_public(
    folder: Path,
    wholes: list[Whole],
    gathered: Mapping[int, Gathered],
    groups: Groups,
    people: pd.DataFrame,
    register: Register,
    models: Models,
    before: Mapping[str, Before],
    executor: Executor | None,
) -> Told:
    """Write the tables over all organisations into the public folder, and the models that they are in.

    Parameters
    ----------
    wholes : list of Whole
        What is published of organisations: of a period each, over the columns of its version.
    gathered : mapping
        Version -> what batches handed over.
    groups, people
        Peer groups with their members, and register rows in the same order.
    models : Models
    before : mapping
        Period -> what was told of it before.
    executor : Executor or None
    """
    for version in (v for v in models.instruments if v <= models.latest):
        name = model_name(None if version == models.latest else version)
        (folder / name).write_text(models.instruments[version].model_dump_json(indent=1), encoding="utf-8")
    listed = [
        {
            "id": g.id,
            "kind": g.kind,
            "type": g.type,
            "county": g.county,
            "size": g.size,
            "members_n": int(m.sum()),
        }
        for g, m in groups
    ]
    write_published("peer_groups", shape_table("peer_groups", listed), folder)
    names, frames = people["id"].tolist(), load_frames().not_below(people)
    made: dict[str, list[pd.DataFrame]] = {}
    told = Told({}, {}, [])
    for version in models.versions:
        columns = models.columns[version]
        own = [w for w in wholes if models.version_of[w.period] == version]
        benchmarks = publish_benchmarks(own, groups, names, columns, before)
        published = published_groups(benchmarks)
        tables, shown = {"benchmarks": benchmarks}, dict[str, set[str]]()
        if columns.instrument.quadrants is not None:
            tables["positions"], shown = publish_positions(own, groups, people, published, columns, before)
        tables["participation"] = count_participation(own, groups, names, published, shown)
        more, panels = tabulate_consortium(
            own, gathered[version], groups, people, register.invited, benchmarks, shown, frames, columns, before,
            executor,
        )  # fmt: skip
        for name, table in (tables | more).items():
            made.setdefault(name, []).append(table)
        told.groups.update(published)
        told.shown.update(shown)
        told.panels.extend(panels)
    for name, parts in made.items():
        write_published(name, stack_tables(name, parts), folder)
    return told


def write_gaps(
    root: Path, own: list[Whole], wholes: list[Whole], groups: Groups, names: list[str], told: Told, models: Models
) -> None:  # fmt: skip
    """Write gaps of today's results, `own`, to the peers that benchmarks are published from, `wholes`."""
    peers = {p: Peers.of([w for w in wholes if w.period == p], names) for p in {w.period for w in own}}
    parts = [
        publish_gaps(
            [w for w in own if models.version_of[w.period] == version], groups, told.groups, peers, names,
            models.columns[version],
        )
        for version in models.versions
    ]  # fmt: skip
    folders = {w.organisation: root / f"{PREFIX}{w.organisation}" for w in own}
    write_published_of("gaps", stack_tables("gaps", parts, per_organisation=True), folders)
