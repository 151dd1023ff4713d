"""What all that is measured of scoring has in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

#: threads or processes, the same for all
CORES = 2
#: the unit tree for the peers: organisation, unit as registered, and each group it belongs to
TREE = "tree.parquet"
FILES = "responses/period=*/*.parquet"
ALL = "*"


@contextmanager
def timed(told: dict[str, float], name: str = "seconds") -> Iterator[None]:
    """Add up the seconds that a piece takes under a name."""
    started = monotonic()
    yield
    told[name] = told.get(name, 0.0) + monotonic() - started
