"""Leaks planted in published tables, every table × column × kind: the audit finds them, or this list says why it cannot.

`generator` plants by rule; what may be missed is written down here by hand, with the reason, and nothing else may be.
`make long` plants every kind in every column; else each column has one of them, in turn.
"""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from dimios_core.published.store import PREFIX, list_organisations
from dimios_core.results.audit.known import ORGANISATION, PUBLIC, refuse_unknown
from dimios_core.results.audit.tables import Part, find_in_public, read_organisation
from tests.attacks.generator import Planted, plant_all, plant_some, shown_rows, withheld_rows
from tests.once import make_once

#: tables in people's own words, and their own goals: nothing is worked out from them; `tests/results/test_own_tables.py`
IN_WORDS = {"plans", "initiatives", "goals", "conclusions"}
#: what left the workbench is held against the ledger, and the demo has none: `tests/research/test_way_out.py`
IN_LEDGER = {"own_findings", "findings", "model_findings"}
T = "degrees of freedom of a difference hardly move its interval; no answers follow from them"
DRAWN = "drawn by bootstrap, or a solution of a model: of answers, which are not published"
MAY_BE = "people that no published level counts may have answered, or not known"
#: (table, column, kind) -> why it may be missed; published figures cannot tell it from one that is true
MAY_BE_MISSED = {
    **{(t, "df", k): T for t in ("changes", "gaps", "contrasts", "trends", "standardised") for k in ("moved", "complement")},
    ("quality", "value", "moved"): DRAWN,
    ("quality", "value", "complement"): DRAWN,
    ("reliability", "value", "moved"): DRAWN,
    ("reliability", "value", "complement"): DRAWN,
    ("variance_shares", "ci_high", "moved"): DRAWN,
    ("variance_shares", "ci_high", "complement"): DRAWN,
    ("variance_shares", "ci_low", "complement"): DRAWN,
    ("scores", "dont_know_share", "moved"): MAY_BE,
    ("scores", "dont_know_share", "complement"): MAY_BE,
    ("standardised", "mix_shift", "moved"): MAY_BE,
    ("standardised", "mix_shift", "complement"): MAY_BE,
    ("response_rates", "", "called published, with figures"): MAY_BE,
    ("response_rates", "", "figures of another row"): MAY_BE,
    ("coverage", "respondents_n", "moved"): MAY_BE,
    **{(t, "organisations_n", "in a withheld row"): "how many started something is told in every row" for t in ("evidence", "evidence_kinds")},
}  # fmt: skip
Plants = Callable[[str, pd.DataFrame], Iterator[Planted]]
OWN = [table for table in ORGANISATION if table not in IN_WORDS | IN_LEDGER]
EVERYBODYS = [table for table in PUBLIC if table not in IN_WORDS | IN_LEDGER]


@pytest.fixture(scope="module")
def parts(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Part]:
    """What the audit takes from organisations' folders, read once."""
    results = demo_outputs / "results"

    def make(folder: Path) -> None:
        read = [read_organisation(results, o) for o in list_organisations(results)]
        (folder / "parts").write_bytes(pickle.dumps(read))

    return pickle.loads(
        (make_once(tmp_path_factory, worker_id, "audited-parts", make) / "parts").read_bytes()
    )


def choose_organisation(results: Path, table: str) -> Path:
    """The smallest folder in which the table has published rows, and withheld ones where any has."""
    sized = []
    for folder in results.glob(f"{PREFIX}*"):
        path = folder / f"{table}.parquet"
        if path.exists():
            frame = pd.read_parquet(path)
            lacking = [not len(rows) for rows in (shown_rows(frame), withheld_rows(frame))]
            size = (folder / "scores.parquet").stat().st_size
            sized.append((*lacking, size, folder))
    return min(sized)[-1]


def list_missed(path: Path, found: Callable[[], list], plant: Plants) -> Iterator[Planted]:
    """Plant everything in a table's file, and yield what `found()` says nothing of."""
    honest, frame = path.read_bytes(), pd.read_parquet(path)
    for planted in plant(path.stem, frame):
        planted.frame.to_parquet(path)
        if not found():
            yield planted
    path.write_bytes(honest)


def told(missed: Iterator[Planted]) -> list[str]:
    return [str(p) for p in missed if (p.table, p.column, p.kind) not in MAY_BE_MISSED]


@pytest.mark.parametrize("table", OWN)
@pytest.mark.parametrize("plant", [plant_some, pytest.param(plant_all, marks=pytest.mark.long)])
def test_a_leak_in_an_organisation_s_table_is_found(
    demo_outputs: Path, parts: list[Part], tmp_path: Path, table: str, plant: Plants
) -> None:
    source = choose_organisation(demo_outputs / "results", table)
    for shared in ("public", "stamp.json"):
        (tmp_path / shared).symlink_to(demo_outputs / "results" / shared)
    folder = Path(shutil.copytree(source, tmp_path / source.name))
    name = source.name.removeprefix(PREFIX)

    def found() -> list:
        own = read_organisation(tmp_path, name)
        if own.findings or table != "gaps":
            return own.findings
        changed = [own if part.profile["id"] == name else part for part in parts]
        return [*islice(find_in_public(tmp_path, changed), 1)]

    assert found() == []
    assert told(list_missed(folder / f"{table}.parquet", found, plant)) == []


