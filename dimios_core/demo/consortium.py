"""Who the made-up consortium is: organisations, levels and habits, read from parameters/demo/consortium.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from dimios_core.demo.planted import Duration, Factors, ItemDifference, Nonresponse, StraightLining
from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir
from dimios_core.responses.periods import is_period

Share = float
SIZES = ("small", "medium", "large")
TOOLS = ("csv", "xlsx", "sav")


class Spread(Frozen):
    """Standard deviations in points of the 0-100 scale."""

    organisations: float = Field(ge=0)
    capability_minus_heritage: float = Field(ge=0)
    organisation_points: float = Field(ge=0)
    yearly_drift: float = Field(ge=0)
    units: float = Field(ge=0)
    people: float = Field(ge=0)
    answers: float = Field(ge=0)


class Behaviour(Frozen):
    """How people come, go and answer: shares 0-1, except `dont_know_person_sd` (logit scale) and the counts."""

    turnover: Share = Field(ge=0, le=1)
    loyalty: float = Field(ge=0, lt=1)
    unit_willingness: float = Field(ge=0)
    response_rate_drift: float = Field(ge=0)
    response_rate_lowest: Share = Field(gt=0, le=1)
    response_rate_highest: Share = Field(gt=0, le=1)
    answered_lowest: int = Field(ge=1)
    answered_highest: int
    item_missing: Share = Field(ge=0, le=1)
    break_off: Share = Field(ge=0, le=1)
    opened_only: Share = Field(ge=0, le=1)
    dont_know_person_sd: float = Field(ge=0)


class RoleEffect(Frozen):
    """A role's difference in level (points) and in readiness to say "vet ej" (logit)."""

    level: float
    dont_know: float


class PointPlan(Frozen):
    """A question of the survey: its Swedish label, offset from its category (points), share of "vet ej"."""

    label: str
    level: float
    dont_know: Share = Field(gt=0, lt=1)


class CategoryPlan(Frozen):
    """A category's offset from its dimension (points) and its questions."""

    level: float
    points: dict[str, PointPlan] = Field(min_length=1)


class DimensionPlan(Frozen):
    """A dimension's offset from maturity (points) and its categories."""

    level: float
    categories: dict[str, CategoryPlan] = Field(min_length=1)


class UnitPlan(Frozen):
    """A unit of the tree: relative size, from which size class it exists, how often, and its sub-units."""

    name: str
    share: float = Field(gt=0)
    from_size: Literal["small", "medium", "large"] = Field("small", alias="from")
    chance: Share = Field(1.0, ge=0, le=1)
    direct: Share = Field(0.0, ge=0, le=1)
    lean: dict[str, float] = Field(default_factory=dict)
    parts: list[UnitPlan] = Field(default_factory=list)


class OwnPeople(Frozen):
    """People of the organisation itself: how often there are any, relative size, which roles."""

    chance: Share
    share: float
    lean: dict[str, float]


class OrganisationPlan(Frozen):
    """One made-up organisation; the fields of the register, and how it takes part."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    type: Literal["municipality", "region", "agency", "company"]
    county: str = Field(pattern=r"^(\d\d)?$")
    size: Literal["small", "medium", "large"]
    sharing: Literal["named", "anonymous", "closed"]
    threshold: int = Field(5, ge=5)
    respondents: int = Field(ge=1)
    response_rate: Share = Field(gt=0, le=1)
    tool: Literal["csv", "xlsx", "sav"]
    joined: str | None = None
    role_unknown: Share = Field(0.0, ge=0, le=1)
    weighted: bool = False
    rates: dict[str, Share] = Field(default_factory=dict)
    half_years: dict[str, str] = Field(default_factory=dict)


class Change(Frozen):
    """A real change of an organisation's level from a period on, in points."""

    organisation: str
    period: str
    capability: float
    heritage: float


class Reorganisation(Frozen):
    """Units of an organisation that from a period on are one unit of another name: merged, or renamed where it is one."""

    organisation: str
    since: str = Field(alias="from")
    units: list[str] = Field(min_length=1)
    name: str = Field(min_length=1)


