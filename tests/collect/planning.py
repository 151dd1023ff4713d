"""An outputs folder with a plan that is ready to be opened, without anything of planning being run."""

from __future__ import annotations

from pathlib import Path

from dimios_core.responses import read_register, store_register
from dimios_core.responses.transaction import Transaction
from dimios_core.survey import Invited, survey_folder
from dimios_core.survey.sampled import SAMPLE, write_sample

SETTINGS = """
organisation: lindby
period: "2026"
mode: {mode}
opens: 2026-09-07
closes: 2026-09-25
languages: [sv, en]
contact: {{name: Eva Ek, email: eva@lindby.example}}
responsible: Lindby kommun
legal_basis: {{sv: "Uppgift av allmänt intresse.", en: "A task in the public interest."}}
kept_until: 2027-01-31
"""
ROLES = ("politicians", "system_owners")
UNITS = ("care", "school")


def invite(number: int) -> Invited:
    """Every third by card; two units and two roles, in turn."""
    unit, role = UNITS[number % 2], ROLES[number // 2 % 2]
    card = number % 3 == 0
    email = None if card else f"p{number}@lindby.example"
    return Invited(f"id-{number}", f"Person {number}", email, unit, role, "sv", f"{unit}/{role}", 2.0, card)


def plan_survey(outputs: Path, people: int, mode: str = "confidential", sample: bytes | None = None) -> Path:
    """Register lindby, and plan a survey of it that so many are invited to."""
    files = outputs.parent / "files"
    files.mkdir()
    (files / "o.csv").write_text(
        "id,namn,typ,delning\nlindby,Lindby kommun,kommun,namngiven\n", encoding="utf-8"
    )
    units = "organisation,enhet,namn\nlindby,care,Omsorgen\nlindby,school,Skolan\n"
    (files / "u.csv").write_text(units, encoding="utf-8")
    store_register(read_register(files / "o.csv", files / "u.csv"), outputs)
    folder = survey_folder(outputs, "lindby", "2026")
    with Transaction(folder) as transaction:
        transaction.stage("survey.yaml").write_text(SETTINGS.format(mode=mode), encoding="utf-8")
        drawn = write_sample(invite(n) for n in range(people)) if sample is None else sample
        transaction.stage(SAMPLE).write_bytes(drawn)
        transaction.commit()
    return folder
