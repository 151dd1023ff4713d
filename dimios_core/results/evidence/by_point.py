"""Pairs by measure point: whoever started an initiative for it, and whoever did not (method 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from dimios_core.published.status import Status
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.evidence.estimates import Matched
from dimios_core.results.evidence.pairs import Scores, list_windows, pair_organisations
from dimios_core.results.scoring.models import Models


def gather_scores(wholes: Sequence[Whole], models: Models) -> dict[str, Scores]:
    """Return point -> organisation -> period -> score, percent; only what is published, and means the same in the latest model."""
    latest = models.latest
    names = {version: models.point_names(version, latest) for version in models.versions}
    found: dict[str, dict[str, dict[str, float]]] = {point: {} for point in names[latest]}
    for whole in wholes:
        for k, point in enumerate(names[models.version_of[whole.period]]):
            if point and whole.status[k] == Status.PUBLISHED:
                found[point].setdefault(whole.organisation, {})[whole.period] = float(whole.score_pct[k])
    return found  # type: ignore[return-value]


def find_counted(initiatives: pd.DataFrame) -> pd.DataFrame:
    """Return the initiatives that count: validated, and with consent."""
    return initiatives[initiatives["validated"].astype(bool) & (initiatives["consent"] != "none")]


def find_starts(initiatives: pd.DataFrame) -> dict[str, str]:
    """Return organisation -> month of its first of these initiatives."""
    starts: dict[str, str] = {}
    for organisation, start in sorted(zip(initiatives["organisation"], initiatives["start"], strict=True)):
        starts.setdefault(organisation, start)
    return starts


def match_points(
    scores: Mapping[str, Scores], types: Mapping[str, str], initiatives: pd.DataFrame
) -> dict[str, Matched]:
    """Pair organisations for every measure point.

    Parameters
    ----------
    scores : mapping
        `gather_scores`.
    types : mapping
        Organisation -> type.
    initiatives : DataFrame
        All stored ones (`dimios_core.actions.initiatives`). Treated are organisations whose initiative is validated
        and has their consent; all others with an initiative for the point are on neither side once it has started.

    Returns
    -------
    dict
        Point -> its pairs, in the model's order.
    """
    counted = find_counted(initiatives)
    return {
        point: _match_point(
            point, own, types, counted[counted["point"] == point], initiatives[initiatives["point"] == point]
        )
        for point, own in scores.items()
    }


def _match_point(
    point: str, scores: Scores, types: Mapping[str, str], counted: pd.DataFrame, alike: pd.DataFrame
) -> Matched:
    """Pair organisations for one point: `counted` of all its initiatives, `alike`."""
    treated, started = find_starts(counted), find_starts(alike)
    windows = list_windows(treated, started, lambda _: scores)
    pairs = pair_organisations(windows, types, lambda _: scores, lambda _: started, lambda _: (point,))
    return Matched(pairs, len(treated))
