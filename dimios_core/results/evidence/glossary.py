"""The glossary of terms that people confuse: a parameter file, checked and copied to the public part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.results.evidence.parameter_files import read_checked

Texts = dict[str, str]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(_Frozen):
    """A term with its explanation; `instrument` where it belongs to one model only."""

    id: str
    name: Texts
    text: Texts
    instrument: str = ""


class Glossary(_Frozen):
    """Terms in the order to show."""

    terms: list[Term] = []


def read_glossary(path: Path, instrument: Instrument) -> dict[str, Any]:
    """Read the glossary.

    Parameters
    ----------
    path : Path
        YAML: `terms`, each with id, name and text (language -> text), and perhaps instrument.
    instrument : Instrument
        Terms of other models are left out; its languages are those that a term needs.

    Returns
    -------
    dict
        {"terms": [{"id", "name", "text"}]}; no terms where there is no file.

    Raises
    ------
    InputError
        A file that cannot be read, a term that is there twice, or one without name or text in a language.
    """
    glossary = read_checked(path, Glossary)
    if glossary is None:
        return {"terms": []}
    kept = [t for t in glossary.terms if t.instrument in ("", instrument.id)]
    ids = [t.id for t in kept]
    problems = [
        Problem(f"{path.name}, {name}", "the term is there twice", "keep one of the two")
        for name in dict.fromkeys(i for i in ids if ids.count(i) > 1)
    ]
    problems += [
        Problem(f"{path.name}, {term.id}, {part}", f"there is no text in {language}", "write it")
        for term in kept
        for part in ("name", "text")
        for language in instrument.languages
        if not getattr(term, part).get(language, "").strip()
    ]
    if problems:
        raise InputError(problems)
    return {"terms": [{"id": t.id, "name": t.name, "text": t.text} for t in kept]}
