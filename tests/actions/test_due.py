"""What of plans is due: a card's fields become a row, the row becomes a plan, the plan is told when its month comes."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dimios_core import Project
from dimios_core.actions.due import list_due
from dimios_core.actions.plans import add_plan, write_worksheet_csv
from dimios_core.cli import app, initiatives
from dimios_core.errors import InputError
from dimios_core.responses import ResponseStore


def plans(*rows: tuple[str, str]) -> pd.DataFrame:
    """Plans of one organisation: when and progress."""
    common = {"organisation": "lindby", "period": "2025", "point": "work", "who": "Anna", "what": "Do it"}
    return pd.DataFrame([{**common, "when": when, "progress": progress} for when, progress in rows])


@pytest.mark.parametrize(
    ("when", "today", "due"),
    [
        ("2026-03", date(2026, 2, 28), "later"),
        ("2026-03", date(2026, 3, 1), "now"),
        ("2026-03", date(2026, 3, 31), "now"),  # a month lasts until its end
        ("2026-03", date(2026, 4, 1), "overdue"),
        ("2026-03-15", date(2026, 3, 15), "now"),
        ("2026-03-15", date(2026, 3, 16), "overdue"),
    ],
)
def test_a_thing_is_due_in_its_month_or_until_its_day(when: str, today: date, due: str):
    assert list_due(plans((when, "")), today)["due"].tolist() == [due]


def test_what_is_done_needs_no_reminder_and_what_is_not_stays():
    told = list_due(plans(("2026-05", "no"), ("2026-03", "done"), ("2026-02", "partly")), date(2026, 4, 1))
    assert told["when"].tolist() == ["2026-02", "2026-05"]


def test_steps_between_measurements_are_past_and_never_overdue():
    steps, since = [(0, "Feed back"), (3, "Check"), (9, "Prepare")], {("lindby", "2026"): "2026-11"}
    told = list_due(plans().reindex(columns=plans(("2026-01", "")).columns), date(2027, 2, 1), steps, since)
    assert told[["due", "when", "what"]].to_dict("split")["data"] == [
        ["past", "2026-11", "Feed back"],
        ["now", "2027-02", "Check"],
        ["later", "2027-08", "Prepare"],
    ]


def test_a_card_that_is_entered_as_a_row_is_told_when_its_month_comes(
    outputs: Path, instrument, tmp_path: Path
):
    rows = list(
        csv.reader(io.StringIO(write_worksheet_csv(instrument, "lindby", "Lindby", "2025")), delimiter=";")
    )
    header = next(n for n, row in enumerate(rows) if row[0] == "Vad")
    card = {
        "Vad": "Avsluta en satsning", "Vem": "Anna Ek", "När": "2026-03", "Mätpunkt": "Arbete", "Förväntat resultat": "Tid",
        "Nästa mätning": "2026", "Slag": "Styrning", "Enhet": "", "Läge": "", "Får delas med länet": "", "Vad det gav": "",
    }  # fmt: skip
    assert rows[header] == list(card)
    rows[header + 1] = list(card.values())
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    add_plan(path, outputs, ResponseStore(outputs).register(), instrument)
    ledger = outputs / "ledger"
    ledger.mkdir()
    releases = [
        {"released_at": "2026-01-20T10:00:00+00:00", "new_versions": ["lindby 2025", "other 2025"]},
        {"released_at": "2026-02-20T10:00:00+00:00", "new_versions": ["lindby 2025"]},  # an answer came late
    ]
    (ledger / "releases.jsonl").write_text("\n".join(map(json.dumps, releases)), encoding="utf-8")
    told = Project(outputs, progress=None).plans.list_due(date(2026, 4, 2), "lindby", language="en")
    assert told[told["point"] != ""].to_dict("records") == [
        {
            "due": "overdue", "organisation": "lindby", "period": "2025", "when": "2026-03", "point": "work",
            "who": "Anna Ek", "what": "Avsluta en satsning",
        },
    ]  # fmt: skip
    assert told.loc[told["point"] == "", "when"].tolist() == [
        "2026-01", "2026-02", "2026-04", "2026-07", "2026-10",
    ]  # fmt: skip
    plans_of = Project(outputs, progress=None).plans
    with pytest.raises(InputError):
        plans_of.list_due(date(2026, 4, 2), "lindby", since="2026")
    with pytest.raises(InputError):
        plans_of.list_due(date(2026, 4, 2), since="2026-03")


def test_the_command_tells_what_is_due_and_counts_it(
    outputs: Path, instrument, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(initiatives, "_today", lambda: date(2026, 3, 1))
    monkeypatch.setattr(
        "dimios_core.actions.plans.load_plans", lambda _: plans(("2026-02", ""), ("2026-04", ""))
    )
    done = CliRunner().invoke(app, ["plan", "list", "--due", "-o", "lindby", "--outputs", str(outputs)])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "overdue  2026-02  lindby  2025  work  Anna: Do it",
        "later  2026-04  lindby  2025  work  Anna: Do it",
    ]
    assert "2 things to do: 1 overdue, 1 later." in done.stderr
