"""The way out: what a clever researcher would publish to open one person, or one organisation, is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.page.build import write_reads
from dimios_core.research import fit_mixed, group_means, load_answers, publishable, reliability
from dimios_core.research.answers import Answers
from dimios_core.results.audit.findings import check_findings
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.score import ScoreSummary, score_responses
from tests.building import make_instrument, make_organisations, write_store

INSTRUMENT = make_instrument({"a": "c1", "b": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True)
MADE = {"title": "Ett fynd", "by": "Ada", "why": "en fråga"}


def people(roles: dict[str, list[float]], organisation: str = "org", first: int = 0) -> pd.DataFrame:
    """Respondents with the given answers 1-5 to point a, and others to b, by role."""
    rows = [(r, a, 1 + (3 * i) % 5) for r, answers in roles.items() for i, a in enumerate(answers)]
    frame = pd.DataFrame(rows, columns=["role", "a", "b"]).assign(
        organisation=organisation, period="2026", unit=""
    )
    frame["respondent"] = range(first, first + len(frame))
    return frame


def publish(outputs: Path, rows: pd.DataFrame, sharing: str = "named") -> ScoreSummary:
    shutil.rmtree(outputs / "responses", ignore_errors=True)
    organisations = make_organisations(*sorted(set(rows["organisation"]))).assign(sharing=sharing)
    write_store(outputs, INSTRUMENT, rows, organisations)
    return score_responses(outputs, INSTRUMENT)


def mixed_up(n: int, seed: int = 1) -> list[float]:
    return np.random.default_rng(seed).integers(1, 6, n).astype(float).tolist()


ROLES = {"p": mixed_up(20, 1), "t": mixed_up(15, 2), "a": mixed_up(3, 3)}


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One organisation: twenty of role p, fifteen of t, three of a, who are withheld and so protect another role."""
    folder = tmp_path_factory.mktemp("scored")
    publish(folder, people(ROLES))
    return folder


@pytest.fixture
def outputs(scored: Path, tmp_path: Path) -> Path:
    """A copy of these, to publish in."""
    shutil.copytree(scored, tmp_path / "outputs")
    return tmp_path / "outputs"


def answers_of(outputs: Path) -> Answers:
    return load_answers(outputs, instrument=INSTRUMENT)


def some(answers: Answers, numbers: object, label: str = "några") -> pd.Series:
    """A division of one's own: the respondents of these numbers."""
    chosen = pd.Series(None, answers.index, dtype=object, name="urval")
    chosen.iloc[np.asarray(numbers)] = label
    return chosen


def judge(outputs: Path, *numbers: object, level: str = "point", by: str | None = None) -> str:
    answers = answers_of(outputs)
    series = some(answers, numbers[0])
    for i, others in enumerate(numbers[1:]):
        series.iloc[np.asarray(others)] = "abcdef"[i]
    return publishable(group_means(answers, [series, by] if by else series, level), outputs).answer


def release(outputs: Path, result: object, name: str = "fynd") -> str:
    return str(Project(outputs, progress=None).findings.release(result, name, **MADE))


def test_a_group_that_differs_from_all_published_by_enough_passes(outputs):
    assert judge(outputs, range(10)) == "pass"  # ten of p, ten left


@pytest.mark.parametrize(
    ("left_out", "answer"), [(1, "fail"), (4, "fail"), (5, "pass"), (15, "pass"), (16, "pass")]
)
def test_a_subgroup_beside_its_role(outputs, left_out, answer):
    # the role's mean is published: 20·mean − 19·mean is one person's answer. Of sixteen left out four are left: withheld
    verdict = judge(outputs, range(left_out, 20)) if left_out < 16 else judge(outputs, range(15, 20))
    assert verdict == answer


def test_few_are_withheld_and_a_table_of_few_alone_fails(outputs):
    answers = answers_of(outputs)
    verdict = publishable(group_means(answers, some(answers, range(4))), outputs)
    assert verdict.answer == "fail"
    series = some(answers, range(8))
    series.iloc[8:12] = "fyra"
    verdict = publishable(group_means(answers, series), outputs)
    told = verdict.table.set_index(["whom", "key"])
    assert verdict.answer == "fail" or told.loc[("fyra", "a"), "status"] == "suppressed_small"
    assert verdict.answer == "fail" or told.loc[("fyra", "a")].isna().any()


