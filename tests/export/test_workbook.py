"""The workbook: every number in it is a published one, in its own place, and what is not shown says why."""

from __future__ import annotations

import getpass
import json
import re
import socket
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.export.command import find_export
from tests.office.libreoffice import convert_with_office

CASES = [("almvik", "sv"), ("almvik", "en"), ("vintersjo", "sv")]
#: sheets by position, as both languages order them
SHEETS = ("guide", "charts", "scores", "changes", "gaps", "dont_know", "rates")
HEADER_ROW = 4
NAMES = {
    "sv": ("Läs först", "Diagram", "Resultat", "Förändringar", "Jämförelse", "Vet ej", "Svarsfrekvens"),
    "en": ("Read first", "Charts", "Results", "Changes", "Comparison", "Don't know", "Response rates"),
}
SHOWN = {"sv": "visas", "en": "shown"}
DEMO = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}
MATURITY = {"sv": "Digital mognad", "en": "Digital maturity"}
#: of each table: the published file, its columns of figures, and where they stand in the sheet
FIGURES = {
    "scores": ("scores", ["score", "ci_low", "ci_high", "n", "n_points"], [6, 7, 8, 10, 11]),
    "changes": ("changes", ["change", "ci_low", "ci_high", "detectable", "n"], [7, 8, 9, 11, 12]),
    "gaps": ("gaps", ["peers_n", "benchmark", "gap", "ci_low", "ci_high", "detectable"], [2, 7, 8, 9, 10, 12]),
    "dont_know": ("scores", ["dont_know_share", "n"], [3, 4]),
    "rates": ("response_rates", ["rate", "answered", "invited"], [3, 4, 5]),
}  # fmt: skip
#: the first figure of a row, which gives way to the reason
MAIN = {"scores": 6, "changes": 7, "gaps": 7, "dont_know": 3, "rates": 3}
REASONS = {
    "sv": {"suppressed_small": "färre än {} svar, visas inte", "suppressed_complement": "visas inte, för att skydda enskilda",
           "incomplete": "för få svar på de flesta frågorna", "no_answers": "inga svar"},
    "en": {"suppressed_small": "fewer than {} answers, not shown", "suppressed_complement": "not shown, to protect individuals",
           "incomplete": "too few answers to most of the questions", "no_answers": "no answers"},
}  # fmt: skip


@pytest.fixture(params=CASES, ids="-".join)
def case(request, outputs):
    organisation, language = request.param
    book = openpyxl.load_workbook(find_export(outputs, organisation, "xlsx", language))
    return outputs / "results", organisation, language, dict(zip(SHEETS, book.worksheets, strict=True))


def table_rows(sheet: Worksheet) -> list[tuple]:
    if not sheet.tables:
        return []
    return list(sheet.iter_rows(min_row=HEADER_ROW + 1, max_row=sheet.max_row, values_only=True))


def published(results: Path, organisation: str, table: str) -> pd.DataFrame:
    frame = pd.read_parquet(results / f"organisation={organisation}" / f"{table}.parquet")
    if "unit" in frame:
        frame = frame[(frame["unit"] == "*") | (frame["role"] == "*")]
    frame = frame[frame["level"] != "item"] if "level" in frame else frame
    # a group of which nothing is published has one row, that of maturity
    of = [c for c in ("period", "unit", "role", "group") if c in frame]
    told = frame["status"].eq("published").groupby([frame[c] for c in of]).transform("any")
    return frame[told | frame["level"].eq("maturity")] if "level" in frame else frame


def names_of(results: Path, organisation: str, language: str) -> dict[tuple[str, str], str]:
    """Names of keys by (level, key), and of groups by (unit, role), as the register and the model have them."""
    model = json.loads((results / "public" / "instrument.json").read_text(encoding="utf-8"))
    profile = json.loads(
        (results / f"organisation={organisation}" / "organisation.json").read_text(encoding="utf-8")
    )
    names = {("maturity", "maturity"): MATURITY[language]}
    for level, entries in (("dimension", "dimensions"), ("category", "categories"), ("point", "points")):
        names |= {(level, e["id"]): e["name"][language] for e in model[entries]}
    names |= {("*", r["id"]): r["name"][language] for r in model["roles"]}
    names |= {(u["id"], "*"): u["name"] for u in profile["units"]}
    whole = {"sv": "Hela organisationen", "en": "The whole organisation"}
    return names | {("*", "*"): whole[language]}


