"""The command line answers, and its version is the package's."""

import subprocess
import sys

from dimios_core import __version__


def test_the_console_script_tells_its_version() -> None:
    out = subprocess.run([sys.executable, "-m", "dimios_core", "--version"], capture_output=True, text=True)
    assert out.returncode == 0
    assert out.stdout.strip() == f"dimios {__version__}"
