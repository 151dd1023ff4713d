"""People common to two periods: the error of a published change rests on them, so its versions differ by what they change."""

from __future__ import annotations

import numpy as np

from dimios_core.results.versions.people import list_contents
from dimios_core.results.versions.releases import Version


def panels_stand(old: tuple[Version, Version], new: tuple[Version, Version], threshold: int) -> bool:
    """Tell whether, in every group, none or enough of the people common to two periods differ between two versions.

    Parameters
    ----------
    old, new : (Version, Version)
        Both periods as they were published, and as they would be.
    threshold : int
        A panel of fewer counts as none, and has no part in what is published.
    """
    before, after = _common(*old), _common(*new)
    for group in before.keys() & after.keys():
        was, now = before[group], after[group]
        if min(len(was), len(now)) >= threshold:
            differ = sum(was.get(person) != now.get(person) for person in was.keys() | now.keys())
            if 0 < differ < threshold:
                return False
    return True


def _common(one: Version, other: Version) -> dict[tuple[str, str], dict[int, tuple]]:
    """Group -> person -> what they said in both periods, of groups shown in both."""
    first, second = _members(one), _members(other)
    return {
        group: {p: (first[group][p], second[group][p]) for p in first[group].keys() & second[group].keys()}
        for group in first.keys() & second.keys()
    }


def _members(version: Version) -> dict[tuple[str, str], dict[int, object]]:
    """Group -> person -> what they said, of groups of which anything is shown."""
    said = dict(
        enumerate(zip(version.respondents.person.tolist(), list_contents(version.respondents), strict=True))
    )
    shown = np.any(version.shown["answers"], axis=1)
    return {
        group: dict(said[i] for i in inside.nonzero()[0].tolist())
        for group, inside, some in zip(version.block.groups, version.inside, shown, strict=True)
        if some
    }
