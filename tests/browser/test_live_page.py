"""The page through the real server, in a real browser: opening, choosing, losing the kernel and the server."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import psutil
import pytest

from dimios_core.access.keys import load_keys
from dimios_core.access.links import LinkBook
from dimios_core.places import CONSORTIUM
from tests.browser.browser import NARROW, WIDE, Watched
from tests.browser.touching import LEVEL, PEERS, PERIOD, control, marks
from tests.pages import NATIONAL, TABS, list_county_pages
from tests.serve.serving import SIGNING_KEY, Server, start_server

ALMVIK = "/sida/2026/almvik/sv/our_result.html"
EACH_KIND = (
    *(f"2026/almvik/sv/{name}" for name in TABS),
    *(f"2026/{CONSORTIUM}/sv/{name}" for name in (*NATIONAL, *list_county_pages("12"))),
)
PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def server(outputs):
    """The demo's reports, served."""
    running = start_server(outputs)
    yield running
    running.stop()


def open_page(browser, server: Server, place: str = "", owner: str = "almvik", size=WIDE) -> Watched:
    """Open a fresh personal link and, if given, another page after it."""
    watched = Watched(browser, size)
    watched.page.set_default_timeout(PATIENCE_MS)
    watched.page.goto(server.base + server.link(owner))
    if place:
        watched.page.goto(f"{server.base}/sida/{place}.html")
    return watched


