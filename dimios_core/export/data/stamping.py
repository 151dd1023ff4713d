"""What both packages say of where their figures come from: model, method, results, the demo label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dimios_core.export.data.describing import in_each
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_composite
from dimios_core.languages import say

PROJECT = "The DiMiOS software project"
METHOD = "docs/method.md of the DiMiOS software"


def list_keywords(model: Instrument, languages: Sequence[str]) -> list[str]:
    """Return words to find the package by: what the survey is about, where it has a composite, and of which sort it is."""
    named = [name_composite(model, language) for language in languages]
    common = [
        say(language, f"package.keywords.{of}") for of in ("sector", "survey") for language in languages
    ]
    return [*(words.running for words in named if words is not None), *common]


def label_title(
    model: Instrument, held: str, stamp: Mapping[str, Any], languages: Sequence[str]
) -> dict[str, Any]:
    """Return title and description in each language; made-up data say so in all.

    Parameters
    ----------
    held : str
        What is held of the survey: `package.<held>` of the texts.
    """
    demo = stamp["demo"]["label"] if stamp.get("demo") else {}
    heads, bodies = {}, {}
    for language in languages:
        title = f"{model.text(model.name, language)}: {say(language, f'package.{held}.title')}"
        text, label = say(language, f"package.{held}.description"), demo[language] if demo else ""
        heads[language] = f"{title} ({label})" if label else title
        bodies[language] = f"{label}. {text}" if label else text
    labels = {language: demo[language] for language in languages if demo}
    of_demo = {"demo": True, **in_each("demo_label", labels)} if demo else {"demo": False}
    return {**in_each("title", heads), **in_each("description", bodies), **of_demo}


def describe_origin(stamp: Mapping[str, Any], periods: Sequence[str]) -> dict[str, Any]:
    """Return version, sources, contributors, model and method.

    The version is that of the method, that of the model, and of the results: 2.1.0+09bab8fb7d34.
    """
    method, model, results = (stamp[k] for k in ("method_version", "instrument_version", "results_version"))
    span = f"{periods[0]}–{periods[-1]}" if len(periods) > 1 else "".join(periods)
    return {
        "version": f"{method}.{model}.0+{results}",
        "sources": [{"title": f"DiMiOS survey, {span}"}],
        "contributors": [{"title": PROJECT, "role": "wrangler"}],
        "model": {"id": stamp["instrument"], "version": model},
        "method": {"version": method, "reference": f"{METHOD} {stamp['tool_version']}"},
        "results_version": results,
    }
