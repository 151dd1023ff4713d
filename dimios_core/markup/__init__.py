"""Markup that is safe by construction: text in, markup out. Nobody else writes tags, and nobody escapes by hand.

A template is a literal text with `{}` where values go. Where a place lies decides what may stand there:

- between tags: text, which is escaped, or `Markup`
- in an attribute: text, escaped; an address leads to a page, a mail or a telephone; a style has words and numbers alone
- in a tag: `attributes`
- where the place is written `{:.1f}`: a number, with at most one decimal
- in a script or style: what `embed_json`, `embed_written_json` or `trust` returns

Templates are whole: each element that is opened is closed. HTML, SVG and the XML of office files alike. Templates that lie in
files of their own are loaded by `load_template`, and hold to the same.
"""

from dimios_core.markup.building import (
    attributes,
    element,
    embed_json,
    embed_written_json,
    join,
    load_template,
    markup,
    markup_each,
    markup_rows,
    put_into,
    trust,
)
from dimios_core.markup.tables import write_rows
from dimios_core.markup.values import Attributes, Embedded, Markup

__all__ = [
    "Attributes",
    "Embedded",
    "Markup",
    "attributes",
    "element",
    "embed_json",
    "embed_written_json",
    "join",
    "load_template",
    "markup",
    "markup_each",
    "markup_rows",
    "put_into",
    "trust",
    "write_rows",
]
