"""The steps of a project that make something for many: reports, files to take along, data packages, the demo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dimios_core.languages import DEFAULT
from dimios_core.locks import hold, read_holder
from dimios_core.places import MADE
from dimios_core.project.base import Base
from dimios_core.project.limits import Limits
from dimios_core.project.summaries import DataSummary, DemoSummary, ExportSummary, ReportSummary

if TYPE_CHECKING:
    import pandas as pd

    from dimios_core.runner.parameters import Scalar

Words = str | Iterable[str]

DEMO_SEED = 2022
#: counties of the demo that get a report: enough organisations, three years or more
DEMO_COUNTIES = ("12", "14")


class Making(Base):
    """Steps that make something for many organisations: see `dimios_core.project.project.Project`."""

    def report(
        self,
        organisations: Words = (),
        *,
        counties: Words = (),
        suites: Words = (),
        period: str = "latest",
        language: str = DEFAULT,
        notebook: Path | str | None = None,
        parameters: Mapping[str, Scalar] | Iterable[str] = (),
        page: bool = True,
        to: Words = (),
        template: Path | str | None = None,
        force: bool = False,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> ReportSummary:
        """Make reports: run the notebooks of suites, or one of your own; unchanged reports are left alone.

        Parameters
        ----------
        organisations, counties : str or several
            Identifiers; two-digit codes. Default: all that have results, or can be shown.
        suites : str or several
            "organisation" (default), "national", "county", "comparison" (see `compare`), or suites of your own (parameters/suites/).
        period : str
            A period, or "latest": each organisation's own latest one.
        language : str
            One of the model.
        notebook : path, optional
            One notebook of your own, run instead of suites (docs/own-reports.md).
        parameters : mapping or texts
            What it is given of its own: {"name": value}, or "name=value" as the command line takes them.
        page : bool
            False: your own notebook makes no page, and may lie anywhere.
        to : str or several
            Formats of files to take along that are made of whole reports afterwards: see `export`.
        template : path, optional
            A .pptx or .potx file of your own, whose looks slides take.
        force : bool
            Make unchanged reports again, too.
        limits : Limits
            Seconds and megabytes that one notebook may use.

        Raises
        ------
        InputError
            Something asked for is not there: all problems at once, and nothing is run.
        Interrupted
            Ctrl-C, a KeyboardInterrupt with `.summary`: reports made stay; the same call goes on from there.
        """
        certain = force or not (self.outputs / MADE).exists()  # that something is to be made
        expecting = self._machine.expecting_notebooks(self.outputs, language, pages_alone=notebook is None)
        with expecting if certain else nullcontext():
            from dimios_core.project.exporting import Kinds, make_due_exports, refuse_loose_notebook
            from dimios_core.project.interrupted import Interrupted
            from dimios_core.project.planning import Selection
            from dimios_core.project.reporting import make_reports

            which = Selection.of(
                organisations, counties, suites, period, language, notebook, parameters, page
            )
            kinds = Kinds.read(to, template) if to else None
            if kinds is not None:
                refuse_loose_notebook(which)
            with hold(self.outputs, "dimios report"):
                made = make_reports(self.outputs, which, limits, self._machine, self._progress, force=force)
                if made.status == "interrupted":
                    raise Interrupted(made)
                if kinds is None or made.status != "done":
                    return made
                given = self.outputs, made, kinds, self._machine.workers_n, self._progress
                return replace(made, exports=make_due_exports(*given))

    def train(
        self,
        organisations: Words = (),
        *,
        period: str = "latest",
        language: str = DEFAULT,
        force: bool = False,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> ReportSummary:
        """Make the pages of the training (docs/training.md) on organisations' published results, as reports are made.

        All texts and questions are checked before anything is made. Arguments are those of `report`.

        Raises
        ------
        InputError
            Texts have faults, are about another model or lack the language, or something asked for is not there.
        """
        from dimios_core.published.store import load_public
        from dimios_core.training.weeks import SUITE, check_weeks

        check_weeks(language, load_public(self.outputs / "results").instrument.id)
        return self.report(
            organisations, suites=SUITE, period=period, language=language, force=force, limits=limits
        )

    def compare(
        self, *organisations: str, period: str = "latest", language: str = DEFAULT, force: bool = False
    ) -> ReportSummary:
        """Make the page that sets two or three organisations beside each other, as far as they share their result by name.

        Parameters
        ----------
        *organisations : str
            Two or three identifiers, in any order.
        period, language, force
            As in `report`; "latest": the latest period with public results.

        Raises
        ------
        InputError
            Too few, too many, unknown, or not sharing by name, each with the reason: all problems at once.
        """
        return self.report(organisations, suites="comparison", period=period, language=language, force=force)

    def export(
        self,
        to: Words = "html,pdf,pptx,xlsx",
        organisations: Words = (),
        *,
        counties: Words = (),
        suites: Words = (),
        period: str = "latest",
        language: str = DEFAULT,
        template: Path | str | None = None,
    ) -> ExportSummary:
        """Write reports as files to take along.

        Parameters
        ----------
        to : str or several
            html (one file), pdf (whole, short, next steps), pptx (slides), xlsx (a workbook), tables (a PDF of those
            behind the charts). HTML and PDF are made of reports that are there, the others of published results.
        organisations, counties, suites, period, language, template
            As in `report`; counties alone mean their suite.

        Raises
        ------
        InputError
            Something asked for is not there, or a report is missing or older: all problems at once.
        """
        from dimios_core.project.exporting import make_exports, plan_exports
        from dimios_core.project.planning import Selection

        suites = suites or (("county",) if counties else ())
        which = Selection.of(organisations, counties, suites, period, language)
        orders, kinds = plan_exports(self.outputs, which, to, template)
        with hold(self.outputs, "dimios export"):
            return make_exports(self.outputs, orders, kinds, self._machine.workers_n, self._progress)

    def export_data(
        self,
        level: str = "published",
        folder: Path | str | None = None,
        *,
        license_id: str = "CC-BY-4.0",
        purpose: str = "",
        accepted: bool = False,
    ) -> DataSummary:
        """Write a Frictionless Data Package: CSV and Parquet with a description of every column (docs/open-data.md).

        Parameters
        ----------
        level : str
            "published": figures about groups, for everybody. "research": coarsened answers, for one purpose.
        folder : path, optional
            Where. Default: below exports/data of the outputs.
        license_id : str
            Of published figures: "CC-BY-4.0" or "CC0-1.0".
        purpose : str
            What answers are for; stands in the package.
        accepted : bool
            Answers leave only on these conditions: `data_use_statement`.
        """
        from dimios_core.project.exporting import make_data_package

        given = level, Path(folder) if folder else None
        with hold(self.outputs, "dimios export data"):
            return make_data_package(
                self.outputs, *given, license_id=license_id, purpose=purpose, accepted=accepted
            )

    @property
    def data_use_statement(self) -> str:
        """On which conditions answers leave, in Swedish and English."""
        from dimios_core.export.data.readme import read_statement
        from dimios_core.languages import usable_languages

        return "\n\n".join(read_statement(language) for language in usable_languages())

    def demo(self, seed: int = DEMO_SEED, *, reports: bool = True, collect: bool = False) -> DemoSummary:
        """Make 60 fictitious organisations, and take their survey exports through the whole line.

        Same seed, same demo. It takes a folder without answers, or one that holds the demo of the same seed. `collect`: one
        organisation instead, whose made-up staff is planned for, asked with the form, and answers it over this machine's network;
        it takes a folder without answers.
        """
        if collect:
            from dimios_core.project.demo_survey import ask_demo

            with hold(self.outputs, "dimios demo"):
                asked = ask_demo(self.outputs, seed, self._machine, self._progress)
            return replace(asked, reports=self.report()) if reports else asked
        from dimios_core.project.scoring import score_outputs
        from dimios_core.project.storing import load_demo_instrument, store_demo

        with hold(self.outputs, "dimios demo"):
            steps = store_demo(self.outputs, seed, self._progress)
            given = load_demo_instrument(), self._machine, self._progress
            scored = score_outputs(self.outputs, *given)
        told = f"{scored.published_n:,} of {scored.rows_n:,} figures published, audited and found safe: {scored.results}"
        made = DemoSummary((*steps, ("results", told)), scored)
        if not reports:
            return made
        suites = ("organisation", "national", "county")
        return replace(made, reports=self.report(suites=suites, counties=DEMO_COUNTIES))

    def runs(self) -> pd.DataFrame:
        """Return what batches of reports there were, a row each, the newest first.

        Index: run. Columns: status (running, done, interrupted, disk full, killed), started, made, unchanged, failed,
        asked_for.
        """
        import pandas as pd

        from dimios_core.runner.runs import list_runs

        rows = [
            {"run": run.id, "status": run.status, "started": run.started}
            | {status: run.counts[status] for status in ("made", "unchanged", "failed")}
            | {"asked_for": run.asked_for}
            for run in list_runs(self.outputs, at_work=read_holder(self.outputs) is not None)
        ]
        columns = ["run", "status", "started", "made", "unchanged", "failed", "asked_for"]
        return pd.DataFrame(rows, columns=columns).set_index("run")

    def run_record(self, run: str = "latest") -> dict[str, Any]:
        """Return the whole record of a batch: versions, times, and how each notebook went."""
        from dimios_core.runner.runs import read_run

        runs = self.runs().index
        return read_run(self.outputs, runs[0] if run == "latest" and len(runs) else run)
