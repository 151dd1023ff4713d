"""The picture of the rooms in docs/architecture.md is that of the contracts that hold them."""

from __future__ import annotations

import configparser
import re

from dimios_core.places import project_root

CONTRACTS = configparser.ConfigParser()
CONTRACTS.read(project_root() / ".importlinter", encoding="utf-8")
TEXT = (project_root() / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = {
    p.name.removesuffix(".py") for p in (project_root() / "dimios_core").iterdir() if p.name[0].isalpha()
}


def layers() -> list[set[str]]:
    """The rooms, a set a layer, from above."""
    lines = CONTRACTS["importlinter:contract:rooms"]["layers"].split("\n")
    return [set(re.split(r"\s*\|\s*", line.strip())) for line in lines if line.strip()]


def test_every_room_is_in_the_contract():
    assert set.union(*layers()) == ROOMS


def test_the_picture_shows_every_room_from_above():
    """A room's name begins a line of the picture, or stands after another's with a dot between."""
    picture = TEXT.partition("```")[2].partition("```")[0]
    line: dict[str, int] = {}
    for number, text in enumerate(picture.splitlines()):
        head = re.split(r"\s{2,}", text.strip("═ "))[0].replace(": the wall", "").strip("═ ")
        line |= {name: number for name in head.split(" · ") if name in ROOMS}
    assert line.keys() == ROOMS
    restricted = {"research", "survey", "results", "actions", "responses", "collect"}
    shown = [max(line[room] for room in layer) for layer in layers() if not layer & restricted]
    assert shown == sorted(shown)
    assert max(line[room] for room in restricted) < line["published"]


def test_every_room_has_its_row():
    rooms = TEXT.partition("## Rooms")[2].partition("Within `published`")[0]
    assert {
        name for row in re.findall(r"(?m)^\| (`[^|]*) \|", rooms) for name in re.findall(r"`(\w+)`", row)
    } == ROOMS


def test_whoever_shows_results_is_behind_the_wall():
    """Rooms above the wall are restricted, or readers' rooms, or one of those that see both sides; none is forgotten."""
    readers = {
        name.partition(".")[2] for name in CONTRACTS["importlinter:contract:wall"]["source_modules"].split()
    }
    restricted = {"research", "survey", "results", "actions", "responses", "collect"}
    both = {"cli", "project", "audit", "demo"}
    beside = {
        "published",
        "access",
        "cluster",
        "listening",
        "locks",
        "archives",
        "suites",
        "instrument",
        "languages",
        "documents",
        "families",
        "formulas",
        "markup",
        "places",
        "plain_markdown",
        "replacing",
        "restricted",
        "characters",
        "errors",
    }
    assert readers | restricted | both | beside == ROOMS
    assert not readers & (restricted | both | beside)
