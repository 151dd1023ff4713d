"""What other organisations did, the evidence for it, and which of it fits an organisation best."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.published.gathering import gather_public_once
from dimios_core.published.rows import Row
from dimios_core.published.store import PublicResults, PublishedResults
from dimios_core.report.figures import PUBLISHED, Comparison, Figure

#: what an organisation is called that does not want its name told
UNNAMED_END = " X"
#: initiatives that fit, and how many of them for one point
BEST_N, BEST_OF_A_POINT_N = 12, 2
#: after every rank there can be
UNRANKED = 1_000_000


@dataclass(frozen=True)
class Evidence:
    """Change of organisations with an initiative for a point, or of a kind, beyond that of similar ones without.

    Attributes
    ----------
    about : str
        The measure point, or the kind.
    published : bool
        There were pairs enough.
    pairs_n : int
    difference : Comparison
        Percentage points, with interval and certainty.
    check : Comparison
        The same by regression (HC3), without words on certainty.
    rank : int or None
        Order of what evidence favours, 1 first; None where it favours nothing.
    """

    about: str
    published: bool
    pairs_n: int
    difference: Comparison
    check: Comparison
    rank: int | None

    @property
    def withheld(self) -> bool:
        """There are pairs enough, but the figure would tell of fewer beside others."""
        return self.difference.status == "suppressed_complement"

    @property
    def helps(self) -> bool:
        """It goes with a rise, for certain."""
        return self.difference.certainty == "increase"


@dataclass(frozen=True)
class Initiative:
    """What another organisation did for a measure point.

    Attributes
    ----------
    named : bool
        The organisation lets its name be told.
    type, size, county, kind : str
        "" where not told.
    """

    id: str
    point: str
    category: str
    title: str
    what: str
    effect: str
    start: str
    type: str
    size: str
    county: str
    organisation_name: str
    contact: str
    kind: str = ""

    @property
    def named(self) -> bool:
        """The organisation's own name stands there."""
        return not self.organisation_name.endswith(UNNAMED_END)


def read_evidence(results: PublicResults) -> dict[str, tuple[Evidence, ...]]:
    """Read the evidence: by measure point ("point") and by kind of initiative ("kind")."""
    return {
        "point": _read_evidence(results.rows("evidence"), "point"),
        "kind": _read_evidence(results.rows("evidence_kinds"), "kind"),
    }


def _read_evidence(rows: Sequence[Row], about: str) -> tuple[Evidence, ...]:
    found = []
    for r in rows:
        main = Comparison(r["status"], r["difference"], r["ci_low"], r["ci_high"], r["certainty"])
        check = Comparison(r["status"], r["hc3_difference"], r["hc3_low"], r["hc3_high"])
        found.append(Evidence(r[about], r["status"] == PUBLISHED, r["pairs_n"], main, check, r["rank"]))
    return tuple(found)


def gather_initiatives(results: PublishedResults) -> list[Initiative]:
    """Gather the initiatives of others, in the order of their table."""
    own = results.profile["name"]
    return [i for i in gather_public_once(read_initiatives, results) if i.organisation_name != own]


def read_initiatives(results: PublicResults) -> tuple[Initiative, ...]:
    """Read all initiatives for points of the model, in the order of their table."""
    category_of = {p.id: p.category for p in results.instrument.points}
    columns = [c for c in Initiative.__dataclass_fields__ if c != "category"]  # older results lack the kind
    return tuple(
        Initiative(category=category_of[r["point"]], **{c: r.get(c, "") for c in columns})
        for r in results.rows("initiatives")
        if r["point"] in category_of
    )


def order_initiatives(
    found: Sequence[Initiative],
    points: Sequence[Figure],
    evidence: Mapping[str, Evidence],
    kinds: Sequence[Evidence],
    own: Mapping[str, Any],
) -> list[Initiative]:
    """Order initiatives: the weakest point first; of a point, what evidence favours; then what is most alike; then the latest.

    Parameters
    ----------
    found : sequence of Initiative
    points : sequence of Figure
        Weakest first, as of `Weakness`; initiatives for points that are not among them come last.
    evidence : dict of point -> Evidence
    kinds : sequence of Evidence
        By kind of initiative: of initiatives for the same point, they tell which come first.
    own : mapping
        Type, size and county of the organisation that they are for.
    """
    weak = {f.key: n for n, f in enumerate(points)}
    favoured = {e.about: _rank(e) for e in kinds}

    def fit(i: Initiative) -> tuple[Any, ...]:
        return (
            weak.get(i.point, len(weak)),
            _rank(evidence.get(i.point)),  # of points that cannot be told apart
            favoured.get(i.kind, UNRANKED),
            *(getattr(i, name) != own[name] for name in ("type", "size", "county")),
        )

    return sorted(sorted(found, key=lambda i: i.start, reverse=True), key=fit)


def _rank(evidence: Evidence | None) -> int:
    return evidence.rank if evidence is not None and evidence.rank is not None else UNRANKED


def pick_best(initiatives: Sequence[Initiative], strong: Collection[str] = ()) -> list[Initiative]:
    """Return the best fitting ones: at most two for a measure point, no title of a point twice, none for a strong point."""
    best: list[Initiative] = []
    for i in initiatives:
        if i.point in strong:
            continue
        same = [b for b in best if b.point == i.point]
        if len(best) < BEST_N and len(same) < BEST_OF_A_POINT_N and i.title not in [b.title for b in same]:
            best.append(i)
    return best
