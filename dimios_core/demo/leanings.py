"""What people bring: a leaning in each category, correlated, and how readily they say "vet ej"."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.demo.consortium import Consortium
from dimios_core.demo.population import Population


def draw_leanings(
    consortium: Consortium, people: Population, rng: np.random.Generator, rng_categories: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw each person's leanings and readiness to say "vet ej"; both are kept from year to year.

    The leanings of an organisation's respondents are centred over all its answered rows, category by category, or
    twelve respondents' luck, and who answers more often, would move the level that their organisation was given.

    Parameters
    ----------
    rng, rng_categories : numpy.random.Generator
        What people are like as a whole, and how that differs from category to category.

    Returns
    -------
    leanings : numpy.ndarray
        float (persons, categories), by person number: standard normal before centring, correlated as
        `consortium.factors`; their mean correlates with the person's habit of answering as `consortium.nonresponse`.
    unsure : numpy.ndarray
        float (persons,), standard normal.
    """
    rounds = people.rounds
    persons_n = int(rounds["person"].max()) + 1
    overall, unsure = rng.standard_normal((2, persons_n))
    habit = np.zeros(persons_n)
    habit[rounds["person"]] = rounds["habit"]
    tied = consortium.nonresponse.leaning
    overall = tied * habit + np.sqrt(1 - tied**2) * overall

    root = _find_root(consortium.factors.matrix(consortium.categories))
    # z is standard normal; along `mean` it is what the leanings have in common, which is the overall leaning
    mean = root.sum(axis=1) / np.linalg.norm(root.sum(axis=1))
    z = rng_categories.standard_normal((len(root), persons_n)).T
    z = z + np.outer(overall - z @ mean, mean)
    return _centre(z @ root, people), unsure


def _find_root(matrix: np.ndarray) -> np.ndarray:
    """Return the symmetric square root of a positive semi-definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def _centre(leanings: np.ndarray, people: Population) -> np.ndarray:
    """Return the leanings with a mean of zero over the answered rows of every organisation."""
    rounds = people.rounds
    rows = rounds[~rounds["opened_only"]]
    organisation = people.seats["organisation"].to_numpy()
    mean = pd.DataFrame(leanings[rows["person"]]).groupby(organisation[rows["seat"]]).mean()
    known = rounds.drop_duplicates("person")
    centred = leanings.copy()
    centred[known["person"]] -= mean.loc[organisation[known["seat"]]].to_numpy()
    return centred
