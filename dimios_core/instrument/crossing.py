"""From one version of a model to the next: whether a crosswalk is whole, and which items it makes comparable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dimios_core.instrument.crosswalk import Crosswalk
from dimios_core.instrument.model import Instrument, Item, Point
from dimios_core.instrument.shape import ValuePath, remedy_for_name

#: where a fault lies, what it is, and how to mend it
Fault = tuple[ValuePath, str, str]
_AT = "crosswalk"
#: what of a scale a score in percent is computed from
_SCALE = ("lowest", "highest", "step")


def find_crosswalk_faults(before: Instrument, after: Instrument) -> list[Fault]:
    """Find every fault of a crosswalk.

    Parameters
    ----------
    before : Instrument
        The earlier version.
    after : Instrument
        The version that has the crosswalk.

    Returns
    -------
    list of (path in the file, what, remedy)
        Empty if every point of both versions is named once, and every point that is kept has the items it had.
    """
    walk = after.crosswalk
    assert walk is not None
    if (walk.from_version, after.id) != (before.version, before.id):
        what = f"the earlier model is {before.id!r}, version {before.version}"
        return [((_AT, "from_version"), what, "give the model file of that version")]
    found = [
        *_check_side(_earlier_names(walk), before.point_ids, f"version {before.version}", "gone"),
        *_check_side(_today_names(walk), after.point_ids, f"version {after.version}", "new"),
        *_check_sizes(walk),
        *_check_ids(walk, before, after),
    ]
    for check in (_check_items, _check_points_kept, _check_comparable):
        found = found or [*check(walk, before, after)]
    if not found and not common_items(before, after):
        what = f"nothing means the same as in version {before.version}"
        found = [
            ((_AT,), what, "a model with nothing in common is another instrument: give it an id of its own")
        ]
    return found


def find_returned(older: Iterable[Instrument], before: Instrument, after: Instrument) -> list[Fault]:
    """Find ids of a version that the one before it lacks, and older ones had: they would mean another thing than then.

    Parameters
    ----------
    older : iterable of Instrument
        The versions that lead to `before`.
    before, after : Instrument
        A version and the one that has the crosswalk from it.

    Returns
    -------
    list of (path in the file, what, remedy)
    """
    had = sorted(older, key=lambda model: model.version)
    points = {p: model.version for model in had for p in model.point_ids if p not in before.point_ids}
    items = {i: model.version for model in had for i in model.items if i not in before.items}
    found = []
    for i, point in enumerate(after.points):
        if point.id in points:
            found.append(_refuse_id(("points", i, "id"), point.id, "measure point", points[point.id]))
        for j, item in enumerate(point.items):
            if item.id in items:
                found.append(_refuse_id(("points", i, "items", j, "id"), item.id, "item", items[item.id]))
    return found


def _refuse_id(path: ValuePath, name: str, kind: str, version: int) -> Fault:
    return path, f"{name!r} was another {kind} in version {version}", "give this one an id of its own"


def common_items(before: Instrument, after: Instrument) -> dict[str, str]:
    """Return items whose scores mean the same in both versions: earlier id -> today's.

    They are the items of points that are the same or renamed. A point that is answered on another scale counts only where
    the crosswalk declares it comparable.

    Examples
    --------
    A point that is renamed, with one item that is renamed, too: {"a1": "b1"}.
    """
    walk = after.crosswalk
    assert walk is not None
    points = {point.id: point for point in before.points}
    return {
        item.id: walk.items.get(item.id, item.id)
        for old, new in walk.kept.items()
        if new in walk.comparable or not _has_other_scale(points[old], walk, before, after)
        for item in points[old].items
    }


def common_across(models: Mapping[int, Instrument], earlier: int, later: int) -> dict[str, str]:
    """Return items whose scores mean the same in two versions, and in all between: earlier id -> later id.

    Parameters
    ----------
    models : mapping
        Version -> model, of both and of all versions that crosswalks lead over.
    """
    model = models[later]
    if earlier == later:
        return {item: item for item in model.items}
    assert model.crosswalk is not None  # one leads here, or the answers had been refused
    between = model.crosswalk.from_version
    last = common_items(models[between], model)
    return {item: last[via] for item, via in common_across(models, earlier, between).items() if via in last}


def _earlier_names(walk: Crosswalk) -> Iterator[tuple[ValuePath, str]]:
    yield from (((_AT, "same", i), p) for i, p in enumerate(walk.same))
    yield from (((_AT, part, p), p) for part in ("renamed", "split") for p in getattr(walk, part))
    yield from (((_AT, "merged", new, i), p) for new, old in walk.merged.items() for i, p in enumerate(old))
    yield from (((_AT, "gone", i), p) for i, p in enumerate(walk.gone))


def _today_names(walk: Crosswalk) -> Iterator[tuple[ValuePath, str]]:
    yield from (((_AT, "same", i), p) for i, p in enumerate(walk.same))
    yield from (((_AT, "renamed", old), p) for old, p in walk.renamed.items())
    yield from (((_AT, "split", old, i), p) for old, new in walk.split.items() for i, p in enumerate(new))
    yield from (((_AT, "merged", p), p) for p in walk.merged)
    yield from (((_AT, "new", i), p) for i, p in enumerate(walk.new))


def _check_side(
    names: Iterator[tuple[ValuePath, str]], known: list[str], whose: str, otherwise: str
) -> Iterator[Fault]:
    named: Counter[str] = Counter()
    for path, point in names:
        named[point] += 1
        if point not in known:
            yield path, f"{whose} has no measure point {point!r}", remedy_for_name(point, known)
        elif named[point] == 2:
            yield path, f"the point {point!r} of {whose} is named twice", "name every point of a version once"
    if left := [point for point in known if point not in named]:
        what = f"points of {whose} are not named: {', '.join(left)}"
        yield (_AT,), what, f"say what became of them: same, renamed, split, merged or {otherwise}"


def _check_sizes(walk: Crosswalk) -> Iterator[Fault]:
    for part in ("split", "merged"):
        for point, others in getattr(walk, part).items():
            if len(others) < 2:
                yield (
                    (_AT, part, point),
                    "has fewer than two points",
                    "name two or more, or write it as renamed",
                )


def _check_ids(walk: Crosswalk, before: Instrument, after: Instrument) -> Iterator[Fault]:
    """An id means one thing in all versions: what is kept of a model is found again by it."""
    reused = (set(before.point_ids) & set(after.point_ids)) - set(walk.same)
    for i, point in enumerate(after.points):
        if point.id in reused:
            what = f"{point.id!r} was another measure point in version {before.version}"
            yield ("points", i, "id"), what, "give this one an id of its own, or name it under same"
        for j, item in enumerate(point.items):
            if item.id in before.items and item.id not in _items_that_stay(walk, before):
                yield _refuse_id(("points", i, "items", j, "id"), item.id, "item", before.version)


def _items_that_stay(walk: Crosswalk, before: Instrument) -> set[str]:
    return {
        i for i, point in before.point_of_item.items() if point in walk.kept and walk.items.get(i, i) == i
    }


def _check_items(walk: Crosswalk, before: Instrument, after: Instrument) -> Iterator[Fault]:
    kept = [i for i, point in before.point_of_item.items() if point in walk.kept]
    for old, new in walk.items.items():
        if old not in kept:
            what = f"{old!r} is no item of a point that is the same or renamed"
            yield (_AT, "items", old), what, remedy_for_name(old, kept)
        elif new not in after.items:
            what = f"version {after.version} has no item {new!r}"
            yield (_AT, "items", old), what, remedy_for_name(new, after.item_ids)


def _check_points_kept(walk: Crosswalk, before: Instrument, after: Instrument) -> Iterator[Fault]:
    items = {point.id: sorted(i.id for i in point.items) for point in after.points}
    for point in before.points:
        if point.id not in walk.kept:
            continue
        today = walk.kept[point.id]
        if sorted(walk.items.get(i.id, i.id) for i in point.items) != items[today]:
            path = (_AT, "renamed", point.id) if today != point.id else (_AT, "same", walk.same.index(today))
            what = f"the items of {today!r} are not those that {point.id!r} had"
            remedy = (
                "name renamed items under items; a point that asks something else is gone, and another is new"
            )
            yield path, what, remedy


def _check_comparable(walk: Crosswalk, before: Instrument, after: Instrument) -> Iterator[Fault]:
    earlier = {new: old for old, new in walk.kept.items()}
    points = {point.id: point for point in before.points}
    for i, point in enumerate(walk.comparable):
        if point not in earlier:
            what = f"{point!r} is no point that is the same or renamed"
            yield (_AT, "comparable", i), what, remedy_for_name(point, earlier)
        elif not _has_other_scale(points[earlier[point]], walk, before, after):
            yield (_AT, "comparable", i), f"the scale of {point!r} has not changed", "remove it"


def _has_other_scale(point: Point, walk: Crosswalk, before: Instrument, after: Instrument) -> bool:
    return any(
        _measure(before, item) != _measure(after, after.items[walk.items.get(item.id, item.id)])
        for item in point.items
    )


def _measure(instrument: Instrument, item: Item) -> tuple[float | bool, ...]:
    scale = instrument.scales[item.scale]
    return (*(getattr(scale, part) for part in _SCALE), item.reversed)
