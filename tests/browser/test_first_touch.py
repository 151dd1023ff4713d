"""Controls of a stored page that is served: inert until the first touch, then answered by a kernel."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial

import pytest

from tests.browser.browser import ARGUMENTS, NARROW, WIDE, Watched, find_chromium
from tests.browser.stand_in import LIVE
from tests.browser.touching import (
    LEVEL,
    PEERS,
    PERIOD,
    control,
    expected_marks,
    make_stand_in,
    marks,
    open_served,
    says,
    wait_for_marks,
)


@pytest.fixture
def serve(browser, outputs):
    """Serve almvik's page to a fresh reader."""
    with ExitStack() as stack:
        yield partial(open_served, stack, browser, outputs)


# -- before anybody has touched anything ---------------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_controls_are_there_large_enough_and_within_the_screen(serve, size):
    watched, stand_in = serve(size=size)
    controls = watched.page.locator("main select")
    assert controls.count() == 6
    for select in controls.all():
        box = select.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert watched.find_violations() == []
    watched.page.emulate_media(media="print")
    assert not any(select.is_visible() for select in controls.all())
    assert stand_in.calls == []
    assert watched.errors == watched.outside == []


@pytest.mark.parametrize(("attributes", "scripts"), [("", True), (f'data-live="{LIVE}"', False)])
def test_without_a_server_or_scripts_controls_are_absent(serve, attributes, scripts):
    watched, stand_in = serve(attributes=attributes, scripts=scripts)
    assert not any(select.is_visible() for select in watched.page.locator("select").all())
    assert watched.page.locator(".newer").is_hidden()
    assert watched.page.locator(".live-says").count() == 0
    assert stand_in.calls == []


def test_a_page_older_than_the_results_says_so_and_has_no_controls(serve):
    watched, stand_in = serve(attributes=f'data-live="{LIVE}" class="older"')
    assert watched.page.locator(".newer").inner_text() == (
        "En nyare version av resultatet finns. Sidan visar det som gällde tidigare. Läs in sidan igen"
    )
    assert not any(select.is_visible() for select in watched.page.locator("select").all())
    assert watched.find_violations() == []
    stand_in.html = stand_in.html.replace(' class="older"', "", 1)
    watched.page.get_by_role("link", name="Läs in sidan igen").click()
    control(watched, PEERS).wait_for()
    assert watched.page.locator(".newer").is_hidden()


# -- touching -------------------------------------------------------------------------------------------


def test_tabbing_through_asks_for_nothing_and_a_key_does(serve):
    watched, stand_in = serve()
    reached = set()
    for _ in range(90):
        watched.page.keyboard.press("Tab")
        selects = "[...document.querySelectorAll('select')].indexOf(document.activeElement)"
        reached.add(watched.page.evaluate(selects))
    assert reached == {-1, 0, 1, 2, 3, 4, 5}
    watched.page.wait_for_timeout(200)
    assert stand_in.calls == []
    control(watched, PERIOD).focus()
    watched.page.keyboard.press("ArrowDown")
    wait_for_marks(watched, expected_marks(stand_in, period="2025"))
    assert len(stand_in.calls) == 1
    assert watched.page.evaluate("document.activeElement.value") == "2025"


def test_a_pointer_asks_for_a_kernel_before_anything_is_chosen(serve):
    watched, stand_in = serve()
    control(watched, PEERS).dispatch_event("pointerdown")
    stand_in.wait_for(watched.page, lambda: stand_in.sockets)
    (call,) = stand_in.calls
    assert call["headers"]["X-Requested-With"] == "dimios"
    assert re.fullmatch("[2-9A-HJKMNP-TV-Z]{6}", call["body"]["code"])
    reads = watched.page.locator("meta[name=dimios-reads]").get_attribute("content")
    assert call["body"]["reads"] == reads
    assert "scores.parquet=" in reads
    assert stand_in.asked == []
    assert says(watched) == ""


