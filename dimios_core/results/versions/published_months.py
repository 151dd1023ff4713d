"""In which month each measurement of an organisation was first published, as the ledger tells. Restricted."""

from __future__ import annotations

import json
from pathlib import Path

from dimios_core.places import LEDGER, RELEASES


def read_published_months(outputs: Path, organisation: str) -> dict[str, str]:
    """Read the months.

    Returns
    -------
    dict
        Period -> month (YYYY-MM, UTC) of its first release; empty where nothing of the organisation has been published.
    """
    path = outputs / LEDGER / RELEASES
    months: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        release = json.loads(line)
        for name in release["new_versions"]:
            whose, _, period = name.rpartition(" ")
            if whose == organisation:
                months.setdefault(period, release["released_at"][:7])
    return months
