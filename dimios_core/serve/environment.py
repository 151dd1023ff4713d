"""What a kernel may know of the server's environment: a few names, so that no secret is among them."""

from __future__ import annotations

from collections.abc import Mapping

ALLOWED = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"),
        *("PROGRAMDATA", "WINDIR"),
    )
)
ALLOWED_PREFIX = "LC_"


def select_environment(environment: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a kernel may have, with `added` on top.

    Examples
    --------
    >>> select_environment({"PATH": "/bin", "DB_PASSWORD": "x", "LC_ALL": "C"}, {"DIMIOS_RESULTS": "r"})
    {'PATH': '/bin', 'LC_ALL': 'C', 'DIMIOS_RESULTS': 'r'}
    """
    allowed = {
        name: value
        for name, value in environment.items()
        if name.upper() in ALLOWED or name.startswith(ALLOWED_PREFIX)
    }
    return allowed | dict(added)
