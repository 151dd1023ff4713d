"""The plan itself: sixty invented organisations, none of them real, and a file whose faults are all told."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from dimios_core.demo import load_consortium
from dimios_core.demo.answers import set_levels
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir

NAMES = Path(__file__).with_name("real_names.txt")
REAL_COUNTIES = [
    "01",
    "03",
    "04",
    "05",
    "06",
    "07",
    "08",
    "09",
    "10",
    "12",
    "13",
    "14",
    "17",
    "18",
    "19",
    "20",
    "21",
    "22",
    "23",
    "24",
    "25",
]


def _real_names() -> dict[str, set[str]]:
    sections: dict[str, set[str]] = {}
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            section.add(line.casefold())
    return sections


def test_sixty_organisations_of_four_types_in_real_counties() -> None:
    organisations = load_consortium().organisations
    assert Counter(o.type for o in organisations) == {
        "municipality": 40,
        "region": 6,
        "agency": 10,
        "company": 4,
    }
    assert len({o.name.casefold() for o in organisations}) == 60
    assert {o.county for o in organisations} - {""} <= set(REAL_COUNTIES)
    assert all(o.county for o in organisations if o.type != "agency")


def test_all_sharing_choices_and_a_few_higher_thresholds() -> None:
    organisations = load_consortium().organisations
    sharing = Counter(o.sharing for o in organisations)
    assert sharing["named"] >= 30
    assert sharing["anonymous"] >= 10
    assert sharing["closed"] >= 5
    assert 2 <= sum(o.threshold > 5 for o in organisations) <= 6
    # somebody anonymous can hide among four others of the same type, county and size, and somebody cannot
    kind = Counter((o.type, o.county, o.size) for o in organisations)
    crowds = [kind[o.type, o.county, o.size] for o in organisations if o.sharing == "anonymous"]
    assert max(crowds) >= 5
    assert min(crowds) < 5


def test_no_name_is_real() -> None:
    real = _real_names()
    assert len(real["municipalities"]) == 290
    assert len(real["regions"]) == 21
    stems = {name.removesuffix("s") for name in real["municipalities"]}
    for organisation in load_consortium().organisations:
        name = organisation.name.casefold()
        if organisation.type == "municipality":
            stem = name.removesuffix(" kommun").removesuffix("s")
            assert stem not in stems
        first = name.split()[0]
        assert first.removesuffix("s") not in stems
        assert name.removeprefix("region ").replace(" ", "-") not in real["regions"]
        assert name.replace(" ", "-") not in real["agencies"]


def test_the_survey_is_the_instrument() -> None:
    consortium, instrument = load_consortium(), load_instrument("dimios")
    assert list(consortium.points) == list(instrument.point_ids)
    for point in instrument.points:
        assert consortium.points[point.id].label == point.name["sv"]
    assert set(consortium.roles) == {role.id for role in instrument.roles} - {"unknown"}
    nested = {(p, c, d) for d, dimension in consortium.dimensions.items()
              for c, category in dimension.categories.items() for p in category.points}  # fmt: skip
    dimension_of = {c.id: c.dimension for c in instrument.categories}
    assert nested == {(p.id, p.category, dimension_of[p.category]) for p in instrument.points}


@pytest.mark.parametrize("seed", [1, 2022])
def test_levels_average_to_the_plan_whatever_the_seed(seed: int) -> None:
    consortium = load_consortium()
    levels = set_levels(consortium, np.random.default_rng(seed))
    edges = np.cumsum((0, 7, 6, 5, 2, 2, 4))
    categories = np.stack([levels[..., a:b].mean(axis=2) for a, b in itertools.pairwise(edges)], 2)
    maturity = (categories[..., :3].mean(axis=2) + categories[..., 3:].mean(axis=2)) / 2
    part = consortium.takes_part() & np.array([[not o.half_years] for o in consortium.organisations])
    means = [maturity[part[:, t], t].mean() for t in range(4)]
    assert means == pytest.approx([50.5, 51.6, 52.8, 54.0], abs=1e-9)


def test_faults_of_the_file_are_all_told(tmp_path: Path) -> None:
    plan = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))
    plan["spread"]["units"] = -1
    plan["organisations"][3]["size"] = "huge"
    path = tmp_path / "consortium.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_consortium(path)
    places = [problem.place for problem in caught.value.problems]
    assert [re.sub(r" line \d+,", "", place) for place in places] == [
        "consortium.yaml, spread.units", "consortium.yaml, organisations[3].size",
    ]  # fmt: skip


def test_references_to_nothing_are_told(tmp_path: Path) -> None:
    plan = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))
    plan["changes"][0]["organisation"] = "nowhere"
    plan["organisations"][0]["joined"] = "1999"
    path = tmp_path / "consortium.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_consortium(path)
    assert "nowhere" in str(caught.value)
    assert "1999" in str(caught.value)


@pytest.mark.parametrize(
    ("organisation", "given", "said"),
    [
        ("almvik", {"rates": {"1999": 0.5}}, "unknown period '1999'"),
        ("murshult", {"half_years": {"2023": "2024-2"}}, "not one for each of the periods"),
        ("murshult", {"half_years": {"2023": "2024-2", "2024": "2024-2", "2025": "2025-1", "2026": "2025-2"}}, "not in order"),
        ("murshult", {"half_years": {"2023": "2024", "2024": "2025-1", "2025": "2025-2", "2026": "2026-1"}}, "no half years"),
        ("murshult", {"tool": "csv"}, "only the tool xlsx"),
    ],
)  # fmt: skip
def test_faults_of_single_organisations_are_told(
    tmp_path: Path, organisation: str, given: dict, said: str
) -> None:
    plan = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))
    next(o for o in plan["organisations"] if o["id"] == organisation).update(given)
    path = tmp_path / "consortium.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_consortium(path)
    assert said in str(caught.value)
    assert organisation in str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"organisation": "nowhere"}, "unknown, measured in half years, or weighted"),
        ({"organisation": "murshult"}, "unknown, measured in half years, or weighted"),
        ({"organisation": "tallfors"}, "unknown, measured in half years, or weighted"),
        ({"from": "2023"}, "no later period"),
    ],
)
def test_faults_of_reorganisations_are_told(tmp_path: Path, given: dict, said: str) -> None:
    plan = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))
    plan["reorganisations"][0].update(given)
    path = tmp_path / "consortium.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_consortium(path)


def test_faults_of_what_is_planted_are_all_told(tmp_path: Path) -> None:
    plan = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))
    del plan["factors"]["efficiency"]["users"]
    plan["factors"]["technology"] = {"users": 0.6}
    plan["dif"] |= {"item": "luck", "role": "kings"}
    path = tmp_path / "consortium.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_consortium(path)
    for fault in (
        "efficiency and users have no correlation",
        "the pair technology and users",
        "'luck'",
        "'kings'",
    ):
        assert fault in str(caught.value)


def test_correlations_of_the_factors_keep_their_bounds_and_can_all_hold_at_once(tmp_path: Path) -> None:
    plan = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "consortium.yaml"

    def read(factors: dict[str, dict[str, float]]) -> str:
        path.write_text(yaml.safe_dump(plan | {"factors": factors}, sort_keys=False), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_consortium(path)
        return str(caught.value)

    weak = {a: dict(others) for a, others in plan["factors"].items()}
    weak["efficiency"]["innovation"], weak["users"]["technology"] = 0.39, 0.81
    said = read(weak)
    assert "factors.efficiency.innovation" in said
    assert "factors.users.technology" in said
    # five leanings that are nearly the first can hardly be so unlike each other
    star = {
        a: dict.fromkeys(others, 0.8 if a == "efficiency" else 0.4) for a, others in plan["factors"].items()
    }
    assert "not positive definite" in read(star)
