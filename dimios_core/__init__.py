"""DiMiOS: from raw answers about digital maturity to reports that people act on.

`from dimios_core import Project` is the whole line as Python; `help(Project)` tells it.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: what one meets first, and where it stands: loaded when it is asked for, so that `import dimios_core` stays quick
_FIRST_MET = {"Project": "dimios_core.project.project"}


def __getattr__(name: str) -> Any:
    """Load one of the names that one meets first."""
    if name in _FIRST_MET:
        return getattr(import_module(_FIRST_MET[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List them with the others."""
    return sorted([*globals(), *_FIRST_MET])
