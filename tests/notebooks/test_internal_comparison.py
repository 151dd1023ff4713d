"""The notebook on units and roles, executed; its numbers are those of results/, written independently."""

from __future__ import annotations

import math

import pytest

from dimios_core.languages import load_texts
from tests.notebooks.reading import (
    captioned_tables,
    open_executed,
    signed,
    tables_of,
    written,
)


@pytest.mark.parametrize(("which", "language"), [("typical", "sv"), ("small", "sv"), ("typical", "en")])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    html, published, _ = open_executed("internal_comparison", tmp_path, results, which, language)
    tables = {tuple(titles): rows for titles, rows in tables_of(html)}
    names = names_of(published, language)
    assert check_map(published, tables, names, language) > 0
    differences = check_differences(published, html, names, language)
    assert (differences > 0) == (which == "typical")
    assert check_rates(published, tables, names, language) > 0
    unasked = {u["name"] for u in published.profile["units"] if (u["id"], "*") not in names}
    assert not unasked & {row[0] for rows in tables.values() for row in rows}


def names_of(published, language) -> dict[tuple[str, str], str]:
    """What each role is called, and each unit in which somebody was asked this time; nobody stands directly under a unit here."""
    texts = load_texts(language)["internal"]
    names = {("*", "*"): texts["whole"], ("*", "unknown"): texts["role_unknown"]}
    rates = published.response_rates.query("period == '2026' and role == '*' and status == 'no_answers'")
    asked = [u for u in published.profile["units"] if u["id"] not in set(rates["unit"])]
    names |= {(u["id"], "*"): u["name"] for u in asked}
    return names | {("*", r.id): r.name[language] for r in published.instrument.roles}


def check_map(published, tables, names, language) -> int:
    """Maturity and categories of the map, cell by cell; what is not published has no digit but the threshold."""
    texts, model = load_texts(language), published.instrument
    keys = [("maturity", "maturity"), *(("category", c.id) for c in model.categories)]
    titles = (
        texts["internal"]["group"],
        model.composite.name[language],
        *(c.name[language] for c in model.categories),
    )
    rows = {cells[0]: cells[1:] for cells in tables[titles]}
    scores = published.scores[published.scores["period"] == "2026"]
    found = 0
    for group, name in names.items():
        own = scores[(scores["unit"] == group[0]) & (scores["role"] == group[1])]
        for i, (level, key) in enumerate(keys):
            match = own[(own["level"] == level) & (own["key"] == key)]
            if match.empty:
                continue
            r = next(match.itertuples())
            cell = rows[name][i]
            if r.status == "published":
                found += 1
                interval = f"{written(r.ci_low, language)}–{written(r.ci_high, language)}"
                assert cell == f"{written(r.score, language)} ({interval})" or r.bound
            else:
                digits = "".join(c for c in cell if c.isdigit())
                assert digits in ("", str(published.profile["threshold"]))
                assert cell
    return found


def check_differences(published, html, names, language) -> int:
    """Differences of the units from the rest on maturity, and of the two roles that are shown, row by row."""
    model = published.instrument
    keys = {"maturity": model.composite.name[language]}
    keys |= {e.id: e.name[language] for part in (model.dimensions, model.categories) for e in part}
    contrasts = published.contrasts[published.contrasts["period"] == "2026"]
    contrasts = contrasts[contrasts["level"].isin(["maturity", "dimension", "category"])]
    found = 0
    for caption, rows in captioned_tables(html).items():
        if model.composite.name[language] in caption and caption.endswith(
            f": {model.composite.name[language]}"
        ):
            chosen = contrasts[(contrasts["kind"] == "unit_rest") & (contrasts["key"] == "maturity")]
            chosen = chosen[[(unit, "*") in names for unit in chosen["unit"]]]
            found += sum(
                check_difference(r, rows[names[r.unit, "*"]], 1, language) for r in chosen.itertuples()
            )
            assert len(rows) == len(chosen)
        roles = {role: name.lower() for (_, role), name in names.items() if role != "*"}
        words = {"sv": " jämfört med ", "en": " compared with "}[language]
        for (first, second), pair in contrasts[contrasts["kind"] == "role_pair"].groupby(
            ["role", "other"], observed=True
        ):
            for a, b, sign in ((first, second, 1), (second, first, -1)):
                if caption.lower() == f"{roles[a]}{words}{roles[b]}":
                    assert len(rows) == len(pair)
                    found += sum(
                        check_difference(r, rows[keys[r.key]], sign, language) for r in pair.itertuples()
                    )
    return found


def check_difference(row, cells: list[str], sign: int, language: str) -> bool:
    """Compare a row of the page with one of the file, turned round where `sign` is −1."""
    if row.status != "published":
        assert cells[1:] == ["–", "–", "–"]
        return False
    low, high = sorted((sign * row.ci_low, sign * row.ci_high))
    assert cells[0] == signed(sign * row.difference, language)
    assert signed(low, language) in cells[1]
    assert signed(high, language) in cells[1]
    certain = row.certainty in ("increase", "decrease")
    above = {"sv": "säkerställt över", "en": "clearly above"}[language]
    below = {"sv": "säkerställt under", "en": "clearly below"}[language]
    assert (cells[2] in (above, below)) == certain
    if certain:
        assert (cells[2] == above) == (sign * row.difference > 0)
    return True


def check_rates(published, tables, names, language) -> int:
    """Response rates with their counts; withheld ones carry none."""
    texts = load_texts(language)
    own = texts["internal"]
    titles = (own["group"], own["rate"], own["band"], texts["table"]["answered"], own["invited"])
    rows = {cells[0]: cells[1:] for cells in tables[titles]}
    rates = published.response_rates
    rates = rates[(rates["period"] == "2026") & ((rates["unit"] == "*") | (rates["role"] == "*"))]
    rates = rates[[key in names for key in zip(rates["unit"], rates["role"], strict=True)]]
    found = 0
    for r in rates.itertuples():
        cells = rows[names[r.unit, r.role]]
        if r.status != "published":
            assert cells[2:] == ["–", "–"]
            assert not any(c.isdigit() for c in cells[0])
            continue
        found += 1
        assert [int(c) for c in cells[2:]] == [r.answered, r.invited]
        assert cells[1] == own["bands"][r.band]
        shown = float(cells[0].rstrip("\u00a0%").replace(",", "."))
        assert math.isclose(shown, 100 * r.answered / r.invited, abs_tol=0.501)
    return found
