"""What others did, as a page shows it: what fits best, the rest on demand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from dimios_core.markup import Markup, join, markup, markup_each
from dimios_core.report.contacts import write_contact
from dimios_core.report.next_steps.initiatives import Initiative, pick_best
from dimios_core.report.pages.improvements.findings import InitiativeNarrator

#: all of a control's choices
ANY = "*"
#: as many as a phone should have to fetch; of more, each measure point shows its first ones
SHOWN_MAX = 130


def write_initiative(narrator: InitiativeNarrator, initiative: Initiative) -> Markup:
    """Write what stands under an initiative's title: for what and by whom, what it is, its effect, and whom to ask."""
    say = narrator.say
    kind = [narrator.name("kind", initiative.kind)] if initiative.kind else []
    about = " · ".join([narrator.name("point", initiative.point), *kind, narrator.describe(initiative)])
    what, effect, contact = initiative.what, initiative.effect, initiative.contact
    return markup(
        '<p class="quiet">{}</p>{}{}{}',
        about,
        markup("<p>{}</p>", what) if what else "",
        markup("<p><b>{}</b> {}</p>", say("improve.effect"), effect) if effect else "",
        markup("<p><b>{}</b> {}</p>", say("improve.contact"), write_contact(contact)) if contact else "",
    )


def write_initiatives(
    narrator: InitiativeNarrator,
    chosen: Sequence[Initiative],
    written: Mapping[str, Markup],
    strong: Collection[str] = (),
) -> Markup:
    """Write the best fitting initiatives; the rest on demand, by measure point under headings that open, not on paper.

    `written` has what stands under the title of each, by its id.
    """
    say, best = narrator.say, pick_best(chosen, strong)
    html = join(
        markup_each(
            '<div class="idea"><h3>{}</h3>{}</div>', [i.title for i in best], [written[i.id] for i in best]
        )
    )
    rest: dict[str, list[Initiative]] = {}
    shown_already = {i.id for i in best}
    for i in chosen:
        if i.id not in shown_already:
            rest.setdefault(i.point, []).append(i)
    if not rest:
        return html
    most = share_room([len(others) for others in rest.values()], SHOWN_MAX)
    more = markup("<h3>{}</h3>", say("improve.page.more"))
    for point, others in rest.items():
        shown = others[:most]
        title = say("improve.more_for", name=narrator.name("point", point), n=len(others), shown=len(shown))
        rows = markup_each(
            '<div class="idea"><h4>{}</h4>{}</div>', [i.title for i in shown], [written[i.id] for i in shown]
        )
        more += markup("<details><summary>{}</summary>{}</details>", title, join(rows))
    left = sum(len(others[most:]) for others in rest.values())
    if left:
        more += markup("<p>{}</p>", say("improve.left", n=left))
    return markup('{}<div class="on-demand">{}</div>', html, more)


def share_room(sizes: Sequence[int], room: int) -> int:
    """Return how many of each group may be shown, the same of all and at least one, so that all together have room.

    Examples
    --------
    >>> share_room([5, 1, 9], 15), share_room([5, 1, 9], 11), share_room([5, 1, 9], 2)
    (9, 5, 1)
    """
    fits = (most for most in range(max(sizes), 1, -1) if sum(min(n, most) for n in sizes) <= room)
    return next(fits, 1)


def choose_initiatives(
    initiatives: Sequence[Initiative], category: str, kind: str, size: str
) -> list[Initiative]:
    """Return the initiatives of a category, type and size of organisation; "*" for any."""
    return [
        i
        for i in initiatives
        if category in (ANY, i.category) and kind in (ANY, i.type) and size in (ANY, i.size)
    ]
