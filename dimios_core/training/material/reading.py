"""Parameter files of training, checked whole against a model: every fault with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir

#: below the folder of parameters
FOLDER = "training"


def _refuse_empty(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty")
    return " ".join(text.split())


#: words that stand on paper: not empty; line breaks of the file are spaces
Words = Annotated[str, AfterValidator(_refuse_empty)]


def training_dir() -> Path:
    """Return the folder of training's parameter files."""
    return parameters_dir() / FOLDER


def check_texts(texts: Mapping[str, Mapping[str, str]], language: str, file: str) -> None:
    """Raise where texts lack a language.

    Parameters
    ----------
    texts : mapping
        Texts by the place in the file that they stand at.
    """
    problems = [
        Problem(f"{file}, {place}", f"there is no text in {language}", "write it")
        for place, text in texts.items()
        if not text.get(language, "").strip()
    ]
    if problems:
        raise InputError(problems)
