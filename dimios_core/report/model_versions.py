"""What a page says of a model that has another version than in periods before: on what changes rest, what is new, what is gone."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.published.store import PublicResults, PublishedResults
from dimios_core.report.narrative import Narrator


def tell_versions(narrator: Narrator, results: PublicResults, period: str) -> list[str]:
    """Return sentences on the version of the model in a period, where a period before was asked with another.

    Parameters
    ----------
    narrator : Narrator
    results : PublicResults
        Of an organisation: its own periods count. Of all: every published one.
    period : str

    Returns
    -------
    list of str
        Empty where no period before has another version.
    """
    own = results.profile["periods"] if isinstance(results, PublishedResults) else None
    before = results.earlier_version(period, own)
    if before is None:
        return []
    then, now = results.version_of(before), results.version_of(period)
    about = {"before": before, "then": then, "now": now, "n": len(results.common_points(period, before))}
    if own is None:
        told = [narrator.say("versions.groups", **about)]
    else:
        last = max(p for p in own if p < period)
        told = [
            narrator.say(f"versions.{'changes' if last == before else 'further_back'}", last=last, **about)
        ]
    for what, one, other in (("new", period, before), ("gone", before, period)):
        if names := _name_others(narrator, results, one, other):
            told.append(narrator.say(f"versions.{what}", points=narrator.number.listed(names), **about))
    return told


def _name_others(narrator: Narrator, results: PublicResults, one: str, other: str) -> Sequence[str]:
    """Name the points of a period's version whose scores mean nothing in that of another."""
    model, kept = results.models[results.version_of(one)], results.common_points(one, other)
    language = narrator.language if narrator.language in model.languages else model.languages[0]
    return [model.text(p.name, language) for p in model.points if p.id not in kept]
