"""What the organisation concludes itself, shown as its own words."""

from __future__ import annotations

from dimios_core.markup import Markup, markup
from dimios_core.plain_markdown import Block, read_markdown, write_html
from dimios_core.published.rows import Row
from dimios_core.published.store import PublishedResults
from dimios_core.report.dates import write_date
from dimios_core.report.narrative import Narrator


def find_conclusions(results: PublishedResults, period: str) -> Row | None:
    """Return the organisation's conclusions of a period; None where it has written none."""
    return next(iter(results.rows("conclusions", period=period)), None)


def tell_who(narrator: Narrator, name: str, row: Row) -> str:
    """Return whose words they are, and that nobody else has reviewed them."""
    day = write_date(row["date"], narrator.language)
    return narrator.say("conclusions.who", name=name, by=row["written_by"], date=day)


def read_text(row: Row) -> list[Block]:
    """Read the text; what is outside the closed set was refused when it was taken in, and would be text or nothing here."""
    return read_markdown(row["text"])[0]


def write_conclusions(narrator: Narrator, name: str, row: Row) -> Markup:
    """Write conclusions as HTML: whose they are, then the text."""
    return markup('<p class="quiet">{}</p>', tell_who(narrator, name, row)) + write_html(read_text(row))
