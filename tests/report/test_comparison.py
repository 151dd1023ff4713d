"""Jämförelse: levels and differences follow from what is published by name, and nobody else is compared."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from dimios_core.errors import InputError
from dimios_core.report import Comparison
from dimios_core.report.pages.comparison.facts import Chosen, Pair
from dimios_core.report.pages.comparison.findings import find_parts
from tests.notebooks.reading import tables_of

THREE = "oxtuna almvik region-almland"
ROUNDED = 0.051


@pytest.fixture(scope="module")
def named(demo_outputs):
    table = pd.read_parquet(demo_outputs / "results" / "public" / "named.parquet")
    return (
        table[table["period"] == "2026"]
        .astype({"id": str, "level": str, "key": str})
        .set_index(["id", "level", "key"])
        .sort_index()
    )


@pytest.fixture(scope="module")
def page(demo_outputs):
    return Comparison.open(THREE, "2026", "sv", str(demo_outputs / "results"))


def test_organisations_stand_in_the_order_of_their_names_whatever_the_order_they_are_given_in(
    page, demo_outputs
):
    other = Comparison.open(" ".join(reversed(THREE.split())), 2026, "sv", str(demo_outputs / "results"))
    assert page.subject == other.subject == "Almviks kommun, Oxtuna kommun och Region Almland"
    assert page.beside().html == other.beside().html


@pytest.mark.parametrize("level", ["category", "point"])
def test_words_of_certainty_follow_holm_over_all_pairs_of_a_level(page, named, level):
    pairs = list(combinations(["almvik", "oxtuna", "region-almland"], 2))
    rows = []
    for one, other in pairs:
        a, b = named.loc[one, level], named.loc[other, level]
        difference = a["score"] - b["score"]
        towards = np.where(
            difference > 0,
            np.hypot(a["score"] - a["low"], b["high"] - b["score"]),
            np.hypot(a["high"] - a["score"], b["score"] - b["low"]),
        )
        p = 2 * stats.t.sf(stats.t.ppf(0.975, 19) * difference.abs() / towards, 19)
        rows.append(
            pd.DataFrame(
                {"one": one, "other": other, "key": difference.index, "difference": difference, "p": p}
            )
        )
    family = pd.concat(rows, ignore_index=True)
    family["certain"] = multipletests(family["p"], alpha=0.05, method="holm")[0]
    expected = {
        (r.one, r.other, r.key): ("none" if not r.certain else "increase" if r.difference > 0 else "decrease")
        for r in family.itertuples()
    }
    found = {
        (pair.one.id, pair.other.id, key): d.certainty
        for pair in page.facts.pairs
        for (of, key), d in pair.differences.items()
        if of == level
    }
    assert found == expected
    assert len(set(found.values())) > 1


def test_its_tables_tell_the_published_levels_and_their_differences(page, named):
    ((head, rows),) = tables_of(page.beside().html)
    assert head[1:] == ["Almviks kommun", "Oxtuna kommun", "Region Almland"]
    lead = named.loc["almvik", "maturity"].iloc[0]
    ends = f"{lead['score']} ({lead['low']}–{lead['high']})".replace(".", ",")
    assert rows[0][1] == ends
    _, categories = tables_of(page.differences().html)[0]
    name, difference, _, sure = categories[0]
    key = next(c.id for c in page.results.instrument.categories if c.name["sv"] == name)
    expected = (
        named.loc[("almvik", "category", key), "score"] - named.loc[("oxtuna", "category", key), "score"]
    )
    assert abs(float(difference.replace("−", "-").replace(",", ".")) - expected) < ROUNDED
    assert sure in ("säkerställt över", "säkerställt under", "inte säkerställd")


def test_it_ranks_nobody(page):
    text = re.sub(
        "<[^>]+>", " ", "".join(str(getattr(page, s)().html) for s in ("opening", "beside", "differences"))
    )
    assert not re.search(r"\b(bäst|sämst|plats|etta|vinner|högst|lägst)\w*", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("almvik", ["1 organisations are given"]),
        ("almvik bergtuna oxtuna tallfors", ["4 organisations are given"]),
        ("almvik almvik", ["1 organisations are given"]),
        ("almvik vintersjo askmyra", ["askmyra", "vintersjo"]),  # neither is shown by name
    ],
)
def test_who_is_not_shown_by_name_is_refused_all_at_once(demo_outputs, given, told):
    with pytest.raises(InputError) as refused:
        Comparison.open(given, "2026", "sv", str(demo_outputs / "results"))
    assert len(refused.value.problems) == len(told)
    for words, problem in zip(told, refused.value.problems, strict=True):
        assert words in str(problem)


def test_where_nothing_is_known_of_either_nothing_is_said_to_be_certain():
    pair = Pair(Chosen("a", "A", {}), Chosen("b", "B", {}), {})
    assert find_parts(pair, "category").kind == "comparison_nothing"
