"""What is not safe about a configuration, in plain words, each with its name and a remedy."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from dimios_core.access.keys import Keys
from dimios_core.errors import InputError, Problem
from dimios_core.forking import can_fork
from dimios_core.forking.confinement import landlock_version
from dimios_core.serve.admission import Admission

#: folders of the outputs that hold what not everybody on a machine may read
PRIVATE_FOLDERS = ("results", "reports", "responses", "estimates", "ledger", "access", "surveys", "collect")
OTHERS_MAY_READ, OTHERS_MAY_PASS = 0o004, 0o001


@dataclass(frozen=True)
class Risk:
    """Something that is not safe; `name` is how `--accept` calls it."""

    name: str
    what: str
    remedy: str


def find_risks(admission: Admission, keys: Keys, outputs: Path) -> list[Risk]:
    """Return what is not safe about serving beyond this machine, the most dangerous first."""
    return list(_find(admission, keys, outputs))


def _find(admission: Admission, keys: Keys, outputs: Path) -> Iterator[Risk]:
    proxy = admission.proxy
    if not admission.is_encrypted:
        yield Risk(
            "no-tls",
            f"readers' links and pages would travel unencrypted: the address is {admission.address}",
            "put a proxy with TLS in front and give the address that readers use, as --address https://…",
        )
    if not proxy.addresses:
        yield Risk(
            "no-proxy",
            "no proxy is named: its requests could not be told from readers' own, and failed links of one reader would "
            "block all",
            "give the address from which the proxy connects, as --proxy 127.0.0.1",
        )
    if proxy.identity_header and any(ipaddress.ip_network(a).num_addresses > 256 for a in proxy.addresses):
        yield Risk(
            "wide-proxy",
            "whoever reaches the server from a wide network may name itself any reader",
            "give the proxy's own address with --proxy, not a network",
        )
    if keys.source == "made":
        yield Risk(
            "default-secret",
            "links are signed with the secret that was made beside them: who can read the folder can forge links",
            "give a secret of its own in DIMIOS_SECRET, or in a file named by DIMIOS_SECRET_FILE",
        )
    if keys.exposed:
        yield Risk(
            "exposed-secret", "others on this machine may read the secret's file", "chmod 600 the file"
        )
    if exposed := [name for name in PRIVATE_FOLDERS if _is_exposed(outputs / name)]:
        yield Risk(
            "readable-outputs",
            f"everybody on this machine may read {', '.join(exposed)} in the outputs folder",
            f"chmod -R o-rwx {outputs}",
        )
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Risk("root", "the server runs as root", "run it as a user of its own, as docs/deploy.md shows")
    if not can_fork() or landlock_version() == 0:
        yield Risk(
            "no-confinement",
            "this system cannot confine kernels to their own files (Linux 5.13 or later, with Landlock)",
            "serve from such a system",
        )


def _is_exposed(path: Path) -> bool:
    """Tell whether others on this machine may list a folder: its mode and those of the folders above let them."""
    if os.name != "posix" or not path.is_dir():
        return False
    resolved = path.resolve()
    open_way = all(p.stat().st_mode & OTHERS_MAY_PASS for p in resolved.parents)
    return open_way and bool(resolved.stat().st_mode & OTHERS_MAY_READ)


def refuse_risks(risks: list[Risk], accepted: Collection[str]) -> None:
    """Let a configuration pass whose risks have all been accepted by name.

    Raises
    ------
    InputError
        Risks that were not accepted, or names that are no risk of it; all at once.
    """
    names = {risk.name for risk in risks}
    problems = [
        Problem(risk.name, risk.what, f"{risk.remedy}; or live with it: --accept {risk.name}")
        for risk in risks
        if risk.name not in accepted
    ]
    problems += [
        Problem(f"--accept {name}", "there is no such risk here", "leave it out, so that it stays telling")
        for name in accepted
        if name not in names
    ]
    if problems:
        raise InputError(problems)
