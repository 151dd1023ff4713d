"""The way out: whether a result may leave the workbench, by rule or by a second person, or why it may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.places import LEDGER, outputs_dir
from dimios_core.published.conventions import GROUP_MIN, THRESHOLD
from dimios_core.published.shaping import PUBLISHED
from dimios_core.research.cfa import Confirmatory
from dimios_core.research.clustered import Slope
from dimios_core.research.dif import Dif
from dimios_core.research.event_study import EventStudy
from dimios_core.research.factors import Exploratory, ParallelAnalysis
from dimios_core.research.group_means import GroupMeans
from dimios_core.research.invariance import Invariance
from dimios_core.research.mixed import Mixed
from dimios_core.research.nonresponse import Nonresponse
from dimios_core.research.reliability import Reliability
from dimios_core.research.result import Result, check_language
from dimios_core.research.sums import PEOPLE_MIN
from dimios_core.responses.store import ResponseStore
from dimios_core.results.findings.asked import JOINED
from dimios_core.results.findings.judging import Judged, judge_groups
from dimios_core.results.versions.findings import Findings

#: results that a second person may sign, with what of them beside their table is told
REVIEWED: dict[type[Result], tuple[str, ...]] = {
    Confirmatory: ("fit", "correlations"),
    Dif: (),
    EventStudy: ("effect", "twfe", "treated_n", "control_n"),
    Exploratory: ("correlations", "chi2", "df", "n"),
    Invariance: (),
    Mixed: ("variances", "n"),
    Nonresponse: (),
    ParallelAnalysis: ("factors_n", "components_n"),
    Reliability: (),
}
DECIMALS = 3
#: what a figure that is nobody's row is about
MODEL = "model"
#: counts of people, answers and organisations, by their column
PEOPLE_COUNTS, ORGANISATION_COUNTS = ("n", "rows_n"), ("organisations_n", "treated_n", "control_n")
_ANSWERS = {
    "pass": ("Får publiceras", "May be published"),
    "review": ("Måste undertecknas av en andra person", "Has to be signed by a second person"),
    "fail": ("Får inte publiceras", "May not be published"),
}
_NEXT = {
    "pass": (
        "Publicera: Project().findings.release(resultat, namn, title=…, by=…, why=…).",
        "Publish: Project().findings.release(result, name, title=…, by=…, why=…).",
    ),
    "review": (
        "Lämna in: Project().findings.release(resultat, namn, title=…, by=…, why=…); sedan dimios research sign namn --by … --why … --digits …",
        "Hand in: Project().findings.release(result, name, title=…, by=…, why=…); then dimios research sign name --by … --why … --digits …",
    ),
    "fail": (
        "Skälen står i tabellen, på engelska, med vad som kan göras.",
        "The table has the reasons, and what can be done.",
    ),
}


@dataclass(frozen=True, repr=False)
class Verdict(Result):
    """Whether a result may be published.

    `table`: of "fail", a row a reason (place, what, remedy); else the figures as they would be published.

    Attributes
    ----------
    answer : {"pass", "review", "fail"}
    problems : tuple of Problem
        Why not; empty unless it fails.
    result : Result
    judged : Judged or None
        Of means of groups.
    """

    answer: Literal["pass", "review", "fail"]
    problems: tuple[Problem, ...]
    result: object
    judged: Judged | None = None

    def words(self, language: str = "sv") -> str:
        """The answer, and what to do next."""
        at = ("sv", "en").index(check_language(language))
        told = [f"{_ANSWERS[self.answer][at]}.", *self._tell_organisations(language), _NEXT[self.answer][at]]
        return "\n".join(told)

    def _tell_organisations(self, language: str) -> Iterator[str]:
        """Of how many organisations means over them are, of all that have people in the group."""
        if not isinstance(self.result, GroupMeans) or "organisations_n" not in self.table:
            return
        had = {
            (str(period), group.name): people["organisation"].nunique()
            for group in self.result.asked.groups
            for period, people in group.people.groupby("period")
        }
        of, whole = {"sv": ("av", "organisationer"), "en": ("of", "organisations")}[language]
        shown = self.table[self.table["status"] == PUBLISHED]
        rows = shown.astype({"period": str, "whom": str}).drop_duplicates(["period", "whom"])
        parts = [
            f"{self.result.name(tuple(r.whom.split(JOINED)), language)} {r.period}: {r.organisations_n} {of} {had[r.period, r.whom]}"
            for r in rows.itertuples()
        ]
        yield f"{'; '.join(parts)} {whole}."

    def figure(self, language: str = "sv") -> go.Figure:
        """The result's own figure."""
        if not isinstance(self.result, Result):
            raise InputError(
                Problem("figure", "what was judged is no result", "judge a result of the workbench")
            )
        return self.result.figure(language)

    @property
    def r_call(self) -> str:
        """The result's own; "" of what is no result."""
        return self.result.r_call if isinstance(self.result, Result) else ""

    def check(self) -> None:
        """Raise all reasons against it.

        Raises
        ------
        InputError
            It fails.
        """
        if self.problems:
            raise InputError(list(self.problems))


