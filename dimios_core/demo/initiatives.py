"""What the made-up consortium did and planned: initiatives, some with a built-in effect, and filled-in worksheets.

All of it is invented, in parameters/demo/initiatives.yaml. It passes through the same files, checks and validation
as anybody's.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
from pydantic import Field

from dimios_core.actions.conclusions import add_conclusions, read_conclusions
from dimios_core.actions.goal_files import read_goals
from dimios_core.actions.goals import set_goals
from dimios_core.actions.initiatives import add_initiatives, validate_initiatives
from dimios_core.actions.plans import add_plan
from dimios_core.actions.worksheet import CHOICES, write_worksheet
from dimios_core.demo.consortium import Consortium, load_consortium
from dimios_core.demo.stable_files import save_workbook, write_text
from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.languages import say
from dimios_core.places import parameters_dir
from dimios_core.published.schema import name_codes
from dimios_core.replacing import write_whole
from dimios_core.responses.register import Register

HEADER = ("id", "organisation", "mätpunkt", "rubrik", "vad", "effekt", "start", "kontakt", "samtycke", "slag")
GOAL_HEADER = ("organisation", "nivå", "nyckel", "värde", "år")
EXPERT_HELP = "expert_help.yaml"
CONSENT_SV = {"named": "namngiven", "anonymous": "anonym", "closed": "nej"}


class Wording(Frozen):
    """Free text of an initiative, in Swedish, and the kind that it is of."""

    title: str
    kind: str
    what: str
    effect: str


class Moves(Frozen):
    """A built-in effect: points (0-100) on the level of the measure point, from a period on."""

    since: str = Field(alias="from")
    points: float


class Campaign(Frozen):
    """An initiative for one measure point that organisations (id -> month, YYYY-MM) started."""

    point: str
    wordings: list[Wording] = Field(min_length=1)
    organisations: dict[str, str] = Field(min_length=1)
    moves: Moves | None = None


class Reported(Frozen):
    """One organisation's initiative for one point."""

    organisation: str
    point: str


class PlanRow(Frozen):
    """A row of a filled-in worksheet."""

    what: str
    who: str
    when: str
    point: str
    expected: str
    next: str
    kind: str = ""
    unit: str = ""
    progress: str = ""
    consent: str = ""
    outcome: str = ""


class Plan(Frozen):
    """A filled-in worksheet."""

    organisation: str
    period: str
    language: str
    rows: list[PlanRow] = Field(min_length=1)


class Goal(Frozen):
    """A level that an organisation wants to reach."""

    organisation: str
    level: str
    key: str = ""
    value: float
    year: str


class Conclusions(Frozen):
    """What an organisation concludes itself, as Markdown."""

    organisation: str
    period: str
    by: str
    date: str
    text: str


class DemoActions(Frozen):
    """Everything that the made-up consortium did and planned."""

    campaigns: list[Campaign]
    unvalidated: list[Reported] = Field(default_factory=list)
    plans: list[Plan] = Field(default_factory=list)
    goals: list[Goal] = Field(default_factory=list)
    conclusions: list[Conclusions] = Field(default_factory=list)


@dataclass(frozen=True)
class ActionFiles:
    """The files: initiatives (CSV), worksheets (XLSX), goals (CSV), conclusions (Markdown); the ids of initiatives to validate."""

    initiatives: Path
    plans: tuple[Path, ...]
    goals: Path
    conclusions: tuple[tuple[Conclusions, Path], ...]
    validated: tuple[str, ...]


