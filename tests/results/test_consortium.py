"""Statistics over all organisations, from a small store: levels, panels, distributions, named rows, coverage."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.published.store import load_results
from dimios_core.results.audit.tables import audit_benchmarks
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.frames import Frames, load_frames
from dimios_core.results.consortium.named import bin_scores
from dimios_core.results.consortium.panels import Known, trim_panel
from dimios_core.results.score import score_responses
from tests.building import make_instrument, write_store

INSTRUMENT = make_instrument(
    {"a": "c1", "b": "c1", "c": "c1", "d": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True
)
PEOPLE_N = 14


@pytest.fixture(scope="module")
def store(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty municipalities: four new in 2025, three only in 2024; half shown by name; invitations for all but one."""
    outputs = tmp_path_factory.mktemp("consortium")
    rng = np.random.default_rng(11)
    ids = [f"o{i:02}" for i in range(40)]
    rows = []
    for i, organisation in enumerate(ids):
        level = rng.normal(0, 0.4)
        for period in ("2024", "2025"):
            if (period == "2024" and i >= 36) or (period == "2025" and i < 3):
                continue
            answers = np.clip(np.round(3 + level + rng.normal(0, 1, (PEOPLE_N, 4))), 1, 5)
            people = np.arange(PEOPLE_N) + 1000 * i
            rows.append(
                pd.DataFrame(answers, columns=list("abcd")).assign(
                    organisation=organisation, period=period, unit="", role="unknown", respondent=people
                )
            )
    organisations = pd.DataFrame({"id": ids, "name": [i.title() for i in ids]}).assign(
        type="municipality", county=["14"] * 20 + ["12"] * 20, size=["small", "medium"] * 20,
        sharing=["named", "named", "closed", "closed"] * 10, threshold=5,
    )  # fmt: skip
    invited = pd.DataFrame({"organisation": ids[1:]}).assign(period="2025", unit="", role="", invited=20)
    write_store(outputs, INSTRUMENT, pd.concat(rows), organisations, invited=invited)
    score_responses(outputs, INSTRUMENT)
    return outputs / "results"


def organisation_scores(results: Path, period: str, key: str) -> pd.Series:
    """Scores that the organisations publish themselves."""
    found = {}
    for path in results.glob("organisation=*"):
        scores = pd.read_parquet(path / "scores.parquet")
        own = scores[(scores["period"] == period) & (scores["unit"] == "*") & (scores["key"] == key)]
        if len(own):
            found[path.name.removeprefix("organisation=")] = float(own["score"].iloc[0])
    return pd.Series(found)


def test_gaps_are_to_the_mean_of_the_others_of_each_group(store):
    places = {"all": range(40), "county:14": range(20), "size:medium": range(1, 40, 2)}
    for key in ("a", "c1"):
        scores = organisation_scores(store, "2025", key)
        for own in ("o05", "o31"):
            gaps = pd.read_parquet(store / f"organisation={own}" / "gaps.parquet")
            rows = gaps[(gaps["period"] == "2025") & (gaps["key"] == key)].set_index("group")
            for group in rows.index.intersection(list(places)):
                others = scores[[o for o in scores.index if o != own and int(o[1:]) in places[group]]]
                assert rows.loc[group, "peers_n"] == len(others)
                assert abs(rows.loc[group, "benchmark"] - others.mean()) <= 0.1
                assert abs(rows.loc[group, "gap"] - (scores[own] - others.mean())) <= 0.15
            assert {"all", "size:medium"} <= set(rows.index)


