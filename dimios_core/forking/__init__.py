"""Work in processes of its own, forked from a parent that has everything loaded.

`ForkServer` starts the parent and calls functions in its children: each call has a process of its own, or a `Child` takes
several, with a limit for time and memory, and whatever happens to the child becomes an exception of the caller. `shell` runs a
notebook's cells inside such a child; `confinement` puts walls around one. Linux only; elsewhere the same calls are
made in newly started processes.
"""

from dimios_core.forking.call import Call
from dimios_core.forking.children import Child
from dimios_core.forking.errors import ChildError, ServerClosedError
from dimios_core.forking.limits import Limits
from dimios_core.forking.server import ForkServer, can_fork, environment_of_results

__all__ = [
    "Call",
    "Child",
    "ChildError",
    "ForkServer",
    "Limits",
    "ServerClosedError",
    "can_fork",
    "environment_of_results",
]
