"""Terms and measure points in plain language, which all organisations are told alike."""

from __future__ import annotations

from dimios_core.markup import Markup, join, markup, markup_each
from dimios_core.published.store import PublicResults
from dimios_core.report.narrative import Narrator
from dimios_core.report.plain_words import tell_word, write_all_words, write_term_examples


def tell_glossary(results: PublicResults, language: str, threshold: int, voice: str) -> Markup:
    """Write terms that people confuse; folded, their examples and all measure points."""
    narrator, told = Narrator(results.instrument, language, threshold, voice=voice), results.glossary
    terms = told["terms"]
    html = markup(
        "<p>{}</p>", narrator.say("about.page.glossary_lead" if terms else "about.page.glossary_none")
    )
    if terms:
        listed = markup_each(
            "<dt>{}</dt><dd>{}</dd>",
            [narrator.instrument.text(term["name"], language) for term in terms],
            [tell_word(narrator, term, "text", "is_not") for term in terms],
        )
        html += markup('<dl class="terms">{}</dl>', join(listed))
    return html + write_term_examples(narrator, terms) + write_all_words(narrator, told["points"])
