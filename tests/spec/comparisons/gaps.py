"""Gaps of fourteen organisations to the mean of the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dimios_core.results.scoring.compare import PeerSums, gap_to_peers
from dimios_core.results.scoring.linearise import score_groups
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.people import all_usable, in_order, members_by, model_columns, respondents_of

SUBJECT = "Gaps to peers"
REFERENCE = (
    "survey 4.1-1: a svydesign for each organisation; V = se² + Σ se²/M² and Satterthwaite's df by hand"
)


def compare() -> Iterator[Comparison]:
    """Every level of every organisation."""
    people, figures, columns = read_data("organisations"), read_figures("gaps"), model_columns()
    names, members = members_by(people["organisation"])
    scores = score_groups(respondents_of(people, columns), members, all_usable(members, columns), columns)
    own = scores.score_pct, scores.floored_se, scores.df.astype(float)
    peers = PeerSums.of(*own).without(*own)
    wanted = [in_order(figures[figures["organisation"] == name], columns) for name in names]
    for name, found, r in zip(
        ("gap", "standard error", "df"), gap_to_peers(*own, peers), ("gap", "se", "df"), strict=True
    ):
        both = found.ravel(), np.concatenate([w[r] for w in wanted])
        yield Comparison(SUBJECT, f"{len(names)} organisations", REFERENCE, name, *both)
