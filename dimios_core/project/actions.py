"""What organisations did, plan, aim at and conclude: a class a kind, each with what its commands do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT
from dimios_core.project.base import DEFAULT_INSTRUMENT
from dimios_core.project.summaries import ActionSummary

if TYPE_CHECKING:
    import pandas as pd

    from dimios_core.instrument import Instrument
    from dimios_core.responses import Register


@dataclass(frozen=True)
class _Actions:
    outputs: Path
    _instrument: str | Path | None

    @property
    def instrument(self) -> Instrument:
        """The model that points and levels are of."""
        from dimios_core.instrument import load_instrument

        return load_instrument(self._instrument or DEFAULT_INSTRUMENT)

    @property
    def register(self) -> Register:
        """Who takes part."""
        from dimios_core.responses import ResponseStore

        return ResponseStore(self.outputs).register()


def _choose(stored: pd.DataFrame, organisation: str | None) -> pd.DataFrame:
    return stored if organisation is None else stored[stored["organisation"] == organisation]


class Initiatives(_Actions):
    """What organisations report as driving their maturity (docs/initiatives.md). Nobody sees one that is not validated."""

    def add(self, file: Path | str) -> ActionSummary:
        """Store the initiatives of a CSV or XLSX file; a new or changed one is to be validated."""
        from dimios_core.actions.initiatives import add_initiatives

        added = add_initiatives(Path(file), self.outputs, self.register, self.instrument)
        counts = {"new": len(added.new), "changed": len(added.changed), "as before": len(added.unchanged)}
        lines = [f"{Path(file).name}: {', '.join(f'{n} {what}' for what, n in counts.items())}."]
        if n := added.kept_kinds_n:
            lines.append(
                f"The file has no column for kinds: the {n} that are stored stay. Empty cells take kinds away."
            )
        if n := added.said_valid_n:
            lines.append(
                f"{n} rows say that they are validated; that is done here, by whoever has read them."
            )
        return ActionSummary("\n".join(lines), counts)

    def validate(self, ids: Sequence[str] | None = None) -> ActionSummary:
        """Mark initiatives as read, by their ids; None for all: they name nobody who has not agreed, and say what was done."""
        from dimios_core.actions.initiatives import load_initiatives, validate_initiatives

        done = validate_initiatives(self.outputs, None if ids is None else list(ids))
        left = int((~load_initiatives(self.outputs)["validated"].astype(bool)).sum())
        counts = {"validated": len(done), "not validated": left}
        return ActionSummary("; ".join(f"{n} {what}" for what, n in counts.items()), counts)

    def list(self, organisation: str | None = None, *, unvalidated: bool = False) -> pd.DataFrame:
        """Return stored initiatives, a row each: id, organisation, point, kind, title, what, effect, start, consent, validated …"""
        from dimios_core.actions.initiatives import load_initiatives

        stored = _choose(load_initiatives(self.outputs), organisation)
        return stored[~stored["validated"].astype(bool)] if unvalidated else stored


class Plans(_Actions):
    """Plans that organisations make after a measurement, and the worksheet that a group fills in."""

    def add(self, file: Path | str) -> ActionSummary:
        """Take in a worksheet (XLSX or CSV); it replaces the organisation's plan of the same period."""
        from dimios_core.actions.plans import add_plan

        made = add_plan(Path(file), self.outputs, self.register, self.instrument)
        organisation, period = made.loc[0, ["organisation", "period"]]
        words = f"Plan of {organisation} after {period}: {len(made)} things to do."
        return ActionSummary(words, {"things to do": len(made)})

    def list(self, organisation: str | None = None) -> pd.DataFrame:
        """Return what is planned, a row a thing to do: organisation, period, when, point, what, progress, kind, unit, consent …"""
        from dimios_core.actions.plans import load_plans

        return _choose(load_plans(self.outputs), organisation)

    def list_due(
        self,
        today: date,
        organisation: str | None = None,
        *,
        since: str | None = None,
        language: str = DEFAULT,
    ) -> pd.DataFrame:
        """Return what is not done yet, the earliest first; of one organisation also what is done between two measurements.

        Columns: due (overdue, now, later; past for steps), organisation, period, when, point, who, what.

        Parameters
        ----------
        today : date
        organisation : str, optional
        since : str, optional
            The month (YYYY-MM) in which its result came. Default: when its latest measurement was first published.
        language : str
            Of the steps between two measurements.
        """
        from dimios_core.actions.due import is_month, list_due
        from dimios_core.actions.plans import load_plans
        from dimios_core.training.material.between import read_between

        if since is not None and (organisation is None or not is_month(since)):
            what = f"{since} is no month" if organisation else "it is one organisation's"
            raise InputError(Problem("--since", what, "write a month such as 2026-11, and -o ORGANISATION"))
        came = {} if organisation is None else self._find_month(organisation, since)
        steps = [(s.month, f"{s.name[language]}. {s.what[language]}") for s in read_between(language)]
        return list_due(_choose(load_plans(self.outputs), organisation), today, steps, came)

    def _find_month(self, organisation: str, since: str | None) -> dict[tuple[str, str], str]:
        """Return (organisation, its latest measurement) -> the month in which the result came; nothing where there is none."""
        from dimios_core.results.versions.published_months import read_published_months

        months = read_published_months(self.outputs, organisation)
        if not months:
            return {} if since is None else {(organisation, ""): since}
        period = max(months)
        return {(organisation, period): since or months[period]}

    def write_worksheet(
        self, organisation: str, period: str, file: Path | str | None = None, *, language: str = DEFAULT
    ) -> Path:
        """Write the empty worksheet for a group to fill in together, and return where: .xlsx, or .csv by the file's name.

        Raises
        ------
        InputError
            The organisation, period, language or kind of file is not known; all at once.
        """
        from dimios_core.actions.worksheet import write_worksheet, write_worksheet_csv
        from dimios_core.languages import check_language
        from dimios_core.replacing import write_whole
        from dimios_core.responses.labels import suggest
        from dimios_core.responses.periods import PERIOD_REMEDY, is_period

        people, period = self.register.organisations.set_index("id")["name"], str(period)
        target = Path(file or f"plan-{organisation}-{period}.xlsx")
        kind, problems = target.suffix.lower(), []
        if organisation not in people.index:
            what = f"{organisation} is not in the register{suggest(organisation, people.index)}"
            problems.append(Problem("organisation", what, "use an id of the register"))
        if not is_period(period):
            problems.append(Problem("period", f"{period} is no period", PERIOD_REMEDY))
        problems += check_language(language, self.instrument.languages)
        if kind not in (".xlsx", ".csv"):
            what = f"{target.name} is neither .xlsx nor .csv"
            problems.append(Problem("--file", what, "give it one of these names"))
        if problems:
            raise InputError(problems)
        given = (self.instrument, organisation, people[organisation], period, language)
        as_text = kind == ".csv"
        content = write_worksheet_csv(*given).encode("utf-8-sig") if as_text else write_worksheet(*given)
        write_whole(target, content)
        return target


