"""Facts of an organisation's own result that no other page needs: where others lie in the plane."""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import PeerGroupFact


@dataclass(frozen=True)
class PeerPosition:
    """Where another organisation lies, as far as it shares that; the name is "" for anonymous ones."""

    name: str
    across: float
    upwards: float


def gather_peer_positions(
    results: PublishedResults, period: str, group: PeerGroupFact | None
) -> list[PeerPosition]:
    """Gather the positions that others show: of one's own type where that is the group, else of all."""
    own_type = group is not None and group.kind in ("type", "type-size")
    wanted = {"type": results.profile["type"]} if own_type else {}
    return [
        PeerPosition(r["name"], r["across"], r["upwards"])
        for r in results.rows("positions", period=period, **wanted)
        if r["id"] != results.organisation
    ]
