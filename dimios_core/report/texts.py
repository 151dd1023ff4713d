"""Texts of the languages, compiled to what they are: words alone, words with gaps, or words with conditions, as jinja2 fills in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import jinja2
from jinja2.runtime import Context

from dimios_core.instrument.lead import begin_large, begin_small
from dimios_core.languages import load_texts
from dimios_core.report.numbers import NumberFormat

#: fills in a text: from values by the names of its gaps to words
Fill = Callable[[dict[str, Any]], str]
#: words of a value, by what else the text knows
Ask = Callable[[Any, Any], str]
#: a gap for one value, or a part of it, written by filters without settings: "{{ voice.subject|capitalize_first }}"
_GAP = re.compile(r"\{\{ *([a-z]\w*)(?:\.([a-z]\w*))?((?:\|\w+)*) *\}\}")


@cache
def load_text(language: str, path: str) -> str | Fill:
    """Return the text at a dotted path: what fills it in, or the text itself where nothing is filled in."""
    text: Any = load_texts(language)
    for part in path.split("."):
        text = text[part]
    return compile_text(language, text)


def compile_text(language: str, text: str) -> str | Fill:
    """Return what fills in a text, without spaces around it; the text itself where nothing is filled in.

    What fills it in raises a `jinja2.UndefinedError` where a value that the text names is missing.

    Examples
    --------
    >>> compile_text("sv", "{{ n|count }} av {{ of_n|count }}")({"n": 1, "of_n": 2})
    '1 av 2'
    """
    if "{" not in text:
        return text.strip()
    words = _GAP.split(text)  # words, then name, part and filters of a gap, words, and so on
    literals, gaps = words[::4], list(zip(words[1::4], words[2::4], words[3::4], strict=True))
    used = {name for *_, filters in gaps for name in _list_names(filters)}
    own = load_filters(language).keys() | _ASKING.keys()
    if any("{" in literal for literal in literals) or not used <= own:
        return partial(_fill_template, load_environment(language).from_string(text))
    whole = "%s".join(literal.replace("%", "%%") for literal in literals)
    return partial(_fill_gaps, whole, [_compile_gap(language, *gap) for gap in gaps])


def _list_names(filters: str) -> list[str]:
    return filters.split("|")[1:]


def _fill_template(template: jinja2.Template, values: dict[str, Any]) -> str:
    # the values are all that a text may name: copying what jinja2 knows besides, for each, takes most of `render`
    context = Context(template.environment, values, template.name, template.blocks)
    return "".join(template.root_render_func(context)).strip()


def _fill_gaps(words: str, gaps: list[Callable[[dict[str, Any]], Any]], values: dict[str, Any]) -> str:
    return (words % tuple([gap(values) for gap in gaps])).strip()


def _compile_gap(language: str, name: str, part: str | None, filters: str) -> Callable[[dict[str, Any]], Any]:
    environment = load_environment(language)
    writing = [(environment.filters[f], f in _ASKING) for f in _list_names(filters)]

    def fill(values: dict[str, Any]) -> Any:
        if name not in values:
            raise jinja2.UndefinedError(f"{name!r} is undefined")
        value = values[name]
        if part:
            value = environment.getattr(value, part)
        for write, asks in writing:
            value = write(values, value) if asks else write(value)
        return value

    return fill


@cache
def load_filters(language: str) -> dict[str, Callable[..., str]]:
    """Return the filters that write a value as the language does."""
    number = NumberFormat(language)
    return {
        "score": number.score, "signed": number.signed, "finely": number.finely, "percent": number.percent,
        "share": number.share, "count": number.count, "listed": number.listed, "whole": number.whole,
        "coefficient": number.coefficient, "capitalize_first": begin_large,
    }  # fmt: skip


def load_environment(language: str) -> jinja2.Environment:
    """Return what compiles texts with conditions. Compiled texts serve all narrators: each fills in itself."""
    if language not in _ENVIRONMENTS:
        # unoptimised: texts have no sums to do beforehand, and looking for them takes a quarter of compiling
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, optimized=False)
        environment.filters.update(load_filters(language) | _ASKING)
        _ENVIRONMENTS[language] = environment
    return _ENVIRONMENTS[language]


#: language -> what compiles its texts
_ENVIRONMENTS: dict[str, jinja2.Environment] = {}


def add_filters(**filters: Ask) -> None:
    """Add filters of texts that ask the narrator: (narrator, value) -> words.

    A page or room with a narrator of its own adds what its texts say, whenever it is imported.
    """
    asking = {name: _ask_narrator(words) for name, words in filters.items()}
    for known in (_ASKING, *(environment.filters for environment in _ENVIRONMENTS.values())):
        known.update(asking)


def _ask_narrator(words: Ask) -> Ask:
    @jinja2.pass_context
    def ask(values: Any, value: Any) -> str:
        return words(values["narrator"], value)

    return ask


@jinja2.pass_context
def _name_top(values: Any, beginning: str) -> str:
    """Begin a sentence with what it is about, where that does not go without saying: there is no composite."""
    return beginning if values["composite"] else f"{values['name']}: {begin_small(beginning)}"


#: filters that ask for more than the value, shared by all languages
_ASKING: dict[str, Ask] = {"of_top": _name_top}