@pytest.mark.parametrize("level", ["point", "category", "dimension", "maturity"])
def test_another_scale_or_level_is_no_way_round(outputs, level):
    assert judge(outputs, range(1, 20), level=level) == "fail"
    assert judge(outputs, range(10), level=level) == "pass"


def test_a_complement_of_the_organisation(outputs):
    # everybody but one; everybody but one and a whole published role
    assert judge(outputs, range(1, 38)) == "fail"
    assert judge(outputs, [*range(20, 34), 35, 36, 37]) == "fail"


def test_two_tables_that_together_give_one_person(outputs):
    answers = answers_of(outputs)
    release(outputs, group_means(answers, some(answers, range(10)), keys=["a"]), "ettan")
    # somebody else, under another name, on another level, without one of them, or with one more
    for numbers in (range(1, 10), range(11)):
        assert judge(outputs, numbers) == "fail"
        assert judge(outputs, numbers, level="category") == "fail"
    assert judge(outputs, range(10, 20)) == "pass"  # follows from the role and the first: nothing new
    # three tables: ten, five other, and all fifteen with one more
    release(outputs, group_means(answers, some(answers, [*range(20, 27)]), keys=["a"]), "tvaan")
    assert judge(outputs, [*range(10), *range(20, 28)]) == "fail"


def test_two_groups_of_one_table(outputs):
    answers = answers_of(outputs)
    both = group_means(answers, some(answers, range(10)), keys=["a"])
    inner = group_means(answers, some(answers, range(9), "inre"), keys=["a"])
    groups = [*both.asked.groups, *inner.asked.groups]
    forged = replace(both, asked=replace(both.asked, groups=groups))
    verdict = publishable(forged, outputs)
    assert verdict.answer == "fail" or (verdict.table["status"] != "published").any()


def test_a_group_that_is_a_published_one_under_another_name(outputs):
    # all of role p have it in common: their mean is known, that they have it is new
    assert judge(outputs, range(20)) == "fail"
    # a division of the store says nothing new, but for a role that is withheld to protect another
    answers = answers_of(outputs)
    assert publishable(group_means(answers.select(roles=["p"]), "role"), outputs).answer == "pass"
    assert publishable(group_means(answers, "role"), outputs).answer == "fail"


def test_a_group_of_whom_nobody_is_left_out_tells_that(outputs):
    # without those who are flagged: nobody of role p is, which its unchanged mean would tell of each
    answers = answers_of(outputs)
    flagged = pd.Series(False, answers.index)
    flagged.iloc[20:26] = True
    left = answers.without(flagged).select(roles=["p", "t"])
    assert publishable(group_means(left.select(roles=["p"]), "role"), outputs).answer == "pass"
    verdict = publishable(group_means(left, "role"), outputs)
    assert "'p'" in verdict.problems[0].place and "to a person" in verdict.problems[0].what
    assert verdict.problems[0].what.endswith("nearest to it is role p")


def test_those_who_answered_alike(outputs):
    answers = answers_of(outputs)
    a = answers.points()["a"].to_numpy()
    top = np.flatnonzero(a == a.max())
    low = np.flatnonzero(a < a.max())
    assert len(top) >= 5
    # their own mean is told as a bound; what is left of all others is not to be worked out, either
    verdict = publishable(group_means(answers, some(answers, top), keys=["a"]), outputs)
    assert verdict.answer == "fail" or verdict.table["bound"].tolist() == ["at_least"]
    assert judge(outputs, low) == "fail"


def test_frames_and_tables_of_people_are_no_way_out(outputs):
    answers = answers_of(outputs)
    weighted = answers.points().mul(np.arange(len(answers)), axis=0).groupby(level="role").mean()
    for result in (weighted, weighted.mean(), 47.7, "47.7"):
        assert publishable(result, outputs).answer == "fail"


def test_altered_answers_are_not_what_is_told(outputs):
    # figures are computed again from the published answers: weights and answers of one's own do not count
    answers = answers_of(outputs)
    plain = publishable(group_means(answers, some(answers, range(10))), outputs).table
    rows = answers.rows
    weighted = replace(answers, source=replace(rows, people=rows.people.assign(weight=np.arange(1.0, 39))))
    changed = replace(answers, source=replace(rows, answer=np.ones_like(rows.answer)))
    for other in (weighted, changed):
        told = publishable(group_means(other, some(other, range(10))), outputs).table
        pd.testing.assert_frame_equal(told, plain)


