"""Whole demos of other seeds, from raw files through `Project`: the workbench finds what is planted, and nothing where nothing is.

Its search is what a researcher would write: signs of careless answering first, then all else without those rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.demo import exports, make_consortium, write_actions
from dimios_core.project.answers import RestrictedWarning
from dimios_core.research import Answers, careless, cfa, dif, nonresponse, search_events
from tests.demo.planting import (
    FALSE_AT_MOST,
    FOUND_AT_LEAST,
    MANY,
    PLAN,
    expect_late,
    plant_nothing,
    stated_correlations,
)

CENTRE = ["organisation", "period"]
#: significance of what is tested alone; and a model fits closely below this RMSEA
ALPHA, CLOSE_FIT = 0.01, 0.03
#: points with a built-in effect, and its size
EFFECTS = {"user_involvement": 10, "project_management": 10, "benefits_realisation": 12}
PLANTED = {"factors", "dif", "straight lines", "late", *EFFECTS}
#: how far from its stated size a thing may be found, as in tests/demo; units and roles add a little to what all points share
CORRELATION_OFF, POINTS_OFF, SHARE_OFF, LATE_OFF = 0.10, 3.0, 0.005, 0.7


@dataclass(frozen=True)
class Finding:
    """What the workbench tells of one demo."""

    one_fits: bool
    six_fit: bool
    correlations: np.ndarray
    flagged: list[str]
    dif_pp: float
    straight_share: float
    late: pd.Series
    rate: pd.Series
    effects: pd.DataFrame


def store_answers(folder: Path, seed: int, planted: bool) -> Answers:
    """Make a consortium's raw files, and take them through the project; without what is planted, initiatives move nothing."""
    plan = None if planted else plant_nothing()
    with mock.patch.object(
        exports, "lift_levels", exports.lift_levels if planted else lambda *given: given[2]
    ):
        made = make_consortium(folder / "raw", seed, plan)
    project = Project(folder / "outputs", progress=None)
    project.register(made.organisations, made.units, made.invited)
    for mapping in dict.fromkeys(file.mapping for file in made.responses):
        paths = [file.path for file in made.responses if file.mapping == mapping]
        project.ingest(paths, mapping, key_file=folder / "key")
    project.initiatives.add(write_actions(folder / "actions", project.instrument).initiatives)
    with pytest.warns(RestrictedWarning):
        return project.answers()


def search(answers: Answers, seed: int) -> Finding:
    """Look for everything."""
    signs = careless(answers)
    careful = answers.without(signs.flags)
    people = careful.once()
    six = cfa(people, "categories", centre=CENTRE)
    one = cfa(people, "one =~ " + " + ".join(answers.columns.point_ids), centre=CENTRE)
    found = dif(careful, "role", PLAN["dif"]["role"])
    asked = nonresponse(answers).table
    return Finding(
        one.fit["rmsea_scaled"] < CLOSE_FIT, six.fit["rmsea_scaled"] < CLOSE_FIT, six.correlations.to_numpy(), found.flagged,
        float(found.table.loc[PLAN["dif"]["item"], "effect_pp"]), float(signs.table["straight"].mean()), asked.loc["late"],
        asked.loc["rate"], search_events(answers, seed).table,
    )  # fmt: skip


def look(seed: int, planted: bool) -> Finding:
    """Make one demo, and search it."""
    with TemporaryDirectory() as folder:
        return search(store_answers(Path(folder), seed, planted), seed)


def list_found(found: Finding) -> set[str]:
    """Which planted things were found, of about the stated size."""
    off = np.abs(found.correlations - stated_correlations()).max()
    right = {
        "factors": found.six_fit and not found.one_fits and off < CORRELATION_OFF,
        "dif": PLAN["dif"]["item"] in found.flagged
        and abs(found.dif_pp - PLAN["dif"]["points"]) < POINTS_OFF,
        "straight lines": abs(found.straight_share - PLAN["straight_lining"]["share"]) < SHARE_OFF,
        "late": found.late["p"] < ALPHA and abs(found.late["estimate"] - expect_late()) < LATE_OFF,
    }
    # about half of an effect's organisations began a period before it set in
    right |= {
        point: found.effects.loc[point, "flagged"] and found.effects.loc[point, "high"] > size / 2
        for point, size in EFFECTS.items()
    }
    return {name for name, is_right in right.items() if is_right}


def list_alarms(found: Finding) -> set[str]:
    """What was found at all."""
    alarms = {
        "factors": not found.one_fits,
        "dif": bool(found.flagged),
        "straight lines": found.straight_share > 0,
        "late": found.late["p"] < ALPHA,
        # where who leans lower answers less often, more answers do lie lower: an alarm only where nothing is planted
        "rate": found.rate["p"] < ALPHA,
    }
    return {name for name, is_raised in alarms.items() if is_raised} | list_effects(found)


def list_effects(found: Finding) -> set[str]:
    """Points whose change after initiatives is flagged."""
    return set(found.effects.index[found.effects["flagged"]])


@pytest.mark.long
@pytest.mark.usefixtures("heavy")
def test_what_is_planted_is_found_in_twenty_seeds_and_nothing_else() -> None:
    looks = [look(seed, planted=True) for seed in MANY]
    times = Counter(name for found in looks for name in list_found(found))
    others = [
        (list_effects(found) - set(EFFECTS)) | (set(found.flagged) - {PLAN["dif"]["item"]}) for found in looks
    ]
    print(f"found, of {len(looks)}: {dict(times)}; else found: {[o for o in others if o]}")
    assert {name for name in PLANTED if times[name] < FOUND_AT_LEAST} == set(), times
    alarms = Counter(name for other in others for name in other)
    assert max(alarms.values(), default=0) <= FALSE_AT_MOST, alarms


@pytest.mark.long
@pytest.mark.usefixtures("heavy")
def test_nothing_is_found_where_nothing_is_planted_in_twenty_seeds() -> None:
    times = Counter(name for seed in MANY for name in list_alarms(look(seed, planted=False)))
    print(f"false alarms, of {len(MANY)}: {dict(times)}")
    assert max(times.values(), default=0) <= FALSE_AT_MOST, times
