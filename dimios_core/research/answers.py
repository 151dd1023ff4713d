"""`Answers`: who answered what, tidy and honest about what is missing. Restricted: it holds people's answers.

Identifiers stand in the index (period, organisation, unit, role, respondent), never among the columns: an
instrument may well have a point or a category called "organisation".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.markup import markup
from dimios_core.research.periods import add_year
from dimios_core.research.r_files import write_r_files
from dimios_core.research.structure import name_structure
from dimios_core.responses.labels import suggest
from dimios_core.responses.store import ANSWER_KINDS
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.matrix import gather_points, score_items

#: names of the index's levels, in order
IDENTIFIERS = ("period", "organisation", "unit", "role", "respondent")
#: columns of `people`: design weight, stratum, when it was begun and sent
ABOUT = ("weight", "stratum", "started_at", "answered_at")
WIDE = ("answer", "score_pct", "kind")
#: names that are listed where one is not known, at most
NAMED_N = 12


@dataclass(frozen=True, repr=False)
class Answers:
    """Answers of some organisations and periods; every method leaves it as it is.

    Attributes
    ----------
    instrument : Instrument
    people : pandas.DataFrame
        A row a respondent and period. Index `IDENTIFIERS` (text, but for respondent: the store's pseudonym, the same in
        all periods of an organisation); unit "" is directly under the organisation, role "unknown" not known.
        Columns `ABOUT`; times are NaT where the tool did not tell them.
    answer : float array (people, items)
        On the item's own scale; NaN unless answered.
    kind : int8 array (people, items)
        Index into ("answered", "dont_know", "missing").
    invited : pandas.DataFrame
        Index (period, organisation, unit, role), column `invited`; empty where nobody said.
    initiatives : pandas.DataFrame
        Index (organisation, id), columns point, kind, start ("YYYY-MM"), validated; empty in a research package.
    organisations : pandas.DataFrame
        Index organisation, columns type, county, size as registered ("" = not given).
    """

    instrument: Instrument
    people: pd.DataFrame
    answer: np.ndarray
    kind: np.ndarray
    invited: pd.DataFrame
    initiatives: pd.DataFrame
    organisations: pd.DataFrame

    @cached_property
    def columns(self) -> Columns:
        """The instrument as arrays."""
        return Columns(self.instrument)

    @property
    def index(self) -> pd.MultiIndex:
        """Who: `IDENTIFIERS`."""
        return self.people.index

    def __len__(self) -> int:
        return len(self.people)

    def wide(self, what: str = "answer") -> pd.DataFrame:
        """Return a row a respondent and period, a column an item.

        Parameters
        ----------
        what : {"answer", "score_pct", "kind"}
            Answers on the item's scale; item scores, 0-100 percent, mirrored where the item is reversed (both NaN
            unless answered); or "answered", "dont_know", "missing".

        Raises
        ------
        InputError
            Something else is asked for.
        """
        if what not in WIDE:
            raise InputError(
                Problem("what", f"“{what}” is not to be had{suggest(what, WIDE)}", f"use {WIDE}")
            )
        ids = self.columns.item_ids
        if what == "kind":
            return pd.DataFrame(np.array(ANSWER_KINDS, object)[self.kind], self.index, ids)
        values = self.answer if what == "answer" else self._item_pct
        return pd.DataFrame(values, self.index, ids)

    @property
    def long(self) -> pd.DataFrame:
        """A row a respondent, period and item: index `IDENTIFIERS` and item, columns answer, kind, score_pct."""
        n, items = self.answer.shape
        index = self.index.repeat(items).to_frame(index=False)
        index["item"] = np.tile(np.array(self.columns.item_ids, object), n)
        kind = pd.Categorical.from_codes(self.kind.ravel(), categories=list(ANSWER_KINDS))
        values = {"answer": self.answer.ravel(), "kind": kind, "score_pct": self._item_pct.ravel()}
        return pd.DataFrame(values, pd.MultiIndex.from_frame(index))

    def points(self) -> pd.DataFrame:
        """Return scores of measure points, 0-100 percent: the mean of a point's answered items, NaN without any."""
        unknown = self.kind == ANSWER_KINDS.index("dont_know")
        scores, _ = gather_points(self._item_pct, unknown, self.columns)
        return pd.DataFrame(scores[:, self.columns.points], self.index, self.columns.point_ids)

    def categories(self) -> pd.DataFrame:
        """Return a person's scores of categories, 0-100 percent.

        The weighted mean of the points that the person has answered; NaN where they carry less than two thirds of the
        category's weight (the rule by which groups have a category, method 2).
        """
        y = self.points().to_numpy()
        weight, complete = self.columns.point_weights_within(~np.isnan(y))
        scores = np.where(complete, (np.nan_to_num(y) * weight) @ self.columns.in_category, np.nan)
        return pd.DataFrame(scores, self.index, self.instrument.category_ids)

    def levels(self) -> pd.DataFrame:
        """Return a person's scores of dimensions and of the composite ("maturity"), 0-100 percent.

        Weighted means of categories; NaN where one of them is NaN. No composite where the instrument has none.
        """
        columns, categories = self.columns, self.categories().to_numpy()
        parts = [categories[:, w > 0] @ w[w > 0] for w in columns.category_weight.T]
        dimensions = np.column_stack(parts)
        composite = dimensions @ columns.dimension_weight
        names = [*self.instrument.dimension_ids, *["maturity"] * self.columns.composites_n]
        return pd.DataFrame(np.hstack([dimensions, composite]), self.index, names)

    def select(
        self,
        periods: Collection[str] | None = None,
        organisations: Collection[str] | None = None,
        roles: Collection[str] | None = None,
    ) -> Answers:
        """Keep some periods, organisations or roles.

        Raises
        ------
        InputError
            A name that nobody here has; all of them at once.
        """
        wanted = {"period": periods, "organisation": organisations, "role": roles}
        keep = np.ones(len(self), bool)
        problems = []
        for level, names in wanted.items():
            if names is None:
                continue
            there = self.index.get_level_values(level)
            known = sorted(set(there))
            remedy = "mend the name" if len(known) > NAMED_N else f"use one of {', '.join(map(str, known))}"
            problems += [
                Problem(f"{level}s", f"there are no answers of {n}{suggest(n, known)}", remedy)
                for n in names
                if n not in known
            ]
            keep &= there.isin(list(names))
        if problems:
            raise InputError(problems)
        return self._keep(keep)

    def without(self, flags: pd.Series) -> Answers:
        """Leave out who is flagged: a sensitivity analysis, never the published figures.

        Parameters
        ----------
        flags : pandas.Series of bool
            By `index`; who is not in it stays.
        """
        return self._keep(~flags.reindex(self.index, fill_value=False).to_numpy(bool))

    def once(self) -> Answers:
        """Keep everybody's first period alone: whoever answers every year counts once, as independent models ask."""
        who = self.index.to_frame(index=False)
        order = np.argsort(who["period"].to_numpy(), kind="stable")
        first = ~who.iloc[order].duplicated(["organisation", "respondent"])
        keep = np.zeros(len(self), bool)
        keep[order] = first.to_numpy()
        return self._keep(keep)

    def describe(self) -> pd.DataFrame:
        """Return by period: respondents_n, organisations_n, and shares of answers, don't know and missing (0-1)."""
        shares = {
            f"{name}_share": (self.kind == at).mean(axis=1) if self.kind.size else np.zeros(len(self))
            for at, name in enumerate(ANSWER_KINDS)
        }
        frame = pd.DataFrame(shares, self.index).reset_index()
        by = frame.groupby("period")
        counts = by.agg(respondents_n=("respondent", "size"), organisations_n=("organisation", "nunique"))
        complete = pd.Series((self.kind == 0).all(axis=1)).groupby(frame["period"].to_numpy()).sum()
        return counts.join(by[list(shares)].mean()).assign(complete_n=complete)

    def to_r(self, folder: Path | str) -> list[Path]:
        """Write answers, and scripts for lavaan and lme4 that run in R as they are, into a private folder.

        Restricted: who may read the folder may read answers. The scripts' model is that of the categories; points of
        everybody's first period are in points.csv, so that people count once, all answers in answers.csv.

        Raises
        ------
        InputError
            The folder cannot be written, or lies in a git checkout.
        """
        points = self.once().points()
        model = name_structure("categories", self.instrument, list(points.columns)).write()
        return write_r_files(Path(folder), points, add_year(self.long), model)

    def __repr__(self) -> str:
        names = {level: sorted(set(self.index.get_level_values(level))) for level in IDENTIFIERS[:2]}
        return (
            f"Answers: {len(self)} respondents and periods, {self.answer.shape[1]} items, "
            f"{len(names['organisation'])} organisations, periods {', '.join(names['period'])}. Restricted."
        )

    def _repr_html_(self) -> str:
        table = self.describe().to_html(float_format="{:.3f}".format, border=0)
        return f"{markup('<p>{}</p>', repr(self))}{table}"

    @cached_property
    def _item_pct(self) -> np.ndarray:
        return score_items(self.answer, np.arange(self.answer.shape[1]), self.columns)

    def _keep(self, keep: np.ndarray) -> Answers:
        return replace(self, people=self.people[keep], answer=self.answer[keep], kind=self.kind[keep])
