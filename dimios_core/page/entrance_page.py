"""The page that lists the reports, for a server and for a folder alike."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from dimios_core.languages import DEFAULT, name_language, say
from dimios_core.markup import Markup, attributes, join, load_template, markup
from dimios_core.page.assets import embed_static, read_static
from dimios_core.page.entrance import Entrance, Entry
from dimios_core.page.index import INDEX, ListedReport, Shelf
from dimios_core.page.statement import STATEMENT
from dimios_core.replacing import write_whole


def render_index(
    entrance: Entrance, subject: str = "", language: str = DEFAULT, statement: str = STATEMENT
) -> str:
    """Return the page that lists the reports, which are about a subject where one is told.

    Parameters
    ----------
    entrance : Entrance
    subject : str
        As it stands in running text.
    language : str
    statement : str
        The address of the statement of accessibility.
    """
    heading = (
        say(language, "index.heading_about", subject=subject) if subject else say(language, "index.heading")
    )
    shelves = entrance.shelves
    all_demo = all(shelf.demo for shelf in shelves)
    template = load_template(read_static("index.html.j2"), lstrip_blocks=True)
    return template.render(
        entrance=entrance,
        language=language,
        heading=heading,
        say=partial(say, language),
        write_pages=partial(write_pages, language=language),
        write_entry=partial(write_entry, language=language, marked=not all_demo),
        mark_demo=partial(mark_demo, language=language, marked=not all_demo),
        any_demo=any(shelf.demo for shelf in shelves),
        style=embed_static("page.css"),
        own_style=embed_static("index.css"),
        statement=statement,
        script=embed_static("index.js"),
    )


def write_pages(shelf: Shelf, language: str) -> Markup:
    """Return the pages of an organisation's reports, period by period."""
    return markup("<dl>{}</dl>", join(_write_report(shelf.name, r, language) for r in shelf.reports))


def _write_report(name: str, report: ListedReport, language: str) -> Markup:
    of_whom = say(report.language, "index.of_whom", period=report.period, name=name)
    mark, other = Markup(), {}
    if report.language != language:
        title = say(language, "index.in_language", language=name_language(report.language, language))
        mark, other = (
            markup(' <abbr title="{}">{}</abbr>', title, report.language),
            {"lang": report.language, "hreflang": report.language},
        )
    items = [markup('<li class="small">{}:</li>', report.name)] if report.name else []
    items += [
        markup(
            '<li><a{}>{}<span class="unseen"> {}</span></a></li>',
            attributes(href=page.address, **other), page.title, of_whom,
        )
        for page in report.pages
    ]  # fmt: skip
    if report.missing:
        all_n = report.missing + len(report.pages)
        words = say(language, "index.missing", missing=report.missing, all=all_n)
        items.append(markup('<li class="small">{}</li>', words))
    return markup("<dt>{}{}</dt><dd><ul>{}</ul></dd>", report.period, mark, join(items))


def write_entry(entry: Entry, language: str, marked: bool) -> Markup:
    """Return an organisation's line: its newest report, what is told of it, and all its pages, folded."""
    shelf = entry.shelf
    name = (
        markup('<a class="name" href="{}">{}</a>', entry.address, shelf.name)
        if entry.address
        else markup('<span class="name">{}</span>', shelf.name)
    )
    told = [markup("{}", fact) for fact in entry.facts]
    told += [markup("<strong>{}</strong>", entry.told)] if entry.told else []
    pages = Markup()
    if shelf.reports:
        words, of_whom = say(language, "index.parts"), say(language, "index.parts_of", name=shelf.name)
        pages = markup(
            '<details><summary>{}<span class="unseen"> {}</span></summary>{}</details>',
            words, of_whom, write_pages(shelf, language),
        )  # fmt: skip
    return markup(
        '<li class="entry"{}><p>{}{} <span class="small">{}</span></p>{}</li>',
        attributes(data_type=entry.type, data_status=entry.status), name, mark_demo(shelf, language, marked),
        join(told, between=markup(" · ")), pages,
    )  # fmt: skip


def mark_demo(shelf: Shelf, language: str, marked: bool) -> Markup:
    """Return the label of made-up data, where it is to be marked beside a name."""
    if not (shelf.demo and marked):
        return Markup()
    return markup(' <span class="small">({})</span>', say(language, "index.demo").lower())


def write_index(reports: Path, entrance: Entrance, subject: str = "", language: str = DEFAULT) -> Path:
    """Write the index of the stored pages into the reports folder: it opens without a server."""
    target = reports / INDEX
    reports.mkdir(parents=True, exist_ok=True)  # there is none yet where every report failed
    page = render_index(entrance, subject, language)
    if not target.is_file() or target.read_text(encoding="utf-8") != page:
        write_whole(target, page)
    return target
