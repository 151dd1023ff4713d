"""Take survey exports into the response store: all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.locks import holding
from dimios_core.responses.answers import AnswerColumns
from dimios_core.responses.changes import AnswerChanges, compare_answers, same_answers
from dimios_core.responses.columns import answer_columns, expected_columns
from dimios_core.responses.files import open_table
from dimios_core.responses.mapping import Mapping
from dimios_core.responses.mapping_checks import check_against_instrument
from dimios_core.responses.mapping_files import load_mapping
from dimios_core.responses.meanings import MISSING
from dimios_core.responses.models import check_model, model_name, write_model
from dimios_core.responses.periods import mixed_years
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.pseudonyms import key_mark
from dimios_core.responses.register import Register
from dimios_core.responses.rejected import write_rejected
from dimios_core.responses.source_tables import SourceTable
from dimios_core.responses.store import ANSWER_KINDS, KEY_MARK, Provenance, ResponseStore, write_answers
from dimios_core.responses.transaction import Transaction
from dimios_core.responses.validate import read_answers

DEFAULT_INSTRUMENT = "dimios"
#: called with the file and the share of it that is read, 0-1
FileProgress = Callable[[Path, float], None]


@dataclass(frozen=True)
class StoredGroup:
    """What became of an organisation's answers for a period: `status` is new, replaced or unchanged."""

    organisation: str
    period: str
    status: str
    respondents_n: int
    answers_n: int
    changes: AnswerChanges | None = None
    #: respondents who answered in the period before, too; None where there is none, or nobody can be known again
    known_n: int | None = None


@dataclass(frozen=True)
class FileSummary:
    """What became of one file.

    Parameters
    ----------
    groups : list of StoredGroup
        By organisation and period.
    silent_n : int
        Respondents without any answer or "don't know"; they are left out.
    rejected_n : int
        Rows that were not stored; they are in `rejected`.
    """

    path: Path
    groups: list[StoredGroup]
    silent_n: int = 0
    rejected_n: int = 0
    rejected: Path | None = None
    #: what a reader should know of how the file was read
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class IngestSummary:
    """What became of the files of one command; only files that were taken are here."""

    files: list[FileSummary] = field(default_factory=list)

    @property
    def groups(self) -> list[StoredGroup]:
        """The groups of all files."""
        return [group for file in self.files for group in file.groups]


class IngestError(InputError):
    """Some files need mending; `summary` says what was stored of the others."""

    def __init__(self, problems: Sequence[Problem], found: int | None, summary: IngestSummary) -> None:
        super().__init__(problems, found)
        self.summary = summary

    def __reduce__(self) -> tuple:
        return (type(self), (self.problems, self.found, self.summary))


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
        self.store, self.key, self.reject_rows, self.replaces = store, key, reject_rows, replaces
        self.problems: list[Problem] = []
        self.found = 0
        self.taken: list[_Taken] = []
        self._owner: dict[tuple[str, str], Path] = {}
        self._people: dict[str, frozenset[int]] = {}
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
            self._stored_people,
        )
        self._check_groups(answers, problems)
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

    def _stored_people(self, organisation: str) -> frozenset[int]:
        """Return the pseudonyms that answers of an organisation are stored under."""
        if organisation not in self._people:
            self._people[organisation] = self.store.known(organisation)
        return self._people[organisation]

    def _count_known(self, organisation: str, period: str, new: pa.Table) -> int | None:
        before = [p for p in self.store.periods() if p < period and self.store.holds(p, organisation)]
        if not before or self.mapping.columns.respondent is None:
            return None
        now = set(new.column("respondent").unique().to_pylist())
        return len(now & self.store.respondents(max(before), organisation))

    def _check_groups(self, answers: AnswerColumns, problems: ProblemList) -> None:
        """Check that an organisation has one kind of period a year, stored ones and other files' included."""
        stored: dict[str, set[str]] = {}
        for period in self.store.periods():
            for organisation in self.store.organisations(period):
                stored.setdefault(organisation, set()).add(period)
        for organisation, period in self._owner:
            stored.setdefault(organisation, set()).add(period)
        new: dict[str, set[str]] = {}
        for organisation, period in answers.names.groups:
            new.setdefault(organisation, set()).add(period)
        for organisation, periods in sorted(new.items()):
            for year in mixed_years(periods | stored.get(organisation, set())):
                if any(period.startswith(year) for period in periods):
                    problems.add(
                        f"{year} is there both as a year and as a half, here or in what is stored",
                        "an organisation has one kind of period a year: change the period of one of them",
                        f", organisation {organisation}",
                    )

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
            group = self._compare(organisation, period, answers_of_group, provenance, problems)
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

    def _compare(
        self,
        organisation: str,
        period: str,
        new: pa.Table,
        provenance: Provenance,
        problems: ProblemList,
    ) -> StoredGroup:
        respondents_n = len(new.column("respondent").unique())
        kinds = new.column("answer_kind").combine_chunks()
        answers_n = sum(
            n["counts"] for n in kinds.value_counts().to_pylist() if n["values"] != ANSWER_KINDS[MISSING]
        )
        status, changes = "new", None
        if self.store.holds(period, organisation):
            old = self.store.read(period, organisation)
            if same_answers(old, new) and self.store.provenance(period, organisation) == provenance:
                status = "unchanged"
            else:
                status, changes = "replaced", compare_answers(old, new)
                if not self.replaces:
                    problems.add(
                        f"other answers are stored already ({changes})",
                        "if this file is the corrected one, run the command again with --replace",
                        f", organisation {organisation}, period {period}",
                    )
        known_n = self._count_known(organisation, period, new)
        return StoredGroup(organisation, period, status, respondents_n, answers_n, changes, known_n)
