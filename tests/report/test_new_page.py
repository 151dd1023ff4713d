"""The recipe for a new page (CONTRIBUTING.md), carried out in a copy of the project: nothing else has to be touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = '''
from dimios_core.report.base_pages import OrganisationPage


class OurPlans(OrganisationPage):
    """What is planned."""

    name = "our_plans"
    charts = {}

    def opening(self):
        """What is planned."""
        return self.open_page(f"<p>{self.narrator.say('plans.lead')}</p>")
'''
SHOW = """
from dimios_core.report import OurPlans
from dimios_core.page.navigation import list_tabs
from dimios_core.report.warming import warm_up
from dimios_core.suites import load_suite

warm_up()
for language in ("sv", "en"):
    print(OurPlans.open("almvik", "2026", language).opening().html)
    print(*(tab.title for tab in list_tabs(load_suite("organisation").pages, "our_plans", language)), sep=" | ")
"""


def test_a_new_page_is_a_folder_a_text_file_a_language_and_a_line(demo_outputs, tmp_path):
    for name in ("dimios_core", "parameters"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    report = tmp_path / "dimios_core" / "report"
    (report / "pages" / "our_plans").mkdir()
    (report / "pages" / "our_plans" / "__init__.py").write_text('"""Our plans."""\n', encoding="utf-8")
    (report / "pages" / "our_plans" / "page.py").write_text(PAGE, encoding="utf-8")
    for language, title, lead in (
        ("sv", "Våra planer", "Det här planerar ni."),
        ("en", "Our plans", "This is planned."),
    ):
        text = f'pages:\n  our_plans: "{title}"\nplans:\n  lead: "{lead}"\n'
        (report / "texts" / language / "our_plans.yaml").write_text(text, encoding="utf-8")
    suite = tmp_path / "parameters" / "suites" / "organisation.yaml"
    first = "  - organisation/our_result\n"
    text = suite.read_text(encoding="utf-8")
    suite.write_text(text.replace(first, f"{first}  - organisation/our_plans\n"), encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(tmp_path), "DIMIOS_PROJECT": str(tmp_path), "DIMIOS_RESULTS": str(demo_outputs / "results"),
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    for words in (
        "<h1>Våra planer: Almviks kommun, 2026</h1>", "<p>Det här planerar ni.</p>", "Vårt resultat | Våra planer | Intern",
        "<h1>Our plans: Almviks kommun, 2026</h1>", "<p>This is planned.</p>", "Our result | Our plans | Internal",
    ):  # fmt: skip
        assert words in ran.stdout
