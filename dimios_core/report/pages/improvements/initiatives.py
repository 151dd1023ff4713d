"""What others did, as a page shows it: what fits best, the rest on demand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dimios_core.markup import Markup, element, join, markup
from dimios_core.report.contacts import write_contact
from dimios_core.report.next_steps.initiatives import Initiative, pick_best
from dimios_core.report.pages.improvements.findings import ImprovementNarrator

#: all of a control's choices
ANY = "*"


def write_initiative(narrator: ImprovementNarrator, initiative: Initiative, level: int = 3) -> Markup:
    """Write one initiative: title, for what and by whom, what it is, its effect, and whom to ask."""
    say = narrator.say
    kind = [narrator.name("kind", initiative.kind)] if initiative.kind else []
    about = " · ".join([narrator.name("point", initiative.point), *kind, narrator.describe(initiative)])
    parts = [
        element(f"h{level}", initiative.title),
        markup('<p class="quiet">{}</p>', about),
        markup("<p>{}</p>", initiative.what) if initiative.what else "",
    ]
    if initiative.effect:
        parts.append(markup("<p><b>{}</b> {}</p>", say("improve.effect"), initiative.effect))
    if initiative.contact:
        parts.append(markup("<p><b>{}</b> {}</p>", say("improve.contact"), write_contact(initiative.contact)))
    return markup('<div class="idea">{}</div>', join(parts))


def write_initiatives(
    narrator: ImprovementNarrator, chosen: Sequence[Initiative], strong: Collection[str] = ()
) -> Markup:
    """Write the best fitting initiatives; the rest on demand, by measure point under headings that open, not on paper."""
    best = pick_best(chosen, strong)
    html = join(write_initiative(narrator, i) for i in best)
    rest: dict[str, list[Initiative]] = {}
    for i in chosen:
        if i not in best:
            rest.setdefault(i.point, []).append(i)
    more = markup("<h3>{}</h3>", narrator.say("improve.page.more"))
    for point, others in rest.items():
        name = narrator.name("point", point)
        title = narrator.say("improve.more_for", name=name, n=len(others))
        rows = join(write_initiative(narrator, i, level=4) for i in others)
        more += markup("<details><summary>{}</summary>{}</details>", title, rows)
    return markup('{}<div class="on-demand">{}</div>', html, more) if rest else html


def choose_initiatives(
    initiatives: Sequence[Initiative], category: str, kind: str, size: str
) -> list[Initiative]:
    """Return the initiatives of a category, type and size of organisation; "*" for any."""
    return [
        i
        for i in initiatives
        if category in (ANY, i.category) and kind in (ANY, i.type) and size in (ANY, i.size)
    ]
