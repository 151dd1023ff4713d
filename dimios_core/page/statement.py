"""The statement of accessibility that the law asks of a public site (2018:1937), of what the tests of the pages found.

What it has to hold is told by the supervisory authority, Digg: who is responsible, what the site is called, how far it meets
the law, what does not and why, how that was found out and when, whom to tell, and where to complain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from dimios_core.languages import DEFAULT, load_texts, say, usable_languages
from dimios_core.markup import Markup, join, load_template, markup
from dimios_core.page.assets import embed_static, read_static
from dimios_core.page.publisher import Publisher, load_publisher
from dimios_core.replacing import write_whole

STATEMENT = "tillganglighet.html"

#: where a long word of the heading may be divided: not in a title or a link
SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Assessment:
    """What the tests of the pages found (`accessibility.json`, which they write: `python -m tests.browser.accessibility`).

    Attributes
    ----------
    reviewed : str
        YYYY-MM-DD.
    axe : str
        Version of axe-core.
    standard : str
    pages, settings : tuple of str
        Kinds of pages that were opened, and how: keys of the texts' `accessibility.settings`.
    findings : tuple of str
        Rules that were broken, with where.
    known : tuple of str
        What is known not to be accessible: keys of the texts' `accessibility.known`.
    """

    reviewed: str
    axe: str
    standard: str
    pages: tuple[str, ...]
    settings: tuple[str, ...]
    findings: tuple[str, ...]
    known: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known that does not meet the law."""
        return not (self.findings or self.known)


@cache
def read_tested() -> Assessment:
    """Read what the tests found."""
    held = json.loads((files("dimios_core.page") / "accessibility.json").read_text(encoding="utf-8"))
    given: dict[str, Any] = {
        n: tuple(value) if isinstance(value, list) else value for n, value in held.items()
    }
    return Assessment(**given)


def render_statement(publisher: Publisher, tested: Assessment, home: str) -> str:
    """Return the statement, in every language there is.

    Parameters
    ----------
    publisher : Publisher
    tested : Assessment
    home : str
        The address of the list of reports.
    """
    languages = usable_languages()
    parts = join(_write(publisher, tested, language, language != DEFAULT) for language in languages)
    others = join(
        markup(
            '<li><a href="{}" lang="{}" hreflang="{}">{}</a></li>',
            f"#{code}",
            code,
            code,
            _title(publisher, code),
        )
        for code in languages
        if code != DEFAULT
    )
    return load_template(read_static("statement.html.j2")).render(
        language=DEFAULT,
        title=_title(publisher, DEFAULT),
        skip=say(DEFAULT, "frame.skip"),
        home=home,
        back=say(DEFAULT, "frame.index"),
        where=say(DEFAULT, "frame.where"),
        others=others,
        parts=parts,
        style=embed_static("page.css"),
    )


def write_statement(reports: Path) -> None:
    """Write the statement into the reports folder, where every page's foot leads."""
    page = render_statement(load_publisher(), read_tested(), "index.html")
    target = reports / STATEMENT
    if not target.is_file() or target.read_text(encoding="utf-8") != page:
        write_whole(target, page)


def _title(publisher: Publisher, language: str) -> str:
    return _heading(publisher, language).replace(SOFT_HYPHEN, "")


def _heading(publisher: Publisher, language: str) -> str:
    service = publisher.service or say(language, "accessibility.service")
    return say(language, "accessibility.title", service=service)


def _write(publisher: Publisher, tested: Assessment, language: str, lower: bool) -> Markup:
    texts = load_texts(language)["accessibility"]

    def tell(path: str, **values: object) -> str:
        return say(language, f"accessibility.{path}", **values)

    def section(name: str, *paragraphs: Markup | str) -> Markup:
        lines = (p if isinstance(p, Markup) else markup("<p>{}</p>", p) for p in paragraphs if p)
        told = tell(f"headings.{name}"), join(lines)
        return markup("<h3>{}</h3>{}", *told) if lower else markup("<h2>{}</h2>{}", *told)

    who = publisher.name or tell("nobody_named")
    lacking = [texts["known"][key] for key in tested.known] + list(tested.findings)
    settings = ", ".join(texts["settings"][name] for name in tested.settings)
    dates = [tell("reviewed", date=tested.reviewed)]
    dates += [tell("reviewed_by", date=publisher.reviewed)] if publisher.reviewed else []
    parts = join(
        (
            markup("<p>{}</p>", tell("opening", who=who)),
            section("conformity", tell("whole" if tested.is_whole else "partly")),
            section("lacking", *_list(lacking, tell("nothing_lacking"), tell("lacking"))),
            section(
                "tested",
                tell(
                    "tested",
                    pages=len(tested.pages),
                    settings=settings,
                    axe=tested.axe,
                    standard=tested.standard,
                ),
                " ".join(dates),
            ),
            section("contact", tell("contact"), _write_contact(publisher, tell("no_contact"))),
            section(
                "supervision",
                markup(
                    '<p>{} <a href="https://www.digg.se/tdosanmalan">digg.se/tdosanmalan</a>.</p>',
                    tell("supervision"),
                ),
            ),
            section("exceptions", tell("exceptions")),
        )
    )
    heading = (
        markup("<h2>{}</h2>", _heading(publisher, language))
        if lower
        else markup("<h1>{}</h1>", _heading(publisher, language))
    )
    return markup(
        '<section class="dimios" id="{}" lang="{}">{}{}</section>', language, language, heading, parts
    )


def _list(items: list[str], nothing: str, opening: str) -> tuple[Markup, ...]:
    if not items:
        return (markup("<p>{}</p>", nothing),)
    return markup("<p>{}</p>", opening), markup(
        "<ul>{}</ul>", join(markup("<li>{}</li>", item) for item in items)
    )


def _write_contact(publisher: Publisher, nobody: str) -> Markup:
    if not publisher.can_be_reached:
        return markup("<p><strong>{}</strong></p>", nobody)
    items = []
    if publisher.email:
        items.append(markup('<li><a href="mailto:{}">{}</a></li>', publisher.email, publisher.email))
    if publisher.phone:
        number = publisher.phone.replace(" ", "").replace("-", "")
        items.append(markup('<li><a href="tel:{}">{}</a></li>', number, publisher.phone))
    return markup("<ul>{}</ul>", join(items))
