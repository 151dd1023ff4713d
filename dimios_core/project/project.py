"""`Project`: an outputs folder, and all that can be done with it, as Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.access.links import DEFAULT_ADDRESS
from dimios_core.project.actions import Conclusions, Goals, Initiatives, Plans
from dimios_core.project.findings import Findings
from dimios_core.project.making import Making
from dimios_core.project.progress import Watch
from dimios_core.project.seminars import Seminars
from dimios_core.project.summaries import AuditSummary, IngestSummary, RegisterSummary, ScoreSummary
from dimios_core.project.surveys import Surveys

if TYPE_CHECKING:
    from dimios_core.project.collecting import Collecting
    from dimios_core.project.links import Links
    from dimios_core.published.store import PublicResults, PublishedResults
    from dimios_core.research import Answers
    from dimios_core.responses.mapping_draft import MappingDraft


class Project(Making):
    """The whole line from survey exports to reports: a method a step, in a notebook, a scheduler or a test.

    Examples
    --------
    ::

        from dimios_core import Project

        project = Project("outputs")
        project.register(organisations="organisations.csv", units="units.csv")
        project.ingest("answers.csv", mapping="survey-tool-a.yaml")
        project.score()
        project.report(organisations=["almvik"])
        project.published("almvik").scores      # a tidy frame, what its reader may see

    Steps, in their order: `register`, `draft_mapping`, `ingest`, `score`, `report`, `export`, `export_data`, `audit`; `demo` takes made-up
    organisations through all of them. To look at: `published`, `public`, `answers` (restricted), `runs`, `run_record`. What
    organisations do themselves: `initiatives`, `plans`, `goals`, `conclusions`. What leaves the workbench: `findings`. For their readers: `links`;
    for trainers: `seminars`. Before there are answers: `survey`.

    A step returns a frozen summary: words where it is printed, a table in Jupyter, `to_frame()` to work with. What
    needs mending is an `InputError` with all problems at once (`.problems`, each with place, what and remedy), and
    nothing is half-written. Two at a time do not write into one outputs folder: the second is told who is at work.
    Where some of many failed, a summary says so; `.check()` raises then, and `.exit_code` is the command line's.

    The command line is these calls and their words: `dimios score` is `Project().score()`. docs/project.md shows a
    notebook, a Snakefile and a Dask program.

    Parameters
    ----------
    outputs : path, optional
        The outputs folder. Default: `DIMIOS_OUTPUTS`, else outputs/ of the project.
    instrument : str or path, optional
        The model's id, or its file. Default: the mapping's own where answers are read, else "dimios".
    workers : int, optional
        How many processes and notebooks at a time. Default: as many as there are processors.
    cluster : str, optional
        Address of a Dask scheduler (tcp://host:port), whose workers score and run notebooks. They must see the
        outputs folder under the same path.
    progress : callable or None or "auto"
        Called with a `dimios_core.project.progress.Stage` as a step goes on. "auto": bars in a terminal, a widget in
        Jupyter, nothing elsewhere; None: nothing.
    """

    # -- answers -----------------------------------------------------------------------------------------

    def register(
        self,
        organisations: Path | str | None = None,
        units: Path | str | None = None,
        invited: Path | str | None = None,
    ) -> RegisterSummary:
        """Store who takes part: organisations, their units, how many were invited (CSV or XLSX; docs/ingest.md).

        A file replaces its whole table; a table without a file stays as it is.
        """
        from dimios_core.project.storing import refuse_demo, register_files

        refuse_demo(self.outputs)
        people, tree, counts = (None if f is None else Path(f) for f in (organisations, units, invited))
        roles = self.instrument.role_ids if counts else None
        return register_files(self.outputs, people, tree, counts, roles)

    def ingest(
        self,
        files: Path | str | Sequence[Path | str],
        mapping: Path | str,
        *,
        key_file: Path | str | None = None,
        reject_rows: bool = False,
        replace: bool = False,
    ) -> IngestSummary:
        """Check survey exports and store their answers; a faulty file is listed whole and not stored.

        Parameters
        ----------
        files : path or sequence of path
            CSV, XLSX, XLSB, ODS or SPSS .sav.
        mapping : path or str
            A mapping file, or its id in parameters/mappings: how the export is to be read.
        key_file : path, optional
            The secret key of the pseudonyms; made where there is none yet (`new_key` of the summary). Default:
            `DIMIOS_KEY_FILE`, else ~/.config/dimios.
        reject_rows : bool
            Store the good rows, and write the others beside the file.
        replace : bool
            Let corrected answers replace stored ones.
        """
        from dimios_core.project.storing import ingest_files, refuse_demo

        refuse_demo(self.outputs)
        return ingest_files(
            self.outputs, _list_paths(files), mapping, self._instrument, key_file, self._progress,
            reject_rows=reject_rows, replace=replace,
        )  # fmt: skip

    def draft_mapping(self, files: Path | str | Sequence[Path | str]) -> MappingDraft:
        """Draft how exports of one kind are to be read: what is certain is written, what is not is asked, nothing is guessed.

        `.text` is the YAML with comments, `.lines_to_fill_in` the numbers of lines that only a person can fill in. In Jupyter it is
        a table; `.correct(table)` takes a corrected `.to_frame()` back, and `.write(path)` makes the file that `ingest` takes.
        """
        from dimios_core.responses import ResponseStore
        from dimios_core.responses.draft import draft_mapping

        return draft_mapping(_list_paths(files), self.instrument, ResponseStore(self.outputs).register())

    def answers(
        self,
        periods: Collection[str] | None = None,
        organisations: Collection[str] | None = None,
        roles: Collection[str] | None = None,
    ) -> Answers:
        """Open the answers of some or all for research (docs/research.md). Restricted: personal data; it warns that they are.

        `.long` is a row an answer, `.wide()` a row a respondent and period, `.describe()` tells what is missing;
        everything of `dimios_core.research` takes them.
        """
        from dimios_core.project.answers import open_answers

        named = None if self._instrument is None else str(self._instrument)
        return open_answers(self.outputs, periods, organisations, roles, named)

    def computing(self) -> AbstractContextManager[Executor | None]:
        """Open what this project computes on (its processes, or the cluster), to work on answers that are too many to be held.

        ``with project.computing() as executor: cfa(project.answers().over(executor))``. Workers read the store themselves;
        answers do not go over the network.
        """
        return self._machine.open_processes(self.outputs)

    def collecting(self, bundles: Path | str | None = None, keys: Path | str | None = None) -> Collecting:
        """Surveys asked with the project's own form: `.open(organisation, period)`, `.status(…)`, `.close(…)`, `.take_in(…)`.

        `bundles` is where surveys that are open lie. Default: `DIMIOS_BUNDLES`, else collect/ of the outputs. `keys` is where keys
        of anonymous surveys lie, outside all backups. Default: `DIMIOS_COLLECT_KEYS`, else ~/.local/state/dimios/collect-keys.
        """
        from dimios_core.project.collecting import Collecting, bundles_folder

        place = bundles_folder(self.outputs, bundles)
        return Collecting(self.outputs, place, Path(keys) if keys else None, self._progress)

    # -- results -----------------------------------------------------------------------------------------

    def score(self) -> ScoreSummary:
        """Score all answers, decide what may be published, audit it, and publish it to results/ of the outputs."""
        from dimios_core.project.scoring import score_outputs

        return score_outputs(self.outputs, self.instrument, self._machine, self._progress)

    def published(self, organisation: str) -> PublishedResults:
        """Open what one organisation's reader may see: each published table is a frame, such as `.scores`, `.contrasts`."""
        from dimios_core.published.store import load_results

        return load_results(organisation, self.outputs / "results")

    @property
    def public(self) -> PublicResults:
        """What all may see: each public table is a frame, such as `.benchmarks`, `.named` (docs/architecture.md lists them)."""
        from dimios_core.published.store import load_public

        return load_public(self.outputs / "results")

    def audit(self) -> AuditSummary:
        """Read published tables, reports and exports as a stranger would, and tell what is or follows from them that should not."""
        from dimios_core.audit.outputs import audit_outputs
        from dimios_core.project.workers import open_executor

        with open_executor(self._machine.workers) as executor, Watch("audit", self._progress):
            made = audit_outputs(self.outputs, executor, self._machine.workers_n)
        return AuditSummary(**vars(made))

    # -- what organisations did and mean to do -------------------------------------------------------------

    @property
    def initiatives(self) -> Initiatives:
        """What organisations report as driving their maturity: `.add(file)`, `.validate(ids)`, `.list()`."""
        return Initiatives(self.outputs, self._instrument)

    @property
    def plans(self) -> Plans:
        """What they plan after a measurement: `.write_worksheet(organisation, period)`, `.add(file)`, `.list()`."""
        return Plans(self.outputs, self._instrument)

    @property
    def goals(self) -> Goals:
        """Goals that they set themselves: `.set(organisation, level, value, year)`, `.add(file)`, `.list()`, `.remove(…)`."""
        return Goals(self.outputs, self._instrument)

    @property
    def conclusions(self) -> Conclusions:
        """What they conclude themselves: `.add(file, organisation, period, by=…, date=…)`, `.list()`, `.remove(…)`."""
        return Conclusions(self.outputs, self._instrument)

    @property
    def findings(self) -> Findings:
        """What leaves the workbench: `.judge(result)`, `.release(result, name, title=…, by=…, why=…)`, `.sign(…)`, `.list()`, `.show(…)`."""
        return Findings(self.outputs)

    @property
    def survey(self) -> Surveys:
        """A measurement before it opens: `.new(organisation, period)`, `.frame(file)`, `.plan(half_width=3)`, `.sample(seed=…)`, `.letters(…)`, `.check()`."""
        return Surveys(self.outputs, self._instrument)

    @property
    def seminars(self) -> Seminars:
        """What a trainer needs: `.write_material(weeks)`, `.write_kit()`, `.compare_groups(before, after)`."""
        return Seminars(self.outputs, self._instrument)

    def links(self, address: str = DEFAULT_ADDRESS, access: Path | str | None = None) -> Links:
        """Personal links, by which readers open their reports at `address`: `.create(…)`, `.create_many(…)`, `.all()`, `.revoke(id)`.

        `access` is the folder of links, their secret and the log. Default: `DIMIOS_ACCESS`, else access/ of the outputs.
        """
        from dimios_core.project.links import Links

        return Links(self.outputs, Path(access) if access else None, address)


def _list_paths(files: Path | str | Sequence[Path | str]) -> list[Path]:
    return [Path(file) for file in ([files] if isinstance(files, Path | str) else files)]
