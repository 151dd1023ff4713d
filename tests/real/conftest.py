"""The whole command line on real answers, once a session: register, ingest, score."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.real import exports
from tests.real.command_line import INSTRUMENTS, MAPPINGS, RealRun, run_dimios


def _run(
    folder: Path,
    instrument: str,
    register: dict[str, Path],
    raw: pd.DataFrame,
    exported: list[tuple[Path, str]],
) -> RealRun:
    model, outputs, key_file = (
        INSTRUMENTS / f"{instrument}.yaml",
        folder / "outputs",
        folder / "pseudonym.key",
    )
    run_dimios("instrument", "check", model)
    files = [part for name, path in register.items() for part in (f"--{name}", path)]
    run_dimios("register", *files, "--instrument", model, "--outputs", outputs)
    for path, mapping in exported:
        options = ["--mapping", MAPPINGS / f"{mapping}.yaml", "--instrument", model, "--key-file", key_file]
        run_dimios("ingest", path, *options, "--outputs", outputs)
    run_dimios("score", "--instrument", model, "--outputs", outputs, "--workers", 1)
    return RealRun(outputs, model, raw, key_file)


@pytest.fixture(scope="session")
def bfi_run(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> RealRun:
    """psych::bfi: 2,800 people in twenty made-up panels, one period; a CSV and an SPSS file."""
    folder = tmp_path_factory.mktemp("bfi")
    bfi = exports.read_bfi()
    in_csv = bfi["panel"] <= f"panel-{exports.CSV_PANELS_N:02}"
    exports.write_bfi_csv(bfi[in_csv], folder / "personlighet.csv")
    exports.write_bfi_sav(bfi[~in_csv], folder / "bfi.sav")
    exported = [(folder / "personlighet.csv", "bfi-csv"), (folder / "bfi.sav", "bfi-sav")]
    return _run(folder, "bfi", exports.write_panels(folder), bfi, exported)


@pytest.fixture(scope="session")
def insteval_run(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> RealRun:
    """lme4::InstEval: 73,421 ratings of 14 departments' lecturers over six half-years; one CSV."""
    folder = tmp_path_factory.mktemp("insteval")
    ratings = exports.read_insteval()
    ratings.to_csv(folder / "InstEval.csv", index=False)
    register = exports.write_departments(ratings, folder)
    return _run(folder, "insteval", register, ratings, [(folder / "InstEval.csv", "insteval")])


@pytest.fixture(scope="session")
def bfi_outputs(bfi_run: RealRun) -> Path:
    """Outputs folder with the results of psych::bfi."""
    return bfi_run.outputs


@pytest.fixture(scope="session")
def insteval_outputs(insteval_run: RealRun) -> Path:
    """Outputs folder with the results of lme4::InstEval."""
    return insteval_run.outputs
