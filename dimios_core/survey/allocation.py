"""How many are invited in each stratum."""

from __future__ import annotations

from typing import Literal

import numpy as np

from dimios_core.survey.strata import EXPECTED_MIN

Method = Literal["proportional", "neyman"]


def lowest_allocation(population: np.ndarray, rate: float, certain: np.ndarray) -> np.ndarray:
    """Return how many of each stratum are invited at least: so that `EXPECTED_MIN` answer, or everybody.

    Parameters
    ----------
    population : int array (strata,)
        N_h.
    rate : float
        Share of the invited who answer, above 0, at most 1.
    certain : bool array (strata,)
        Strata that are invited whole.

    Returns
    -------
    int array (strata,)
    """
    enough = np.minimum(population, int(np.ceil(EXPECTED_MIN / rate)))
    return np.where(certain, population, enough)


def share_out(population: np.ndarray, spread: np.ndarray, invited_n: float, method: Method) -> np.ndarray:
    """Share invitations out over strata, without regard to their limits.

    Proportional: `n_h = n·N_h/Σ N_h`. Neyman (1934): `n_h = n·N_h S_h/Σ N_h S_h`, which gives the smallest variance of the whole for
    n invited (Cochran 1977, *Sampling Techniques*, 5.5; as `strAlloc` of R's PracTools).

    Parameters
    ----------
    population : array (strata,)
        N_h.
    spread : array (strata,)
        S_h, standard deviation of people in the stratum; any unit.
    invited_n : float
        n.
    method : str

    Returns
    -------
    float array (strata,)
        n_h, not rounded.

    Examples
    --------
    >>> share_out(np.array([500, 300, 200]), np.array([10.0, 20.0, 5.0]), 120, "neyman").tolist()
    [50.0, 60.0, 10.0]
    """
    size = population * (spread if method == "neyman" else np.ones(len(population)))
    return invited_n * size / size.sum()


def allocate(
    population: np.ndarray,
    spread: np.ndarray,
    lowest: np.ndarray,
    invited_n: int,
    method: Method = "proportional",
) -> np.ndarray:
    """Allocate invitations to strata, whole people, none below its lowest number or above its population.

    Strata that would go beyond a limit stay at it, and the rest is shared out again (Cochran 1977, 5.8); parts of people go to
    the largest remainders.

    Parameters
    ----------
    population : int array (strata,)
    spread : float array (strata,)
        S_h, above 0.
    lowest : int array (strata,)
        At most `population`.
    invited_n : int
        In all, Σ lowest to Σ population.
    method : str

    Returns
    -------
    int array (strata,)
        Sums to `invited_n`.
    """
    exact = lowest.astype(float)
    free = lowest < population
    left = float(invited_n - lowest[~free].sum())
    while free.any():
        share = share_out(population[free], spread[free], left, method)
        low, high = lowest[free], population[free]
        below, above = np.maximum(low - share, 0), np.maximum(share - high, 0)
        # the side that is crossed by more is settled first: it decides what is left for the others
        beyond = below > 0 if below.sum() >= above.sum() else above > 0
        exact[free] = np.clip(share, low, high)
        if not beyond.any():
            break
        at = np.flatnonzero(free)[beyond]
        free[at] = False
        left -= exact[at].sum()
    whole = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: invited_n - whole.sum()]] += 1
    return whole
