"""Versions: what two publications together would give away is not published; the old one stands."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.errors import DimiosError
from dimios_core.results import score as score_module
from dimios_core.results.score import ScoreSummary, score_responses
from tests.building import make_instrument, make_organisations, write_store

pytestmark = pytest.mark.usefixtures("heavy")  # publishes stores again and again

INSTRUMENT = make_instrument({"a": "c1", "b": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True)


def people(units: dict[str, list[float]], organisation: str = "org", first: int = 0) -> pd.DataFrame:
    """Respondents with the given answers 1-5 to point a (3 to b), by unit."""
    rows = [(u, a) for u, answers in units.items() for a in answers]
    frame = pd.DataFrame(rows, columns=["unit", "a"]).assign(
        organisation=organisation, period="2026", role="unknown", b=3.0
    )
    frame["respondent"] = range(first, first + len(frame))
    return frame


def registered(parent: dict[str, str], organisation: str = "org") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "organisation": organisation,
            "unit": list(parent),
            "name": list(parent),
            "parent": list(parent.values()),
        }
    )


def publish(
    outputs: Path, rows: pd.DataFrame, units: pd.DataFrame | None = None, threshold: int = 5
) -> ScoreSummary:
    shutil.rmtree(outputs / "responses", ignore_errors=True)
    organisations = make_organisations(*sorted(set(rows["organisation"])), threshold=threshold)
    write_store(outputs, INSTRUMENT, rows, organisations, units)
    return score_responses(outputs, INSTRUMENT)


def published(outputs: Path, organisation: str = "org") -> pd.Series:
    """Published scores of point a by unit."""
    scores = pd.read_parquet(outputs / "results" / f"organisation={organisation}" / "scores.parquet")
    own = scores[(scores["key"] == "a") & (scores["role"] == "*")]
    return own.astype({"unit": str}).set_index("unit")["score"].dropna()


TWELVE = [3.0] * 12


def test_one_more_answer_is_not_published(tmp_path):
    # mean 50.0 of twelve, then 51.9 of thirteen: the thirteenth said 75
    first = publish(tmp_path, people({"": TWELVE}))
    assert published(tmp_path).tolist() == [50.0]
    assert not first.waiting
    second = publish(tmp_path, people({"": [*TWELVE, 4.0]}))
    assert published(tmp_path).tolist() == [50.0]
    assert second.results_version == first.results_version
    assert [(w.organisation, w.periods, w.tree) for w in second.waiting] == [("org", ("2026",), False)]
    # it waits, and is not lost: with four more there are five
    third = publish(tmp_path, people({"": [*TWELVE, 4.0, 4, 4, 4, 4]}))
    assert published(tmp_path).tolist() == [pytest.approx(round((600 + 375) / 17, 1))]
    assert not third.waiting


@pytest.mark.parametrize(("changed", "stands"), [(1, True), (4, True), (5, False), (12, False)])
def test_changed_answers_count_as_added_ones(tmp_path, changed, stands):
    publish(tmp_path, people({"": TWELVE}))
    publish(tmp_path, people({"": [5.0] * changed + [3.0] * (12 - changed)}))
    assert (published(tmp_path).tolist() == [50.0]) is stands


@pytest.mark.parametrize(("removed", "stands"), [(4, True), (5, False)])
def test_removed_respondents_count(tmp_path, removed, stands):
    publish(tmp_path, people({"": [*[3.0] * 10, *[4.0] * 10]}))
    publish(tmp_path, people({"": [*[3.0] * 10, *[4.0] * (10 - removed)]}))
    assert (published(tmp_path).tolist() == [62.5]) is stands


def test_an_exchange_of_one_for_one_counts(tmp_path):
    publish(tmp_path, people({"": TWELVE}))
    rows = people({"": [*[3.0] * 11, 5.0]})
    rows.loc[11, "respondent"] = 99
    assert publish(tmp_path, rows).waiting
    assert published(tmp_path).tolist() == [50.0]


def test_new_pseudonyms_alone_change_nothing(tmp_path):
    # without identities in the export, one row inserted at the top shifts all others
    publish(tmp_path, people({"": [3.0] * 6 + [4.0] * 6}))
    assert publish(tmp_path, people({"": [5.0] + [3.0] * 6 + [4.0] * 6})).waiting
    assert not publish(tmp_path, people({"": [3.0] * 6 + [4.0] * 6}, first=100)).waiting


def test_every_published_unit_counts_for_itself(tmp_path):
    units = registered({"u": "", "v": ""})
    publish(tmp_path, people({"u": [3.0] * 8, "v": [3.0] * 8}), units)
    # five more in all, but three and two of the units
    assert publish(tmp_path, people({"u": [3.0] * 8 + [4.0] * 3, "v": [3.0] * 8 + [4.0] * 2}), units).waiting
    assert set(published(tmp_path)) == {50.0}
    assert not publish(tmp_path, people({"u": [3.0] * 8 + [4.0] * 5, "v": [3.0] * 8}), units).waiting


def test_what_follows_from_several_groups_counts(tmp_path):
    # v and w are suppressed; 5 more in all, 5 of them in u and 1 fewer... the rest of u differs by one
    units = registered({"u": "", "v": "", "w": ""})
    before = {"u": [3.0] * 20, "v": [3.0] * 4, "w": [3.0] * 4}
    publish(tmp_path, people(before), units)
    assert set(published(tmp_path).index) == {"*", "u"}
    after = {"u": [3.0] * 20 + [4.0] * 5, "v": [3.0] * 3 + [5.0], "w": [3.0] * 4}
    # all differs by six and u by five: the one in v follows
    assert publish(tmp_path, people(after), units).waiting


def test_a_new_tree_that_isolates_somebody_does_not_replace_the_old(tmp_path):
    rows = people({"u": [3.0] * 8, "v": [3.0] * 8, "x": [5.0] * 2})
    publish(tmp_path, rows, registered({"u": "", "v": "", "x": "u"}))
    assert published(tmp_path)["u"] == 60.0
    # x moves from u to v: the difference of u is the two of x
    made = publish(tmp_path, rows, registered({"u": "", "v": "", "x": "v"}))
    assert [(w.organisation, w.tree) for w in made.waiting] == [("org", True)]
    assert published(tmp_path)["u"] == 60.0
    profile = json.loads((tmp_path / "results" / "organisation=org" / "organisation.json").read_text())
    assert {u["id"]: u["parent"] for u in profile["units"]}["x"] == "u"


def test_a_new_tree_that_moves_enough_replaces_the_old(tmp_path):
    rows = people({"u": [3.0] * 8, "v": [3.0] * 8, "x": [4.0] * 6})
    publish(tmp_path, rows, registered({"u": "", "v": "", "x": "u"}))
    assert not publish(tmp_path, rows, registered({"u": "", "v": "", "x": "v"})).waiting
    assert published(tmp_path)["v"] == pytest.approx(round(850 / 14, 1))


def test_a_higher_threshold_is_taken_up(tmp_path):
    rows = people({"u": [3.0] * 8, "v": [3.0] * 20})
    publish(tmp_path, rows, registered({"u": "", "v": ""}))
    assert not publish(tmp_path, rows, registered({"u": "", "v": ""}), threshold=10).waiting
    assert "u" not in published(tmp_path).index


def test_the_ledger_is_private_and_survives_a_failed_audit(tmp_path, monkeypatch):
    publish(tmp_path, people({"": TWELVE}))
    ledger = tmp_path / "ledger"
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o700
    assert len((ledger / "releases.jsonl").read_text().splitlines()) == 1
    before = {p: p.read_bytes() for p in sorted(ledger.rglob("*")) if p.is_file()}
    monkeypatch.setattr(score_module, "audit_results", lambda *_: ["a finding"])
    with pytest.raises(DimiosError):
        publish(tmp_path, people({"": [*TWELVE, *[4.0] * 6]}))
    assert {p: p.read_bytes() for p in sorted(ledger.rglob("*")) if p.is_file()} == before
    monkeypatch.undo()
    # the ledger is not rebuilt: what was never published does not count
    assert publish(tmp_path, people({"": [*TWELVE, *[4.0] * 4]})).waiting


def test_a_ledger_put_aside_by_a_stop_is_found_again(tmp_path):
    publish(tmp_path, people({"": TWELVE}))
    (tmp_path / "ledger").rename(tmp_path / ".ledger.old")
    assert publish(tmp_path, people({"": [*TWELVE, 4.0]})).waiting


def test_an_organisation_that_was_away_is_held_against_what_was_published(tmp_path):
    others = people({"": [3.0] * 9}, "other", 50)
    publish(tmp_path, pd.concat([people({"": TWELVE}), others]))
    publish(tmp_path, others)
    assert not (tmp_path / "results" / "organisation=org").exists()
    assert publish(tmp_path, pd.concat([people({"": [*TWELVE, 4.0]}), others])).waiting
    assert published(tmp_path).tolist() == [50.0]


def consortium(changed: int, organisations_n: int = 14) -> pd.DataFrame:
    """Organisations of eight; in the first `changed` all answers to point a are three steps higher."""
    rng = np.random.default_rng(5)
    parts = []
    for i in range(organisations_n):
        answers = rng.integers(1, 3, 8).astype(float)
        parts.append(people({"": (answers + 3 * (i < changed)).tolist()}, f"o{i:02}", 100 * i))
        parts[-1]["b"] = rng.integers(1, 6, 8).astype(float)
    return pd.concat(parts, ignore_index=True)


def mean_of_all(outputs: Path) -> float:
    frame = pd.read_parquet(outputs / "results" / "public" / "benchmarks.parquet")
    return float(frame.loc[(frame["group"] == "all") & (frame["key"] == "a"), "mean"].iloc[0])


@pytest.mark.parametrize(("changed", "stands"), [(1, True), (4, True), (5, True), (6, False)])
def test_benchmarks_stand_until_enough_organisations_differ(tmp_path, changed, stands):
    publish(tmp_path, consortium(0))
    before, own = mean_of_all(tmp_path), published(tmp_path, "o00").iloc[0]
    made = publish(tmp_path, consortium(changed))
    assert published(tmp_path, "o00").iloc[0] == pytest.approx(own + 75, abs=0.051)  # her own figures are new
    assert made.standing == (("2026",) if stands else ())
    assert mean_of_all(tmp_path) == pytest.approx(before + (0 if stands else 75 * changed / 14), abs=0.051)


def test_a_newcomer_is_compared_with_all_others_while_benchmarks_stand(tmp_path):
    publish(tmp_path, consortium(0, 13))
    before = mean_of_all(tmp_path)
    made = publish(tmp_path, consortium(0, 14))
    assert made.standing == ("2026",)
    assert mean_of_all(tmp_path) == before
    gaps = pd.read_parquet(tmp_path / "results" / "organisation=o13" / "gaps.parquet")
    row = gaps[(gaps["group"] == "all") & (gaps["key"] == "a")].iloc[0]
    assert row["peers_n"] == 13
    assert row["benchmark"] == pytest.approx(before, abs=0.051)
    # and one of the others with the twelve others that the standing mean is made of
    gaps = pd.read_parquet(tmp_path / "results" / "organisation=o00" / "gaps.parquet")
    assert set(gaps["peers_n"].dropna()) == {12}


def test_an_organisation_that_left_stays_in_standing_benchmarks(tmp_path):
    publish(tmp_path, consortium(0, 14))
    before = mean_of_all(tmp_path)
    rows = consortium(0, 14)
    made = publish(tmp_path, rows[rows["organisation"] != "o03"])
    assert made.standing == ("2026",)
    assert mean_of_all(tmp_path) == before
    assert not (tmp_path / "results" / "organisation=o03").exists()
