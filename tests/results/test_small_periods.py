"""Which periods the audit takes for too small for any figure of many."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from dimios_core.results.audit.benchmarks import find_small_periods


def make_public(counted: dict[str, list[int]], periods: list[str]) -> SimpleNamespace:
    rows = [(period, n) for period, own in counted.items() for n in own]
    return SimpleNamespace(
        participation=pd.DataFrame(rows, columns=["period", "organisations_n"]).astype(
            {"period": "category"}
        ),
        benchmarks=pd.DataFrame({"period": periods}).astype("category"),
    )


def test_organisations_of_all_groups_are_counted_together() -> None:
    assert find_small_periods(make_public({"2025": [3, 2], "2026": [3, 1]}, ["2025", "2026"])) == {"2026"}


def test_a_period_in_which_nobody_has_a_whole_result_is_small() -> None:
    assert find_small_periods(make_public({"2026": [60]}, ["2026", "2026-1"])) == {"2026-1"}
