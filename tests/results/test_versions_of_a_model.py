"""Two versions of a model in one outputs folder: each period by its own, changes on what they have in common."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.published.reads import Content
from dimios_core.published.store import load_results
from dimios_core.report.pages.national_status.page import NationalStatus
from dimios_core.report.pages.our_result.page import OurResult
from dimios_core.research.loading import load_answers
from dimios_core.responses.models import model_file, write_model
from dimios_core.results.audit.tables import audit_results
from dimios_core.results.score import score_responses
from dimios_core.results.scoring.models import Models
from tests.building import make_instrument, make_organisations, write_store

CATEGORIES = {"c1": "across", "c2": "up", "c3": "across"}
FIRST = make_instrument(
    {"a": "c1", "b": "c1", "x": "c1", "d": "c2", "w": "c2", "k": "c3", "l": "c3", "m1": "c3", "m2": "c3"},
    CATEGORIES, quadrants=True,
)  # fmt: skip
WALK = {
    "from_version": 1, "same": ["a", "d", "k", "l"], "renamed": {"b": "b2"}, "items": {"b": "b2"}, "split": {"w": ["w1", "w2"]},
    "merged": {"m": ["m1", "m2"]}, "new": ["n"], "gone": ["x"],
}  # fmt: skip
PEOPLE_N = 60
ORGANISATIONS = [f"o{i}" for i in range(7)]


def make_second(**changes: object) -> Instrument:
    points = {
        "a": "c1",
        "b2": "c1",
        "n": "c1",
        "d": "c2",
        "w1": "c2",
        "w2": "c2",
        "k": "c3",
        "l": "c3",
        "m": "c3",
    }
    model = make_instrument(points, CATEGORIES, quadrants=True).model_dump()
    return Instrument.model_validate(model | {"version": 2, "crosswalk": WALK} | changes)


SECOND = make_second()


def answers(
    model: Instrument, period: str, shift: dict[str, int], organisations: list[str] = ORGANISATIONS
) -> pd.DataFrame:
    """60 people an organisation, the same in every period; of each point ten say 2, forty 3, ten 4, and `shift` more.

    Of point b2 every second one says `shift` more, the others what they said of b.
    """
    rows = []
    for o, organisation in enumerate(organisations):
        for i in range(PEOPLE_N):
            said = {
                p: float([2, 3, 3, 4, 3, 3][(i + k + o) % 6] + shift.get(p, 0) * (p != "b2" or i % 2 == 0))
                for k, p in enumerate(model.point_ids)
            }
            rows.append({
                "organisation": organisation, "period": period, "unit": "", "role": "unknown",
                "respondent": 100 * o + i, **said,
            })  # fmt: skip
    return pd.DataFrame(rows)


def store(outputs: Path, second: Instrument, shift: dict[str, int]) -> None:
    organisations = make_organisations(*ORGANISATIONS)
    write_store(outputs, FIRST, answers(FIRST, "2025", {"x": 1}), organisations)
    write_store(outputs, second, answers(second, "2026", shift), organisations)
    path = model_file(outputs / "responses", FIRST.id, 1)
    path.parent.mkdir()
    write_model(FIRST, path)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    store(folder, SECOND, {"a": 1, "b2": -1, "n": 1, "k": 1, "l": 1})
    score_responses(folder, SECOND)
    return folder


def read(outputs: Path, table: str, organisation: str = "o0") -> pd.DataFrame:
    frame = pd.read_parquet(outputs / "results" / f"organisation={organisation}" / f"{table}.parquet")
    return frame[(frame["unit"] == "*") & (frame["role"] == "*")] if "unit" in frame else frame


def by_key(frame: pd.DataFrame, value: str) -> dict[str, float]:
    return dict(zip(frame["key"].astype(str), frame[value], strict=True))


def test_every_period_has_the_levels_of_its_own_version(outputs):
    scores = read(outputs, "scores")
    then, now = (by_key(scores[scores["period"] == p], "score") for p in ("2025", "2026"))
    assert list(then)[:9] == FIRST.point_ids
    assert list(now)[:9] == SECOND.point_ids
    # every point 50 but x, 75: c1 is (50 + 50 + 75) / 3
    assert (then["x"], then["c1"], then["c2"], then["c3"]) == (75.0, 58.3, 50.0, 50.0)
    # a and n 75, b2 37.5: c1 is (75 + 37.5 + 75) / 3, c3 (75 + 75 + 50) / 3, across their mean, maturity that and 50
    assert (now["a"], now["b2"], now["n"], now["c1"], now["c3"]) == (75.0, 37.5, 75.0, 62.5, 66.7)
    assert (now["across"], now["up"], now["maturity"]) == (64.6, 50.0, 57.3)


def test_changes_rest_on_the_points_of_both_versions(outputs):
    changes = read(outputs, "changes")
    change, status, points_n = (by_key(changes, c) for c in ("change", "status", "n_points"))
    assert {k for k in SECOND.point_ids if status[k] == "published"} == {"a", "b2", "d", "k", "l"}
    assert (change["a"], change["b2"], change["d"]) == (25.0, -12.5, 0.0)
    assert {k: status[k] for k in ("n", "w1", "w2", "m")} == dict.fromkeys(
        ("n", "w1", "w2", "m"), "no_answers"
    )
    # c1: a and b2 are two thirds of it, (25 − 12.5) / 2; c3: k and l, (25 + 25) / 2; across (6.25 + 25) / 2
    assert (change["c1"], change["c3"], change["across"]) == (6.2, 25.0, 15.6)
    assert (points_n["c1"], points_n["c3"], points_n["across"]) == (2, 2, 4)
    # d alone is one third of c2: no change of it, nor of what rests on it
    assert {k: status[k] for k in ("c2", "up", "maturity")} == dict.fromkeys(
        ("c2", "up", "maturity"), "incomplete"
    )


def test_the_error_of_a_change_knows_the_people_of_both_years(outputs):
    # the same people: half of them differ by −25, half by 0, so s is 12.5·√(60/59), and the error s/√60 = 12.5/√59
    changes = read(outputs, "changes").set_index("key")
    assert changes.loc["b2", "se"] == 1.6


def test_public_tables_hold_each_period_in_its_own_levels(outputs):
    public = outputs / "results" / "public"
    benchmarks = pd.read_parquet(public / "benchmarks.parquet")
    means = benchmarks[(benchmarks["group"] == "all") & (benchmarks["level"] == "point")]
    assert {p: f["key"].astype(str).tolist() for p, f in means.groupby("period", observed=True)} == {
        "2025": FIRST.point_ids, "2026": SECOND.point_ids,
    }  # fmt: skip
    assert (means["status"] == "published").all()
    assert Instrument.model_validate_json((public / "instrument.json").read_text(encoding="utf-8")) == SECOND
    assert Instrument.model_validate_json((public / "instrument-1.json").read_text(encoding="utf-8")) == FIRST


def test_the_audit_works_both_out_again(outputs):
    assert not audit_results(outputs / "results")


@pytest.mark.parametrize("key", ["a", "b2", "c1", "across"])
def test_the_audit_sees_a_change_that_common_points_do_not_give(outputs, tmp_path, key):
    results = shutil.copytree(outputs / "results", tmp_path / "results")
    path = results / "organisation=o0" / "changes.parquet"
    frame = pd.read_parquet(path)
    at = (frame["key"] == key) & (frame["unit"] == "*")
    frame.loc[at, ["change", "ci_low", "ci_high"]] += 3.0
    frame.to_parquet(path)
    assert any(
        "change that its levels do not give" in f.what and key in f.key for f in audit_results(results)
    )


def test_the_audit_sees_a_crosswalk_that_does_not_fit(outputs, tmp_path):
    results = shutil.copytree(outputs / "results", tmp_path / "results")
    path = results / "public" / "instrument.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"b": "b2"', '"x": "b2"'), encoding="utf-8")
    assert any("is named twice" in f.what for f in audit_results(results))


def test_scored_again_it_is_the_same_and_nothing_waits(outputs):
    before = read(outputs, "changes")
    assert not score_responses(outputs, SECOND).waiting
    pd.testing.assert_frame_equal(read(outputs, "changes"), before)


def test_without_a_crosswalk_versions_are_not_joined(tmp_path):
    store(tmp_path, SECOND, {})
    with pytest.raises(InputError, match="were asked with version 1 of the model, and this is version 2"):
        score_responses(tmp_path, make_second(crosswalk=None))


def test_a_period_has_one_version(tmp_path):
    store(tmp_path, SECOND, {})
    write_store(tmp_path, SECOND, answers(SECOND, "2025", {}, ["o0"]), make_organisations(*ORGANISATIONS))
    with pytest.raises(InputError, match="have version 1 of the model, and others have 2"):
        score_responses(tmp_path, SECOND)


def test_versions_do_not_go_back(tmp_path):
    store(tmp_path, SECOND, {})
    write_store(tmp_path, FIRST, answers(FIRST, "2027", {}), make_organisations(*ORGANISATIONS))
    with pytest.raises(InputError, match="asked with version 1, after a period with version 2"):
        score_responses(tmp_path, SECOND)


def test_a_page_says_what_its_changes_rest_on(outputs):
    report = OurResult.open("o0", "2026", "sv", str(outputs / "results"))
    assert report.results.instrument.version == 2
    told = str(report.changes().heading)
    assert "Förändringen gäller de 5 mätpunkter som finns i båda versionerna av modellen." in told
    assert "Nytt eller ändrat i version 2: n, w1, w2 och m." in told
    assert "Utgått eller ändrat sedan version 1: x, w, m1 och m2." in told
    assert report.facts.changes["category", "c1"].value == 6.2
    assert report.facts.changes["category", "c2"].value is None


def test_a_period_of_before_is_told_in_its_own_model(outputs):
    report = OurResult.open("o0", "2025", "sv", str(outputs / "results"))
    assert report.results.instrument == FIRST
    assert [f.key for f in report.facts.of_level("point")] == FIRST.point_ids
    assert "version" not in str(report.changes().heading)


def test_groups_of_organisations_have_no_change_across_versions(outputs):
    report = NationalStatus.open("2026", "sv", str(outputs / "results"))
    assert report.facts.changes == {}
    assert (
        "Förändringar för grupper av organisationer räknas bara mellan mätningar med samma version."
        in str(report.same_organisations().html)
    )


def test_points_of_before_stand_beside_today_by_todays_names(outputs):
    results = load_results("o0", outputs / "results").as_asked("2026")
    assert results.as_asked("2026") is results
    assert results.as_asked("2025") is not results
    then = results.rows("scores", period="2025", unit="*", role="*")
    assert [r["key"] for r in then] == [
        "a",
        "b2",
        "d",
        "k",
        "l",
        "c1",
        "c2",
        "c3",
        "across",
        "up",
        "maturity",
    ]
    frame = results.scores
    mine = frame[(frame["period"] == "2025") & (frame["unit"] == "*") & (frame["role"] == "*")]
    assert mine["key"].tolist() == [r["key"] for r in then]
    assert mine["score"].tolist() == [r["score"] for r in then]


def test_research_reads_one_version_at_a_time(outputs):
    with pytest.raises(InputError, match=r"answers of 2025.*version 1 of the model, and this is version 2"):
        load_answers(outputs, instrument=SECOND)
    assert load_answers(outputs, periods=["2025"], instrument=FIRST).instrument == FIRST


# -- one organisation, cheap variants --------------------------------------------------------------------------------


def score_one(
    folder: Path,
    second: Instrument,
    then: pd.DataFrame,
    now: pd.DataFrame,
    units: dict[str, str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Score one organisation's answers to both versions, and return its tables."""
    organisations = make_organisations("o0")
    registered = pd.DataFrame(
        [("o0", u, u, parent) for u, parent in (units or {}).items()],
        columns=["organisation", "unit", "name", "parent"],
    )
    write_store(folder, FIRST, then, organisations, registered)
    write_store(folder, second, now, organisations, registered)
    path = model_file(folder / "responses", FIRST.id, 1)
    path.parent.mkdir()
    write_model(FIRST, path)
    score_responses(folder, second)
    where = folder / "results" / "organisation=o0"
    return {name: pd.read_parquet(where / f"{name}.parquet") for name in ("scores", "changes", "trends")}


