"""Texts as a stranger might set them, in every field that takes text: found by walking the models and the lists of columns."""

from __future__ import annotations

import hashlib
import types
import typing
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel

from dimios_core.actions.conclusions import COLUMNS as CONCLUSION_COLUMNS
from dimios_core.actions.initiatives import INITIATIVE_COLUMNS
from dimios_core.actions.plans import PLAN_COLUMNS
from dimios_core.characters import UNSEEN
from dimios_core.instrument import Instrument
from dimios_core.instrument.model import Text
from dimios_core.responses.register import INVITED_COLUMNS, ORGANISATION_COLUMNS, UNIT_COLUMNS
from dimios_core.results.evidence.advice import Advice, Reference
from dimios_core.results.evidence.expert_help import ExpertHelp

#: each begins as a formula; then ends what it may stand in (attributes, styles, scripts, comments, CDATA, markup of PDFs, templates,
#: Markdown), gives an element an attribute, begins one of its own, looks escaped already, or turns the order of letters. Short, as a
#: mark and a few letters of the text: pages may weigh only so much
ATTACKS = (
    """=1+1|"'onevil='1'</script>-->]]><evil>#panic(){{evil}}""",
    """+1+1|\u2028</style><evil>$evil$\\n*e*""",
    """-1+1|\u202e\u2067אב&lt;evil><!--%s{}""",
    """@1+1|&#60;evil>\t<a:t onevil=1>`${e}`""",
)
ATTACK = ATTACKS[0]
#: of whose own marks Markdown makes something else (tests/test_plain_markdown.py)
PLAIN_MARKDOWN = {"conclusions_text"}
KEPT_LETTERS_N = 8
#: columns that hold no text of anybody's: identifiers, choices of a list, dates, numbers
CODES = {
    "id", "organisation", "unit", "parent", "point", "role", "type", "county", "size", "sharing", "threshold", "period",
    "invited", "start", "when", "measure_period", "consent", "validated", "kind", "progress", "date",
}  # fmt: skip
#: parameters with a text a language that is no text
ADDRESSES = {"link"}
#: what reads a file of parameters that is published -> its model; the glossary is published in another shape
PARAMETERS: dict[str, type[BaseModel]] = {
    "read_advice": Advice, "read_reference": Reference, "read_expert_help": ExpertHelp,
}  # fmt: skip
#: stored table -> its columns
TABLES = {
    "responses/register/organisations.parquet": ORGANISATION_COLUMNS,
    "responses/register/units.parquet": UNIT_COLUMNS,
    "responses/register/invited.parquet": INVITED_COLUMNS,
    "initiatives/initiatives.parquet": INITIATIVE_COLUMNS,
    "plans/plans.parquet": PLAN_COLUMNS,
    "conclusions/conclusions.parquet": CONCLUSION_COLUMNS,
}


def mark(field: str) -> str:
    """By which a field's texts are found again."""
    return f"@{hashlib.blake2b(field.encode(), digest_size=2).hexdigest()}@"


def spoil(text: str, field: str) -> str:
    """A text's hostile twin, which begins as a formula and tells by `find_fields` where it came from."""
    kind = 0 if field in PLAIN_MARKDOWN else zlib.crc32(text.encode()) % len(ATTACKS)
    return f"{ATTACKS[kind]}{mark(field)}{text[:KEPT_LETTERS_N]}"


def find_fields(text: str, fields: Iterable[str]) -> set[str]:
    """The fields whose texts stand here whole."""
    read = UNSEEN.sub("", text)
    whole = [UNSEEN.sub("", attack) for attack in ATTACKS]
    return {field for field in fields if any(attack + mark(field) in read for attack in whole)}


def list_table_fields() -> set[str]:
    """Every field of the stored tables that takes a text, such as units_name."""
    return {f"{Path(place).stem}_{c}" for place, columns in TABLES.items() for c in set(columns) - CODES}


def spoil_tables(outputs: Path) -> None:
    """Make every text in the stored tables hostile."""
    for place, columns in TABLES.items():
        path = outputs / place
        rows = pd.read_parquet(path)
        for column in set(columns) - CODES:
            field = f"{path.stem}_{column}"
            rows[column] = [spoil(text, field) if text else text for text in rows[column].astype(str)]
        rows.to_parquet(path, index=False)


def spoil_instrument(instrument: Instrument) -> tuple[Instrument, set[str]]:
    """An instrument with every text hostile, and the fields in which there were any, such as Point_name."""
    fields: set[str] = set()
    return Instrument.model_validate(_spoil(instrument, fields)), fields


def spoil_glossary(glossary: dict[str, Any]) -> dict[str, Any]:
    """A published glossary with every text hostile."""

    def spoil_word(word: dict[str, Any]) -> dict[str, Any]:
        return {
            part: {language: spoil(text, f"Term_{part}") for language, text in texts.items()}
            if isinstance(texts, dict)
            else texts
            for part, texts in word.items()
        }

    return {
        "terms": [spoil_word(t) for t in glossary["terms"]],
        "points": {point: spoil_word(word) for point, word in glossary["points"].items()},
    }


def spoil_parameters(kind: type[BaseModel], given: dict[str, Any]) -> dict[str, Any]:
    """A published file of parameters with every text hostile; addresses are checked when they are read."""
    spoilt: dict[str, Any] = _spoil(kind.model_validate(given), set())
    return spoilt | {name: given[name] for name in ADDRESSES & given.keys()}


def _spoil(value: Any, fields: set[str], annotation: Any = None, field: str = "") -> Any:
    if isinstance(value, BaseModel):
        kind = type(value)
        hints = typing.get_type_hints(kind, include_extras=True)
        return {
            name: _spoil(getattr(value, name), fields, hints[name], f"{kind.__name__}_{name}")
            for name in kind.model_fields
        }
    if isinstance(value, dict) and holds_text(annotation) and all(isinstance(v, str) for v in value.values()):
        if value:
            fields.add(field)
        return {language: spoil(text, field) for language, text in value.items()}
    if isinstance(value, dict):
        return {key: _spoil(item, fields, annotation, field) for key, item in value.items()}
    if isinstance(value, list):
        return [_spoil(item, fields, annotation, field) for item in value]
    return value


def holds_text(annotation: Any) -> bool:
    """Tell whether an annotation is a text in all languages, or holds some."""
    return annotation == Text or any(holds_text(part) for part in typing.get_args(annotation))


def list_text_fields(model: type[BaseModel]) -> set[str]:
    """Every field of a model, and of the models within, that takes a text."""
    found = set()
    for name, hint in typing.get_type_hints(model, include_extras=True).items():
        if name in model.model_fields and name not in ADDRESSES and holds_text(hint):
            found.add(f"{model.__name__}_{name}")
        for part in _models_in(hint):
            found |= list_text_fields(part)
    return found


def _models_in(hint: Any) -> list[type[BaseModel]]:
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return [hint] if issubclass(hint, BaseModel) else []
    return [model for part in typing.get_args(hint) for model in _models_in(part)]
