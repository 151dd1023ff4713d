"""Answers sorted by what is missing: what EM and full information ask of people, held or block by block."""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from dimios_core.research.answers import Answers
from dimios_core.research.reading import Reading
from dimios_core.research.sums import Sums

#: people whose patterns are worked on at once; and whose information is, some kilobytes each
PEOPLE_AT_ONCE, INFORM_AT_ONCE = 5000, 10_000


class Patterns:
    """Answers sorted by what is missing, for the expectation step of EM.

    Given the precision `P = Σ⁻¹`, somebody's missing answers have covariance `P_mm⁻¹` and expectation
    `μ_m − P_mm⁻¹ P_mo (y_o − μ_o)`: small matrices, as most leave few questions out.

    Parameters
    ----------
    y : float array (people, items)
        NaN where not answered; who has answered nothing is left out, which `kept` tells.
    """

    def __init__(self, y: np.ndarray) -> None:
        self.kept = ~np.isnan(y).all(axis=1)
        y = y[self.kept]
        self.n, self.items_n = y.shape
        self.seen = ~np.isnan(y)
        self.y = np.where(self.seen, y, 0.0)
        _, first, self._pattern, self.counts = np.unique(
            _pack(self.seen), return_index=True, return_inverse=True, return_counts=True
        )
        self.patterns = self.seen[first]
        lacking = (~self.patterns).sum(axis=1)
        self._groups = []
        for k in np.unique(lacking[lacking > 0]):
            own = np.flatnonzero(lacking == k)
            place = np.full(len(self.patterns), -1)
            place[own] = np.arange(len(own))
            rows = np.flatnonzero(place[self._pattern] >= 0)
            at = np.nonzero(~self.patterns[own])[1].reshape(len(own), k)
            self._groups.append((own, at, rows, place[self._pattern[rows]]))

    def expect(self, mean: np.ndarray, covariance: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return log-likelihood, expected means and expected second moments about `mean`, given what was answered.

        Returns
        -------
        log_likelihood : float
        first : float array (items,)
            Mean of E(y) − μ.
        second : float array (items, items)
            Mean of E((y − μ)(y − μ)').
        """
        precision = np.linalg.inv(covariance)
        _, log_det = np.linalg.slogdet(covariance)
        r = np.where(self.seen, self.y - mean, 0.0)
        pull = r @ precision
        square = float((pull * r).sum())
        logs, extra = self.n * log_det, np.zeros_like(covariance)
        for own, at, rows, place in self._groups:
            inner = precision[at[:, :, None], at[:, None, :]]
            spread = np.linalg.inv(inner)
            logs += float(self.counts[own] @ np.linalg.slogdet(inner)[1])
            g = np.take_along_axis(pull[rows], at[place], axis=1)
            fill = np.einsum("rij,rj->ri", spread[place], g)
            square -= float((fill * g).sum())
            r[rows[:, None], at[place]] = -fill
            np.add.at(extra, (at[:, :, None], at[:, None, :]), spread * self.counts[own][:, None, None])
        answered = int(self.seen.sum())
        likelihood = -0.5 * (answered * np.log(2 * np.pi) + logs + square)
        return likelihood, r.mean(axis=0), (r.T @ r + extra) / self.n

    def rescale(self, middle: np.ndarray, scale: np.ndarray) -> Patterns:
        """The same people's `(y − middle)/scale`."""
        moved = copy(self)
        moved.y = np.where(self.seen, (self.y - middle) / scale, 0.0)
        return moved

    @cached_property
    def answered(self) -> np.ndarray:
        """How many answered each item, int (items,)."""
        return self.seen.sum(axis=0)

    def variances(self) -> np.ndarray:
        """Each item's variance among those who answered it, divided by their number."""
        mean = self.y.sum(axis=0) / self.answered
        return (np.where(self.seen, self.y - mean, 0.0) ** 2).sum(axis=0) / self.answered

    def distances(self, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Squared Mahalanobis distance of what each of `kept` has answered, float (people,)."""
        r = np.where(self.seen, self.y - mean, 0.0)
        return np.einsum("ri,rij,rj->r", r, self._weights(covariance)[self._pattern], r, optimize=True)

    def _weights(self, covariance: np.ndarray) -> np.ndarray:
        """Inverse of the answered part of Σ, 0 elsewhere, by pattern."""
        precision = np.linalg.inv(covariance)
        weight = np.repeat(precision[None], len(self.patterns), axis=0)
        for own, at, _, _ in self._groups:
            across = precision[at]
            inner = np.linalg.inv(precision[at[:, :, None], at[:, None, :]])
            weight[own] -= np.einsum("rki,rkl,rlj->rij", across, inner, across, optimize=True)
        return weight

    def information(self, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Observed information on means and on the covariances' lower triangle, row by row.

        With W the inverse of the answered part of Σ and u = W(y − μ), both 0 where not answered, a pattern's people give
        `W` for two means, `W E u` for a mean and a covariance, and `½ tr(E_a W E_b (2uu' − W))` for two covariances.

        Returns
        -------
        float array (items + items(items + 1)/2, …)
        """
        p = self.items_n
        if self.n > INFORM_AT_ONCE:
            y = np.where(self.seen, self.y, np.nan)
            parts = [Patterns(y[at : at + INFORM_AT_ONCE]) for at in range(0, self.n, INFORM_AT_ONCE)]
            return np.asarray(sum(part.information(mean, covariance) for part in parts))
        weight = self._weights(covariance)
        u = np.einsum("rij,rj->ri", weight[self._pattern], np.where(self.seen, self.y - mean, 0.0))
        order = np.argsort(self._pattern, kind="stable")
        first = np.r_[0, np.cumsum(self.counts)[:-1]]
        squares = np.add.reduceat((u[:, :, None] * u[:, None, :])[order], first)
        pulls = np.add.reduceat(u[order], first)
        flat = weight.reshape(len(weight), -1)
        pairs = (
            flat.T @ (2 * squares - self.counts[:, None, None] * weight).reshape(len(weight), -1)
        ).reshape(p, p, p, p)
        mixed = (flat.T @ pulls).reshape(p, p, p)
        i, j = np.tril_indices(p)
        share = np.where(i == j, 1.0, 2.0) / 2
        k, m, a, b = i[None], j[None], i[:, None], j[:, None]
        inner = pairs[b, k, m, a] + pairs[b, m, k, a] + pairs[a, k, m, b] + pairs[a, m, k, b]
        found = np.zeros((p + len(i), p + len(i)))
        found[:p, :p] = np.einsum("r,rij->ij", self.counts, weight)
        found[:p, p:] = share * (mixed[:, i, j] + mixed[:, j, i])
        found[p:, :p] = found[:p, p:].T
        found[p:, p:] = 0.25 * np.outer(share, share) * (inner + inner.T)
        return found


def _pack(seen: np.ndarray) -> np.ndarray:
    """A number a row, or bytes where there are more columns than a number has bits; equal where rows are."""
    bits = np.packbits(seen, axis=1)
    wide = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), np.uint8)
    wide[:, : bits.shape[1]] = bits
    return wide.view(np.uint64).ravel() if wide.shape[1] == 8 else wide.view(f"V{wide.shape[1]}").ravel()


@dataclass(frozen=True)
class StoredPatterns:
    """The same of stored answers: each question is a pass through all blocks, and sums over them.

    Attributes
    ----------
    answers : Answers
    reading : Reading
    group : hashable
        Whose answers, of the reading's groups.
    sums : Sums
        Of these people.
    middle, scale : float array (points,)
        Scores are taken as `(y − middle)/scale`.
    """

    answers: Answers
    reading: Reading
    group: Hashable
    sums: Sums
    middle: np.ndarray
    scale: np.ndarray

    @property
    def n(self) -> int:
        """People who have answered anything."""
        return self.sums.people_n

    @property
    def answered(self) -> np.ndarray:
        """How many answered each item, int (items,)."""
        return np.diag(self.sums.n).astype(int)

    def rescale(self, middle: np.ndarray, scale: np.ndarray) -> StoredPatterns:
        """The same people's `(y − middle)/scale`."""
        return replace(self, middle=self.middle + self.scale * middle, scale=self.scale * scale)

    def variances(self) -> np.ndarray:
        """Each item's variance among those who answered it, divided by their number."""
        return self.sums.variance / self.scale**2

    def expect(self, mean: np.ndarray, covariance: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """As `Patterns.expect`."""
        parts = list(self.answers.map(partial(_expect, self._plan, mean, covariance)))
        likelihood, first, second = (sum(p[k] for p in parts) for k in range(3))
        return float(likelihood), np.asarray(first) / self.n, np.asarray(second) / self.n

    def information(self, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """As `Patterns.information`."""
        return np.asarray(sum(self.answers.map(partial(_inform, self._plan, mean, covariance))))

    @property
    def _plan(self) -> _Plan:
        return _Plan(self.reading, self.group, self.middle, self.scale)


@dataclass(frozen=True)
class _Plan:
    """What a worker has to know to see the same people."""

    reading: Reading
    group: Hashable
    middle: np.ndarray
    scale: np.ndarray

    def open(self, block: Answers) -> list[Patterns]:
        y = (self.reading.read(block).get(self.group, self.middle[:0, None]) - self.middle) / self.scale
        y = y[~np.isnan(y).all(axis=1)]
        return [Patterns(y[at : at + PEOPLE_AT_ONCE]) for at in range(0, len(y), PEOPLE_AT_ONCE)]


def _expect(
    plan: _Plan, mean: np.ndarray, covariance: np.ndarray, block: Answers
) -> tuple[float, np.ndarray, np.ndarray]:
    likelihood, first, second = 0.0, np.zeros_like(mean), np.zeros_like(covariance)
    for people in plan.open(block):
        told = people.expect(mean, covariance)
        likelihood += told[0]
        first += people.n * told[1]
        second += people.n * told[2]
    return likelihood, first, second


def _inform(plan: _Plan, mean: np.ndarray, covariance: np.ndarray, block: Answers) -> np.ndarray:
    p = len(mean)
    found = np.zeros((p + p * (p + 1) // 2,) * 2)
    for people in plan.open(block):
        found += people.information(mean, covariance)
    return found
