"""The form's server as a process of its own, on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dimios_core.collect.bundle import make_bundle
from dimios_core.collect.keys import make_key
from tests.collect.asking import SURVEY, ask, make_form


def make_open_bundle(folder: Path, people: int, mode: str = "confidential") -> Path:
    """A folder with one bundle that is open today."""
    today = datetime.now(UTC).date()
    form = make_form(mode).model_copy(
        update={"opens": today - timedelta(days=7), "closes": today + timedelta(days=7)}
    )
    bundles = folder / "bundles"
    bundles.mkdir(parents=True)
    if form.is_anonymous:
        make_key(folder / "keys", SURVEY, apart_from=(bundles,))
    make_bundle(bundles / SURVEY, form, [ask(n) for n in range(people)])
    return bundles


@contextmanager
def serving(bundles: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `dimios collect serve`; gives the process and its address, and ends it."""
    command = [
        sys.executable,
        "-m",
        "dimios_core",
        "collect",
        "serve",
        "--port",
        "0",
        "--bundles",
        str(bundles),
    ]
    keys = bundles.parent / "keys"
    with subprocess.Popen(
        [*command, "--keys", str(keys), "--outputs", str(bundles.parent / "none")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http"), process.stderr.read()  # type: ignore[union-attr]
            yield process, address
        finally:
            process.kill()
