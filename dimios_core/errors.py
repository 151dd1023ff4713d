"""One root for everything the project raises; what a user can mend is shown without a traceback.

Exit codes of the command line: 0 fine, 1 some reports failed, 2 the input needs mending, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXIT_OK = 0
EXIT_SOME_FAILED = 1
EXIT_INPUT = 2
EXIT_INTERRUPTED = 130


class DimiosError(Exception):
    """Root of the project's errors."""


@dataclass(frozen=True)
class Problem:
    """One fault in something a user handed in: where it is, what is wrong, how to mend it.

    `place` is written for the reader ("svar.csv, row 14, column q7"); it and `what` never carry
    a respondent's identity.
    """

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}\n    → {self.remedy}"


class InputError(DimiosError):
    """The input needs mending: every problem found in it, at once.

    The command line prints the problems and exits with 2; nothing was stored.
    """

    def __init__(self, problems: Sequence[Problem] | Problem, found: int | None = None) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        #: how many there are in all, where the list was cut short
        self.found = len(self.problems) if found is None else found
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple:
        return (type(self), (self.problems, self.found))
