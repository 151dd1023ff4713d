"""Answers for R: data, and scripts for lavaan and lme4 that run as they are. Restricted as the answers are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.replacing import PRIVATE_FOLDER, write_whole

LAVAAN = """# Measurement model of the points, as dimios_core.research.cfa fits it. Run here: Rscript lavaan.R
suppressPackageStartupMessages(library(lavaan))
points <- read.csv("points.csv", na.strings = "")
model <- "
{model}
"
fit <- cfa(model, points, std.lv = TRUE, missing = "two.stage")
measures <- fitMeasures(fit, c("chisq", "df", "chisq.scaled", "cfi", "rmsea", "srmr"))
print(measures)
print(standardizedSolution(fit))
write.csv(data.frame(name = names(measures), value = as.numeric(measures)), "lavaan_fit.csv", row.names = FALSE)
"""
LME4 = """# People in units in organisations, as dimios_core.research.fit_mixed fits them. Run here: Rscript lme4.R
suppressPackageStartupMessages(library(lme4))
answers <- read.csv("answers.csv", na.strings = "", colClasses = c(respondent_id = "character"))
answers$unit <- paste(answers$organisation_id, answers$unit_id, sep = "/")
answers$respondent <- paste(answers$organisation_id, answers$respondent_id, sep = "/")
fit <- lmer(score_pct ~ item_id + role_id + year + (1 | respondent) + (1 | unit) + (1 | organisation_id), answers)
print(summary(fit), correlation = FALSE)
write.csv(as.data.frame(VarCorr(fit))[c("grp", "vcov")], "lme4_variances.csv", row.names = FALSE)
"""


def write_r_files(folder: Path, points: pd.DataFrame, long: pd.DataFrame, model: str) -> list[Path]:
    """Write data and scripts into a folder that its owner alone may enter.

    Parameters
    ----------
    points : DataFrame
        A row a person, identifiers in the index, a column a point.
    long : DataFrame
        A row an answer, identifiers in the index, with score_pct and year.
    model : str
        In lavaan's language.

    Returns
    -------
    list of Path
        points.csv, answers.csv (UTF-8, empty where missing; identifiers are called period_id, organisation_id and so on, as a
        factor may be called organisation), lavaan.R, lme4.R.

    Raises
    ------
    InputError
        The folder cannot be written, or lies in a git checkout.
    """
    if (checkout := _find_checkout(folder)) is not None:
        what = f"it lies in the git checkout {checkout.name}, and these are answers of people"
        raise InputError(Problem(str(folder), what, "name a folder outside, that you alone can read"))
    asked = long.dropna(subset=["score_pct"])
    files = {
        "points.csv": _write_csv(points),
        "answers.csv": _write_csv(asked),
        "lavaan.R": LAVAAN.format(model=model),
        "lme4.R": LME4,
    }
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        for name, text in files.items():
            write_whole(folder / name, text, private=True)
    except OSError as error:
        what = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Problem(str(folder), what, "name a folder that can be written")) from error
    return [folder / name for name in files]


def _find_checkout(folder: Path) -> Path | None:
    """Find the git checkout that a folder lies in, or would lie in."""
    whole = folder.resolve()
    return next((f for f in (whole, *whole.parents) if (f / ".git").exists()), None)


def _write_csv(frame: pd.DataFrame) -> str:
    return frame.rename_axis([f"{n}_id" for n in frame.index.names]).to_csv(lineterminator="\n")
