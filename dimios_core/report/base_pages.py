"""What all pages of the suite share: how one is opened, its heading, its sections, and how charts get onto it.

A page is a thin room between facts and a notebook: each method is a section that a cell displays. Nothing is
computed here; all figures are published ones.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, ClassVar, Self

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT, check_language
from dimios_core.markup import Markup, join, markup
from dimios_core.places import CONSORTIUM
from dimios_core.published.conventions import THRESHOLD
from dimios_core.published.fingerprint import fingerprint_figures
from dimios_core.published.gathering import gather_once
from dimios_core.published.store import PublicResults, PublishedResults, load_public, load_results
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import LivePiece, Piece, load_style, render_chart
from dimios_core.report.finding import Finding
from dimios_core.report.model_versions import tell_versions
from dimios_core.report.narrative import FactsNarrator, Narrator, narrate
from dimios_core.report.organisation_facts import Facts, History, gather_facts, gather_history
from dimios_core.report.overview import list_calls, overview_html, overview_text
from dimios_core.report.widgets import Control, Looks


class Page(ABC):
    """One page of the suite, in one period and language.

    Attributes
    ----------
    name : str
        The notebook's name; `pages.<name>` of the texts is the page's title.
    results : PublicResults
    period, language : str
    """

    name: ClassVar[str]
    #: who speaks: see `Narrator`
    voice: str = "you"

    def __init__(self, results: PublicResults, period: str, language: str) -> None:
        self.results, self.period, self.language = results, period, language

    def spoken_by(self, voice: str) -> Self:
        """Return the page in another voice, before anything is told in the first."""
        self.voice = voice
        return self

    @cached_property
    def looks(self) -> Callable[[], Looks]:
        """Makes what the widgets of its live pieces look like, once."""
        return cache(Looks)

    @cached_property
    def narrator(self) -> Narrator:
        """Tells findings in the page's language."""
        return Narrator(self.results.instrument, self.language, THRESHOLD, voice=self.voice)

    @property
    def demo_label(self) -> str:
        """What made-up data are labelled with, in the page's language; "" for others."""
        demo = self.results.stamp.get("demo")
        return demo["label"][self.language] if demo else ""

    @property
    def title(self) -> str:
        """What the page is called, in its language."""
        return self.narrator.say(f"pages.{self.name}")

    @property
    @abstractmethod
    def subject(self) -> str:
        """Whom the page is about, as its heading says it."""

    @property
    @abstractmethod
    def owner(self) -> dict[str, str]:
        """Whose the page is, as the metadata tell it: `owner`, and `county` where it is about one."""

    @property
    @abstractmethod
    def levels(self) -> list[tuple[str, str, float | None]]:
        """The (level, key, score) that the page is built around: its fingerprint is taken of them."""

    @property
    @abstractmethod
    def charts(self) -> Charts:
        """Every chart of the page by name, to explore with plotly."""

    @classmethod  # noqa: B027 - most pages have nothing such
    def prepare(cls, results: PublicResults, language: str, threshold: int, voice: str) -> None:
        """Gather what the page tells all its readers alike, for a process that is forked for each; nothing here.

        Parameters
        ----------
        results : PublicResults
        language : str
        threshold : int
            As of `Narrator`; so is `voice`.
        voice : str
        """

    def _tell_about(self) -> str:
        return f"{self.title}: {self.subject}, {self.period}"

    def __repr__(self) -> str:
        """Return which sections and charts there are, and how each is shown."""
        return overview_text(self._tell_about(), list_calls(type(self)), self.charts)

    def _repr_html_(self) -> Markup:
        return overview_html(self._tell_about(), list_calls(type(self)), self.charts)

    # -- sections ------------------------------------------------------------------------------------

    def open_page(self, html: Markup) -> Piece:
        """Return the first piece of the page: demo label, heading, and what stands under it."""
        label, title = self.demo_label, self.title
        about = {
            "page": self.name,
            "title": f"{title} {self.period}, {self.subject}",
            "subject": self.subject,
            "period": self.period,
            "language": self.language,
            "demo_label": label or None,
        }
        banner = self.wrap(markup('<p class="demo">{}</p>', label)) if label else Markup()
        heading = markup("<h1>{}: {}, {}</h1>", title, self.subject, self.period)
        return Piece(
            markup("<style>{}</style>{}{}", load_style(), banner, self.section(heading + html)),
            metadata={"dimios": about},
        )

    def piece(self, title: str, html: Markup) -> Piece:
        """Return a section under a heading."""
        return Piece(self.section(heading(title) + html))

    def live(
        self,
        title: str,
        controls: tuple[Control, ...],
        render: Callable[..., Markup],
        above: Markup = Markup(),  # noqa: B008 - never changed
    ) -> LivePiece:
        """Return a section with controls; `render` gets the chosen values by the controls' names.

        What stands `above` the controls, under the heading, does not follow them.
        """
        return LivePiece(heading(title) + above, controls, render, self.section, self.looks)

    def answer(self, *findings: Finding | str) -> Markup:
        """Return the sentence or two that answer a section's question, as a paragraph."""
        return write_answer(self.narrator, *findings)

    def render(self, *charts: Chart | None) -> Markup:
        """Return charts as figures of the page; None is left out."""
        return write_charts(self.narrator, *charts)

    def small_print(self, texts: list[str]) -> Piece:
        """Return the last section: how to read the page, in small type.

        Its metadata tell what the page is made of.
        """
        told = [*tell_versions(self.narrator, self.results, self.period), *texts]
        words = join(markup('<p class="small">{}</p>', text) for text in told)
        html = self.section(heading(self.narrator.say("page.reading")) + words)
        return Piece(html, metadata={"dimios": self.made_of})

    @property
    def made_of(self) -> dict[str, Any]:
        """What the page is made of until now: whose it is, the published files that were read, its fingerprint."""
        fingerprint = fingerprint_figures(self.levels)  # first: it reads, too
        reads = self.results.reads
        return {
            **self.owner,
            "fingerprint": fingerprint,
            "reads": reads.as_dict(),
            "results_version": reads.version,
        }

    def section(self, html: Markup) -> Markup:
        """Return HTML as a section of a page."""
        return markup('<section class="dimios" lang="{}">{}</section>', self.language, html)

    def wrap(self, html: Markup) -> Markup:
        """Return HTML with the report's style, outside sections."""
        return markup('<div class="dimios" lang="{}">{}</div>', self.language, html)


