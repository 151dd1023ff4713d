"""Photographs a page for people to look at: `python -m tests.browser.photograph PAGE.html OUT_PREFIX`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.browser import NARROW, WIDE, open_browser

SHEET_PX = 1700
SHEETS_MAX = 12


def photograph(address: str, prefix: str) -> list[str]:
    """Write PNGs of a page at both widths, cut into sheets; return their paths."""
    made = []
    with open_browser() as browser:
        for width, _ in (WIDE, NARROW):
            page = browser.new_page(viewport={"width": width, "height": SHEET_PX})
            page.goto(address)
            height = page.evaluate("document.documentElement.scrollHeight")
            for i in range(min(SHEETS_MAX, -(-height // SHEET_PX))):
                clip = {
                    "x": 0,
                    "y": i * SHEET_PX,
                    "width": width,
                    "height": min(SHEET_PX, height - i * SHEET_PX),
                }
                path = f"{prefix}-{width}-{i}.png"
                page.screenshot(path=path, clip=clip, full_page=True)  # type: ignore[arg-type]
                made.append(path)
    return made


if __name__ == "__main__":
    page = sys.argv[1]
    print("\n".join(photograph(page if "://" in page else Path(page).resolve().as_uri(), sys.argv[2])))
