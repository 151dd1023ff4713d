"""Answers of one's own do not go into the demo's folder, where they would be labelled as made up."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dimios_core.cli.app import app
from dimios_core.demo import mark_as_demo
from dimios_core.errors import InputError


@pytest.mark.parametrize(
    "command", [["register", "--organisations", "o.csv"], ["ingest", "answers.csv", "--mapping", "demo-csv"]]
)
def test_the_demo_folder_takes_no_real_answers(tmp_path: Path, command: list[str]) -> None:
    mark_as_demo(tmp_path)
    before = sorted(p.name for p in tmp_path.rglob("*"))
    result = CliRunner().invoke(app, [*command, "--outputs", str(tmp_path)])
    assert isinstance(result.exception, InputError)
    assert "holds the demo" in str(result.exception)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before
