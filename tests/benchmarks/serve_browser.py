"""One report in a real browser: when its headline, its first chart and its first answer are there, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, BrowserContext

CHANGED = (
    "before => { const c = document.querySelector('figure#rows-category svg.wide circle');"
    " return c && c.getAttribute('cx') !== before }"
)
#: asks at every frame whether headline and marks are there, and tells the time of the frame after, when they are painted
WATCH = """(() => {
  const told = window.painted = {};
  const wanted = { headline: "h1", chart: "figure svg circle" };
  const there = selector => [...document.querySelectorAll(selector)].some(e => e.getClientRects().length > 0);
  const look = () => {
    const missing = Object.keys(wanted).filter(name => !(name in told));
    for (const name of missing.filter(name => there(wanted[name]))) {
      told[name] = null;
      requestAnimationFrame(() => { told[name] = performance.now() / 1000 });
    }
    if (missing.length) { requestAnimationFrame(look) }
  };
  requestAnimationFrame(look);
})()"""
PERIOD = "2024"
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Visit:
    """Seconds from the start of navigation, and bytes over the wire.

    Headline and chart are timed in the page itself, the change from outside: it takes two programs to turn a control.
    """

    headline: float
    chart: float
    change: float
    http_bytes: float
    socket_bytes: float


def visit(context: BrowserContext, address: str) -> Visit:
    """Open a page, wait for headline and marks, choose another period and wait for the marks to move."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(WATCH)
    received: list[int] = []
    sockets: list[int] = []
    page.on("requestfinished", lambda request: received.append(request.sizes()["responseBodySize"]))
    page.on("websocket", lambda s: s.on("framereceived", lambda frame: sockets.append(len(frame))))
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    painted = page.wait_for_function(
        "window.painted && painted.headline && painted.chart && painted"
    ).json_value()
    mark = page.locator("figure#rows-category svg.wide circle").first
    mark.wait_for(state="attached")
    before = mark.get_attribute("cx")
    control = page.get_by_label("Mätning").first
    control.wait_for(state="visible")
    control.select_option(PERIOD)
    page.wait_for_function(CHANGED, arg=before)
    change = time.perf_counter() - begun
    page.close()
    return Visit(painted["headline"], painted["chart"], change, sum(received), sum(sockets))


def visit_often(browser: Browser, make_address: Callable[[], str], times: int) -> dict[str, Visit]:
    """Visit with a fresh cache and again with a warm one, so many times each; the medians of both."""
    visits: dict[str, list[Visit]] = {"fresh": [], "warm": []}
    for _ in range(times):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        visits["fresh"].append(visit(context, make_address()))
        visits["warm"].append(visit(context, make_address()))
        context.close()
    names = Visit.__dataclass_fields__
    return {
        cache: Visit(*(median(getattr(v, name) for v in found) for name in names))
        for cache, found in visits.items()
    }
