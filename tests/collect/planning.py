"""An outputs folder with a survey that is planned and ready to be opened."""

from __future__ import annotations

from pathlib import Path

from dimios_core import Project
from dimios_core.responses import read_register, store_register

SETTINGS = """
organisation: lindby
period: "2026"
mode: {mode}
opens: 2026-09-07
closes: 2026-09-25
reminders: [2026-09-14]
report: 2026-10-15
languages: [sv, en]
contact: {{name: Eva Ek, email: eva@lindby.example}}
responsible: Lindby kommun
legal_basis: {{sv: "Uppgift av allmänt intresse.", en: "A task in the public interest."}}
kept_until: 2027-01-31
{more}
"""
ROLES = ("politicians", "system_owners")
UNITS = ("care", "school")


def list_staff(people: int) -> str:
    """A staff list of two units and two roles in turn; every third has no mail."""
    rows = ["namn,e-post,person-id,enhet,roll"]
    for n in range(people):
        email = "" if n % 3 == 0 else f"p{n}@lindby.example"
        rows.append(f"Person {n},{email},id-{n},{UNITS[n % 2]},{ROLES[n // 2 % 2]}")
    return "\n".join(rows) + "\n"


def plan_survey(outputs: Path, people: int, mode: str = "confidential", more: str = "") -> Path:
    """Register lindby, and plan a survey of it that so many are invited to; `more` is added to its settings."""
    files = outputs.parent / "files"
    files.mkdir()
    (files / "o.csv").write_text(
        "id,namn,typ,delning\nlindby,Lindby kommun,kommun,namngiven\n", encoding="utf-8"
    )
    units = "organisation,enhet,namn\nlindby,care,Omsorgen\nlindby,school,Skolan\n"
    (files / "u.csv").write_text(units, encoding="utf-8")
    (files / "staff.csv").write_text(list_staff(people), encoding="utf-8")
    store_register(read_register(files / "o.csv", files / "u.csv"), outputs)
    project = Project(outputs, progress=None)
    project.survey.new("lindby", "2026")
    folder = outputs / "surveys" / "lindby" / "2026"
    (folder / "survey.yaml").write_text(SETTINGS.format(mode=mode, more=more), encoding="utf-8")
    project.survey.frame(files / "staff.csv")
    project.survey.plan(invite=people)
    project.survey.sample(seed="lindby-2026")
    return folder
