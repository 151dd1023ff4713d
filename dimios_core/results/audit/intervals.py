"""Audit of intervals and words: each is what its difference, standard error and degrees of freedom give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import stdtr, stdtrit

from dimios_core.families import adjust_holm
from dimios_core.published.conventions import ALL, CERTAINTY_N_MIN
from dimios_core.results.audit.grid import HALF_UNIT, Fault
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.scoring.intervals import CONFIDENCE, FEW_N, POWER

#: an interval that goes the whole way round a number of this size was cut there, percent
ENDS_PCT = (0.0, 100.0)
ALPHA = 1 - CONFIDENCE


def check_intervals(
    table: Sheet,
    value: str,
    about: Sequence[str],
    ends: tuple[str, str] = ("ci_low", "ci_high"),
    *,
    clipped: bool = False,
    error: bool = True,
) -> Iterator[Fault]:
    """Check `value ± t(df)·se` in every published row.

    Parameters
    ----------
    table : Sheet
    value : str
        Column that the interval goes round.
    about : sequence of str
        Columns that a fault names.
    ends : pair of str, optional
    clipped : bool, optional
        Ends are cut at 0 and 100.
    error : bool, optional
        Columns se and df belong to the interval.
    """
    shown = table.shown
    if not len(shown):
        return
    x, low, high = (shown.number(n) for n in (value, *ends))
    with np.errstate(invalid="ignore"):
        wrong = (np.isnan(low) != np.isnan(high)) | (low > x + HALF_UNIT) | (high < x - HALF_UNIT)
        if clipped:
            wrong |= (low < ENDS_PCT[0]) | (high > ENDS_PCT[1])
        cut = clipped & ((low <= ENDS_PCT[0]) | (high >= ENDS_PCT[1]))
        wrong |= ~cut & (np.abs(low + high - 2 * x) > 4 * HALF_UNIT)
        yield from _tell(shown, wrong, about, f"{ends[0]} and {ends[1]} do not belong to {value}")
        if not error:
            return
        half = np.where(cut, np.fmax(x - low, high - x), (high - low) / 2)
        yield from _tell(
            shown, ~cut & _off_error(shown, half), about, "a standard error that its interval does not give"
        )
        if "detectable" in shown:
            df = shown.number("df")
            # degrees of freedom are rounded, too, and few of them make wide intervals
            lower, wanted, upper = (half * _reach(np.maximum(df + d, 1)) for d in (-HALF_UNIT, 0, HALF_UNIT))
            wrong = np.abs(shown.number("detectable") - wanted) > HALF_UNIT * 2.5 + np.abs(upper - lower)
            yield from _tell(shown, wrong, about, "a detectable difference that its interval does not give")
        if "n" in shown and "se" in shown:
            n, se = shown.number("n"), shown.number("se")
            yield from _tell(shown, (n < FEW_N) & ~np.isnan(se), about, "a standard error behind few answers")
            lost = (n >= FEW_N) & np.isnan(se) & ~np.isnan(low)
            yield from _tell(shown, lost, about, "a standard error is missing")


def _off_error(shown: Sheet, half: np.ndarray) -> np.ndarray:
    """Where t(df)·se is not half of the interval, within what rounding leaves open."""
    se, df = shown.number("se"), shown.number("df")
    low, high = _t(df + HALF_UNIT), _t(np.maximum(df - HALF_UNIT, 1.0))
    return (
        (half + HALF_UNIT < low * (se - HALF_UNIT)) | (half - HALF_UNIT > high * (se + HALF_UNIT)) | (df < 1)
    )


def check_words(
    table: Sheet, value: str, about: Sequence[str], family: Sequence[str], n: str | None = "n"
) -> Iterator[Fault]:
    """Check words of certainty: Holm's method over families, on p-values within what rounding leaves open.

    Parameters
    ----------
    family : sequence of str
        Columns whose equal values make a family; `group_kind` is whole, roles, units, or units × roles.
    n : str or None
        Column of respondents; fewer than eight are told nothing. None where it is not told.
    """
    shown = table.shown
    if not len(shown):
        return
    x, half, df = (
        shown.number(value),
        (shown.number("ci_high") - shown.number("ci_low")) / 2,
        shown.number("df"),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        t = _t(df)
        most = 2 * stdtr(df, -np.fmax(np.abs(x) - HALF_UNIT, 0) * t / (half + HALF_UNIT) * 0.999)
        least = 2 * stdtr(df, -(np.abs(x) + HALF_UNIT) * t / np.fmax(half - HALF_UNIT, 1e-9) * 1.001)
    number = _families(shown, family)
    adjusted = [_adjust(p, number) for p in (least, most)]
    rises, certain = shown.are("certainty", "increase"), shown.are("certainty", "increase", "decrease")
    unknown = shown.are("certainty", "unknown")
    wrong = certain & (adjusted[0] >= ALPHA) | certain & (np.where(rises, x, -x) < -HALF_UNIT)
    wrong |= shown.are("certainty", "none") & (adjusted[1] < ALPHA)
    if n is not None:
        few = shown.number(n) < CERTAINTY_N_MIN
        wrong |= few & ~unknown | (~few & ~np.isnan(half) & unknown)
    wrong |= np.isnan(half) & ~unknown
    yield from _tell(shown, wrong, about, "a word of certainty that its interval does not give")


def _families(shown: Sheet, family: Sequence[str]) -> np.ndarray:
    number, _ = shown.group(*(n for n in family if n != "group_kind"))
    if "group_kind" in family:
        number = 4 * number + 2 * ~shown.are("unit", ALL) + ~shown.are("role", ALL)
    return number


def _adjust(p: np.ndarray, family: np.ndarray) -> np.ndarray:
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(family, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(family[order])) + 1):
        adjusted[rows] = adjust_holm(p[rows])
    return adjusted


def _reach(df: np.ndarray) -> np.ndarray:
    """The smallest detectable difference, in half widths of an interval."""
    return 1 + _t(df, POWER) / _t(df)


def _t(df: np.ndarray, level: float = 0.5 + CONFIDENCE / 2) -> np.ndarray:
    each, again = np.unique(df, return_inverse=True)
    return stdtrit(np.where(each >= 1, each, np.nan), level)[again].reshape(df.shape)


def _tell(shown: Sheet, wrong: np.ndarray, about: Sequence[str], what: str) -> Iterator[Fault]:
    for period, row in shown.told(wrong, [n for n in about if n in shown]):
        yield period, " ".join(map(str, row)), what
