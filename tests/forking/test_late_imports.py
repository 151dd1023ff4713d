"""Modules that are loaded when something of them is used: what stands for them is gone when they are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dimios_core.forking.late_imports import delay

#: a module of the standard library that nothing here needs
NAME = "colorsys"


@pytest.fixture(autouse=True)
def _without_it(monkeypatch):
    monkeypatch.delitem(sys.modules, NAME, raising=False)


def test_it_is_loaded_when_something_of_it_is_used():
    with delay(NAME) as stand_in:
        import colorsys as held
    assert held is stand_in
    assert NAME not in sys.modules
    assert held.rgb_to_hsv.__module__ == NAME
    import colorsys

    assert colorsys is not held
    assert colorsys.rgb_to_hsv is held.rgb_to_hsv


def test_what_is_used_while_it_is_put_off_is_loaded_then():
    with delay(NAME):
        from colorsys import rgb_to_hsv
    assert rgb_to_hsv.__module__ == NAME
    assert isinstance(sys.modules[NAME].__file__, str)


def test_nothing_stands_for_what_there_is_not_or_what_is_loaded():
    with delay("no_such_module") as none:
        assert none is None
        assert "no_such_module" not in sys.modules
    import colorsys

    with delay(NAME) as none:
        assert none is None
        assert sys.modules[NAME] is colorsys


@pytest.mark.usefixtures("heavy")
def test_papermill_loads_what_asks_servers_when_it_asks_one():
    told = (
        "import sys, dimios_core.runner, papermill.iorw as i\n"
        "print('requests' in sys.modules, callable(i.requests.get), 'requests' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert out.stdout == "False True True\n", out.stderr
