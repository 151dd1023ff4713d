"""The README of a package, from a text with gaps in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jinja2

from dimios_core.export.data.describing import load_described
from dimios_core.instrument.lead import begin_large
from dimios_core.languages import load_texts, name_language, say

_ENVIRONMENT = jinja2.Environment(
    undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False, keep_trailing_newline=True
)


def fill(
    name: str, about: Mapping[str, Any], tables: Iterable[str], languages: Sequence[str], **more: Any
) -> str:
    """Return the README of a package: a document of every language, filled in, one after the other.

    Parameters
    ----------
    name : str
        Of the document: `documents.<name>` of the texts.
    about : mapping
        The properties of the package.
    tables : iterable of str
        Those that it holds.
    more : mapping
        What else the document has gaps for.
    """
    parts: list[str] = []
    for language in languages:
        title, description = (
            about[part if language == languages[0] else f"{part}_{language}"]
            for part in ("title", "description")
        )
        others = [_head(code) for code in languages if code != language] if not parts else []
        template = _ENVIRONMENT.from_string(load_texts(language)["documents"][name])
        body = template.render(
            about=about,
            title=title,
            description=description,
            others=", ".join(f"[{head}](#{head.lower().replace(' ', '-')})" for head in others),
            statement=read_statement(language),
            tables=[{"name": t, "holds": load_described()[t].description(language)} for t in tables],
            **more,
        )
        parts.append(f"# {title}\n\n{body}" if not parts else f"# {_head(language)}\n\n**{title}**\n\n{body}")
    return "\n".join(parts)


def _head(language: str) -> str:
    """Return what the part in a language is called, in that language."""
    return begin_large(say(language, "index.in_language", language=name_language(language, language)))


def read_statement(language: str) -> str:
    """Return the data-use statement in a language."""
    return str(load_texts(language)["documents"]["statement"]).strip()
