"""The shape of a survey instrument: dimensions, categories, measure points, items, scales, roles, quadrants.

The models hold one validated instrument and answer questions about it. What a file must fulfil beyond
types (references, languages, borders) is checked in `dimios_core.instrument.check`, which sees every
fault at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from dimios_core.documents import Frozen
from dimios_core.instrument.crosswalk import Crosswalk

#: language -> text; the languages are those of the instrument
Text = dict[str, str]

DEFAULT_SCALE = "default"
#: the role of respondents whose role is not known; reserved, never declared in a file
UNKNOWN_ROLE = "unknown"
DEFAULT_BORDER_PCT = 50.0
#: what an instrument without a level above the dimensions says of it
NO_COMPOSITE = "none"
#: level and key of the composite in every table, whatever an instrument calls it
COMPOSITE = ("maturity", "maturity")

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


class Scale(Frozen):
    """An answer scale: numbers from `lowest` to `highest` in steps, and what to call them.

    Parameters
    ----------
    lowest, highest : float
        The ends of the scale, `lowest` < `highest`.
    step : float
        Distance between two neighbouring answers, in the scale's units; default 1.
    labels : dict of float to Text
        What an answer is called; may be empty or name only some of the answers.
    dont_know : Text or None
        What the answer "don't know" is called; None where the scale offers none.
    """

    lowest: Number
    highest: Number
    step: Number = 1.0
    labels: dict[float, Text] = Field(default_factory=dict)
    dont_know: Text | None = None

    @property
    def answer_categories_n(self) -> int:
        """Number of answers to choose from, "don't know" not counted.

        Examples
        --------
        >>> Scale(lowest=1, highest=5).answer_categories_n
        5
        >>> Scale(lowest=0, highest=1, step=0.25).answer_categories_n
        5
        """
        return round((self.highest - self.lowest) / self.step) + 1


class Role(Frozen):
    """A role that respondents have in their organisation. The id "unknown" is reserved."""

    id: str
    name: Text


class Composite(Frozen):
    """The level above the dimensions, the one number that a whole survey comes to.

    Parameters
    ----------
    name : Text
        What it is called, as a heading begins: "Digital mognad". Running text begins it with a small letter.
    own : Text or None
        What it is called after a possessive, where that is another form: "(sin egen) digitala mognad".
    short : Text or None
        A shorter word, where one will do: "(störst) mognad".
    """

    name: Text
    own: Text | None = None
    short: Text | None = None


def _read_composite(given: Any) -> Any:
    return None if given == NO_COMPOSITE else given


def _write_composite(composite: Composite | None) -> Any:
    return NO_COMPOSITE if composite is None else composite.model_dump()


class Dimension(Frozen):
    """A dimension of the model; `weight` is its share in the composite relative to the other dimensions."""

    id: str
    name: Text
    definition: Text = Field(default_factory=dict)
    weight: Number = 1.0


class Category(Frozen):
    """A category of a dimension; `weight` is relative to the dimension's other categories."""

    id: str
    dimension: str
    name: Text
    definition: Text = Field(default_factory=dict)
    weight: Number = 1.0


class Item(Frozen):
    """A statement that respondents answer; with `reversed` a high answer counts as a low one."""

    id: str
    statement: Text
    reversed: Flag = False
    scale: str = DEFAULT_SCALE


class Point(Frozen):
    """A measure point of a category, with one item or several; `weight` is relative within the category."""

    id: str
    category: str
    name: Text
    definition: Text = Field(default_factory=dict)
    weight: Number = 1.0
    items: list[Item] = Field(min_length=1)


class Cell(Frozen):
    """One of the four quadrants: where it lies, its name, and what its leaders are advised to do."""

    id: Literal["A", "B", "C", "D"]
    across: Literal["low", "high"]
    upwards: Literal["low", "high"]
    name: Text
    summary: Text
    recommendation: Text


