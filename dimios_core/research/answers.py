"""`Answers`: who answered what, tidy and honest about what is missing. Restricted: it holds people's answers.

Identifiers stand in the index (period, organisation, unit, role, respondent), never among the columns: an
instrument may well have a point or a category called "organisation".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.markup import markup
from dimios_core.research.kept import read_block
from dimios_core.research.levels import to_categories, to_levels
from dimios_core.research.periods import add_year
from dimios_core.research.r_files import write_r_files
from dimios_core.research.rows import Rows, StoredRows
from dimios_core.research.structure import name_structure
from dimios_core.responses.labels import suggest
from dimios_core.responses.store import ANSWER_KINDS
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.matrix import gather_points, score_items

WIDE = ("answer", "score_pct", "kind")
#: names that are listed where one is not known, at most
NAMED_N = 12
Part = TypeVar("Part")


@dataclass(frozen=True, repr=False)
class Answers:
    """Answers of some organisations and periods; every method leaves it as it is.

    Where there are more than can be held at once, they stay in the store: what asks for every row tells so, and what works
    through blocks of organisations (`map`) goes on as with few.

    Attributes
    ----------
    instrument : Instrument
    source : Rows or StoredRows
        Where they lie.
    invited : pandas.DataFrame
        Index (period, organisation, unit, role), column `invited`; empty where nobody said.
    initiatives : pandas.DataFrame
        Index (organisation, id), columns point, kind, start ("YYYY-MM"), validated; empty in a research package.
    organisations : pandas.DataFrame
        Index organisation, columns type, county, size as registered ("" = not given).
    executor : concurrent.futures.Executor or None
        What works on blocks; None for this process (see `over`).
    """

    instrument: Instrument
    source: Rows | StoredRows
    invited: pd.DataFrame
    initiatives: pd.DataFrame
    organisations: pd.DataFrame
    executor: Executor | None = None

    @cached_property
    def rows(self) -> Rows:
        """All rows, held in memory.

        Raises
        ------
        InputError
            They are too many.
        """
        return self.source if isinstance(self.source, Rows) else self.source.hold()

    @property
    def people(self) -> pd.DataFrame:
        """A row a respondent and period.

        Index `IDENTIFIERS` (text, but for respondent: the store's pseudonym, the same in all periods of an organisation); unit "" is
        directly under the organisation, role "unknown" not known. Columns `ABOUT`; times are NaT where the tool did not tell them.
        """
        return self.rows.people

    @property
    def answer(self) -> np.ndarray:
        """On the item's own scale, float (people, items); NaN unless answered."""
        return self.rows.answer

    @property
    def kind(self) -> np.ndarray:
        """Index into ("answered", "dont_know", "missing"), int8 (people, items)."""
        return self.rows.kind

    @property
    def are_stored(self) -> bool:
        """Whether they are too many to be held, and read block by block."""
        return isinstance(self.source, StoredRows)

    def over(self, executor: Executor | None) -> Answers:
        """Let an executor work on blocks of stored answers (`Project.computing()`); workers read the store themselves."""
        return replace(self, executor=executor)

    def map(self, work: Callable[[Answers], Part]) -> Iterator[Part]:
        """Do something with each block of whole organisations; results come in the blocks' order.

        Held answers are one block, and are worked on here. Stored ones are cut the same way whatever works on them, so sums
        are the same to the last digit.

        Parameters
        ----------
        work : callable
            From `Answers` (held; without invited and initiatives) to what is wanted; with an executor it has to be picklable.
        """
        if isinstance(self.source, Rows):
            return iter([work(self)])
        run = self.executor.map if self.executor is not None else map
        return iter(run(partial(_work, work), self.source.blocks()))

    @cached_property
    def columns(self) -> Columns:
        """The instrument as arrays."""
        return Columns(self.instrument)

    @property
    def index(self) -> pd.MultiIndex:
        """Who: `IDENTIFIERS`."""
        return self.people.index

    def __len__(self) -> int:
        return len(self.people) if isinstance(self.source, Rows) else sum(self.map(len))

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
        return to_categories(self.points(), self.columns)

    def levels(self) -> pd.DataFrame:
        """Return a person's scores of dimensions and of the composite ("maturity"), 0-100 percent.

        Weighted means of categories; NaN where one of them is NaN. No composite where the instrument has none.
        """
        return to_levels(self.categories(), self.columns)

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
        source, problems = self.source, []
        for level, names in wanted.items():
            if names is None:
                continue
            known = self.names(level)
            remedy = "mend the name" if len(known) > NAMED_N else f"use one of {', '.join(map(str, known))}"
            problems += [
                Problem(f"{level}s", f"there are no answers of {n}{suggest(n, known)}", remedy)
                for n in names
                if n not in known
            ]
            source = source.select(level, names)
        if problems:
            raise InputError(problems)
        return replace(self, source=source if isinstance(source, Rows) else source.settle())

    def names(self, level: str) -> list[str]:
        """Periods, organisations or roles that there are answers of, in order; of stored answers, roles that there may be."""
        if isinstance(self.source, Rows):
            return sorted(set(self.index.get_level_values(level)))
        return self.source.names(level)

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
        return replace(self, source=self.source.once())

    def describe(self) -> pd.DataFrame:
        """Return by period: respondents_n, organisations_n, and shares of answers, don't know and missing (0-1)."""
        parts = pd.concat(self.map(_count)).groupby(level="period").sum()
        respondents = parts["respondents_n"]
        shares = parts[list(ANSWER_KINDS)].div(respondents, axis=0).add_suffix("_share")
        return parts[["respondents_n", "organisations_n"]].join(shares).assign(complete_n=parts["complete_n"])

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
        n = len(self.names("organisation"))
        kept = " Too many to be held at once: read organisation by organisation." if self.are_stored else ""
        return (
            f"Answers: {len(self)} respondents and periods, {len(self.columns.item_ids)} items, "
            f"{n} organisation{'s' if n > 1 else ''}, periods {', '.join(self.names('period'))}.{kept} Restricted."
        )

    def _repr_html_(self) -> str:
        table = self.describe().to_html(float_format="{:.3f}".format, border=0)
        return f"{markup('<p>{}</p>', repr(self))}{table}"

    @cached_property
    def _item_pct(self) -> np.ndarray:
        return score_items(self.answer, np.arange(self.answer.shape[1]), self.columns)

    def _keep(self, keep: np.ndarray) -> Answers:
        return replace(self, source=self.rows.keep(keep))


def _work(work: Callable[[Answers], Part], block: StoredRows) -> Part:
    nothing = pd.DataFrame()
    return work(Answers(block.instrument, read_block(block), nothing, nothing, nothing))


def _count(block: Answers) -> pd.DataFrame:
    """By period: respondents_n, organisations_n, sums of people's shares of each kind of answer, complete_n."""
    shares = {
        name: (block.kind == at).mean(axis=1) if block.kind.size else np.zeros(len(block))
        for at, name in enumerate(ANSWER_KINDS)
    }
    frame = pd.DataFrame(shares | {"complete_n": (block.kind == 0).all(axis=1)}, block.index).reset_index()
    by = frame.groupby("period")
    counts = by.agg(respondents_n=("respondent", "size"), organisations_n=("organisation", "nunique"))
    return counts.join(by[[*shares, "complete_n"]].sum())
