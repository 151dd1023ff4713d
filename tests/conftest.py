"""What several test folders share: the demo, made and scored once a test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.once import make_once


@pytest.fixture(scope="session")
def demo_outputs(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The made-up consortium from raw files to audited results; read only, shared by all test processes."""
    from dimios_core.cli.demo import run_demo

    return make_once(tmp_path_factory, worker_id, "demo-outputs", run_demo)
