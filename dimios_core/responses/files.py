"""Open any file of answers or register rows by what it is, not by what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.responses.csv_files import CsvTable
from dimios_core.responses.sav_files import SavTable
from dimios_core.responses.source_tables import FileOptions, SourceTable
from dimios_core.responses.workbooks import PROTECTED, WorkbookTable

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPSS = (b"$FL2", b"$FL3")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: where the directory of an OLE file is looked for
OLE_SEARCHED_BYTES = 4 * 2**20
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv", ".tab")
SPSS_SUFFIXES = (".sav", ".zsav")
_AGAIN = "export the answers again as CSV, XLSX or SPSS .sav"


def open_table(
    path: Path,
    options: FileOptions | None = None,
    expected: Sequence[str] = (),
    answers: Sequence[str] = (),
) -> SourceTable:
    """Open a text table, a workbook or an SPSS file.

    Parameters
    ----------
    path : pathlib.Path
    options : FileOptions, optional
    expected : sequence of str
        Column names that the file should have; they help to find the delimiter of a text file, and a workbook's sheet.
    answers : sequence of str
        Those of them that hold answers.

    Returns
    -------
    SourceTable

    Raises
    ------
    InputError
        The file is missing, empty, damaged, of another kind than its name says, or cannot be a table.
    """
    options = options or FileOptions()
    suffix = path.suffix.lower()
    if not path.is_file():
        raise _fault(path, "there is no such file", "check the name and the folder")
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise _fault(path, "the file cannot be opened", "check its permissions") from error
    if not start:
        raise _fault(path, "the file is empty", _AGAIN)
    if start.startswith(OLE):
        raise _ole_fault(path)
    if start.startswith(ZIP):
        if suffix not in WORKBOOK_SUFFIXES:
            raise _fault(
                path,
                f"the file is called {suffix or 'nothing'} but holds a workbook or a zip archive",
                "if it is an Excel workbook, give it the name .xlsx; an archive has to be unpacked",
            )
        return WorkbookTable(path, options, expected)
    if start.startswith(SPSS):
        if suffix not in SPSS_SUFFIXES:
            raise _fault(path, f"the file is called {suffix} but holds SPSS data", "give it the name .sav")
        return SavTable(path, options, answers)
    if suffix in WORKBOOK_SUFFIXES:
        raise _fault(path, f"the file is called {suffix} but is no Excel workbook", _AGAIN)
    if suffix in SPSS_SUFFIXES:
        raise _fault(path, "the file is called .sav but is no SPSS data file", _AGAIN)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise _fault(path, "the file is a web page or XML, not a table", _AGAIN)
    if suffix not in TEXT_SUFFIXES:
        raise _fault(path, f"files called {suffix or 'nothing'} are not read", _AGAIN)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        whole = start if len(start) < 512 else b"x"
        if not whole.strip(b"\xef\xbb\xbf \t\r\n"):
            raise _fault(path, "the file is empty", _AGAIN)
    return CsvTable(path, options, expected)


def _ole_fault(path: Path) -> InputError:
    with path.open("rb") as file:
        encrypted = ENCRYPTED in file.read(OLE_SEARCHED_BYTES)
    if encrypted or path.suffix.lower() in WORKBOOK_SUFFIXES:
        return _fault(path, *PROTECTED)
    return _fault(
        path, "the workbook is in the old .xls format", "open it in a spreadsheet and save it as .xlsx"
    )


def _fault(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(path.name, what, remedy))
