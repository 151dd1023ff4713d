"""What a mixed model is asked: its formula, the columns behind it, and who belongs to which group."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.mixed_fit import Factor
from dimios_core.responses.labels import suggest

#: identifiers that are unique only within an organisation
NESTED = ("unit", "respondent")
INTERCEPT = "(Intercept)"
_RANDOM = re.compile(r"^(?:(.+)\|)?\s*(\w+)$")


def read_formula(formula: str) -> tuple[str, list[str]]:
    """Return outcome and terms of `outcome ~ a + b`.

    Raises
    ------
    InputError
        It is not understood.
    """
    outcome, tilde, right = (part.strip() for part in formula.partition("~"))
    terms = [t.strip() for t in right.split("+") if t.strip() not in ("1", "")]
    odd = [t for t in [outcome, *terms] if not re.fullmatch(r"\w+", t)]
    if not tilde or odd:
        what = f"“{formula}” is not understood" + (f": {', '.join(odd)}" if tilde else "")
        raise InputError(
            Problem("formula", what, "write outcome ~ a + b; groups with random effects stand in random=")
        )
    return outcome, terms


def read_random(text: str) -> tuple[list[str], str]:
    """Return slopes and group of `slope | group`, or of a group alone.

    Raises
    ------
    InputError
        It is not understood.
    """
    match = _RANDOM.match(text.strip())
    if match is None:
        raise InputError(Problem("random", f"“{text}” is not understood", "write a group, or slope | group"))
    return [t.strip() for t in (match[1] or "").split("+") if t.strip() not in ("", "1")], match[2]


def find_columns(
    frame: pd.DataFrame, outcome: str, terms: list[str], groups: list[tuple[list[str], str]]
) -> dict[str, np.ndarray]:
    """Return the columns or index levels of all names; units and respondents are named within their organisation.

    Raises
    ------
    InputError
        Names that are not there, all at once, or no group.
    """
    wanted = dict.fromkeys(
        [outcome, *terms, *(s for slopes, _ in groups for s in slopes), *(g for _, g in groups)]
    )
    known = [*map(str, frame.columns), *(str(n) for n in frame.index.names if n)]
    lacking = [name for name in wanted if name not in known]
    if lacking:
        raise InputError(
            [
                Problem("formula", f"there is no {n}{suggest(n, known)}", f"use some of {', '.join(known)}")
                for n in lacking
            ]
        )
    if not groups:
        raise InputError(Problem("random", "no group is named", 'name one, such as ["organisation"]'))
    found = {
        name: (frame[name] if name in frame.columns else frame.index.get_level_values(name)).to_numpy()
        for name in wanted
    }
    if "organisation" in known:
        within = (
            frame["organisation"]
            if "organisation" in frame.columns
            else frame.index.get_level_values("organisation")
        )
        for name in {g for _, g in groups} & set(NESTED):
            pairs = pd.MultiIndex.from_arrays([within, found[name]])
            code, levels = pd.factorize(pairs)
            found[name] = np.array([f"{o}/{v}" for o, v in levels], object)[code]
    return found


def lay_out_design(columns: dict[str, np.ndarray], terms: list[str], n: int) -> tuple[np.ndarray, list[str]]:
    """Return X, float (n, columns), and what its columns are called: text as groups against the first, numbers as they are.

    Raises
    ------
    InputError
        Columns that cannot be told apart.
    """
    parts, names = [np.ones(n)], [INTERCEPT]
    for term in terms:
        values = columns[term]
        if pd.api.types.is_numeric_dtype(values):
            parts.append(np.asarray(values, float))
            names.append(term)
            continue
        levels = sorted(set(values))
        parts += [np.asarray(values == level, float) for level in levels[1:]]
        names += [f"{term}{level}" for level in levels[1:]]
    x = np.column_stack(parts)
    if n <= len(names) or np.linalg.matrix_rank(x.T @ x / n, hermitian=True) < len(names):
        what = f"predictors cannot be told apart: {', '.join(names)}"
        raise InputError(Problem("formula", what, "leave one out"))
    return x, names


def make_factor(columns: dict[str, np.ndarray], slopes: list[str], group: str) -> Factor:
    """Return a group with an intercept and slopes.

    Raises
    ------
    InputError
        It has one group, or one for each row.
    """
    code, levels = pd.factorize(columns[group])
    if not 1 < len(levels) < len(code):
        raise InputError(
            Problem("random", f"{group} has {len(levels)} groups for {len(code)} rows", "leave it out")
        )
    values = np.column_stack([np.ones(len(code)), *(np.asarray(columns[s], float) for s in slopes)])
    return Factor(group, [INTERCEPT, *slopes], [str(v) for v in levels], code, values)
