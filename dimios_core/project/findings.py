"""Findings: results of the workbench that leave it, by rule or signed by a second person (docs/research.md)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError
from dimios_core.locks import hold
from dimios_core.project.summaries import ActionSummary

if TYPE_CHECKING:
    import pandas as pd

    from dimios_core.research.publishable import Verdict
    from dimios_core.results.versions.findings import Finding

_COMMAND = "dimios research"


@dataclass(frozen=True)
class Findings:
    """What leaves the workbench: `.judge(result)`, `.release(result, name, …)`, `.list()`, `.show(name)`, `.sign(…)`, `.withdraw(…)`."""

    outputs: Path

    def judge(self, result: object) -> Verdict:
        """Tell whether a result may be published: see `dimios_core.research.publishable`."""
        from dimios_core.research import publishable

        return publishable(result, self.outputs)

    def release(self, result: object, name: str, *, title: str, by: str, why: str) -> ActionSummary:
        """Publish a result that passes; hand in for a second person what has to be signed.

        Parameters
        ----------
        result : Result or Verdict
            Of `group_means`, or a model of the workbench; or what `judge` said of it. A verdict that fails is refused at once; one
            that passes is judged anew, as more may have been told since.
        name : str
            What it is called in published tables: small letters, hyphens between words. One of the same name takes the place
            of what was published before it.
        title : str
            What it is about, in a few words without numbers.
        by, why : str
            Who lets it out, and what for.

        Raises
        ------
        InputError
            A name, title, `by` or `why` that will not do; then, of what is named, that it may not be published. All reasons
            at once, and nothing is changed.
        """
        from dimios_core.research.publishable import Verdict
        from dimios_core.results.releasing import find_name_problems, let_out, make_note
        from dimios_core.results.versions.findings import Finding

        problems = list(find_name_problems(name, title))
        try:
            note = make_note(by, why)
        except InputError as error:
            problems += error.problems
        if problems:
            raise InputError(problems)
        if isinstance(result, Verdict):
            result.check()
            result = result.result
        with hold(self.outputs, f"{_COMMAND} release"):
            verdict = self.judge(result)
            verdict.check()
            judged = verdict.judged
            finding = Finding(
                name, 0, title, "model" if judged is None else "groups", "" if judged is None else judged.organisation,
                verdict.r_call, note, verdict.table, () if judged is None else judged.told,
            )  # fmt: skip
            finding = let_out(self.outputs, finding, None if judged is None else judged.members)
        n = len(finding.table)
        words = f"{name}: {n} {'row' if n == 1 else 'rows'}: {_told_where(finding)}."
        return ActionSummary(words, {finding.state: len(finding.table)})

    def list(self) -> pd.DataFrame:
        """Return all findings, a row each: name, number, state, kind, organisation, title, made_by, made_at, signed_by, digits."""
        import pandas as pd

        from dimios_core.places import LEDGER
        from dimios_core.results.versions.findings import Findings as Stored

        columns = [
            "name", "number", "state", "kind", "organisation", "title", "made_by", "made_at", "signed_by", "digits",
        ]  # fmt: skip
        rows = [
            (
                f.name, f.number, f.state, f.kind, f.organisation, f.title, f.made.by, f.made.at,
                f.signed.by if f.signed else "", f.digits,
            )
            for f in Stored(self.outputs / LEDGER).all()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def show(self, name: str) -> pd.DataFrame:
        """Return the figures of the last finding of a name, as they are or would be published."""
        from dimios_core.results.findings.publishing import shape_finding
        from dimios_core.results.releasing import find_last

        return shape_finding(find_last(self.outputs, name))

    def sign(self, name: str, *, by: str, why: str, digits: str) -> ActionSummary:
        """Sign a finding that waits, as a second person who has looked at it, and publish it.

        `digits` are those that `list()` and `dimios research show` tell of it: a signature is for these figures and no others.
        """
        from dimios_core.results import releasing

        with hold(self.outputs, f"{_COMMAND} sign"):
            finding = releasing.sign(self.outputs, name, releasing.make_note(by, why), digits)
        return ActionSummary(f"{name}: signed by {by}, {len(finding.table)} rows published.", {"signed": 1})

    def withdraw(self, name: str, *, by: str, why: str) -> ActionSummary:
        """Take a finding from what readers see, with the pages that opened its table; what it told stays known, and counts on."""
        from dimios_core.page.made_of import remove_made_of
        from dimios_core.results import releasing
        from dimios_core.results.findings.publishing import file_of, table_of

        with hold(self.outputs, f"{_COMMAND} withdraw"):
            finding = releasing.withdraw(self.outputs, name, releasing.make_note(by, why))
            gone = remove_made_of(self.outputs / "reports", file_of(finding))
        told = f"{name}: withdrawn. No page had opened {table_of(finding)}."
        if gone:
            pages = ", ".join(page.as_posix() for page in gone)
            told = (
                f"{name}: withdrawn. Taken away, as they had opened {table_of(finding)}: {pages}. Where rows may be missing, "
                "write `if len(rows): display(report.section(…))`, and make them again: dimios report --notebook FILE."
            )
        return ActionSummary(told, {"withdrawn": 1, "pages": len(gone)})


def _told_where(finding: Finding) -> str:
    from dimios_core.results.findings.publishing import table_of

    if finding.state == "waiting":
        return f"waiting for a second person: dimios research sign {finding.name} --by … --why … --digits {finding.digits}"
    whose = f" of {finding.organisation}" if finding.organisation else ""
    return f"published in {table_of(finding)}{whose}"
