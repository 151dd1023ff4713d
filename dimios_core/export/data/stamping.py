"""What both packages say of where their figures come from: model, method, results, the demo label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dimios_core.export.data.describing import pair
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_composite

PROJECT = "The DiMiOS software project"
METHOD = "docs/method.md of the DiMiOS software"


#: languages of a pair of texts
LANGUAGES = ("en", "sv")


def name_package(model: Instrument, held: Sequence[str]) -> tuple[str, ...]:
    """Return the title of a package in both languages: the survey's name, and what is held of it."""
    return tuple(
        f"{model.text(model.name, lang)}: {what}" for lang, what in zip(LANGUAGES, held, strict=True)
    )


def list_keywords(model: Instrument) -> list[str]:
    """Return what the survey is about, as words to find its data by; none where it has no composite."""
    named = [name_composite(model, language) for language in LANGUAGES]
    return [words.running for words in named if words is not None]


def label_title(title: Sequence[str], description: Sequence[str], stamp: Mapping[str, Any]) -> dict[str, Any]:
    """Return title and description in both languages; made-up data say so in both."""
    demo = stamp["demo"]["label"] if stamp.get("demo") else {}
    labels = (demo.get("en", ""), demo.get("sv", ""))
    heads = [f"{text} ({label})" if label else text for text, label in zip(title, labels, strict=True)]
    bodies = [f"{label}. {text}" if label else text for text, label in zip(description, labels, strict=True)]
    of_demo = {"demo": True, **pair("demo_label", labels)} if demo else {"demo": False}
    return {**pair("title", heads), **pair("description", bodies), **of_demo}


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
