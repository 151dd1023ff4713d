"""Write a made-up response store of any size straight, past the readers: for measuring what comes after ingest.

Files are made by the store's own writer, so they are what `dimios ingest` would have left: one a period and
organisation, sorted, with labels of their own. Same seed, same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import Instrument, load_instrument
from dimios_core.responses.answers import AnswerColumns, Names
from dimios_core.responses.register import Register
from dimios_core.responses.store import ANSWER_KINDS, Provenance, ResponseStore, store_register, write_answers
from tests.benchmarks.generate import (
    DIRECT_SHARE,
    DONT_KNOW_SHARE,
    MISSING_SHARE,
    ROLE_SHARES,
    ROLE_UNKNOWN_SHARE,
    SIZES,
    UNITS,
    draw_answers,
    list_roles,
)

PERIOD = "2026"
#: sixty million answers are those of two thousand organisations
ORGANISATIONS_PER_MILLION = 2000 / 60
THRESHOLD = 5
#: what the register calls the sizes of `SIZES`, in the same order
REGISTER_SIZES = ("small", "medium", "large")


@dataclass(frozen=True)
class Store:
    """What `make_store` wrote; `answers_n` counts answers with a number, `rows_n` all rows."""

    outputs: Path
    organisations_n: int
    rows_n: int
    answers_n: int
    stored_bytes: int


def make_store(outputs: Path, millions: float, seed: int = 1, periods: Sequence[str] = (PERIOD,)) -> Store:
    """Write register and responses with about `millions` million answers, thirty thousand an organisation and period; ten
    units on two levels, five roles and unknown ones; nobody answers twice."""
    instrument = load_instrument("dimios")
    rng = np.random.default_rng(seed)
    organisations_n = max(1, round(ORGANISATIONS_PER_MILLION * millions / len(periods)))
    ids = [f"org-{i:05d}" for i in range(organisations_n)]
    per_respondent = len(instrument.items) * (1 - DONT_KNOW_SHARE - MISSING_SHARE)
    respondents_n = millions * 1e6 / organisations_n / len(periods) / per_respondent
    sizes = list(SIZES.values())
    # the register first, while there are no answers that it would be checked against
    store_register(_make_register(ids), outputs)
    store = ResponseStore(outputs)
    for period in periods:
        (store.folder / f"period={period}").mkdir(parents=True)
    provenance = Provenance(instrument.id, instrument.version, {})
    item_level = rng.normal(0, 0.3, len(instrument.items))
    rows_n = answers_n = stored_bytes = 0
    for i, organisation in enumerate(ids):
        n = max(1, round(respondents_n * sizes[i % len(sizes)]))
        level = np.tile(rng.normal(3.1, 0.3) + item_level, (n, 1))
        for period in periods:
            answers = draw_answers(level, np.zeros(n, bool), rng)
            rows = _lay_out(answers, organisation, period, instrument, rng)
            rows.drop_silent_respondents()
            for _, table in rows.tables():
                path = store.folder / store.file_name(period, organisation)
                write_answers(table, provenance, path)
                stored_bytes += path.stat().st_size
            rows_n += len(rows)
            answers_n += int((answers > 0).sum())
    return Store(outputs, organisations_n, rows_n, answers_n, stored_bytes)


def _make_register(ids: list[str]) -> Register:
    organisations = pd.DataFrame({"id": ids, "name": ids}).assign(
        type="municipality", county="14", size=[REGISTER_SIZES[i % len(REGISTER_SIZES)] for i in range(len(ids))],
        sharing="named", threshold=THRESHOLD,
    )  # fmt: skip
    units = pd.DataFrame(
        [(o, unit, name, parent) for o in ids for unit, name, parent in UNITS],
        columns=["organisation", "unit", "name", "parent"],
    )
    empty = Register()
    return Register(
        organisations.astype(dict(empty.organisations.dtypes)), units.astype(dict(empty.units.dtypes))
    )


def _lay_out(
    answers: np.ndarray, organisation: str, period: str, instrument: Instrument, rng: np.random.Generator
) -> AnswerColumns:
    """Answers (respondents, items) of one organisation, in long form and in the store's order."""
    n, items_n = answers.shape
    parents = {parent for _, _, parent in UNITS}
    leaves = np.array([i + 1 for i, (unit, _, _) in enumerate(UNITS) if unit not in parents])
    unit = np.where(rng.random(n) < DIRECT_SHARE, 0, leaves[rng.integers(len(leaves), size=n)])
    role = 1 + rng.choice(len(ROLE_SHARES), size=n, p=ROLE_SHARES)
    role[rng.random(n) < ROLE_UNKNOWN_SHARE] = 0
    names = Names(
        [(organisation, period)], ["", *(u for u, _, _ in UNITS)], ["unknown", *list_roles()],
        list(instrument.items), [""],
    )  # fmt: skip
    kind = np.select(
        [answers > 0, answers == 0], [ANSWER_KINDS.index("answered"), ANSWER_KINDS.index("dont_know")],
        ANSWER_KINDS.index("missing"),
    )  # fmt: skip
    rows = AnswerColumns(names)
    rows.append(
        group=np.zeros(n * items_n, np.int32),
        unit=np.repeat(unit.astype(np.int32), items_n),
        role=np.repeat(role.astype(np.int16), items_n),
        respondent=np.repeat(rng.integers(2**63, size=n, dtype=np.uint64), items_n),
        item=np.tile(np.arange(items_n, dtype=np.int16), n),
        value=np.where(answers > 0, answers, np.nan).astype(np.float32).ravel(),
        kind=kind.astype(np.int8).ravel(),
    )
    rows.sort()
    return rows
