"""Who answers, read from the raw files alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dimios_core.demo import DemoFiles, load_consortium
from dimios_core.demo.population import _plant_tree, make_slug


def test_between_12_and_180_answer_in_every_organisation_and_period(
    raw: pd.DataFrame, demo: DemoFiles
) -> None:
    n = raw.groupby(["organisation", "period"]).size()
    assert n.index.get_level_values(0).nunique() == 60
    assert n.min() >= 12
    assert n.max() <= 180
    assert n.max() > 120
    assert n.sum() == demo.respondents_n


def test_nobody_answers_twice_in_a_period(raw: pd.DataFrame) -> None:
    assert not raw.duplicated(["organisation", "period", "person"]).any()


def test_late_joiners(raw: pd.DataFrame) -> None:
    periods = raw.groupby("organisation")["period"].agg(["nunique", "max"])
    assert (periods["max"].str[:4] == "2026").all()
    assert (periods["nunique"] == 1).sum() >= 4
    assert (periods["nunique"] == 2).sum() >= 2
    assert (periods["nunique"] == 4).sum() >= 40


def test_about_six_of_ten_respondents_were_there_the_period_before(raw: pd.DataFrame) -> None:
    people = {p: set(part["organisation"] + part["person"]) for p, part in raw.groupby("period")}
    for before, now in [("2023", "2024"), ("2024", "2025"), ("2025", "2026")]:
        assert 0.5 < len(people[before] & people[now]) / len(people[now]) < 0.7


def test_a_role_is_unknown_only_in_two_organisations(raw: pd.DataFrame) -> None:
    unknown = raw.groupby("organisation")["role"].agg(lambda r: (r == "").mean())
    assert set(unknown[unknown > 0].index) == {"Rönnstads kommun", "Fagerlövs kommun"}


def test_units_form_a_tree_and_some_are_too_small_to_publish(raw: pd.DataFrame, demo: DemoFiles) -> None:
    sheet = openpyxl.load_workbook(demo.units).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == ("organisation", "unit", "name", "parent")
    units = pd.DataFrame(rows, columns=list(header)).fillna("")
    assert not units.duplicated(["organisation", "unit"]).any()
    known = set(zip(units["organisation"], units["unit"], strict=True))
    parents = units[units["parent"] != ""]
    assert len(parents) > 60
    assert {(o, p) for o, p in zip(parents["organisation"], parents["parent"], strict=True)} <= known

    sizes = raw[raw["unit"] != ""].groupby(["organisation", "period", "unit"]).size()
    assert (sizes < 5).sum() > 100
    assert (sizes >= 12).sum() > 300
    names = pd.read_csv(demo.organisations, sep=";", encoding="utf-8-sig").set_index("id")["namn"]
    known_parents = {
        (names[o], units.set_index(["organisation", "unit"]).loc[(o, p), "name"])
        for o, p in zip(parents["organisation"], parents["parent"], strict=True)
    }
    answered = set(zip(raw["organisation"], raw["unit"], strict=True))
    assert answered & known_parents, "nobody is placed directly on a parent"
    assert known_parents - answered, "every parent has direct people"
    assert (raw["unit"] == "").any(), "nobody is placed on the organisation itself"


def test_invited_counts_cover_who_answered_at_35_to_90_percent_or_at_rates_of_their_own(
    raw: pd.DataFrame, demo: DemoFiles
) -> None:
    invited = pd.read_csv(demo.invited, dtype={"period": str, "unit": str}, keep_default_na=False)
    assert (invited["invited"] > 0).all()
    assert not invited.duplicated(["organisation", "period", "unit", "role"]).any()
    ids = pd.read_csv(demo.organisations, sep=";", encoding="utf-8-sig").set_index("namn")["id"]
    rows = raw.assign(organisation=raw["organisation"].map(ids), unit=raw["unit"].map(make_slug))
    rate = (
        rows.groupby(["organisation", "period"]).size()
        / invited.groupby(["organisation", "period"])["invited"].sum()
    )
    assert rate.notna().all()
    own = {
        ("lomfors", "2025"): 0.95, ("lomfors", "2026"): 0.95, ("gransstensnamnden", "2026"): 0.92,
        ("lyktinspektionen", "2025"): 0.37, ("lyktinspektionen", "2026"): 0.28, ("almlandstrafiken", "2026"): 0.31,
    }  # fmt: skip
    half_a_person = 0.5 / invited.groupby(["organisation", "period"])["invited"].sum()
    for place, planned in own.items():
        assert abs(rate[place] - planned) <= half_a_person[place] + 1e-9
    usual = rate.drop(list(own))
    assert 0.35 <= usual.min() < 0.40
    assert 0.80 < usual.max() <= 0.90
    assert (rate < 0.35).sum() == 2
    assert (rate > 0.90).sum() == 3
    by_unit = (
        rows.groupby(["organisation", "period", "unit"]).size()
        / invited.groupby(["organisation", "period", "unit"])["invited"].sum()
    )
    assert by_unit.max() <= 1
    assert by_unit.isna().any(), "every invited unit has somebody who answered"


@pytest.mark.parametrize(
    ("name", "slug"), [("Älvdals  GÅRD", "alvdals-gard"), ("Plan och bygg", "plan-och-bygg")]
)
def test_slugs(name: str, slug: str) -> None:
    assert make_slug(name) == slug


def test_roles_lean_as_planned(raw: pd.DataFrame) -> None:
    percent = raw[list(range(26))].where(lambda a: a > 0).sub(1).mul(25)
    role = np.where(raw["role"].str.startswith(("Politiker", "Förtroendevald")), "politicians", "others")
    mean = percent.mean(axis=1).groupby(role).mean()
    assert 1.5 < mean["politicians"] - mean["others"] < 8


def test_one_organisation_measures_twice_a_year_and_never_a_whole_one(
    raw: pd.DataFrame, demo: DemoFiles
) -> None:
    halves = raw[raw["period"].str.contains("-")]
    assert set(halves["organisation"]) == {"Murshults kommun"}
    assert sorted(set(halves["period"])) == ["2024-2", "2025-1", "2025-2", "2026-1"]
    assert set(raw.loc[raw["organisation"] == "Murshults kommun", "period"]) == set(halves["period"])
    invited = pd.read_csv(demo.invited, dtype={"period": str})
    own = invited[invited["organisation"] == "murshult"]
    assert set(own["period"]) == set(halves["period"])
    people = {p: set(part["person"]) for p, part in halves.groupby("period")}
    assert len(people["2025-1"] & people["2025-2"]) > len(people["2025-2"]) / 3
    for period, season in (("2024-2", "09"), ("2025-1", "03"), ("2025-2", "09"), ("2026-1", "03")):
        table = pd.read_excel(
            demo.folder / f"enkatsvar-{period}.xlsx", sheet_name="Svar", header=3, engine="openpyxl"
        )
        months = pd.to_datetime(table["Svarsdatum"]).dropna()
        assert months.dt.strftime("%Y").eq(period[:4]).all()
        assert months.min().strftime("%m") == season


def test_units_are_merged_and_renamed_between_periods(raw: pd.DataFrame, demo: DemoFiles) -> None:
    own = raw[raw["organisation"] == "Hjortvalla kommun"]
    units = {p: set(part["unit"]) for p, part in own.groupby("period")}
    old, new = {"Miljöförvaltningen", "Samhällsbyggnadsförvaltningen"}, "Miljö- och byggförvaltningen"
    for period, there in units.items():
        assert (old <= there, new in there) == ((True, False) if period < "2025" else (False, True))
        assert not old & there or period < "2025"
        assert ("Kultur- och folkhälsoförvaltningen" in there) == (period >= "2026")
        assert ("Kultur- och fritidsförvaltningen" in there) == (period < "2026")
    invited = pd.read_csv(demo.invited, dtype={"period": str, "unit": str}, keep_default_na=False)
    invited = invited[invited["organisation"] == "hjortvalla"]
    sizes = invited.groupby(["period", "unit"])["invited"].sum()
    # seats stay, and so does how many were asked, before and after
    before = sizes["2024"]["miljoforvaltningen"] + sizes["2024"]["samhallsbyggnadsforvaltningen"]
    assert sizes["2025"]["miljo-och-byggforvaltningen"] == before
    assert "miljoforvaltningen" not in sizes["2025"]
    assert len(set(sizes.groupby("period").sum())) == 1
    sheet = openpyxl.load_workbook(demo.units).active
    assert sheet is not None
    registered = {row[1] for row in sheet.iter_rows(values_only=True) if row[0] == "hjortvalla"}
    assert {
        "miljoforvaltningen",
        "samhallsbyggnadsforvaltningen",
        "miljo-och-byggforvaltningen",
    } <= registered


def test_units_that_are_reorganised_are_there_whatever_the_seed() -> None:
    """Plans name them, so a demo of another seed must have them."""
    consortium = load_consortium()
    plans = {o.id: o for o in consortium.organisations}
    for reorganisation, seed in product(consortium.reorganisations, range(20)):
        tree = _plant_tree(consortium, plans[reorganisation.organisation], np.random.default_rng(seed))
        assert {leaf.unit for leaf in tree} >= set(reorganisation.units)
