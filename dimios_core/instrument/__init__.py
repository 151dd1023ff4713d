"""The model as data: what is measured, with which statements, on which scales, in which languages."""

from dimios_core.instrument.crossing import common_across, common_items, find_crosswalk_faults, find_returned
from dimios_core.instrument.crosswalk import Crosswalk
from dimios_core.instrument.load import earlier_file, instruments_dir, list_instruments, load_instrument
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
    "Crosswalk",
    "Dimension",
    "Instrument",
    "Item",
    "Point",
    "Quadrants",
    "Role",
    "Scale",
    "Text",
    "common_across",
    "common_items",
    "earlier_file",
    "find_crosswalk_faults",
    "find_returned",
    "instruments_dir",
    "list_instruments",
    "load_instrument",
]
