"""What becomes a live kernel: a child of the preloaded parent, made into ipykernel's own application.

Runs in the parent and in its children, never in the server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dimios_core.forking import Limits
from dimios_core.forking.child import hang_up, tell
from dimios_core.forking.confinement import confine

PRELOAD = "dimios_core.serve.kernel:preload"
#: what a live report may use beyond what it shares with the parent; a report needs some 40 MB
LIMITS = Limits(memory_bytes=1_000_000_000)
#: files and folders that a kernel may read, if it is to be confined; taken out of its environment
READS_VARIABLE = "DIMIOS_KERNEL_READS"
#: told when the sockets are there: who connects sooner waits for a tenth of a second in vain
READY = "ready"


def preload() -> None:
    """Import, compile and read once what each kernel would otherwise do for itself. Starts no thread."""
    # a large debugger and a database of history, which nobody uses in a page
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    from IPython.core.history import HistoryManager

    HistoryManager.enabled = False  # type: ignore[assignment]

    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import ipykernel.zmqshell  # noqa: F401

    from dimios_core.page.preloading import preload_more, preload_reports

    preload_reports()
    preload_more()


def run_kernel(connection_file: str, folder: str, environment: Mapping[str, str]) -> None:
    """Be a kernel until it is asked to shut down.

    Parameters
    ----------
    connection_file : str
        As jupyter_client writes it; its folder is the kernel's own, where its sockets and IPython's files lie.
    folder : str
        The working directory.
    environment : mapping
        All that the kernel knows of the outside. `DIMIOS_KERNEL_READS` confines it to these files and folders,
        the system's libraries, and its own folder.
    """
    own = Path(connection_file).parent
    os.environ.clear()
    os.environ.update(environment)
    reads = os.environ.pop(READS_VARIABLE, None)
    os.environ["IPYTHONDIR"] = str(own / "ipython")
    os.chdir(folder)
    sys.path.insert(0, "")  # as a kernel has it
    if reads is not None:
        confine([Path(p) for p in reads.split(os.pathsep) if p], [own])

    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    from dimios_core.report.display import LivePiece

    LivePiece.draws_first = False
    app: Any = IPKernelApp.instance(
        connection_file=connection_file,
        parent_handle=0,  # the parent's death ends this process without a thread that watches for it
        capture_fd_output=False,
        log_level=50,
    )
    app.initialize([])
    ipywidgets.register_comm_target()  # imported before there was a shell to register with
    tell(READY)
    hang_up()  # before a cell runs: the server would unpickle what it says
    app.start()
