"""The models that stored answers were asked with: kept beside them, so that an edited one is not taken for the same.

responses/models/<instrument>-<version>.json     the model as it was when the first answers of this version were stored
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label
from dimios_core.responses.store import FOLDER as RESPONSES
from dimios_core.responses.transaction import Transaction

FOLDER = "models"
#: differences that are named; the rest is counted
SHOWN = 6


def model_name(instrument: Instrument) -> str:
    """Return the file's name of a model, relative to the store's folder."""
    return str(model_file(Path(), instrument.id, instrument.version))


def model_file(folder: Path, instrument: str, version: int) -> Path:
    """Return where the store in a folder keeps a version of a model."""
    return folder / FOLDER / f"{instrument}-{version}.json"


def write_model(instrument: Instrument, path: Path) -> None:
    """Write a model whole."""
    path.write_text(instrument.model_dump_json(indent=1), encoding="utf-8")


def check_model(folder: Path, instrument: Instrument) -> bool:
    """Hold a model against the one that answers of the same version were stored with.

    Parameters
    ----------
    folder : pathlib.Path
        The store's.
    instrument : Instrument

    Returns
    -------
    bool
        Whether the store knows this version; where it does not, `write_model` is to be called.

    Raises
    ------
    InputError
        What scores are computed from differs: scales, items, points, categories, dimensions, weights, quadrants.
        Texts may be mended, but a label may not move to another number.
    """
    path = folder / model_name(instrument)
    if not path.is_file():
        return False
    stored = json.loads(path.read_text(encoding="utf-8"))
    now = json.loads(instrument.model_dump_json())
    differences = find_differences(stored, now)
    if differences:
        more = f" and {len(differences) - SHOWN} others" if len(differences) > SHOWN else ""
        raise InputError(
            Problem(
                f"instrument {instrument.id}, version {instrument.version}",
                "it is not the model that stored answers were asked with: "
                f"{'; '.join(differences[:SHOWN])}{more}",
                "undo the change; if the model has changed, raise its `version:` and say in its `crosswalk:` what"
                " became of every measure point",
            )
        )
    return True


def remember_model(outputs: Path, instrument: Instrument) -> None:
    """Keep the model that answers were stored with before models were kept; one that is kept is held against it.

    Raises
    ------
    InputError
        As `check_model`.
    """
    folder = outputs / RESPONSES
    if not check_model(folder, instrument):
        with Transaction(folder) as transaction:
            write_model(instrument, transaction.stage(model_name(instrument)))
            transaction.commit()


def find_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Say what of two models' parts that scores are computed from differs.

    Parameters
    ----------
    before, after : mapping
        Models as `Instrument.model_dump_json` writes them.

    Returns
    -------
    list of str
        Such as "scales.default.highest was 4 and is 5"; empty where scores would be the same.
    """
    old, new = measured(before), measured(after)
    found = []
    for path in [*old, *(p for p in new if p not in old)]:
        if path not in new:
            found.append(f"{path} is gone")
        elif path not in old:
            found.append(f"{path} is new")
        elif old[path] != new[path]:
            found.append(f"{path} was {old[path]} and is {new[path]}")
    labels, labels_now = _labels(before), _labels(after)
    found += [
        f"{place} “{label}” was {number:g} and is {labels_now[place, label]:g}"
        for (place, label), number in labels.items()
        if labels_now.get((place, label), number) != number
    ]
    return found


def measured(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return what scores are computed from, by path."""
    out: dict[str, Any] = {}
    used = {item["scale"] for point in model["points"] for item in point["items"]}
    for name in sorted(used):
        for part in ("lowest", "highest", "step"):
            out[f"scales.{name}.{part}"] = _plain(model["scales"][name][part])
    for kind, parts in (
        ("dimensions", ("weight",)),
        ("categories", ("dimension", "weight")),
        ("points", ("category", "weight")),
    ):
        for one in model[kind]:
            out |= {f"{kind}.{one['id']}.{part}": _plain(one[part]) for part in parts}
    for point in model["points"]:
        for item in point["items"]:
            out[f"items.{item['id']}.point"] = point["id"]
            out |= {f"items.{item['id']}.{part}": item[part] for part in ("scale", "reversed")}
    if model.get("quadrants"):
        out |= {f"quadrants.{part}": model["quadrants"][part] for part in ("across", "upwards", "border")}
    return out


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _labels(model: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    return {
        (f"scales.{name}", normalise_label(text)): float(number)
        for name, scale in model["scales"].items()
        for number, texts in scale["labels"].items()
        for text in texts.values()
    }
