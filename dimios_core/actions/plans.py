"""Plans that organisations make after a measurement: their own, or a unit's; stored. Restricted.

A row is one thing to be done. It names people, and goes to the organisation's own results only.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dimios_core.actions.plan_files import ABSENT, PLAN_COLUMNS, read_plan
from dimios_core.actions.worksheet import write_worksheet, write_worksheet_csv
from dimios_core.instrument import Instrument
from dimios_core.locks import holding
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import Transaction, finish_committed

FOLDER = "plans"
FILE = "plans.parquet"

__all__ = [
    "PLAN_COLUMNS",
    "add_plan",
    "load_plans",
    "read_plan",
    "write_worksheet",
    "write_worksheet_csv",
]


def load_plans(outputs: Path) -> pd.DataFrame:
    """Return all stored plans, by organisation and period; an empty frame where there are none.

    Returns
    -------
    pandas.DataFrame
        `PLAN_COLUMNS`, all text ("" = not given); within a plan in the order of its worksheet. What was stored before
        there were kinds, units, progress and consent has none, and no consent.
    """
    finish_committed(outputs / FOLDER)
    path = outputs / FOLDER / FILE
    if not path.is_file():
        return pd.DataFrame(columns=list(PLAN_COLUMNS)).astype("str")
    stored = pd.read_parquet(path)
    absent = {c: ABSENT.get(c, "") for c in PLAN_COLUMNS if c not in stored}
    return stored.assign(**absent)[list(PLAN_COLUMNS)].astype("str")


@holding("dimios plan add")
def add_plan(path: Path, outputs: Path, register: Register, instrument: Instrument) -> pd.DataFrame:
    """Read a worksheet and store its plan; it replaces the organisation's plan of the same period.

    Returns
    -------
    pandas.DataFrame
        The plan, as `read_plan`.

    Raises
    ------
    InputError
        A fault in the file; nothing is stored then.
    """
    plan = read_plan(path, register, instrument)
    organisation, period = plan.loc[0, ["organisation", "period"]]
    stored = load_plans(outputs)
    kept = stored[(stored["organisation"] != organisation) | (stored["period"] != period)]
    frame = pd.concat([kept, plan], ignore_index=True).sort_values(
        ["organisation", "period"], kind="stable", ignore_index=True
    )
    if not frame.equals(stored):
        with Transaction(outputs / FOLDER) as transaction:
            frame.to_parquet(transaction.stage(FILE), index=False, compression="zstd")
            transaction.commit()
    return plan
