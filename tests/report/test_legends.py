"""A chart's key tells of what is drawn, and of nothing else."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("which", ["typical", "small", "newcomer"])
def test_bold_is_told_of_where_something_is_bold(open_demo, which):
    charts = open_demo(which, "sv").charts
    for name in ("categories", "points", "dont_know"):
        words = [
            a["text"]
            for a in charts[name].wide["layout"]["annotations"]
            if a["xanchor"] == "right" and a["x"] == 1
        ]
        assert ("Fet" in charts[name].key) == any(w.startswith("<b>") for w in words), name


def test_some_keys_tell_of_bold_and_some_do_not(open_demo):
    charts = open_demo("typical", "sv").charts
    # the largest gaps are certain; no change since the measurement before is
    assert "Fet" in charts["points"].key and "Fet" not in charts["history"].key
