"""Evidence for initiatives, worked by hand: pairs of organisations, and when there are too few of them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from dimios_core.published.status import Status
from dimios_core.results.evidence.by_kind import find_telling, match_kinds
from dimios_core.results.evidence.by_point import gather_scores, match_points
from dimios_core.results.evidence.estimates import Matched, average_pairs, estimate_evidence
from dimios_core.results.evidence.pairs import Pair, choose_window
from dimios_core.results.scoring.models import Models
from tests.building import one_category

#: a different earlier level per pair: each treated organisation has one obvious match
LEVELS = (20, 35, 50, 65, 80, 5)


def measured(organisation: str, *scores: float | tuple, first_year: int = 2023) -> list[SimpleNamespace]:
    """One organisation's point "a", or its points in order, over the years, published."""
    rows = [score if isinstance(score, tuple) else (score,) for score in scores]
    return [
        SimpleNamespace(
            organisation=organisation, period=str(first_year + n), score_pct=np.array(row, float),
            status=np.array([Status.PUBLISHED] * len(row)),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def initiative(
    organisation: str,
    start: str = "2024-03",
    consent: str = "named",
    validated: bool = True,
    point: str = "a",
    kind: str = "process",
) -> dict:
    return {
        "organisation": organisation, "point": point, "kind": kind, "start": start, "consent": consent,
        "validated": validated,
    }  # fmt: skip


def gather(wholes, points: str):
    model = one_category(points).instrument
    return gather_scores(wholes, Models.of(model, {w.period for w in wholes}))


def estimate(wholes, types, initiatives: pd.DataFrame, points: str = "a") -> pd.DataFrame:
    """The table evidence, of points called by single letters."""
    matched = match_points(gather(wholes, points), types, initiatives)
    return estimate_evidence("evidence", "point", matched)


def estimate_kinds(wholes, types, initiatives: pd.DataFrame, points: str = "a") -> pd.DataFrame:
    """The table evidence_kinds, by kind."""
    scores = gather(wholes, points)
    own, kinds = (match(scores, types, initiatives) for match in (match_points, match_kinds))
    return estimate_evidence("evidence_kinds", "kind", kinds, find_telling(own, kinds)).set_index("kind")


def weigh(differences, initiatives=None):
    """Pairs that differ by these in their change from 2023 to 2025: the others rise by 2."""
    wholes = []
    for n, (level, difference) in enumerate(zip(LEVELS, differences, strict=False)):
        wholes += measured(f"t{n}", level, level, level + 2 + difference)
        wholes += measured(f"c{n}", level + 1, level, level + 3)
    given = initiatives or [initiative(f"t{n}") for n in range(len(differences))]
    types = {w.organisation: "municipality" for w in wholes}
    return estimate(wholes, types, pd.DataFrame(given)).iloc[0]


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


# -- by kind of initiative -----------------------------------------------------------------------------


def two_points(differences, given, spare=()):
    """Six pairs by points a and b: a treated one's points differ by `differences[n]` from its match's, which rise by 2."""
    wholes = []
    for n, (level, (a, b)) in enumerate(zip(LEVELS, differences, strict=True)):
        wholes += measured(f"t{n}", *[(level, level)] * 2, (level + 2 + a, level + 2 + b))
        wholes += measured(f"c{n}", *[(level + 1, level)] * 2, (level + 3, level + 2))
    for name in spare:
        wholes += measured(name, *[(50, 50)] * 3)
    return estimate_kinds(
        wholes, dict.fromkeys({w.organisation for w in wholes}, "region"), pd.DataFrame(given), "ab"
    )


def test_a_kind_is_measured_by_the_points_that_its_initiatives_were_for():
    """Three did something for a, two for b, one for both in the same month: its outcome is the mean of the two."""
    differences = [(6, 0), (8, 0), (5, 0), (0, 7), (0, 6), (3, 5)]
    given = [initiative(f"t{n}") for n in (0, 1, 2, 5)]
    given += [initiative(f"t{n}", point="b") for n in (3, 4, 5)]
    row = two_points(differences, given).loc["process"]
    # 6, 8, 5, 7, 6 and (3 + 5)/2 = 4: mean 6, se sqrt(10/5/6) = 0.5774; 6 -/+ 2.5706 · 0.5774 = 1.484
    assert (row["status"], row["pairs_n"], row["organisations_n"], row["df"]) == ("published", 6, 6, 5)
    assert (row["difference"], row["se"], row["ci_low"], row["ci_high"]) == (6.0, 0.6, 4.5, 7.5)
    assert (row["certainty"], row["rank"]) == ("increase", 1)


def test_every_kind_has_a_row_and_five_pairs_are_too_few():
    given = [initiative(f"t{n}", kind="technology") for n in range(5)] + [initiative("t5", kind="")]
    table = two_points([(3, 3)] * 6, given)
    assert table.index.tolist() == [
        "governance", "organisation", "competence", "process", "technology", "procurement", "cooperation",
    ]  # fmt: skip
    assert set(table["status"]) == {"too_few"}
    row = table.loc["technology"]
    assert (row["pairs_n"], row["organisations_n"]) == (5, 5)
    assert pd.isna(row["difference"])


def test_a_later_initiative_of_the_kind_does_not_count_among_its_points():
    given = [initiative(f"t{n}") for n in range(6)]
    given += [initiative("t0", point="b", start="2024-04")]
    row = two_points([(6, -90), (8, 0), (5, 0), (7, 0), (6, 0), (4, 0)], given).loc["process"]
    assert row["difference"] == 6.0


@pytest.mark.parametrize(
    ("begun", "pairs_n"),
    [
        ({"point": "b"}, 5),  # the same kind, for another point
        ({"point": "a", "kind": "technology"}, 5),  # another kind, for the same point
        ({"point": "b", "kind": "technology"}, 6),  # another kind, for another point
        ({"point": "b", "kind": ""}, 6),  # a kind that is not known, for another point
        ({"point": "a", "kind": ""}, 5),
        ({"point": "b", "start": "2025-12"}, 6),  # after the follow-up's field period
    ],
)
def test_a_match_has_started_nothing_of_the_kind_and_nothing_for_the_points(begun: dict, pairs_n: int):
    given = [initiative(f"t{n}") for n in range(6)] + [initiative("c0", **{"validated": False} | begun)]
    assert two_points([(6, 0)] * 6, given).loc["process", "pairs_n"] == pairs_n


def pair(n: int, *points: str) -> Pair:
    return Pair(f"t{n}", f"c{n}", "region", "2023", "2025", 3.0, 1.0, 50.0, 50.0, points)


@pytest.mark.parametrize(
    ("point", "kind", "telling"),
    [
        (range(7), range(7), False),  # the same pairs
        (range(6), range(7), True),  # one more: its difference is told
        (range(6), range(11), True),  # five more
        (range(6), range(12), False),  # six more
        (range(12), range(6), False),  # half of the point's
        (range(11), range(6), True),  # all but five of the point's
        (range(6), range(3, 9), False),  # neither holds the other
    ],
)
def test_a_kind_is_withheld_where_it_tells_of_fewer_than_six_pairs(point, kind, telling):
    points = {"a": Matched([pair(n, "a") for n in point], 20)}
    kinds = {"process": Matched([pair(n, "a") for n in kind], 20)}
    assert find_telling(points, kinds) == (["process"] if telling else [])
    row = estimate_evidence("evidence_kinds", "kind", kinds, find_telling(points, kinds)).iloc[0]
    assert row["status"] == ("suppressed_complement" if telling else "published")
    assert pd.isna(row["difference"]) == telling


def test_pairs_that_are_measured_otherwise_are_others():
    points = {"a": Matched([pair(n, "a") for n in range(6)], 6)}
    kinds = {"process": Matched([pair(n, "a", "b") for n in range(7)], 7)}
    assert find_telling(points, kinds) == []
