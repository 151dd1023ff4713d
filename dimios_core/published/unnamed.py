"""What is told of organisations whose name may not be: enough of them always come into question (method 5)."""

from __future__ import annotations

import pandas as pd

#: organisations that somebody unnamed must be one of
ALIKE_MIN = 5
#: what an unnamed organisation is called, by type, in Swedish
UNNAMED = {"municipality": "Kommun X", "region": "Region X", "agency": "Myndighet X", "company": "Bolag X"}
UNNAMED_OTHER = "Organisation X"
#: what is told of an unnamed organisation, the most telling first
TOLD = (("type", "size", "county"), ("type", "size"), ("type",), ())


def describe_unnamed(people: pd.DataFrame) -> dict[str, dict[str, str] | None]:
    """Say what may be told of each organisation when its name may not.

    At least five organisations always come into question: all that would be described in the same words. Those whose
    type, size and county five share are described by all three; of the rest, by type and size where five remain
    that share them; then by type; then by nothing.

    Returns
    -------
    dict
        Organisation -> type, size, county ("" where not told); None where fewer than five would be described alike.
    """
    told: dict[str, dict[str, str] | None] = dict.fromkeys(people["id"])
    left = people
    for columns in TOLD:
        if left.empty:
            break
        if columns:
            alike = left.groupby(list(columns))["id"].transform("size") >= ALIKE_MIN
        else:
            alike = pd.Series(len(left) >= ALIKE_MIN, index=left.index)
        for row in left[alike].to_dict("records"):
            told[row["id"]] = {c: row[c] if c in columns else "" for c in ("type", "size", "county")}
        left = left[~alike]
    return told
