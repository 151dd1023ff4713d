"""Which points measure which factor: models by name, or as text in lavaan's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import suggest

#: names of models that an instrument has
NAMED = ("categories", "dimensions", "second_order")
SECOND_ORDER = "maturity_factor"
_LINE = re.compile(r"^(\w+)\s*(=~|~~)\s*(.+)$")


@dataclass(frozen=True)
class Structure:
    """A measurement model.

    Attributes
    ----------
    factors : dict of str to list of str
        Factor -> its points.
    above : dict of str to list of str
        Factor of a higher order -> its factors.
    together : list of (str, str)
        Pairs of points whose residuals vary together.
    apart : list of (str, str)
        Pairs of factors that do not vary together; all other factors that none stands above do.
    """

    factors: dict[str, list[str]]
    above: dict[str, list[str]] = field(default_factory=dict)
    together: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)

    @property
    def points(self) -> list[str]:
        """Points of all factors, each once, in the order of the factors."""
        return list(dict.fromkeys(p for points in self.factors.values() for p in points))

    @property
    def latent(self) -> list[str]:
        """All factors, those of a higher order last."""
        return [*self.factors, *self.above]

    def write(self) -> str:
        """The model in lavaan's language."""
        lines = [f"{f} =~ {' + '.join(parts)}" for f, parts in (self.factors | self.above).items()]
        lines += [f"{a} ~~ {b}" for a, b in self.together] + [f"{a} ~~ 0*{b}" for a, b in self.apart]
        return "\n".join(lines)


def name_structure(model: str, instrument: Instrument | None, columns: Sequence[str]) -> Structure:
    """Return a model by its name, or from text.

    Parameters
    ----------
    model : str
        "categories" (a factor a category, all correlated), "dimensions", "second_order" (a factor above the categories),
        or lines such as `visual =~ x1 + x2`, `x1 ~~ x2` (residuals vary together), `f1 ~~ 0*f2` (factors that do not).
    instrument : Instrument or None
        None knows no names.
    columns : sequence of str
        Points that there are.

    Raises
    ------
    InputError
        A model or a line that is not understood, or names that are not there; all at once.
    """
    if "=~" in model:
        return _read(model, columns)
    if instrument is None or model not in NAMED:
        what = f"“{model}” is no model" + ("" if instrument else " of a plain table")
        remedy = f"use one of {', '.join(NAMED)} with Answers, or lines such as f =~ a + b + c"
        raise InputError(Problem("model", what, remedy))
    categories = {
        _factor_name(c, columns): [p.id for p in instrument.points_of(c)] for c in instrument.category_ids
    }
    if model == "categories":
        return Structure(categories)
    if model == "second_order":
        return Structure(categories, {SECOND_ORDER: list(categories)})
    return Structure(
        {
            _factor_name(d, columns): [
                p.id for c in instrument.categories_of(d) for p in instrument.points_of(c.id)
            ]
            for d in instrument.dimension_ids
        }
    )


def _factor_name(name: str, columns: Sequence[str]) -> str:
    return f"{name}_factor" if name in columns else name


def _read(text: str, columns: Sequence[str]) -> Structure:
    structure = Structure({})
    problems = []
    loads: dict[str, list[str]] = {}
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        if (match := _LINE.match(line)) is None:
            problems.append(
                Problem(f"model, line {number}", f"“{line}” is not understood", "write f =~ a + b, or a ~~ b")
            )
        elif match[2] == "=~":
            loads.setdefault(match[1], []).extend(p.strip() for p in match[3].split("+"))
        else:
            pairs.append((number, match[1], match[3].strip()))
    known = set(columns)
    for factor, parts in loads.items():
        if factor in known:
            problems.append(
                Problem(f"model, {factor}", "a factor is called as a point is", "give it another name")
            )
        unknown = [p for p in parts if p not in known and p not in loads]
        problems += [
            Problem(f"model, {factor}", f"there is no point {p}{suggest(p, [*columns])}", "mend the name")
            for p in unknown
        ]
        above = [p in loads for p in parts]
        if any(above) and not all(above):
            problems.append(
                Problem(f"model, {factor}", "it has points and factors", "give it one or the other")
            )
        (structure.above if any(above) else structure.factors)[factor] = parts
    for number, one, other in pairs:
        fixed = other.startswith("0*")
        name, of = other.removeprefix("0*").strip(), set(structure.factors) if fixed else known
        lacking = [x for x in (one, name) if x not in of]
        remedy = "pairs are of two points (a ~~ b), or of two factors that do not vary together (f ~~ 0*g)"
        problems += [Problem(f"model, line {number}", f"“{x}” cannot stand here", remedy) for x in lacking]
        (structure.apart if fixed else structure.together).append((one, name))
    if problems:
        raise InputError(problems)
    return structure
