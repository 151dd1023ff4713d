"""Response rates by unit and role, and which of them may be published (method 3 and 5)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, INVITED_MIN, NON_ANSWERERS_MIN, UNKNOWN_ROLE, band_of
from dimios_core.published.status import Status
from dimios_core.results.disclosure.pattern import suppress
from dimios_core.results.scoring.groups import Block, UnitTree, build_block


def invited_by_group(
    block: Block, tree: UnitTree, invited: pd.DataFrame
) -> tuple[Block, np.ndarray, dict[tuple[str, str], int]]:
    """Lay out the invited as groups of their own: the frame, invited per atom, and invited per (unit, role)."""
    unit, role = invited["unit"].to_numpy(object), invited["role"].to_numpy(object)
    frame = build_block(block.period, block.organisation, block.threshold, tree, unit, role)
    per_atom = np.bincount(frame.atom_of, invited["invited"].to_numpy(float), len(frame.atoms)).astype(int)
    keys = zip(frame.unit, frame.role, strict=True)
    return frame, per_atom, dict(zip(keys, (frame.rows @ per_atom).tolist(), strict=True))


def _count_people(block: Block, frame: Block) -> dict[tuple[str, str], int]:
    """Respondents per atom of the frame; roles are put together where invitations have none."""
    by_role = any(role != UNKNOWN_ROLE for _, role in frame.atoms)
    counted: dict[tuple[str, str], int] = {}
    for (leaf, role), n in zip(
        block.atoms, np.bincount(block.atom_of, minlength=len(block.atoms)), strict=True
    ):
        atom = (leaf, role if by_role else UNKNOWN_ROLE)
        counted[atom] = counted.get(atom, 0) + int(n)
    return counted


def compute_rates(block: Block, tree: UnitTree, invited: pd.DataFrame) -> pd.DataFrame:
    """Response rates of one organisation and period, after disclosure control.

    Published only where at least five were invited and non-answerers are none or at least three, for the
    group and for every union that can be worked out from the groups published together.

    Parameters
    ----------
    block : Block
        Who answered.
    tree : UnitTree
    invited : DataFrame
        Columns unit, role (str; "" and "unknown" as in the register), invited (int), of this organisation
        and period. Empty: no rates.

    Returns
    -------
    DataFrame
        unit, role, status, invited, answered (Int64, null where not published), rate (share 0-1, three
        decimals), band. Where people answered in a place where too few were invited, only the whole is
        published and the rest is `incomplete`. A unit of the register where nobody was asked this time, such as one that
        is gone or not there yet, is `no_answers`.
    """
    columns = ["unit", "role", "status", "invited", "answered", "rate", "band"]
    if invited.empty:
        return pd.DataFrame(columns=columns)
    frame, invited_n, _ = invited_by_group(block, tree, invited)
    people = _count_people(block, frame)
    silent_n = np.array([n - people.pop(a, 0) for a, n in zip(frame.atoms, invited_n, strict=True)])
    group_invited, silent = frame.rows @ invited_n, frame.rows @ silent_n
    # somebody answered in a place where nobody, or too few, were invited: only the whole adds up then
    if people or (silent_n < 0).any():
        whole = np.array([(u, r) == (ALL, ALL) for u, r in zip(frame.unit, frame.role, strict=True)])
        silent = np.where(whole, silent - sum(people.values()), -1)
        # the other groups are unknown to everybody, so they stand for no one
        frame_rows, silent_n = whole[:, None], np.maximum(silent[whole], 0)
    else:
        frame_rows = frame.rows
    plausible = silent >= 0
    allowed = plausible & (group_invited >= INVITED_MIN) & ((silent == 0) | (silent >= NON_ANSWERERS_MIN))
    hidden = plausible & ~allowed
    kept = suppress(frame_rows, silent_n, allowed, frame.worth, NON_ANSWERERS_MIN, protected=hidden)
    group_answered = group_invited - silent

    status = np.where(kept, Status.PUBLISHED, Status.SUPPRESSED_COMPLEMENT)
    status[plausible & ~allowed] = Status.SUPPRESSED_SMALL
    status[plausible & (group_invited == 0)] = Status.NO_ANSWERS
    status[~plausible] = Status.INCOMPLETE
    share = np.where(kept, group_answered / np.maximum(group_invited, 1), np.nan)
    return pd.DataFrame(
        {
            "unit": frame.unit,
            "role": frame.role,
            "status": [Status(s).label for s in status],
            "invited": pd.array(np.where(kept, group_invited, 0), "Int64"),
            "answered": pd.array(np.where(kept, group_answered, 0), "Int64"),
            "rate": np.round(share, 3),
            "band": [band_of(s) if k else "" for s, k in zip(share, kept, strict=True)],
        },
        columns=columns,
    ).assign(invited=lambda f: f["invited"].mask(~kept), answered=lambda f: f["answered"].mask(~kept))
