"""Write the rows that were not stored beside the file, with the reasons, for the sender to mend."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from dimios_core.replacing import replacing
from dimios_core.responses.source_tables import SourceTable


def write_rejected(table: SourceTable, reasons: dict[int, list[str]]) -> Path:
    """Write `<file>.rejected.csv`: row number, reasons, and the row as it was.

    The file is read a second time for it, so that nothing of the good rows is held. It holds
    respondents' own rows: its owner alone can read it.

    Parameters
    ----------
    reasons : dict of int to list of str
        What is wrong, by row number.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InputError
        The file cannot be written.
    """
    path = table.path.with_name(f"{table.path.name}.rejected.csv")
    try:
        with replacing(path, private=True) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            writer = csv.writer(text, delimiter=";")
            writer.writerow(["row", "reason", *table.header])
            for row, cells in _rows(table, reasons):
                writer.writerow([row, " | ".join(reasons[row]), *cells])
            text.detach()  # the file is still to be put on the disk
    except OSError as error:
        raise table.fail(
            f"the rejected rows cannot be written beside the file ({error.strerror or type(error).__name__}), so nothing is stored",
            "put the file into a folder that you may write to",
        ) from error
    return path


def _rows(table: SourceTable, wanted: dict[int, list[str]]) -> Iterator[tuple[int, list[str]]]:
    for batch in table.batches(range(len(table.header))):
        at = [i for i, row in enumerate(batch.rows.tolist()) if row in wanted]
        carried = {int(batch.rows[i]): [column[i].as_py() or "" for column in batch.columns] for i in at}
        torn = {f.row: list(f.cells) for f in batch.faults if f.cells is not None and f.row in wanted}
        yield from sorted({**carried, **torn}.items())
