"""Findings of the page on how the measurement was made, and who tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.published.conventions import MIX_EFFECT_MIN_PP
from dimios_core.report.figures import OTHER_VERSION, Comparison, Key
from dimios_core.report.finding import FEW_N, Finding, find_level
from dimios_core.report.groups.group_facts import GroupFacts
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.pages.about_measurement.facts import (
    OTHER_WEIGHTINGS,
    AboutFacts,
    MixedChange,
    RoleMix,
)
from dimios_core.report.texts import add_filters


def find_trust(facts: Facts, groups: GroupFacts) -> list[Finding]:
    """Return how much the result can be trusted: who answered, how sure the level is, what is not shown."""
    found = [Finding(f"about_answered_{_band(facts)}"), *(find_level(f) for f in facts.tops)]
    if (n := facts.respondents_n) is not None and n < FEW_N:
        found.append(Finding("few_answers", numbers={"n": n}))
    return [*found, *find_hidden(facts, groups)]


def _band(facts: Facts) -> str:
    if facts.response is None:
        return "unknown"
    return {"<40": "low", "40-59": "half", "60-79": "most", "80+": "high"}[facts.response[3]]


def find_hidden(facts: Facts, groups: GroupFacts) -> list[Finding]:
    """Return how many measure points, units and roles are shown, of how many; units where nobody answered by themselves."""
    points = facts.of_level("point")
    shown_n = sum(f.published for f in points)
    kind = "all" if shown_n == len(points) else "none" if not shown_n else "some"
    found = [Finding(f"about_points_{kind}", numbers={"shown_n": shown_n, "of_n": len(points)})]
    shown = {g for (g, _), f in groups.figures.items() if f.published}
    heard = {g for (g, _), f in groups.figures.items() if f.status != "no_answers"}
    for side, members in (("units", groups.unit_groups()), ("roles", groups.role_groups())):
        if not members:
            continue
        open_n = sum(m in shown for m in members)
        kind = "all" if open_n == len(members) else "none" if not open_n else "some"
        numbers = {"shown_n": open_n, "of_n": len(members), "silent_n": sum(m not in heard for m in members)}
        found.append(Finding(f"about_{side}_{kind}", numbers=numbers))
    return found


def find_reliability(facts: AboutFacts, categories: Sequence[str]) -> list[Finding]:
    """Return how the points of a category are to be read together."""
    known = any(facts.internal(k) for k in categories)
    return [Finding("about_reliability_index" if known else "about_reliability_none")]


def find_coefficients(facts: AboutFacts, categories: Sequence[str]) -> list[Finding]:
    """Return how alike a category's points are answered, and how well organisations can be told apart."""
    internal = [c for k in categories if (found := facts.internal(k)) for c in found[1:]]
    if not internal:
        return []
    values = [c.value for c in internal]
    own_n = sum(c.own for c in internal)
    kind = "own" if own_n == len(internal) else "mixed" if own_n else "pooled"
    numbers: dict[str, Any] = {"low": min(values), "high": max(values), "own_n": own_n, "of_n": len(internal)}
    numbers["organisations_n"] = max((c.organisations_n or 0 for c in internal), default=0)
    found_all = [Finding(f"about_reliability_{kind}", numbers=numbers), Finding("about_reliability_low")]
    means = [c.value for k in categories if (c := facts.coefficients.get((k, "icc2"))) is not None]
    if means:
        found_all.append(Finding("about_reliability_means", numbers={"low": min(means), "high": max(means)}))
    return found_all


def find_role_mix(facts: AboutFacts, lead: Key) -> list[Finding]:
    """Return whether the mix of roles moved the result, and what the change of `lead` is with the mix held still."""
    mix = facts.role_mix
    if facts.years_n < 2 and mix is None:
        return [Finding("about_mix_first")]
    if mix is None:
        return [Finding("about_mix_absent")]
    told = _choose_change(mix, lead)
    change = mix.changes.get(told, MixedChange(Comparison("incomplete")))
    if change.still.status == OTHER_VERSION:
        return [Finding("about_mix_versions", numbers={"since": mix.since})]
    if not change.still.published:
        wanted = "needed" if change.needed else "small"
        return [Finding(f"about_mix_{wanted}_hidden", numbers={"since": mix.since})]
    within = max(abs(change.low or 0.0), abs(change.high or 0.0)) < MIX_EFFECT_MIN_PP
    wanted = "needed" if change.needed else "small" if within else "open"
    numbers = {
        "since": mix.since, "shift": mix.shift, "kept": mix.kept, "plain": change.plain, "value": change.still.value,
        "low": change.still.low, "high": change.still.high, "effect": change.effect, "effect_low": change.low,
        "effect_high": change.high,
    }  # fmt: skip
    return [Finding(f"about_mix_{wanted}", (told,), numbers)]


