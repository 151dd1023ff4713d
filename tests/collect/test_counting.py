"""Counts that are told: none below five, and none that follows from the others."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dimios_core.collect.counting import LIMIT, gather, tell_counts

GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12).map(lambda n: (12, n)), min_size=1)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(GROUPS)
def test_no_hidden_count_follows_from_the_whole(groups):
    told = {count.key: count.submitted_n for count in tell_counts(groups)}
    hidden = [groups[key][1] for key, n in told.items() if n is None]
    assert all(groups[key][1] == n for key, n in told.items() if n is not None)
    assert all(n >= LIMIT for n in told.values() if n is not None)
    if hidden and len(hidden) < len(groups):
        assert len(hidden) > 1 and sum(hidden) >= LIMIT


def test_groups_are_added_up_by_unit_and_by_role():
    rows = [("care", "r1", 10, 7), ("care", "r2", 3, 1), ("school", "r1", 4, 4)]
    assert gather(rows, 0) == {"care": (13, 8), "school": (4, 4)}
    assert gather(rows, 1) == {"r1": (14, 11), "r2": (3, 1)}
