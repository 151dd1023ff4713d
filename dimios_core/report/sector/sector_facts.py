"""Facts of groups of organisations: the sector, its types, a county. Published figures, picked and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import lead_of, list_upper_keys, tops_of
from dimios_core.published.rows import Row
from dimios_core.published.status import Status
from dimios_core.published.store import PublicResults
from dimios_core.report.figures import PUBLISHED, Comparison, Key, PeerGroupFact

#: the group of all organisations that took part
EVERYBODY = "all"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class GroupLevel:
    """The mean of a group of organisations, each counted once, or why it is not shown.

    Attributes
    ----------
    level, key, status : str
    organisations_n, frame_n : int or None
        How many took part, and of how many.
    mean : float or None
        Percent.
    low, high : float or None
        95 % interval as a claim about the sector, the organisations that did not take part included.
    own_low, own_high : float or None
        95 % interval as a claim about just these organisations.
    dont_know_share : float or None
        0-1; points only.
    between_sd : float or None
        Standard deviation between the organisations, percentage points.
    """

    level: str
    key: str
    status: str
    organisations_n: int | None = None
    frame_n: int | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    own_low: float | None = None
    own_high: float | None = None
    dont_know_share: float | None = None
    between_sd: float | None = None

    @property
    def published(self) -> bool:
        """There is a number."""
        return self.status == PUBLISHED and self.mean is not None


@dataclass(frozen=True)
class GroupChange:
    """The change of the organisations that took part in both periods, or why it is not shown.

    Attributes
    ----------
    period_from : str
    organisations_n : int or None
        Those of both periods.
    mean_from, mean, change : float or None
        Means of the same organisations, percent; their change, percentage points.
    low, high, own_low, own_high : float or None
        95 % intervals of the change, as for `GroupLevel`.
    certainty : str
        "increase", "decrease", "none" or "unknown".
    plain_from, plain : float or None
        Means of all that took part in each of the periods, percent.
    """

    level: str
    key: str
    period_from: str
    status: str
    organisations_n: int | None = None
    mean_from: float | None = None
    mean: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    own_low: float | None = None
    own_high: float | None = None
    certainty: str = UNKNOWN
    plain_from: float | None = None
    plain: float | None = None

    @property
    def published(self) -> bool:
        """There is a number."""
        return self.status == PUBLISHED and self.change is not None

    @property
    def certain(self) -> bool:
        """The change is certain."""
        return self.published and self.certainty in ("increase", "decrease")


@dataclass(frozen=True)
class SectorFacts:
    """What is published of one group of organisations in one period.

    Attributes
    ----------
    group : str
        "all", "type:municipality", "county:14".
    previous : str or None
        The earlier period that changes are counted from.
    levels : mapping of (level, key) -> GroupLevel
        In the instrument's order: composite, dimensions, categories, points.
    changes : mapping of (level, key) -> GroupChange
        Since `previous`.
    gaps : mapping of (level, key) -> Comparison
        How the group's mean lies against that of all organisations, as a claim about just these; none of all themselves.
    other_version : bool
        A period before was asked with another version of the model: there are no changes of groups from it.
    """

    group: str
    period: str
    instrument: Instrument
    previous: str | None
    levels: Mapping[Key, GroupLevel]
    changes: Mapping[Key, GroupChange]
    gaps: Mapping[Key, Comparison] = field(default_factory=dict)
    other_version: bool = False

    @property
    def kind(self) -> str:
        """Kind of group: "all", "type", "county"."""
        return self.group.partition(":")[0]

    @property
    def name(self) -> PeerGroupFact:
        """The group as sentences name it."""
        return PeerGroupFact(self.group, self.kind, self.lead.organisations_n or 0)

    @property
    def lead(self) -> GroupLevel:
        """The figure that is told first: the group's composite, else its first dimension.

        A group's figures are published all together or not at all, and count the same organisations.
        """
        return self.level(lead_of(self.instrument))

    @property
    def tops(self) -> list[GroupLevel]:
        """The figures that nothing stands above: the composite, else the dimensions."""
        return [self.level(key) for key in tops_of(self.instrument)]

    @property
    def composite(self) -> GroupLevel | None:
        """The group's composite; None where the instrument has none."""
        return None if self.instrument.composite is None else self.lead

    def level(self, key: Key) -> GroupLevel:
        """Return a figure; one without answers where there is no row."""
        return self.levels.get(key) or GroupLevel(*key, status="no_answers")

    def of_level(self, level: str) -> list[GroupLevel]:
        """Levels of a kind, in the instrument's order."""
        return [f for (name, _), f in self.levels.items() if name == level]

    def shown(self, level: str) -> list[GroupLevel]:
        """Published levels of a kind, in the instrument's order."""
        return [f for f in self.of_level(level) if f.published]


