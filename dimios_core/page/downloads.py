"""Files to take along that belong to a page: what they are called, and the links to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dimios_core.languages import load_texts, say
from dimios_core.markup import Markup, join, markup
from dimios_core.page.navigation import county_of
from dimios_core.places import CONSORTIUM
from dimios_core.report.numbers import NumberFormat

#: where the links stand in a page that is served
DOWNLOADS = "<!--downloads-->"
#: kind of file -> how its name ends; those of an organisation alone are parts of its report
WHOLE: Mapping[str, str] = {"pdf": ".pdf", "pptx": ".pptx", "xlsx": ".xlsx", "html": ".html"}
PARTS = ("short", "steps")


@dataclass(frozen=True)
class Download:
    """A file to take along.

    Attributes
    ----------
    kind : str
        A key of `downloads.kinds` in the texts.
    address : str
    size_bytes : int
    """

    kind: str
    address: str
    size_bytes: int


def name_stem(period: str, owner: str, language: str, county: str) -> str:
    """Return what a report's files are called, so that their names tell what they are of wherever they are taken.

    >>> name_stem("2026", "almvik", "sv", ""), name_stem("2026", CONSORTIUM, "sv", "14")
    ('almvik-2026-sv', 'county-14-2026-sv')
    """
    who = owner if owner != CONSORTIUM else f"county-{county}" if county else "national"
    return f"{who}-{period}-{language}"


def name_part(stem: str, part: str, language: str) -> str:
    """Return what a part of a report is called: its short version, its next steps, the tables behind its charts."""
    return f"{stem}-{say(language, f'file_names.{part}')}"


def name_files(place: str) -> dict[str, str]:
    """Return what the files to take along of a page's report are called, by kind, in the order that they are offered.

    Parameters
    ----------
    place : str
        period/owner/language/page.
    """
    period, owner, language, page = place.split("/")
    stem = name_stem(period, owner, language, county_of(page))
    parts = PARTS if owner != CONSORTIUM else ()
    named = {kind: f"{name_part(stem, kind, language)}.pdf" for kind in parts}
    whole = {kind: f"{stem}{ending}" for kind, ending in WHOLE.items()}
    return {"pdf": whole.pop("pdf"), **named, **whole}


def render_downloads(found: Sequence[Download], missing: Sequence[str], remedy: str, language: str) -> Markup:
    """Return the links to files to take along, folded; nothing where there is nothing to tell.

    Parameters
    ----------
    found : sequence of Download
    missing : sequence of str
        Kinds that have not been made, where the reader can do something about it; empty for all others.
    remedy : str
        What makes them.
    language : str
        The page's.
    """
    if not found and not missing:
        return Markup()
    texts, number = load_texts(language)["downloads"], NumberFormat(language)
    items = join(
        markup(
            '<li><a href="{}" download>{}</a> ({})</li>',
            d.address,
            texts["kinds"][d.kind],
            say(language, "downloads.size", megabytes=number.score(max(0.1, d.size_bytes / 1e6))),
        )
        for d in found
    )
    listed = markup("<ul>{}</ul>", items) if found else Markup()
    told = Markup()
    if missing:
        names = ", ".join(texts["kinds"][kind] for kind in missing)
        told = markup("<p>{} <code>{}</code></p>", say(language, "downloads.missing", names=names), remedy)
    return markup(
        '<details class="sections downloads"><summary>{}</summary>{}{}</details>',
        texts["title"],
        listed,
        told,
    )
