"""The access log: who opened what, and when. Never what a page said, never a link."""

from __future__ import annotations

import json
import os
import re
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from dimios_core.access.lines import make_private_folder, open_to_append

LOG_FOLDER = "log"
#: what JSON lets stand and a terminal or a reader of lines would act on: control characters, other ends of lines,
#: signs that turn the direction of writing, halves of characters
_UNSEEN = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Journal:
    """Writes one line of JSON for each thing that is noted, in a file for each day (UTC).

    Parameters
    ----------
    folder : Path
        The access folder; files lie in log/ beneath it, readable by their owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / LOG_FOLDER
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None

    def note(self, now: datetime | None = None, **what: object) -> None:
        """Note something; what is None is left out.

        Raises
        ------
        OSError
            The log cannot be written.
        """
        now = datetime.now(UTC) if now is None else now.astimezone(UTC)
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        noted = {"at": at} | {name: value for name, value in what.items() if value is not None}
        line = _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(noted, ensure_ascii=False)) + "\n"
        with self._lock:
            self._open(self.folder / f"{now:%Y-%m-%d}.jsonl").write(line.encode())

    def _open(self, path: Path) -> IO[bytes]:
        """Return the day's file, opened anew where it was taken away."""
        if self._file is not None:
            try:
                if os.path.samestat(path.stat(), os.fstat(self._file.fileno())):
                    return self._file
            except FileNotFoundError:
                pass
            self._file.close()
            self._file = None
        make_private_folder(self.folder.parent)
        self._file = open_to_append(path)
        return self._file
