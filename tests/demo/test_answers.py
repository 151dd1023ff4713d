"""What was answered, scored with plain pandas from the raw files: the levels are the calibrated ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dimios_core.demo import DemoFiles, make_consortium

#: positions in the survey
PROJECT_MANAGEMENT, OPEN_DATA, BENEFITS_CONTROL, TECHNICAL_DEBT = 2, 8, 16, 24


def test_the_consortium_rises_from_50_or_51_to_54_percent(scored: pd.DataFrame) -> None:
    mean = scored["maturity"].groupby("period").mean()
    assert mean["2023"] == pytest.approx(50.5, abs=0.7)
    assert mean["2026"] == pytest.approx(54.0, abs=0.7)
    assert mean.is_monotonic_increasing


def test_organisations_differ_by_about_five_points(scored: pd.DataFrame) -> None:
    assert scored["maturity"].groupby("period").std().between(4, 6.5).all()


def test_heritage_lies_a_little_above_capability(scored: pd.DataFrame) -> None:
    means = scored.groupby("period").mean()
    assert (means["heritage"] - means["capability"]).between(0.5, 4).all()


def test_all_four_quadrants_are_inhabited(scored: pd.DataFrame) -> None:
    latest = scored.xs("2026", level="period")
    cells = pd.crosstab(latest["capability"] >= 50, latest["heritage"] >= 50)
    assert cells.shape == (2, 2)
    assert cells.min().min() >= 3


def test_points_spread_about_ten_around_the_mean(raw: pd.DataFrame) -> None:
    percent = raw[list(range(26))].where(lambda a: a > 0).sub(1).mul(25)
    points = percent[raw["period"] == "2023"].mean()
    assert 6 < points.max() - points.mean() < 13
    assert 6 < points.mean() - points.min() < 13


def test_dont_know_varies_over_the_points(raw: pd.DataFrame) -> None:
    answers = raw[list(range(26))]
    share = (answers == -1).sum() / answers.notna().sum()
    assert share[[OPEN_DATA, BENEFITS_CONTROL, TECHNICAL_DEBT]].between(0.25, 0.40).all()
    assert share[PROJECT_MANAGEMENT] < 0.08
    assert (share > 0.30).sum() >= 1


def test_some_questions_and_some_rows_are_unanswered(raw: pd.DataFrame, demo: DemoFiles) -> None:
    missing = raw[list(range(26))].isna()
    assert 0.02 < missing.to_numpy().mean() < 0.08
    assert missing[25].mean() > missing[0].mean(), "nobody stops along the way"
    assert sum(f.rows_n for f in demo.responses) > demo.respondents_n, "no row was opened only"
    assert (raw[list(range(26))] > 0).to_numpy().sum() == demo.answers_n


def test_some_organisations_really_change_and_most_do_not(scored: pd.DataFrame) -> None:
    change = scored["capability"].groupby("organisation").diff().dropna()
    assert change["Klintnäs kommun", "2026"] > 5
    assert change["Rönnstads kommun", "2026"] < -4
    # in maturity, where people differ by as much as is stated; a dimension rests on fewer questions
    others = scored["maturity"].groupby("organisation").diff().dropna()
    assert (others.abs() < 4).mean() > 0.8


def test_people_have_a_general_leaning(raw: pd.DataFrame) -> None:
    percent = raw[list(range(26))].where(lambda a: a > 0)
    correlations = percent[list(range(7))].corr().to_numpy()
    between = correlations[~pd.DataFrame(correlations).eq(1).to_numpy()]
    assert 0.1 < between.mean() < 0.4


def test_another_seed_is_another_consortium_at_the_same_level(tmp_path: Path, demo: DemoFiles) -> None:
    other = make_consortium(tmp_path, seed=7)
    assert other.invited.read_bytes() != demo.invited.read_bytes()
    assert other.organisations.read_bytes() == demo.organisations.read_bytes()
