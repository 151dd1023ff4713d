"""Reports on three organisations of the demo, and facts made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dimios_core.report import OurResult
from dimios_core.report.figures import Comparison, Figure, PeerGroupFact, Position
from dimios_core.report.organisation_facts import Facts
from tests.building import make_instrument
from tests.notebooks.picking import pick_organisations


@pytest.fixture(scope="session")
def open_demo(demo_outputs: Path) -> Callable[[str, str], OurResult]:
    """Open the report on the "typical", "small" or "newcomer" organisation in a language."""
    results = demo_outputs / "results"
    organisations = pick_organisations(results)
    return lambda which, language: OurResult.open(organisations[which], "2026", language, str(results))


GROUP = PeerGroupFact("type:municipality", "type", 39)
PLACE = Position("published", "D", 60.0, 62.0, 4.0, 5.0, 5.0, 4.0, 30.0)


def make_facts(
    points: dict[str, tuple[float, float]] | None = None,
    gaps: dict[str, tuple[float, str]] | None = None,
    changes: dict[str, tuple[float, str]] | None = None,
    *,
    n: int = 40,
    previous: str | None = "2025",
    group: PeerGroupFact | None = GROUP,
    position: Position | None = PLACE,
) -> Facts:
    """Facts by hand: point -> (score, don't-know share), key -> (gap, certainty), key -> (change, certainty)."""
    points = points or {"a": (60.0, 0.1)}
    instrument = make_instrument(dict.fromkeys(points, "c1"), {"c1": "across", "c2": "up"}, quadrants=True)
    figures = {
        ("point", k): Figure("point", k, "published", s, s - 3, s + 3, "", n, 1, share)
        for k, (s, share) in points.items()
    }
    figures["maturity", "maturity"] = Figure(
        "maturity", "maturity", "published", 55.0, 51.0, 59.0, "", n, len(points)
    )

    def level_of(key: str) -> str:
        return "maturity" if key == "maturity" else "point"

    return Facts(
        organisation={
            "id": "x",
            "name": "X",
            "type": "municipality",
            "threshold": 5,
            "periods": ["2025", "2026"],
        },
        instrument=instrument,
        period="2026",
        previous=previous,
        group=group,
        groups=(group,) if group else (),
        figures=figures,
        gaps={
            (level_of(k), k): Comparison("published", v, v - 2, v + 2, word, 6.0, 50.0)
            for k, (v, word) in (gaps or {}).items()
        },
        changes={
            (level_of(k), k): Comparison("published", v, v - 2, v + 2, word, 6.0)
            for k, (v, word) in (changes or {}).items()
        },
        position=position,
        response=(40, 60, 0.667, "60-79"),
        demo_label=None,
    )
