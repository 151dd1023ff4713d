"""Pages on paper: the first sheet holds message and picture, nothing is a sliver, and a report is no stack."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from tests.browser.browser import WIDE, Watched
from tests.pages import TABS

#: sheets of A4 that all tabs of one organisation's report take together
SHEETS_MAX = 40
ALONE_MAX = 10
#: letters in a line of a sheet, on the average: columns a letter wide would bring it down to one or two
LETTERS_MIN = 8


def print_page(browser, outputs, place: str) -> list[str]:
    """Print a page; the words of each sheet."""
    watched = Watched(browser, WIDE)
    watched.page.goto((outputs / "reports" / "2026" / f"{place}.html").as_uri())
    printed = watched.page.pdf(prefer_css_page_size=True, print_background=True)
    watched.context.close()
    return [sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(io.BytesIO(printed))]


def test_the_first_sheet_holds_the_message_and_the_picture(browser, outputs):
    sheets = print_page(browser, outputs, "almvik/sv/our_result")
    assert len(sheets) <= ALONE_MAX
    for words in ("Vårt resultat: Almviks kommun, 2026", "54,5", "Ring: där ni ligger", "Bunden kraft"):
        assert words in sheets[0]
    for number, sheet in enumerate(sheets, start=1):
        lines = [line for line in sheet.splitlines() if line.strip()]
        assert sum(map(len, lines)) >= LETTERS_MIN * len(lines), f"sheet {number} has columns a letter wide"


@pytest.mark.long
@pytest.mark.parametrize("organisation", ["almvik", "vintersjo"])
def test_all_tabs_of_a_report_together_are_no_stack(browser, outputs, organisation):
    counted = [len(print_page(browser, outputs, f"{organisation}/sv/{tab}")) for tab in TABS]
    assert sum(counted) <= SHEETS_MAX, counted
