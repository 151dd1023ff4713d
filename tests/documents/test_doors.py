"""Every YAML file that people write comes through one reader, which bounds it: a bomb is refused at each door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dimios_core.demo.consortium import load_consortium
from dimios_core.demo.initiatives import load_actions
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.languages.texts import read_folder
from dimios_core.page.publisher import load_publisher
from dimios_core.responses import load_mapping
from dimios_core.results.consortium.frames import load_frames
from dimios_core.results.evidence.advice import read_advice, read_reference
from dimios_core.results.evidence.expert_help import read_expert_help
from dimios_core.results.evidence.glossary import read_glossary
from dimios_core.suites import load_suite

BOMBS = {
    "references": "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n",
    "merging": "a: &a {x: 1}\nb: {<<: *a}\n",
    "itself": "a: &a [*a]\n",
    "levels": "a: " + "[" * 20_000 + "]" * 20_000 + "\n",
    "tag": "a: !!python/object/apply:os.getcwd []\n",
    "twice": "id: x\nid: y\n",
    "unseen": "id: a\u202eb\n",
    "no text": "\x00\x01",
    "a list": "- a\n- b\n",
    "too large": "# " + "x" * 5_000_001,
}


def _language(path: Path) -> object:
    return read_folder(path.parent)


def _suite(path: Path) -> object:
    return load_suite(path.stem)


def _frames(path: Path) -> object:
    return load_frames(path.parent)


def _publisher(_path: Path) -> object:
    return load_publisher()


DEMO = load_consortium()
MODEL = load_instrument("dimios")
DOORS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "an instrument": ("x.yaml", load_instrument),
    "a mapping": ("x.yaml", load_mapping),
    "a suite": ("parameters/suites/x.yaml", _suite),
    "a publisher": ("parameters/publisher.yaml", _publisher),
    "texts": ("xx/x.yaml", _language),
    "numbers of organisations": ("sector.yaml", _frames),
    "advice": ("x.yaml", lambda path: read_advice(path, MODEL)),
    "reference lines": ("x.yaml", lambda path: read_reference(path, MODEL)),
    "expert help": ("x.yaml", lambda path: read_expert_help(path, MODEL)),
    "plain words": ("x.yaml", lambda path: read_glossary(path, MODEL)),
    "a made-up consortium": ("x.yaml", load_consortium),
    "what it did": ("x.yaml", lambda path: load_actions(DEMO, path)),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("door", DOORS)
def test_a_bomb_is_refused(door: str, bomb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, read = DOORS[door]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BOMBS[bomb], encoding="utf-8")
    if name.startswith("parameters/"):
        monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    with pytest.raises(InputError) as error:
        read(path)
    assert all(problem.remedy for problem in error.value.problems)
