"""Controls of a served page when the server refuses, is full, falls silent or goes away: it says so, and mends itself."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial

import pytest

from tests.browser.browser import NARROW, WIDE
from tests.browser.stand_in import CUT
from tests.browser.touching import (
    PEERS,
    PERIOD,
    control,
    expected_marks,
    marks,
    open_served,
    says,
    wait_for_marks,
)

NEWER = "En nyare version av resultatet finns. Sidan visar det som gällde tidigare. Läs in sidan igen"
GONE = "Länken gäller inte längre. Det som står på sidan kan du läsa ändå."
BUSY = "Många läser just nu. Ditt val visas så snart det finns plats."
TROUBLE = r"Valen svarar inte just nu\. Det som står på sidan gäller\. Vi försöker igen\. \(Kod (\w{6})\)"
FULL = (503, {"Retry-After": "5"}, '{"reason": "busy"}')


@pytest.fixture
def serve(browser, outputs):
    """Serve almvik's page to a fresh reader."""
    with ExitStack() as stack:
        yield partial(open_served, stack, browser, outputs)


def expect_over(watched, stand_in, message: str) -> None:
    """The page says why, shows and offers what it has, and asks for nothing more, whatever is touched."""
    watched.page.get_by_text(message.split(".")[0]).last.wait_for()
    assert says(watched) == message
    assert marks(watched) == expected_marks(stand_in)
    select = control(watched, PERIOD)
    assert select.input_value() == "2026"
    assert select.get_attribute("aria-disabled") == "true"
    calls_n = len(stand_in.calls)
    control(watched, PEERS, 1).focus()
    watched.page.keyboard.press("ArrowDown")
    assert control(watched, PEERS, 1).evaluate("s => s.selectedIndex") == 0
    assert watched.page.locator(".live-says").nth(1).inner_text().startswith(message.split(".")[0])
    watched.page.clock.fast_forward(120_000)
    watched.page.wait_for_timeout(100)
    assert len(stand_in.calls) == calls_n
    assert watched.errors == []


@pytest.mark.parametrize(
    ("status", "message"), [(409, NEWER), (401, GONE), (403, GONE), (404, GONE)], ids=str
)
def test_an_answer_that_ends_it(serve, status, message):
    watched, stand_in = serve(clock=True)
    stand_in.answers = [(status, {}, '{"reason": "newer"}')]
    select = control(watched, PERIOD)
    select.focus()
    top = select.bounding_box()["y"]
    select.select_option("2024")
    watched.page.get_by_text(message.split(".")[0]).last.wait_for()
    assert watched.page.locator(".newer").is_visible() == (message == NEWER)
    if message != NEWER:
        assert select.bounding_box()["y"] == top
    assert select.evaluate("s => s === document.activeElement")
    expect_over(watched, stand_in, message)


@pytest.mark.parametrize(("reason", "message"), [(4010, NEWER), (4003, GONE)])
@pytest.mark.parametrize("waiting", [True, False])
def test_a_socket_closed_for_good(serve, reason, message, waiting):
    watched, stand_in = serve(clock=True)
    stand_in.silent = True
    if waiting:
        control(watched, PERIOD).select_option("2024")
        stand_in.wait_for(watched.page, lambda: stand_in.asked)
    else:
        control(watched, PERIOD).dispatch_event("pointerdown")
        stand_in.wait_for(watched.page, lambda: stand_in.sockets)
    stand_in.sockets[0].close(code=reason)
    expect_over(watched, stand_in, message)
    assert stand_in.closed == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((409, {}, ""), NEWER),
        ((403, {}, ""), GONE),
        (FULL, BUSY),
        ((500, {}, ""), "Valen svarar inte just nu."),
    ],
    ids=["newer", "gone", "busy", "trouble"],
)
def test_no_message_breaks_a_rule_of_accessibility(serve, answer, message, size):
    watched, stand_in = serve(size=size)
    stand_in.answers = [answer] * 20
    control(watched, PERIOD).select_option("2024")
    watched.page.locator(".live-says", has_text=message.split(".")[0]).wait_for()
    assert watched.find_violations() == []
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_controls_that_are_not_the_pages_own_are_a_newer_version(serve):
    watched, stand_in = serve(clock=True)
    stand_in.labels = lambda labels: [*labels, "2027"]
    control(watched, PERIOD).select_option("2024")
    expect_over(watched, stand_in, NEWER)
    assert stand_in.sockets == []
    assert stand_in.closed == ["/levande/kernel/k0/close"]


