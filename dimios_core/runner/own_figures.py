"""Is an executed notebook the report that was asked for? Nobody gets another organisation's figures.

The notebook tells whom it is about, which published files it read, and a fingerprint of its facts; all three are
held against the job and against the published results: a file that was replaced meanwhile is read anew, the tables are
parsed anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from dimios_core.errors import DimiosError
from dimios_core.page.build import NO_OPENING, read_about
from dimios_core.published.fingerprint import (
    EVERYBODY,
    fingerprint_group,
    fingerprint_named,
    fingerprint_organisation,
)
from dimios_core.published.reads import hash_read_file
from dimios_core.published.store import PREFIX
from dimios_core.runner.jobs import ReportJob
from dimios_core.runner.parameters import ComparisonParameters, CountyParameters, OrganisationParameters


class OwnFiguresError(DimiosError):
    """An executed notebook that does not show the organisation, period and figures it was asked for."""


def check_own_figures(notebook: nbformat.NotebookNode, job: ReportJob, results: Path) -> None:
    """Check an executed notebook against its job and the published results.

    Raises
    ------
    OwnFiguresError
        It tells nothing of itself; it is about another organisation, period or language; it read another
        organisation's files; its figures are not the published ones; or the results were replaced meanwhile.
    """
    about = read_about(notebook)
    asked = job.parameters
    faults = _find_faults(about, job)
    reads: dict[str, str] = about.get("reads", {})
    own = f"{PREFIX}{asked.owner}/"
    strange = sorted(name for name in reads if name.startswith(PREFIX) and not name.startswith(own))
    if strange:
        faults.append(f"it read files that are another's: {', '.join(strange)}")
    changed = sorted(name for name, held in reads.items() if hash_read_file(results, name) != held)
    if changed:
        faults.append(f"the results were replaced while it ran: {', '.join(changed)}")
    if not faults and about["fingerprint"] != _expect_fingerprint(job, results):
        faults.append("its figures are not those that are published of it")
    if faults:
        raise OwnFiguresError("; ".join(faults))


def _find_faults(about: dict[str, Any], job: ReportJob) -> list[str]:
    if not about:
        return [NO_OPENING]
    missing = [name for name in ("owner", "period", "language", "reads", "fingerprint") if name not in about]
    if missing:
        return [f"it does not tell its {', '.join(missing)}"]
    asked = job.parameters
    pairs = {"owner": asked.owner, "period": asked.period, "language": asked.language}
    if isinstance(asked, CountyParameters):
        pairs["county"] = asked.county
    if isinstance(asked, ComparisonParameters):
        pairs["organisations"] = asked.organisations
    return [
        f"it shows the {name} {about.get(name)!r} and not {value!r}"
        for name, value in pairs.items()
        if about.get(name) != value
    ]


def _expect_fingerprint(job: ReportJob, results: Path) -> str:
    asked = job.parameters
    if isinstance(asked, OrganisationParameters):
        return fingerprint_organisation(results, asked.organisation, asked.period)
    if isinstance(asked, ComparisonParameters):
        return fingerprint_named(results, asked.organisations.split(), asked.period)
    group = f"county:{asked.county}" if isinstance(asked, CountyParameters) else EVERYBODY
    return fingerprint_group(results, group, asked.period)
