"""A finding: one thing that facts say. Data, not a sentence; the same finding gives the same words everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dimios_core.report.figures import Figure

#: more don't-know than this is worth talking about
DONT_KNOW_FLAG_SHARE = 0.30
#: a smaller share of the invited: said beside the figure
LOW_RESPONSE_SHARE = 0.60
#: fewer respondents: "few answers"
FEW_N = 12
#: how many points are named where a sentence names the strongest or weakest
NAMED_N = 3


@dataclass(frozen=True)
class Finding:
    """One thing that the facts say.

    Attributes
    ----------
    kind : str
        Which sentence tells it: a key of the texts.
    subject : tuple of (level, key)
        What it is about.
    numbers : dict
        What the sentence needs, unformatted.
    """

    kind: str
    subject: tuple[tuple[str, str], ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)


def find_level(figure: Figure) -> Finding:
    """Return the level of a figure with its interval, its bound near an end of the scale, or why there is none."""
    subject = ((figure.level, figure.key),)
    if not figure.published:
        return Finding(f"level_{figure.status}", subject)
    if figure.bound:
        return Finding(f"level_{figure.bound}", subject, {"score": figure.score, "n": figure.n})
    return Finding(
        "level", subject, {"score": figure.score, "low": figure.low, "high": figure.high, "n": figure.n}
    )


def is_flagged(figure: Figure) -> bool:
    """Tell whether so many do not know that it is worth talking about: more than thirty percent."""
    return figure.dont_know_share is not None and figure.dont_know_share > DONT_KNOW_FLAG_SHARE
