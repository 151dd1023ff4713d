"""Parameters are checked against their model and the notebook's own cell before anything runs."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from dimios_core.errors import InputError
from dimios_core.runner.parameters import OrganisationParameters, check_parameters, read_declared_parameters

GIVEN = {"organisation": "lillby", "period": "2026", "language": "sv"}


def write_notebook(path: Path, *cells: str, tagged: bool = True) -> Path:
    metadata = {"tags": ["parameters"]} if tagged else {}
    document = {
        "cells": [
            {
                "cell_type": "code",
                "metadata": metadata,
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for source in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "wrong",
    [
        {"organisation": "../etc"},
        {"organisation": "Lillby"},
        {"organisation": ""},
        {"period": "2026-3"},
        {"period": "26"},
        {"period": 2026},
        {"language": "../sv"},
        {"colour": "blue"},
    ],
)
def test_the_model_refuses(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        OrganisationParameters.model_validate(GIVEN | wrong)


@pytest.mark.parametrize("period", ["2026", "2026-1", "2026-2"])
def test_the_model_takes_whole_and_half_years(period: str) -> None:
    assert OrganisationParameters.model_validate(GIVEN | {"period": period}).period == period


def test_the_place_of_the_results_is_never_injected() -> None:
    parameters = OrganisationParameters.model_validate(GIVEN | {"results": "/srv/secret"})
    assert parameters.to_inject() == GIVEN


def test_declared_types_and_defaults_are_read(tmp_path: Path) -> None:
    source = 'a: str = "x"\nb: int\nc: float | None = None\nd: Literal["sv", "en"] = "sv"\ne = True'
    declared = read_declared_parameters(write_notebook(tmp_path / "n.ipynb", source))
    assert list(declared) == ["a", "b", "c", "d", "e"]
    assert not declared["b"].has_default
    assert declared["c"].admits(3) and declared["c"].admits(None) and not declared["c"].admits("3")
    assert declared["d"].admits("en") and not declared["d"].admits("de")
    assert declared["b"].admits(3) and not declared["b"].admits(True) and not declared["b"].admits(3.0)


def test_unknown_and_ill_typed_parameters_come_in_one_list(fixture_notebook) -> None:
    with pytest.raises(InputError) as raised:
        check_parameters(fixture_notebook("lacks_language"), GIVEN)
    whats = [problem.what for problem in raised.value.problems]
    assert whats == ["'2026' is not int", "it has no parameter 'language'"]


def test_a_parameter_without_default_must_be_given(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "organisation: str\nthreshold: int")
    with pytest.raises(InputError, match=r"'threshold'.*no default"):
        check_parameters(notebook, {"organisation": "lillby"})


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([], "0 cells are tagged"),
        (["a = 1", "b = 2"], "2 cells are tagged"),
        (["import os"], "only assignments"),
        (["a: list = []"], "not a JSON scalar"),
        (["a = [1]"], "not a JSON scalar"),
        (["a: str = "], "not valid Python"),
    ],
)
def test_a_faulty_parameters_cell_is_told(tmp_path: Path, cells: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_declared_parameters(write_notebook(tmp_path / "n.ipynb", *cells))


def test_what_is_not_a_notebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such notebook"):
        read_declared_parameters(tmp_path / "none.ipynb")
    (tmp_path / "text.ipynb").write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match="not a notebook"):
        read_declared_parameters(tmp_path / "text.ipynb")