@pytest.mark.parametrize("table", FIGURES)
def test_every_figure_equals_the_published_one(case, table):
    results, organisation, language, sheets = case
    file, columns, places = FIGURES[table]
    frame = published(results, organisation, file)
    if table == "dont_know":
        frame = frame.query("level == 'point' and unit == '*' and role == '*'")
        frame = frame.assign(status=frame["dont_know_status"])  # a pattern of its own
    names = names_of(results, organisation, language)
    rows = table_rows(sheets[table])
    assert len(rows) == len(frame)
    status_at = len(rows[0]) - 1 if rows else 0
    found: dict[tuple, list[tuple]] = {}
    for row in rows:
        if row[status_at] == SHOWN[language]:
            words = tuple(v for i, v in enumerate(row[:status_at]) if isinstance(v, str) and v != "–")
            found.setdefault((row[0], *sorted(words)), []).append(tuple(row[i] for i in places))
    shown = frame[frame["status"] == "published"]
    figures = [v for values in found.values() for v in values]
    assert len(figures) == len(shown)
    for _, r in shown.iterrows():
        parts = [r["period"]]
        if (
            table != "dont_know"
            and "unit" in r
            and not r["unit"].endswith(".direct")
            and r["role"] != "unknown"
        ):
            parts.append(names[r["unit"], r["role"]])
        if "level" in r:
            parts.append(names[r["level"], r["key"]])
        expected = tuple(None if pd.isna(r[c]) else r[c] for c in columns)
        rows_of_it = [v for words, values in found.items() if set(parts) <= set(words) for v in values]
        assert tuple("–" if v is None else v for v in expected) in rows_of_it, parts


@pytest.mark.parametrize("table", FIGURES)
def test_what_is_not_shown_says_why_and_carries_no_figure(case, table):
    results, organisation, language, sheets = case
    frame = published(results, organisation, FIGURES[table][0])
    if table == "dont_know":
        frame = frame.query("level == 'point' and unit == '*' and role == '*'")
        frame = frame.assign(status=frame["dont_know_status"])  # a pattern of its own
    threshold = json.loads(
        (results / f"organisation={organisation}" / "organisation.json").read_text(encoding="utf-8")
    )["threshold"]
    rows = table_rows(sheets[table])
    assert not any(v is None or v == "" for row in rows for v in row)
    hidden = [row for row in rows if row[-1] != SHOWN[language]]
    for row in hidden:
        figures = [row[i] for i in FIGURES[table][2]]
        assert not any(isinstance(v, int | float) for v in figures)
    told = pd.Series([row[MAIN[table]] for row in hidden], dtype=object).value_counts().to_dict()
    counts = frame.loc[frame["status"] != "published", "status"].astype(str).value_counts()
    assert told == {REASONS[language][s].format(threshold): n for s, n in counts.items()}


def test_sheets_are_named_in_the_readers_language_and_none_is_hidden(case):
    _, _, language, sheets = case
    assert tuple(s.title for s in sheets.values()) == NAMES[language]
    assert {s.sheet_state for s in sheets.values()} == {"visible"}


def test_every_sheet_is_labelled_on_screen_and_on_paper(case):
    _, _, language, sheets = case
    for sheet in sheets.values():
        assert sheet["A3"].value == DEMO[language]
        assert DEMO[language] in sheet.oddFooter.left.text


def test_tables_have_header_cells_filters_and_a_frozen_head(case):
    _, organisation, _, sheets = case
    for name in FIGURES:
        sheet = sheets[name]
        if not sheet.tables:
            assert (organisation, name) == ("vintersjo", "changes")  # its first measurement
            continue
        (table,) = sheet.tables.values()
        assert table.ref == sheet.dimensions.replace("A1:", f"A{HEADER_ROW}:")
        assert table.autoFilter is not None and table.headerRowCount != 0
        assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
        assert all(7 < d.width <= 50 for d in sheet.column_dimensions.values())


def test_numbers_show_one_decimal_and_differences_their_sign(case):
    _, _, language, sheets = case
    first = next(
        r for r in sheets["gaps"].iter_rows(min_row=HEADER_ROW + 1) if r[-1].value == SHOWN[language]
    )
    assert first[7].number_format == "0.0"
    assert first[8].number_format == "+0.0;\u22120.0;0.0"
    share = next(
        r for r in sheets["rates"].iter_rows(min_row=HEADER_ROW + 1) if r[-1].value == SHOWN[language]
    )
    assert share[3].number_format == "0.0%"