def test_a_choice_is_sent_in_jupyters_words(serve):
    watched, stand_in = serve()
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    (message,) = stand_in.messages
    assert message["channel"] == "shell"
    assert message["header"]["msg_type"] == "comm_msg"
    assert message["header"]["version"] == "5.3"
    assert message["content"] == {
        "comm_id": "k0/0/period",
        "data": {"method": "update", "state": {"index": 2}, "buffer_paths": []},
    }
    assert stand_in.sockets[0].url.endswith(
        f"/levande/kernel/k0/channels?session_id={message['header']['session']}"
    )
    assert stand_in.sockets[0].url.startswith("ws://127.0.0.1:")


def test_new_content_takes_the_old_ones_place_and_nothing_jumps(serve):
    watched, stand_in = serve()
    select = control(watched, PEERS)
    figure = watched.page.locator("figure#rows-category")
    figure.locator("summary").click()
    select.scroll_into_view_if_needed()
    select.focus()
    top = select.bounding_box()["y"]
    others = watched.page.locator("figure#rows-point").inner_html()
    stand_in.silent = True
    group = stand_in.pieces[0].controls[0].options[1]
    select.select_option(index=1)
    stand_in.wait_for(watched.page, lambda: stand_in.asked)
    chosen = watched.page.locator(".chosen").first
    assert chosen.get_attribute("aria-busy") == "true"
    watched.page.wait_for_timeout(600)
    assert chosen.evaluate("c => getComputedStyle(c, '::before').opacity") == "1"
    assert select.bounding_box()["y"] == top
    assert watched.find_violations() == []
    stand_in.answer_all()
    wait_for_marks(watched, expected_marks(stand_in, group=group[1]))
    assert chosen.get_attribute("aria-busy") == "false"
    assert chosen.locator("section.dimios").count() == 0
    assert select.bounding_box()["y"] == top
    assert select.evaluate("s => s === document.activeElement")
    assert figure.locator("details").evaluate("d => d.open")
    assert figure.locator("button.explore").count() == 1
    assert watched.page.locator("figure#rows-point").inner_html() == others
    assert says(watched) == ""
    assert watched.find_violations() == []
    assert watched.errors == watched.outside == []


def test_the_answer_is_spoken_once(serve):
    watched, stand_in = serve(clock=True)
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    answer = watched.page.locator(".chosen .answer").first
    assert answer.get_attribute("aria-live") is None
    spoken = watched.page.locator("main > [aria-live]").last
    assert spoken.text_content() == answer.text_content() != ""
    watched.page.clock.fast_forward(6000)
    assert spoken.text_content() == ""


def test_a_page_that_gets_shorter_keeps_the_control_where_it_is(serve):
    watched, _ = serve()
    select = control(watched, LEVEL)
    watched.page.evaluate("document.querySelectorAll('.live ~ *, footer').forEach(e => e.remove())")
    watched.page.evaluate(
        "[...document.querySelectorAll('section')].slice([...document.querySelectorAll('section')]"
        ".findIndex(s => s.querySelector('figure#history-dimension')) + 1).forEach(s => s.remove())"
    )
    watched.page.locator("figure#history-dimension summary").click()
    select.select_option("category")
    watched.page.locator("figure#history-category").wait_for()
    watched.page.locator("figure#history-category summary").click()
    watched.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    top = select.bounding_box()["y"]
    select.select_option("dimension")
    watched.page.locator("figure#history-dimension").wait_for()
    assert abs(select.bounding_box()["y"] - top) < 1


def test_content_that_comes_above_does_not_move_the_control_in_hand(serve):
    watched, stand_in = serve()
    watched.page.evaluate(
        "document.documentElement.style.overflowAnchor = 'none'"
    )  # not all browsers have it
    watched.page.evaluate(
        "const tall = document.createElement('p'); tall.style.height = '400px';"
        "document.querySelector('.chosen').prepend(tall)"
    )
    stand_in.silent = True
    control(watched, PERIOD).select_option("2024")
    stand_in.wait_for(watched.page, lambda: stand_in.asked)
    level = control(watched, LEVEL)
    level.focus()
    level.dispatch_event("pointerdown")
    top = level.bounding_box()["y"]
    stand_in.answer_all()
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert abs(level.bounding_box()["y"] - top) < 1