def on_wide_scale(**walk: object) -> Instrument:
    """The second version with point a answered from 0 to 10."""
    model = SECOND.model_dump()
    model["scales"]["wide"] = {"lowest": 0.0, "highest": 10.0}
    model["points"][0]["items"][0]["scale"] = "wide"
    return Instrument.model_validate(model | {"crosswalk": WALK | walk})


@pytest.mark.parametrize(("declared", "change"), [(True, 20.0), (False, None)])
def test_another_scale_is_compared_in_percent_where_that_is_declared(tmp_path, declared, change):
    second = on_wide_scale(comparable=["a"] if declared else [])
    now = answers(second, "2026", {}, ["o0"]).assign(a=7.0)  # 70 % of 0-10; then 3 of 1-5 on the whole, 50 %
    tables = score_one(tmp_path, second, answers(FIRST, "2025", {}, ["o0"]), now)
    row = tables["changes"].set_index("key").loc["a"]
    assert row["status"] == ("published" if declared else "no_answers")
    assert change is None or row["change"] == change


def test_versions_with_nothing_in_common_are_two_instruments(tmp_path):
    walk = {"from_version": 1, "gone": FIRST.point_ids, "new": ["p", "q"]}
    model = make_instrument({"p": "c1", "q": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True).model_dump()
    second = Instrument.model_validate(model | {"version": 2, "crosswalk": walk})
    now = answers(second, "2026", {}, ["o0"])
    with pytest.raises(InputError, match="nothing means the same as in version 1"):
        score_one(tmp_path, second, answers(FIRST, "2025", {}, ["o0"]), now)


@pytest.mark.parametrize("kept", [False, True])
def test_a_place_is_told_of_periods_whose_version_has_the_plane(tmp_path, monkeypatch, kept):
    second = make_second(quadrants=None)
    score_one(tmp_path, second, answers(FIRST, "2025", {}, ["o0"]), answers(second, "2026", {}, ["o0"]))
    monkeypatch.setattr(Content, "kept", {} if kept else None)
    then, now = (OurResult.open("o0", p, "sv", str(tmp_path / "results")).history for p in ("2025", "2026"))
    assert (set(then.positions), set(now.positions)) == ({"2025"}, set())


def test_what_is_common_leads_over_several_versions():
    walk = {"from_version": 2, "same": [p for p in SECOND.point_ids if p != "b2"], "renamed": {"b2": "b3"}}
    model = SECOND.model_dump()
    model["points"][1] |= {"id": "b3", "items": [model["points"][1]["items"][0] | {"id": "b3"}]}
    third = Instrument.model_validate(model | {"version": 3, "crosswalk": walk | {"items": {"b2": "b3"}}})
    models = Models({1: FIRST, 2: SECOND, 3: third}, {"2024": 1, "2025": 2, "2026": 3})
    assert models.common(1, 3) == {"a": "a", "b": "b3", "d": "d", "k": "k", "l": "l"}
    assert models.point_names(1, 3) == ["a", "b3", "", "d", "", "k", "l", "", ""]
    assert models.places(1, 3) == [0, 1, -1, 3, -1, -1, 5, 6, -1]


def test_what_was_planned_for_a_point_goes_with_it_whatever_its_scale():
    """b is b2 in version 2, asked from 0 to 10: scores are not compared, but it asks the same. w was split, and is no point of today's."""
    model = SECOND.model_dump()
    model["scales"]["wide"] = {"lowest": 0.0, "highest": 10.0}
    model["points"][1]["items"][0]["scale"] = "wide"
    models = Models({1: FIRST, 2: Instrument.model_validate(model)}, {"2025": 1, "2026": 2})
    assert "b2" not in models.point_names(1, 2)
    assert models.renamed_points == {"b": "b2"}


def test_a_small_unit_does_not_follow_from_levels_and_changes_of_both_versions(tmp_path):
    # u has four people: nothing of it is told, and no sum of what is told gives its four answers to a point
    units = {"u": "", "v": "", "w": ""}
    place = ["u"] * 4 + ["v"] * 30 + ["w"] * 26
    then, now = (
        answers(m, p, shift, ["o0"]).assign(unit=place)
        for m, p, shift in ((FIRST, "2025", {}), (SECOND, "2026", {"a": 1, "k": 1}))
    )
    tables = score_one(tmp_path, SECOND, then, now, units)
    scores, changes = tables["scores"], tables["changes"]
    both = {"a": "a", "b": "b2", "d": "d", "k": "k", "l": "l"}
    today, common = {new: old for old, new in both.items()}, list(both)
    inside = {"*": np.ones(len(place), bool)} | {u: np.array(place) == u for u in units}

    def row(unit: str, period: str, key: str) -> np.ndarray:
        """A group's mean of a common point, over answers (period, point, person)."""
        of = np.zeros((2, len(common), len(place)))
        name = today.get(key, key) if period == "2026" else key
        of[int(period == "2026"), common.index(name)] = inside[unit] / inside[unit].sum()
        return of.ravel()

    told = []
    shown = scores[(scores["status"] == "published") & (scores["level"] == "point") & (scores["role"] == "*")]
    for r in shown.itertuples():
        names = both if r.period == "2025" else today
        if r.key in names and r.unit in inside:
            told.append(row(r.unit, r.period, r.key))
    levels = {p.id: [p.id] for p in SECOND.points} | {
        "c1": ["a", "b2"],
        "c3": ["k", "l"],
        "across": ["a", "b2", "k", "l"],
    }
    published = changes[(changes["status"] == "published") & (changes["role"] == "*")]
    assert {"c1", "across", "b2"} <= set(published["key"].astype(str))
    for r in published.itertuples():
        of = levels[r.key]
        told.append(sum(row(r.unit, "2026", k) - row(r.unit, "2025", today[k]) for k in of) / len(of))
    assert "u" not in set(published["unit"].astype(str))
    rows = np.array(told)
    for period, key in (("2025", "a"), ("2026", "a"), ("2025", "b"), ("2026", "b2")):
        target = row("u", period, key)
        nearest = np.linalg.lstsq(rows.T, target, rcond=None)[0] @ rows
        assert np.abs(nearest - target).max() > 1e-3


def test_a_change_within_a_version_is_not_said_to_rest_on_what_another_has(tmp_path):
    now = pd.concat([answers(SECOND, p, {"n": n}, ["o0"]) for p, n in (("2026", 0), ("2027", 1))])
    tables = score_one(tmp_path, SECOND, answers(FIRST, "2025", {}, ["o0"]), now)
    change = tables["changes"].query("period == '2027' and period_from == '2026'").set_index("key")
    assert (change.loc["c1", "change"], change.loc["c1", "n_points"]) == (
        8.3,
        3,
    )  # n is 25 more, and one of three
    trend = tables["trends"].query("period == '2027'").set_index("key")
    assert trend.loc["c1", "status"] == "published"
    assert trend.loc["c1", "slope"] == 0.0  # without n, which 2025 does not have
    assert trend.loc["n", "status"] == "no_answers"
    told = str(OurResult.open("o0", "2027", "sv", str(tmp_path / "results")).changes().heading)
    assert "Förändringen sedan 2026 gäller hela modellen: båda mätningarna har samma version." in told
    assert "5 mätpunkter är gemensamma med 2025" in told
    assert "Förändringen gäller de" not in told
