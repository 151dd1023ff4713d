"""Measures in a browser where a chart's labels lie: `python -m tests.browser.labels PAGE.html …` lists what is wrong.

A label's box is as high as its letters, not as its line. Its letters are set as wide as those of the widest typeface that
the style names, so that what fits here fits everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.browser import NARROW, WIDE, Watched, open_browser

#: Inter's letters are wider than those of the typeface that stands in for it here
WIDER_EM = 0.045
#: labels may come so near to each other and to the edge, in the drawing's pixels
SLACK_PX = 0.5

MEASURE = """
([wider, slack]) => {
  const found = [];
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack;
  const name = svg => (svg.parentElement.id || "chart") + " ";
  document.querySelectorAll("details").forEach(d => { d.open = true; });
  document.querySelectorAll("figure.chart > svg").forEach(svg => {
    if (getComputedStyle(svg).display === "none") { return; }
    svg.style.letterSpacing = wider + "em";
    const room = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / room.width;
    const place = (element, shrink) => {
      const box = element.getBoundingClientRect();
      return { left: (box.left - room.left) * scale, right: (box.right - room.left) * scale,
        top: (box.top - room.top) * scale + shrink, bottom: (box.bottom - room.top) * scale - shrink };
    };
    const labels = Array.from(svg.querySelectorAll("text"), text => {
      const turned = text.hasAttribute("transform"), size = parseFloat(getComputedStyle(text).fontSize);
      return { text: text.textContent, turned, box: place(text, turned ? 0 : 0.2 * size) };
    });
    const marks = Array.from(svg.querySelectorAll("circle, polygon"), mark => place(mark, 0));
    const edge = { left: 0, top: 0, right: svg.viewBox.baseVal.width, bottom: svg.viewBox.baseVal.height };
    labels.forEach((one, i) => {
      const b = one.box;
      if (b.left < edge.left - slack || b.right > edge.right + slack || b.top < edge.top - slack || b.bottom > edge.bottom + slack) {
        found.push(name(svg) + "reaches outside: " + one.text);
      }
      labels.slice(i + 1).forEach(other => {
        if (meet(b, other.box)) { found.push(name(svg) + "meets: " + one.text + " | " + other.text); }
      });
      if (marks.some(mark => meet(b, mark))) { found.push(name(svg) + "lies on a mark: " + one.text); }
    });
  });
  return found;
}
"""


def find_faults(page: Page) -> list[str]:
    """List the labels of an open page's charts that lie outside their drawing, or over another label or a mark."""
    return page.evaluate(MEASURE, [WIDER_EM, SLACK_PX])


if __name__ == "__main__":
    with open_browser() as browser:
        for size in (WIDE, NARROW):
            watched = Watched(browser, size)
            for path in sys.argv[1:]:
                watched.page.goto(Path(path).resolve().as_uri())
                for fault in find_faults(watched.page):
                    print(path, size[0], fault)