def wait_for(watched: Watched, condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Let the page live until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        watched.page.wait_for_timeout(50)
    return True


def kernels_of(server: Server) -> list[psutil.Process]:
    return [k for parent in psutil.Process(server.process.pid).children() for k in parent.children()]


def says(watched: Watched) -> str:
    """What the page says beside its controls."""
    return " ".join(watched.page.locator(".live-says").all_inner_texts()).strip()


def choose_period(watched: Watched, period: str) -> bool:
    """Choose a period for the categories and wait until the chart shows it."""
    before = marks(watched)
    control(watched, PERIOD).select_option(label=period)
    return wait_for(watched, lambda: marks(watched) != before)


def test_a_link_opens_the_own_page_at_once_and_leaves_the_address_bar(browser, server):
    kernels = set(kernels_of(server))
    watched = open_page(browser, server)
    assert watched.page.url == server.base + ALMVIK
    assert watched.page.inner_text("h1") == "Vårt resultat: Almviks kommun, 2026"
    assert set(kernels_of(server)) <= kernels
    assert watched.page.evaluate("history.length") <= 2
    assert watched.page.evaluate("document.cookie") == ""  # a script cannot read the session
    assert watched.outside == []


def test_controls_answer_in_place(browser, server):
    watched = open_page(browser, server)
    before, kernels = control(watched, PEERS).bounding_box(), set(kernels_of(server))
    assert choose_period(watched, "2024")
    labels = [t.replace("\u00a0", " ") for t in control(watched, PEERS).locator("option").all_text_contents()]
    index = next(i for i, t in enumerate(labels) if t.startswith("andra organisationer ("))
    control(watched, PEERS).select_option(index=index)
    watched.page.locator("figure#rows-category figcaption", has_text="andra organisationer").wait_for()
    assert control(watched, PEERS).bounding_box() == before
    control(watched, LEVEL).select_option(label="Kategorierna")
    watched.page.locator("figure#history-category").wait_for()
    assert says(watched) == ""
    assert watched.outside == []
    assert watched.errors == []
    (kernel,) = set(kernels_of(server)) - kernels
    watched.page.goto("about:blank")
    assert wait_for(watched, lambda: not kernel.is_running())


@pytest.mark.parametrize(
    ("place", "size"),
    [*((place, WIDE) for place in EACH_KIND), *((place, NARROW) for place in EACH_KIND[:2])],
)
def test_every_control_of_every_kind_of_page_answers_and_axe_finds_nothing(browser, server, place, size):
    watched = open_page(browser, server, place, CONSORTIUM, size)
    pieces = watched.page.locator(".live")
    assert (pieces.count() > 0) == (not place.endswith("about_measurement"))  # which has nothing to choose
    for i in range(pieces.count()):
        for select in pieces.nth(i).locator("select").all():
            chosen = select.evaluate("s => s.selectedIndex")
            select.select_option(index=1 if chosen != 1 else 0)
            chosen_box = pieces.nth(i).locator(".chosen")
            assert wait_for(watched, lambda b=chosen_box: b.get_attribute("aria-busy") == "false")
            assert says(watched) == ""
            # some choices show the same, as two peer groups may; none shows nothing
            assert chosen_box.inner_text().strip()
            assert select.bounding_box()["height"] >= 44
    assert watched.find_violations() == []
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert watched.outside == []
    assert watched.errors == []


def test_the_keyboard_alone_is_enough(browser, server):
    watched = open_page(browser, server)
    before, kernels = marks(watched), set(kernels_of(server))
    for _ in range(90):
        watched.page.keyboard.press("Tab")
        if watched.page.evaluate("document.activeElement === document.querySelectorAll('select')[1]"):
            break
    else:
        pytest.fail("the keyboard does not reach the control")
    assert set(kernels_of(server)) <= kernels  # passing by starts nothing
    watched.page.keyboard.press("ArrowDown")
    assert wait_for(watched, lambda: marks(watched) != before)
    assert watched.page.evaluate("document.activeElement === document.querySelectorAll('select')[1]")


def test_explore_works_under_the_servers_rules(browser, server):
    watched = open_page(browser, server)
    watched.page.locator("figure#rows-category button.explore").click()
    watched.page.locator(".plotly-room .main-svg").first.wait_for()
    assert choose_period(watched, "2024")
    watched.page.locator("figure#rows-category .plotly-room .main-svg").first.wait_for()
    assert watched.errors == []


def test_a_killed_kernel_is_replaced_and_the_choice_kept(browser, server):
    watched = open_page(browser, server)
    assert choose_period(watched, "2024")
    shown = marks(watched)
    for kernel in kernels_of(server):
        os.kill(kernel.pid, signal.SIGKILL)
    assert choose_period(watched, "2023")
    assert marks(watched) != shown
    assert wait_for(watched, lambda: says(watched) == "")


def test_a_lost_connection_is_told_with_a_code_and_comes_back(browser, server):
    watched = open_page(browser, server)
    assert choose_period(watched, "2024")
    watched.context.set_offline(True)
    before = marks(watched)
    control(watched, PERIOD).select_option(label="2023")
    # the socket may not notice, the answer that does not come will be missed
    assert wait_for(watched, lambda: "Valen svarar inte just nu" in says(watched), 25)
    assert marks(watched) == before
    assert watched.page.inner_text("h1").startswith("Vårt resultat")
    watched.context.set_offline(False)
    assert wait_for(watched, lambda: marks(watched) != before and says(watched) == "", 25)


def test_a_reader_loses_nothing_when_the_server_restarts(browser, outputs):
    server = start_server(outputs)
    try:
        watched = open_page(browser, server)
        assert choose_period(watched, "2024")
        shown, scrolled = marks(watched), watched.page.evaluate("window.scrollY")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
        assert wait_for(watched, lambda: "Kod " in says(watched))
        assert marks(watched) == shown
        control(watched, PERIOD).select_option(label="2023")
        assert watched.page.evaluate("window.scrollY") == scrolled
        again = start_server(outputs, server.port)
        try:
            assert wait_for(watched, lambda: marks(watched) != shown and says(watched) == "", 30)
            assert watched.errors == []
        finally:
            again.stop()
    finally:
        server.stop()


def test_a_revoked_link_is_told_and_the_page_stays(browser, server):
    book = LinkBook(server.outputs / "access", load_keys(server.outputs, {"DIMIOS_SECRET": SIGNING_KEY}))
    link, token = book.create("Kim", "almvik", 60)
    watched = Watched(browser)
    watched.page.goto(f"{server.base}/l/{token}")
    assert choose_period(watched, "2024")
    book.revoke(link.id)
    assert wait_for(watched, lambda: "Länken gäller inte längre" in says(watched))
    assert marks(watched)
    answer = watched.page.reload()
    assert answer is not None and answer.status == 403
    assert "Här behövs din länk" in watched.page.inner_text("h1")
    assert watched.find_violations() == []


def test_the_index_is_accessible_and_leads_to_pages(browser, server):
    for owner, headings in ((CONSORTIUM, 4), ("almvik", 1)):
        watched = open_page(browser, server, owner=owner)
        watched.page.goto(server.base + "/")
        assert watched.find_violations() == []
        assert watched.page.locator("h2").count() == headings
        if owner == CONSORTIUM:  # the script runs under the server's rules
            watched.page.get_by_label("Sök namn eller län").fill("almvik")
            watched.page.get_by_text("Alla delar för Almviks kommun").click()
        watched.page.get_by_role("link", name="Vårt resultat 2026 för Almviks kommun").click()
        assert "Almviks kommun" in watched.page.inner_text("h1")
        watched.page.get_by_role("link", name="Alla rapporter").click()
        assert watched.page.inner_text("h1") == "Rapporter om digital mognad"
        assert watched.errors == []
