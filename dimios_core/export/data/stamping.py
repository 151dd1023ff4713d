"""What both packages say of where their figures come from: model, method, results, the demo label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dimios_core.export.data.describing import pair

PROJECT = "The DiMiOS software project"
METHOD = "docs/method.md of the DiMiOS software"


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
