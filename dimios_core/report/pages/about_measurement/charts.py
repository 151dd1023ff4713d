"""Charts of the page on how the measurement was made, each with its table."""

from __future__ import annotations

from dimios_core.instrument.lead import lead_of, list_upper_keys
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.intervals import draw_readings, make_readings
from dimios_core.report.charts.rows import Row, list_values
from dimios_core.report.charts.scales import (
    WHOLE_SCALE,
    cut_changes,
    tick_changes,
    tick_tens,
    write_ends,
)
from dimios_core.report.figures import Key
from dimios_core.report.pages.about_measurement.facts import OTHER_WEIGHTINGS
from dimios_core.report.pages.about_measurement.findings import (
    AboutNarrator,
    find_reliability,
    find_role_mix,
    find_weighting,
)
from dimios_core.report.pages.about_measurement.tables import (
    tabulate_reliability,
    tabulate_role_mix,
    tabulate_weightings,
)

#: forms of the other weightings; the model's own is a filled circle
FORMS = {"equal_points": "circle-open", "geometric": "diamond", "frame": "line-ns"}
COEFFICIENT_TICKS = ((0.0, "0"), (0.25, ""), (0.5, "½"), (0.75, ""), (1.0, "1"))


def list_broad(narrator: AboutNarrator) -> list[Key]:
    """Composite, dimensions and categories, in the model's order."""
    return [*list_upper_keys(narrator.instrument), *list_categories(narrator)]


def list_categories(narrator: AboutNarrator) -> list[Key]:
    """The categories, in the model's order."""
    return [("category", c.id) for c in narrator.instrument.categories]


def chart_reliability(narrator: AboutNarrator) -> Chart | None:
    """Return internal consistency by category; None where nothing is published."""
    about, number, say = narrator.about, narrator.number, narrator.say
    rows = []
    for key in list_categories(narrator):
        found, name = about.internal(key[1]), narrator.name(*key)
        if found is None:
            rows.append(Row(name, reason=say("about.reliability_missing")))
            continue
        measure, c = found
        words = number.coefficient(c.value)
        reading = ("circle", c.value, f"{say(f'about.measures.{measure}')} {words}")
        colour = colour_of(narrator.instrument, *key)
        rows.append(make_readings(name, words, [reading], c.low, c.high, colour))
    if not any(r.marks for r in rows):
        return None
    scale = (-1.0 if min([0.0, *list_values(rows)]) < 0 else 0.0, 1.0)
    wide, narrow = draw_both(draw_readings, rows, scale, COEFFICIENT_TICKS)
    title = say("about.reliability_title")
    categories = [k for _, k in list_categories(narrator)]
    conclusion = narrator.tell(find_reliability(about, categories)[0])
    table = tabulate_reliability(narrator, categories, title)
    return Chart("reliability", title, conclusion, wide, narrow, say("about.reliability_key"), table)


def chart_role_mix(narrator: AboutNarrator) -> Chart | None:
    """Return the plain and the standardised change; None where no standardised one is published."""
    mix, number, say = narrator.about.role_mix, narrator.number, narrator.say
    if mix is None:
        return None
    rows = []
    for key in list_broad(narrator):
        change = mix.changes.get(key)
        own, plain = (None, None) if change is None else (change.still, change.plain)
        name = narrator.name(*key)
        if own is None or own.value is None:
            reason = say(f"status.{own.status}") if own is not None else say("about.no_slope")
            rows.append(Row(name, reason=reason))
            continue
        words = number.signed(own.value)
        readings = [("circle", own.value, say("about.mix_still", value=own.value))]
        if plain is not None:
            readings.append(("circle-open", plain, say("about.mix_plain", value=plain)))
            words = say("about.mix_words", plain=plain, value=own.value)
        colour = colour_of(narrator.instrument, *key)
        rows.append(make_readings(name, words, readings, own.low, own.high, colour))
    if not any(r.marks for r in rows):
        return None
    scale = cut_changes(list_values(rows))
    wide, narrow = draw_both(draw_readings, rows, scale, tick_changes(scale), zero=True)
    title = say("about.mix_title", since=mix.since)
    conclusion = narrator.tell_all(find_role_mix(narrator.about, lead_of(narrator.instrument)))
    table = tabulate_role_mix(narrator, list_broad(narrator), title)
    return Chart("role-mix", title, conclusion, wide, narrow, say("about.mix_key"), table)


def chart_weightings(narrator: AboutNarrator) -> Chart | None:
    """Return what other weightings give beside the model's own; None where nothing is published."""
    facts, about, number, say = narrator.facts, narrator.about, narrator.number, narrator.say
    keys = [k for k in list_broad(narrator) if k in facts.figures]
    rows = []
    for key in keys:
        figure, model = facts.figures[key], about.weightings.get((key, "model"))
        name = narrator.name(*key)
        if model is None:
            rows.append(Row(name, reason=say(f"status.{figure.status}")))
            continue
        readings = [("circle", model, f"{say('about.weightings.model')} {number.score(model)}")]
        readings += [
            (FORMS[w], score, f"{say(f'about.weightings.{w}')} {number.score(score)}")
            for w in OTHER_WEIGHTINGS
            if (score := about.weightings.get((key, w))) is not None
        ]
        scores = [score for _, score, _ in readings]
        words = (
            number.interval(min(scores), max(scores)) if min(scores) < max(scores) else number.score(model)
        )
        colour = colour_of(narrator.instrument, *key)
        rows.append(make_readings(name, words, readings, figure.low, figure.high, colour))
    if not any(r.marks for r in rows):
        return None
    wide, narrow = (
        draw_readings(rows, WHOLE_SCALE, tick_tens(WHOLE_SCALE, n), narrow=n) for n in (False, True)
    )
    title = say("about.weighting_title")
    used = [w for w in OTHER_WEIGHTINGS if any(way == w for _, way in about.weightings)]
    marked = number.listed([say(f"about.weighting_forms.{w}") for w in used])
    key_words = say("about.weighting_key", marked=marked, **write_ends(WHOLE_SCALE))
    conclusion = narrator.tell_all(find_weighting(facts, about))
    table = tabulate_weightings(narrator, keys, title)
    return Chart("weighting", title, conclusion, wide, narrow, key_words, table)