def test_a_full_server_is_asked_again_when_it_said(serve):
    watched, stand_in = serve(clock=True)
    stand_in.answers = [FULL, FULL]
    select = control(watched, PERIOD)
    select.select_option("2024")
    watched.page.get_by_text(BUSY).wait_for()
    select.dispatch_event("pointerdown")
    watched.page.clock.fast_forward(4900)
    watched.page.wait_for_timeout(100)
    assert len(stand_in.calls) == 1
    watched.page.clock.fast_forward(200)
    stand_in.wait_for(watched.page, lambda: len(stand_in.calls) == 2)
    watched.page.wait_for_timeout(100)
    assert says(watched) == BUSY
    watched.page.clock.fast_forward(5100)
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert says(watched) == ""


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, ""),
        (CUT, {}, ""),
        (200, {}, "<p>Logga in</p>"),
        (200, {}, "{}"),
        (503, {}, ""),
    ],
    ids=["error", "cut", "not ours", "not whole", "no reason"],
)
def test_a_server_that_fails_is_tried_again_until_it_answers(serve, answer):
    watched, stand_in = serve(clock=True)
    stand_in.answers = [answer] * 8
    select = control(watched, PERIOD)
    top = select.bounding_box()["y"]
    select.select_option("2024")
    for n, pause in enumerate([1, 2, 5, 10, 30, 60, 60, 60], start=1):
        stand_in.wait_for(watched.page, lambda n=n: len(stand_in.calls) == n)
        watched.page.wait_for_function("document.querySelector('[aria-busy=true]') === null")
        (code,) = re.fullmatch(TROUBLE, says(watched)).groups()
        assert code == stand_in.calls[0]["body"]["code"]
        assert select.bounding_box()["y"] == top
        assert select.input_value() == "2024"
        assert marks(watched) == expected_marks(stand_in)
        watched.page.clock.fast_forward(pause * 1000 - 100)
        watched.page.wait_for_timeout(30)
        assert len(stand_in.calls) == n
        watched.page.clock.fast_forward(200)
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert says(watched) == ""
    assert {call["body"]["code"] for call in stand_in.calls} == {code}
    assert watched.errors == []


def test_it_tries_at_once_when_the_network_is_back(serve):
    watched, stand_in = serve(clock=True)
    watched.context.set_offline(True)
    control(watched, PERIOD).select_option("2024")
    watched.page.get_by_text("Valen svarar inte just nu").wait_for()
    watched.context.set_offline(False)
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert says(watched) == ""


def test_a_page_out_of_sight_waits_and_tries_at_once_when_it_is_seen(serve):
    watched, stand_in = serve(clock=True)
    stand_in.answers = [(500, {}, "")]
    control(watched, PERIOD).select_option("2024")
    watched.page.get_by_text("Valen svarar inte just nu").wait_for()
    watched.page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    watched.page.clock.fast_forward(60_000)
    watched.page.wait_for_timeout(100)
    assert len(stand_in.calls) == 1
    watched.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))


def test_another_touch_tries_at_once(serve):
    watched, stand_in = serve(clock=True)
    stand_in.answers = [(500, {}, "")]
    control(watched, PERIOD).select_option("2024")
    watched.page.get_by_text("Valen svarar inte just nu").wait_for()
    control(watched, PERIOD).select_option("2023")
    wait_for_marks(watched, expected_marks(stand_in, period="2023"))


