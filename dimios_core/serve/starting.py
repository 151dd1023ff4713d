"""How a live kernel is started: with one owner's results and the public part at hand, and little else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from dimios_core.places import CONSORTIUM
from dimios_core.published.reads import STAMP
from dimios_core.published.store import PREFIX
from dimios_core.serve.environment import select_environment
from dimios_core.serve.kernel import READS_VARIABLE

KERNEL_NAME = "python3"
#: letters of a kernel's number that name its folder: paths of sockets must be short, and beyond other kernels' guessing
FOLDER_LETTERS_N = 13


class ReportKernelManager(AsyncMappingKernelManager):
    """Starts kernels that know one owner's results and the public part, and little else."""

    #: set by the server before the first kernel starts
    results: Path
    project: Path

    def pre_start_kernel(self, kernel_name: str | None, kwargs: Any) -> tuple[KernelManager, str, str]:
        """Give the kernel its own folder for its connection file and sockets."""
        manager, name, kernel_id = super().pre_start_kernel(kernel_name, kwargs)
        manager.connection_file = str(self.folder_of(kernel_id) / "k.json")
        return manager, name, kernel_id

    def folder_of(self, kernel_id: str) -> Path:
        """Return the folder of a kernel: nothing else is in it."""
        return Path(self.connection_dir) / kernel_id[:FOLDER_LETTERS_N]

    async def start_kernel(self, *, path: str, **_: Any) -> str:  # type: ignore[override]
        """Start a kernel for the report that lies at a path (period/owner/language), and return its number.

        The environment and the kernel's name that the caller would give are left aside: they hold the request.
        """
        owner = path.strip("/").split("/")[1]
        kernel_id = self.new_kernel_id()
        folder = self.folder_of(kernel_id)
        view, readable = make_view(self.results, owner, folder)
        added = {
            "DIMIOS_RESULTS": str(view),
            "DIMIOS_PROJECT": str(self.project),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "IPYTHONDIR": str(folder / "ipython"),
            READS_VARIABLE: os.pathsep.join(map(str, (*readable, self.project / "parameters"))),
        }
        environment = select_environment(os.environ, added)
        return await super().start_kernel(
            kernel_id=kernel_id, kernel_name=KERNEL_NAME, cwd=str(folder), env=environment
        )

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel, and remove its folder."""
        shutil.rmtree(self.folder_of(kernel_id), ignore_errors=True)
        return super().remove_kernel(kernel_id)


def make_view(results: Path, owner: str, folder: Path) -> tuple[Path, list[Path]]:
    """Make a results folder that holds one owner's results and the public part, and nothing else.

    Returns
    -------
    view : Path
        The folder: links to what it shows.
    readable : list of Path
        What it shows, and the view itself.
    """
    view = folder / "results"
    view.mkdir(parents=True, mode=0o700)
    names = [STAMP, "public", *([] if owner == CONSORTIUM else [f"{PREFIX}{owner}"])]
    shown = [(results / name).resolve() for name in names]
    for name, target in zip(names, shown, strict=True):
        (view / name).symlink_to(target)
    return view, [view, *shown]
