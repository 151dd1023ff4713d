"""Outputs of eighteen made-up organisations, scored, and `dimios export data` as a user gives it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dimios_core.cli import main
from dimios_core.published.schema import table_schema
from dimios_core.results.score import score_responses
from tests.building import make_instrument, write_store

INSTRUMENT = make_instrument({"a": "c1", "b": "c1", "c": "c2", "d": "c2"}, {"c1": "d1", "c2": "d2"}, 1, True)
PERIODS = ("2024", "2025")
#: three people; all other organisations have fifty and more
TINY = "minimalaget"
CONTACT = "kontakt@hemliga.example"
LABEL = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}


def make_outputs(outputs: Path) -> Path:
    """Write a store with its register and mark, and score it."""
    rng = np.random.default_rng(7)
    organisations = [(f"hemliga-{n:02d}", "municipality", "14", "small") for n in range(12)]
    organisations += [(f"dolda-{n:02d}", "region", "12", "large") for n in range(5)]
    organisations.append((TINY, "company", "01", "small"))
    about = pd.DataFrame(organisations, columns=["id", "type", "county", "size"])
    about = about.assign(name=about["id"].str.title() + " kommunförbund", threshold=5)
    about["sharing"] = ["named", "anonymous", "closed"] * 6
    rows, units = [], []
    for n, organisation in enumerate(about["id"]):
        units += [(organisation, "stab", "Staben", ""), (organisation, "drift", "Driften", "stab")]
        first = 10**17 * (n + 1)
        people = 3 if organisation == TINY else int(rng.integers(50, 90))
        place = rng.choice(["", "stab", "drift"], people)
        role = rng.choice(["p", "t", "a", "unknown"], people, p=[0.45, 0.4, 0.1, 0.05])
        respondent = first + rng.permutation(10**6)[:people]
        for period in PERIODS:
            here = np.ones(people, bool) if organisation == TINY else rng.random(people) < 0.95
            answers = rng.integers(0, 6, (people, 4)).astype(float)
            answers[rng.random((people, 4)) < 0.05] = np.nan
            answers[:, 0] = rng.integers(1, 6, people)
            frame = pd.DataFrame(answers, columns=list("abcd")).assign(
                organisation=organisation, period=period, unit=place, role=role,
                respondent=respondent,
            )  # fmt: skip
            rows.append(frame[here])
    register_units = pd.DataFrame(units, columns=["organisation", "unit", "name", "parent"])
    write_store(outputs, INSTRUMENT, pd.concat(rows, ignore_index=True), about, register_units)
    (outputs / "responses" / "key-mark").write_text("5a" * 16 + "\n", encoding="ascii")
    demo = json.dumps({"demo": True, "label": LABEL}, ensure_ascii=False)
    (outputs / "responses" / "register" / "demo.json").write_text(demo, encoding="utf-8")
    score_responses(outputs, INSTRUMENT)
    initiative = dict.fromkeys(table_schema("initiatives").columns, "x") | {
        "point": "a", "organisation_name": about["name"][0], "contact": CONTACT,
    }  # fmt: skip
    pd.DataFrame([initiative]).to_parquet(outputs / "results" / "public" / "initiatives.parquet")
    return outputs


def export_data(monkeypatch: pytest.MonkeyPatch, outputs: Path, *more: object) -> int:
    """Give the command in this process, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["dimios", "export", "data", "--outputs", str(outputs), *map(str, more)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def read_bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def read_values(folder: Path) -> str:
    """All that a package tells: files of text as they are, Parquet files (compressed) as their values and metadata."""
    told = []
    for name, content in read_bytes(folder).items():
        if name.endswith(".parquet"):
            file = pq.ParquetFile(folder / name)
            told.append(f"{file.metadata.metadata} {file.read().to_pydict()}")
        else:
            told.append(content.decode())
    return "\n".join(told)


def machine_words(outputs: Path) -> list[str]:
    """What would tell of this machine: paths, the user, the host."""
    home, host = str(Path.home()), os.uname().nodename
    return [str(outputs), str(outputs.parent), str(Path.cwd()), *(w for w in (home, host) if len(w) > 5)]
