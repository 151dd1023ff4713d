"""A measurement model as matrices: from parameters to covariances and means, and how these move with each parameter.

`Σ = Λ A Ψ A' Λ' + Θ` and `μ = ν + Λ A α`, with `A = (I − B)⁻¹` (Jöreskog 1973). The factors' variances are 1 (in the first
group, where groups have the same loadings), their means 0 (likewise, where intercepts are the same).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dimios_core.research.structure import Structure

#: what groups may have in common, in lavaan's words
EQUAL = ("loadings", "intercepts", "residuals")
_MATRICES = ("loading", "above", "latent", "residual", "intercept", "mean")


@dataclass(frozen=True)
class Parameter:
    """A free parameter: in which matrix and place it stands, in which groups, and what it is called.

    Attributes
    ----------
    matrix : str
        "loading", "above", "latent", "residual", "intercept" or "mean".
    row, column : int
    groups : tuple of int
    name : str
        In lavaan's words: `f=~a`, `a~~a`, `a~1`.
    """

    matrix: str
    row: int
    column: int
    groups: tuple[int, ...]
    name: str


@dataclass(frozen=True)
class FactorModel:
    """A structure in some groups.

    Attributes
    ----------
    structure : Structure
    groups_n : int
    parameters : list of Parameter
    """

    structure: Structure
    groups_n: int
    parameters: list[Parameter]

    def matrices(self, theta: np.ndarray, group: int) -> dict[str, np.ndarray]:
        """Return the matrices of a group; parameters in the order of `parameters`."""
        p, m = len(self.structure.points), len(self.structure.latent)
        shapes = ((p, m), (m, m), (m, m), (p, p), (p, 1), (m, 1))
        found = {name: np.zeros(shape) for name, shape in zip(_MATRICES, shapes, strict=True)}
        np.fill_diagonal(found["latent"], 1.0)
        for value, parameter in zip(theta, self.parameters, strict=True):
            if group in parameter.groups:
                matrix = found[parameter.matrix]
                matrix[parameter.row, parameter.column] = value
                if parameter.matrix in ("latent", "residual"):
                    matrix[parameter.column, parameter.row] = value
        return found

    def factor_covariance(self, theta: np.ndarray, group: int) -> np.ndarray:
        """Covariances of all factors."""
        m = self.matrices(theta, group)
        a = np.linalg.inv(np.eye(len(m["above"])) - m["above"])
        return a @ m["latent"] @ a.T

    def implied(self, theta: np.ndarray, group: int) -> tuple[np.ndarray, np.ndarray]:
        """Means (points,) and covariances (points, points) that the model gives a group."""
        m = self.matrices(theta, group)
        a = np.linalg.inv(np.eye(len(m["above"])) - m["above"])
        la = m["loading"] @ a
        return (m["intercept"] + la @ m["mean"])[:, 0], la @ m["latent"] @ la.T + m["residual"]

    def slopes(self, theta: np.ndarray, group: int) -> tuple[np.ndarray, np.ndarray]:
        """How a group's means and covariances move: arrays (parameters, points) and (parameters, points, points)."""
        m = self.matrices(theta, group)
        p, k = m["loading"].shape
        a = np.linalg.inv(np.eye(k) - m["above"])
        la = m["loading"] @ a
        covariance, mean = a @ m["latent"] @ a.T, (a @ m["mean"])[:, 0]
        across = covariance @ m["loading"].T
        d_mean, d_cov = np.zeros((len(theta), p)), np.zeros((len(theta), p, p))
        for at, one in enumerate(self.parameters):
            if group not in one.groups:
                continue
            i, j = one.row, one.column
            if one.matrix == "loading":
                d_cov[at, i] += across[j]
                d_cov[at, :, i] += across[j]
                d_mean[at, i] = mean[j]
            elif one.matrix == "above":
                part = np.outer(la[:, i], across[j])
                d_cov[at] = part + part.T
                d_mean[at] = la[:, i] * mean[j]
            elif one.matrix == "latent":
                part = np.outer(la[:, i], la[:, j])
                d_cov[at] = part if i == j else part + part.T
            elif one.matrix == "residual":
                d_cov[at, i, j] = d_cov[at, j, i] = 1.0
            elif one.matrix == "intercept":
                d_mean[at, i] = 1.0
            else:
                d_mean[at] = la[:, i]
        return d_mean, d_cov