def gather_group(results: PublicResults, period: str, group: str) -> SectorFacts:
    """Gather what is published of a group of organisations.

    Parameters
    ----------
    results : PublicResults
    period : str
    group : str
        As in the published tables; a group without rows gives facts without figures.
    """
    results = results.as_asked(period)
    instrument = results.instrument
    levels = {
        (r["level"], r["key"]): _read_level(r)
        for r in results.rows("group_levels", period=period, group=group)
    }
    rows = results.rows("group_changes", period=period, group=group)
    previous = _choose_previous(rows, lead_of(instrument))
    changes = {(r["level"], r["key"]): _read_change(r) for r in rows if r["period_from"] == previous}
    keys = list_keys(instrument)
    return SectorFacts(
        group, period, instrument, previous, {k: levels[k] for k in keys if k in levels},
        {k: changes[k] for k in keys if k in changes}, _read_gaps(results, period, group, keys),
        results.earlier_version(period) is not None,
    )  # fmt: skip


def _read_gaps(results: PublicResults, period: str, group: str, keys: list[Key]) -> dict[Key, Comparison]:
    rows = {(r["level"], r["key"]): r for r in results.rows("group_gaps", period=period, group=group)}
    return {
        k: Comparison(PUBLISHED, r["gap"], r["ci_low"], r["ci_high"], r["certainty"])
        for k in keys
        if (r := rows.get(k)) is not None
    }


def _choose_previous(rows: list[Row], lead: Key) -> str | None:
    """Return the earlier period that most organisations can be compared with, the latest among equals."""
    counted = [(r["organisations_n"] or 0, r["period_from"]) for r in rows if (r["level"], r["key"]) == lead]
    return max(counted)[1] if counted else None


def gather_years(results: PublicResults, group: str, key: Key) -> dict[str, GroupLevel]:
    """Gather a group's mean over the periods in which many took part, oldest first; period -> level.

    A half-year in which one or two measured is none of the sector's.
    """
    level, name = key
    whole = results.rows("group_levels", group=EVERYBODY, level=level, key=name)
    small = {r["period"] for r in whole if r["status"] == Status.SUPPRESSED_SMALL.label}
    rows = results.rows("group_levels", group=group, level=level, key=name)
    return dict(sorted((r["period"], _read_level(r)) for r in rows if r["period"] not in small))


def gather_changes(results: PublicResults, group: str, key: Key) -> dict[tuple[str, str], GroupChange]:
    """Gather a group's changes between all pairs of periods; (period, period_from) -> change."""
    level, name = key
    rows = results.rows("group_changes", group=group, level=level, key=name)
    return dict(sorted(((r["period"], r["period_from"]), _read_change(r)) for r in rows))


def list_groups(results: PublicResults, period: str, kind: str) -> list[str]:
    """List the groups of a kind in a period, largest first; published or not."""
    level, key = lead_of(results.instrument)
    rows = results.rows("group_levels", period=period, kind=kind, level=level, key=key)
    found = [(-(r["organisations_n"] or 0), r["group"]) for r in rows]
    return [group for _, group in sorted(found)]


def list_keys(instrument: Instrument) -> list[Key]:
    """List every (level, key) of a model: composite, dimensions, categories, points."""
    return [
        *list_upper_keys(instrument),
        *(("category", c) for c in instrument.category_ids),
        *(("point", p) for p in instrument.point_ids),
    ]


def _read_level(r: Row) -> GroupLevel:
    return GroupLevel(
        r["level"], r["key"], r["status"], r["organisations_n"], r["frame_n"], r["mean"], r["ci_low"], r["ci_high"],
        r["own_low"], r["own_high"], r["dont_know_share"], r["between_sd"],
    )  # fmt: skip


def _read_change(r: Row) -> GroupChange:
    return GroupChange(
        r["level"], r["key"], r["period_from"], r["status"], r["organisations_n"], r["mean_from"], r["mean"],
        r["change"], r["ci_low"], r["ci_high"], r["own_low"], r["own_high"], r["certainty"], r["plain_from"],
        r["plain"],
    )  # fmt: skip


def hidden_kind(status: str) -> str:
    """Return the word for why a group is not shown: too small, or somebody could be worked out."""
    return "complement" if status == "suppressed_complement" else "small"


def rank_levels(facts: SectorFacts, level: str) -> list[GroupLevel]:
    """Published figures of a level, highest first; the instrument's order among equals."""
    return sorted(facts.shown(level), key=lambda f: -(f.mean or 0))
