"""What `dimios audit` does: reads published tables, reports and exports as a stranger would, and makes them again."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from dimios_core.audit.reading import audit_reports
from dimios_core.audit.remaking import audit_exports
from dimios_core.audit.remaking_reports import audit_remade_reports
from dimios_core.places import EXPORTS, LEDGER
from dimios_core.published.reads import STAMP
from dimios_core.published.schema import load_tables
from dimios_core.published.store import PREFIX, list_organisations, read_json, read_table, tell_no_results
from dimios_core.published.writing import hash_store
from dimios_core.results.audit.bounds import audit_bounds
from dimios_core.results.audit.tables import AuditFinding, audit_results
from dimios_core.results.findings.judging import OWN_TABLE, PUBLIC_TABLE
from dimios_core.results.findings.publishing import MODEL_TABLE, tabulate_findings
from dimios_core.results.versions.findings import Findings

FINDINGS_TOLD = 50
#: what is wrong with results that somebody has changed
#: what is wrong with a table of findings that somebody has changed
NOT_LET_OUT = "holds something else than what was let out or signed: run dimios score again"
NOT_AS_SCORED = "the results are not those that were scored: run dimios score again"


@dataclass(frozen=True)
class AuditSummary:
    """What an audit read, and found. As text it is what `dimios audit` says.

    Attributes
    ----------
    organisations_n : int
        Organisations with published tables.
    readers_n, files_n, numbers_n : int
        Whose reports and exports were read, how many files, how many numbers in them.
    findings : tuple of AuditFinding
        What is there, or can be worked out, and should not; empty where all is well.
    """

    organisations_n: int
    readers_n: int
    files_n: int
    numbers_n: int
    findings: tuple[AuditFinding, ...]

    def __str__(self) -> str:
        if self.findings:
            told = [f"  {finding}" for finding in self.findings[:FINDINGS_TOLD]]
            return "\n".join([*told, f"{len(self.findings)} findings: do not hand these results out."])
        return (
            f"Audited {self.organisations_n} organisations and the public part: nothing can be worked out.\n"
            f"Read {self.files_n} files of reports and exports of {self.readers_n} readers, {self.numbers_n:,} numbers: "
            "all stand in tables that their reader may see, and reports and exports are what would be made today."
        )


def audit_outputs(outputs: Path, executor: Executor | None = None, workers: int = 1) -> AuditSummary:
    """Audit all that readers get of an outputs folder.

    Parameters
    ----------
    outputs : Path
    executor : Executor, optional
        Does the work of each organisation elsewhere.
    workers : int, optional
        Notebooks that are made again at a time.

    Returns
    -------
    AuditSummary

    Raises
    ------
    InputError
        Nothing is published there: what was not read is not said to be well.
    """
    results = outputs / "results"
    organisations = list_organisations(results)
    if not organisations:
        raise tell_no_results(results)
    run = executor.map if executor else map
    found = audit_results(results, executor)
    for findings in run(audit_bounds, [results] * len(organisations), organisations):
        found += findings
    found += _check_findings(outputs)
    found = found or _check_stamp(results)
    read = audit_reports(outputs / "reports", results, executor, outputs / EXPORTS)
    found += read.findings
    told = {finding.key for finding in read.findings}
    found += [f for f in audit_remade_reports(outputs, workers) if f.key not in told]
    found += audit_exports(outputs, executor)
    return AuditSummary(len(organisations), read.organisations_n, read.files_n, read.numbers_n, tuple(found))


def _check_findings(outputs: Path) -> list[AuditFinding]:
    """Find out whether the tables of findings hold what the ledger says was let out and signed, and nothing else."""
    results, wrong = outputs / "results", []
    stored = Findings(outputs / LEDGER).published()
    there = {("", name) for name in (PUBLIC_TABLE, MODEL_TABLE)}
    there |= {(organisation, OWN_TABLE) for organisation in list_organisations(results)}
    let_out = {name: frame for name, frame in tabulate_findings(stored).items() if name in there}
    for organisation, name in sorted(there):
        path = results / (f"{PREFIX}{organisation}" if organisation else "public") / f"{name}.parquet"
        told = read_table(path, load_tables()[name])
        if not told.equals(let_out.get((organisation, name), told.iloc[:0])):
            wrong.append(AuditFinding(organisation or "public", "", name, NOT_LET_OUT))
    return wrong


def _check_stamp(results: Path) -> list[AuditFinding]:
    """Find out whether a file of the results was changed since they were scored, in a way that no check has told."""
    if read_json(results / STAMP)["results_version"] == hash_store(results):
        return []
    return [AuditFinding("public", "", STAMP, NOT_AS_SCORED)]
