"""What a deck of slides holds, free of any file format."""

from __future__ import annotations

from dataclasses import dataclass, field

Numbers = tuple[float | None, ...]


@dataclass(frozen=True)
class Levels:
    """Levels with their 95 % intervals, beside a reference.

    Attributes
    ----------
    names : tuple of str
        What each level is of.
    scores, lows, highs : tuple of float or None
        Percent; None leaves a gap.
    own, interval : str
        What the scores and their intervals are called.
    reference : str
        What `references` is called; "" where there is none.
    references : tuple of float or None
        Percent.
    joined : bool
        The levels follow each other in time: a line joins them.
    """

    names: tuple[str, ...]
    scores: Numbers
    lows: Numbers
    highs: Numbers
    own: str
    interval: str
    reference: str = ""
    references: Numbers = ()
    joined: bool = False


@dataclass(frozen=True)
class Shares:
    """Shares of people, 0-1, one bar each."""

    names: tuple[str, ...]
    shares: Numbers
    called: str


@dataclass(frozen=True)
class Dot:
    """A place in the plane, percent, with the half widths of its 95 % intervals where they are told."""

    name: str
    across: float
    upwards: float
    half_across: float | None = None
    half_upwards: float | None = None


@dataclass(frozen=True)
class Plane:
    """Places in the plane of two dimensions.

    Attributes
    ----------
    across, upwards : str
        Names of the dimensions.
    border : float
        Where the quadrants meet, percent.
    low, high : float
        The part of 0-100 that is shown.
    corners : tuple of str
        Names of the quadrants: lower left, lower right, upper left, upper right.
    path_name, own_name : str
        What the earlier places and the present one are called.
    path : tuple of Dot
        One's own, oldest first; the last is the present one.
    reference : Dot or None
        The others' mean.
    peers_name : str
        What `peers` are called.
    peers : tuple of Dot
        Others that show their places.
    region_name : str
        What `region` is called.
    region : tuple of (across, upwards)
        Corners of the 95 % region of one's own place; without it, its intervals are a cross.
    """

    across: str
    upwards: str
    border: float
    low: float
    high: float
    corners: tuple[str, str, str, str]
    path_name: str
    own_name: str
    path: tuple[Dot, ...]
    reference: Dot | None = None
    peers_name: str = ""
    peers: tuple[Dot, ...] = ()
    region_name: str = ""
    region: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Profile:
    """Levels as a line round a centre, beside those of a reference; percent."""

    names: tuple[str, ...]
    own: str
    scores: Numbers
    reference: str
    references: Numbers


@dataclass(frozen=True)
class SlideTable:
    """Words in rows; `shares` are of the table's width, `numeric` columns are set to the right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes
    ----------
    title : str
    lead : str
        The answer, in a sentence or two.
    points : tuple of str
        Words below each other.
    big : str
        One figure, large; `under` stands below it.
    chart : Levels, Shares, Plane, Profile or None
    table : SlideTable or None
    notes : str
        What to say, in paragraphs.
    told : str
        What a chart shows, for those who do not see it.
    """

    title: str
    lead: str = ""
    points: tuple[str, ...] = ()
    big: str = ""
    under: str = ""
    chart: Levels | Shares | Plane | Profile | None = None
    table: SlideTable | None = None
    notes: str = ""
    told: str = ""


@dataclass(frozen=True)
class Deck:
    """A deck of slides.

    Attributes
    ----------
    title, subtitle : str
        Of the first slide.
    footer : str
        On every slide: whom it is about, and the demo label.
    notes : str
        Of the first slide: how to use the deck.
    language : str
    slides : tuple of Slide
        After the first.
    reads : dict of name -> digits
        The published files that it was made of.
    """

    title: str
    subtitle: str
    footer: str
    notes: str
    language: str
    slides: tuple[Slide, ...]
    reads: dict[str, str] = field(default_factory=dict)