def test_a_certain_difference_is_bold_and_told_in_words(outputs):
    book = openpyxl.load_workbook(find_export(outputs, "almvik", "xlsx"))
    rows = [r for r in book["Jämförelse"].iter_rows(min_row=HEADER_ROW + 1) if r[-1].value == "visas"]
    certain = [r for r in rows if r[11].value in ("säkerställt över", "säkerställt under")]
    gaps = published(outputs / "results", "almvik", "gaps")
    assert len(certain) == gaps["certainty"].isin(["increase", "decrease"]).sum() > 0
    for row in rows:
        assert bool(row[8].font.b) == (row in certain)


def test_the_first_sheet_explains_every_sheet_and_column(case):
    sheets = case[-1]
    guide = [[v for v in row if v] for row in sheets["guide"].iter_rows(values_only=True)]
    explained = {(row[0], row[1]): row for row in guide if len(row) == 4}
    for name in FIGURES:
        sheet = sheets[name]
        assert any(row[:1] == [sheet.title] for row in guide)
        if not sheet.tables:
            continue
        for cell in sheet[HEADER_ROW]:
            title, _, unit = cell.value.rstrip(")").partition(" (")
            row = explained[sheet.title, title]
            assert row[2] == (unit or "–")
            assert len(row[3]) > 10
    words = {v for row in guide for v in row}
    for row in table_rows(sheets["scores"]):
        assert row[-1] in words
    assert any(
        row[0] in ("Resultatversion", "Results version") and len(row[1]) == 12
        for row in guide
        if len(row) == 2
    )


def test_charts_keep_published_figures_alone_and_are_told_in_words(outputs):
    results = outputs / "results"
    with zipfile.ZipFile(find_export(outputs, "almvik", "xlsx")) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/charts/chart")]
        (drawing,) = [
            archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/drawings/drawing")
        ]
    assert len(charts) == 3
    told = re.findall(r'descr="([^"]+)"', drawing)
    assert len(told) == 3
    assert all("tabellen bredvid" in t and len(t) > 60 for t in told)
    scores, gaps = published(results, "almvik", "scores"), published(results, "almvik", "gaps")
    whole = scores[(scores["unit"] == "*") & (scores["role"] == "*")]
    known = {
        f"{v:.10g}"
        for c in (
            whole["score"],
            whole["ci_low"],
            whole["ci_high"],
            whole["dont_know_share"],
            gaps["benchmark"],
        )
        for v in c.dropna()
    }
    kept = [
        v
        for chart in charts
        for numbers in re.findall(r"<c:val>.*?</c:val>", chart, re.DOTALL)
        for v in re.findall(r"<c:v>([^<]+)</c:v>", numbers)
    ]
    assert len(kept) == 4 * 6 + 3 * 4 + 26
    assert {f"{float(v):.10g}" for v in kept} <= known


def test_a_figure_that_is_not_shown_leaves_its_chart_empty_and_is_remarked_on(outputs):
    sheet = openpyxl.load_workbook(find_export(outputs, "vintersjo", "xlsx"))["Diagram"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    assert rows["Teknik"][1:5] == (None,) * 4
    assert rows["Teknik"][5] == "för få svar på de flesta frågorna"
    # too few have answered for a score, and that many do not know is told all the same
    assert rows["Portföljstyrning"][1] > 0 and not rows["Portföljstyrning"][2]


@pytest.mark.parametrize(("organisation", "language"), CASES)
def test_nothing_in_it_tells_of_the_machine_or_its_user(outputs, organisation, language):
    path = find_export(outputs, organisation, "xlsx", language)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for place in (str(outputs), str(Path.home()), str(Path.cwd())):
        assert not any(place.encode() in part for part in parts.values())
    about = b"".join(part for name, part in parts.items() if name.startswith("docProps/")).decode()
    for name in (getpass.getuser(), socket.gethostname()):
        assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", about)
    properties = openpyxl.load_workbook(path).properties
    assert (properties.creator, properties.lastModifiedBy) == (None, None)
    assert properties.created == properties.modified
    assert properties.created.year == 2000


def test_it_opens_in_libreoffice(outputs, tmp_path):
    path = find_export(outputs, "almvik", "xlsx")
    convert_with_office([path], "csv", tmp_path)
    assert "Almviks kommun" in (tmp_path / f"{path.stem}.csv").read_text(encoding="utf-8", errors="replace")