def test_the_same_table_after_a_correction(outputs):
    answers = answers_of(outputs)
    release(outputs, group_means(answers, some(answers, range(10)), keys=["a"]))
    # five answers change, one of them in the group: published roles may follow, the finding's group may not
    roles = ROLES | {"p": [1 + a % 5 if i in (0, 10, 11, 12, 13) else a for i, a in enumerate(ROLES["p"])]}
    publish(outputs, people(roles))
    later = answers_of(outputs)
    assert publishable(group_means(later, some(later, range(10)), keys=["a"]), outputs).answer == "fail"


def test_answers_that_wait_cannot_be_told_of(outputs):
    publish(outputs, people(ROLES | {"p": [*ROLES["p"], 5.0]}))
    later = answers_of(outputs)
    verdict = publishable(group_means(later, some(later, range(10))), outputs)
    assert "wait" in verdict.problems[0].what


def test_a_later_release_that_combines_with_a_finding_waits(outputs):
    # nine of ten leave, enough for themselves; with the mean of the ten, the tenth would be told
    roles = ROLES | {"p": mixed_up(30, 1)}

    def leave(folder: Path, *, told: bool) -> ScoreSummary:
        publish(folder, people(roles))
        if told:
            answers = answers_of(folder)
            release(folder, group_means(answers, some(answers, range(10)), keys=["a"]))
        return publish(folder, people(roles).iloc[9:])

    assert not leave(outputs / "without", told=False).waiting
    later = leave(outputs / "with", told=True)
    assert [w.organisation for w in later.waiting] == ["org"]
    # what was told stands in the results of every later release, until it is withdrawn; the ledger keeps it even then
    project = Project(outputs / "with", progress=None)
    assert len(project.published("org").own_findings) == 1
    project.findings.withdraw("fynd", by="Ada", why="frågan är besvarad")
    assert project.published("org").own_findings.empty
    assert publish(outputs / "with", people(roles).iloc[9:]).waiting


def test_nothing_is_let_out_half(outputs):
    answers, project = answers_of(outputs), Project(outputs, progress=None)
    before = project.public.stamp["results_version"]
    means = group_means(answers, some(answers, range(1, 20)))
    with pytest.raises(InputError) as refused:
        project.findings.release(means, "Fynd 1", title="73,2", by="", why="")
    assert [p.place for p in refused.value.problems] == ["name", "title", "by", "why"]
    for result in (means, project.findings.judge(means)):
        with pytest.raises(InputError, match="fewer than 5 people"):
            project.findings.release(result, "fynd", **MADE)
    assert project.public.stamp["results_version"] == before
    assert project.findings.list().empty
    assert not (outputs / "ledger" / "findings").exists()


def test_groups_are_named_in_words(outputs):
    # before anything is computed; whoever brings such names another way is refused when they are judged
    answers = answers_of(outputs)
    for label in ("sjuttiotre komma 2", "ledning_verksamhet", "unga, gamla"):
        with pytest.raises(InputError, match="no name for a group"):
            group_means(answers, some(answers, range(10), label))
    means = group_means(answers, some(answers, range(10)))
    named = replace(means.asked, groups=[replace(means.asked.groups[0], labels=("73,2",))])
    assert publishable(replace(means, asked=named), outputs).answer == "fail"


