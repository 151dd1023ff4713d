"""What a report on an instrument leads with, and what that is called in headings and in running text."""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.instrument.model import COMPOSITE, Instrument

#: level and key of a figure
Key = tuple[str, str]


@dataclass(frozen=True)
class LeadWords:
    """The forms of a name that sentences need.

    Attributes
    ----------
    name : str
        As a heading begins: "Digital mognad".
    running : str
        In the middle of a sentence: "digital mognad".
    own : str
        After a possessive: "(sin egen) digitala mognad".
    short : str
        Where a shorter word will do: "(störst) mognad".
    """

    name: str
    running: str
    own: str
    short: str


def lead_of(instrument: Instrument) -> Key:
    """Return the figure that is told first and drawn first: the composite, else the first dimension."""
    return tops_of(instrument)[0]


def tops_of(instrument: Instrument) -> list[Key]:
    """Return the figures that nothing stands above: the composite, else the dimensions."""
    return [COMPOSITE] if instrument.composite is not None else list_dimensions(instrument)


def top_of(instrument: Instrument, point: str) -> Key:
    """Return the top that a measure point counts in: the composite, else its dimension."""
    if instrument.composite is not None:
        return COMPOSITE
    category = next(p.category for p in instrument.points if p.id == point)
    return "dimension", next(c.dimension for c in instrument.categories if c.id == category)


def list_upper_keys(instrument: Instrument) -> list[Key]:
    """Return the composite, where there is one, and the dimensions."""
    return list(dict.fromkeys([*tops_of(instrument), *list_dimensions(instrument)]))


def list_dimensions(instrument: Instrument) -> list[Key]:
    """Return the dimensions as figures, in the file's order."""
    return [("dimension", d) for d in instrument.dimension_ids]


def name_composite(instrument: Instrument, language: str) -> LeadWords | None:
    """Return what the composite is called; None where there is none."""
    composite = instrument.composite
    if composite is None:
        return None
    name = instrument.text(composite.name, language)
    own, short = (instrument.text(form or {}, language) for form in (composite.own, composite.short))
    return LeadWords(name, begin_small(name), own or begin_small(name), short or begin_small(name))


def name_lead(instrument: Instrument, language: str) -> LeadWords:
    """Return what the figure that is told first is called."""
    composite = name_composite(instrument, language)
    if composite is not None:
        return composite
    name = instrument.text(instrument.dimensions[0].name, language)
    return LeadWords(name, *[begin_small(name)] * 3)


def name_survey(instrument: Instrument, language: str) -> str:
    """Return what titles call the survey: its composite's name, else its own."""
    composite = name_composite(instrument, language)
    return composite.name if composite is not None else instrument.text(instrument.name, language)


def begin_small(name: str) -> str:
    """Return a name as it stands in running text; an abbreviation keeps its capitals.

    Examples
    --------
    >>> begin_small("Digital mognad"), begin_small("IT-stöd")
    ('digital mognad', 'IT-stöd')
    """
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def begin_large(text: str) -> str:
    """Return a text as it begins a sentence, a title or a cell: with a capital, whatever follows it.

    Examples
    --------
    >>> begin_large("andra kommuner"), begin_large("")
    ('Andra kommuner', '')
    """
    return text[:1].upper() + text[1:]
