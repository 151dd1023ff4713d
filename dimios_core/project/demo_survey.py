"""The demo of the form: a made-up organisation is registered, planned for, asked, answered for by a robot, closed, taken in, scored."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from dimios_core.collect.keys import keys_folder
from dimios_core.collect.opening import open_boxes
from dimios_core.collect.serving import serve_while
from dimios_core.demo import mark_as_demo
from dimios_core.demo.respondents import answer_form
from dimios_core.demo.staff import (
    INITIATIVE,
    INVITED_N,
    NOW,
    ORGANISATION,
    PERIOD,
    SETTINGS,
    draw_will,
    write_staff,
)
from dimios_core.errors import InputError, Problem
from dimios_core.listening import bind
from dimios_core.project.collecting import FOLDER, LOOPBACK, Collecting
from dimios_core.project.progress import Progress, Watch
from dimios_core.project.scoring import score_outputs
from dimios_core.project.storing import RAW, SEED_FILE, load_demo_instrument, register_files
from dimios_core.project.summaries import DemoSummary
from dimios_core.project.surveys import Surveys
from dimios_core.project.workers import Machine
from dimios_core.replacing import write_whole
from dimios_core.survey.settings import SETTINGS as SETTINGS_FILE


def ask_demo(outputs: Path, seed: int, machine: Machine, progress: Progress) -> DemoSummary:
    """Ask the made-up organisation: see `Project.demo`.

    Raises
    ------
    InputError
        The folder holds answers or a survey already.
    """
    if (outputs / "responses").exists() or (outputs / FOLDER).exists():
        what = "there are answers or surveys in the folder already"
        raise InputError(
            Problem(str(outputs), what, "name a new one: dimios demo --collect --outputs FOLDER")
        )
    instrument = load_demo_instrument()
    mark_as_demo(outputs)
    files = write_staff(outputs / RAW, instrument, seed)
    write_whole(outputs / SEED_FILE, f"collect {seed}\n")
    register_files(outputs, files.organisations, files.units, None, None)
    sample_n = _plan(outputs, files.staff, seed)
    collecting = Collecting(outputs, outputs / FOLDER, None, progress)
    sockets = bind(LOOPBACK, 0)
    address = f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}"
    opened = collecting.open(ORGANISATION, PERIOD, address=address)
    done: Counter[str] = Counter()
    serve_while(
        lambda: open_boxes(outputs / FOLDER, keys_folder()),
        address,
        sockets,
        lambda: _answer(opened.links, seed, done, progress),
        lambda: NOW,
    )
    closed = collecting.close(ORGANISATION, PERIOD, early=True)
    taken = collecting.take_in(ORGANISATION, PERIOD)
    scored = score_outputs(outputs, instrument, machine, progress)
    return DemoSummary(
        (
            ("plan", f"{sample_n} people invited of the made-up staff of {ORGANISATION}: {files.staff}"),
            ("form", f"{done['sent in']} answered it over the network, {done['left']} left midway, {done['silent']} did not open it"),
            ("sealed", f"{closed.submitted_n} of {closed.invited_n} answers: {opened.bundle}"),
            ("taken in", f"{sum(row['respondents_n'] for row in taken.rows())} respondents, {taken.initiatives_n} initiatives that wait to be read"),
            ("results", f"{scored.published_n:,} of {scored.rows_n:,} figures published, audited and found safe: {scored.results}"),
        ),
        scored,
    )  # fmt: skip


def _plan(outputs: Path, staff: Path, seed: int) -> int:
    """Plan the survey as a key user would, step by step; return how many are invited."""
    surveys = Surveys(outputs, None)
    surveys.new(ORGANISATION, PERIOD)
    write_whole(surveys.folder(ORGANISATION, PERIOD) / SETTINGS_FILE, SETTINGS, private=True)
    surveys.frame(staff, ORGANISATION, PERIOD)
    surveys.plan(ORGANISATION, PERIOD, invite=INVITED_N)
    surveys.sample(ORGANISATION, PERIOD, seed=f"{ORGANISATION} {seed}")
    return INVITED_N


def _answer(links: Path, seed: int, done: Counter[str], progress: Progress) -> None:
    """Let everybody who is invited answer, one after the other, as she means to."""
    rows = list(csv.DictReader(links.read_text(encoding="utf-8-sig").splitlines()))
    with Watch("answers", progress) as watch:
        for number, row in enumerate(rows, 1):
            will = draw_will(seed, row["name"])
            if will is None:
                done["silent"] += 1
            else:
                told = INITIATIVE if will.tells else None
                sent = answer_form(row["link"], will.choose, will.pages, told)
                done["sent in" if sent else "left"] += 1
            watch(number, len(rows))