def test_pages_go_with_what_they_show(outputs):
    answers, project = answers_of(outputs), Project(outputs, progress=None)
    release(outputs, project.findings.judge(group_means(answers, some(answers, range(10)), keys=["a"])))
    folder = outputs / "reports" / "2026" / "org" / "sv"
    folder.mkdir(parents=True)
    for name, table in (("fyndet", "own_findings"), ("annat", "scores")):
        reads = write_reads({f"organisation=org/{table}.parquet": "0" * 12})
        (folder / f"{name}.html").write_text(
            f'<meta name="dimios-reads" content="{reads}">', encoding="utf-8"
        )
    (folder / "annat.ipynb").write_text("{", encoding="utf-8")  # damaged
    said = str(project.findings.withdraw("fynd", by="Ada", why="frågan är besvarad"))
    assert "2026/org/sv/fyndet" in said and "annat" not in said
    assert sorted(p.name for p in folder.iterdir()) == ["annat.html", "annat.ipynb"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve organisations of forty people of two roles; the last two have one role alone."""
    folder = tmp_path_factory.mktemp("many")
    parts = []
    for k in range(12):
        roles = {"p": mixed_up(24, k), "t": mixed_up(16, 50 + k)} if k < 10 else {"p": mixed_up(40, k)}
        parts.append(people(roles, f"org{'abcdefghijkl'[k]}", 1000 * k))
    publish(folder, pd.concat(parts), "closed")
    return folder


def test_means_over_organisations_count_each_once(many):
    answers = answers_of(many)
    verdict = publishable(group_means(answers, "role"), many)
    assert verdict.answer == "pass"
    assert "p 2026: 12 of 12; t 2026: 10 of 10 organisations." in verdict.words("en")
    flagged = pd.Series(True, answers.select(organisations=["orga"], roles=["t"]).index[:3])
    fewer = publishable(group_means(answers.without(flagged).select(roles=["t"]), "role"), many)
    assert "t 2026: 9 of 10 organisations." in fewer.words("en")  # without three it would tell of them
    told = verdict.table.set_index(["whom", "key"])
    assert told["organisations_n"].loc["p"].tolist() == [12, 12]
    assert told["organisations_n"].loc["t"].tolist() == [10, 10]
    points = answers.points().xs("t", level="role")["a"]
    assert told.loc[("t", "a"), "mean"] == pytest.approx(
        points.groupby("organisation").mean().mean(), abs=0.1
    )
    assert told.loc[("t", "a"), ["ci_low", "ci_high"]].isna().all()  # fewer than twelve
    ci = points_of(answers, "p")
    half = 2.200985 * ci.std(ddof=1) / np.sqrt(12)  # t of eleven degrees of freedom
    assert told.loc[("p", "a"), "ci_high"] == pytest.approx(ci.mean() + half, abs=0.1)


def points_of(answers: Answers, role: str) -> pd.Series:
    return answers.points().xs(role, level="role")["a"].groupby("organisation").mean()


def test_means_that_differ_by_few_organisations(many):
    answers = answers_of(many)
    everybody = sorted(set(answers.index.get_level_values("organisation")))
    # all twelve are a benchmark: eleven of them, or all but five, give the rest; six and six do not
    for kept, answer in ((11, "fail"), (7, "fail"), (6, "pass"), (5, "fail"), (12, "pass")):
        chosen = answers.select(organisations=everybody[:kept])
        assert publishable(group_means(chosen, keys=["a"]), many).answer == answer, kept
    # nearly all people of each are the same figure
    most = answers.select(organisations=everybody[:11])
    assert publishable(group_means(most, some(most, range(3, 400))), many).answer == "fail"
    # an organisation by itself is not for all, nor are two together
    assert publishable(group_means(answers, "organisation"), many).answer == "fail"


def test_an_organisation_beside_those_that_all_see_by_name(many, tmp_path):
    # six of seven are shown by name: a mean over the seven would give the one that is not
    rows = pd.concat([people({"p": mixed_up(40, k)}, f"org{'abcdefghijkl'[k]}", 1000 * k) for k in range(12)])
    names = [f"org{letter}" for letter in "abcdefghijkl"]
    outputs = tmp_path / "outputs"
    shared = ["named"] * 6 + ["closed"] * 6
    organisations = make_organisations(*names).assign(sharing=shared)
    write_store(outputs, INSTRUMENT, rows, organisations)
    score_responses(outputs, INSTRUMENT)
    answers = answers_of(outputs)
    for kept, answer in ((7, "fail"), (6, "pass")):
        chosen = answers.select(organisations=names[:kept])
        assert publishable(group_means(chosen, keys=["a"]), outputs).answer == answer, kept


def test_a_role_over_organisations_twice(many, tmp_path):
    outputs = tmp_path / "outputs"
    shutil.copytree(many, outputs)
    answers = answers_of(outputs)
    release(outputs, group_means(answers.select(roles=["t"]), "role"), "forst")
    others = sorted(set(answers.index.get_level_values("organisation")))[:9]
    again = answers.select(roles=["t"], organisations=others)
    assert publishable(group_means(again, "role"), outputs).answer == "fail"
    # in one organisation: what was told over many counts as told of each
    one = answers.select(organisations=["orga"])
    numbers = np.flatnonzero(one.index.get_level_values("role") == "t")[1:]
    assert publishable(group_means(one, some(one, numbers)), outputs).answer == "fail"


def test_benchmarks_are_held_against_what_was_told_of_whole_organisations(many, tmp_path):
    outputs = tmp_path / "outputs"
    shutil.copytree(many, outputs)
    answers = answers_of(outputs)
    everybody = sorted(set(answers.index.get_level_values("organisation")))
    release(outputs, group_means(answers.select(organisations=everybody[:6])), "sex")
    assert publishable(group_means(answers.select(organisations=everybody[:7])), outputs).answer == "fail"
    assert publishable(group_means(answers.select(organisations=everybody[1:7])), outputs).answer == "fail"


def test_models_go_to_a_second_person(many, tmp_path):
    outputs = tmp_path / "outputs"
    shutil.copytree(many, outputs)
    answers, project = answers_of(outputs), Project(outputs, progress=None)
    model = fit_mixed(answers, "score_pct ~ item + role", ["organisation"])
    assert publishable(model, outputs).answer == "review"
    said = str(project.findings.release(model, "modell", **MADE))
    digits = project.findings.list().loc[0, "digits"]
    assert digits in said
    assert project.public.model_findings.empty
    for by, given, place in (("ada ", digits, "by"), ("Bo", "0" * 12, "digits")):
        with pytest.raises(InputError) as refused:
            project.findings.sign("modell", by=by, why="läst", digits=given)
        assert [p.place for p in refused.value.problems] == [place]
    project.findings.sign("modell", by="Bo", why="läst", digits=digits)
    told = project.public.model_findings.set_index(["thing", "quantity"])["value"]
    assert told["rolet", "estimate"] == pytest.approx(model.table.loc["rolet", "estimate"], abs=0.0005)
    # a changed figure is another finding, which somebody has to sign anew
    changed = fit_mixed(answers, "score_pct ~ item", ["organisation"])
    project.findings.release(changed, "modell", **MADE)
    assert project.findings.list()["state"].tolist() == ["published", "waiting"]
    assert ("rolet", "estimate") in project.public.model_findings.set_index(["thing", "quantity"]).index
    with pytest.raises(InputError):
        project.findings.sign("modell", by="Bo", why="läst", digits=digits)
    # the same model without one person differs by what that one said
    without = fit_mixed(
        answers.without(pd.Series(True, answers.index[:1])), "score_pct ~ item + role", ["organisation"]
    )
    assert publishable(without, outputs).answer == "fail"


def test_models_that_are_about_one_are_refused(many):
    answers = answers_of(many)
    assert publishable(fit_mixed(answers, "score_pct ~ organisation", ["respondent"]), many).answer == "fail"
    assert (
        publishable(
            fit_mixed(answers, "score_pct ~ role", ["organisation"]).shrunk("organisation", 1), many
        ).answer
        == "fail"
    )
    assert (
        publishable(
            reliability(answers.points().rename_axis(index={"unit": "u"}), by="organisation"), many
        ).answer
        == "fail"
    )
    mine = answers.long.reset_index().assign(
        mine=lambda f: (f["respondent"] == f["respondent"].iloc[0]).astype(float)
    )
    assert publishable(fit_mixed(mine, "score_pct ~ mine", ["organisation"]), many).answer == "fail"


def test_a_table_that_nobody_let_out_is_told(outputs):
    project, answers = Project(outputs, progress=None), answers_of(outputs)
    release(outputs, group_means(answers, some(answers, range(10)), keys=["a"]))
    path = outputs / "results" / "organisation=org" / "own_findings.parquet"
    frame = pd.read_parquet(path)
    frame.assign(score=12.3).to_parquet(path)
    assert [f.key for f in project.audit().findings] == ["own_findings"]
    assert [what for _, _, what in check_findings(Sheet.of_frame(frame.assign(n=4)), 5)] == [
        "fewer answers than the threshold"
    ]
    assert not list(check_findings(Sheet.of_frame(frame), 5))
