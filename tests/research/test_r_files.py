"""What `to_r` writes runs in R as it is, and R finds what the workbench does."""

from __future__ import annotations

import shutil
import stat
import subprocess

import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.research import cfa, fit_mixed


@pytest.fixture(scope="module")
def some(demo):
    return demo.select(periods=["2026"])


def test_files_are_private_and_hold_everything(some, tmp_path):
    paths = some.to_r(tmp_path / "r")
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in paths)
    answers = pd.read_csv(tmp_path / "r" / "answers.csv")
    assert len(answers) == (some.kind == 0).sum()
    points = pd.read_csv(tmp_path / "r" / "points.csv")
    assert len(points) == len(some)
    assert "efficiency =~ portfolio_management" in (tmp_path / "r" / "lavaan.R").read_text()
    assert list(points)[:5] == ["period_id", "organisation_id", "unit_id", "role_id", "respondent_id"]
    # which leaves their names to a factor
    assert "organisation =~ competence_mix" in (tmp_path / "r" / "lavaan.R").read_text()


@pytest.mark.long
def test_r_finds_the_same(some, tmp_path, heavy):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed: make r")
    if subprocess.run(["Rscript", "-e", "library(lavaan); library(lme4)"], capture_output=True).returncode:
        pytest.skip("R has no lavaan or lme4 here")
    small = some.select(organisations=sorted(set(some.index.get_level_values("organisation")))[:20])
    small.to_r(tmp_path)
    for script in ("lavaan.R", "lme4.R"):
        subprocess.run(["Rscript", script], cwd=tmp_path, check=True, capture_output=True)
    fit = pd.read_csv(tmp_path / "lavaan_fit.csv").set_index("name")["value"]
    ours = cfa(small).fit
    assert ours["chi2"] == pytest.approx(fit["chisq"], rel=1e-4)
    assert ours["chi2_scaled"] == pytest.approx(fit["chisq.scaled"], rel=1e-3)
    assert (ours["df"], ours["cfi"]) == (fit["df"], pytest.approx(fit["cfi"], abs=1e-4))
    lme4 = pd.read_csv(tmp_path / "lme4_variances.csv").set_index("grp")["vcov"]
    mixed = fit_mixed(small, "score_pct ~ item + role", ["respondent", "unit", "organisation"])
    found = mixed.variances["variance"].droplevel("term")
    for group in ("respondent", "unit", "organisation", "Residual"):
        wanted = lme4["organisation_id" if group == "organisation" else group]
        assert found[group] == pytest.approx(wanted, rel=1e-3, abs=1e-3)


def test_answers_are_not_written_into_a_checkout(tmp_path, demo):
    (tmp_path / "project" / ".git").mkdir(parents=True)
    with pytest.raises(InputError, match="git checkout"):
        demo.select(periods=["2026"], organisations=["almvik"]).to_r(tmp_path / "project" / "r" / "data")
    assert [p.name for p in (tmp_path / "project").iterdir()] == [".git"]
