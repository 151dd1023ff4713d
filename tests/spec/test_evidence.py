"""Evidence for initiatives, worked by hand: pairs of organisations, and when there are too few of them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from dimios_core.published.status import Status
from dimios_core.results.evidence.estimates import average_pairs, choose_window, estimate_evidence
from tests.building import one_category

#: a different earlier level per pair: each treated organisation has one obvious match
LEVELS = (20, 35, 50, 65, 80, 5)


def measured(organisation: str, *scores: float, first_year: int = 2023) -> list[SimpleNamespace]:
    """One organisation's point "a" over the years, published."""
    return [
        SimpleNamespace(
            organisation=organisation, period=str(first_year + n), score_pct=np.array([score]),
            status=np.array([Status.PUBLISHED]),
        )
        for n, score in enumerate(scores)
    ]  # fmt: skip


def initiative(
    organisation: str, start: str = "2024-03", consent: str = "named", validated: bool = True
) -> dict:
    return {
        "organisation": organisation, "point": "a", "start": start, "consent": consent, "validated": validated,
    }  # fmt: skip


def weigh(differences, initiatives=None):
    """Pairs that differ by these in their change from 2023 to 2025: the others rise by 2."""
    wholes = []
    for n, (level, difference) in enumerate(zip(LEVELS, differences, strict=False)):
        wholes += measured(f"t{n}", level, level, level + 2 + difference)
        wholes += measured(f"c{n}", level + 1, level, level + 3)
    given = initiatives or [initiative(f"t{n}") for n in range(len(differences))]
    types = {w.organisation: "municipality" for w in wholes}
    return estimate_evidence(wholes, types, pd.DataFrame(given), one_category("a")).iloc[0]


def test_mean_of_pair_differences():
    mean, se, df, low, high = average_pairs([3, 7, -2, 6, 1])
    assert (mean, df) == (3.0, 4)
    assert se == pytest.approx(1.643168, abs=1e-6)
    assert (low, high) == (pytest.approx(-1.562, abs=5e-4), pytest.approx(7.562, abs=5e-4))


def test_five_pairs_are_too_few():
    row = weigh([3, 7, -2, 6, 1])
    assert (row["status"], row["pairs_n"], row["organisations_n"]) == ("too_few", 5, 5)
    figures = ["difference", "se", "df", "ci_low", "ci_high", "hc3_difference", "hc3_low", "hc3_high", "rank"]
    assert row[figures].isna().all()
    assert row["certainty"] == "unknown"


def test_six_pairs_are_enough():
    # 3, 7, -2, 6, 1, 3: mean 3, sum of squares 0+16+25+9+4+0 = 54, se sqrt(54/5/6) = 1.3416, t(5; .975) = 2.5706
    row = weigh([3, 7, -2, 6, 1, 3])
    assert (row["status"], row["pairs_n"], row["df"]) == ("published", 6, 5)
    assert (row["difference"], row["se"]) == (3.0, 1.3)
    assert (row["ci_low"], row["ci_high"]) == (-0.4, 6.4)
    assert row["certainty"] == "none"
    assert pd.isna(row["rank"])


def test_a_clear_difference_is_ranked():
    # 6, 8, 5, 7, 6, 4: mean 6, se sqrt(10/5/6) = 0.5774; 6 -/+ 1.484
    row = weigh([6, 8, 5, 7, 6, 4])
    assert (row["difference"], row["ci_low"], row["ci_high"]) == (6.0, 4.5, 7.5)
    assert (row["certainty"], row["rank"]) == ("increase", 1)


@pytest.mark.parametrize("fault", [{"validated": False}, {"consent": "none"}])
def test_who_is_not_validated_or_does_not_consent_is_on_neither_side(fault: dict):
    """Six did something; one does not count, and is no match for another either."""
    given = [initiative(f"t{n}") for n in range(5)] + [initiative("t5", **fault)]
    row = weigh([6, 8, 5, 7, 6, 4], given)
    assert (row["status"], row["pairs_n"], row["organisations_n"]) == ("too_few", 5, 5)


@pytest.mark.parametrize(
    ("start", "window"),
    [
        # spring is February to May, autumn August to November
        ("2025-05", None),  # still in the field
        ("2025-06", ("2025-1", "2026-1")),
        ("2025-08", ("2025-1", "2026-1")),  # six months to February
        ("2025-09", ("2025-1", "2026-2")),  # five
        ("2026-02", ("2025-1", "2026-2")),
        ("2026-03", None),
    ],
)
def test_start_lies_after_the_baseline_and_six_months_before_the_follow_up(start, window):
    assert choose_window(start, ["2025-1", "2026-1", "2026-2"]) == window


@pytest.mark.parametrize(
    ("start", "window"),
    [
        # a plain year may have been measured from February to November
        ("2023-11", None),
        ("2023-12", ("2023", "2025")),
        ("2024-08", ("2023", "2025")),
        ("2024-09", ("2023", "2026")),
        ("2024-12", ("2024", "2026")),
        ("2025-09", None),
    ],
)
def test_plain_years(start, window):
    assert choose_window(start, ["2023", "2024", "2025", "2026"]) == window
