"""Controls of the reports on many organisations: which group, and which figure."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.instrument.lead import begin_large, lead_of
from dimios_core.report.figures import Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.sector.sector_facts import EVERYBODY, SectorFacts, list_keys
from dimios_core.report.widgets import Control


def offer_groups(narrator: Narrator, groups: Sequence[SectorFacts]) -> Control:
    """Return the control "group" that chooses among groups; all organisations at first."""
    names = [narrator.name_group(g.name) for g in groups]
    options = tuple((begin_large(n), g.group) for n, g in zip(names, groups, strict=True))
    return Control("group", narrator.say("sector.control.group"), options, EVERYBODY)


def offer_keys(narrator: Narrator) -> Control:
    """Return the control "key" that chooses among composite, dimensions and categories; what a report leads with at first.

    `split_key` reads what it chooses.
    """
    keys = [k for k in list_keys(narrator.instrument) if k[0] != "point"]
    options = tuple((narrator.name(*k), ":".join(k)) for k in keys)
    return Control("key", narrator.say("sector.control.key"), options, ":".join(lead_of(narrator.instrument)))


def split_key(key: str) -> Key:
    """Split what the control "key" chooses into (level, key).

    >>> split_key("category:users")
    ('category', 'users')
    """
    level, _, name = key.partition(":")
    return level, name