class Quadrants(Frozen):
    """The plane of two dimensions, cut at `border` per cent into four cells; the border itself counts as high.

    `across_open` and `upwards_open` say in a sentence that it cannot be told on which side of the border one lies.
    """

    across: str
    upwards: str
    border: Number = DEFAULT_BORDER_PCT
    across_low: Text
    across_high: Text
    upwards_low: Text
    upwards_high: Text
    across_open: Text | None = None
    upwards_open: Text | None = None
    cells: list[Cell]

    def cell_at(self, across_pct: float, upwards_pct: float) -> Cell:
        """Return the cell of a position.

        Parameters
        ----------
        across_pct, upwards_pct : float
            Scores of the two dimensions, 0-100. The border itself counts as high.

        Returns
        -------
        Cell
        """
        across = "high" if across_pct >= self.border else "low"
        upwards = "high" if upwards_pct >= self.border else "low"
        return next(c for c in self.cells if c.across == across and c.upwards == upwards)


class Instrument(Frozen):
    """A survey instrument: the model as data.

    Parameters
    ----------
    id : str
        Slug of the instrument, the name of its file.
    version : int
        Version of the model, from 1.
    languages : list of str
        Language codes; every text has all of them, the first is the default.
    name, source : Text
        Name of the instrument; origin of its wording.
    scales : dict of str to Scale
        Answer scales by id; one is called "default".
    roles : list of Role
        Roles as declared; "unknown" is not among them (see `role_ids`).
    composite : Composite or None
        The level above the dimensions; None where the dimensions stand by themselves ("none" in a file).
    dimensions, categories, points : list
        The hierarchy, in the order in which it is shown.
    quadrants : Quadrants or None
        The plane of two dimensions; None for instruments without one.
    crosswalk : Crosswalk or None
        What became of the points of an earlier version; None for a model that follows none.
    """

    id: str
    version: Annotated[int, Field(strict=True, ge=1)]
    languages: list[str] = Field(min_length=1)
    name: Text
    source: Text
    scales: dict[str, Scale]
    roles: list[Role] = Field(default_factory=list)
    composite: Annotated[
        Composite | None, BeforeValidator(_read_composite), PlainSerializer(_write_composite)
    ]
    dimensions: list[Dimension] = Field(min_length=1)
    categories: list[Category] = Field(min_length=1)
    points: list[Point] = Field(min_length=1)
    quadrants: Quadrants | None = None
    crosswalk: Crosswalk | None = None

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items by id, in the order of their points."""
        return {item.id: item for point in self.points for item in point.items}

    @cached_property
    def point_of_item(self) -> dict[str, str]:
        """Point id by item id."""
        return {item.id: point.id for point in self.points for item in point.items}

    @cached_property
    def dimension_of(self) -> dict[str, str]:
        """Dimension id by the id of a measure point, a category or a dimension."""
        found = {dimension.id: dimension.id for dimension in self.dimensions}
        found |= {category.id: category.dimension for category in self.categories}
        return found | {point.id: found[point.category] for point in self.points}

    @property
    def item_ids(self) -> list[str]:
        """Ids of the items, in the order of their points."""
        return list(self.items)

    @property
    def point_ids(self) -> list[str]:
        """Ids of the measure points, in the file's order."""
        return [point.id for point in self.points]

    @property
    def category_ids(self) -> list[str]:
        """Ids of the categories, in the file's order."""
        return [category.id for category in self.categories]

    @property
    def dimension_ids(self) -> list[str]:
        """Ids of the dimensions, in the file's order."""
        return [dimension.id for dimension in self.dimensions]

    @property
    def role_ids(self) -> list[str]:
        """Ids of the roles that an answer may have: the declared ones, then "unknown"."""
        return [*(role.id for role in self.roles), UNKNOWN_ROLE]

    def scale_of_item(self, item_id: str) -> Scale:
        """Return the answer scale of an item."""
        return self.scales[self.items[item_id].scale]

    def categories_of(self, dimension_id: str) -> list[Category]:
        """Return the categories of a dimension, in the file's order."""
        return [category for category in self.categories if category.dimension == dimension_id]

    def points_of(self, category_id: str) -> list[Point]:
        """Return the measure points of a category, in the file's order."""
        return [point for point in self.points if point.category == category_id]

    def text(self, mapping: Mapping[str, str], language: str) -> str:
        """Return a text in a language.

        Parameters
        ----------
        mapping : Text
            A text of this instrument; an empty one (a definition left out) gives "".
        language : str
            One of the instrument's languages, such as "sv": no other stands in for it.

        Raises
        ------
        KeyError
            The instrument has no words in that language.
        """
        return mapping[language] if mapping else ""
