"""What a notebook may leave behind in its child: where it has left anything, the next one gets a new child."""

from __future__ import annotations

import os
import pickle
import random
import sys
import threading
import warnings
from typing import Any, ClassVar

import numpy as np
from numpy import random as numpys_random

from dimios_core.errors import DimiosError


class SpoiltChildError(DimiosError):
    """An earlier notebook has left something behind in this child that the next one would find."""


class Leftovers:
    """What this child was like before its first notebook."""

    before: ClassVar[dict[str, Any] | None] = None

    @classmethod
    def refuse(cls) -> None:
        """Remember what this process is like, the first time; later, refuse to go on in one that has changed.

        Raises
        ------
        SpoiltChildError
            Names what has changed.
        """
        now = _describe_process()
        cls.before = now if cls.before is None else cls.before
        changed = [name for name, what in now.items() if what != cls.before[name]]
        if changed:
            raise SpoiltChildError(f"a notebook has changed {', '.join(changed)}")


def _describe_process() -> dict[str, Any]:
    """Return what one notebook can hand to the next without either being told, beside modules."""
    return {
        "environment": dict(os.environ),
        "where modules are found": [path for path in sys.path if path],  # a shell adds its own folder
        "standard streams": (sys.stdout, sys.stderr, sys.stdin),
        "threads": threading.active_count(),
        "warnings": tuple(warnings.filters),
        "random numbers": random.getstate(),
        "numpy's random numbers": pickle.dumps(numpys_random.get_state()),  # noqa: NPY002 - what older code draws from
        "numpy's errors": np.geterr(),
    }
