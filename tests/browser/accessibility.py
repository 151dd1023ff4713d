"""Opens every kind of page in every setting, and tells what axe-core finds: `python -m tests.browser.accessibility OUTPUTS`.

Run so, it writes what the statement of accessibility tells (`dimios_core/page/accessibility.json`); OUTPUTS is a folder with
reports on Almvik, on a county, on the nation, and a comparison.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from dimios_core.page import statement
from dimios_core.page.index import INDEX
from dimios_core.page.statement import STATEMENT
from dimios_core.places import CONSORTIUM
from dimios_core.suites import load_suites
from tests.browser.browser import AXE, NARROW, WIDE, Watched, open_browser
from tests.browser.touching import PERIOD, control
from tests.serve.serving import Server, start_server

HELD = Path(statement.__file__).parent / "accessibility.json"
STANDARD = "WCAG 2.2 AA"
SMALL = (320, 720)
#: how pages are opened: size, and what the reader has chosen in her system
SETTINGS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "1280": (WIDE, {}),
    "390": (NARROW, {}),
    "320": (SMALL, {}),
    "dark": (WIDE, {"color_scheme": "dark"}),
    "forced": (WIDE, {"forced_colors": "active", "color_scheme": "dark"}),
}
#: in forced colours the system chooses all of them, and axe-core holds the page's own ink against the system's paper
MOOT = {"forced": ("color-contrast",)}
#: what is added to a page's name for whom it is about
SUFFIXES = {"county": "_14", "comparison": "__almvik__bergtuna"}
#: kinds of pages that only a server sends
SERVED = ("error", "live")


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name, and where it lies in the reports folder; "" where only a server sends it."""

    name: str
    place: str = ""


def list_kinds() -> list[Kind]:
    """List the kinds of pages there are: a page of every suite's, the list, the statement, and what a server alone sends."""
    found = []
    for suite in load_suites():
        owner = "almvik" if suite.per == "organisation" else CONSORTIUM
        found += [Kind(p, f"2026/{owner}/sv/{p}{SUFFIXES.get(suite.per, '')}.html") for p in suite.pages]
    return [*found, Kind("index", INDEX), Kind("statement", STATEMENT), *(Kind(name) for name in SERVED)]


def read_axe_version() -> str:
    """Read which axe-core runs."""
    found = re.search(r"axe v([\d.]+)", AXE.read_text(encoding="utf-8")[:200])
    assert found is not None
    return found[1]


@contextmanager
def open_stored(browser: Browser, outputs: Path, kind: Kind, setting: str) -> Iterator[Watched]:
    """Open a stored page in a setting, with everything that is folded unfolded."""
    size, chosen = SETTINGS[setting]
    watched = Watched(browser, size, **chosen)
    watched.page.goto((outputs / "reports" / kind.place).as_uri())
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield watched
    watched.context.close()


@contextmanager
def open_served(browser: Browser, server: Server, kind: Kind, setting: str) -> Iterator[Watched]:
    """Open the page that refuses, or one whose control has been touched."""
    size, chosen = SETTINGS[setting]
    watched = Watched(browser, size, **chosen)
    if kind.name == "error":
        watched.page.goto(f"{server.base}/")  # nobody
    else:
        watched.page.goto(server.base + server.link("almvik"))
        control(watched, PERIOD).select_option(label="2024")
        watched.page.locator(".chosen[aria-busy=false]").first.wait_for()
    yield watched
    watched.context.close()


def find_faults(watched: Watched, setting: str) -> list[str]:
    """Return which rules a page breaks, and whether it is wider than its window."""
    width = watched.page.evaluate("document.documentElement.scrollWidth")
    wide = [f"{width} pixels wide"] if width > SETTINGS[setting][0][0] else []
    return watched.find_violations(but=MOOT.get(setting, ())) + wide + watched.outside + watched.errors


def find_all_faults(browser: Browser, outputs: Path) -> list[str]:
    """Open every kind in every setting; a line a fault."""
    found = []
    server = start_server(outputs)
    try:
        for kind in list_kinds():
            for setting in SETTINGS:
                opened = (
                    open_stored(browser, outputs, kind, setting)
                    if kind.place
                    else open_served(browser, server, kind, setting)
                )
                with opened as watched:
                    found += [f"{kind.name}, {setting}: {fault}" for fault in find_faults(watched, setting)]
    finally:
        server.stop()
    return found


def describe(findings: list[str], reviewed: str) -> dict[str, Any]:
    """Return what the statement is made of."""
    held = json.loads(HELD.read_text(encoding="utf-8"))
    return {
        "reviewed": reviewed,
        "axe": read_axe_version(),
        "standard": STANDARD,
        "pages": [kind.name for kind in list_kinds()],
        "settings": list(SETTINGS),
        "findings": findings,
        "known": held["known"],
    }


if __name__ == "__main__":
    with open_browser() as chromium:
        faults = find_all_faults(chromium, Path(sys.argv[1]).resolve())
    told = describe(faults, datetime.now(UTC).date().isoformat())
    HELD.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n".join(faults) or "nothing found")
