"""A model's second version: its crosswalk is held against the first, and every fault has its line."""

from pathlib import Path

import pytest

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument, common_items, load_instrument
from tests.instrument.conftest import SMALL

POINT = "  - {{id: {id}, category: {category}, name: {{sv: x, en: x}}, items: [{items}]}}\n"
ITEM = "{{id: {id}, statement: {{sv: '{id}', en: '{id}'}}{more}}}"
HEAD, QUADRANTS = SMALL.split("points:\n")[0], SMALL[SMALL.index("quadrants:") :]

WALK = """\
crosswalk:
  from_version: 1
  same: [alike, coarse]
  renamed: {old_name: new_name}
  split: {whole: [half_one, half_two]}
  merged: {both: [first, second]}
  new: [fresh]
  gone: [lost]
  items: {old_name: new_name}
"""


def write(points: dict[str, str], version: int, walk: str = "") -> str:
    """A model file whose points (id -> category) have one item each, with the point's id."""
    head = HEAD.replace("version: 1", f"version: {version}").replace(
        "  default:\n", "  wide: {lowest: 0, highest: 10}\n  default:\n"
    )
    more = {"coarse": ", scale: wide"} if version == 2 else {}
    rows = [
        POINT.format(id=p, category=c, items=ITEM.format(id=p, more=more.get(p, "")))
        for p, c in points.items()
    ]
    return f"{head}points:\n{''.join(rows)}{QUADRANTS}{walk}"


FIRST = {
    "alike": "apples", "coarse": "apples", "old_name": "apples", "whole": "apples", "first": "pears", "second": "pears",
    "lost": "pears",
}  # fmt: skip
SECOND = {
    "alike": "apples", "coarse": "apples", "new_name": "pears", "half_one": "apples", "half_two": "apples", "both": "pears",
    "fresh": "pears",
}  # fmt: skip


def load(folder: Path, walk: str, second: dict[str, str] = SECOND) -> Instrument:
    (folder / "earlier").mkdir(exist_ok=True)
    (folder / "earlier" / "small-1.yaml").write_text(write(FIRST, 1), encoding="utf-8")
    (folder / "small.yaml").write_text(write(second, 2, walk), encoding="utf-8")
    return load_instrument(folder / "small.yaml")


def find_faults(folder: Path, walk: str, second: dict[str, str] = SECOND) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load(folder, walk, second)
    return caught.value.problems


def test_common_are_the_same_and_the_renamed_on_an_unchanged_scale(tmp_path):
    after = load(tmp_path, WALK)
    before = load_instrument(tmp_path / "earlier" / "small-1.yaml")
    assert common_items(before, after) == {"alike": "alike", "old_name": "new_name"}
    declared = load(tmp_path, WALK + "  comparable: [coarse]\n")
    assert common_items(before, declared) == {"alike": "alike", "coarse": "coarse", "old_name": "new_name"}
    # it goes through JSON as the store keeps it
    assert Instrument.model_validate_json(after.model_dump_json()) == after


# what is replaced | by what | its line in the crosswalk, from 0; None for another place | in the message | in the remedy
FAULTS = {
    "unknown earlier point": ("gone: [lost]", "gone: [lots, lost]", 7, "has no measure point 'lots'", "'lost'"),
    "unknown point of today": ("new: [fresh]", "new: [fresh, flesh]", 6, "no measure point 'flesh'", "'fresh'"),
    "one earlier point twice": ("gone: [lost]", "gone: [lost, whole]", 7, "'whole' of version 1 is named twice", "once"),
    "one of today twice": ("new: [fresh]", "new: [fresh, both]", 6, "'both' of version 2 is named twice", "once"),
    "an earlier point forgotten": ("  gone: [lost]\n", "", 0, "points of version 1 are not named: lost", "gone"),
    "one of today forgotten": ("  new: [fresh]\n", "", 0, "points of version 2 are not named: fresh", "new"),
    "split into one": (
        "split: {whole: [half_one, half_two]}\n  merged: {both: [first, second]}\n  new: [fresh]",
        "split: {whole: [half_one]}\n  merged: {both: [first, second]}\n  new: [fresh, half_two]",
        4, "fewer than two", "renamed",
    ),
    "items renamed and not said": ("  items: {old_name: new_name}\n", "", 3, "items of 'new_name' are not those", "items"),
    "an item of a lost point": ("items: {", "items: {lost: fresh, ", 8, "'lost' is no item of a point that is", "alike"),
    "an unknown item": ("items: {old_name: new_name", "items: {old_name: new_nam", 8, "no item 'new_nam'", "'new_name'"),
    "comparable on the same scale": ("  items:", "  comparable: [alike]\n  items:", 8, "has not changed", "remove"),
    "comparable and new": ("  items:", "  comparable: [fresh]\n  items:", 8, "no point that is the same", "alike"),
    "from itself": ("from_version: 1", "from_version: 2", 1, "not earlier than 2", "earlier version"),
    "from one that is not there": ("from_version: 1", "from_version: true", 1, "whole number", "without quotes"),
    "a list for a mapping": ("renamed: {old_name: new_name}", "renamed: [new_name]", 3, "should be a mapping", "entry"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_its_line_and_remedy(tmp_path, name):
    old, new, line, what, remedy = FAULTS[name]
    assert old in WALK
    faults = find_faults(tmp_path, WALK.replace(old, new))
    first = write(SECOND, 2, WALK).splitlines().index("crosswalk:") + 1
    assert [f.place.split(",")[1] for f in faults] == [f" line {first + line}"]
    assert what in faults[0].what
    assert remedy in faults[0].remedy


def test_all_faults_come_at_once(tmp_path):
    walk = WALK.replace("[lost]", "[lots]").replace("[fresh]", "[flesh]")
    told = " ".join(f.what for f in find_faults(tmp_path, walk))
    assert all(word in told for word in ("'lots'", "named: lost", "'flesh'", "named: fresh"))


def test_an_id_does_not_come_back_as_something_else(tmp_path):
    second = {("lost" if p == "fresh" else p): c for p, c in SECOND.items()}
    faults = find_faults(tmp_path, WALK.replace("[fresh]", "[lost]"), second)
    assert [f.what for f in faults] == [
        "'lost' was another measure point in version 1",
        "'lost' was another item in version 1",
    ]
    assert all("points[6]" in f.place for f in faults)


def test_an_id_does_not_come_back_after_a_version_without_it(tmp_path):
    """lost was of version 1, is gone in 2, and stands for something new in 3."""
    load(tmp_path, WALK)
    (tmp_path / "small.yaml").rename(tmp_path / "earlier" / "small-2.yaml")
    third = {("lost" if p == "fresh" else p): c for p, c in SECOND.items()}
    same = ", ".join(p for p in SECOND if p != "fresh")
    walk = f"crosswalk:\n  from_version: 2\n  same: [{same}]\n  gone: [fresh]\n  new: [lost]\n"
    text = write(third, 3, walk).replace("'coarse'}}", "'coarse'}, scale: wide}")
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_instrument(tmp_path / "small.yaml")
    assert [f.what for f in caught.value.problems] == [
        "'lost' was another measure point in version 1",
        "'lost' was another item in version 1",
    ]
    assert all("points[6]" in f.place for f in caught.value.problems)


def test_without_the_earlier_file_nothing_is_believed(tmp_path):
    (tmp_path / "small.yaml").write_text(write(SECOND, 2, WALK), encoding="utf-8")
    with pytest.raises(InputError, match="model file of version 1 is not there") as caught:
        load_instrument(tmp_path / "small.yaml")
    assert "earlier/small-1.yaml" in caught.value.problems[0].remedy
