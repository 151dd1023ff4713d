"""How far a consortium has come when a batch ends, for the list of reports: what failed, who was asked and has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dimios_core.page.state import FailedPage, Registered, State, read_state, write_state
from dimios_core.responses.store import ResponseStore
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import PublishedOrganisation, ReportJob


def note_state(
    outputs: Path, outcomes: Sequence[JobOutcome], published: Sequence[PublishedOrganisation]
) -> State:
    """Write and return the state after a batch; reports that it did not try stay as they were."""
    failed = [_describe(o) for o in outcomes if o.status == "failed"]
    known = {organisation.id for organisation in published}
    people = ResponseStore(outputs).register().organisations
    waiting = [
        Registered(row["id"], row["name"], row["type"], row["county"])
        for row in people[["id", "name", "type", "county"]].fillna("").astype(str).to_dict("records")
        if row["id"] not in known
    ]
    runs = outputs / "runs"
    state = read_state(runs).after({_place(o.job) for o in outcomes}, failed, waiting)
    write_state(runs, state)
    return state


def _place(job: ReportJob) -> tuple[str, str, str, str]:
    path = job.relative_path.with_suffix("")
    period, owner, language, page = path.parts
    return period, owner, language, page


def _describe(outcome: JobOutcome) -> FailedPage:
    period, owner, language, page = _place(outcome.job)
    error = outcome.error
    reason = f"{error.name}: {error.message}" if error is not None else ""
    return FailedPage(owner, period, language, page, error.cell if error is not None else None, reason)
