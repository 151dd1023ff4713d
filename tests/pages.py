"""Which pages a folder of reports holds, read off the suites: a new page is looked at by every test that walks them."""

from __future__ import annotations

from dimios_core.places import CONSORTIUM
from dimios_core.suites import load_suite

#: pages of an organisation's report, in the order of its tabs
TABS = load_suite("organisation").pages
NATIONAL = load_suite("national").pages


def list_county_pages(*counties: str) -> list[str]:
    """List the pages of counties by their two-digit codes."""
    return [f"{page}_{county}" for county in counties for page in load_suite("county").pages]


#: what the fixture `stored_reports` makes: owner/language/page
STORED = [
    *(f"{who}/{tab}" for who in ("almvik/sv", "almvik/en", "vintersjo/sv") for tab in TABS),
    *(f"{CONSORTIUM}/{language}/{page}" for language in ("sv", "en") for page in NATIONAL),
    *(f"{CONSORTIUM}/sv/{page}" for page in list_county_pages("12", "14")),
    f"{CONSORTIUM}/sv/comparison__almvik__bergtuna",
]
