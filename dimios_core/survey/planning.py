"""A plan: how many are asked where, how sure the result will be, and who will get figures. plan.json, counts and precision alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.published.conventions import ALL
from dimios_core.responses.transaction import finish_committed
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.survey.allocation import Method, allocate, lowest_allocation
from dimios_core.survey.before import Before
from dimios_core.survey.forecast import WHOLE, Forecast, forecast_figures
from dimios_core.survey.frame import write_frame
from dimios_core.survey.precision import Design, Precision, detectable_change, plan_precision
from dimios_core.survey.sampled import PLAN
from dimios_core.survey.strata import Cells, chance_of_no_interval, choose_neighbours, stratify

#: half of the 95 % interval that is aimed at where nothing else is asked for, percentage points
USUAL_HALF_WIDTH_PP = 3.0
#: how many numbers of invited the plan tells the precision of
STEPS_N = 8


@dataclass(frozen=True)
class StratumPlan:
    """People of a stratum, how many are invited, and the stratum it goes with where one alone answers ("" for none)."""

    name: str
    people: int
    invited: int
    neighbour: str


@dataclass(frozen=True)
class GroupPlan:
    """A unit or role (`*` for all): people, invited and answers as expected, figures as forecast; half width (pp) of who gets a whole result, and more likely than not an interval."""

    unit: str
    role: str
    people: int
    invited: float
    answers: float
    figures: str
    half_width: float | None


@dataclass(frozen=True)
class Step:
    """What a number of invited would give: half width, that about one's own people now, smallest change that would be found (pp)."""

    invited: int
    half_width: float | None
    own_now: float | None
    change: float | None


