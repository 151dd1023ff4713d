"""Runs the report notebook and reads its numbers back, with nothing of the library's own formatting."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import nbformat
import papermill

from dimios_core.report.narrative import load_texts
from dimios_core.results.store import load_results

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "organisation" / "our_result.ipynb"


def execute(folder: Path, organisation: str, period: str, language: str, results: Path) -> Path:
    made = folder / f"{organisation}-{language}.ipynb"
    given = {"organisation": organisation, "period": period, "language": language, "results": str(results)}
    papermill.execute_notebook(NOTEBOOK, made, parameters=given, progress_bar=False)
    return made


def html_of(path: Path) -> str:
    notebook = nbformat.read(path, as_version=4)
    return "".join(
        output.data.get("text/html", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    )


def rows_of(html: str) -> dict[str, list[str]]:
    """Row header -> cells of every table row; the same row in two tables must be the same."""
    rows: dict[str, list[str]] = {}
    for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", html):
        cells = [unescape(re.sub(r"<[^>]+>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        rows.setdefault(cells[0], cells[1:])
        assert rows[cells[0]] == cells[1:]
    return rows


def written(value: float, language: str) -> str:
    """One decimal, with the language's decimal sign; independent of the library's own formatter."""
    text = f"{value:.1f}".replace("-", "\u2212")
    return text.replace(".", ",") if language == "sv" else text


def check_rows(html: str, organisation: str, period: str, language: str, results: Path) -> int:
    """Compare every figure of the tables with the published files; return how many were published."""
    published = load_results(organisation, results)
    instrument = published.instrument
    names = {
        ("point", p.id): p.name[language] for p in instrument.points
    } | {("category", c.id): c.name[language] for c in instrument.categories} | {
        ("dimension", d.id): d.name[language] for d in instrument.dimensions
    }  # fmt: skip
    shared = {n for n in names.values() if list(names.values()).count(n) > 1}
    rows, texts, found = rows_of(html), load_texts(language), 0
    scores = published.scores
    whole = scores[(scores["unit"] == "*") & (scores["role"] == "*") & (scores["period"] == period)]
    for r in whole.itertuples():
        name = names.get((r.level, r.key))
        if name is None or name in shared:
            continue
        cells = rows[name]
        if r.status != "published":
            reason = texts["status"][r.status].replace(
                "{{ threshold|count }}", str(published.profile["threshold"])
            )
            assert cells[0] == reason
            assert cells[1] == "–"
            continue
        found += 1
        if r.bound == "":
            assert cells[0] == written(r.score, language)
        assert cells[1] == f"{written(r.ci_low, language)}–{written(r.ci_high, language)}"
        assert cells[-1].replace("\u00a0", "").replace(",", "") == str(int(r.n))
    return found
