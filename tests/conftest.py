"""What several test folders share: the demo, made and scored once a test run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

WAIT_SECONDS = 600


@pytest.fixture(scope="session")
def demo_outputs(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The made-up consortium from raw files to audited results; read only, shared by all test processes."""
    from dimios_core.cli.demo import run_demo

    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "demo-outputs"
    ready = shared.with_suffix(".ready")
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(WAIT_SECONDS):
            if ready.exists():
                return shared
            time.sleep(1)
        raise TimeoutError("another test process did not finish the demo") from None
    run_demo(shared)
    ready.touch()
    return shared
