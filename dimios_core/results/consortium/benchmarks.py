"""Peer groups: the fixed list, which of them may be published, their means and quartiles (method 4 and 5).

Only organisations with a complete result, every point of it published, enter benchmarks. All keys of a
period then rest on the same organisations, so that no organisation's figures follow from the difference
between two keys' means (docs/decisions/0004-benchmarks-of-complete-results.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import GROUP_MIN, PEERS_MIN, QUARTILES_MIN
from dimios_core.results.disclosure.recoverable import RowSpace

#: what is given up first when two groups give organisations away
WORTH = {"type-size": 0, "county": 1, "size": 2, "type": 3, "all": 4}


@dataclass(frozen=True)
class PeerGroup:
    """One group of the fixed list: all, a type, a county, a size class, a type × size."""

    id: str
    kind: str
    type: str = ""
    county: str = ""
    size: str = ""


def list_peer_groups(organisations: pd.DataFrame) -> list[tuple[PeerGroup, np.ndarray]]:
    """List every peer group with its members.

    Parameters
    ----------
    organisations : DataFrame
        Columns type, county, size (str, "" = none), one row an organisation.

    Returns
    -------
    list of (PeerGroup, bool array (organisations,))
        In a fixed order: all, types, sizes, types × sizes, counties.
    """
    found = [(PeerGroup("all", "all"), np.ones(len(organisations), bool))]
    for kind, fields in (
        ("type", ["type"]),
        ("size", ["size"]),
        ("type-size", ["type", "size"]),
        ("county", ["county"]),
    ):
        values = organisations[fields].astype(str)
        for combination in sorted(set(values[(values != "").all(axis=1)].itertuples(index=False, name=None))):
            members = (values == list(combination)).all(axis=1).to_numpy()
            group = PeerGroup(
                f"{kind}:{'-'.join(combination)}", kind, **dict(zip(fields, combination, strict=True))
            )
            found.append((group, members))
    return found


def publishable_groups(rows: np.ndarray, worth: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Decide which group means may be published together.

    No reader, knowing her own organisation and those shown by name, may work out the sum of one to four
    others; the row-space check runs with each organisation in turn as the reader.

    Parameters
    ----------
    rows : bool array (groups, organisations)
        Members with a complete result in the period.
    worth : float array (groups,)
        The least worth is given up first.
    shown : bool array (organisations,)
        Organisations whose own figures are public.

    Returns
    -------
    bool array (groups,)
    """
    published = rows.sum(axis=1) >= GROUP_MIN
    # two organisations that belong to the same groups, and are both hidden, see the same
    readers = np.unique(rows.T, axis=0, return_index=True)[1]
    while True:
        for reader in readers:
            unknown = (~shown).astype(int)
            unknown[reader] = 0
            space = RowSpace(rows[published], unknown)
            union = next(space.small_unions(PEERS_MIN), None)
            if union is not None:
                involved = np.flatnonzero(published)[np.abs(space.combination(union)) > 1e-6]
                published[min(involved, key=lambda g: (worth[g], rows[g].sum(), g))] = False
                break
        else:
            return published


def summarise_group(scores_pct: np.ndarray) -> dict[str, np.ndarray]:
    """Mean and quartiles (R type 7) of organisations' scores; quartiles only from twelve organisations.

    Parameters
    ----------
    scores_pct : float array (organisations, keys)

    Returns
    -------
    dict
        mean, q1, median, q3: arrays (keys,); NaN where not published.
    """
    quartiles = (
        np.quantile(scores_pct, [0.25, 0.5, 0.75], axis=0, method="linear")
        if len(scores_pct) >= QUARTILES_MIN
        else np.full((3, scores_pct.shape[1]), np.nan)
    )
    return {"mean": scores_pct.mean(axis=0), "q1": quartiles[0], "median": quartiles[1], "q3": quartiles[2]}