class OrganisationPage(Page):
    """A page about one organisation. Open one with `open`."""

    results: PublishedResults

    @classmethod
    def open(cls, organisation: str, period: str | int, language: str = DEFAULT, results: str = "") -> Self:
        """Open the page of one organisation.

        Parameters
        ----------
        organisation : str
            Identifier as in the register.
        period : str or int
            "2026" or "2026-1"; 2026, too, which Papermill makes of `-p period 2026`.
        language : str
            Code of a language of the model that there are texts in, such as "sv".
        results : str
            The results folder; empty: found through `DIMIOS_RESULTS` or the project.

        Raises
        ------
        InputError
            No published results of that organisation or period, or an unknown language.
        """
        organisation = write_given(organisation)
        published = load_results(organisation, results or None)
        periods, what = published.profile["periods"], f"results of {organisation}"
        told = check_choice(published, periods, period, language, what)
        return cls(published.as_asked(told), told, language)

    @property
    def telling(self) -> tuple[str, int, str]:
        """What the words depend on that all organisations are told alike: language, threshold, voice."""
        return self.language, self.results.profile["threshold"], self.voice

    @cached_property
    def facts(self) -> Facts:
        """The facts of the page's own period and first peer group."""
        return gather_once(gather_facts, self.results, self.period)

    @property
    def owner(self) -> dict[str, str]:
        """The organisation's identifier."""
        return {"owner": self.results.organisation}

    @property
    def levels(self) -> list[tuple[str, str, float | None]]:
        """The whole organisation's levels in the page's period."""
        return [(f.level, f.key, f.score) for f in self.facts.figures.values()]

    @cached_property
    def history(self) -> History:
        """Published figures of all periods."""
        return gather_once(gather_history, self.results, self.period)

    @cached_property
    def narrator(self) -> FactsNarrator:
        """Tells findings in the page's language."""
        return narrate(self.facts, self.language, self.voice)

    def narrate_choice(self, period: str | None = None, group: str | None = None) -> FactsNarrator:
        """Return the narrator of another period or peer group, as a control chooses them."""
        own = self.facts.group.id if self.facts.group is not None else None
        if period in (None, self.period) and group in (None, own):
            return self.narrator
        facts = gather_once(gather_facts, self.results, period or self.period, group)
        return narrate(facts, self.language, self.voice)

    @property
    def subject(self) -> str:
        """The organisation's name."""
        return self.results.profile["name"]

    def response(self) -> str:
        """Return how many answered, of how many."""
        if self.facts.response is None:
            return self.narrator.say("response_unknown", n=self.facts.respondents_n or 0)
        answered, invited, _, _ = self.facts.response
        # the published share is rounded already: rounding it again could miss the counts beside it by a percent
        return self.narrator.say("response", answered=answered, invited=invited, share=answered / invited)

    def period_control(self) -> Control:
        """Return the control that chooses among the organisation's periods."""
        options = tuple((p, p) for p in self.history.periods[::-1])
        return Control("period", self.narrator.say("control.period"), options, self.period)


