"""What the steps of a survey made: its beginning, its frame, its plan, its sample, its letters, what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dimios_core.errors import EXIT_INPUT, EXIT_OK
from dimios_core.project.summaries.summary import Summary

if TYPE_CHECKING:
    from dimios_core.survey.checking import Finding
    from dimios_core.survey.planning import Plan
    from dimios_core.survey.settings import Survey


@dataclass(frozen=True)
class SurveySummary(Summary):
    """A survey that was begun: where it lies, and what was decided of it so far."""

    folder: Path
    survey: Survey

    def __str__(self) -> str:
        """Say where it lies and when it opens."""
        s = self.survey
        return (
            f"{self.folder}: survey.yaml, and survey.xlsx for the key user.\n"
            f"{s.organisation}, {s.period}: open {s.opens} to {s.closes} ({s.days_n} days), {s.mode}."
        )

    def rows(self) -> list[dict[str, Any]]:
        """Setting, value."""
        return [{"setting": k, "value": v} for k, v in self.survey.model_dump(mode="json").items()]


@dataclass(frozen=True)
class FrameSummary(Summary):
    """A staff list that was taken in: how many people, not to be asked, certain, without address; people by unit and role."""

    people_n: int
    excluded_n: int
    certain_n: int
    cards_n: int
    titles: dict[str, str]
    groups: tuple[tuple[str, str, int], ...]

    def __str__(self) -> str:
        """Say how many there are, and what titles were taken for."""
        lines = [
            f"{self.people_n} people: {self.certain_n} are asked for certain, {self.people_n - self.certain_n} by lot;"
            f" {self.cards_n} have no address and get cards. {self.excluded_n} of the list are not to be asked."
        ]
        by_role: dict[str, list[str]] = {}
        for title, role in self.titles.items():
            by_role.setdefault(role, []).append(title)
        lines += [f"  {role}: {', '.join(titles)}" for role, titles in sorted(by_role.items())]
        return "\n".join(lines)

    def rows(self) -> list[dict[str, Any]]:
        """Unit, role, people_n."""
        return [{"unit": unit, "role": role, "people_n": n} for unit, role, n in self.groups]


@dataclass(frozen=True)
class PlanSummary(Summary):
    """A plan: how many are invited, how sure the result will be, who will get figures."""

    plan: Plan

    def __str__(self) -> str:
        """Say what the plan gives, for the whole and by unit and role."""
        plan, chosen = self.plan, self.plan.chosen
        source = f"as {plan.before}" if plan.before else "as is usual, or as you said"
        lines = [
            f"{chosen.invited} of {plan.people} are invited, in {len(plan.strata)} strata ({plan.method});"
            f" {round(100 * plan.rate)} % are expected to answer ({source}).",
            f"The whole: ±{_tell(chosen.half_width)} points (about your own people now ±{_tell(chosen.own_now)});"
            f" a change of {_tell(chosen.change)} points or more would show.",
        ]
        for figures, words in (
            ("whole", "will get a result"),
            ("part", "will get some figures"),
            ("none", "will get none"),
        ):
            named = [_name(g.unit, g.role) for g in plan.groups if g.figures == figures]
            lines += [f"{words}: {', '.join(named)}"] if named else []
        return "\n".join(lines)

    def rows(self) -> list[dict[str, Any]]:
        """Unit, role, people, invited, answers, figures, half_width: a row a unit and a role."""
        return [asdict(group) for group in self.plan.groups]


def _tell(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _name(unit: str, role: str) -> str:
    return "the whole" if (unit, role) == ("*", "*") else unit if role == "*" else role


@dataclass(frozen=True)
class SampleSummary(Summary):
    """A sample that was drawn: the seed, how many are invited and how many of them get cards; people and invited by stratum."""

    seed: str
    invited_n: int
    cards_n: int
    strata: tuple[tuple[str, int, int], ...]

    def __str__(self) -> str:
        """Say how many were drawn, and how to draw them again."""
        return (
            f"{self.invited_n} people drawn in {len(self.strata)} strata, {self.cards_n} of them get cards."
            f" The same frame with the seed “{self.seed}” gives the same people."
        )

    def rows(self) -> list[dict[str, Any]]:
        """Stratum, people, invited, weight."""
        return [
            {"stratum": name, "people": people, "invited": invited, "weight": people / invited}
            for name, people, invited in self.strata
        ]


@dataclass(frozen=True)
class LettersSummary(Summary):
    """Letters that were written, as files."""

    files: tuple[Path, ...]

    def __str__(self) -> str:
        """Say where they are."""
        return "\n".join(str(path) for path in self.files)

    def rows(self) -> list[dict[str, Any]]:
        """File."""
        return [{"file": str(path)} for path in self.files]


@dataclass(frozen=True)
class CheckSummary(Summary):
    """What stands in the way of a survey, and what speaks against how it is planned."""

    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """2 where something has to be mended before it opens."""
        return EXIT_INPUT if any(finding.must for finding in self.findings) else EXIT_OK

    def __str__(self) -> str:
        """Say what was found, what has to be mended first."""
        told = sorted(self.findings, key=lambda finding: not finding.must)
        lines = [f"{'mend' if f.must else 'think of'}: {f.problem}" for f in told]
        return "\n".join(lines) or "Nothing stands in its way."

    def rows(self) -> list[dict[str, Any]]:
        """Must, place, what, remedy."""
        return [{"must": finding.must, **asdict(finding.problem)} for finding in self.findings]
