"""What is measured of the workbench, one at a time: `python -m tests.benchmarks.research_runs NAME OUTPUTS TOLD`.

TOLD gets the figures, as a list of numbers. Start-up, imports and reading count for all alike; everybody works in one process but
where the name says two.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

POINT = "project_management"


def load_all(outputs: Path) -> pd.DataFrame:
    """Load every answer with pandas: a row a respondent and period, a column an item, percent."""
    import pandas as pd

    columns = ["respondent", "item", "answer"]
    parts = []
    for path in sorted((outputs / "responses").glob("period=*/*.parquet")):
        long = pd.read_parquet(path, columns=columns, partitioning=None)
        wide = long.pivot(index="respondent", columns="item", values="answer")  # noqa: PD010 - one answer each
        wide.index = pd.MultiIndex.from_product([[path.parent.name[-4:]], [path.stem], wide.index])
        parts.append(wide.astype(float))
    return (pd.concat(parts) - 1) * 25


def peer_means(outputs: Path) -> list[float]:
    """Means of points by organisation and period."""
    means = load_all(outputs).groupby(level=[0, 1]).mean()
    return [float(means.to_numpy().mean()), float(means[POINT].std())]


def own_means(outputs: Path) -> list[float]:
    """The same through blocks."""
    from dimios_core.research import load_answers, means

    answers = load_answers(outputs)
    found = means(answers)[answers.columns.point_ids]
    return [float(found.to_numpy().mean()), float(found[POINT].std())]


def peer_alpha(outputs: Path) -> list[float]:
    """Alpha of all points from pandas' pairwise covariances."""
    s = load_all(outputs).cov().to_numpy()
    return [len(s) / (len(s) - 1) * (1 - np.trace(s) / s.sum())]


def own_alpha(outputs: Path) -> list[float]:
    """The same from sums."""
    from dimios_core.research import gather_sums, load_answers

    (sums,) = gather_sums(load_answers(outputs)).values()
    s = sums.covariance(1)
    return [len(s) / (len(s) - 1) * (1 - np.trace(s) / s.sum())]


def peer_events(outputs: Path) -> list[float]:
    """Two-way fixed effects by statsmodels, on pandas' means."""
    import pandas as pd
    import statsmodels.formula.api as smf

    y = (
        load_all(outputs)[POINT]
        .groupby(level=[0, 1])
        .mean()
        .rename_axis(["period", "organisation"])
        .reset_index(name="y")
    )
    began = (
        pd.read_csv(outputs.parent / "initiatives.csv", sep=";").set_index("organisation")["start"].str[:4]
    )
    # the store tells no times: a period counts as begun in January, so the first after February is next year's
    first = (began.astype(int) + 1).reindex(y["organisation"]).to_numpy()
    y["on"] = (y["period"].astype(int).to_numpy() >= first).astype(float)
    centred = y[["y", "on"]] - y.groupby("organisation")[["y", "on"]].transform("mean")
    fit = smf.ols("y ~ on + C(period)", centred.assign(period=y["period"])).fit()
    return [float(fit.params["on"])]


def own_events(outputs: Path) -> list[float]:
    """The event study of the same point, and two-way fixed effects beside it."""
    from dimios_core.research import event_study, load_answers

    return [event_study(load_answers(outputs), 1, point=POINT).twfe.estimate]


def listwise(outputs: Path) -> list[float]:
    """Six factors of complete rows."""
    from dimios_core.research import cfa, load_answers

    return [float(cfa(load_answers(outputs), missing="listwise").fit["chi2"])]


def two_stage(outputs: Path) -> list[float]:
    """The same of everybody, by EM over two processes; differences between organisations taken away."""
    from dimios_core import Project
    from dimios_core.research import cfa, load_answers

    with Project(outputs, workers=2, progress=None).computing() as executor:
        found = cfa(load_answers(outputs).over(executor), centre="organisation")
    return [float(found.fit["chi2_scaled"])]


def draws(outputs: Path) -> list[float]:
    """Changes of all levels, a thousand draws of people within organisations."""
    from dimios_core.research import bootstrap, load_answers

    return [float(bootstrap(load_answers(outputs), "changes", 1, "people", 1000).table["se"].mean())]


def whole_draws(outputs: Path) -> list[float]:
    """The same of organisations."""
    from dimios_core.research import bootstrap, load_answers

    return [float(bootstrap(load_answers(outputs), "changes", 1, "organisations", 1000).table["se"].mean())]


RUNS: dict[str, Callable[[Path], list[float]]] = {
    "pandas: means": peer_means,
    "means": own_means,
    "pandas: alpha": peer_alpha,
    "alpha": own_alpha,
    "pandas, statsmodels: effect": peer_events,
    "event study": own_events,
    "six factors, listwise": listwise,
    "six factors, two-stage, two processes": two_stage,
    "draws of people": draws,
    "draws of organisations": whole_draws,
}
#: whose work each is held against
PEER_OF = {"means": "pandas: means", "alpha": "pandas: alpha", "event study": "pandas, statsmodels: effect"}


if __name__ == "__main__":
    name, outputs, told = sys.argv[1:]
    Path(told).write_text(json.dumps(RUNS[name](Path(outputs))), encoding="utf-8")
