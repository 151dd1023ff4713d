"""Joining a research package with published results: organisations by means, units by integer programming.

Nothing but files that readers get is read: an organisation's scores, and tables of a package. Numbers of people count as known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

LOWEST, HIGHEST = 1, 5
SECONDS = 5.0


@dataclass(frozen=True)
class Claim:
    """What an attacker says of one person: the only one of a role in a unit.

    Attributes
    ----------
    organisation, period, unit, role : str
    answers : Series
        Question -> answer, NaN where nothing is claimed.
    """

    organisation: str
    period: str
    unit: str
    role: str
    answers: pd.Series


@dataclass(frozen=True)
class Attack:
    """How far an attacker came: package organisation -> organisation, units tried and solved, people opened."""

    linked: dict[str, str]
    tried: int
    solved: int
    claims: list[Claim]


def read_package(*folders: Path) -> pd.DataFrame:
    """Read records of packages, each answer pattern once in a period: package, organisation, period, role, then questions."""
    parts = []
    for n, folder in enumerate(folders):
        data = folder / "data"
        people = pd.read_csv(data / "respondents.csv", dtype=str, keep_default_na=False)
        answers = pd.read_csv(data / "answers.csv", dtype={"period": str})
        wide = answers.pivot_table("answer", ["respondent", "period"], "item").reset_index()
        organisation = people["organisation"].where(
            people["organisation"] == "", f"{n}:" + people["organisation"]
        )
        parts.append(people.assign(organisation=organisation).merge(wide, on=["respondent", "period"]))
    return pd.concat(parts, ignore_index=True)


def read_scores(results: Path) -> dict[str, pd.DataFrame]:
    """Read the published scores of points of all organisations, with `total`: the sum of answers that a mean stands for."""
    found = {}
    for path in sorted(results.glob("organisation=*/scores.parquet")):
        scores = pd.read_parquet(path)
        texts = ["period", "unit", "role", "level", "key", "status", "bound"]
        scores = scores.astype(dict.fromkeys(texts, str))
        shown = scores[(scores["level"] == "point") & (scores["status"] == "published")]
        shown = shown[~shown["bound"].isin(["at_least", "at_most"])]
        mean = LOWEST + shown["score"] / 100 * (HIGHEST - LOWEST)
        found[path.parent.name.removeprefix("organisation=")] = shown.assign(
            total=(shown["n"] * mean).round()
        )
    return found


def link_organisations(records: pd.DataFrame, scores: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Link each organisation of a package to the one whose published means are nearest, in standard errors."""
    points = [c for c in records if c in set.union(*(set(s["key"]) for s in scores.values()))]
    known = {
        o: s[(s["unit"] == "*") & (s["role"] == "*")].pivot_table("score", "period", "key")
        for o, s in scores.items()
    }
    linked = {}
    for pseudonym, own in records[records["organisation"] != ""].groupby("organisation"):
        grouped = own.groupby("period")[points]
        mean, n = (grouped.mean() - LOWEST) * 100 / (HIGHEST - LOWEST), grouped.count()
        distance = {}
        for organisation, published in known.items():
            gap = (mean - published.reindex(index=mean.index, columns=points)) ** 2 * (n + 1) / 25**2
            distance[organisation] = np.nanmean(gap.to_numpy())
        linked[str(pseudonym)] = min(distance, key=lambda o: distance[o])
    return linked