def load_actions(consortium: Consortium, path: Path | None = None) -> DemoActions:
    """Read and check what the consortium did.

    Parameters
    ----------
    consortium : Consortium
    path : Path, optional
        Default parameters/demo/initiatives.yaml.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    path = path or parameters_dir() / "demo" / "initiatives.yaml"
    actions = read_model(path, DemoActions, "demo")
    ids = {o.id for o in consortium.organisations}
    named = {o for c in actions.campaigns for o in c.organisations}
    named |= {p.organisation for p in actions.plans} | {g.organisation for g in actions.goals}
    named |= {c.organisation for c in actions.conclusions}
    named |= {u.organisation for u in actions.unvalidated}
    faults = [f"the unknown organisation {o!r}" for o in sorted(named - ids)]
    points = {c.point for c in actions.campaigns}
    faults += [f"the unknown measure point {p!r}" for p in sorted(points - set(consortium.points))]
    since = {c.moves.since for c in actions.campaigns if c.moves}
    faults += [f"the unknown period {p!r}" for p in sorted(since - set(consortium.period_ids))]
    if faults:
        raise InputError([Problem(path.name, f"names {fault}", "Mend the name.") for fault in faults])
    return actions


def lift_levels(consortium: Consortium, actions: DemoActions, levels: np.ndarray) -> np.ndarray:
    """Return the levels with the built-in effects added; no random number is drawn.

    Parameters
    ----------
    levels : numpy.ndarray
        (organisations, periods, points), from `dimios_core.demo.answers.set_levels`.
    """
    lifted = levels.copy()
    ids, points = [o.id for o in consortium.organisations], list(consortium.points)
    for campaign in actions.campaigns:
        if campaign.moves is None:
            continue
        since = consortium.period_ids.index(campaign.moves.since)
        rows = [ids.index(o) for o in campaign.organisations]
        lifted[rows, since:, points.index(campaign.point)] += campaign.moves.points
    return lifted


def write_actions(folder: Path, instrument: Instrument) -> ActionFiles:
    """Write the initiatives and the goals as a Swedish CSV file each, and every plan as a worksheet that somebody filled in.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    instrument : Instrument
        The DiMiOS model: its points are in the worksheets.
    """
    consortium = load_consortium()
    actions = load_actions(consortium)
    folder.mkdir(parents=True, exist_ok=True)
    about = {o.id: o for o in consortium.organisations}
    unread = {(u.organisation, u.point) for u in actions.unvalidated}
    lines, validated = [], []
    for campaign in actions.campaigns:
        for n, (organisation, start) in enumerate(campaign.organisations.items()):
            wording = campaign.wordings[n % len(campaign.wordings)]
            sharing = about[organisation].sharing
            contact = f"digitalisering@{organisation}.example" if sharing == "named" else ""
            identifier = f"{organisation}-{campaign.point}".replace("_", "-")
            name = consortium.points[campaign.point].label
            lines.append(
                (
                    identifier,
                    about[organisation].name,
                    name,
                    wording.title,
                    wording.what,
                    wording.effect,
                    start,
                    contact,
                    CONSENT_SV[sharing],
                    wording.kind,
                )
            )
            if (organisation, campaign.point) not in unread:
                validated.append(identifier)
    path = folder / "initiatives.csv"
    write_text(path, [HEADER, *lines], encoding="utf-8-sig", delimiter=";")
    plans = tuple(
        _fill_worksheet(folder, plan, about[plan.organisation].name, instrument) for plan in actions.plans
    )
    goals = folder / "goals.csv"
    # a model may have no composite: then nobody has a goal for it
    kept = [g for g in actions.goals if g.level != COMPOSITE[0] or instrument.composite is not None]
    told = [(about[g.organisation].name, g.level, g.key, f"{g.value:g}", g.year) for g in kept]
    write_text(goals, [GOAL_HEADER, *told], encoding="utf-8-sig", delimiter=";")
    concluded = []
    for conclusions in actions.conclusions:
        concluded.append(
            (conclusions, folder / f"conclusions-{conclusions.organisation}-{conclusions.period}.md")
        )
        write_whole(concluded[-1][1], conclusions.text)
    return ActionFiles(path, plans, goals, tuple(concluded), tuple(validated))


def _fill_worksheet(folder: Path, plan: Plan, name: str, instrument: Instrument) -> Path:
    """Fill the empty worksheet in, as a group would."""
    empty = write_worksheet(instrument, plan.organisation, name, plan.period, plan.language)
    book = openpyxl.load_workbook(io.BytesIO(empty))
    sheet = book.worksheets[0]
    title = say(plan.language, "worksheet.columns.what")
    header = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == title)
    words = {column: {"": ""} | name_codes(codes, plan.language) for column, codes in CHOICES.items()}
    for n, row in enumerate(plan.rows, start=header + 1):
        cells = (
            *(row.what, row.who, row.when, row.point, row.expected, row.next),
            *(
                words["kind"][row.kind],
                row.unit,
                words["progress"][row.progress],
                words["consent"][row.consent],
                row.outcome,
            ),
        )
        for at, text in enumerate(cells, start=1):
            sheet.cell(n, at).value = text or None
    path = folder / f"plan-{plan.organisation}-{plan.period}.xlsx"
    save_workbook(book, path)
    return path


def store_actions(files: ActionFiles, outputs: Path, register: Register, instrument: Instrument) -> int:
    """Take the files through the same checks and stores as anybody's, and lay the contact for help beside.

    Returns how many initiatives are stored.
    """
    added = add_initiatives(files.initiatives, outputs, register, instrument)
    validate_initiatives(outputs, files.validated)
    for path in files.plans:
        add_plan(path, outputs, register, instrument)
    set_goals(read_goals(files.goals, register, instrument), outputs)
    for given, path in files.conclusions:
        add_conclusions(
            read_conclusions(path, given.organisation, given.period, given.by, given.date, register), outputs
        )
    write_whole(outputs / EXPERT_HELP, (parameters_dir() / "demo" / EXPERT_HELP).read_text(encoding="utf-8"))
    return len(added.new) + len(added.changed) + len(added.unchanged)
