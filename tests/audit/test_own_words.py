"""Numbers in what an organisation wrote itself are its own; those in nobody's table are still told."""

from __future__ import annotations

import pandas as pd

from dimios_core.audit.reading import PublishedNumbers, _tables
from dimios_core.published.writing import write_parquet


def test_numbers_of_own_conclusions_are_known_and_no_others(tmp_path):
    rows = [
        {
            "period": "2026",
            "written_by": "Vi 11,5",
            "date": "2026-01-01",
            "text": "Vi når 61,5 % och 3,25 till.",
        }
    ]
    write_parquet(pd.DataFrame(rows).astype("str"), tmp_path / "conclusions.parquet")
    plans = [{"period": "2026", "what": "Nå 77,7 %"}]
    write_parquet(pd.DataFrame(plans).astype("str"), tmp_path / "plans.parquet")
    known = PublishedNumbers(_tables(tmp_path), {})
    assert known.hold("61.5") and known.hold("3.25")
    assert not known.hold("61.6") and not known.hold("77.7") and not known.hold("11.5")
