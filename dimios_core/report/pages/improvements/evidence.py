"""What all organisations are told alike: what others did, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup, markup
from dimios_core.published.gathering import gather_public_once
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import write_answer, write_charts
from dimios_core.report.next_steps.initiatives import Evidence, read_evidence, read_initiatives
from dimios_core.report.pages.improvements.charts import chart_evidence, chart_kinds
from dimios_core.report.pages.improvements.findings import InitiativeNarrator, find_evidence, find_kinds
from dimios_core.report.pages.improvements.initiatives import write_initiative
from dimios_core.report.plain_words import write_short_words


def tell_evidence(results: PublicResults, language: str, threshold: int, voice: str) -> Markup:
    """Write how measure points moved where an initiative was started; the same by kind; what the points mean."""
    narrator = InitiativeNarrator(results.instrument, language, threshold, voice=voice)
    known = gather_public_once(read_evidence, results)
    words = write_short_words(narrator, results.glossary["points"])
    return write_evidence(narrator, known["point"], known["kind"]) + words


def write_evidence(
    narrator: InitiativeNarrator, points: Sequence[Evidence], kinds: Sequence[Evidence]
) -> Markup:
    """Write what is known by measure point, and by kind of initiative."""
    title = markup('<h3 class="part">{}</h3>', narrator.say("improve.page.kinds"))
    return (
        write_answer(narrator, *find_evidence(points))
        + write_charts(narrator, chart_evidence(narrator, points))
        + title
        + write_answer(narrator, *find_kinds(kinds))
        + write_charts(narrator, chart_kinds(narrator, kinds))
    )


def tell_initiatives(results: PublicResults, language: str, threshold: int, voice: str) -> dict[str, Markup]:
    """Write what stands under the title of each initiative, by its id."""
    narrator = InitiativeNarrator(results.instrument, language, threshold, voice=voice)
    return {i.id: write_initiative(narrator, i) for i in gather_public_once(read_initiatives, results)}
