"""Work spread over many machines: a Dask cluster as a plain `concurrent.futures.Executor`.

Nothing else in the project knows of Dask. Workers do not get answers over the network: they read and write the
same outputs folder as this machine, through storage that all of them share.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core import __version__
from dimios_core.errors import InputError, Problem

if TYPE_CHECKING:
    from distributed import Client

#: how long a scheduler, and its first worker, may take to answer
CONNECT_SECONDS = 10


@contextmanager
def open_cluster(address: str, shared: Path | None = None) -> Iterator[Executor]:
    """Yield an executor that runs on the workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        The scheduler's address, such as "tcp://10.0.0.5:8786".
    shared : Path, optional
        Folder that exists here and that every worker must see under the same path.

    Raises
    ------
    InputError
        `shared` is not there; the cluster extra is not installed; the scheduler, or a worker, does not answer within ten seconds; a
        worker has another version of the project, or does not see the folder.
    """
    if shared is not None and not shared.is_dir():
        raise InputError(Problem(str(shared), "there is no such folder", "run `dimios ingest` first"))
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            Problem(
                f"--cluster {address}",
                "running on a cluster needs the package distributed, which is not installed",
                "install it with: pip install 'dimios[cluster]'",
            )
        ) from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(
                f"--cluster {address}",
                f"no scheduler answered there within {CONNECT_SECONDS} seconds",
                "start one with `dask scheduler`, and give the address that it tells",
            )
        ) from error
    with client:
        _check_workers(client, address, shared)
        with client.get_executor() as executor:
            yield executor


def _check_workers(client: Client, address: str, shared: Path | None) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise InputError(
            Problem(
                f"--cluster {address}",
                "the scheduler has no workers",
                f"start some on each machine with `dask worker {address}`",
            )
        ) from error
    # a name that only this run knows: a folder of the same path on another disk does not hold it
    mark = None if shared is None else shared.absolute() / f".seen-{secrets.token_hex(8)}"
    if mark is not None:
        mark.touch(mode=0o600)
    try:
        told = client.run(_tell_worker, None if mark is None else str(mark), on_error="return")
    finally:
        if mark is not None:
            mark.unlink(missing_ok=True)
    problems = [problem for worker, said in told.items() if (problem := _find_fault(worker, said, shared))]
    if problems:
        raise InputError(problems)


def _tell_worker(mark: str | None) -> tuple[str, bool]:
    """Run on a worker: the version it has, and whether it sees the mark."""
    return __version__, mark is None or Path(mark).is_file()


def _find_fault(worker: str, said: tuple[str, bool] | BaseException, shared: Path | None) -> Problem | None:
    if isinstance(said, BaseException):
        return Problem(
            f"worker {worker}", f"it cannot run the project's code ({said})", "install the project on it"
        )
    version, seen = said
    if version != __version__:
        return Problem(
            f"worker {worker}",
            f"it has version {version}, this machine has {__version__}",
            "install the same version on all machines",
        )
    if not seen:
        return Problem(
            f"worker {worker}",
            f"it does not see {shared} as it is on this machine",
            "put the outputs folder on storage that all machines share, under the same path",
        )
    return None
