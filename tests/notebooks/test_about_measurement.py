"""The notebook on the measurement, executed; its numbers are those of results/, written independently."""

from __future__ import annotations

import pytest

from tests.notebooks.reading import (
    captioned_tables,
    open_executed,
    signed,
    tables_of,
    written,
)


@pytest.mark.parametrize(
    ("which", "language"), [("typical", "sv"), ("small", "sv"), ("typical", "en"), ("lovhammar", "sv")]
)
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    html, published, texts = open_executed("about_measurement", tmp_path, results, which, language)
    names = names_of(published, language)
    assert check_weightings(published, html, texts, names, language) > 0
    assert check_reliability(published, html, texts, names, language) >= 6
    assert (check_role_mix(published, html, texts, names, language) > 0) == (which == "lovhammar")


def names_of(published, language) -> dict[tuple[str, str], str]:
    model = published.instrument
    names = {("maturity", "maturity"): model.composite.name[language]}
    names |= {("dimension", d.id): d.name[language] for d in model.dimensions}
    return names | {("category", c.id): c.name[language] for c in model.categories}


def check_weightings(published, html, texts, names, language) -> int:
    own = texts["about"]["weightings"]
    titles = (
        "",
        own["model"],
        texts["table"]["interval"],
        own["equal_points"],
        own["geometric"],
        own["frame"],
    )
    rows = next({c[0]: c[1:] for c in body} for t, body in tables_of(html) if tuple(t) == titles)
    place = {"model": 0, "equal_points": 2, "geometric": 3, "frame": 4}
    table, found = published.sensitivity, 0
    for r in table[table["period"] == "2026"].itertuples():
        cell = rows[names[r.level, r.key]][place[r.weighting]]
        if r.status == "published":
            found += 1
            assert cell == written(r.score, language)
        else:
            assert not any(c.isdigit() for c in cell.replace(str(published.profile["threshold"]), ""))
    return found


def check_reliability(published, html, texts, names, language) -> int:
    rows = captioned_rows(html, texts["about"]["reliability_title"])
    own, pooled = (
        t[(t["period"] == "2026") & (t["status"] == "published")]
        for t in (published.quality, published.reliability)
    )
    measures = texts["about"]["measures"]
    found = 0
    for (level, key), name in names.items():
        if level != "category":
            continue
        mine, all_of = own[own["key"] == key], pooled[pooled["key"] == key]
        if len(mine):
            all_of = all_of[all_of["measure"].isin(["icc1", "icc2"])]
        expected = {
            measures[r.measure]: (two(r.value, language), "" if r.ci_low != r.ci_low else two(r.ci_low, language))
            for t in (mine, all_of)
            for r in t.itertuples()
        }  # fmt: skip
        shown = {c[1]: c for c in rows if c[0] == name}
        assert set(shown) == set(expected)
        for measure, (value, low) in expected.items():
            found += 1
            assert shown[measure][2] == value
            assert shown[measure][3].startswith(low or "–")
    return found


def captioned_rows(html: str, caption: str) -> list[list[str]]:
    parts = html.split(f"<caption>{caption}</caption>")
    return tables_of("<table>" + parts[1].split("</table>")[0] + "</table>")[0][1]


def two(value: float, language: str) -> str:
    return f"{value:.2f}".replace(".", "," if language == "sv" else ".")


def check_role_mix(published, html, texts, names, language) -> int:
    rows = captioned_tables(html).get(texts["about"]["mix_title"].replace("{{ since }}", "2025"), {})
    t = published.standardised
    t = t[(t["period"] == "2026") & (t["period_from"] == "2025") & (t["level"] != "point")]
    found = 0
    for r in t[t["status"] == "published"].itertuples():
        found += 1
        cells = rows[names[r.level, r.key]]
        assert cells[:2] == [signed(r.plain, language), signed(r.change, language)]
        assert signed(r.ci_low, language) in cells[2]
    assert found or not rows
    return found