def test_a_chart_that_is_explored_is_explored_again(serve, outputs):
    watched, stand_in = serve()
    plotly = (outputs / "reports" / "_assets" / "plotly.min.js").read_text(encoding="utf-8")
    watched.page.route(
        "**/plotly.min.js", lambda route: route.fulfill(body=plotly, content_type="text/javascript")
    )
    figure = watched.page.locator("figure#rows-category")
    figure.locator("button.explore").click()
    figure.locator(".plotly-room .main-svg").first.wait_for()
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    figure.locator(".plotly-room .main-svg").first.wait_for()
    assert not figure.locator("svg.wide").is_visible()
    assert figure.locator("button.explore").inner_text() == "Visa den enkla bilden"


def test_the_last_choice_wins_and_what_was_seen_is_not_asked_for_again(serve):
    watched, stand_in = serve()
    stand_in.silent = True
    select = control(watched, PERIOD)
    for year in ("2025", "2024", "2023"):
        select.select_option(year)
        stand_in.wait_for(watched.page, lambda: stand_in.asked)
    stand_in.answer_all()
    wait_for_marks(watched, expected_marks(stand_in, period="2023"))
    assert stand_in.asked == [("k0/0/period", 1), ("k0/0/period", 3)]
    select.select_option("2026")
    wait_for_marks(watched, expected_marks(stand_in))
    select.select_option("2025")
    wait_for_marks(watched, expected_marks(stand_in, period="2025"))
    assert len(stand_in.asked) == 2


def test_two_controls_of_a_piece_are_chosen_together(serve):
    watched, stand_in = serve()
    group = stand_in.pieces[0].controls[0].options[1][1]
    control(watched, PEERS).select_option(index=1)
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, group=group, period="2024"))


def test_a_kernel_that_another_tab_left_elsewhere_shows_what_this_page_chose(serve):
    watched, stand_in = serve()
    stand_in.left_at = {(0, "period"): "2024"}
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert stand_in.asked == [
        ("k0/0/group", 1),
        ("k0/0/group", 0),
    ]  # it tells its content only when that changes


def test_an_english_page_speaks_english(serve):
    watched, stand_in = serve("en")
    stand_in.answers = [(404, {}, "")]
    control(watched, "Compare with").select_option(index=1)
    watched.page.get_by_text(
        "The link is no longer valid. You can still read what is on the page."
    ).wait_for()


# -- leaving and coming back ----------------------------------------------------------------------------


def test_leaving_gives_the_kernel_back_and_a_reload_shows_the_same_choices(serve):
    watched, stand_in = serve()
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    watched.page.reload()
    stand_in.wait_for(watched.page, lambda: stand_in.closed == ["/levande/kernel/k0/close"])
    assert control(watched, PERIOD).input_value() == "2024"
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert len(stand_in.calls) == 2


def test_a_page_kept_for_the_way_back_sleeps_and_wakes_with_its_choices(browser, outputs):
    stand_in = make_stand_in(outputs)
    keeps = ["--disable-back-forward-cache"]
    with browser.browser_type.launch(
        executable_path=find_chromium(), args=ARGUMENTS, ignore_default_args=keeps
    ) as browser:
        watched = Watched(browser)
        stand_in.attach(watched.page)
        watched.page.goto(stand_in.address)
        watched.page.evaluate("addEventListener('pageshow', e => { window.kept = e.persisted })")
        control(watched, PERIOD).select_option("2024")
        wait_for_marks(watched, expected_marks(stand_in, period="2024"))
        watched.page.goto(stand_in.address.replace("our_result", "other"))
        stand_in.wait_for(watched.page, lambda: stand_in.closed)
        watched.page.go_back(wait_until="commit")
        assert watched.page.evaluate("window.kept") is True
        assert control(watched, PERIOD).input_value() == "2024"
        assert marks(watched) == expected_marks(stand_in, period="2024")
        assert len(stand_in.calls) == 1
        control(watched, PEERS).select_option(index=1)
        group = stand_in.pieces[0].controls[0].options[1][1]
        stand_in.wait_for(
            watched.page, lambda: len(stand_in.calls) == 2
        )  # marks of two groups may stand alike
        wait_for_marks(watched, expected_marks(stand_in, group=group, period="2024"))
        assert len(stand_in.calls) == 2
        assert watched.errors == []
    stand_in.stop()
