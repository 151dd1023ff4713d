"""What tests of the first touch share: almvik's page before a stand-in for the server, and what it should show."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator

from dimios_core.report import OurResult
from tests.browser.browser import WIDE, Watched
from tests.browser.stand_in import StandIn

PEERS, PERIOD, LEVEL = "Jämför med", "Mätning", "Visa"


def open_served(
    stack: ExitStack,
    browser: Browser,
    outputs: Path,
    language: str = "sv",
    size: tuple[int, int] = WIDE,
    scripts: bool = True,
    clock: bool = False,
    **given: Any,
) -> tuple[Watched, StandIn]:
    """Open almvik's page as a fresh reader, until `stack` ends; with `clock`, its time stands still unless moved."""
    stand_in = make_stand_in(outputs, language, **given)
    stack.callback(stand_in.stop)
    watched = Watched(browser, size, scripts)
    stack.callback(watched.context.close)
    stand_in.attach(watched.page)
    if clock:
        watched.page.clock.install()
    watched.page.goto(stand_in.address)
    if clock:
        watched.page.clock.pause_at(watched.page.evaluate("Date.now() / 1000") + 1)
    return watched, stand_in


def make_stand_in(outputs: Path, language: str = "sv", **given: Any) -> StandIn:
    """A server of almvik's page."""
    html = (outputs / "reports" / "2026" / "almvik" / language / "our_result.html").read_text(
        encoding="utf-8"
    )
    report = OurResult.open("almvik", "2026", language, str(outputs / "results"))
    return StandIn(html, [report.categories(), report.points(), report.changes(), report.trend()], **given)


def control(watched: Watched, label: str, place: int = 0) -> Locator:
    """The first control of that name, or a later one; other things may have longer names that begin alike."""
    return watched.page.locator("select").and_(watched.page.get_by_label(label)).nth(place)


def marks(watched: Watched, chart: str = "rows-category") -> list[str | None]:
    """Where the marks of a chart stand."""
    found = watched.page.locator(f"figure#{chart} svg.wide circle")
    return [c.get_attribute("cx") for c in found.all()]


def expected_marks(stand_in: StandIn, piece: int = 0, **chosen: str) -> list[str]:
    """The marks that the piece itself draws for a choice."""
    live = stand_in.pieces[piece]
    html = live.render(**{c.name: c.value for c in live.controls} | chosen)
    return re.findall(r'<circle[^>]* cx="([^"]+)"', html.split('class="narrow"')[0])


def wait_for_marks(watched: Watched, wanted: list[str], chart: str = "rows-category") -> None:
    """Wait until the marks of a chart stand where they should."""
    watched.page.wait_for_function(
        "([id, n]) => [...document.querySelectorAll(`figure#${id} svg.wide circle`)]"
        ".map(c => c.getAttribute('cx')).join() === n",
        arg=[chart, ",".join(wanted)],
    )


def says(watched: Watched) -> str:
    """All messages beside controls."""
    return " ".join(" ".join(watched.page.locator(".live-says").all_inner_texts()).split())