def build_model(structure: Structure, groups_n: int = 1, equal: Collection[str] = ()) -> FactorModel:
    """Lay out the free parameters of a structure.

    Parameters
    ----------
    equal : collection of {"loadings", "intercepts", "residuals"}
        What all groups have in common. With equal loadings the factors' variances are free from the second group on,
        with equal intercepts their means.
    """
    points = {p: i for i, p in enumerate(structure.points)}
    latent = {f: i for i, f in enumerate(structure.latent)}
    every = tuple(range(groups_n))
    found: list[Parameter] = []

    def free(matrix: str, row: int, column: int, name: str, same: bool, start: int = 0) -> None:
        where = [every] if same and not start else [(g,) for g in every[start:]]
        found.extend(Parameter(matrix, row, column, groups, name) for groups in where)

    for factor, parts in structure.factors.items():
        for p in parts:
            free("loading", points[p], latent[factor], f"{factor}=~{p}", "loadings" in equal)
    for factor, parts in structure.above.items():
        for part in parts:
            free("above", latent[part], latent[factor], f"{factor}=~{part}", False)
    below = {f for parts in structure.above.values() for f in parts}
    apart = {frozenset(pair) for pair in structure.apart}
    for one, other in combinations([f for f in structure.latent if f not in below], 2):
        if frozenset((one, other)) not in apart:
            free("latent", latent[one], latent[other], f"{one}~~{other}", False)
    for point, i in points.items():
        free("residual", i, i, f"{point}~~{point}", "residuals" in equal)
        free("intercept", i, 0, f"{point}~1", "intercepts" in equal)
    for one, other in structure.together:
        free("residual", points[one], points[other], f"{one}~~{other}", "residuals" in equal)
    if "loadings" in equal:
        for factor, i in latent.items():
            free("latent", i, i, f"{factor}~~{factor}", False, start=1)
    if "intercepts" in equal:
        for factor, i in latent.items():
            free("mean", i, 0, f"{factor}~1", False, start=1)
    return FactorModel(structure, groups_n, found)


def start_values(model: FactorModel, means: list[np.ndarray], covariances: list[np.ndarray]) -> np.ndarray:
    """Where to begin, for points of about unit variance: each factor by the largest principal axis of its points."""
    points = model.structure.points
    loading: dict[str, float] = {}
    for factor, own in model.structure.factors.items():
        at = [points.index(p) for p in own]
        values, vectors = np.linalg.eigh(np.mean(covariances, axis=0)[np.ix_(at, at)])
        axis = vectors[:, -1] * np.sign(vectors[:, -1].sum() or 1.0)
        size = np.sqrt(max(values[-1] - 0.5, 0.3)) if len(own) > 1 else 0.8
        loading |= {
            f"{factor}=~{p}": float(np.clip(a * size, -0.9, 0.9)) for p, a in zip(own, axis, strict=True)
        }
    theta = []
    for one in model.parameters:
        group = one.groups[0]
        if one.matrix == "loading":
            theta.append(loading[one.name])
        elif one.matrix == "above":
            theta.append(1.0)
        elif one.matrix == "residual":
            theta.append(0.5 * covariances[group][one.row, one.row] if one.row == one.column else 0.0)
        elif one.matrix == "latent":
            theta.append(1.0 if one.row == one.column else 0.3)
        else:
            theta.append(float(means[group][one.row]) if one.matrix == "intercept" else 0.0)
    return np.array(theta)
