"""Do groups understand the questions alike? Measurement invariance, from the same shape to the same residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from dimios_core.research.answers import Answers
from dimios_core.research.cfa import Confirmatory, cfa
from dimios_core.research.result import Result, check_language, finish_figure, say

#: steps, each with what all groups have in common
STEPS = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
#: a fall of CFI beyond this is invariance lost (Cheung and Rensvold 2002)
CFI_FALL_MAX = 0.01
_SV = {
    "configural": "samma struktur",
    "metric": "samma laddningar",
    "scalar": "samma nivåer",
    "strict": "samma restvarianser",
}
_EN = {
    "configural": "same structure",
    "metric": "same loadings",
    "scalar": "same intercepts",
    "strict": "same residuals",
}


@dataclass(frozen=True, repr=False)
class Invariance(Result):
    """Steps of invariance.

    `table`: index step (configural, metric, scalar, strict), columns chi2, df, cfi, rmsea, cfi_change (from the step before),
    chi2_difference, df_difference, p (of the difference). Scaled statistics where answers are missing, and then the
    difference is Satorra and Bentler's (2001).

    Attributes
    ----------
    holds : str
        The last step that holds by the fall of CFI; "" where not even the structure fits both (RMSEA above 0.08).
    over : str
    models : dict of str to Confirmatory
    """

    holds: str
    over: str
    models: dict[str, Confirmatory]

    def words(self, language: str = "sv") -> str:
        """How far groups can be compared."""
        sv = check_language(language) == "sv"
        names = _SV if sv else _EN
        held = names.get(self.holds, "ingenting" if sv else "nothing")
        change = self.table["cfi_change"].min()
        means = self.holds in ("scalar", "strict")
        if sv:
            compare = "Nivåer kan jämföras." if means else "Nivåer bör inte jämföras punkt för punkt."
            return (
                f"Mellan grupper av {self.over} håller {held} (största fall i CFI {say(change, 3, 'sv')}; gräns −{say(CFI_FALL_MAX, 2, 'sv')}). "
                f"{compare}\nMed många svarande blir även små skillnader signifikanta: därför fallet i CFI, inte p. Att en enda "
                "fråga skiljer syns bättre med dif()."
            )
        compare = "Levels can be compared." if means else "Levels should not be compared point by point."
        return (
            f"Across {self.over}, {held} holds (largest fall of CFI {say(change, 3, 'en')}; limit −{say(CFI_FALL_MAX, 2, 'en')}). {compare}"
            "\nWith many people even small differences are significant: hence the fall of CFI, not p. That a single question "
            "differs is better seen with dif()."
        )

    def figure(self, language: str = "sv") -> go.Figure:
        """CFI step by step."""
        sv = check_language(language) == "sv"
        names = [(_SV if sv else _EN)[step] for step in self.table.index]
        line = go.Scatter(x=names, y=self.table["cfi"], mode="lines+markers", line={"color": "#1f5f99"})
        title = "CFI när mer hålls lika mellan grupperna" if sv else "CFI as more is held equal across groups"
        return finish_figure(go.Figure(line), title, "", "CFI")

    @property
    def r_call(self) -> str:
        """lavaan's models, a step each."""
        return f'lavaan::cfa(model, points, group = "{self.over}", group.equal = c("loadings", "intercepts", "residuals"))'


def invariance(
    data: Answers | pd.DataFrame,
    over: str,
    model: str = "categories",
    missing: str = "two_stage",
    centre: str | list[str] | None = None,
) -> Invariance:
    """Test how much of a measurement model groups share.

    Parameters
    ----------
    over : str
        Index level, such as "role", "period" or "organisation".
    model, missing, centre
        As in `cfa`. Centring takes away differences between all people of an organisation, and with it some of those
        between groups that lie unevenly over organisations.

    Returns
    -------
    Invariance

    Raises
    ------
    InputError
        As in `cfa`; a group too small for the model is told by its number of people.

    Notes
    -----
    Steps and rule: Cheung and Rensvold (2002). Without missing answers the difference of two steps is that of their χ²;
    else `(c₁ d₁ T₁ − c₀ d₀ T₀)`'s scaled form `(χ²₁ − χ²₀)(d₁ − d₀)/(d₁ c₁ − d₀ c₀)` of unscaled χ² (Satorra and Bentler 2001).
    """
    models = {step: cfa(data, model, missing, over, equal, centre) for step, equal in STEPS.items()}
    rows: list[dict[str, float]] = []
    before: Confirmatory | None = None
    for found in models.values():
        fit = found.fit
        kind = "_scaled" if "chi2_scaled" in fit else ""
        row = {
            "chi2": fit["chi2" + kind],
            "df": fit["df"],
            "cfi": fit["cfi" + kind],
            "rmsea": fit["rmsea" + kind],
        }
        if before is not None:
            difference, df = _difference(before.fit, fit)
            row |= {
                "cfi_change": row["cfi"] - rows[-1]["cfi"], "chi2_difference": difference, "df_difference": df,
                "p": float(stats.chi2.sf(difference, df)),
            }  # fmt: skip
        rows.append(row)
        before = found
    table = pd.DataFrame(rows, pd.Index(list(STEPS), name="step"))
    return Invariance(table, _last_that_holds(table), over, models)


def _difference(looser: pd.Series, stricter: pd.Series) -> tuple[float, float]:
    df = stricter["df"] - looser["df"]
    plain = stricter["chi2"] - looser["chi2"]
    if "chi2_scaled" not in stricter:
        return float(plain), df
    scales = [f["chi2"] / f["chi2_scaled"] for f in (looser, stricter)]
    scale = (stricter["df"] * scales[1] - looser["df"] * scales[0]) / df
    return float(plain / scale) if scale > 0 else np.nan, df


def _last_that_holds(table: pd.DataFrame) -> str:
    holds = ""
    for step, row in table.iterrows():
        if (step == "configural" and row["rmsea"] > 0.08) or row.get("cfi_change", 0.0) < -CFI_FALL_MAX:
            break
        holds = str(step)
    return holds