def one(frame: pd.DataFrame, **where: str) -> pd.Series:
    """The one row with these values."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_level_is_the_mean_of_the_organisations_with_the_interval_of_a_sector(store):
    row = one(load_results("o05", store).group_levels, period="2025", group="type:municipality", key="c1")
    scores = organisation_scores(store, "2025", "c1")
    assert row["organisations_n"] == len(scores) == 37
    assert row["frame_n"] == 290
    assert row["mean"] == pytest.approx(scores.mean(), abs=0.06)
    assert row["between_sd"] == pytest.approx(scores.std(ddof=1), abs=0.06)
    assert row["se"] <= scores.std(ddof=1) / np.sqrt(37) + 0.06
    assert row["df"] == 36
    assert row["ci_high"] - row["mean"] == pytest.approx(2.028 * row["se"], abs=0.2)  # t(36; .975)
    assert row["own_high"] - row["own_low"] < row["ci_high"] - row["ci_low"]


def test_the_panel_is_of_the_same_organisations_and_leaves_newcomers_hidden(store):
    changes = load_results("o05", store).group_changes
    row = one(changes, period="2025", period_from="2024", group="all", key="maturity")
    assert row["status"] == "published"
    # 33 were there both times; newcomers and leavers alone would be three and four
    assert 6 <= row["organisations_n"] <= 30
    assert row["change"] == pytest.approx(row["mean"] - row["mean_from"], abs=0.11)
    plain = organisation_scores(store, "2025", "maturity").mean()
    assert row["plain"] == pytest.approx(plain, abs=0.06)


def test_shares_and_reliability_are_there_for_both_periods(store):
    results = load_results("o05", store)
    shares = results.variance_shares
    assert set(shares["part"]) == {"organisations", "people"}  # nobody has units
    assert shares.groupby("period", observed=True)["share"].sum().tolist() == pytest.approx([1, 1], abs=0.011)
    alpha = one(results.reliability, period="2025", key="c1", measure="alpha")
    assert abs(alpha["value"]) < 0.35  # answers to the points are independent within organisations
    assert one(results.reliability, period="2025", key="c1", measure="icc2")["value"] > 0.5
    assert results.quality["value"].isna().all()  # fourteen people are too few for one's own
    assert set(results.quality["status"]) == {"suppressed_small"}


def spread_out(counts: dict[int, int]) -> np.ndarray:
    """So many organisations in each ten percentage points."""
    return np.concatenate([np.linspace(low, low + 9.9, n) for low, n in counts.items()])


@pytest.mark.parametrize(
    ("counts", "bins"),
    [
        # five to 50; the two above 60 are too few for a bin of their own
        ({10: 1, 30: 1, 40: 3, 50: 5, 60: 1, 70: 1}, [(0, 50, 5), (50, 100, 7)]),
        ({30: 5, 40: 5, 50: 6, 60: 4, 70: 1}, [(0, 40, 5), (40, 50, 5), (50, 60, 6), (60, 100, 5)]),
        # four between 40 and 50 are too few: all bins are twice as wide, 40 to 60 hold thirteen
        ({20: 3, 30: 6, 40: 4, 50: 9, 60: 2, 70: 5}, [(0, 40, 9), (40, 60, 13), (60, 100, 7)]),
        # and four between 40 and 60: halves
        ({20: 9, 40: 2, 50: 2, 60: 8}, [(0, 50, 11), (50, 100, 10)]),
        ({50: 12}, [(0, 100, 12)]),
    ],
)
def test_bins_are_as_wide_as_each_other_hold_five_and_cover_the_scale(counts, bins):
    assert bin_scores(spread_out(counts)) == bins


def test_named_rows_tell_what_the_organisations_publish_themselves(store):
    named = load_results("o05", store).named
    assert len(named) and set(named["id"]) <= {f"o{i:02}" for i in range(40) if i % 4 < 2}
    row = one(named[named["id"] == "o05"], period="2025", key="maturity")
    own = pd.read_parquet(store / "organisation=o05" / "scores.parquet")
    level = one(own[own["unit"] == "*"], period="2025", key="maturity")
    assert (row["score"], row["low"], row["high"]) == (level["score"], level["ci_low"], level["ci_high"])
    change = one(
        pd.read_parquet(store / "organisation=o05" / "changes.parquet"), period="2025", key="maturity"
    )
    assert (row["period_from"], row["change"], row["certainty"]) == (
        "2024",
        change["change"],
        change["certainty"],
    )


def test_coverage_counts_all_and_rates_those_with_invitations(store):
    coverage = load_results("o05", store).coverage
    row = one(coverage, period="2025", kind="all")
    assert (row["organisations_n"], row["respondents_n"]) == (37, 37 * PEOPLE_N)
    assert row["rate"] == pytest.approx(PEOPLE_N / 20)
    assert one(coverage, period="2025", kind="county_municipalities", value="14")["frame_n"] == 49
    assert (
        one(coverage, period="2024", kind="all")["rate"] != one(coverage, period="2024", kind="all")["rate"]
    )


# what the audit finds


@pytest.fixture
def spoiled(store, tmp_path) -> Path:
    return Path(shutil.copytree(store, tmp_path / "results"))


def replant(results: Path, name: str, change) -> list[str]:
    path = results / "public" / f"{name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    return [str(f) for f in audit_benchmarks(results)]


def test_the_audit_finds_nothing_in_what_was_scored(store):
    assert audit_benchmarks(store) == []


def test_the_audit_finds_four_companies_in_sixty_organisations(tmp_path):
    # all 60 = 48, municipalities 40 = 47, regions 6 = 52, agencies 10 = 51 give the four companies away: 44.5
    assert (60 * 48 - 40 * 47 - 6 * 52 - 10 * 51) / 4 == 44.5
    public = tmp_path / "public"
    public.mkdir()
    means = {
        "all": (60, 48.0),
        "type:municipality": (40, 47.0),
        "type:region": (6, 52.0),
        "type:agency": (10, 51.0),
    }
    pd.DataFrame(
        [("2026", g, "published", n, mean, np.nan) for g, (n, mean) in means.items()],
        columns=["period", "group", "status", "organisations_n", "mean", "q1"],
    ).assign(kind="type", level="maturity", key="maturity", median=np.nan, q3=np.nan).to_parquet(
        public / "benchmarks.parquet"
    )
    cells = [("all|type:municipality", 40), ("all|type:region", 6), ("all|type:agency", 10), ("all", 4)]
    table = pd.DataFrame(cells, columns=["groups", "organisations_n"]).assign(period="2026", shown_n=0)
    table.to_parquet(public / "participation.parquet")
    found = [str(f) for f in audit_benchmarks(tmp_path)]
    assert any("the mean of 4 organisations that are not shown follows" in f for f in found)
    assert any(
        "3 organisations' mean follows for a member" in f for f in found
    )  # of a company: its three others
    # and the same four as newcomers: a panel of 56 beside the plain mean of 60
    benchmarks = pd.read_parquet(public / "benchmarks.parquet")
    benchmarks[benchmarks["group"] == "all"].to_parquet(public / "benchmarks.parquet")
    table = pd.DataFrame({"groups": ["all"], "organisations_n": [60], "period": "2026", "shown_n": 0})
    table.to_parquet(public / "participation.parquet")
    assert audit_benchmarks(tmp_path) == []
    change = {"period": "2026", "period_from": "2025", "group": "all", "kind": "all", "level": "maturity"}
    pd.DataFrame([change | {"key": "maturity", "status": "published", "organisations_n": 56}]).reindex(
        columns=[*change, "key", "status", "organisations_n", "mean_from", "mean", "change", "se", "df", "ci_low",
                 "ci_high", "own_low", "own_high", "certainty", "plain_from", "plain"]
    ).to_parquet(public / "group_changes.parquet")  # fmt: skip
    for newcomers, leaks in ((4, True), (6, False)):
        panel = [("2026", "all", "2026<2025 all", 60 - newcomers, 0), ("2026", "all", "", newcomers, 0)]
        pd.DataFrame(panel, columns=["period", "groups", "panels", "organisations_n", "named_n"]).to_parquet(
            public / "panel_participation.parquet"
        )
        found = [str(f) for f in audit_benchmarks(tmp_path)]
        assert any("organisations follows from panels" in f for f in found) == leaks


def test_the_audit_finds_a_panel_that_was_not_counted(spoiled):
    found = replant(spoiled, "group_changes", lambda f: f.assign(organisations_n=f["organisations_n"] + 1))
    assert any("the panel is not the one that was checked" in f for f in found)


def test_the_audit_finds_thin_bins_narrow_bins_and_ends(spoiled):
    def thin(bins: pd.DataFrame) -> pd.DataFrame:
        bins.loc[0, ["bin_low", "organisations_n"]] = [38.0, 4]
        return bins

    found = replant(spoiled, "distribution", thin)
    assert any("a bin of fewer than 5" in f for f in found)
    assert any("bins that tell more" in f for f in found)


def test_the_audit_finds_named_rows_of_others_than_dots(spoiled):
    found = replant(spoiled, "named", lambda f: f.assign(id=f["id"].replace("o05", "o06")))
    assert any("not shown" in f for f in found)


def test_the_audit_finds_rows_without_a_name_that_tell_who_it_is(spoiled):
    found = replant(spoiled, "named", lambda f: f.assign(id=f["id"].replace("o05", "")))
    assert any("tells more than type and level" in f for f in found)


def test_the_audit_finds_a_level_beside_a_suppressed_benchmark(spoiled):
    found = replant(
        spoiled, "benchmarks",
        lambda f: f.assign(status=f["status"].astype(str).mask(f["group"] == "size:small", "suppressed_complement"),
                           mean=f["mean"].mask(f["group"] == "size:small")),
    )  # fmt: skip
    assert any("a level without a published benchmark" in f for f in found)


# panels and frames


def known(complete_from: int, newcomers: int, named: np.ndarray) -> Known:
    n = len(named)
    before = np.arange(n) < complete_from
    return Known(
        {"2024": before, "2025": before | (np.arange(n) < complete_from + newcomers)},
        {"2024": named, "2025": named},
        {"2024": named, "2025": named},
    )


@pytest.mark.parametrize(("newcomers", "out"), [(0, 0), (1, 6), (5, 6), (6, 6), (9, 6)])
def test_a_panel_leaves_six_out_where_there_are_newcomers(newcomers, out):
    people = pd.DataFrame({"id": [f"o{i}" for i in range(30 + newcomers)], "type": "municipality"})
    named = np.zeros(len(people), bool)
    members = np.arange(len(people)) < 30
    kept = trim_panel(members, people, {"municipality"}, ("2025", "2024"), known(30, newcomers, named))
    # six newcomers are enough by themselves: nobody is left out, so nobody's levels of 2024 follow
    expected = 0 if newcomers >= 6 else out
    assert (members & ~kept).sum() == expected
    assert not (kept & ~members).any()


def test_a_newcomer_shown_by_name_is_no_secret():
    people = pd.DataFrame({"id": [f"o{i}" for i in range(31)], "type": "municipality"})
    members = np.arange(31) < 30
    kept = trim_panel(members, people, {"municipality"}, ("2025", "2024"), known(30, 1, np.arange(31) == 30))
    assert (kept == members).all()


def test_a_frame_is_known_only_where_all_its_types_are(tmp_path):
    frames = Frames({"municipality": 290, "region": 21})
    assert frames.of(PeerGroup("all", "all"), {"municipality", "region"}) == 311
    assert frames.of(PeerGroup("all", "all"), {"municipality", "company"}) is None
    assert frames.of(PeerGroup("county:12", "county", county="12"), {"municipality"}) is None
    assert load_frames(tmp_path) == Frames()


def test_a_number_below_what_takes_part_is_as_good_as_unknown():
    known = Frames({"municipality": 3, "region": 1}, {"01": 2, "14": 1})
    people = pd.DataFrame(
        [("municipality", "01"), ("municipality", "14"), ("municipality", "14"), ("region", "14"), ("region", "")],
        columns=["type", "county"],
    )  # fmt: skip
    assert known.not_below(people) == Frames({"municipality": 3}, {"01": 2})


def test_the_projects_own_frames():
    frames = load_frames()
    assert frames.types == {"municipality": 290, "region": 21, "agency": 340}
    assert sum(frames.municipalities.values()) == 290
    assert len(frames.municipalities) == 21


def test_a_wrong_number_of_organisations_is_told_with_its_place(tmp_path):
    text = 'types:\n  region: {organisations_n: twenty}\nmunicipalities_by_county:\n  "01": -3\n'
    (tmp_path / "sector.yaml").write_text(text)
    with pytest.raises(InputError) as error:
        load_frames(tmp_path)
    assert "types.region" in str(error.value) and "municipalities_by_county.01" in str(error.value)
