"""The server is killed where it stands, and somebody presses the button at that moment: nothing is lost, nothing counts twice."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from http.client import HTTPException

import pytest

from dimios_core.collect.opening import open_box
from dimios_core.collect.tokens import make_token
from dimios_core.demo.respondents import answer_form
from tests.collect.asking import SECRET, SURVEY
from tests.collect.serving import make_open_bundle, serving

PEOPLE = 24
pytestmark = pytest.mark.usefixtures("heavy")


def link_of(address: str, number: int) -> str:
    return f"{address}/{SURVEY}/l/{make_token(SECRET, SURVEY, str(number))}"


def answer_as(number: int, address: str) -> bool:
    """Answer everything with a value that tells who it was."""
    return answer_form(link_of(address, number), lambda name, offered: offered[number % 5])


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
def test_whoever_was_thanked_is_there_once_and_whoever_was_not_can_go_on(tmp_path, mode):
    bundles = make_open_bundle(tmp_path, PEOPLE, mode)
    thanked: list[int] = []
    with serving(bundles) as (process, address):

        def work(first: int) -> None:
            for number in range(first, PEOPLE, 3):
                try:
                    if answer_as(number, address):
                        thanked.append(number)
                except (OSError, HTTPException):
                    return

        threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        while len(thanked) < PEOPLE // 3:
            time.sleep(0.005)
        process.kill()
        for thread in threads:
            thread.join()
    assert PEOPLE // 3 <= len(thanked) < PEOPLE

    box = open_box(bundles / SURVEY, tmp_path / "keys")
    submitted = {
        n for n in range(PEOPLE)
        if (person := box.find_link(make_token(SECRET, SURVEY, str(n)))) and person.state == "submitted"
    }  # fmt: skip
    # what was sent in and not yet told is there, too: at most one for each who stood there at that moment
    assert set(thanked) <= submitted and len(submitted - set(thanked)) <= 3
    box.stop()

    with serving(bundles) as (_, address):
        for number in range(PEOPLE):
            if number not in submitted:
                assert answer_as(number, address)
    box = open_box(bundles / SURVEY, tmp_path / "keys")
    closed = box.close(datetime.now(UTC), early=True)
    assert closed is not None and closed.submitted_n == PEOPLE
    rows = [json.loads(c) for (c,) in box.database.execute("SELECT content FROM answers")]
    assert sorted(row["a"] for row in rows) == sorted(n % 5 + 1.0 for n in range(PEOPLE))
    box.stop()


@pytest.mark.long
def test_a_thousand_answer_four_at_a_time_and_each_counts_once(tmp_path):
    bundles = make_open_bundle(tmp_path, 1000)
    with serving(bundles) as (_, address):
        done: list[bool] = []

        def work(first: int) -> None:
            done.extend(answer_as(n, address) for n in range(first, 1000, 4))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(done) and len(done) == 1000
    box = open_box(bundles / SURVEY, tmp_path / "keys")
    closed = box.close(datetime.now(UTC), early=True)
    assert closed is not None and closed.submitted_n == 1000
    box.stop()