class ConsortiumPage(Page):
    """A page about many organisations, from the public part of the results alone. Open one with `open`."""

    @property
    def owner(self) -> dict[str, str]:
        """All organisations together."""
        return {"owner": CONSORTIUM}

    @classmethod
    def open_public(cls, period: str | int, language: str, results: str) -> tuple[PublicResults, str]:
        """Open the public part of the results, with period and language checked; returns the period as text, too.

        Raises
        ------
        InputError
            No published results of that period, or an unknown language.
        """
        published = load_public(results or None)
        periods = sorted(published.table("benchmarks").distinct("period"))
        told = check_choice(published, periods, period, language, "public results")
        return published.as_asked(told), told


def write_answer(narrator: Narrator, *findings: Finding | str) -> Markup:
    """Write the sentence or two that answer a section's question, as a paragraph."""
    words = [narrator.tell(f) if isinstance(f, Finding) else f for f in findings]
    return markup('<p class="answer" aria-live="polite">{}</p>', " ".join(w for w in words if w))


def write_charts(narrator: Narrator, *charts: Chart | None) -> Markup:
    """Write charts as figures of a page; None is left out."""
    return join(render_chart(c, narrator.say("table.show")) for c in charts if c is not None)


def heading(title: str) -> Markup:
    """Return the heading of a section, which can be linked to: its id is made of its letters.

    >>> heading("Vad gör ni åt det?")
    Markup('<h2 id="s-vad-gor-ni-at-det">Vad gör ni åt det?</h2>')
    """
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode("ascii")
    return markup('<h2 id="{}">{}</h2>', "-".join(["s", *re.findall(r"[a-z0-9]+", plain)]), title)


def write_given(given: Any, digits_n: int = 0) -> str:
    """Return a parameter as text: Papermill makes numbers of `-p period 2026` and `-p county 01`.

    A whole number has at least `digits_n` digits. What is neither a text nor a whole number stands as Python writes it.
    """
    return f"{given:0{digits_n}d}" if type(given) is int else str(given)


def check_choice(results: PublicResults, periods: Any, period: str | int, language: str, what: str) -> str:
    """Check a page's period and language, and return the period as text; there are texts and a model in the language.

    Raises
    ------
    InputError
        All problems at once. A decimal number is no period, nor is true or false.
    """
    problems = []
    told = write_given(period)
    if told not in periods:
        missing = f"there are no {what} for {period!r}"
        if not isinstance(period, str | int) or isinstance(period, bool):
            missing += f": a period is a text or a whole number, not a {type(period).__name__}"
        problems.append(Problem("period", missing, f"choose among: {', '.join(periods)}"))
    problems += check_language(language, results.instrument.languages, "language")
    if problems:
        raise InputError(problems)
    return told
