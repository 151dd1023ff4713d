"""The words and limits of published results, for all who make, check or read them. Nothing is computed here."""

from __future__ import annotations

#: unit or role that stands for all
ALL = "*"
#: people directly under a unit that has units of its own
DIRECT = ".direct"
#: a plan's unit that is no longer among the organisation's units
UNIT_GONE = ".gone"
#: role of those whose role is not known
UNKNOWN_ROLE = "unknown"

#: answers behind any published figure, unless an organisation asks for more
THRESHOLD = 5
#: a share of don't know from here on is told as this bound where nearly all said so
DONT_KNOW_MOST = 0.95
#: people invited, and people who did not answer, behind a published response rate
INVITED_MIN = 5
NON_ANSWERERS_MIN = 3
#: fewer respondents: no claim of certainty and no quadrant
CERTAINTY_N_MIN = 8
#: effects of the mix of roles on a change that are smaller are not told to matter, percentage points
MIX_EFFECT_MIN_PP = 1.0
#: calendar years behind a trend
TREND_YEARS_MIN = 3

#: other organisations behind a published mean, and behind anything that can be worked out from means
PEERS_MIN = 5
#: an own organisation takes part, so a group needs one more
GROUP_MIN = PEERS_MIN + 1
#: organisations behind published quartiles (with fewer, quartiles are organisations' own scores)
QUARTILES_MIN = 12

#: response rates: lower limit of each band, and its name
RATE_BANDS = ((0.80, "80+"), (0.60, "60-79"), (0.40, "40-59"), (0.0, "<40"))


def band_of(share: float) -> str:
    """Return the band of a response rate: "<40", "40-59", "60-79" or "80+"."""
    return next(name for lower, name in RATE_BANDS if share >= lower)