@dataclass(frozen=True)
class Plan:
    """What is planned of a survey; `frame` is the SHA-256 of the frame that it is a plan of."""

    organisation: str
    period: str
    frame: str
    method: Method
    rate: float
    before: str
    people: int
    chosen: Step
    strata: tuple[StratumPlan, ...]
    groups: tuple[GroupPlan, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Aim:
    """What a plan is to reach: one of the three, or none for a half width of 3 percentage points, if everybody is enough."""

    invited: int | None = None
    half_width: float | None = None
    change: float | None = None


class Planner:
    """Plans of one frame: what all numbers of invited have in common is worked out once."""

    def __init__(
        self,
        people: pd.DataFrame,
        tree: UnitTree,
        before: Before,
        threshold: int,
        columns: Columns,
        method: Method,
    ) -> None:
        before = replace(
            before, rate=round(before.rate, 3)
        )  # the plan tells it so, and the sample is drawn by what it tells
        self._people, self._tree, self._before, self._threshold = people, tree, before, threshold
        self._columns, self._method = columns, method
        self.cells: Cells = stratify(people, tree, before.rate)
        self._population = self.cells.population
        self._lowest = lowest_allocation(self._population, before.rate, self.cells.certain)
        self._spread = self._find_spread()

    @property
    def fewest(self) -> int:
        """How many have to be invited for each stratum to have enough answers."""
        return int(self._lowest.sum())

    def _find_spread(self) -> np.ndarray:
        """S_h: that of the stratum's roles, by their people."""
        each = np.array([self._before.role_spread.get(role, self._before.spread) for role in self.cells.role])
        squares = np.bincount(self.cells.stratum, self.cells.people_n * each**2, len(self._population))
        return np.sqrt(squares / self._population)

    def allocate(self, invited_n: int) -> np.ndarray:
        """Return how many of each stratum are invited, int array (strata,)."""
        return allocate(self._population, self._spread, self._lowest, invited_n, self._method)

    def design(self, invited: np.ndarray) -> Design:
        """Return the answers that are expected of each cell."""
        share = np.divide(invited, self._population)[self.cells.stratum]
        expected = self.cells.people_n * share * self._before.rate
        return Design(self.cells.stratum, self._population, invited, expected, self._spread)

    def precision(self, design: Design, groups: np.ndarray) -> Precision:
        """Return how sure the results of groups will be; `groups` is bool (groups, cells)."""
        return plan_precision(design, groups, self._before.score_pct, self._before.phi)

    def step(self, invited_n: int) -> Step:
        """Return what a number of invited would give for the whole organisation; nothing where too few would answer to be told of."""
        whole = np.ones((1, len(self.cells.role)), bool)
        precision = self.precision(self.design(self.allocate(invited_n)), whole)
        change = detectable_change(precision, self._before.se, self._before.df)
        if precision.answers[0] < self._threshold:
            return Step(invited_n, None, None, None)
        told = (_round(x[0]) for x in (precision.half_width, precision.own_now, change))
        return Step(invited_n, *told)

    def choose(self, aim: Aim) -> Step:
        """Return the fewest that reach an aim.

        Raises
        ------
        InputError
            Fewer are asked for than each stratum needs, more than there are, or the aim cannot be reached by asking everybody.
        """
        everybody = len(self._people)
        if aim.invited is not None:
            if not self.fewest <= aim.invited <= everybody:
                what = f"{aim.invited} cannot be invited: there are {everybody} people, and {self.fewest} is the fewest by which every stratum has answers enough"
                raise InputError(Problem("--invite", what, f"invite {self.fewest} to {everybody}"))
            return self.step(aim.invited)
        if aim.change is not None:
            return self._search(lambda step: step.change, aim.change, "--change", "a change")
        wanted = USUAL_HALF_WIDTH_PP if aim.half_width is None else aim.half_width
        try:
            return self._search(lambda step: step.half_width, wanted, "--half-width", "a half width")
        except InputError:
            if aim.half_width is not None:
                raise
            return self.step(everybody)

    def _search(self, take: Callable[[Step], float | None], wanted: float, option: str, what: str) -> Step:
        """Return the fewest that give a value as small as wanted, by halving."""

        def reached(step: Step) -> bool:
            value = take(step)
            return value is not None and value <= wanted

        low, high = self.fewest, len(self._people)
        best = self.step(high)
        if not reached(best):
            told = take(best)
            least = "none can be told" if told is None else f"it is {told:.1f}"
            remedy = "be content with a larger one, or do more for people to answer"
            raise InputError(Problem(option, f"{what} of {wanted:g} points cannot be reached: if all {high} are invited, {least}", remedy))  # fmt: skip
        while low < high:
            middle = (low + high) // 2
            step = self.step(middle)
            if reached(step):
                high, best = middle, step
            else:
                low = middle + 1
        return best

    def plan(self, organisation: str, period: str, aim: Aim) -> Plan:
        """Make the plan that reaches an aim."""
        chosen = self.choose(aim)
        invited = self.allocate(chosen.invited)
        design = self.design(invited)
        forecast = forecast_figures(
            self.cells,
            design.expected,
            self._tree,
            self._threshold,
            self._columns,
            self._before.answered,
            self._before.asked,
        )
        one_way = [g for g, pair in enumerate(zip(forecast.unit, forecast.role, strict=True)) if ALL in pair]
        answers = design.answers(forecast.people[one_way])
        beside = choose_neighbours(answers)
        unsure = chance_of_no_interval(answers, beside) > 0.5
        names = self.cells.names
        strata = tuple(
            StratumPlan(name, int(n), int(k), "" if names[o] == name else names[o])
            for name, n, k, o in zip(names, self._population, invited, beside, strict=True)
        )
        everybody = np.unique(np.linspace(self.fewest, len(self._people), STEPS_N).round().astype(int))
        return Plan(
            organisation, period, hash_frame(self._people), self._method, self._before.rate, self._before.period,
            len(self._people), chosen, strata, self._tell_groups(forecast, one_way, design, unsure),
            tuple(self.step(int(n)) for n in everybody),
        )  # fmt: skip

    def _tell_groups(
        self, forecast: Forecast, one_way: list[int], design: Design, unsure: np.ndarray
    ) -> tuple[GroupPlan, ...]:
        """Units and roles; units × roles are too many and too small to be promised anything, and the `unsure` no interval."""
        groups = forecast.people[one_way]
        half_width = np.where(unsure, np.nan, self.precision(design, groups).half_width)
        asked = design.expected / self._before.rate
        return tuple(
            GroupPlan(
                forecast.unit[g], forecast.role[g], int(groups[i] @ self.cells.people_n), _tell(groups[i] @ asked),
                _tell(groups[i] @ design.expected), forecast.figures[g], _round(half_width[i]) if forecast.figures[g] == WHOLE else None,
            )
            for i, g in enumerate(one_way)
        )  # fmt: skip


def _round(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 2)


def _tell(value: float) -> float:
    return round(float(value), 1)


def hash_frame(people: pd.DataFrame) -> str:
    """Return the SHA-256 of a frame."""
    return hashlib.sha256(write_frame(people)).hexdigest()


def write_plan(plan: Plan) -> str:
    """Return a plan as JSON."""
    return json.dumps(asdict(plan), indent=1, ensure_ascii=False) + "\n"


def read_plan(folder: Path) -> Plan:
    """Read the plan of a survey.

    Raises
    ------
    InputError
        There is none, or somebody has altered the file so that it cannot be read.
    """
    finish_committed(folder)
    path = folder / PLAN
    if not path.is_file():
        raise InputError(Problem(PLAN, "nothing is planned yet", "plan it: dimios survey plan"))
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        plan = Plan(**data)
        return replace(
            plan,
            chosen=Step(**data["chosen"]),
            strata=tuple(StratumPlan(**row) for row in data["strata"]),
            groups=tuple(GroupPlan(**row) for row in data["groups"]),
            steps=tuple(Step(**row) for row in data["steps"]),
        )
    except (ValueError, TypeError, KeyError):
        raise InputError(Problem(PLAN, "it cannot be read", "plan again: dimios survey plan")) from None