@pytest.mark.parametrize("reason", [1000, 1001, 1011, 4400])
def test_a_socket_closed_without_being_asked_is_opened_anew(serve, reason):
    watched, stand_in = serve(clock=True)
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    stand_in.sockets[0].close(code=reason)
    watched.page.get_by_text("Valen svarar inte just nu").wait_for()
    assert marks(watched) == expected_marks(stand_in, period="2024")
    watched.page.clock.fast_forward(1100)
    stand_in.wait_for(watched.page, lambda: len(stand_in.sockets) == 2)
    watched.page.wait_for_function("document.querySelector('.live-says').textContent === ''")
    group = stand_in.pieces[0].controls[0].options[1][1]
    control(watched, PEERS).select_option(index=1)
    wait_for_marks(watched, expected_marks(stand_in, group=group, period="2024"))


@pytest.mark.parametrize(
    "failure",
    [
        {"kind": "error", "content": {"ename": "KeyError", "evalue": "'x'", "traceback": []}},
        {"kind": "stream", "content": {"name": "stderr", "text": "Traceback"}},
    ],
    ids=["error", "stderr"],
)
def test_a_kernel_that_fails_is_given_back_and_another_one_asked(serve, failure):
    watched, stand_in = serve(clock=True)
    stand_in.fails_with = failure
    control(watched, PERIOD).select_option("2024")
    watched.page.get_by_text("Valen svarar inte just nu").wait_for()
    stand_in.wait_for(watched.page, lambda: stand_in.closed == ["/levande/kernel/k0/close"])
    assert marks(watched) == expected_marks(stand_in)
    watched.page.clock.fast_forward(1100)
    stand_in.wait_for(watched.page, lambda: len(stand_in.closed) == 2)
    watched.page.clock.fast_forward(1100)
    watched.page.wait_for_timeout(100)
    assert len(stand_in.calls) == 2, "a kernel that starts but fails is no success: the pauses go on growing"
    stand_in.fails_with = None
    watched.page.clock.fast_forward(1000)
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert says(watched) == ""


def test_a_kernel_that_is_silent_for_fifteen_seconds_has_failed(serve):
    watched, stand_in = serve(clock=True)
    stand_in.silent = True
    control(watched, PERIOD).select_option("2024")
    stand_in.wait_for(watched.page, lambda: stand_in.asked)
    watched.page.clock.fast_forward(14_800)
    assert says(watched) == ""
    watched.page.clock.fast_forward(300)
    assert re.fullmatch(TROUBLE, says(watched))
    assert watched.page.locator("[aria-busy=true]").count() == 0
    stand_in.silent = False
    watched.page.clock.fast_forward(1100)
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))


def test_a_kernel_put_to_sleep_leaves_no_word_and_the_next_touch_wakes_another(serve):
    watched, stand_in = serve(clock=True)
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    stand_in.sockets[0].close(code=4001)
    watched.page.wait_for_timeout(1_000)
    watched.page.clock.fast_forward(120_000)
    watched.page.wait_for_timeout(1_000)
    assert says(watched) == ""
    assert len(stand_in.calls) == 1
    assert stand_in.closed == []
    group = stand_in.pieces[0].controls[0].options[1][1]
    control(watched, PEERS).select_option(index=1)
    stand_in.wait_for(watched.page, lambda: len(stand_in.calls) == 2)
    wait_for_marks(watched, expected_marks(stand_in, group=group, period="2024"))


def test_a_kernel_put_to_sleep_over_a_choice_is_followed_by_another(serve):
    watched, stand_in = serve(clock=True)
    stand_in.silent = True
    control(watched, PERIOD).select_option("2024")
    stand_in.wait_for(watched.page, lambda: stand_in.asked)
    stand_in.sockets[0].close(code=4001)
    watched.page.wait_for_timeout(100)
    assert says(watched) == ""
    stand_in.silent = False
    watched.page.clock.fast_forward(1100)
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