def _choose_change(mix: RoleMix, lead: Key) -> Key:
    """Choose what is told of: the lead, or where the mix matters more for another level, that one."""
    own = mix.changes.get(lead)
    needed = [k for k, c in mix.changes.items() if c.needed and c.effect is not None]
    if not needed or (own is not None and own.needed):
        return lead
    return max(needed, key=lambda k: abs(mix.changes[k].effect or 0.0))


def find_weighting(facts: Facts, about: AboutFacts) -> list[Finding]:
    """Return whether another weighting changes the message.

    It does where it leaves the figure's own 95 % interval, or carries a dimension over the quadrants' border.
    """
    compared = _compare_weightings(facts, about)
    if not compared:
        return [Finding("about_weighting_absent")]
    outside = tuple(dict.fromkeys(c.key for c in compared if c.outside))
    crossed = tuple(dict.fromkeys(c.key for c in compared if c.crossed))
    kind = "about_weighting_differs" if outside else "about_weighting_same"
    found = [Finding(kind, outside, {"of_n": len(compared)})]
    if crossed:
        assert facts.instrument.quadrants is not None
        numbers = {"border": facts.instrument.quadrants.border}
        found.append(Finding("about_weighting_border", crossed, numbers))
    return found


def find_weightings(facts: Facts, about: AboutFacts) -> list[Finding]:
    """Return which other weightings were tried, where the difference is largest, and which results leave their intervals."""
    compared = _compare_weightings(facts, about)
    if not compared:
        return []
    widest = max(compared, key=lambda c: abs(c.value))
    numbers = {
        "value": widest.value,
        "weighting": widest.weighting,
        "weightings": [w for w in OTHER_WEIGHTINGS if any(used == w for _, used in about.weightings)],
    }
    found = [Finding("about_weighting_widest", (widest.key,), numbers)]
    for name, wanted in (("outside", "outside"), ("crossed", "over")):
        ways: dict[Key, list[str]] = {}
        for c in compared:
            if getattr(c, name):
                ways.setdefault(c.key, []).append(c.weighting)
        found += [Finding(f"about_weighting_{wanted}", (k,), {"weightings": w}) for k, w in ways.items()]
    kind = f"about_frame_{about.cells.replace('-', '_')}" if about.cells else "about_frame_absent"
    return [*found, Finding(kind)]


@dataclass(frozen=True)
class _Compared:
    """A result with another weighting: how far it lies from the model's, and whether that changes what is said of it."""

    key: Key
    weighting: str
    value: float
    outside: bool
    crossed: bool


def _compare_weightings(facts: Facts, about: AboutFacts) -> list[_Compared]:
    """Return every result with another weighting beside the model's, in the order of the facts."""
    plane, compared = facts.instrument.quadrants, []
    for (key, weighting), score in about.weightings.items():
        figure, model = facts.figures.get(key), about.weightings.get((key, "model"))
        if weighting not in OTHER_WEIGHTINGS or model is None or figure is None:
            continue
        inside = figure.low is None or figure.high is None or figure.low <= score <= figure.high
        over = plane is not None and (score >= plane.border) != (model >= plane.border)
        crossed = over and key[0] == "dimension"
        compared.append(_Compared(key, weighting, score - model, not inside, crossed))
    return compared


@dataclass(frozen=True)
class AboutNarrator(GroupNarrator):
    """Tells how the measurement of one organisation and period was made.

    Parameters
    ----------
    about : AboutFacts
    """

    about: AboutFacts


add_filters(
    ways=lambda narrator, names: narrator.number.listed(
        [narrator.say(f"about.weightings.{n}") for n in names]
    ),
    way=lambda narrator, name: narrator.say(f"about.weightings.{name}"),
)
