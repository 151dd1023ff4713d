"""`dimios demo --collect`: a made-up staff is planned for, asked, and answers over the network; what it says reaches the results."""

from __future__ import annotations

import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.actions.initiatives import load_initiatives
from dimios_core.demo import staff
from dimios_core.demo.staff import ORGANISATION, PERIOD, draw_will
from dimios_core.errors import InputError
from dimios_core.project import demo_survey
from dimios_core.survey import read_sample, survey_folder

#: fewer than the demo has: each answers page by page
SEED, PEOPLE_N = 7, 40


@pytest.mark.usefixtures("heavy")
def test_everybody_who_meant_to_answer_is_in_the_results(tmp_path, monkeypatch):
    monkeypatch.setattr(staff, "PEOPLE_N", PEOPLE_N)
    monkeypatch.setattr(demo_survey, "INVITED_N", PEOPLE_N)
    project = Project(tmp_path / "outputs", progress=None)
    project.demo(SEED, reports=False, collect=True)
    sample = read_sample(survey_folder(project.outputs, ORGANISATION, PERIOD))
    wills = [draw_will(SEED, person.name) for person in sample]
    assert len(wills) == PEOPLE_N
    whole = [will for will in wills if will is not None and will.pages > 2]
    stored = pd.read_parquet(project.outputs / "responses" / f"period={PERIOD}" / f"{ORGANISATION}.parquet")
    assert stored["respondent"].nunique() == len(whole)
    assert set(stored["answer_kind"]) == {"answered", "dont_know", "missing"}
    assert len(whole) > 10
    assert len(load_initiatives(project.outputs)) == sum(will.tells for will in whole)
    scores = project.published(ORGANISATION).scores
    (n,) = scores.query("unit == '*' and role == '*' and level == 'maturity'")["n"]
    assert n == len(whole)
    with pytest.raises(InputError, match="already"):
        project.demo(SEED, reports=False, collect=True)
