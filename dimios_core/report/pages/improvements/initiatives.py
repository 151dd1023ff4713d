"""What others did, as a page shows it: what fits best, the rest on demand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

from dimios_core.report.contacts import write_contact
from dimios_core.report.next_steps.initiatives import Initiative, pick_best
from dimios_core.report.pages.improvements.findings import ImprovementNarrator

#: all of a control's choices
ANY = "*"


def write_initiative(narrator: ImprovementNarrator, initiative: Initiative, level: int = 3) -> str:
    """Write one initiative: title, for what and by whom, what it is, its effect, and whom to ask."""
    say = narrator.say
    kind = [narrator.name("kind", initiative.kind)] if initiative.kind else []
    about = " · ".join([narrator.name("point", initiative.point), *kind, narrator.describe(initiative)])
    parts = [
        f"<h{level}>{escape(initiative.title)}</h{level}>",
        f'<p class="quiet">{escape(about)}</p>',
        f"<p>{escape(initiative.what)}</p>" if initiative.what else "",
    ]
    if initiative.effect:
        parts.append(f"<p><b>{escape(say('improve.effect'))}</b> {escape(initiative.effect)}</p>")
    if initiative.contact:
        parts.append(f"<p><b>{escape(say('improve.contact'))}</b> {write_contact(initiative.contact)}</p>")
    return f'<div class="idea">{"".join(parts)}</div>'


def write_initiatives(
    narrator: ImprovementNarrator, chosen: Sequence[Initiative], strong: Collection[str] = ()
) -> str:
    """Write the best fitting initiatives; the rest on demand, by measure point under headings that open, not on paper."""
    best = pick_best(chosen, strong)
    html = "".join(write_initiative(narrator, i) for i in best)
    rest: dict[str, list[Initiative]] = {}
    for i in chosen:
        if i not in best:
            rest.setdefault(i.point, []).append(i)
    more = f"<h3>{escape(narrator.say('improve.page.more'))}</h3>"
    for point, others in rest.items():
        name = narrator.name("point", point)
        title = narrator.say("improve.more_for", name=name, n=len(others))
        rows = "".join(write_initiative(narrator, i, level=4) for i in others)
        more += f"<details><summary>{escape(title)}</summary>{rows}</details>"
    return f'{html}<div class="on-demand">{more}</div>' if rest else html


def choose_initiatives(
    initiatives: Sequence[Initiative], category: str, kind: str, size: str
) -> list[Initiative]:
    """Return the initiatives of a category, type and size of organisation; "*" for any."""
    return [
        i
        for i in initiatives
        if category in (ANY, i.category) and kind in (ANY, i.type) and size in (ANY, i.size)
    ]
