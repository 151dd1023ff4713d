"""A survey is asked: opened as a bundle of its own, told how far it is, closed, taken in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError, Problem
from dimios_core.locks import hold
from dimios_core.project.progress import Progress
from dimios_core.project.summaries import (
    CardsSummary,
    CloseSummary,
    OpenSummary,
    StatusSummary,
    TakeInSummary,
    WaitingSummary,
)

if TYPE_CHECKING:
    from dimios_core.collect.box import Box

#: bundles of all surveys, under the outputs folder, unless they are put elsewhere
FOLDER = "collect"
#: where bundles lie, for the process that serves them
VARIABLE = "DIMIOS_BUNDLES"
LOOPBACK, DEFAULT_PORT = "127.0.0.1", 8877
DEFAULT_ADDRESS = f"http://{LOOPBACK}:{DEFAULT_PORT}"


def tell_time() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def bundles_folder(outputs: Path, given: Path | str | None = None) -> Path:
    """Return where bundles lie: the folder given, else `DIMIOS_BUNDLES`, else collect/ of the outputs."""
    return Path(given or os.environ.get(VARIABLE) or outputs / FOLDER)


@dataclass(frozen=True)
class Collecting:
    """Surveys that are asked with the project's own form (docs/measure.md).

    Attributes
    ----------
    outputs : Path
    bundles : Path
        A folder for each survey that is open or closed: all that the form's own process needs.
    keys : Path or None
        Where keys of anonymous surveys lie. Default: `dimios_core.collect.keys.keys_folder`.
    """

    outputs: Path
    bundles: Path
    keys: Path | None
    _progress: Progress

    def open(
        self,
        organisation: str,
        period: str,
        *,
        address: str = DEFAULT_ADDRESS,
        key_file: Path | str | None = None,
    ) -> OpenSummary:
        """Freeze a plan, and make of it the bundle that is served, and a list of links for letters.

        Parameters
        ----------
        organisation, period : str
            Whose plan, and of when.
        address : str
            What respondents open: scheme and host.
        key_file : path, optional
            The secret key of pseudonyms, as for `Project.ingest`; made where there is none yet.

        Raises
        ------
        InputError
            The plan cannot be opened as it is: everything at once, and nothing has changed then; or it is open already.
        """
        from dimios_core.project.opening_surveys import open_survey

        with hold(self.outputs, "dimios collect open"):
            return open_survey(
                self.outputs, self.bundles, self._keys, organisation, period, address, key_file
            )

    def serve(
        self,
        host: str,
        port: int,
        address: str,
        on_ready: Callable[[str, list[str]], None],
        clock: Callable[[], datetime] = tell_time,
    ) -> None:
        """Serve the form of all surveys whose bundles there are, until a signal to stop.

        Parameters
        ----------
        host, port : str, int
            Where to listen; port 0 takes any free one.
        address : str
            What respondents open; "" for this machine alone.
        on_ready : callable
            Called with the address and the surveys' ids once they can be answered.

        Raises
        ------
        InputError
            There is no bundle, or something is wrong with one; the port cannot be used; or the address is not safe.
        """
        from dimios_core.collect.opening import open_boxes
        from dimios_core.collect.serving import serve
        from dimios_core.listening import bind
        from dimios_core.project.opening_surveys import check_address

        plain = f"http://[{host}]" if ":" in host else f"http://{host}"
        if problems := [*check_address(address or plain)]:
            raise InputError(problems)
        boxes = open_boxes(self.bundles, self._keys)
        sockets = bind(host, port)
        opened = address or f"{plain}:{sockets[0].getsockname()[1]}"
        serve(boxes, opened, sockets, lambda: on_ready(opened, list(boxes)), clock)

    def write_cards(
        self, organisation: str, period: str, *, address: str = DEFAULT_ADDRESS, everybody: bool = False
    ) -> CardsSummary:
        """Write cards with everybody's own link as a QR code, a PDF a language, into the survey's folder.

        Parameters
        ----------
        address : str
            As it was opened with.
        everybody : bool
            Those who have a mail address, too.

        Raises
        ------
        InputError
            The survey is not open, or nobody needs a card.
        """
        from dimios_core.project.cards import write_cards

        return CardsSummary(*write_cards(self.outputs, organisation, period, address, everybody=everybody))

    def status(self, organisation: str, period: str) -> StatusSummary:
        """Tell how many have answered, by unit and by role; counts of fewer than five are not told."""
        from dimios_core.collect.box import count_states
        from dimios_core.collect.counting import gather, tell_counts

        with self._opened(organisation, period, sealed=True) as box:
            rows = count_states(box.database)
            state = box.state(tell_time())
        invited_n, submitted_n = sum(row[2] for row in rows), sum(row[3] for row in rows)
        units, roles = (tuple(tell_counts(gather(rows, column))) for column in (0, 1))
        return StatusSummary(organisation, period, state, invited_n, submitted_n, units, roles)

    def write_waiting(
        self, organisation: str, period: str, *, address: str = DEFAULT_ADDRESS
    ) -> WaitingSummary:
        """Write the list of those who are to be reminded, as that of all links: who has neither sent in nor withdrawn.

        Raises
        ------
        InputError
            The survey is closed: nobody's answers are anybody's any more.
        """
        from dimios_core.project.opening_surveys import write_waiting

        with self._opened(organisation, period, sealed=True) as box:
            if box.is_closed:
                what = "the survey is closed, and who had answered is deleted"
                raise InputError(Problem(box.form.id, what, "take it in: dimios collect take-in"))
            return WaitingSummary(*write_waiting(self.outputs, box, address))

    def close(
        self,
        organisation: str,
        period: str,
        *,
        early: bool = False,
        clock: Callable[[], datetime] = tell_time,
    ) -> CloseSummary:
        """Close a survey: seal what was submitted, and delete everything else, lists of links too; again finishes what was stopped.

        Parameters
        ----------
        early : bool
            Before its last day has passed, too.

        Raises
        ------
        InputError
            Its last day has not passed.
        """
        from dimios_core.project.opening_surveys import forget_links

        with self._opened(organisation, period) as box:
            closed, ends = box.close(clock(), early=early), box.form.closes
        if closed is None:
            what = f"answers are taken up to and including {ends}"
            remedy = "wait until that day has passed, or close it now for good: --early"
            raise InputError(Problem(f"{organisation} {period}", what, remedy))
        with suppress(PermissionError):  # the form's own user may not see them: taking in deletes them
            forget_links(self.outputs, organisation, period)
        return CloseSummary(organisation, period, **vars(closed))

    def take_in(self, organisation: str, period: str, *, key_file: Path | str | None = None) -> TakeInSummary:
        """Take the sealed answers into the store, with weights, strata and how many were invited, and initiatives unvalidated.

        Raises
        ------
        InputError
            The survey is not closed, or nobody's answers were sealed; or as `Project.ingest`.
        """
        from dimios_core.project.taking_in import take_in

        with (
            self._opened(organisation, period, sealed=True) as box,
            hold(self.outputs, "dimios collect take-in"),
        ):
            bundle = self.bundles / box.form.id
            return take_in(self.outputs, bundle, box, key_file, self._progress)

    @property
    def _keys(self) -> Path:
        from dimios_core.collect.keys import keys_folder

        return keys_folder(self.keys)

    @contextmanager
    def _opened(self, organisation: str, period: str, *, sealed: bool = False) -> Iterator[Box]:
        """Yield a survey's answers, let go of at the end; `sealed`: nothing is to be changed or decrypted, so no key is needed."""
        from dimios_core.collect.box import Box
        from dimios_core.collect.form import read_form, survey_id
        from dimios_core.collect.opening import open_box

        folder = self.bundles / survey_id(organisation, period)
        if not folder.is_dir():
            remedy = f"open it: dimios collect open {organisation} --period {period}; or name where it lies: --bundles"
            raise InputError(Problem(str(folder), "there is no such survey here", remedy))
        box = Box(folder, read_form(folder)) if sealed else open_box(folder, self._keys)
        try:
            yield box
        finally:
            box.stop()
