"""Counts that are told: none below five, and none that follows from the others."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dimios_core.collect.counting import LIMIT, gather, tell_counts

GROUP = st.integers(1, 12).flatmap(lambda invited_n: st.tuples(st.just(invited_n), st.integers(0, invited_n)))
GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), GROUP, min_size=1)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(GROUPS)
def test_no_hidden_count_follows_from_the_whole(groups):
    told = {count.key: count.submitted_n for count in tell_counts(groups)}
    hidden = [groups[key][1] for key, n in told.items() if n is None]
    assert all(groups[key][1] == n for key, n in told.items() if n is not None)
    assert all(n >= LIMIT for n in told.values() if n is not None)
    if hidden and len(hidden) < len(groups):
        assert len(hidden) > 1 and sum(hidden) >= LIMIT
        caps = [range(groups[key][0] + 1) for key, n in told.items() if n is None]
        left = sum(hidden)
        for at, own in enumerate(caps):
            others = sum(cap[-1] for other, cap in enumerate(caps) if other != at)
            assert len([n for n in own if 0 <= left - n <= others]) > 1


def test_a_hidden_count_does_not_follow_from_how_many_were_invited():
    """All nine of a and b have answered: so four of a, and five of b."""
    told = tell_counts({"a": (4, 4), "b": (5, 5), "c": (9, 7), "d": (9, 8)})
    assert [count.submitted_n for count in told] == [None, None, None, 8]


def test_groups_are_added_up_by_unit_and_by_role():
    rows = [("care", "r1", 10, 7), ("care", "r2", 3, 1), ("school", "r1", 4, 4)]
    assert gather(rows, 0) == {"care": (13, 8), "school": (4, 4)}
    assert gather(rows, 1) == {"r1": (14, 11), "r2": (3, 1)}
