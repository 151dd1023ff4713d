"""The wall fails closed: what no schema declares is not published, and what the audit does not know is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from dimios_core.published.schema import SchemaError, load_codes, load_tables, read_tables
from dimios_core.published.shaping import shape_table
from dimios_core.published.writing import write_parquet, write_published, write_published_of
from dimios_core.results import score_batches
from dimios_core.results.audit.known import ORGANISATION, PUBLIC, read_known
from dimios_core.results.audit.rules import CODES, CODES_OF
from dimios_core.results.audit.tables import audit_results
from dimios_core.results.score import score_responses
from tests.building import make_instrument, make_organisations, write_store

INSTRUMENT = make_instrument({"a": "c1", "b": "c1", "c": "c2"}, {"c1": "x", "c2": "y"}, quadrants=True)
#: two organisations, one role of three people: a role that is withheld
SIZES = {"big": (12, 3), "other": (9, 8)}


def make_store(outputs: Path) -> None:
    rng = np.random.default_rng(5)
    rows = [
        (organisation, "2026", "", role, 100 * at + person, *rng.integers(1, 6, len(INSTRUMENT.item_ids)))
        for organisation, sizes in SIZES.items()
        for at, (role, size) in enumerate(zip("pt", sizes, strict=True))
        for person in range(size)
    ]
    columns = ["organisation", "period", "unit", "role", "respondent", *INSTRUMENT.item_ids]
    write_store(outputs, INSTRUMENT, pd.DataFrame(rows, columns=columns), make_organisations(*SIZES))


@pytest.fixture(scope="module")
def scored(heavy, tmp_path_factory) -> Path:
    outputs = tmp_path_factory.mktemp("scored")
    make_store(outputs)
    score_responses(outputs, INSTRUMENT)
    return outputs


@pytest.fixture
def results(scored, tmp_path) -> Path:
    shutil.copytree(scored / "results", tmp_path / "results")
    return tmp_path / "results"


def found(results: Path) -> list[str]:
    return [str(f) for f in audit_results(results)]


# -- what a newcomer did: a column added where levels are published, and told nobody ----------------------


def add_spread(publish):
    """A column for every row, withheld ones as well: what `publish_scores` did to the newcomer."""

    def publish_more(batch, columns):
        table = publish(batch, columns)
        return table.assign(spread=np.nan_to_num(batch.scores.score_pct.ravel()))

    return publish_more


def test_a_column_that_is_told_to_nobody_stops_scoring(tmp_path, monkeypatch):
    make_store(tmp_path)
    monkeypatch.setattr(score_batches, "publish_scores", add_spread(score_batches.publish_scores))
    with pytest.raises(SchemaError, match=r"scores.*declared in no schema: spread"):
        score_responses(tmp_path, INSTRUMENT)
    assert not (tmp_path / "results").exists()


def test_a_column_that_gets_past_the_writer_is_refused_by_the_audit(tmp_path, monkeypatch):
    make_store(tmp_path)
    monkeypatch.setattr(score_batches, "publish_scores", add_spread(score_batches.publish_scores))
    monkeypatch.setattr(
        score_batches,
        "write_published_of",
        lambda name, frame, folders: [
            write_parquet(
                frame[frame["organisation"] == o].drop(columns="organisation"), folder / f"{name}.parquet"
            )
            for o, folder in folders.items()
        ],
    )
    with pytest.raises(Exception, match="scores, spread: is no column that the audit knows"):
        score_responses(tmp_path, INSTRUMENT)
    assert not (tmp_path / "results").exists()


def test_an_undeclared_column_is_refused_where_a_table_is_shaped():
    with pytest.raises(SchemaError, match=r"spread: columns that are declared in no schema: se, sd"):
        shape_table(
            "spread",
            [{"period": "2026", "part": "units", "status": "published", "share": 0.5, "se": 0.1, "sd": 1}],
        )


def test_whatever_is_no_identifier_is_withheld():
    """Every column of every table with a status, filled in, where the row is not published."""
    for name, table in load_tables().items():
        if "status" not in table.columns:
            continue
        row = {
            c: {"text": "", "number": 7.0, "count": 7, "truth": True}[about.type]
            for c, about in table.columns.items()
        }
        says = {"status"} | {c.under for c in table.columns.values() if c.under}
        frame = shape_table(name, [row | dict.fromkeys(says, s) for s in ("suppressed_small", "published")])
        hidden, shown = frame.iloc[0], frame.iloc[1]
        for line in (ORGANISATION | PUBLIC)[name].split("|")[1].split():
            column, equals, word = line.partition("@")[0].partition("=")
            column = column.partition(".")[0]
            assert hidden[column] == word if equals else pd.isna(hidden[column]), f"{name}.{column}"
            assert equals or shown[column] == 7, f"{name}.{column}"


# -- two lists, each its own --------------------------------------------------------------------------------


def test_the_audits_list_and_the_schema_say_the_same():
    """They are written apart, and meet here: a figure for one is a figure for the other."""
    for owner, listed in (("organisation", ORGANISATION), ("public", PUBLIC)):
        declared = {n: t for n, t in load_tables().items() if t.owner == owner}
        assert declared.keys() == listed.keys()
        for name, table in declared.items():
            known = read_known(listed[name])
            assert known.keys() == table.columns.keys(), name
            for column in table.columns.values():
                mine = known[column.name]
                assert not column.figure or mine.under == (column.under or "status"), f"{name}.{column.name}"
                assert mine.figure == column.figure, f"{name}.{column.name}"
                assert (mine.kind == "number") == (column.type in ("number", "count")), (
                    f"{name}.{column.name}"
                )
                assert mine.decimals == (column.decimals or 0), f"{name}.{column.name}"
                if column.figure and column.withheld is not None:
                    assert mine.withheld == column.withheld, f"{name}.{column.name}"


def test_the_audit_knows_every_word_that_the_schema_lets_a_column_hold():
    for table in load_tables().values():
        for column in table.columns.values():
            place = table.name, column.name
            if (words := CODES_OF.get(place, CODES.get(column.name))) is None:
                continue
            assert column.codes, f"{place}: its words are known to the audit alone"
            declared = {"", *load_codes()[column.codes], *column.also}
            narrower = place in CODES_OF
            assert words - {""} <= declared if narrower else declared <= {"", *words}, place


def test_everything_that_scoring_writes_is_declared_and_known(results):
    assert found(results) == []
    for path in results.rglob("*.parquet"):
        table = load_tables()[path.stem]
        assert list(pd.read_parquet(path).columns) == list(table.columns)


# -- what lies in a results folder and should not -----------------------------------------------------------


@pytest.mark.parametrize("folder", ["", "public", "organisation=big"])
@pytest.mark.parametrize("name", ["more.parquet", "notes.txt", "raw.json", "scores.csv", ".hidden"])
def test_an_unknown_file_is_refused(results, folder, name):
    (results / folder / name).write_bytes(b"1,2,3")
    assert any(f"{name}: is nothing that the audit knows" in f for f in found(results))


def test_an_unknown_folder_is_refused(results):
    for place in (results, results / "public", results / "organisation=big"):
        (place / "drafts").mkdir()
    assert sum("drafts: is nothing that the audit knows" in f for f in found(results)) == 3


@pytest.mark.parametrize("file", ["organisation=big/organisation.json", "stamp.json"])
def test_an_unknown_property_is_refused(results, file):
    path = results / file
    path.write_text(
        json.dumps(json.loads(path.read_text("utf-8")) | {"scores_of_small_groups": [31.5]}), "utf-8"
    )
    assert any("scores_of_small_groups: is nothing that the audit knows" in f for f in found(results))


@pytest.mark.parametrize("table", sorted(ORGANISATION))
def test_an_unknown_column_is_refused_in_every_table_of_an_organisation(results, table):
    path = results / "organisation=big" / f"{table}.parquet"
    frame = pd.read_parquet(path) if path.exists() else shape_table(table, [])
    frame.assign(seen=1.5).to_parquet(path)
    assert any(f"{table}, seen: is no column that the audit knows" in f for f in found(results))


@pytest.mark.parametrize("table", sorted(PUBLIC))
def test_an_unknown_column_is_refused_in_every_public_table(results, table):
    path = results / "public" / f"{table}.parquet"
    frame = pd.read_parquet(path) if path.exists() else shape_table(table, [])
    frame.assign(seen=1.5).to_parquet(path)
    assert any(f"{table}, seen: is no column that the audit knows" in f for f in found(results))


def test_a_kind_of_value_that_is_not_known_is_refused(results):
    path = results / "organisation=big" / "scores.parquet"
    frame = pd.read_parquet(path)
    frame.assign(unit=np.arange(len(frame)) + 0.5).to_parquet(path)
    assert any("scores, unit: holds double, which the audit does not know there" in f for f in found(results))


@pytest.mark.parametrize(
    "column", ["score", "ci_low", "ci_high", "se", "df", "n", "n_points", "dont_know_share", "bound"]
)
def test_a_figure_in_a_withheld_row_is_found_whichever_it_is(results, column):
    path = results / "organisation=big" / "scores.parquet"
    frame = pd.read_parquet(path)
    frame[column] = frame[column].astype(object)
    status = "dont_know_status" if column == "dont_know_share" else "status"
    at = frame.index[frame[status] == "suppressed_small"][0]
    frame.loc[at, column] = "at_most" if column == "bound" else 5
    frame[column] = frame[column].astype(str) if column == "bound" else frame[column].astype(float)
    frame.to_parquet(path)
    assert any("a row that is not published carries figures" in f for f in found(results))


# -- the writer -----------------------------------------------------------------------------------------------

SPREAD = {"period": ["2026"], "part": ["units"], "status": ["published"], "share": [0.5]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sd": [1.0]}, "declared in no schema: sd"),
        ({"share": ["0.5"]}, "share is"),
        ({"status": ["suppressed_small"]}, "rows that are withheld carry share"),
        ({"status": ["secret"]}, "status holds secret"),
        ({"part": ["neighbours"]}, "part holds neighbours"),
    ],
)
def test_a_table_that_is_not_as_declared_is_not_written(tmp_path, change, said):
    frame = pd.DataFrame(SPREAD | change)
    texts = [c for c in frame if c in ("period", "part", "status")]
    with pytest.raises(SchemaError, match=said):
        write_published("spread", frame.astype(dict.fromkeys(texts, "category")), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_each_organisation_gets_its_rows_and_no_word_of_others(tmp_path):
    """The bytes are those of its rows by themselves, written by pandas; one without rows gets a table without rows."""
    rows = [
        {"organisation": o, "period": p, "group": g, "level": "point", "key": k, "status": "published", "gap": x}
        for o, p, g, k, x in [
            ("b", "2026", "all", "z", 1.0), ("a", "2025", "all", "z", 2.0), ("b", "2025", "all", "a", None),
        ]
    ]  # fmt: skip
    folders = {o: tmp_path / o for o in ("a", "b", "c")}
    for folder in (*folders.values(), tmp_path / "alone"):
        folder.mkdir()
    write_published_of("gaps", shape_table("gaps", rows, per_organisation=True), folders)
    for name in ("a", "b"):
        own = [
            {c: v for c, v in row.items() if c != "organisation"}
            for row in rows
            if row["organisation"] == name
        ]
        write_published("gaps", shape_table("gaps", own), tmp_path / "alone")
        written, alone = ((f / "gaps.parquet").read_bytes() for f in (folders[name], tmp_path / "alone"))
        assert written == alone
    assert pd.read_parquet(folders["c"] / "gaps.parquet").empty


@pytest.mark.parametrize("rows_n", [0, 3])
def test_words_are_numbered_as_parquet_does_and_are_categories_to_pandas(tmp_path, rows_n):
    words = pd.DataFrame({"a": pd.Series(["x", "y", None], dtype="str").astype("category")})[:rows_n]
    write_parquet(words, tmp_path / "words.parquet")
    assert pq.read_schema(tmp_path / "words.parquet").field("a").type == pa.dictionary(
        pa.int32(), pa.string()
    )
    read = pd.read_parquet(tmp_path / "words.parquet")["a"]
    assert read.dtype == "category" and read.cat.codes.dtype == "int8"
    assert read.astype(object).where(read.notna(), None).tolist() == ["x", "y", None][:rows_n]


def test_a_missing_column_is_not_passed_over(tmp_path):
    with pytest.raises(SchemaError, match="missing: share"):
        write_published("spread", shape_table("spread", []).drop(columns="share"), tmp_path)


def test_an_undeclared_table_is_not_written(tmp_path):
    with pytest.raises(SchemaError, match="'answers' is declared in no schema"):
        write_published("answers", pd.DataFrame({"a": [1]}), tmp_path)


# -- declarations that leave something open ---------------------------------------------------------------


def test_what_a_column_must_say_is_asked_for(monkeypatch):
    from dimios_core.published import schema

    said = yaml.safe_load(
        """
        tables:
          t:
            key: []
            columns:
              a: {type: number}
              b:
              c: {type: truth}
              d: {identifier: true, codes: nothing}
              e: {identifier: true, unit: miles}
        """
    )
    monkeypatch.setattr(
        schema, "_read", lambda name: {"codes": {}, "units": {}} if name == "words.yaml" else said
    )
    monkeypatch.setattr(schema, "OWNERS", ("public",))
    with pytest.raises(SchemaError) as error:
        schema.load_tables.__wrapped__()
    told = str(error.value)
    assert all(f"t.{c}: " in told for c in "abcde"), told
    with pytest.raises(ValueError, match="extra"):
        read_tables({"tables": {"t": said["tables"]["t"] | {"figures": []}}})
