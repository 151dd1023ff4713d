"""Take survey exports into the response store: all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.locks import holding
from dimios_core.responses.answers import AnswerColumns
from dimios_core.responses.columns import answer_columns, expected_columns
from dimios_core.responses.files import open_table
from dimios_core.responses.ingested import FileSummary, IngestError, IngestSummary, StoredGroup
from dimios_core.responses.mapping import Mapping
from dimios_core.responses.mapping_checks import check_against_instrument
from dimios_core.responses.mapping_files import load_mapping
from dimios_core.responses.models import check_model, model_name, write_model
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.pseudonyms import key_mark
from dimios_core.responses.register import Register
from dimios_core.responses.rejected import write_rejected
from dimios_core.responses.source_tables import SourceTable
from dimios_core.responses.standing import StandingAnswers
from dimios_core.responses.store import KEY_MARK, Provenance, ResponseStore, write_answers
from dimios_core.responses.transaction import Transaction
from dimios_core.responses.validate import read_answers

DEFAULT_INSTRUMENT = "dimios"
#: called with the file and the share of it that is read, 0-1
FileProgress = Callable[[Path, float], None]


@dataclass
class _Taken:
    """A file that has passed its checks and lies in the staging folder."""

    table: SourceTable
    summary: FileSummary
    staged: list[str]
    reasons: dict[int, list[str]]


@holding("dimios ingest")
def ingest(
    files: Sequence[Path | str],
    mapping: Mapping | Path | str,
    instrument: Instrument | Path | str | None = None,
    outputs: Path | str = "outputs",
    *,
    key: bytes,
    reject_rows: bool = False,
    replace: bool = False,
    progress: FileProgress | None = None,
) -> IngestSummary:
    """Check survey exports and store their answers.

    A file is stored whole or not at all; good files are stored even if others of the same call are
    faulty. The unit of storage is an organisation's period: the same answers again change nothing.

    Parameters
    ----------
    files : sequence of path
        CSV, XLSX or SPSS files; each may hold many organisations and periods.
    mapping : Mapping or path or id
    instrument : Instrument or path or id, optional
        The mapping's own, else "dimios", unless given.
    outputs : path
    key : bytes
        Secret key of the pseudonyms; the same for all files ever stored here.
    reject_rows : bool
        Store the rows without a fault, and write the others to `<file>.rejected.csv` beside the file.
        A fault of the file as a whole still stops it.
    replace : bool
        Let a file take the place of other answers of the same organisation and period.
    progress : callable, optional

    Returns
    -------
    IngestSummary

    Raises
    ------
    IngestError
        Problems of all faulty files, with the summary of the others.
    InputError
        Problems of the mapping, the instrument, the register or the key, or another command is at work at the
        outputs folder; nothing was read.
    """
    mapping = mapping if isinstance(mapping, Mapping) else load_mapping(mapping)
    if not isinstance(instrument, Instrument):
        instrument = load_instrument(instrument or mapping.instrument or DEFAULT_INSTRUMENT)
    store = ResponseStore(outputs)
    register = store.register()
    _check_before(mapping, instrument, register, store, key)
    return _Ingest(mapping, instrument, register, store, key, reject_rows, replace).run(
        [Path(file) for file in files], progress
    )


def _check_before(
    mapping: Mapping, instrument: Instrument, register: Register, store: ResponseStore, key: bytes
) -> None:
    problems = check_against_instrument(mapping, instrument)
    try:
        check_model(store.folder, instrument)
    except InputError as error:
        problems += error.problems
    if register.organisations.empty:
        problems.append(
            Problem(
                "register", "there are no organisations yet", "run dimios register --organisations FILE first"
            )
        )
    problems += store.check_key(key)
    if problems:
        raise InputError(problems)


class _Ingest:
    def __init__(
        self,
        mapping: Mapping,
        instrument: Instrument,
        register: Register,
        store: ResponseStore,
        key: bytes,
        reject_rows: bool,
        replaces: bool,
    ) -> None:
        self.mapping, self.instrument, self.register = mapping, instrument, register
        self.store, self.key, self.reject_rows = store, key, reject_rows
        self.problems: list[Problem] = []
        self.found = 0
        self.taken: list[_Taken] = []
        self._owner: dict[tuple[str, str], Path] = {}
        knows_people = mapping.columns.respondent is not None
        self._standing = StandingAnswers(store, replaces=replaces, knows_people=knows_people)
        self._transaction: Transaction | None = None

    def run(self, paths: list[Path], progress: FileProgress | None) -> IngestSummary:
        with ExitStack() as stack:
            for path in paths:
                try:
                    self._take(path, stack, progress)
                except InputError as error:
                    self._note(error.problems, error.found)
            summary = IngestSummary([self._finish(file) for file in self.taken])
            if self._transaction is not None:
                if any(file.staged for file in self.taken):
                    self._mark_store(self._transaction)
                self._transaction.commit()
        if self.problems:
            raise IngestError(self.problems, self.found, summary)
        return summary

    def _mark_store(self, transaction: Transaction) -> None:
        """Let the store remember its key, and the model that its answers were asked with."""
        if self.store.key_mark() is None:
            transaction.stage(KEY_MARK).write_text(key_mark(self.key) + "\n", encoding="ascii")
        if not check_model(self.store.folder, self.instrument):
            write_model(self.instrument, transaction.stage(model_name(self.instrument)))

    def _note(self, problems: list[Problem], found: int | None = None) -> None:
        self.problems += problems
        self.found += len(problems) if found is None else found

    def _finish(self, file: _Taken) -> FileSummary:
        """Write the rows that are not stored, before anything is stored."""
        if not file.reasons:
            return file.summary
        rejected = write_rejected(file.table, file.reasons)
        return replace(file.summary, rejected_n=len(file.reasons), rejected=rejected)

    def _take(self, path: Path, stack: ExitStack, progress: FileProgress | None) -> None:
        table = open_table(
            path,
            self.mapping.file.options(),
            expected_columns(self.mapping, self.instrument),
            answer_columns(self.mapping, self.instrument),
        )
        problems = ProblemList(table.label, keep_rows=self.reject_rows)
        share = (lambda done: progress(path, done)) if progress else None
        answers = read_answers(
            table,
            self.mapping,
            self.instrument,
            self.register,
            self.key,
            problems,
            share,
            self._standing.people,
        )
        self._standing.check_periods(answers.names.groups, self._owner, problems)
        if problems.of_file or (problems and not self.reject_rows):
            raise InputError(problems.problems(), problems.found)
        reasons = problems.reasons()
        if reasons:
            bad = np.zeros(max(*reasons, int(answers.columns["row"].max(initial=0)), 0) + 1, dtype=bool)
            bad[list(reasons)] = True
            answers.keep(~bad[answers.columns["row"]])
        silent_n = answers.drop_silent_respondents()
        if not len(answers):
            problems.add(
                "no row with an answer is left", "check that it is the right file, and mend its rows"
            )
            raise InputError(problems.problems(), problems.found)
        if self._transaction is None:
            self._transaction = stack.enter_context(Transaction(self.store.folder))
        self._stage(table, answers, problems, silent_n, reasons)

    def _stage(
        self,
        table: SourceTable,
        answers: AnswerColumns,
        problems: ProblemList,
        silent_n: int,
        reasons: dict[int, list[str]],
    ) -> None:
        assert self._transaction is not None
        staged: list[str] = []
        groups: list[StoredGroup] = []
        provenance = Provenance(self.instrument.id, self.instrument.version, dict(self.mapping.strata_merge))
        for (organisation, period), answers_of_group in answers.tables():
            self._check_owner(organisation, period, table.path, problems)
            group = self._standing.compare(organisation, period, answers_of_group, provenance, problems)
            groups.append(group)
            if group.status != "unchanged" and not problems.of_file:
                name = self.store.file_name(period, organisation)
                write_answers(answers_of_group, provenance, self._transaction.stage(name))
                staged.append(name)
        if problems.of_file:
            for name in staged:
                self._transaction.unstage(name)
            raise InputError(problems.of_file)
        groups.sort(key=lambda g: (g.organisation, g.period))
        summary = FileSummary(table.path, groups, silent_n, notes=tuple(answers.notes))
        self.taken.append(_Taken(table, summary, staged, reasons))

    def _check_owner(self, organisation: str, period: str, path: Path, problems: ProblemList) -> None:
        """Refuse both files where two of one command hold the same organisation's period."""
        owner = self._owner.setdefault((organisation, period), path)
        if owner is path:
            return
        what = "the same organisation and period are also in {}, another file of this command"
        remedy = "keep them in one file, or ingest the corrected file alone with --replace"
        place = f", organisation {organisation}, period {period}"
        problems.add(what.format(owner.name), remedy, place)
        for file in [f for f in self.taken if f.table.path is owner]:
            self.taken.remove(file)
            for name in file.staged:
                assert self._transaction is not None
                self._transaction.unstage(name)
            self._note([Problem(f"{file.table.label}{place}", what.format(path.name), remedy)])
