"""Comparisons: change between two periods, and the gap to peers (method 3 and 4).

Both sides are scored on the points that both have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.linearise import Scores, score_groups
from dimios_core.results.scoring.matrix import Respondents


@dataclass(frozen=True)
class Difference:
    """Differences of two scores, arrays (pairs, level rows).

    Attributes
    ----------
    value_pp, se, df : float arrays
        Difference in percentage points, its floored standard error, its degrees of freedom.
    n : int array
        The smaller of the two numbers of respondents.
    common_n : int array
        People who answered both times.
    points_n : int array
        Points that both sides have.
    """

    value_pp: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    common_n: np.ndarray
    points_n: np.ndarray


def welch_df(v1: np.ndarray, df1: np.ndarray, v2: np.ndarray, df2: np.ndarray) -> np.ndarray:
    """Return Welch-Satterthwaite degrees of freedom of V₁ + V₂; NaN where a side has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        df = (v1 + v2) ** 2 / (v1**2 / df1 + v2**2 / df2)
    return np.where((df1 >= 1) & (df2 >= 1), df, np.nan)


def change_between(
    respondents: Respondents,
    members: Members,
    usable: np.ndarray,
    earlier: np.ndarray,
    later: np.ndarray,
    columns: Columns,
    common_min: np.ndarray | int = 1,
) -> Difference:
    """Change of groups from an earlier to a later period, with the panel taken into account.

    V = V₁ + V₂ − 2C, C the covariance of `panel_covariance`, over people known by the same pseudonym in both.

    Parameters
    ----------
    earlier, later : int arrays (pairs,)
        Groups to compare.
    common_min : int or int array (pairs, 1), optional
        Fewer common people count as none. What is published uses the disclosure threshold: V₁, V₂ and V
        together give C away, and C of one person is the product of that person's two deviations.

    Returns
    -------
    Difference
        df is Welch-Satterthwaite without common people, else min(df₁, df₂): people less strata.
    """
    both = usable[earlier] & usable[later]
    m1, m2 = members.take(earlier), members.take(later)
    s1 = score_groups(respondents, m1, both, columns)
    s2 = score_groups(respondents, m2, both, columns)
    covariance, common = panel_covariance(respondents, m1, m2, s1, s2)
    panel = common >= np.maximum(common_min, 1)
    covariance = np.where(panel, covariance, 0.0)
    variance = np.maximum(s1.variance + s2.variance - 2 * covariance, 0.0)
    floor = np.hypot(s1.floor, s2.floor)
    smaller = np.minimum(s1.n, s2.n)
    # answers that are all alike on both sides have no variance but the rounding floor's
    v1, v2 = np.maximum(s1.variance, s1.floor**2), np.maximum(s2.variance, s2.floor**2)
    df = np.where(panel, np.minimum(s1.df, s2.df), welch_df(v1, s1.df, v2, s2.df))
    return Difference(
        value_pp=s2.score_pct - s1.score_pct,
        se=np.maximum(np.sqrt(variance), floor),
        df=np.asarray(df, float),
        n=smaller,
        common_n=common,
        points_n=s1.points_n,
    )


def panel_covariance(
    respondents: Respondents, m1: Members, m2: Members, s1: Scores, s2: Scores
) -> tuple[np.ndarray, np.ndarray]:
    """Return C and the number of common people, arrays (pairs, level rows).

    C = Σ √(n_h/(n_h − 1))·(z₁ᵢ − z̄_h) · √(n_g/(n_g − 1))·(z₂ᵢ − z̄_g) over people known by the same pseudonym in both, h
    and g a person's strata in each; with the same people in the same strata it is Σ_h n_h/(n_h − 1)·Σ (z₁ − z̄₁)(z₂ − z̄₂).
    0 without common people, and where a side's variance is the shared one of small groups.

    Parameters
    ----------
    m1, m2 : Members
        Sides of the pairs: group g of `m1` goes with group g of `m2`.
    s1, s2 : Scores
        Scores of the sides, from the same `respondents`.
    """
    _, person = np.unique(respondents.person, return_inverse=True)
    people = int(person.max(initial=0)) + 1
    _, at1, at2 = np.intersect1d(
        m1.group * people + person[m1.respondent],
        m2.group * people + person[m2.respondent],
        assume_unique=True,
        return_indices=True,
    )
    panel = Members(m1.group[at1], np.arange(len(at1)), m1.groups_n)
    in_both = s1.in_use[at1] & s2.in_use[at2]
    z1, z2 = s1.design_deviations(), s2.design_deviations()
    covariance = panel.sums(np.where(in_both, z1[at1] * z2[at2], 0.0))
    common = panel.sums(in_both.astype(float)).astype(int)
    # beside a shared spread, what people share would be the one thing told of their own answers
    common = np.where(s1.shared | s2.shared, 0, common)
    return np.where(common > 0, covariance, 0.0), common


@dataclass(frozen=True)
class PeerSums:
    """Sums over M peers that a gap needs: Σ θ_j, Σ se_j², Σ se_j⁴/df_j, arrays (…, keys)."""

    m: np.ndarray
    score: np.ndarray
    variance: np.ndarray
    variance2_by_df: np.ndarray

    @classmethod
    def of(cls, score: np.ndarray, se: np.ndarray, df: np.ndarray) -> PeerSums:
        """Sum over the first axis: arrays (organisations, keys)."""
        return cls.add_up(cls.terms(score, se, df))

    @staticmethod
    def terms(score: np.ndarray, se: np.ndarray, df: np.ndarray) -> np.ndarray:
        """Return what each organisation adds to the sums: float array (organisations, 3, keys)."""
        return np.stack([score, se**2, se**4 / df], axis=1)

    @classmethod
    def add_up(cls, terms: np.ndarray) -> PeerSums:
        """Sum terms over organisations."""
        return cls(np.array(len(terms)), *terms.sum(axis=0))

    def without(self, score: np.ndarray, se: np.ndarray, df: np.ndarray) -> PeerSums:
        """Leave one organisation out, for each row of arrays (organisations, keys)."""
        return PeerSums(
            self.m - 1, self.score - score, self.variance - se**2, self.variance2_by_df - se**4 / df
        )


def gap_to_peers(
    own: np.ndarray, own_se: np.ndarray, own_df: np.ndarray, peers: PeerSums
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return own − B with its standard error and degrees of freedom; B is the unweighted mean of the peers.

    V = se² + Σ se_j²/M², df Satterthwaite: the peers are these organisations, not a sample of others.

    Parameters
    ----------
    own, own_se, own_df : float arrays (…, keys)
        Scores in percent with their floored standard errors.
    peers : PeerSums
        Of the *other* organisations of the group.

    Returns
    -------
    gap, se, df : float arrays (…, keys)
        NaN where own has no score or df < 1.
    """
    variance = own_se**2 + peers.variance / peers.m**2
    spread = own_se**4 / np.where(own_df >= 1, own_df, np.nan) + peers.variance2_by_df / peers.m**4
    return own - peers.score / peers.m, np.sqrt(variance), variance**2 / spread


def certain_direction(
    difference: np.ndarray, p_adjusted: np.ndarray, n: np.ndarray, n_min: int, alpha: float
) -> np.ndarray:
    """Return "increase", "decrease", "none", or "unknown" (too few respondents, or no interval)."""
    certain = p_adjusted < alpha
    word = np.where(certain, np.where(difference > 0, "increase", "decrease"), "none")
    return np.where((n < n_min) | np.isnan(p_adjusted), "unknown", word)
