"""Golden facts and sentences of three organisations in both languages.

The numbers in them are checked against results/ elsewhere (tests/notebooks); these files hold what is said.
A missing file is written and fails: read it before you commit it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from dimios_core.report import OurResult
from dimios_core.report.organisation_facts import find_recommendations
from dimios_core.report.pages.our_result.findings import (
    find_changes,
    find_ends,
    find_headline,
    find_rows,
    find_strengths,
    find_unknowns,
    find_weaknesses,
)

GOLDEN = Path(__file__).parent / "golden"


def facts_of(report: OurResult) -> dict:
    """Language-free facts, points left to the read-back tests."""
    facts = report.facts
    return {
        "organisation": facts.organisation["id"],
        "previous": facts.previous,
        "group": asdict(facts.group) if facts.group else None,
        "response": list(facts.response) if facts.response else None,
        "placement": facts.position.placement if facts.position else None,
        "figures": {
            f"{level}/{key}": [f.status, f.score, f.low, f.high, f.n]
            for (level, key), f in facts.figures.items()
            if level in ("maturity", "dimension", "category")
        },
        "certain_gaps": sorted(f"{k[0]}/{k[1]} {g.certainty}" for k, g in facts.gaps.items() if g.certain),
        "certain_changes": sorted(
            f"{k[0]}/{k[1]} {c.certainty}" for k, c in facts.changes.items() if c.certain
        ),
    }


def sentences_of(report: OurResult) -> dict:
    facts, tell = report.facts, report.narrator.tell
    return {
        "response": report.response(),
        "headline": [tell(f) for f in find_headline(facts)],
        "build": tell(find_strengths(facts)),
        "deal": tell(find_weaknesses(facts)),
        "talk": tell(find_unknowns(facts)),
        "categories": tell(find_rows(facts, "category")),
        "points": tell(find_rows(facts, "point")),
        "ends": [tell(f) for f in find_ends(facts)],
        "changes": [tell(f) for f in find_changes(facts)],
        "recommendation": find_recommendations(facts),
    }


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", ["typical", "small", "newcomer"])
def test_facts_and_sentences(open_demo, which, language):
    report = open_demo(which, language)
    said = {"facts": facts_of(report), "sentences": sentences_of(report)}
    path = GOLDEN / f"{which}-{language}.json"
    if not path.exists():
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written: read it, then commit it")
    assert said == json.loads(path.read_text(encoding="utf-8"))


def test_both_languages_rest_on_the_same_facts(open_demo):
    for which in ("typical", "small", "newcomer"):
        assert facts_of(open_demo(which, "sv")) == facts_of(open_demo(which, "en"))
