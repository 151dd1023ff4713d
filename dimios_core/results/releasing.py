"""What becomes of a finding: let out, signed by a second person, withdrawn; the ledger first, then what readers see."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dimios_core.errors import DimiosError, InputError, Problem
from dimios_core.places import LEDGER
from dimios_core.published.conventions import GROUP_MIN
from dimios_core.published.reads import STAMP
from dimios_core.published.store import read_json
from dimios_core.published.writing import hash_store, write_json
from dimios_core.replacing import swap_folder
from dimios_core.responses.labels import normalise_label, suggest
from dimios_core.results.audit.findings import audit_changed
from dimios_core.results.findings.asked import LABEL, LABEL_REMEDY
from dimios_core.results.findings.organisations import FINDING, WHOLE, Kinds
from dimios_core.results.findings.publishing import shape_finding, write_findings
from dimios_core.results.versions.findings import Finding, Findings, Note
from dimios_core.results.versions.peers import read_versions, write_version

#: what a finding is called: nothing that could be read as a figure
FAULTS_TOLD = 20
NAME = re.compile(r"[a-z]+(?:-[a-z]+){0,5}")


def make_note(by: str, why: str) -> Note:
    """Note who does something now.

    Raises
    ------
    InputError
        It is not said who, or not why.
    """
    problems = [
        Problem(name, "it is not said", f"say {what}")
        for name, told, what in (("by", by, "who you are"), ("why", why, "why, in a sentence"))
        if not told.strip()
    ]
    if problems:
        raise InputError(problems)
    return Note(" ".join(by.split()), datetime.now(UTC).isoformat(timespec="seconds"), " ".join(why.split()))


def find_name_problems(name: str, title: str) -> Iterator[Problem]:
    """Find what is wrong with what a finding is called."""
    if not NAME.fullmatch(name):
        yield Problem(
            "name",
            f"{name!r} is no name of a finding",
            "use small letters a to z, with hyphens between words",
        )
    if not LABEL.fullmatch(title):
        yield Problem("title", f"{title!r} is no title of a finding", LABEL_REMEDY)


def let_out(
    outputs: Path, finding: Finding, members: Mapping[str, Mapping[str, frozenset[str]]] | None
) -> Finding:
    """Store a finding in the ledger, and publish it if nobody has to sign it; to be done while the outputs are held.

    Parameters
    ----------
    members : mapping, optional
        Of means over organisations: period -> group -> organisations in it.

    Returns
    -------
    Finding
        Numbered.
    """
    ledger = outputs / LEDGER
    store = Findings(ledger)
    finding = replace(finding, number=store.next_number(finding.name))
    shape_finding(finding)  # what its schema does not declare is not even stored
    with _publishing(outputs, finding):
        store.add(finding)
        for period, groups in (members or {}).items():
            _note_means(ledger, period, groups, finding)
    return finding


def sign(outputs: Path, name: str, note: Note, digits: str) -> Finding:
    """Sign the last finding of a name for a second person, and publish it.

    Raises
    ------
    InputError
        There is none that waits, it is another one than was looked at, or the one who made it would sign; all at once.
    """
    finding = find_last(outputs, name)
    problems = []
    if finding.state != "waiting":
        problems.append(
            Problem(name, f"it does not wait for anybody: it is {finding.state}", "sign one that waits")
        )
    if digits != finding.digits:
        what = f"{digits!r} are not the digits of what waits"
        problems.append(Problem("digits", what, f"look at it again: dimios research show {name}"))
    if normalise_label(note.by) == normalise_label(finding.made.by):
        what = f"{finding.made.by} made it, and cannot sign it"
        problems.append(Problem("by", what, "ask a second person to look at it"))
    if problems:
        raise InputError(problems)
    signed = replace(finding, signed=note)
    with _publishing(outputs, signed):
        Findings(outputs / LEDGER).note(signed)
    return signed


def withdraw(outputs: Path, name: str, note: Note) -> Finding:
    """Take the last finding of a name from what readers see; the ledger keeps what was told.

    Raises
    ------
    InputError
        There is none, or it is withdrawn already.
    """
    finding = find_last(outputs, name)
    if finding.withdrawn is not None:
        raise InputError(Problem(name, "it is withdrawn already", "nothing is left to do"))
    gone = replace(finding, withdrawn=note)
    with _publishing(outputs, gone):
        Findings(outputs / LEDGER).note(gone)
    return gone


def find_last(outputs: Path, name: str) -> Finding:
    """Find the last finding of a name.

    Raises
    ------
    InputError
        There is none.
    """
    known = {finding.name: finding for finding in Findings(outputs / LEDGER).all()}
    if name not in known:
        remedy = f"use one of {', '.join(known)}" if known else "there are none yet"
        raise InputError(Problem("name", f"there is no finding {name!r}{suggest(name, known)}", remedy))
    return known[name]


@contextmanager
def _publishing(outputs: Path, finding: Finding) -> Iterator[None]:
    """Lay out the results with a new or changed finding beside the old ones, audit them, let the block write the ledger, and swap.

    Raises
    ------
    DimiosError
        The audit found something; nothing is written then.
    """
    results, staged = outputs / "results", outputs / ".results.new"
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(results, staged, copy_function=os.link)
    try:
        write_findings(staged, Findings(outputs / LEDGER).published(finding))
        stamp = read_json(staged / STAMP) | {"results_version": hash_store(staged)}
        (staged / STAMP).unlink()  # a link to the old one
        write_json(stamp, staged / STAMP)
        if found := audit_changed(staged, finding.organisation):
            listed = "\n".join(f"  {', '.join(f)}" for f in found[:FAULTS_TOLD])
            raise DimiosError(
                f"The audit found {len(found)} faults beside {finding.name}; nothing is changed.\n{listed}"
            )
        yield
        swap_folder(staged, results)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _note_means(ledger: Path, period: str, groups: Mapping[str, frozenset[str]], finding: Finding) -> None:
    """Note among a period's means those that are mostly of whole organisations: benchmarks are held against them."""
    versions, kinds = read_versions(ledger).get(period, []), Kinds(ledger, period)
    means = {}
    for group, members in groups.items():
        others = {
            told.organisation
            for told in finding.told
            for name, people in zip(told.groups, told.people, strict=True)
            if (told.period, name) == (period, group) and kinds.name(told.organisation, people) != WHOLE
        }
        if len(others) < GROUP_MIN:
            means[f"{FINDING}{finding.name} {finding.number} {group}"] = members
    if versions and means:
        last = versions[-1]
        held = {label: m & frozenset(last.wholes) for label, m in means.items()}
        write_version(ledger, period, replace(last, means={**last.means, **held}))
