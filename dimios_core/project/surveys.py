"""A measurement before it opens: `project.survey` (docs/measure.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT
from dimios_core.project.base import DEFAULT_INSTRUMENT
from dimios_core.project.summaries.surveys import (
    CheckSummary,
    FrameSummary,
    LettersSummary,
    PlanSummary,
    SampleSummary,
    SurveySummary,
)

if TYPE_CHECKING:
    from dimios_core.instrument import Instrument
    from dimios_core.report.planned import PlanPage
    from dimios_core.responses import Register
    from dimios_core.survey.allocation import Method

METHODS = ("proportional", "neyman")


@dataclass(frozen=True)
class Surveys:
    """Plans of measurements, in `surveys/` of the outputs. Restricted: they hold names and addresses.

    Every step but `new` takes organisation and period; where there is one survey alone, it is meant without them.
    """

    outputs: Path
    _instrument: str | Path | None

    def new(self, organisation: str, period: str, *, languages: Sequence[str] = (DEFAULT,)) -> SurveySummary:
        """Begin a survey: settings (survey.yaml), and a workbook for the key user (survey.xlsx)."""
        from dimios_core.survey.settings import survey_folder
        from dimios_core.survey.steps import start_survey

        model = self._load(None)
        made = start_survey(self.outputs, organisation, str(period), model, self._register, tuple(languages))
        return SurveySummary(survey_folder(self.outputs, organisation, str(period)), made)

    def frame(
        self, file: Path | str, organisation: str | None = None, period: str | None = None
    ) -> FrameSummary:
        """Take in a staff list (CSV or a workbook), or the filled-in survey.xlsx with its settings; every fault at once."""
        from dimios_core.survey.frame import ALWAYS
        from dimios_core.survey.steps import take_frame

        folder = self.folder(organisation, period)
        frame = take_frame(self.outputs, folder, Path(file), self._register, self._model(folder))
        people = frame.people
        groups = people.groupby(["unit", "role"]).size()
        return FrameSummary(
            len(people), frame.excluded_n, int((people["draw"] == ALWAYS).sum()), int((people["email"] == "").sum()),
            frame.titles, tuple((unit, role, int(n)) for (unit, role), n in groups.items()),
        )  # fmt: skip

    def plan(
        self,
        organisation: str | None = None,
        period: str | None = None,
        *,
        invite: int | None = None,
        half_width: float | None = None,
        change: float | None = None,
        rate: float | None = None,
        method: Method = "proportional",
    ) -> PlanSummary:
        """Plan how many are asked where, so that one aim is reached; without one, ±3 points for the whole organisation.

        Parameters
        ----------
        invite : int, optional
            So many are asked.
        half_width : float, optional
            Half of the 95 % interval that the report of the whole organisation will show, percentage points.
        change : float, optional
            The smallest change from the last survey that is found with 80 % power, percentage points.
        rate : float, optional
            Share of the invited who answer, 0.05-1. Default: as last time, as far as it is published, else 0.6.
        method : str
            "proportional", or "neyman": more where people differ more, as last time's roles tell.
        """
        from dimios_core.results.scoring.columns import Columns
        from dimios_core.survey.before import find_before
        from dimios_core.survey.planning import Aim
        from dimios_core.survey.steps import make_plan

        folder = self.folder(organisation, period)
        aims = [name for name, value in zip(("--invite", "--half-width", "--change"), (invite, half_width, change), strict=True) if value is not None]  # fmt: skip
        problems = []
        if len(aims) > 1:
            problems.append(Problem(", ".join(aims), "a plan has one aim", "give one of them"))
        if rate is not None and not 0.05 <= rate <= 1:
            problems.append(Problem("--rate", f"{rate:g} is no share of 0.05 to 1", "write 0.6 for 60 %"))
        if method not in METHODS:
            problems.append(Problem("--method", f"{method} is none", f"use one of: {', '.join(METHODS)}"))
        if problems:
            raise InputError(problems)
        model = self._model(folder)
        before = find_before(self.outputs / "results", folder.parent.name, Columns(model), folder.name)
        before = before if rate is None else replace(before, rate=rate)
        aim = Aim(invite, half_width, change)
        return PlanSummary(make_plan(self.outputs, folder, self._register, model, before, aim, method))

    def sample(
        self, organisation: str | None = None, period: str | None = None, *, seed: str | int
    ) -> SampleSummary:
        """Draw the sample of the plan; the same frame and seed give the same people."""
        from dimios_core.survey.planning import read_plan
        from dimios_core.survey.steps import make_sample

        folder = self.folder(organisation, period)
        drawn = make_sample(self.outputs, folder, self._register, str(seed))
        strata = tuple((s.name, s.people, s.invited) for s in read_plan(folder).strata)
        return SampleSummary(str(seed), len(drawn), sum(person.card for person in drawn), strata)

    def letters(
        self, organisation: str | None = None, period: str | None = None, *, today: date
    ) -> LettersSummary:
        """Write every letter as it will look, and the calendar of the survey (.ics), to letters/ of its folder."""
        from dimios_core.survey.steps import write_letters

        folder = self.folder(organisation, period)
        written = write_letters(self.outputs, folder, self._register, self._model(folder), today)
        return LettersSummary(tuple(written))

    def page(
        self, organisation: str | None = None, period: str | None = None, *, language: str = DEFAULT
    ) -> PlanPage:
        """Open the plan as a page, section by section: counts and precision, days, preparations, letters; no names."""
        from dimios_core.project.plan_page import open_plan_page
        from dimios_core.project.storing import DEMO_MARK

        folder = self.folder(organisation, period)
        is_demo = (self.outputs / DEMO_MARK).is_file()
        return open_plan_page(folder, self._register, self._model(folder), language, is_demo)

    def write_page(
        self, organisation: str | None = None, period: str | None = None, *, language: str = DEFAULT
    ) -> Path:
        """Write the plan's page as one file that opens by itself, and return where."""
        from dimios_core.project.plan_page import write_plan_page

        folder = self.folder(organisation, period)
        page = self.page(organisation, period, language=language)
        return write_plan_page(folder, page, self._model(folder))

    def check(self, organisation: str | None = None, period: str | None = None) -> CheckSummary:
        """Tell what stands in the way of opening a survey, and what speaks against how it is planned."""
        from dimios_core.survey.checking import check_survey

        return CheckSummary(tuple(check_survey(self.folder(organisation, period))))

    def folder(self, organisation: str | None = None, period: str | None = None) -> Path:
        """Return where a survey lies; the only one where it is not named.

        Raises
        ------
        InputError
            There is none such, or there are several.
        """
        from dimios_core.survey.settings import survey_folder
        from dimios_core.survey.steps import list_surveys

        known = list_surveys(self.outputs)
        fits = [
            pair
            for pair in known
            if organisation in (None, pair[0]) and (period is None or str(period) == pair[1])
        ]
        if len(fits) == 1:
            return survey_folder(self.outputs, *fits[0])
        told = ", ".join(f"{o} {p}" for o, p in fits or known) or "there are none"
        what = "several surveys are meant" if fits else "there is no such survey"
        remedy = f"give --organisation and --period, of: {told}" if known else "begin one: dimios survey new"
        raise InputError(Problem("survey", what, remedy))

    @property
    def _register(self) -> Register:
        from dimios_core.responses import ResponseStore

        return ResponseStore(self.outputs).register()

    def _model(self, folder: Path) -> Instrument:
        """The model that a survey is asked with."""
        from dimios_core.survey.settings import read_survey

        return self._load(read_survey(folder).instrument)

    def _load(self, named: str | None) -> Instrument:
        from dimios_core.instrument import load_instrument

        return load_instrument(self._instrument or named or DEFAULT_INSTRUMENT)
