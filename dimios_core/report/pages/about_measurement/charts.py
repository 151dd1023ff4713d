"""Charts of the page on how the measurement was made, each with its table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dimios_core.report.charts import Chart, draw_lines
from dimios_core.report.charts.dots import DotRow, draw_dots
from dimios_core.report.charts.interval_rows import IntervalRow, draw_interval_rows, scale_of_changes
from dimios_core.report.charts.parts import INK, STEP_PP, accent_of, cut_scale
from dimios_core.report.data_tables import tabulate_history
from dimios_core.report.figures import MATURITY, Key
from dimios_core.report.groups.group_facts import Group
from dimios_core.report.numbers import MINUS
from dimios_core.report.organisation_facts import History
from dimios_core.report.pages.about_measurement.facts import OTHER_WEIGHTINGS
from dimios_core.report.pages.about_measurement.findings import (
    AboutNarrator,
    find_reliability,
    find_role_mix,
    find_trend,
    find_weighting,
)
from dimios_core.report.pages.about_measurement.tables import (
    tabulate_reliability,
    tabulate_role_mix,
    tabulate_slopes,
    tabulate_weightings,
)

#: forms of the other weightings; the model's own is a filled circle
FORMS = {"equal_points": "circle-open", "geometric": "diamond", "frame": "line-ns"}
COEFFICIENT_TICKS = ((0.0, "0"), (0.25, ""), (0.5, "½"), (0.75, ""), (1.0, "1"))
CHANGE_TICKS_MAX = 4


def list_broad(narrator: AboutNarrator) -> list[Key]:
    """Maturity, dimensions and categories, in the model's order."""
    model = narrator.instrument
    return [MATURITY, *(("dimension", d.id) for d in model.dimensions), *list_categories(narrator)]


def list_categories(narrator: AboutNarrator) -> list[Key]:
    """The categories, in the model's order."""
    return [("category", c.id) for c in narrator.instrument.categories]


def colour(narrator: AboutNarrator, key: Key) -> str:
    """The accent of a figure's dimension; ink for maturity."""
    return INK if key == MATURITY else accent_of(narrator.facts, *key)


def chart_reliability(narrator: AboutNarrator) -> Chart | None:
    """Return internal consistency by category; None where nothing is published."""
    about, number, say = narrator.about, narrator.number, narrator.say
    rows, any_shown = [], False
    for key in list_categories(narrator):
        found = about.internal(key[1])
        if found is None:
            rows.append(DotRow(narrator.name(*key), say("about.reliability_missing")))
            continue
        any_shown = True
        measure, c = found
        words = number.coefficient(c.value)
        text = f"{say(f'about.measures.{measure}')} {words}"
        dot = (("circle", c.value, text),)
        rows.append(DotRow(narrator.name(*key), words, dot, c.low, c.high, color=colour(narrator, key)))
    if not any_shown:
        return None
    low = min([0.0, *(v for r in rows for v in (r.low, *(d[1] for d in r.dots)) if v is not None)])
    scale = (-1.0 if low < 0 else 0.0, 1.0)
    ticks = list(COEFFICIENT_TICKS)
    wide, narrow = (draw_dots(rows, scale, ticks, narrow=n) for n in (False, True))
    title = say("about.reliability_title")
    categories = [k for _, k in list_categories(narrator)]
    conclusion = narrator.tell(find_reliability(about, categories)[0])
    table = tabulate_reliability(narrator, categories, title)
    return Chart("reliability", title, conclusion, wide, narrow, say("about.reliability_key"), table)


def chart_slopes(narrator: AboutNarrator, group: Group) -> Chart | None:
    """Return the change a year of a group's figures; None where no slope of it is published."""
    about, number, say = narrator.about, narrator.number, narrator.say
    rows = []
    for key in list_broad(narrator):
        c = about.slopes.get((group, key))
        name = narrator.name(*key)
        if c is None or c.value is None:
            reason = say(f"status.{c.status}") if c is not None else say("about.no_slope")
            rows.append(IntervalRow(name, None, None, None, reason))
            continue
        words = number.signed(c.value)
        rows.append(IntervalRow(name, c.value, c.low, c.high, words, c.certain, colour(narrator, key)))
    if all(r.value is None for r in rows):
        return None
    scale = scale_of_changes(rows)
    wide, narrow = (draw_interval_rows(rows, scale, narrow=n, changes=True) for n in (False, True))
    title = say("about.slopes_title", group=group)
    table = tabulate_slopes(narrator, group, list_broad(narrator), title)
    conclusion = narrator.tell_all(find_trend(about, group))
    return Chart("slopes", title, conclusion, wide, narrow, say("about.slopes_key"), table)


