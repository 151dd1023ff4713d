"""The recipes of a page and of a chart: what they promise is there when nothing else has been done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.recipes.carrying_out import RECIPES, carry_out, run
from tests.recipes.given import GIVEN

#: with tests; CONTRIBUTING.md promises it
FILES_MAX = 8
PAGE = "answers_behind"
#: run in the copy, on the demo that is given there
PYTEST = ".venv/bin/python -m pytest -q --noconftest -p tests.recipes.given -p no:cacheprovider"
WALKING_PAGES = (
    "tests/report/test_pages.py tests/report/test_texts.py tests/notebooks/test_rules.py tests/test_suites.py "
    f"tests/report/test_{PAGE}.py"
)
DRAWINGS = "tests/report/test_drawings.py -k 'paint_the_same or every_kind'"


def make_report(project: Path, outputs: Path, language: str) -> dict[str, str]:
    """Make an organisation's report as a user does; page -> its HTML, in the suite's order."""
    made = run(
        project,
        f".venv/bin/python -m dimios_core report -o almvik --period 2026 --language {language} --outputs '{outputs}'",
    )
    assert made.returncode == 0, made.stdout + made.stderr
    folder = outputs / "reports" / "2026" / "almvik" / language
    suite = yaml.safe_load(
        (project / "parameters" / "suites" / "organisation.yaml").read_text(encoding="utf-8")
    )
    pages = [Path(name).name for name in suite["notebooks"]]
    return {page: (folder / f"{page}.html").read_text(encoding="utf-8") for page in pages}


def list_tabs(html: str) -> list[tuple[str, str]]:
    """List the tabs of a page: (page, title)."""
    (tabs,) = re.findall(r'<nav class="tabs".*?</nav>', html, re.DOTALL)
    return re.findall(r'<a href="(\w+)\.html"[^>]*>([^<]+)</a>', tabs)


def test_a_page_is_eight_files() -> None:
    assert len(RECIPES["A page"].paths) <= FILES_MAX


def test_a_page_stands_in_the_report_with_its_tab_among_the_others(copy, demo_outputs, tmp_path) -> None:
    project = copy("A page")
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "results").symlink_to(demo_outputs / "results")
    for language in ("sv", "en"):
        pages = make_report(project, tmp_path / "outputs", language)
        texts = yaml.safe_load(
            (project / "dimios_core" / "languages" / language / f"{PAGE}.yaml").read_text(encoding="utf-8")
        )
        assert len(pages) > 2 and f"<h1>{texts['pages'][PAGE]}: Almvik" in pages[PAGE]
        for html in pages.values():
            assert [page for page, _ in list_tabs(html)] == list(pages)
            assert (PAGE, texts["pages"][PAGE]) in list_tabs(html)


@pytest.mark.parametrize("titles", [("A page",), ("A page", "A chart")], ids=["page", "with its chart"])
def test_what_looks_at_pages_is_content(copy, demo_outputs, titles) -> None:
    project = copy(*titles)
    checks = [
        ".venv/bin/ruff check --no-cache .",
        ".venv/bin/ruff format --check --no-cache .",
        ".venv/bin/lint-imports --no-cache",
        f"{PYTEST} {WALKING_PAGES}",
        *([f"{PYTEST} {DRAWINGS}"] if "A chart" in titles else []),
    ]
    for check in checks:
        ran = run(project, check, **{GIVEN: str(demo_outputs)})
        assert ran.returncode == 0, f"{check}\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}"


def test_a_chart_that_no_page_draws_is_missed(copy, demo_outputs) -> None:
    project = copy("A page")
    carry_out(RECIPES["A chart"], project, without=f"dimios_core/report/pages/{PAGE}/page.py")
    ran = run(project, f"{PYTEST} {DRAWINGS}", **{GIVEN: str(demo_outputs)})
    assert ran.returncode == 1 and "draw_counts" in ran.stdout
