"""Do those who did not answer differ? Early against late, rates against scores, and weights that fit the invited."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.research.answers import Answers
from dimios_core.research.clustered import NO_SLOPE, Slope, slope_within
from dimios_core.research.result import Result, check_language, finish_figure, say, say_p

#: raking stops when no margin is off by more than this share, and gives up after so many rounds
RAKED, ROUNDS_MAX = 1e-8, 500
#: lowest and highest weight: margins that cannot all be met would give some people none
TRIM = (0.2, 5.0)
CELL = ["period", "organisation"]


@dataclass(frozen=True, repr=False)
class Nonresponse(Result):
    """What can be known of those who did not answer.

    `table`: index measure: "late" (the later half of an organisation's respondents less the earlier half, percentage points), "rate"
    (how much higher the mean of an organisation is in a period with ten percentage points more answering, from its own mean);
    columns estimate, se, low, high (95 %), p, n.

    Attributes
    ----------
    rates : pandas.DataFrame
        Index period, organisation; columns invited, answered, rate (0-1), mean (of point scores), raked (mean with weights).
    weights : pandas.Series
        By respondent: raked to the invited's units and roles, mean 1 in each organisation and period; 1 where nobody said how many
        were invited.
    uncovered_share : float
        Of the invited, those in units or roles where nobody answered: no weight can speak for them.
    """

    rates: pd.DataFrame
    weights: pd.Series
    uncovered_share: float

    def words(self, language: str = "sv") -> str:
        """What points to bias, how large, and what cannot be seen."""
        sv = check_language(language) == "sv"
        late = self.table.loc["late"]
        shift = float((self.rates["raked"] - self.rates["mean"]).mean())
        rate = float(self.rates["answered"].sum() / max(self.rates["invited"].sum(), 1))
        told = f"{say(late['estimate'], 1, language)} ({say_p(late['p'], language)})"
        if sv:
            return (
                f"{say(100 * rate, 0, 'sv')} % av de inbjudna svarade. Den senare halvan ligger {told} procentenheter från den tidigare; vikter "
                f"efter enhet och roll flyttar medel {say(shift, 2, 'sv')}.\nDe sena liknar de uteblivna mer än de tidiga gör, men är inte de "
                "uteblivna. Vikter rättar bara det som enhet och roll bär."
            )
        return (
            f"{say(100 * rate, 0, 'en')}% of the invited answered. The later half lies {told} percentage points from the earlier; weights by unit and "
            f"role move the mean by {say(shift, 2, 'en')}.\nThe late are more like those who never answered than the early are, but they are "
            "not them. Weights mend only what unit and role carry."
        )

    def figure(self, language: str = "sv") -> go.Figure:
        """Each organisation's rate and mean."""
        sv = check_language(language) == "sv"
        r = self.rates.dropna(subset=["rate", "mean"])
        dots = go.Scatter(
            x=100 * r["rate"], y=r["mean"], mode="markers", marker={"color": "#1f5f99", "opacity": 0.6}
        )
        title = (
            "Svarsandel och resultat, organisation och mätning"
            if sv
            else "Response rate and result, organisation and period"
        )
        return finish_figure(go.Figure(dots), title, "%", "0-100")

    @property
    def r_call(self) -> str:
        """survey's rake."""
        return "survey::rake(design, list(~unit, ~role), margins)"


def nonresponse(answers: Answers) -> Nonresponse:
    """Look at who answered among the invited.

    Missing answers: a person's level is the mean of what was answered, each point from the mean of its organisation and period,
    so that leaving out hard questions does not make a level high. Who sent without a time is neither late nor early.

    Notes
    -----
    Late respondents as proxies: Armstrong and Overton (1977). Raking: iterative proportional fitting (Deming and Stephan 1940).
    """
    points = answers.points()
    level = (points - points.groupby(level=CELL).transform("mean")).mean(axis=1)
    cells = answers.index.droplevel([n for n in answers.index.names if n not in CELL])
    cell = pd.factorize(cells)[0]
    organisation = pd.factorize(answers.index.get_level_values("organisation"))[0]
    sent = answers.people["answered_at"]
    middle = sent.groupby(level=CELL).transform("median")
    late = np.where(sent.isna(), np.nan, (sent > middle).to_numpy(float))
    weights, uncovered = rake(answers)
    rates = _rates(answers, points.mean(axis=1), weights)
    known = rates["rate"].notna() & rates["mean"].notna()
    own = pd.factorize(rates.index.get_level_values("organisation"))[0]
    years = pd.get_dummies(rates.index.get_level_values("period")).to_numpy(float)
    rows = {
        "late": slope_within(level.to_numpy(), late, cell, organisation),
        "rate": _rate_slope(rates, known.to_numpy(), own, years),
    }
    table = pd.DataFrame({k: asdict(v) for k, v in rows.items()}).T.rename_axis("measure")
    return Nonresponse(table, rates, weights, uncovered)


def _rate_slope(rates: pd.DataFrame, known: np.ndarray, own: np.ndarray, years: np.ndarray) -> Slope:
    """Within organisations and net of periods: all organisations rise over the years, whatever their rates."""
    if known.sum() < len(np.unique(own[known])) + 2:
        return NO_SLOPE
    x, y = 10 * rates["rate"].to_numpy(float)[known], rates["mean"].to_numpy(float)[known]
    dummies = years[known]
    centred = [pd.DataFrame(v).groupby(own[known]).transform("mean").to_numpy() for v in (x, y, dummies)]
    base = dummies - centred[2]
    x, y = (
        (v - c[:, 0]) - base @ np.linalg.lstsq(base, v - c[:, 0], rcond=None)[0]
        for v, c in zip((x, y), centred[:2], strict=True)
    )
    return slope_within(y, x, own[known], own[known])


def _rates(answers: Answers, mean: pd.Series, weights: pd.Series) -> pd.DataFrame:
    invited = answers.invited["invited"].groupby(level=CELL).sum()
    by = mean.groupby(level=CELL)
    known = mean.notna()
    weighted = (mean * weights)[known].groupby(level=CELL).sum() / weights[known].groupby(level=CELL).sum()
    table = pd.DataFrame({"answered": by.size(), "mean": by.mean(), "raked": weighted})
    table["invited"] = invited.reindex(table.index)
    table["rate"] = table["answered"] / table["invited"].where(table["invited"] > 0)
    return table[["invited", "answered", "rate", "mean", "raked"]]


def rake(answers: Answers) -> tuple[pd.Series, float]:
    """Weights by which respondents' units and roles are those of the invited, in each organisation and period.

    Returns
    -------
    weights : pandas.Series
        By `answers.index`, mean 1 in each organisation and period; trimmed to a fifth and five times that.
    uncovered_share : float
        Of the invited, those whose unit or role nobody answered from.
    """
    weights = np.ones(len(answers))
    invited = answers.invited["invited"].reset_index()
    asked = dict(list(invited[invited["invited"] > 0].groupby(CELL)))
    places = pd.DataFrame(
        {"unit": answers.index.get_level_values("unit"), "role": answers.index.get_level_values("role")}
    )
    lost = whole = 0.0
    cells = pd.MultiIndex.from_arrays([answers.index.get_level_values(n) for n in CELL])
    for key, rows in places.groupby(cells).indices.items():
        if key not in asked:
            continue
        margins, people = asked[key], places.iloc[rows]
        covered = margins["unit"].isin(people["unit"]) & margins["role"].isin(people["role"])
        whole += margins["invited"].sum()
        lost += margins.loc[~covered, "invited"].sum()
        if covered.any():
            weights[rows] = _rake(people, margins[covered])
    return pd.Series(weights, answers.index), float(lost / whole) if whole else np.nan


def _rake(people: pd.DataFrame, margins: pd.DataFrame) -> np.ndarray:
    weight = np.ones(len(people))
    codes, targets = [], []
    for name in ("unit", "role"):
        wanted = margins.groupby(name)["invited"].sum()
        code = pd.Index(wanted.index).get_indexer(people[name])
        codes.append(code)
        targets.append(wanted.to_numpy(float) / wanted.sum())
    for _ in range(ROUNDS_MAX):
        off = 0.0
        for code, target in zip(codes, targets, strict=True):
            known = code >= 0  # who sits where nobody was invited keeps weight as it is
            sums = np.bincount(code[known], weight[known], len(target))
            factor = np.divide(target * sums.sum(), sums, out=np.ones_like(target), where=sums > 0)
            weight[known] *= factor[code[known]]
            off = max(off, float(np.abs(factor[sums > 0] - 1).max()))
        if off < RAKED:
            break
    weight = np.clip(weight / weight.mean(), *TRIM)
    return weight / weight.mean()
