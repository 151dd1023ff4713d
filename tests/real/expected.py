"""What the figures should be, from the raw data alone: pandas, statsmodels and scipy, nothing of the project."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import beta, norm
from scipy.stats import t as student

#: dimension -> category -> (weight, point -> (weight, items; "-" is reversed))
BFI = {
    "stability": {
        "agreeableness": (
            1,
            {"compassion": (3, "-A1 A2 A3"), "love_of_children": (1, "A4"), "ease": (1, "A5")},
        ),
        "conscientiousness": (
            2,
            {"thoroughness": (1, "C1 C2 -C4"), "planning": (1, "C3"), "use_of_time": (1, "-C5")},
        ),
        "emotional_stability": (
            1,
            {"calm": (1, "-N1"), "patience": (1, "-N2"), "confidence": (1, "-N3 -N4 -N5")},
        ),
    },
    "plasticity": {
        "extraversion": (
            1,
            {"sociability": (1, "-E1 -E2 E4"), "captivation": (1, "E3"), "leadership": (1, "E5")},
        ),
        "openness": (1, {"ideas": (1, "O1 O3 O4"), "reading": (1, "-O2"), "depth": (1, "-O5")}),
    },
}
LEAF = {1: "some-high-school", 2: "high-school", 3: "some-college", 4: "college", 5: "graduate"}
PARENT = {1: "school", 2: "school", 3: "higher", 4: "higher", 5: "higher"}
ROLE = {1: "men", 2: "women"}


def score_bfi(bfi: pd.DataFrame) -> pd.DataFrame:
    """Return people × items and points in percent; a point is the mean of the items a person answered."""
    scored = {}
    for categories in BFI.values():
        for _, points in categories.values():
            for point, (_, items) in points.items():
                names = items.split()
                columns = [7 - bfi[n[1:]] if n[0] == "-" else bfi[n] for n in names]
                percent = [(column - 1) * 20 for column in columns]
                if len(names) > 1:  # a point of one item is that item
                    scored |= {n.strip("-").lower(): p for n, p in zip(names, percent, strict=True)}
                scored[point] = pd.concat(percent, axis=1).mean(axis=1, skipna=True)
    return pd.DataFrame(scored)


def weights_above(usable: Collection[str] | None = None) -> dict[tuple[str, str], dict[str, float]]:
    """Return (level, key) -> point -> its share of the score, for categories, dimensions and maturity.

    With only some points `usable`, the others' weight goes to the rest of the category, if two thirds of the
    weight are left; a dimension needs all its categories, maturity both dimensions.
    """
    shares: dict[tuple[str, str], dict[str, float]] = {}
    for dimension, categories in BFI.items():
        whole = sum(weight for weight, _ in categories.values())
        above: dict[str, float] = {}
        for category, (category_weight, points) in categories.items():
            left = {point: w for point, (w, _) in points.items() if usable is None or point in usable}
            if 3 * sum(left.values()) >= 2 * sum(weight for weight, _ in points.values()):
                own = {point: weight / sum(left.values()) for point, weight in left.items()}
                shares["category", category] = own
                above |= {point: share * category_weight / whole for point, share in own.items()}
        if all(("category", category) in shares for category in categories):
            shares["dimension", dimension] = above
    if all(("dimension", dimension) in shares for dimension in BFI):
        both = [shares["dimension", dimension] for dimension in BFI]
        shares["maturity", "maturity"] = {
            point: share / len(both) for d in both for point, share in d.items()
        }
    return shares


def point_ids() -> list[str]:
    """Return the points in the model's order."""
    return list(weights_above()["maturity", "maturity"])


def bfi_groups(bfi: pd.DataFrame) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Yield (unit, role) and its members (bool) within one panel, for every group that has any."""
    leaf = bfi["education"].map(LEAF).fillna(".direct")
    units = {"*": np.ones(len(bfi), bool)}
    units |= {name: (leaf == name).to_numpy() for name in [*LEAF.values(), ".direct"]}
    units |= {name: (bfi["education"].map(PARENT) == name).to_numpy() for name in ("school", "higher")}
    roles = {"*": units["*"]} | {name: (bfi["gender"].map(ROLE) == name).to_numpy() for name in ROLE.values()}
    for (unit, in_unit), (role, in_role) in itertools.product(units.items(), roles.items()):
        if (in_unit & in_role).any():
            yield (unit, role), in_unit & in_role


def clustered_covariance(points: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return means of points and their covariance with people as clusters, without a small-sample factor.

    A regression of all answers on indicators of the points, by statsmodels: the means are its coefficients,
    and its cluster-robust covariance is what linearisation gives.
    """
    answers = points.stack().dropna()  # noqa: PD013 (people × points → one answer a row)
    indicators = (
        pd.get_dummies(answers.index.get_level_values(1)).reindex(columns=points.columns).astype(float)
    )
    people = pd.factorize(answers.index.get_level_values(0))[0]
    fit = sm.OLS(answers.to_numpy(), indicators.to_numpy()).fit(
        method="qr", cov_type="cluster", cov_kwds={"groups": people, "use_correction": False}
    )
    names = list(points.columns)
    return pd.Series(fit.params, names), pd.DataFrame(fit.cov_params(), names, names)


