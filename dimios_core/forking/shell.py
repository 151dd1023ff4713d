"""A notebook's cells, run in this process with the outputs that a kernel of its own would have given.

The shell is ipykernel's, and so are its messages; they go straight to nbclient's own bookkeeping of outputs
instead of over sockets. A shell changes its process for good: it is meant for a child that ends afterwards. A second
notebook finds the names, counts and widgets of a new shell, and all else as the first has left it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.ipkernel import IPythonKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete

from dimios_core.forking.sources import learn, remember_sources
from dimios_core.forking.streams import DirectSession, DirectStream

#: tags that nbclient heeds
SKIPPED_TAG, MAY_FAIL_TAG = "skip-execution", "raises-exception"


class _Kernel(IPythonKernel):
    """A kernel without sockets and threads."""


def make_shell() -> None:
    """Make this process's shell, once; a parent makes it before it forks.

    Nothing is read from or written to anybody's IPython folder: no history, no start-up files. Libraries that
    look for a shell when they are imported, as ipywidgets and plotly do, must come after it.
    """
    if _Kernel.initialized():
        return
    from IPython.core.history import HistoryManager

    HistoryManager.enabled = False  # type: ignore[assignment]  # a thread and a data base
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # nobody debugs here, and it is large
    nbformat.v4.nbbase.validate = _leave_unchecked
    session = DirectSession(deliver=lambda message: None, key=b"", username="")
    main = sys.modules["__main__"]
    with tempfile.TemporaryDirectory(prefix="dimios-") as folder:
        before = os.environ.get("IPYTHONDIR")
        os.environ["IPYTHONDIR"] = folder
        try:
            _Kernel.instance(session=session, iopub_socket=None)
        finally:
            os.environ.pop("IPYTHONDIR") if before is None else os.environ.update(IPYTHONDIR=before)
    kernel: Any = _Kernel.instance()
    remember_sources(kernel.shell)
    kernel.shell.run_cell("None", store_history=False)  # the first cell sets up what later ones use
    kernel.shell.display_formatter.format("")
    sys.modules["__main__"] = main  # the shell puts its own there: not before a notebook runs
    for name in ("ipywidgets", "plotly"):
        if name in sys.modules:
            raise RuntimeError(f"{name} asks for the shell when it is imported: make the shell first")


def learn_sources(sources: Iterable[str]) -> None:
    """Find out now what this process's shell will ask about sources of cells; none is run."""
    make_shell()
    learn(_Kernel.instance().shell, sources)


def _leave_unchecked(*_: Any, **__: Any) -> None:
    """Check no cell and no output by itself: whoever writes a notebook checks it whole, and one by one takes ten times as long."""


def _forget_notebook(kernel: Any) -> None:
    """Make the shell what it was before a notebook ran in it; nothing where none has."""
    shell = kernel.shell
    if shell.execution_count == 1:
        return
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].Widget.close_all()
    kernel.session.deliver = lambda message: None
    kernel.comm_manager.comms.clear()
    shell.history_manager.reset(new_session=False)
    shell.history_manager.input_hist_parsed[:] = shell.history_manager.input_hist_raw[:] = [""]
    shell.displayhook._ = shell.displayhook.__ = shell.displayhook.___ = ""
    shell.init_create_namespaces()
    shell.init_user_ns()
    shell.execution_count = 1
    shell.last_execution_succeeded, shell.last_execution_result = True, None


class _FrontEnd:
    """Stands where nbclient's connection to a kernel would.

    What an output widget answers waits there until the cell has ended: a kernel is busy until then.
    """

    def __init__(self, session: DirectSession) -> None:
        self.session, self.shell_channel = session, self
        self._waiting: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        """Keep a message for the kernel."""
        self._waiting.append(message | {"buffers": []})

    def deliver(self, kernel: Any) -> None:
        """Hand over what waits."""
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            kernel.comm_manager.comm_msg(None, None, message)


class CellRunner:
    """Runs the cells of one notebook, in order, in this process's shell.

    Parameters
    ----------
    notebook : NotebookNode
        nbformat 4; outputs, execution counts and widget state are written into it.
    folder : Path
        Where the notebook believes to stand.
    """

    def __init__(self, notebook: nbformat.NotebookNode, folder: Path) -> None:
        make_shell()
        self.notebook = notebook
        kernel: Any = _Kernel.instance()
        _forget_notebook(kernel)
        self._kernel = kernel
        self._shell, self._session = kernel.shell, kernel.session
        self._session.deliver = self._deliver
        self._book = NotebookClient(notebook)
        self._book.reset_execution_trackers()
        self._book.clear_before_next_output = False
        self._front_end = _FrontEnd(self._session)
        self._book.kc = self._front_end  # type: ignore[assignment]
        self._at: tuple[Any, int] | None = None
        os.chdir(folder)
        if sys.path[:1] != [""]:
            sys.path.insert(0, "")  # as a kernel has it
        sys.modules["__main__"] = self._shell.user_module

    def run(self, index: int) -> bool:
        """Run one cell and tell whether the notebook may go on.

        Cells without code are passed over, as are those tagged `skip-execution`. A cell tagged
        `raises-exception` may fail.
        """
        cell = self.notebook.cells[index]
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or SKIPPED_TAG in tags:
            return True
        self._at = (cell, index)
        parent = self._session.msg("execute_request", content={"code": cell.source})
        self._kernel.set_parent([], parent, "shell")
        self._kernel._forward_input(False)  # nobody is there to answer
        try:
            with self._streams(parent):
                result = self._shell.run_cell(cell.source, store_history=True, cell_id=cell.get("id"))
        finally:
            self._kernel._restore_input()
            self._at = None
            self._front_end.deliver(self._kernel)
        cell.execution_count = result.execution_count
        return result.success or MAY_FAIL_TAG in tags

    def finish(self) -> None:
        """Write what a notebook carries as a whole: the state of widgets and the language."""
        self._book.set_widgets_metadata()
        self.notebook.metadata["language_info"] = nbformat.from_dict(self._kernel.language_info)

    @contextlib.contextmanager
    def _streams(self, parent: dict[str, Any]) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout = DirectStream("stdout", self._session, parent, 1)
        sys.stderr = DirectStream("stderr", self._session, parent, 2)
        try:
            yield
        finally:
            self._flush()
            sys.stdout, sys.stderr = before

    def _flush(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, DirectStream):
                stream.flush()

    def _deliver(self, message: dict[str, Any]) -> None:
        if self._at is None:
            return
        if message["header"]["msg_type"] != "stream":
            self._flush()  # text that was written before is shown before
        cell, index = self._at
        with contextlib.suppress(CellExecutionComplete):
            self._book.process_message(message, cell, index)
