"""The model as data: what is measured, with which statements, on which scales, in which languages."""

from dimios_core.instrument.load import list_instruments, load_instrument
from dimios_core.instrument.model import (
    COMPOSITE,
    DEFAULT_SCALE,
    UNKNOWN_ROLE,
    Category,
    Cell,
    Composite,
    Dimension,
    Instrument,
    Item,
    Point,
    Quadrants,
    Role,
    Scale,
    Text,
)

__all__ = [
    "COMPOSITE",
    "DEFAULT_SCALE",
    "UNKNOWN_ROLE",
    "Category",
    "Cell",
    "Composite",
    "Dimension",
    "Instrument",
    "Item",
    "Point",
    "Quadrants",
    "Role",
    "Scale",
    "Text",
    "list_instruments",
    "load_instrument",
]
