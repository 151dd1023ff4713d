"""A real browser: Debian's Chromium, headless, allowed to speak to this machine only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Page, Route, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WIDE, NARROW = (1280, 900), (390, 844)


def find_chromium() -> str | None:
    """Return where Chromium is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium with a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """A page that notes what it asks for outside this machine, and what it complains of."""

    def __init__(
        self, browser: Browser, size: tuple[int, int] = WIDE, scripts: bool = True, **chosen: Any
    ) -> None:
        """Open a page; `chosen` is what the reader has chosen in her system, as Playwright's contexts take it."""
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale="sv-SE",
            **chosen,
        )
        self.page: Page = self.context.new_page()
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.route("**/*", self._watch)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _watch(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:", "http://127.0.0.1:")):
            route.continue_()
        else:
            self.outside.append(url)
            route.abort()

    def count_visible(self, selector: str) -> int:
        """Count the elements that take room on the page and are not hidden."""
        return int(
            self.page.evaluate(
                "s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility({visibilityProperty: true})"
                " && e.getBoundingClientRect().width > 0).length",
                selector,
            )
        )

    def find_violations(self, *, but: tuple[str, ...] = ()) -> list[str]:
        """Run axe-core (WCAG 2.2 A and AA) and return what it finds, a line each; rules of `but` are left out."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "([tags, but]) => axe.run(document, {runOnly: {type: 'tag', values: tags},"
            " rules: Object.fromEntries(but.map(rule => [rule, {enabled: false}]))})",
            [WCAG_TAGS, list(but)],
        )
        return [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:160]})" for v in found["violations"]]
