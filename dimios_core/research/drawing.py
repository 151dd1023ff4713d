"""Sums of answers that are drawn anew: of people within their organisation, or of organisations, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

import numpy as np
import pandas as pd

from dimios_core.research.answers import Answers
from dimios_core.research.sums import Sums

#: what may be drawn
OF = ("people", "organisations")
#: rows whose features are laid out at once: some fifty megabytes
ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class _Draw:
    """What a worker has to know: who is drawn, by which seed, and which sums are asked for."""

    seed: int
    of: str
    draws_n: int
    pairs: bool
    periods: tuple[str, ...]
    organisations: tuple[str, ...]


def draw_means(answers: Answers, seed: int, of: str, draws_n: int) -> dict[str, pd.DataFrame]:
    """Return by period the means of points (percent): a row a draw, the first of the answers as they are."""
    ids = answers.columns.point_ids
    n, total = np.split(_draw(answers, seed, of, draws_n, pairs=False), 2, axis=2)
    means = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
    return {p: pd.DataFrame(means[:, k], columns=ids) for k, p in enumerate(answers.names("period"))}


def draw_sums(answers: Answers, seed: int, of: str, draws_n: int) -> Iterator[dict[str, Sums]]:
    """Yield sums of points by period, a draw at a time, the first of the answers as they are; they tell no extremes."""
    p, periods = len(answers.columns.point_ids), answers.names("period")
    low = np.tril_indices(p)
    cuts = np.cumsum([len(low[0]), p * p])
    unknown = np.full(p, np.nan)
    for drawn in _draw(answers, seed, of, draws_n, pairs=True):
        found = {}
        for k, period in enumerate(periods):
            n, first, second = np.split(drawn[k], cuts)
            known, products = (_unfold(half, low, p) for half in (n, second))
            found[period] = Sums(
                int(np.diag(known).max()), known, first.reshape(p, p), products, unknown, unknown
            )
        yield found


def _unfold(half: np.ndarray, low: tuple[np.ndarray, np.ndarray], p: int) -> np.ndarray:
    whole = np.empty((p, p))
    whole[low] = half
    whole.T[low] = half
    return whole


def _draw(answers: Answers, seed: int, of: str, draws_n: int, *, pairs: bool) -> np.ndarray:
    """Sums of features, float (1 + draws, periods, features); one row of features a person and period."""
    names = tuple(answers.names("period")), tuple(answers.names("organisation"))
    parts = answers.map(partial(_draw_block, _Draw(seed, of, draws_n, pairs, *names)))
    found = next(parts)
    for part in parts:
        found += part
    return found


def _draw_block(plan: _Draw, block: Answers) -> np.ndarray:
    points = block.points().to_numpy()
    organisation, period, person = (
        block.index.get_level_values(n).to_numpy() for n in ("organisation", "period", "respondent")
    )
    whole = _draw_organisations(plan) if plan.of == "organisations" else None
    found: np.ndarray | None = None
    for name in pd.unique(organisation):
        own = np.flatnonzero(organisation == name)
        if whole is None:
            code, people = pd.factorize(person[own])
            times = _draw_people(plan, str(name), len(people))
        else:
            code, times = np.zeros(len(own), int), whole[:, [plan.organisations.index(name)]]
        for k, at in enumerate(plan.periods):
            here = np.flatnonzero(period[own] == at)
            for rows in np.array_split(here, len(here) // ROWS_AT_ONCE + 1):
                features = _list_features(points[own[rows]], plan.pairs)
                if found is None:
                    found = np.zeros((1 + plan.draws_n, len(plan.periods), features.shape[1]))
                if whole is None:
                    found[:, k] += times[:, code[rows]] @ features
                else:
                    found[:, k] += times * features.sum(axis=0)
    return np.zeros(1) if found is None else found


def _list_features(y: np.ndarray, pairs: bool) -> np.ndarray:
    known = (~np.isnan(y)).astype(float)
    filled = np.nan_to_num(y)
    if not pairs:
        return np.hstack([known, filled])
    i, j = np.tril_indices(y.shape[1])
    crossed = (filled[:, :, None] * known[:, None, :]).reshape(len(y), y.shape[1] ** 2)
    return np.hstack([known[:, i] * known[:, j], crossed, filled[:, i] * filled[:, j]])


def _draw_people(plan: _Draw, organisation: str, people_n: int) -> np.ndarray:
    """How often each person counts, float (1 + draws, people); once each in the first row."""
    own = int.from_bytes(blake2b(organisation.encode(), digest_size=8).digest())
    return _count_draws(np.random.default_rng([plan.seed, own]), plan.draws_n, people_n)


def _draw_organisations(plan: _Draw) -> np.ndarray:
    """The same of organisations, float (1 + draws, organisations)."""
    return _count_draws(np.random.default_rng(plan.seed), plan.draws_n, len(plan.organisations))


def _count_draws(rng: np.random.Generator, draws_n: int, n: int) -> np.ndarray:
    drawn = rng.integers(n, size=(draws_n, n)) + n * np.arange(draws_n)[:, None]
    times = np.bincount(drawn.ravel(), minlength=draws_n * n).reshape(draws_n, n)
    return np.vstack([np.ones(n), times])