class Consortium(Frozen):
    """The whole made-up consortium (see the comments in parameters/demo/consortium.yaml)."""

    label: dict[str, str]
    seed: int
    periods: dict[str, float]
    spread: Spread
    behaviour: Behaviour
    factors: Factors
    dif: ItemDifference
    straight_lining: StraightLining
    nonresponse: Nonresponse
    duration: Duration
    roles: dict[str, RoleEffect]
    dimensions: dict[str, DimensionPlan]
    role_shares: dict[str, dict[str, Share]]
    units: dict[str, list[UnitPlan]]
    own_people: OwnPeople
    changes: list[Change]
    reorganisations: list[Reorganisation] = Field(default_factory=list)
    organisations: list[OrganisationPlan]

    @model_validator(mode="after")
    def _refer_to_what_exists(self) -> Consortium:
        ids = [o.id for o in self.organisations]
        faults = [f"organisation {i!r} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
        for change in self.changes:
            if change.organisation not in ids:
                faults.append(f"a change names the unknown organisation {change.organisation!r}")
            if change.period not in self.periods:
                faults.append(f"a change names the unknown period {change.period!r}")
        faults += [
            f"{o.id!r} joined in the unknown period {o.joined!r}"
            for o in self.organisations
            if o.joined is not None and o.joined not in self.periods
        ]
        faults += [f"no role shares or units for type {o.type!r}" for o in self.organisations
                   if o.type not in self.role_shares or o.type not in self.units]  # fmt: skip
        faults += [f"unknown role {role!r} in role_shares" for shares in self.role_shares.values()
                   for role in shares if role not in self.roles]  # fmt: skip
        faults += list_local_faults(self.organisations, self.reorganisations, self.period_ids)
        if set(self.dimensions) != {"capability", "heritage"}:
            faults.append("the two dimensions must be capability and heritage")
        faults += self.factors.list_faults(self.categories)
        if self.dif.item not in self.points:
            faults.append(f"dif names the unknown question {self.dif.item!r}")
        if self.dif.role not in self.roles:
            faults.append(f"dif names the unknown role {self.dif.role!r}")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def period_ids(self) -> list[str]:
        """The periods in order."""
        return list(self.periods)

    @property
    def categories(self) -> list[str]:
        """The categories in the order of the survey."""
        return [category for dimension in self.dimensions.values() for category in dimension.categories]

    @property
    def points(self) -> dict[str, PointPlan]:
        """Every question in the order of the survey, by the id of its measure point."""
        return {
            point_id: point
            for dimension in self.dimensions.values()
            for category in dimension.categories.values()
            for point_id, point in category.points.items()
        }

    def takes_part(self) -> np.ndarray:
        """Return who takes part when.

        Returns
        -------
        numpy.ndarray
            bool, (organisations, periods): whether the organisation has joined by that period.
        """
        first = [self.period_ids.index(o.joined) if o.joined else 0 for o in self.organisations]
        return np.arange(len(self.periods))[None, :] >= np.array(first)[:, None]

    def measures_years(self) -> np.ndarray:
        """Return who takes part when, of those who measure whole years; shape as `takes_part`."""
        return self.takes_part() & ~np.array([bool(o.half_years) for o in self.organisations])[:, None]

    def label_rounds(self) -> np.ndarray:
        """Return what each organisation's rounds are called: text, (organisations, periods); a year, or a half."""
        return np.array([[o.half_years.get(p, p) for p in self.periods] for o in self.organisations])


def list_local_faults(
    organisations: Sequence[OrganisationPlan],
    reorganisations: Sequence[Reorganisation],
    periods: Sequence[str],
) -> list[str]:
    """List what is wrong with organisations' own rates, half years and units."""
    faults = [
        f"{o.id!r} has a response rate in the unknown period {p!r}"
        for o in organisations
        for p in o.rates
        if p not in periods
    ]
    for o in (o for o in organisations if o.half_years):
        halves = list(o.half_years.values())
        if list(o.half_years) != list(periods):
            faults.append(f"{o.id!r} has half years, but not one for each of the periods in order")
        if not all(is_period(h) and "-" in h for h in halves) or sorted(set(halves)) != halves:
            faults.append(f"{o.id!r} has half years that are no half years (2025-1), or not in order")
        if o.tool != "xlsx" or o.joined is not None:
            faults.append(
                f"{o.id!r} has half years, which only the tool xlsx exports, from the first period on"
            )
    known = {o.id: o for o in organisations}
    for r in reorganisations:
        if r.organisation not in known or known[r.organisation].half_years or known[r.organisation].weighted:
            faults.append(
                f"a reorganisation is of {r.organisation!r}: unknown, measured in half years, or weighted"
            )
        if r.since not in periods[1:]:
            faults.append(f"a reorganisation of {r.organisation!r} begins in {r.since!r}, no later period")
    return faults


def load_consortium(path: Path | None = None) -> Consortium:
    """Read and check the made-up consortium.

    Parameters
    ----------
    path : Path, optional
        A file like parameters/demo/consortium.yaml, which is the default.

    Raises
    ------
    InputError
        With every fault of the file, each with its place in it.
    """
    path = path or parameters_dir() / "demo" / "consortium.yaml"
    if not path.is_file():
        remedy = "Run inside the project's folder, or point DIMIOS_PROJECT at it."
        raise InputError(Problem(str(path), "the file is not there", remedy))
    return read_model(path, Consortium, "demo")
