"""The figures in tests/spec/r/figures are those that R's scripts write, where R and its packages are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from tests.spec.comparisons.comparison import R

WRITES = {
    "levels": ("levels", "scales"),
    "changes": ("changes",),
    "trends": ("trends", "trend_fit"),
    "contrasts": ("contrasts", "holm"),
    "gaps": ("gaps",),
    "reliability": ("reliability",),
    "variance_shares": ("variance_shares",),
}
#: searches for a maximum end elsewhere with other versions of R's libraries
SEARCHED = 1e-6


def has_packages() -> bool:
    """R and the packages that the scripts ask for are here."""
    if shutil.which("Rscript") is None:
        return False
    wanted = "all(vapply(c('survey', 'psych', 'lme4'), requireNamespace, NA, quietly = TRUE))"
    said = subprocess.run(["Rscript", "-e", f"cat({wanted})"], capture_output=True, text=True)
    return said.stdout == "TRUE"


def test_every_stored_figure_has_its_script():
    stored = {path.stem for path in (R / "figures").iterdir()}
    assert {name for names in WRITES.values() for name in names} == stored
    assert all((R / f"{script}.R").is_file() for script in WRITES)


@pytest.mark.long
@pytest.mark.parametrize("script", WRITES)
def test_a_script_writes_the_stored_figures(tmp_path: Path, script: str):
    if not has_packages():
        pytest.skip("R with survey, psych and lme4 is not installed: make r")
    place = tmp_path / "tests" / "spec" / "r"
    shutil.copytree(R, place, ignore=shutil.ignore_patterns("figures"))
    (place / "figures").mkdir()
    subprocess.run(["Rscript", f"tests/spec/r/{script}.R"], cwd=tmp_path, check=True, capture_output=True)
    for name in WRITES[script]:
        written, stored = (pd.read_csv(folder / "figures" / f"{name}.csv") for folder in (place, R))
        pd.testing.assert_frame_equal(written, stored, rtol=SEARCHED, atol=SEARCHED)
