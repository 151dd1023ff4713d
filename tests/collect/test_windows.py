"""When answers are taken: whole days in Stockholm, at midnight and where the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dimios_core.collect.window import find_end, tell_state
from tests.collect.asking import SURVEY, Browser, fill_in, make_site_of

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("opens", "first_utc"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the night in which summer time begins
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # the night in which it ends
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 30, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_stockholm(opens, first_utc):
    closes = opens + timedelta(days=14)
    assert tell_state(opens, closes, first_utc - SECOND) == "early"
    assert tell_state(opens, closes, first_utc) == "open"


@pytest.mark.parametrize(
    ("closes", "end_utc"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # a day of 23 hours
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # a day of 25 hours
        (date(2026, 9, 25), datetime(2026, 9, 25, 22, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_stockholm(closes, end_utc):
    opens = closes - timedelta(days=14)
    assert find_end(closes) == end_utc
    assert tell_state(opens, closes, end_utc - SECOND) == "open"
    assert tell_state(opens, closes, end_utc) == "over"


def test_who_presses_a_button_a_second_too_late_is_told_so_and_nothing_is_saved(tmp_path):
    site = make_site_of(tmp_path, 1)
    site.now = datetime(2026, 9, 25, 21, 59, 59, tzinfo=UTC)
    browser = Browser(site)
    page = browser.begin(0)
    site.now += SECOND
    answer = browser.post(*fill_in(page, q_a="1"))
    assert answer.status == 403 and "Enkäten är stängd" in answer.body
    assert not site.boxes[SURVEY].database.execute("SELECT * FROM drafts").fetchall()
    site.stop()