def publishable(result: object, outputs: Path | str | None = None) -> Verdict:
    """Tell whether a result may be published: by rule, by a second person, or not.

    Means of groups (`group_means`) are computed again from the published answers and held against everything that is published,
    and everything that findings have told: nothing may follow about fewer than threshold people of an organisation, or fewer
    than six organisations. Models and tests go to a second person, who signs. What is neither fails: a frame does not say whom it
    is of.

    Parameters
    ----------
    result : Result
    outputs : path, optional
        The outputs folder whose answers these are; default as `outputs_dir`.

    Returns
    -------
    Verdict
        "pass", "review" or "fail", with all reasons.

    Notes
    -----
    Missing answers: as in published results. Figures of groups with fewer answers than the threshold are withheld.

    Raises
    ------
    InputError
        Nothing is published in the outputs folder.
    """
    folder = outputs_dir(outputs)
    if not (folder / LEDGER).is_dir() or not (folder / "results").is_dir():
        what = "nothing is published there, so there is nothing to hold the result against"
        raise InputError(Problem(str(folder), what, "run dimios score first, or name the outputs folder"))
    if isinstance(result, GroupMeans):
        judged = judge_groups(folder, result.asked, _model_of(result))
        problems = tuple(judged.problems)
        table = _tell_problems(problems) if problems else judged.table
        return Verdict(table, "fail" if problems else "pass", problems, result, judged)
    if not isinstance(result, Result) or not isinstance(result, tuple(REVIEWED)):
        what = f"a {type(result).__name__} cannot be judged: it has rows about one, or does not say whom it is of"
        remedy = "compute means with group_means(answers, by); of the models, " + ", ".join(
            sorted(kind.__name__ for kind in REVIEWED)
        )
        problems = (Problem("result", what, f"{remedy} can be signed by a second person"),)
        return Verdict(_tell_problems(problems), "fail", problems, result)
    table = tabulate_model(result)
    problems = tuple(_find_in_model(result, table, folder))
    if problems:
        return Verdict(_tell_problems(problems), "fail", problems, result)
    return Verdict(table, "review", (), result)


def _model_of(result: GroupMeans) -> Instrument:
    if result.instrument is None:
        raise InputError(
            Problem("result", "its model is not told", "make it anew with group_means(answers, by)")
        )
    return result.instrument


def tabulate_model(result: Result) -> pd.DataFrame:
    """Return the figures of a model as they would be published: thing, quantity (str), value (three decimals)."""
    kept = next(names for kind, names in REVIEWED.items() if isinstance(result, kind))
    rows = [*_list_frame(result.table, "")]
    for name in kept:
        held = getattr(result, name)
        if isinstance(held, pd.DataFrame):
            rows += _list_frame(held, name)
        elif isinstance(held, pd.Series):
            rows += [(MODEL, str(q), v) for q, v in held.items()]
        elif isinstance(held, Slope):
            rows += [(name, f.name, getattr(held, f.name)) for f in fields(held)]
        else:
            rows.append((MODEL, name, held))
    told = pd.DataFrame(rows, columns=["thing", "quantity", "value"])
    told["value"] = told["value"].astype(float).round(DECIMALS)
    return told[np.isfinite(told["value"])].drop_duplicates(["thing", "quantity"]).reset_index(drop=True)


def _list_frame(frame: pd.DataFrame, about: str) -> Iterator[tuple[str, str, float]]:
    numbers = frame.select_dtypes(["number", "bool"])
    for label, row in zip(frame.index, numbers.itertuples(index=False, name=None), strict=True):
        parts = [about, *(label if isinstance(label, tuple) else (label,))]
        thing = JOINED.join(str(p) for p in parts if str(p))
        yield from ((thing, str(q), float(v)) for q, v in zip(numbers.columns, row, strict=True))


def _find_in_model(result: Result, table: pd.DataFrame, outputs: Path) -> Iterator[Problem]:
    """Find what no second person may sign: rows about one, few behind a figure, and differences from what was signed."""
    few = "leave the row out: fit the model to larger groups"
    register = ResponseStore(outputs).register()
    ids = {*register.organisations["id"], *register.units["unit"]}
    for thing in dict.fromkeys(table["thing"]):
        if about := sorted(ids.intersection(_words_of(thing, ids))):
            what = f"it is about {about[0]} alone"
            yield Problem(
                f"row {thing!r}", what, "tell no figure of one organisation or unit; make it a random effect"
            )
    for names, least, whom in (
        (PEOPLE_COUNTS, PEOPLE_MIN, "people or answers"),
        (ORGANISATION_COUNTS, GROUP_MIN, "organisations"),
    ):
        for row in table[table["quantity"].isin(names) & (table["value"] < least)].itertuples():
            yield Problem(f"row {row.thing!r}", f"there are fewer than {least} {whom} behind it", few)
    if isinstance(result, Mixed) and result.fewest_n < THRESHOLD:
        what = f"a predictor tells fewer than {THRESHOLD} people from all others: its coefficient is theirs"
        yield Problem(f"formula {result.formula!r}", what, "leave it out")
    counts = table[table["quantity"].isin(PEOPLE_COUNTS)].set_index(["thing", "quantity"])["value"]
    for finding in Findings(outputs / LEDGER).all():
        if finding.kind != "model" or not finding.is_out or finding.call != result.r_call:
            continue
        then = finding.table.set_index(["thing", "quantity"])["value"]
        differ = (counts - then.reindex(counts.index)).abs()
        if ((differ > 0) & (differ < THRESHOLD)).any():
            what = f"it rests on nearly the same people as {finding.name}, which is signed: what differs is theirs"
            yield Problem("result", what, f"leave out nobody, or {THRESHOLD} people or more")


def _words_of(thing: str, ids: set[str]) -> set[str]:
    """The parts of a row's name, and what a model's word is made of: "organisationalmvik"."""
    parts = set(thing.split(JOINED))
    return parts | {p.removeprefix(level) for p in parts for level in ("organisation", "unit")} & ids


def _tell_problems(problems: tuple[Problem, ...]) -> pd.DataFrame:
    return pd.DataFrame([(p.place, p.what, p.remedy) for p in problems], columns=["place", "what", "remedy"])
