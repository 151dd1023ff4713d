"""What is measured of scoring, one at a time: `python -m tests.benchmarks.scoring_runs NAME OUTPUTS TOLD [RESULT]`.

TOLD gets the seconds of the work itself, start-up of Python and imports left out for all alike, and RESULT, where
it is given, the group means (Parquet). Everybody works on `CORES` cores.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq

PEERS = ("DuckDB", "polars", "numpy bincount")
#: of the project, those that make the same group means
MEANS = ("dimios means", "dimios estimates")
OWN = (*MEANS, "dimios gate", "dimios audit")


def main(name: str, outputs: str, told_to: str, result: str | None = None) -> None:
    """Run one, and write what it tells. A peer's process does not load the project, nor the other way round."""
    if name in PEERS:
        from tests.benchmarks.scoring_peers import RUNS
    else:
        from tests.benchmarks.scoring_own import RUNS
    told: dict[str, float] = {}
    table = RUNS[name](Path(outputs), told)
    Path(told_to).write_text(json.dumps(told), encoding="utf-8")
    if result is not None and table is not None:
        pq.write_table(table, result)


if __name__ == "__main__":
    main(*sys.argv[1:])
