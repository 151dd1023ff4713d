"""Runs the reports' notebooks and reads their numbers back, with nothing of the library's own formatting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import papermill

from dimios_core.languages import load_texts
from dimios_core.published.store import PublishedResults, load_results
from dimios_core.runner.scrubbing import scrub_notebook
from tests.notebooks.picking import pick_organisations

KB_MAX = 300
ROOT = Path(__file__).parents[2]


def find_notebook(name: str) -> Path:
    """Return where a notebook of the reports lies."""
    (path,) = (ROOT / "notebooks").glob(f"*/{name}.ipynb")
    return path


def execute(
    name: str, folder: Path, results: Path, language: str, *, period: str = "2026", **more: str
) -> Path:
    """Execute a notebook by its name, for an organisation, a county or all together."""
    made = folder / f"{name}-{language}.ipynb"
    given = {"period": period, "language": language, "results": str(results), **more}
    papermill.execute_notebook(find_notebook(name), made, parameters=given, progress_bar=False)
    return made


def open_executed(
    name: str, folder: Path, results: Path, which: str, language: str
) -> tuple[str, PublishedResults, dict[str, Any]]:
    """Execute a notebook of an organisation; return its HTML, what is published, and the language's texts.

    `which` is one that `pick_organisations` picks, or an organisation's identifier.
    """
    organisation = pick_organisations(results).get(which, which)
    made = execute(name, folder, results, language, organisation=organisation)
    return read_light(made, results), load_results(organisation, results), load_texts(language)


def run_nbval(notebook: Path, folder: Path, **variables: str) -> None:
    """Run a notebook under nbval, by somebody who stands in a folder; `variables` are added to the environment."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    options = ("--nbval-lax", "-p", "no:cacheprovider", "-p", "tests.kernels")
    command = [sys.executable, "-m", "pytest", *options, str(notebook)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=folder)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert re.search(r"\d+ passed", ran.stdout)


def read_light(made: Path, results: Path) -> str:
    """HTML of an executed notebook, which is light when scrubbed and tells no path."""
    scrubbed = scrub_notebook(nbformat.read(made, as_version=4), [])
    assert len(nbformat.writes(scrubbed).encode()) < KB_MAX * 1000
    html = html_of(made)
    assert str(results) not in html
    return html


def html_of(path: Path) -> str:
    notebook = nbformat.read(path, as_version=4)
    return "".join(
        output.data.get("text/html", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    )


def tables_of(html: str) -> list[tuple[list[str], list[list[str]]]]:
    """Every table as (column titles, rows of cells)."""
    tables = []
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        head, body = table.split("<tbody>")
        rows = [cells_of(row) for row in body.split("</tr>")[:-1]]
        tables.append((cells_of(head), rows))
    return tables


def cells_of(html: str) -> list[str]:
    return [unescape(re.sub(r"<[^>]+>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", html)]


def written(value: float, language: str) -> str:
    """One decimal, with the language's decimal sign; independent of the library's own formatter."""
    text = f"{value:.1f}".replace("-", "\u2212")
    return text.replace(".", ",") if language == "sv" else text


def check_rows(html: str, organisation: str, period: str, language: str, results: Path) -> int:
    """Compare every figure of the tables with the published files; return how many were published.

    Categories and points stand in the tables against the peers, maturity and dimensions in that over periods.
    """
    published = load_results(organisation, results)
    instrument, texts = published.instrument, load_texts(language)
    names = {("maturity", "maturity"): instrument.composite.name[language]} if instrument.composite else {}
    for level, entries in (
        ("dimension", instrument.dimensions),
        ("category", instrument.categories),
        ("point", instrument.points),
    ):
        names |= {(level, e.id): e.name[language] for e in entries}
    tables = tables_of(html)
    rows: dict[tuple[str, str], list[str]] = {}
    for titles, body in tables:
        first, second = titles[:2]
        for level in ("category", "point"):
            if first == texts["table"][level] and second == texts["table"]["score"]:
                rows |= {(level, cells[0]): [*cells[1:3], cells[-1]] for cells in body}
        if second == texts["table"]["period"]:
            rows |= {
                (level, c[0]): c[2:4] for c in body for level in ("maturity", "dimension") if c[1] == period
            }
    scores, found = published.scores, 0
    whole = scores[(scores["unit"] == "*") & (scores["role"] == "*") & (scores["period"] == period)]
    for r in whole[whole["level"] != "item"].itertuples():
        cells = rows.get((r.level, names[r.level, r.key]))
        if r.status != "published":
            reason = texts["status"][r.status].replace(
                "{{ threshold|count }}", str(published.profile["threshold"])
            )
            if cells is None:  # of lines that cannot be drawn, a sentence tells
                (told,) = re.findall(rf"{texts['page']['not_drawn'].split(':')[0]}: ([^<]+)\.</p>", html)
                assert names[r.level, r.key].casefold() in told.casefold() and reason in told
                continue
            assert cells[:2] == [reason, "–"]
            continue
        assert cells is not None
        found += 1
        if r.bound == "":
            assert cells[0] == written(r.score, language)
        assert cells[1] == f"{written(r.ci_low, language)}–{written(r.ci_high, language)}"
        if len(cells) > 2:
            assert cells[2].replace("\u00a0", "").replace(",", "") == str(int(r.n))
    return found


def captioned(html: str) -> dict[str, tuple[list[str], list[list[str]]]]:
    """Every table by its caption: (column titles, rows of cells)."""
    captions = [unescape(caption) for caption in re.findall(r"<caption>(.*?)</caption>", html)]
    return dict(zip(captions, tables_of(html), strict=True))


def captioned_tables(html: str) -> dict[str, dict[str, list[str]]]:
    """Caption -> first cell -> the other cells of every table."""
    return {
        caption: {cells[0]: cells[1:] for cells in rows} for caption, (_, rows) in captioned(html).items()
    }


def signed(value: float, language: str) -> str:
    text = written(value, language)
    return (
        f"+{text}" if round(value, 1) > 0 else text.removeprefix("\u2212") if round(value, 1) == 0 else text
    )
