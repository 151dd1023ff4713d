"""Calls in forked children: what comes back, and what happens when nothing does."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from dimios_core.forking import ChildError, ForkServer, Limits, ServerClosedError
from tests.forking import calls
from tests.forking.linux import FORKING

pytestmark = [pytest.mark.usefixtures("heavy"), FORKING]


@pytest.fixture(scope="module")
def server():
    with ForkServer(["tests.forking.calls:mark_preloaded"]) as server:
        yield server


def test_a_call_returns_what_the_function_returns(server) -> None:
    assert server.call(calls.add, 1, b=2) == 3


def test_the_parent_has_preloaded_and_nothing_leaks_from_call_to_call(server) -> None:
    assert server.call(calls.remember, 5) == [-1, 5]
    assert server.call(calls.remember, 6) == [-1, 6]
    assert calls.STATE == []


def test_a_parent_that_was_begun_takes_calls_once_it_is_ready() -> None:
    with ForkServer(["tests.forking.calls:mark_preloaded"]) as server:
        server.begin()
        server.begin()
        assert server.call(calls.remember, 5) == [-1, 5]


def test_a_parent_that_is_still_loading_ends_at_once_with_its_server() -> None:
    server = ForkServer(["tests.forking.calls:load_for_long"])
    server.begin()
    assert server._parent is not None
    process = server._parent.process
    server.close()
    assert process.returncode == -signal.SIGKILL


def test_what_is_preloaded_may_be_given_texts() -> None:
    with ForkServer(["tests.forking.calls:mark_preloaded:sv:en"]) as server:
        assert server.call(calls.remember, 5) == ["sv", "en", 5]


def test_a_child_takes_several_calls_and_another_begins_after_one_that_raises(server) -> None:
    with contextlib.closing(server.child()) as child:
        assert child.call(calls.remember, 5) == [-1, 5]
        assert child.call(calls.remember, 6) == [-1, 5, 6]
        with pytest.raises(ValueError, match="no such thing"):
            child.call(calls.fail, "no such thing")
        assert child.call(calls.remember, 7) == [-1, 7]
        with pytest.raises(ChildError, match="killed"):
            child.call(calls.kill_oneself)
        with pytest.raises(ChildError, match=r"not done after 0\.3 seconds"):
            child.call(calls.sleep, 60, limits=Limits(seconds=0.3))
        assert child.call(calls.remember, 8) == [-1, 8]
        number = child.call(calls.describe)["pid"]
    deadline = time.monotonic() + 10
    while psutil.pid_exists(number):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_later_call_of_a_child_gets_no_more_memory_than_the_first(server) -> None:
    with contextlib.closing(server.child()) as child:
        assert child.call(calls.add, 1, 1, limits=Limits(memory_bytes=50_000_000)) == 2
        with pytest.raises(MemoryError):
            child.call(calls.hoard, 200_000_000, limits=Limits(memory_bytes=1_000_000_000))


def test_the_grammar_of_addresses_is_built_when_one_is_checked(server) -> None:
    known, unknown, before, after = server.call(calls.check_addresses, "https://å.example/ö", "no address")
    assert (known, unknown) == (True, False)
    assert (before, after) == (False, True)


def test_what_the_function_raises_is_raised_here(server) -> None:
    with pytest.raises(ValueError, match="no such thing"):
        server.call(calls.fail, "no such thing")
    with pytest.raises(RuntimeError, match="StubbornError: stubborn"):
        server.call(calls.fail_stubbornly)


def test_news_come_in_order_and_before_the_answer(server) -> None:
    heard: list[int] = []
    assert server.call(calls.tell_news, 5, on_news=heard.append) == "in child: True"
    assert heard == [0, 1, 2, 3, 4]
    assert calls.tell_news(1) == "in child: False"


def test_a_killed_child_and_one_that_ends_are_told(server) -> None:
    with pytest.raises(ChildError, match="killed"):
        server.call(calls.kill_oneself)
    with pytest.raises(ChildError, match=r"code 3 and no answer; its last words: adjö"):
        server.call(calls.end_with_words, "adjö")


def test_garbage_is_no_answer(server) -> None:
    with pytest.raises(ChildError, match="no answer"):
        server.call(calls.write_garbage)


@pytest.mark.parametrize("how", ["die", "sleep", "babble"])
def test_where_a_child_was_is_told_of_one_that_does_not_come_back(server, how: str) -> None:
    with contextlib.closing(server.child()) as child:
        assert child.call(calls.note_and, 7, "answer") is None
        with pytest.raises(ChildError) as told:
            child.call(calls.note_and, 5, how, limits=Limits(seconds=1 if how == "sleep" else 60))
        assert told.value.place == 5
        child.call(calls.note_and, 7, "answer")
        with pytest.raises(ChildError) as told:
            child.call(calls.kill_oneself)
        assert told.value.place == 0  # of an earlier call
        child.call(calls.note_and, 7, "answer")
        os.kill(child._conversation.number, signal.SIGSTOP)
        child._conversation.kill()
        with pytest.raises(ChildError) as told:
            child.call(calls.add, 1, b=2)
        assert told.value.place == 0


def test_time_is_limited(server) -> None:
    started = time.monotonic()
    with pytest.raises(ChildError, match=r"not done after 0\.3 seconds"):
        server.call(calls.sleep, 60, limits=Limits(seconds=0.3))
    assert time.monotonic() - started < 10


def test_memory_is_limited_beyond_what_the_parent_had(server) -> None:
    limits = Limits(memory_bytes=100_000_000)
    assert server.call(calls.hoard, 20_000_000, limits=limits) == 20_000_000
    with pytest.raises(MemoryError):
        server.call(calls.hoard, 200_000_000, limits=limits)


def test_children_and_parent_have_one_thread_a_session_of_their_own_and_no_strange_descriptors(
    server,
) -> None:
    told = server.call(calls.describe)
    assert (told["threads"], told["parent_threads"]) == (1, 1)
    assert told["session"] == told["pid"] != os.getsid(0)
    assert told["descriptors"] <= 5  # in, out, errors, the conversation, and the listing itself


def test_the_environment_is_the_one_given() -> None:
    with ForkServer(environment={"PATH": os.environ["PATH"], "SHOWN": "yes"}) as server:
        told = server.call(calls.describe)["environment"]
    assert told["SHOWN"] == "yes" and told["OPENBLAS_NUM_THREADS"] == "1"
    assert "HOME" not in told


def test_many_threads_may_call_at_once(server) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda n: server.call(calls.add, n, 1), range(40))) == list(range(1, 41))


def test_a_parent_that_was_killed_is_started_again() -> None:
    with ForkServer() as server:
        parent = server.call(calls.describe)["parent"]
        os.kill(parent, signal.SIGKILL)
        assert server.call(calls.add, 1, 1) == 2


def test_children_die_with_their_parent() -> None:
    with ForkServer() as server:
        parent = psutil.Process(server.call(calls.describe)["parent"])
        errors: list[Exception] = []

        def call() -> None:
            try:
                server.call(calls.sleep, 60)
            except Exception as error:  # noqa: BLE001 - looked at below
                errors.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        while not parent.children():
            time.sleep(0.01)
        time.sleep(0.2)  # until the parent has told the child's number: before, the call is begun anew
        (child,) = parent.children()
        parent.kill()
        thread.join(10)
        assert not thread.is_alive()
        assert isinstance(errors[0], ServerClosedError)
        psutil.wait_procs([child], timeout=60)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_closed_server_takes_no_calls() -> None:
    server = ForkServer()
    server.close()
    with pytest.raises(ServerClosedError):
        server.call(calls.add, 1, 1)


def test_where_nothing_can_be_forked_a_new_process_does_the_same(monkeypatch) -> None:
    monkeypatch.setattr("dimios_core.forking.server.can_fork", lambda: False)
    server = ForkServer()
    server.begin()
    server.warm_up()
    assert server._parent is None
    heard: list[int] = []
    assert server.call(calls.tell_news, 2, on_news=heard.append) == "in child: True"
    assert heard == [0, 1]
    with pytest.raises(ValueError, match="no"):
        server.call(calls.fail, "no")
    with pytest.raises(ChildError, match="code 3"):
        server.call(calls.end_with_words, "")
    with pytest.raises(ChildError, match="not done after"):
        server.call(calls.sleep, 60, limits=Limits(seconds=3))
