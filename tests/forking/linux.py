"""What is tested where children are forked. By the system, not by what the tested code says of it: it must not skip its own tests."""

from __future__ import annotations

import sys

import pytest

FORKING = pytest.mark.skipif(sys.platform != "linux", reason="children are forked on Linux")
