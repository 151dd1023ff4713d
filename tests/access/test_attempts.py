"""Failures block the one who fails, for a while, and nobody else."""

from __future__ import annotations

import pytest

from dimios_core.access import attempts as module
from dimios_core.access.attempts import CLIENTS_KEPT_N, Attempts


def test_the_limit_blocks_until_the_oldest_failure_is_forgotten() -> None:
    attempts = Attempts(limit=3, seconds=100)
    for now in (0.0, 10.0):
        attempts.failed("192.0.2.1", now)
    assert attempts.blocked_for("192.0.2.1", 20.0) == 0.0
    attempts.failed("192.0.2.1", 20.0)
    assert attempts.blocked_for("192.0.2.1", 20.0) == 80.0
    assert attempts.blocked_for("192.0.2.1", 99.0) == 1.0
    assert attempts.blocked_for("192.0.2.1", 100.0) == 0.0
    attempts.failed("192.0.2.1", 105.0)
    assert attempts.blocked_for("192.0.2.1", 105.0) == 5.0
    assert attempts.blocked_for("192.0.2.1", 110.0) == 0.0


def test_as_agreed_ten_failures_block_for_ten_minutes() -> None:
    attempts = Attempts()
    for _ in range(9):
        attempts.failed("192.0.2.1", 0.0)
    assert attempts.blocked_for("192.0.2.1", 0.0) == 0.0
    attempts.failed("192.0.2.1", 0.0)
    assert attempts.blocked_for("192.0.2.1", 0.0) == 600.0


@pytest.mark.parametrize(
    ("failing", "asking", "blocked"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("not an address", "not an address", True),
        ("not an address", "", False),
    ],
)
def test_clients_are_told_apart_by_address_and_ipv6_by_network(
    failing: str, asking: str, blocked: bool
) -> None:
    attempts = Attempts(limit=1)
    attempts.failed(failing, 0.0)
    assert (attempts.blocked_for(asking, 0.0) > 0) is blocked


def test_memory_is_bounded_and_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1_000 <= CLIENTS_KEPT_N <= 10_000
    monkeypatch.setattr(module, "CLIENTS_KEPT_N", 3)
    attempts = Attempts(limit=2)
    for client in ("a", "b", "c", "a", "d"):
        attempts.failed(client, 0.0)
    assert len(attempts._failures) == 3
    assert attempts.blocked_for("a", 0.0) > 0  # it failed after b, which is forgotten
    attempts.failed("b", 0.0)
    assert attempts.blocked_for("b", 0.0) == 0.0
    for _ in range(10_000):
        attempts.failed("a", 0.0)
    assert sum(map(len, attempts._failures.values())) <= 6


def test_without_a_time_the_clock_decides() -> None:
    attempts = Attempts(limit=1, seconds=600)
    attempts.failed("192.0.2.1")
    assert 590 < attempts.blocked_for("192.0.2.1") <= 600
