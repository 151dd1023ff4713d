"""How many organisations there are of each kind: parameters/sector.yaml (method 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from dimios_core.errors import InputError, Problem
from dimios_core.languages.texts import LOADER
from dimios_core.places import parameters_dir
from dimios_core.results.consortium.benchmarks import PeerGroup

MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Frames:
    """Numbers of organisations in the country; what is not known is left out.

    Attributes
    ----------
    types : dict
        Type of organisation -> number.
    municipalities : dict
        Two-digit county code -> number of municipalities.
    """

    types: dict[str, int] = field(default_factory=dict)
    municipalities: dict[str, int] = field(default_factory=dict)

    def not_below(self, people: pd.DataFrame) -> Frames:
        """Return the numbers that are not contradicted: one below what takes part of its kind is as good as unknown.

        Parameters
        ----------
        people : DataFrame
            Organisations that take part, columns type and county (str, "" = none).
        """
        types = people["type"].value_counts()
        municipalities = people.loc[people["type"] == MUNICIPALITY, "county"].value_counts()
        return Frames(
            {t: n for t, n in self.types.items() if n >= types.get(t, 0)},
            {c: n for c, n in self.municipalities.items() if n >= municipalities.get(c, 0)},
        )

    def of(self, group: PeerGroup, types: set[str]) -> int | None:
        """Return the number of organisations that a peer group stands for; None where it is not known.

        Parameters
        ----------
        group : PeerGroup
        types : set of str
            Types of organisation that take part. `all` stands for every organisation of these types. Nobody
            has counted the organisations of a size class, nor a county's companies, so these have no frame.
        """
        if group.kind == "type":
            return self.types.get(group.type)
        if group.kind == "all" and types and types <= set(self.types):
            return sum(self.types[t] for t in types)
        return None


def load_frames(folder: Path | None = None) -> Frames:
    """Read sector.yaml of the parameters folder; a missing file means that no number is known.

    Raises
    ------
    InputError
        The file cannot be read, or holds something else than whole numbers from 1 (or null for unknown).
    """
    path = (folder or parameters_dir()) / "sector.yaml"
    if not path.is_file():
        return Frames()
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        remedy = "mend the file, or remove it: numbers of organisations are then unknown"
        raise InputError(
            Problem(path.name, f"cannot be read as YAML ({type(error).__name__})", remedy)
        ) from None
    problems: list[Problem] = []
    types = _read_numbers(raw, "types", problems, inner="organisations_n")
    municipalities = _read_numbers(raw, "municipalities_by_county", problems)
    if problems:
        raise InputError(problems)
    return Frames(types, municipalities)


def _read_numbers(raw: object, key: str, problems: list[Problem], inner: str = "") -> dict[str, int]:
    """Known numbers under one key; `inner` names the field that holds the number."""
    table = raw.get(key) or {} if isinstance(raw, dict) else None
    if not isinstance(table, dict):
        problems.append(
            Problem(f"sector.yaml, {key}", "is no table of numbers", "write one name: number a line")
        )
        return {}
    numbers: dict[str, int] = {}
    for name, entry in table.items():
        value = entry.get(inner) if inner and isinstance(entry, dict) else entry
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            numbers[str(name)] = value
        elif value is not None:
            remedy = "give a whole number from 1, or null where it is not known"
            problems.append(Problem(f"sector.yaml, {key}.{name}", "is no number of organisations", remedy))
    return numbers


def sampled_fraction(organisations_n: int, frame_n: int | None) -> float:
    """Return M/N; 0 where N is not known: as for a sector without an end."""
    return 0.0 if frame_n is None else organisations_n / frame_n
