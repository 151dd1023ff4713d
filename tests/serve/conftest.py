"""Servers for tests: one for a whole file, or one of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.serving import Server, make_outputs, start_server


@pytest.fixture(scope="module")
def server(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of one file."""
    running = start_server(make_outputs(tmp_path_factory.mktemp("served") / "outputs"))
    yield running
    running.stop()


@pytest.fixture
def fresh_server(heavy: None, tmp_path: Path) -> Iterator[Server]:
    """A server of one test's own, which may stop it."""
    running = start_server(make_outputs(tmp_path / "outputs"))
    yield running
    running.stop()