def weighted_scores(points: pd.DataFrame) -> Iterator[tuple[tuple[str, str], float, float, int]]:
    """Yield (level, key), score, standard error and number of people with an answer, above the points.

    `points` has the columns that may enter.
    """
    means, covariance = clustered_covariance(points)
    for name, shares in weights_above(points.columns).items():
        a = pd.Series(shares).reindex(means.index).fillna(0.0)
        n = int(points[list(shares)].notna().any(axis=1).sum())
        yield name, float(a @ means), float(np.sqrt(n / (n - 1) * (a @ covariance @ a))), n


def jackknife_se(points: pd.DataFrame, shares: dict[str, float]) -> float:
    """Return the delete-one-person jackknife's standard error of a weighted mean of points' means."""
    n = len(points)
    without = [sum(a * points[p].drop(index).mean() for p, a in shares.items()) for index in points.index]
    return float(np.sqrt((n - 1) / n * np.sum((np.array(without) - np.mean(without)) ** 2)))


def pooled_spread(answers: list[pd.Series]) -> float:
    """Return the variance of answers as a share of m(100 − m), pooled over questions and weighted by their n."""
    told = [a.dropna() for a in answers]
    told = [a for a in told if len(a) >= 2 and 0 < a.mean() < 100]
    largest = sum(len(a) * a.mean() * (100 - a.mean()) for a in told)
    return sum(len(a) * a.var(ddof=1) for a in told) / largest


def own_scores(people: pd.DataFrame) -> pd.DataFrame:
    """Return people × (level, key): each person's scores above the points, over what she answered."""
    found: dict[tuple[str, str], pd.Series] = {}
    for dimension, categories in BFI.items():
        for category, (_, points) in categories.items():
            found["category", category] = _mean_over(people, {p: w for p, (w, _) in points.items()})
        above = {("category", c): w for c, (w, _) in categories.items()}
        found["dimension", dimension] = _mean_over(pd.DataFrame(found), above)
    both = {("dimension", dimension): 1 for dimension in BFI}
    found["maturity", "maturity"] = _mean_over(pd.DataFrame(found), both)
    return pd.DataFrame(found)


def _mean_over(people: pd.DataFrame, weights: dict) -> pd.Series:
    shares = pd.Series(weights)
    held = people[list(weights)]
    return (held * shares).sum(axis=1).div((held.notna() * shares).sum(axis=1).replace(0, np.nan))


def told(mean: float, n: int, threshold: int) -> float:
    """Return the middle of the room at an end for a mean that lies there, else the mean.

    The room is five points, less where fewer than the threshold could not lower the mean that far.
    """
    room = min(5, 100 * (threshold - 1) / max(n, 1))
    if mean <= room + 1e-9:
        return room / 2
    return 100 - room / 2 if mean >= 100 - room - 1e-9 else mean


def standard_error(answers: np.ndarray) -> float:
    """Return the standard error of a mean by the answers' own variance; NaN for fewer than two."""
    return float(np.std(answers, ddof=1) / np.sqrt(len(answers))) if len(answers) > 1 else np.nan


def told_error(answers: np.ndarray, spread: float, threshold: int) -> float:
    """Return the standard error that is told: the answers' own from twenty, else (and near an end) that of the shared spread."""
    n = len(answers)
    if n < 2:
        return np.nan
    mean = told(np.mean(answers), n, threshold)
    if n >= 20 and mean == np.mean(answers):
        return standard_error(answers)
    return float(np.sqrt(spread * mean * (100 - mean) / n))


def beta_limits(
    score: pd.Series, se: pd.Series, df: pd.Series, n: pd.Series, shared: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval in percent: beta quantiles with as many answers as would tell the mean as surely."""
    p, z = score / 100, norm.ppf(0.975)
    own = np.where(shared, 1.0, (1 + 1 / df) * (z / student.ppf(0.975, df)) ** 2)
    answers = np.maximum(p * (1 - p) / (se / 100) ** 2 * own, n)
    x = answers * p
    low = beta.ppf(0.025, x + 1 / 3, answers - x + 2 / 3)
    return 100 * low, 100 * beta.ppf(0.975, x + 2 / 3, answers - x + 1 / 3)


def small_unions(counts: np.ndarray, threshold: int) -> Iterator[np.ndarray]:
    """Yield every union of atoms with more than zero and fewer than `threshold` answers, as 0/1 rows."""
    small = np.flatnonzero((counts > 0) & (counts < threshold))
    for size in range(1, threshold):
        for chosen in itertools.combinations(small, size):
            if counts[list(chosen)].sum() < threshold:
                row = np.zeros(len(counts))
                row[list(chosen)] = 1
                yield row


def can_be_worked_out(published: np.ndarray, row: np.ndarray) -> bool:
    """Tell whether a row is a linear combination of the published rows (by rank)."""
    if not len(published):
        return False
    return np.linalg.matrix_rank(np.vstack([published, row])) == np.linalg.matrix_rank(published)
