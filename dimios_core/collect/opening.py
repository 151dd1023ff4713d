"""Opens bundles: one, or all of a folder that a server is given."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from dimios_core.collect.box import Box
from dimios_core.collect.form import FORM, read_form
from dimios_core.errors import InputError, Problem


def open_box(folder: Path, keys: Path) -> Box:
    """Open the answers of a bundle, in the mode that its form tells.

    Parameters
    ----------
    folder : Path
    keys : Path
        The folder of anonymous surveys' keys.

    Raises
    ------
    InputError
        There is no bundle, or no key where there has to be one.
    """
    form = read_form(folder)
    if not form.is_anonymous:
        return Box(folder, form)
    if problems := [*check_extra()]:
        raise InputError(problems)
    from dimios_core.collect.anonymous import AnonymousBox

    return AnonymousBox(folder, form, keys)


def check_extra() -> Iterator[Problem]:
    """Tell what an anonymous survey lacks here: what encrypts is an extra, which confidential ones do without."""
    if find_spec("cryptography") is None:
        what = "nothing that encrypts is installed, which an anonymous survey needs"
        yield Problem("mode anonymous", what, "pip install 'dimios[collect]'")


def open_boxes(folder: Path, keys: Path) -> dict[str, Box]:
    """Open all bundles of a folder, by the id of their surveys.

    Raises
    ------
    InputError
        There is none; or what is wrong with each of those that are.
    """
    boxes: dict[str, Box] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob(f"*/{FORM}")):
        if path.parent.name.startswith("."):
            continue
        try:
            box = open_box(path.parent, keys)
        except InputError as error:
            problems += error.problems
            continue
        if box.form.id in boxes:
            what = f"there is another bundle of {box.form.id}"
            problems.append(Problem(str(path.parent), what, "keep one of the two here"))
        boxes[box.form.id] = box
    if not boxes and not problems:
        problems.append(Problem(str(folder), "there are no bundles here", "make one: dimios collect open"))
    if problems:
        raise InputError(problems)
    return boxes