def attack(
    records: pd.DataFrame,
    scores: Mapping[str, pd.DataFrame],
    people: Mapping[tuple[str, str], Mapping[tuple[str, str], int]],
    linked: Mapping[str, str] | None = None,
) -> Attack:
    """Solve every unit of every organisation that a package's is linked to, and claim who is alone in a role of it.

    Parameters
    ----------
    records : DataFrame
        As `read_package` returns them.
    scores : mapping
        As `read_scores` returns them.
    people : mapping
        (organisation, period) -> (unit, role) -> how many people are there.
    linked : mapping, optional
        Organisations of the package that the attacker knows; else they are linked by means.
    """
    linked = dict(linked) if linked is not None else link_organisations(records, scores)
    tried, solved, claims = 0, 0, []
    for organisation in sorted(set(linked.values())):
        mine = records["organisation"].map(linked).eq(organisation) | records["organisation"].eq("")
        for period, pool in records[mine].groupby("period"):
            shown = scores[organisation]
            shown = shown[shown["period"] == period]
            cells = people[organisation, str(period)]
            for unit in sorted({u for u, _ in cells} & set(shown["unit"])):
                roles = {r: n for (u, r), n in cells.items() if u == unit}
                found = solve_unit(pool, shown[shown["unit"] == unit], roles)
                tried += 1
                solved += found is not None and len(found) == sum(roles.values())
                if found is not None:
                    told = _claim(pool.loc[found], shown[shown["unit"] == unit], roles)
                    claims += [Claim(organisation, str(period), unit, role, a) for role, a in told]
    return Attack(linked, tried, solved, claims)


def solve_unit(pool: pd.DataFrame, shown: pd.DataFrame, roles: Mapping[str, int]) -> pd.Index | None:
    """Find the records of a unit's people: all of them, or all but one, in the only way there is.

    Whoever is not found answered something on the scale. So what is left of a published sum lies between the lowest and
    the highest answer, times the answers that are left.

    Returns
    -------
    Index or None
        Labels of records in `pool`; None where nothing, or more than one thing, fits.
    """
    pool = pool[pool["role"].isin([*roles, ""])]
    people_n = sum(roles.values())
    if len(pool) < people_n - 1:
        return None
    rows, low, high = [], [], []
    for row in shown.itertuples():
        inside = pool["role"].eq(row.role) if row.role != "*" else pd.Series(True, index=pool.index)
        given = pool[row.key].where(inside)
        n, total = given.notna().to_numpy(float), given.fillna(0).to_numpy()
        # the n answers' sum is found + left, and lowest · n left <= left <= highest · n left
        rows += [n, total - LOWEST * n, total - HIGHEST * n]
        low += [0, -np.inf, row.total - HIGHEST * row.n]
        high += [row.n, row.total - LOWEST * row.n, np.inf]
    for role, n in roles.items():
        rows.append(pool["role"].eq(role).to_numpy(float))
        low.append(0)
        high.append(n)
    rows.append(np.ones(len(pool)))
    base = np.array(rows), np.array([*low, people_n], float), np.array([*high, people_n], float)
    first = _solve(*base)
    if first is None:
        base[1][-1] = base[2][-1] = people_n - 1
        first = _solve(*base)
    if first is None:
        return None
    # another set of as many people that fits as well?
    matrix, lower, upper = base
    other = np.vstack([matrix, first]), np.append(lower, 0), np.append(upper, first.sum() - 1)
    return pool.index[first > 0.5] if _solve(*other) is None else None


def _solve(matrix: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
    size = matrix.shape[1]
    done = milp(
        -np.ones(size), constraints=LinearConstraint(matrix, low, high), integrality=np.ones(size),
        bounds=Bounds(0, 1), options={"time_limit": SECONDS},
    )  # fmt: skip
    return None if done.x is None else done.x.round()


def _claim(
    found: pd.DataFrame, shown: pd.DataFrame, roles: Mapping[str, int]
) -> Iterator[tuple[str, pd.Series]]:
    """Say what those answered who are alone in their role: a record's answers, or what is left of the sums."""
    points = sorted(set(shown["key"]))
    for role, n in roles.items():
        own = found[found["role"] == role]
        if n == 1 and len(own) == 1:
            yield role, own[points].iloc[0].astype(float)
        if n == 1 and own.empty and len(found) == sum(roles.values()) - 1 and found["role"].ne("").all():
            whole = shown[shown["role"] == "*"].set_index("key").reindex(points)
            left = whole["n"] - found[points].count()
            yield role, (whole["total"] - found[points].sum()).where(left == 1)
