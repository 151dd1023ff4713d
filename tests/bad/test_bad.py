"""One file per fault: each is refused with exit code 2, says where and how to mend it, and stores nothing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import FILES, SETUP, Place


@dataclass(frozen=True)
class Fault:
    """A faulty file, what its message has to say (place, fault, remedy), and the mapping it is read with."""

    file: str
    says: tuple[str, ...]
    mapping: str = "wide"


EXPORTS = [
    Fault("wrong_encoding.csv", ("line 1", "not in the encoding", "utf-8", "encoding: auto"), "utf8"),
    Fault("undecodable.csv", ("line 3", "neither UTF-8 nor Windows-1252", "CSV UTF-8")),
    Fault("missing_column.csv", ("column “Enhet” is missing", "columns:")),
    Fault("misspelt_column.csv", ("“Vi arbetar” is missing", "did you mean “Vi arbeter”")),
    Fault("missing_item_column.csv", ("“Vi lär” is missing", "add it to the file")),
    Fault(
        "duplicate_column.csv",
        ("rows 2, 3", "column Vi planerar", "answered in more than one column", "map each"),
    ),
    Fault("duplicate_role.csv", ("column Roll", "there 2 times", "keep one")),
    Fault(
        "unknown_answer_label.csv",
        ("row 3, column Vi planerar", "“Instämer helt”", "instämmer helt", "answers:"),
    ),
    Fault("unknown_role.csv", ("row 3, column Roll", "“Cheffer”", "did you mean “Chefer”", "values:")),
    Fault(
        "unknown_organisation.csv",
        ("row 4, column Organisation", "“Region Bärga”", "“Region Berga”", "register"),
    ),
    Fault("unknown_unit.csv", ("row 3, column Enhet", "no unit “homecare”", "home-care", "--units")),
    Fault(
        "unit_of_another_organisation.csv", ("row 4, column Enhet", "berga has no unit “Vård”", "unit tree")
    ),
    Fault("ambiguous_unit.csv", ("row 3, column Enhet", "more than one unit called “Kansli”", "unit's id")),
    Fault("empty_organisation.csv", ("row 4, column Organisation", "is empty", "fill in")),
    Fault(
        "path_organisation.csv",
        ("row 4, column Organisation", "“../../etc” is not in the register", "correct it"),
    ),
    Fault("answer_above_scale.csv", ("row 3, column Vi lär", "“7” is outside the scale 1-5", "correct it")),
    Fault("answer_below_scale.csv", ("row 3, column Vi lär", "“0” is outside the scale 1-5", "correct it")),
    Fault("answer_negative.csv", ("row 3, column Vi lär", "“-1” is outside the scale 1-5", "correct it")),
    Fault("answer_between_steps.csv", ("row 3, column Vi lär", "“3,5” lies between", "step")),
    Fault("answer_not_a_number.csv", ("row 3, column Vi lär", "“nan” is not understood", "answers:")),
    Fault("duplicate_respondent.csv", ("rows 2, 3, column Svars-ID", "more than once", "lindby", "keep one")),
    Fault("empty_respondent.csv", ("row 3, column Svars-ID", "respondent is empty", "fill in")),
    Fault("bad_period.csv", ("row 3, column Mätning", "“2026-3” is no period", "2026-1")),
    Fault("empty_period.csv", ("row 3, column Mätning", "period is empty", "write the year")),
    Fault("date_as_period.csv", ("row 3, column Mätning", "no period", "write the year")),
    Fault("mixed_periods.csv", ("organisation lindby", "2026", "year and as a half", "one kind of period")),
    Fault("empty.csv", ("the file is empty", "export")),
    Fault("blank_lines_only.csv", ("the file is empty", "export")),
    Fault("header_only.csv", ("no rows under the header", "export it again")),
    Fault("two_header_rows.csv", ("row 2", "second row of column names", "skip_after_header: 1")),
    Fault("header_below_title.csv", ("row 1", "names are in row 2", "header_row: 2")),
    Fault("ragged_rows.csv", ("row 3", "9 cells where the header has 8", "double quotes")),
    Fault("unclosed_quote.csv", ("row 3", "double quote is opened and never closed", "mend the row")),
    Fault("wrong_delimiter.csv", ("row 1", "only one column", "delimiter")),
    Fault("binary.csv", ("line 5", "binary content", "export the answers again")),
    Fault("web_page.csv", ("a web page", "export the answers again")),
    Fault("unknown_suffix.json", (".json are not read", "CSV, XLSX or SPSS")),
    Fault("text_called_xlsx.xlsx", ("no Excel workbook", "export the answers again")),
    Fault("text_called_sav.sav", ("no SPSS data file", "export the answers again")),
    Fault("all_missing.csv", ("no row with an answer", "right file")),
    Fault("negative_weight.csv", ("row 3, column Vikt", "“-1” is no positive number", "mend"), "weighted"),
    Fault("zero_weight.csv", ("row 3, column Vikt", "“0” is no positive number", "mend"), "weighted"),
    Fault("weight_not_a_number.csv", ("row 3, column Vikt", "“tung”", "mend"), "weighted"),
    Fault("empty_weight.csv", ("row 3, column Vikt", "no positive number", "mend"), "weighted"),
    Fault("bad_time.csv", ("row 3, column Tid", "“1/3 2026” is no time", "2026-03-31"), "weighted"),
    Fault("bad_start.csv", ("row 3, column Påbörjad", "“kl. 9” is no time", "2026-03-31"), "timed"),
    Fault(
        "start_after_answer.csv",
        ("row 3, column Påbörjad", "begun after it was answered (column Slutförd)", "correct the times"),
        "timed",
    ),
    Fault("long_duplicate_answer.csv", ("rows 2, 3, column Svars-ID", "item plan", "keep one"), "long"),
    Fault("long_two_units.csv", ("rows 2, 3, column Svars-ID", "in two units", "same one"), "long"),
    Fault("long_two_roles.csv", ("rows 2, 3, column Svars-ID", "in two roles", "same one"), "long"),
    Fault(
        "long_unknown_item.csv", ("row 3, column Fråga", "“Vi planera”", "“Vi planerar”", "items:"), "long"
    ),
    Fault(
        "long_two_header_rows.csv", ("row 2", "second row of column names", "skip_after_header: 1"), "long"
    ),
    Fault(
        "personal_data_in_role.csv", ("row 3, column Roll", "not shown: it may identify a person", "values:")
    ),
]

MAPPINGS = [
    Fault(
        "mapping_unknown_item.yaml",
        ("items, “Vi arbetar”", "no item “wrok”", "did you mean “work”", "item id"),
    ),
    Fault(
        "mapping_unknown_role.yaml", ("columns, role", "no role “politician”", "“politicians”", "use one of")
    ),
    Fault("mapping_label_off_scale.yaml", ("“Instämmer helt”", "9 is on no scale", "instrument's scale")),
    Fault("mapping_misspelt_setting.yaml", ("line 13", "mising", "did you mean “missing”", "spelling")),
    Fault("mapping_missing_period.yaml", ("line 3", "`columns.period` is missing", "add it")),
    Fault("mapping_label_twice.yaml", ("“instämmer helt” has two meanings", "keep it in one")),
    Fault("mapping_broken.yaml", ("line", "not valid YAML", "mend the line")),
    Fault("mapping_duplicate_key.yaml", ("line 14", "the key 'items' is given twice", "remove one")),
    Fault("mapping_bad_period.yaml", ("line 5", "“26” is no period", "write the year")),
]

REGISTERS = [
    Fault("register_leaves_the_folder.csv", ("row 3, column id", "“../../x” cannot be an identifier", "a-z")),
    Fault(
        "register_upper_case_id.csv", ("row 3, column id", "“Berga” cannot be an identifier", "lower-case")
    ),
    Fault("register_duplicate_id.csv", ("row 3, column id", "also in row 2", "keep one")),
    Fault("register_duplicate_name.csv", ("row 3, column namn", "also in row 2", "keep one")),
    Fault("register_low_threshold.csv", ("row 3, column tröskel", "“4” is no whole number from 5", "mend")),
    Fault(
        "register_unknown_type.csv", ("row 2, column typ", "“komun”", "did you mean “kommun”", "use one of")
    ),
    Fault("register_unknown_county.csv", ("row 2, column län", "“99” is no county code", "two digits")),
    Fault("register_missing_column.csv", ("delning / sharing is missing", "add it")),
    Fault("register_lost_organisation.csv", ("lindby", "no longer in the register", "keep it")),
    Fault("units_unknown_parent.csv", ("row 3, column överordnad", "“caer” is no unit of lindby", "“care”")),
    Fault("units_circle.csv", ("row 2, column överordnad", "in a circle", "mend the tree")),
    Fault(
        "units_unknown_organisation.csv", ("row 4, column organisation", "“lindbi”", "“lindby”", "register")
    ),
    Fault("units_twice.csv", ("row 4, column enhet", "also in row 2", "keep one")),
    Fault("invited_unknown_role.csv", ("row 2, column roll", "no role “chiefs”", "use one of")),
    Fault("invited_not_a_number.csv", ("row 2, column inbjudna", "“tio” is no whole number", "mend")),
    Fault("invited_unknown_unit.csv", ("row 2, column enhet", "“caer” is no unit of lindby", "“care”")),
    Fault("invited_twice.csv", ("row 3, column inbjudna", "also in row 2", "keep one")),
    Fault("invited_mixed_periods.csv", ("organisation lindby", "year and as a half", "one kind")),
]


def _check(place: Place, fault: Fault, code: int, said: str, before: dict[str, bytes]) -> None:
    assert code == 2, said
    for words in (fault.file, *fault.says) if fault.file.endswith(".csv") else fault.says:
        assert words in said, said
    assert "→" in said, "the message has no remedy"
    assert "Traceback" not in said
    assert place.contents() == before


@pytest.mark.parametrize("fault", EXPORTS, ids=lambda fault: fault.file)
def test_a_faulty_export_is_refused(place: Place, fault: Fault) -> None:
    before = place.contents()
    ended = place.ingest(FILES / fault.file, fault.mapping)
    _check(place, fault, ended.code, ended.said, before)


@pytest.mark.parametrize("fault", MAPPINGS, ids=lambda fault: fault.file)
def test_a_faulty_mapping_is_refused(place: Place, fault: Fault) -> None:
    before = place.contents()
    ended = place.ingest(SETUP / "good.csv", FILES / fault.file)
    _check(place, fault, ended.code, ended.said, before)


@pytest.mark.parametrize("fault", REGISTERS, ids=lambda fault: fault.file)
def test_a_faulty_register_is_refused(place: Place, fault: Fault) -> None:
    before = place.contents()
    table = {"register": "--organisations", "units": "--units", "invited": "--invited"}[
        fault.file.split("_")[0]
    ]
    ended = place.command(
        "register", table, str(FILES / fault.file), "--instrument", str(SETUP / "instrument.yaml")
    )
    lost = fault.file == "register_lost_organisation.csv"  # its fault lies in what is stored, not in the file
    _check(place, fault, ended.code, ended.said + (fault.file if lost else ""), before)


def test_every_faulty_file_is_tested() -> None:
    tested = {fault.file for fault in EXPORTS + MAPPINGS + REGISTERS}
    assert tested == {path.name for path in FILES.iterdir()}


def test_the_good_file_is_taken(place: Place) -> None:
    """The faults above are the only thing wrong with their files."""
    ended = place.ingest(SETUP / "good.csv")
    assert ended.code == 0, ended.said
    assert (place.outputs / "responses" / "period=2026" / "lindby.parquet").is_file()


def test_personal_data_is_not_repeated_in_the_message(place: Place) -> None:
    said = place.ingest(FILES / "personal_data_in_role.csv").said
    assert "anna" not in said


@pytest.mark.usefixtures("heavy")
def test_an_empty_register_is_told(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    process = subprocess.run(
        [
            sys.executable,
            "-m",
            "dimios_core",
            "ingest",
            SETUP / "good.csv",
            "--mapping",
            SETUP / "wide.yaml",
            "--instrument",
            SETUP / "instrument.yaml",
            "--outputs",
            elsewhere,
            "--key-file",
            tmp_path / "other.key",
        ],
        capture_output=True,
        text=True,
    )
    assert process.returncode == 2
    assert "dimios register --organisations" in process.stderr
    assert not elsewhere.exists()
