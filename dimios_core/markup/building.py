"""Makes markup: of templates, elements and attributes; of files of the project's own, and of what was made here before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import call
from typing import TYPE_CHECKING, Any

from dimios_core.markup.templates import NUMBER_END, read_template
from dimios_core.markup.values import NAME, RAW, Attributes, Embedded, Markup, clean_text, cleaner_of

if TYPE_CHECKING:
    import jinja2


def markup(template: str, *values: str | float) -> Markup:
    """Fill a template.

    Parameters
    ----------
    template : str
        A literal, never put together: a test holds that.
    values : str or number
        One for each `{}`; for each `{:.1f}` a number, which is written with at most one decimal.

    Raises
    ------
    ValueError
        The template is not whole, or has a place where nothing is safe; an address or a style that may not stand there.
    TypeError
        A value of another kind, such as markup in an attribute.

    Examples
    --------
    >>> markup('<a href="{}">{}</a>', "a.html", "R & D")
    Markup('<a href="a.html">R &amp; D</a>')
    >>> markup("<p>{}</p>", markup("<b>{}</b>", "<"))
    Markup('<p><b>&lt;</b></p>')
    >>> markup('<circle r="{:.1f}"/>', 12), markup('<circle r="{:.1f}"/>', 0.25)
    (Markup('<circle r="12"/>'), Markup('<circle r="0.2"/>'))
    """
    filled, cleaners = read_template(template)
    if len(cleaners) != len(values):
        raise ValueError(f"{len(values)} values for {len(cleaners)} places in the template {template!r}")
    return _made(filled, filled % tuple(map(call, cleaners, values)))


def markup_each(template: str, *columns: Sequence[str | float]) -> list[Markup]:
    """Fill a template once for each row of some columns, which are equally long; else as `markup`.

    Examples
    --------
    >>> markup_each("<li>{}</li>", ["R & D", "IT"])
    [Markup('<li>R &amp; D</li>'), Markup('<li>IT</li>')]
    """
    filled, rows = _clean_rows(template, columns)
    if NUMBER_END in filled:
        return [_made(filled, filled % row) for row in rows]
    return [str.__new__(Markup, filled % row) for row in rows]


def markup_rows(template: str, *columns: Sequence[str | float]) -> Markup:
    """Fill a template once for each row of some columns, as `markup_each`, and join the rows.

    Examples
    --------
    >>> markup_rows("<li>{}</li>", ["R & D", "IT"])
    Markup('<li>R &amp; D</li><li>IT</li>')
    """
    filled, rows = _clean_rows(template, columns)
    return _made(filled, filled * len(rows) % tuple(chain.from_iterable(rows)))


def _made(template: str, filled: str) -> Markup:
    """Return what a template was filled to as markup, its numbers without a decimal of 0."""
    if NUMBER_END in template:
        filled = filled.replace(f".0{NUMBER_END}", "").replace(NUMBER_END, "")
    return str.__new__(Markup, filled)


def _clean_rows(template: str, columns: Sequence[Sequence[str | float]]) -> tuple[str, list[tuple[Any, ...]]]:
    """Return a template for `%`, and what goes into it row by row."""
    filled, cleaners = read_template(template)
    if len(cleaners) != len(columns):
        raise ValueError(f"{len(columns)} columns for {len(cleaners)} places in the template {template!r}")
    return filled, list(zip(*map(map, cleaners, columns), strict=True))


def element(name: str, content: str, **values: str | float | bool | None) -> Markup:
    """Return an element whose name is chosen, such as a heading of some level; the rest is as for `attributes`.

    Examples
    --------
    >>> element("h3", "R & D")
    Markup('<h3>R &amp; D</h3>')
    """
    if not NAME.fullmatch(name) or name in RAW:
        raise ValueError(f"no element to put text into: {name!r}")
    return str.__new__(Markup, f"<{name}{attributes(**values)}>{clean_text(content)}</{name}>")


def attributes(**values: str | float | bool | None) -> Attributes:
    """Return attributes; True stands alone, False, None and "" are left out. `class_` is class, `aria_label` aria-label.

    Examples
    --------
    >>> attributes(class_="n", hidden=True, title=None)
    ' class="n" hidden'
    """
    told = ""
    for key, value in values.items():
        name = key.rstrip("_").replace("_", "-")
        if value is True:
            told += f" {name}"
        elif value is not None and value is not False and value != "":
            told += f' {name}="{cleaner_of(name, starts=True)(value)}"'
    return Attributes(told)


def join(pieces: Iterable[str], between: str = "") -> Markup:
    """Join pieces; those that are not markup are text.

    Examples
    --------
    >>> join([markup("<br>"), "<br>"])
    Markup('<br>&lt;br&gt;')
    """
    return str.__new__(Markup, clean_text(between).join(map(clean_text, pieces)))


def embed_json(data: Any) -> Embedded:
    """Return data as JSON that may stand in a script element.

    Examples
    --------
    >>> embed_json({"a": "</script>"})
    Embedded('{"a":"\\\\u003c/script>"}')
    """
    return embed_written_json(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def embed_written_json(text: str) -> Embedded:
    """Return JSON that is written already as it may stand in a script element."""
    for letter in "<\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return str.__new__(Embedded, text)


def put_into(stored: str, name: str, **values: str | float | bool | None) -> Markup:
    """Put attributes into the first element of a name in stored markup.

    Examples
    --------
    >>> put_into('<h2 class="a">A</h2>', "h2", id="b")
    Markup('<h2 id="b" class="a">A</h2>')
    """
    return str.__new__(Markup, stored.replace(f"<{name}", f"<{name}{attributes(**values)}", 1))


def load_template(source: str, lstrip_blocks: bool = False) -> jinja2.Template:
    """Load a template of a whole page, which escapes by itself.

    Parameters
    ----------
    source : str
        A file of the project's own.
    lstrip_blocks : bool
        Whether spaces before jinja2's own marks are left out, too.
    """
    import jinja2  # most commands make no page

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=Markup.escape,
        trim_blocks=True,
        lstrip_blocks=lstrip_blocks,
    )
    return environment.from_string(source)


def trust(text: str) -> Embedded:
    """Return a text as the markup that it is: a file of the project's own, or what was made here and stored since."""
    return str.__new__(Embedded, text)
