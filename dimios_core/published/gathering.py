"""What several pages of a report gather from published results, gathered once: each has read all that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from dimios_core.published.reads import Content
from dimios_core.published.store import PublicResults, PublishedResults

T = TypeVar("T")
#: what was gathered, and the files that it was gathered from; by what gathers it, of whose results, and what it is given
_GATHERED: dict[Hashable, tuple[Any, dict[str, str]]] = {}


def gather_once(gather: Callable[..., T], results: PublishedResults, *given: Hashable) -> T:
    """Return `gather(results, *given)`; where contents are kept, it is gathered once for all who open these results.

    It is gathered from results that are opened anew, so that all it rests on is known, and whoever asks for it has read
    that. It is gathered anew when one of these files holds something else.

    Parameters
    ----------
    gather : callable
        What it returns must not be changed, and must not hold the results.
    results : PublishedResults
        Notes the files. What is gathered is in the same version of the model (`PublicResults.as_asked`).
    *given
        What else the callable takes.
    """
    return _gather(gather, results, results.apart, (results.organisation, *given))


def gather_public_once(gather: Callable[..., T], results: PublicResults, *given: Hashable) -> T:
    """Gather, as `gather_once` does, from what all may read: what is gathered for one organisation is there for the others.

    Parameters
    ----------
    gather : callable
        Gets the public part alone, where contents are kept.
    results : PublicResults
    *given
        Nothing of an organisation's own.
    """
    return _gather(gather, results, results.apart_public, (None, *given))


def _gather(
    gather: Callable[..., T],
    results: PublicResults,
    open_anew: Callable[[], PublicResults],
    given: tuple[Hashable, ...],
) -> T:
    """Gather from results that are opened anew; `given` begins with whose they are."""
    if Content.kept is None:
        return gather(results, *given[1:])
    key = (gather, results.root, results.asked, given)
    found = _GATHERED.get(key)
    if found is None or not results.reads.agree(found[1]):
        apart = open_anew()
        found = _GATHERED[key] = gather(apart, *given[1:]), apart.reads.as_dict()
    results.reads.include(found[1])
    return found[0]


@contextmanager
def kept_within() -> Iterator[None]:
    """Keep what is read and gathered while the block lasts, beside what is kept already: a report in a process that outlives it."""
    contents, gathered = Content.kept, dict(_GATHERED)
    Content.kept = dict(contents or {})
    try:
        yield
    finally:
        Content.kept = contents
        _GATHERED.clear()
        _GATHERED.update(gathered)