class Goals(_Actions):
    """Goals that organisations set themselves: a level, a value in percent, a year."""

    def add(self, file: Path | str) -> ActionSummary:
        """Set the goals of a CSV or XLSX file; each takes the place of one for the same organisation, level, key and year."""
        from dimios_core.actions.goal_files import read_goals
        from dimios_core.actions.goals import set_goals

        done = set_goals(read_goals(Path(file), self.register, self.instrument), self.outputs)
        counts = {"new": done.new_n, "changed": done.changed_n, "as before": done.unchanged_n}
        told = ", ".join(f"{n} {what}" for what, n in counts.items())
        return ActionSummary(f"{Path(file).name}: {told}.", counts)

    def set(
        self, organisation: str, level: str, value: float | str, year: int | str, key: str = ""
    ) -> ActionSummary:
        """Set a goal; it takes the place of one for the same level, key and year.

        Parameters
        ----------
        organisation : str
        level : str
            "maturity" (the composite), "dimension", "category" or "point".
        value : number
            The result to reach, 0-100 percent.
        year : int
            By when.
        key : str
            Id or name, on the level; not needed for maturity.
        """
        from dimios_core.actions.goals import read_goal, set_goal

        given = (organisation, level, key, str(value), str(year))
        made = read_goal(*given, self.register, self.instrument)
        what = "changed" if set_goal(made, self.outputs) else "set"
        told = f"{made['level']} {made['key']}, {made['value']:g} percent by {made['year']}"
        return ActionSummary(f"Goal of {organisation} {what}: {told}.", {what: 1})

    def list(self, organisation: str | None = None) -> pd.DataFrame:
        """Return stored goals, a row each: organisation, level, key, value (percent), year."""
        from dimios_core.actions.goals import load_goals

        return _choose(load_goals(self.outputs), organisation)

    def remove(
        self, organisation: str, level: str, key: str = "", year: int | str | None = None
    ) -> ActionSummary:
        """Take an organisation's goals for a level and key away, those by a year or all."""
        from dimios_core.actions.goals import remove_goals

        by = None if year is None else str(year)
        gone_n = remove_goals(organisation, level, key, by, self.outputs, self.register, self.instrument)
        return ActionSummary(f"{gone_n} goals of {organisation} taken away.", {"taken away": gone_n})


class Conclusions(_Actions):
    """What organisations conclude themselves, in Markdown (docs/next-steps.md)."""

    def add(self, file: Path | str, organisation: str, period: str, *, by: str, date: str) -> ActionSummary:
        """Store an organisation's conclusions; they take the place of those of the same period.

        `by` tells who stands for them, `date` when they were written (YYYY-MM-DD).
        """
        from dimios_core.actions.conclusions import add_conclusions, read_conclusions

        row = read_conclusions(Path(file), organisation, str(period), by, date, self.register)
        what = "replaced" if add_conclusions(row, self.outputs) else "stored"
        return ActionSummary(f"Conclusions of {organisation}, {period}, {what}.", {what: 1})

    def list(self, organisation: str | None = None) -> pd.DataFrame:
        """Return stored conclusions, a row each: organisation, period, written_by, date, text."""
        from dimios_core.actions.conclusions import load_conclusions

        return _choose(load_conclusions(self.outputs), organisation)

    def remove(self, organisation: str, period: str) -> ActionSummary:
        """Take an organisation's conclusions of a period away."""
        from dimios_core.actions.conclusions import remove_conclusions

        remove_conclusions(organisation, str(period), self.outputs)
        return ActionSummary(f"Conclusions of {organisation}, {period}, taken away.", {"taken away": 1})
