"""What is measured of reading files, one at a time: `python -m tests.benchmarks.file_runs NAME FILE TOLD`.

The peers load a file and take the mean of every question, and nothing else: no checks, no pseudonyms, nothing stored. TOLD gets
the means, in the order of the columns. Start-up and imports count for all alike.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: columns before the questions: who, where, when
FIELDS = ("ID", "Kommun", "Mätning")


def _means(frame: pd.DataFrame) -> list[float]:
    return frame.iloc[:, len(FIELDS) :].mean().tolist()


def excel_by_calamine(file: Path) -> list[float]:
    import pandas as pd

    return _means(pd.read_excel(file, engine="calamine"))


def excel_by_openpyxl(file: Path) -> list[float]:
    import pandas as pd

    return _means(pd.read_excel(file, engine="openpyxl"))


def spss_by_pyreadstat(file: Path) -> list[float]:
    import pyreadstat

    return _means(pyreadstat.read_sav(file)[0])


def csv_by_pandas(file: Path) -> list[float]:
    import pandas as pd

    return _means(pd.read_csv(file, sep=";"))


RUNS: dict[str, Callable[[Path], list[float]]] = {
    "pandas, calamine": excel_by_calamine,
    "pandas, openpyxl": excel_by_openpyxl,
    "pyreadstat": spss_by_pyreadstat,
    "pandas": csv_by_pandas,
}


if __name__ == "__main__":
    name, file, told = sys.argv[1:]
    Path(told).write_text(json.dumps(RUNS[name](Path(file))), encoding="utf-8")