def chart_history(narrator: AboutNarrator, history: History) -> Chart | None:
    """Return the categories over the periods, a panel each; None with fewer than two periods."""
    keys = list_categories(narrator)
    if len(history.until(narrator.facts.period)) < 2:
        return None
    figures = [history.figures.get((p, *k)) for p in history.until(narrator.facts.period) for k in keys]
    shown = [f for f in figures if f is not None and f.published]
    if not shown:
        return None
    low, high = cut_scale([v for f in shown for v in (f.low, f.high) if v is not None])
    title = narrator.say("about.history_title")
    return Chart(
        id="category-history",
        name=title,
        conclusion=narrator.tell_all(find_trend(narrator.about)),
        wide=draw_lines(narrator, history, keys, narrow=False),
        narrow=draw_lines(narrator, history, keys, narrow=True),
        key=narrator.say("chart.history_key", low=f"{low:.0f}", high=f"{high:.0f}"),
        table=tabulate_history(narrator, history, keys, title),
    )


def chart_role_mix(narrator: AboutNarrator) -> Chart | None:
    """Return the plain and the standardised change; None where no standardised one is published."""
    mix, number, say = narrator.about.role_mix, narrator.number, narrator.say
    if mix is None:
        return None
    rows = []
    for key in list_broad(narrator):
        own, plain = mix.changes.get(key, (None, None))
        name = narrator.name(*key)
        if own is None or own.value is None:
            reason = say(f"status.{own.status}") if own is not None else say("about.no_slope")
            rows.append(DotRow(name, reason))
            continue
        words = number.signed(own.value)
        dots = [("circle", own.value, say("about.mix_still", value=own.value))]
        if plain is not None:
            dots.append(("circle-open", plain, say("about.mix_plain", value=plain)))
            words = say("about.mix_words", plain=plain, value=own.value)
        rows.append(DotRow(name, words, tuple(dots), own.low, own.high, color=colour(narrator, key)))
    if not any(r.dots for r in rows):
        return None
    scale, ticks = _scale_of_changes(rows)
    wide, narrow = (draw_dots(rows, scale, ticks, narrow=n, zero=True) for n in (False, True))
    title = say("about.mix_title", since=mix.since)
    conclusion = narrator.tell_all(find_role_mix(narrator.about))
    table = tabulate_role_mix(narrator, list_broad(narrator), title)
    return Chart("role-mix", title, conclusion, wide, narrow, say("about.mix_key"), table)


def _scale_of_changes(rows: Sequence[DotRow]) -> tuple[tuple[float, float], list[tuple[float, str]]]:
    values = [v for r in rows for v in (r.low, r.high, *(d[1] for d in r.dots)) if v is not None]
    reach = max([1.0, *(abs(v) for v in values)])
    step = next((s for s in (1, 2, 5, 10, 20) if s * CHANGE_TICKS_MAX >= reach), 25)
    steps_n = math.ceil(reach / step)
    ticks = [
        (float(step * i), f"{'+' if i > 0 else MINUS if i < 0 else ''}{abs(step * i)}")
        for i in range(-steps_n, steps_n + 1)
    ]
    return (-float(step * steps_n), float(step * steps_n)), ticks


def chart_weightings(narrator: AboutNarrator) -> Chart | None:
    """Return what other weightings give beside the model's own; None where nothing is published."""
    facts, about, number, say = narrator.facts, narrator.about, narrator.number, narrator.say
    keys = [k for k in list_broad(narrator) if k in facts.figures]
    rows: list[DotRow] = []
    for key in keys:
        figure, model = facts.figures[key], about.weightings.get((key, "model"))
        name = narrator.name(*key)
        if model is None:
            rows.append(DotRow(name, say(f"status.{figure.status}")))
            continue
        dots = [("circle", model, f"{say('about.weightings.model')} {number.score(model)}")]
        dots += [
            (FORMS[w], score, f"{say(f'about.weightings.{w}')} {number.score(score)}")
            for w in OTHER_WEIGHTINGS
            if (score := about.weightings.get((key, w))) is not None
        ]
        scores = [d[1] for d in dots]
        words = (
            number.interval(min(scores), max(scores)) if min(scores) < max(scores) else number.score(model)
        )
        rows.append(DotRow(name, words, tuple(dots), figure.low, figure.high, color=colour(narrator, key)))
    if not any(r.dots for r in rows):
        return None
    low, high = cut_scale(
        [v for r in rows for v in (r.low, r.high, *(d[1] for d in r.dots)) if v is not None]
    )
    ends = {False: STEP_PP, True: STEP_PP * (2 if high - low > 60 else 1)}
    ticks = {n: [(float(t), str(t)) for t in range(int(low), int(high) + 1, ends[n])] for n in ends}
    wide, narrow = (draw_dots(rows, (low, high), ticks[n], narrow=n) for n in (False, True))
    title = say("about.weighting_title")
    used = [w for w in OTHER_WEIGHTINGS if any(way == w for _, way in about.weightings)]
    marked = number.listed([say(f"about.weighting_forms.{w}") for w in used])
    key_words = say("about.weighting_key", marked=marked, low=f"{low:.0f}", high=f"{high:.0f}")
    conclusion = narrator.tell_all(find_weighting(facts, about))
    table = tabulate_weightings(narrator, keys, title)
    return Chart("weighting", title, conclusion, wide, narrow, key_words, table)
