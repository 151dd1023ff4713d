"""Where kernels' sockets lie: a path of one has at most 104 letters, and the project's own folders may be deep."""

from __future__ import annotations

import os
import tempfile

#: what kernels' own folders and files add to the folder takes up to 49 letters
SOCKETS_ROOT_LETTERS_N = 55
UNIX_SOCKETS = os.name == "posix"


def choose_sockets_root() -> str:
    """Return a folder for temporary files that is short enough for sockets below it."""
    usual = tempfile.gettempdir()
    return usual if not UNIX_SOCKETS or len(usual) <= SOCKETS_ROOT_LETTERS_N else "/tmp"