@pytest.mark.parametrize("table", EVERYBODYS)
@pytest.mark.parametrize("plant", [plant_some, pytest.param(plant_all, marks=pytest.mark.long)])
def test_a_leak_in_a_table_that_all_may_read_is_found(
    demo_outputs: Path, parts: list[Part], tmp_path: Path, table: str, plant: Plants
) -> None:
    public = Path(shutil.copytree(demo_outputs / "results" / "public", tmp_path / "public"))
    (tmp_path / "stamp.json").symlink_to(demo_outputs / "results" / "stamp.json")

    def found() -> list:
        return [*refuse_unknown(tmp_path, public)] or [*islice(find_in_public(tmp_path, parts), 1)]

    assert found() == []
    assert told(list_missed(public / f"{table}.parquet", found, plant)) == []


@pytest.mark.parametrize(
    "name", ["answers.parquet", "notes.txt", "scores.csv", "more.json", "scores.parquet.bak"]
)
@pytest.mark.parametrize("where", ["", "public", "organisation=almvik"])
def test_one_more_file_is_found(demo_outputs: Path, tmp_path: Path, where: str, name: str) -> None:
    results = demo_outputs / "results"
    (tmp_path / "stamp.json").write_bytes((results / "stamp.json").read_bytes())
    for folder in ("public", "organisation=almvik"):
        shutil.copytree(results / folder, tmp_path / folder)
    path = tmp_path / where / name
    path.write_bytes((results / "public" / "positions.parquet").read_bytes())
    faults = list(refuse_unknown(tmp_path, tmp_path / where if where else None))
    assert [about for _, about, _ in faults] == [name]


def test_a_fine_share_beside_a_withheld_score_is_found(demo_outputs: Path, tmp_path: Path) -> None:
    """Fewer than twenty gave it: 3 of 7 is told as 45 %, with a score beside it or without."""
    source = demo_outputs / "results"
    for shared in ("public", "stamp.json"):
        (tmp_path / shared).symlink_to(source / shared)
    planted = 0
    for organisation in list_organisations(source):
        frame = pd.read_parquet(source / f"{PREFIX}{organisation}" / "scores.parquet")
        rows = (frame["status"] == "suppressed_small") & (frame["dont_know_status"] == "published")
        if not rows.any():
            continue
        folder = Path(
            shutil.copytree(source / f"{PREFIX}{organisation}", tmp_path / f"{PREFIX}{organisation}")
        )
        frame.loc[frame.index[rows][0], "dont_know_share"] = 0.429
        frame.to_parquet(folder / "scores.parquet")
        found = read_organisation(tmp_path, organisation).findings
        assert "a share finer than steps of 5 %" in {f.what for f in found}
        planted += 1
        if planted == 3:
            break
    assert planted


@pytest.mark.parametrize(
    ("plant", "about"),
    [
        (lambda g: g.update(answers=[1, 2]), "answers"),
        (lambda g: g["terms"][0].update(score={"sv": "47,7"}), "digitisation, score"),
        (lambda g: g["points"]["scaling"]["ask"].update(n=4), "scaling, ask"),
        (lambda g: g["points"]["scaling"].update(text=47.7), "scaling, text"),
    ],
)
def test_what_is_no_word_in_the_glossary_is_found(
    demo_outputs: Path, tmp_path: Path, plant: Callable[[dict], None], about: str
) -> None:
    public = Path(shutil.copytree(demo_outputs / "results" / "public", tmp_path / "public"))
    glossary = json.loads((public / "glossary.json").read_text(encoding="utf-8"))
    assert list(refuse_unknown(tmp_path, public)) == []
    plant(glossary)
    (public / "glossary.json").write_text(json.dumps(glossary), encoding="utf-8")
    assert [told for _, told, _ in refuse_unknown(tmp_path, public)] == [f"glossary.json, {about}"]


@pytest.mark.parametrize(
    ("plant", "about"),
    [
        (lambda h: h.update(answers=[1, 2]), "answers"),
        (lambda h: h.update(email={"sv": "47,7"}), "email"),
        (lambda h: h["name"].update(n=4), "name"),
        (lambda h: h.update(phone=47.7), "phone"),
    ],
)
def test_what_is_no_contact_for_help_is_found(
    demo_outputs: Path, tmp_path: Path, plant: Callable[[dict], None], about: str
) -> None:
    public = Path(shutil.copytree(demo_outputs / "results" / "public", tmp_path / "public"))
    told = json.loads((public / "expert_help.json").read_text(encoding="utf-8"))
    assert list(refuse_unknown(tmp_path, public)) == []
    plant(told)
    (public / "expert_help.json").write_text(json.dumps(told), encoding="utf-8")
    assert [where for _, where, _ in refuse_unknown(tmp_path, public)] == [f"expert_help.json, {about}"]
