"""What must hold of every page of every organisation: sentences are whole, languages agree, and what is told is published.

What a page has to tell is worked out here from the published tables alone, with pandas and by other ways than the
report's: a finding that is left out, turned round or told of something else fails.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from inspect import signature
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dimios_core.published.store import list_organisations, load_public, load_results
from dimios_core.report import (
    AboutMeasurement,
    EveryonesResult,
    InternalComparison,
    NationalStatus,
    OurResult,
    base_pages,
)
from dimios_core.report.base_pages import Page
from dimios_core.report.narrative import Narrator, narrate
from dimios_core.report.pages.everyones_result import page as everyones_result
from dimios_core.report.pages.internal_comparison import page as internal_comparison
from dimios_core.report.pages.our_result import page as our_result
from dimios_core.report.pages.our_result.findings import (
    find_changes,
    find_strengths,
    find_unknowns,
    find_weaknesses,
)
from tests.notebooks.picking import pick_organisations
from tests.report.conftest import make_facts
from tests.report.every_page import open_pages, show, words_of

LANGUAGES = ("sv", "en")
PERIOD = "2026"
FLAG_SHARE = 0.30
NAMED_N = 3
KINDS = ["type", "type-size", "size", "all", "county"]
SAYS = {
    "sv": {
        "above": "ligger säkert över", "below": "ligger säkert under", "none_above": "Ingen mätpunkt ligger säkert över",
        "none_below": "Ingen mätpunkt ligger säkert under", "up": "Säker ökning sedan {}: ", "down": "Säker minskning sedan {}: ",
        "still": "har förändrats säkert sedan", "first": "er första mätning", "percent": "\u00a0%",
    },
    "en": {
        "above": "certainly above", "below": "certainly below", "none_above": "No measure point is certainly above",
        "none_below": "No measure point is certainly below", "up": "Certain increase since {}: ",
        "down": "Certain decrease since {}: ", "still": "has certainly changed since", "first": "your first measurement",
        "percent": "%",
    },
}  # fmt: skip


def written(value: float, language: str) -> str:
    text = f"{value:.1f}".replace("-", "−")
    return text.replace(".", ",") if language == "sv" else text


def listed(words: Sequence[str], language: str) -> str:
    if len(words) < 2:
        return "".join(words)
    last = {"sv": " och ", "en": " and " if len(words) == 2 else ", and "}[language]
    return ", ".join(words[:-1]) + last + words[-1]


class Published:
    """The published tables of one organisation, and what its pages must tell of them."""

    def __init__(self, organisation: str, folder: Path, language: str) -> None:
        self.results, self.language = load_results(organisation, folder), language
        model = self.results.instrument
        self.names = {("maturity", "maturity"): {"sv": "Digital mognad", "en": "Digital maturity"}[language]}
        for level, entries in (
            ("point", model.points), ("category", model.categories), ("dimension", model.dimensions),
        ):  # fmt: skip
            self.names |= {(level, e.id): e.name[language] for e in entries}
        self.scores, self.changes = self.whole("scores"), self.whole("changes")
        self.previous = self.changes["period_from"].astype(str).max() if len(self.changes) else None
        self.changes = self.changes[self.changes["period_from"] == self.previous]
        gaps = self.results.gaps[self.results.gaps["period"] == PERIOD]
        groups = gaps.loc[gaps["status"] == "published", "group"].astype(str).unique()
        self.group = min(groups, key=lambda g: (KINDS.index(g.partition(":")[0]), g), default=None)
        self.gaps = gaps[gaps["group"] == self.group]

    def whole(self, table: str) -> pd.DataFrame:
        rows = getattr(self.results, table)
        return rows[(rows["period"] == PERIOD) & (rows["unit"] == "*") & (rows["role"] == "*")]

    def running(self, level: str, key: str) -> str:
        name = self.names[level, key]
        return name if name[:2].isupper() else name[0].lower() + name[1:]

    def points(self, rows: pd.DataFrame) -> list[str]:
        return [self.running("point", key) for key in rows["key"]]

    @property
    def order(self) -> dict[str, int]:
        return {p.id: i for i, p in enumerate(self.results.instrument.points)}

    def certain(self, direction: str) -> list[str]:
        """Names of points certainly above or below the peers, the widest gap first."""
        rows = self.gaps[(self.gaps["level"] == "point") & (self.gaps["certainty"] == direction)]
        rows = rows.assign(by=-rows["gap"].abs(), at=rows["key"].map(self.order).astype(int))
        return self.points(rows.sort_values(["by", "at"]))

    def ranked(self) -> pd.DataFrame:
        rows = self.scores[(self.scores["level"] == "point") & (self.scores["status"] == "published")]
        return rows.assign(by=-rows["score"], at=rows["key"].map(self.order).astype(int)).sort_values(
            ["by", "at"]
        )

    def expect_takeaways(self) -> list[str]:
        """What the three cards must say, each as the words it must hold."""
        says, ranked = SAYS[self.language], self.points(self.ranked())
        told = []
        for side, direction, own in (("above", "increase", ranked), ("below", "decrease", ranked[::-1])):
            certain = self.certain(direction)[:NAMED_N]
            named = listed(certain or own[:NAMED_N], self.language)
            told.append(f"{says[side]}|{named}" if certain else f"{says['none_' + side]}|{named}")
        points = self.scores[self.scores["level"] == "point"]
        known = points[points["dont_know_status"] == "published"].dropna(subset="dont_know_share")
        known = known.assign(by=-known["dont_know_share"], at=known["key"].map(self.order).astype(int))
        known = known.sort_values(["by", "at"])
        flagged = known[known["dont_know_share"] > FLAG_SHARE]
        told.append(
            f"|{listed(self.points((flagged if len(flagged) else known[:1])[:NAMED_N]), self.language)}"
        )
        return told

    def expect_changes(self) -> list[str]:
        """The sentences on what changed for certain, without their last full stop."""
        says = SAYS[self.language]
        if self.previous is None:
            return [says["first"]]
        told = []
        for direction, word in (("increase", "up"), ("decrease", "down")):
            rows = self.changes[self.changes["certainty"] == direction]
            names = [
                self.running(level, key)
                for level in ("dimension", "category", "point")
                for key in rows.loc[rows["level"] == level, "key"]
            ]
            if names:
                told.append(says[word].format(self.previous) + listed(names, self.language))
        return told or [says["still"]]


@pytest.fixture(scope="module")
def results(demo_outputs) -> Path:
    return demo_outputs / "results"


@pytest.fixture(scope="module")
def opened(results):
    """Opens a page of an organisation together with its published tables."""

    @cache
    def published(organisation: str, language: str) -> Published:
        return Published(organisation, results, language)

    def each(page: type, language: str) -> Iterator[tuple[Page, Published]]:
        for organisation in list_organisations(results):
            if PERIOD in load_results(organisation, results).profile["periods"]:
                yield (
                    page.open(organisation, PERIOD, language, str(results)),
                    published(organisation, language),
                )

    return each


def assert_told(words: str, expected: str) -> None:
    """Every part between bars is said; a name begins with a capital where the sentence does."""
    for part in expected.split("|"):
        assert part in words or part[:1].upper() + part[1:] in words, (part, words)


# -- what has to be told -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_build_on_deal_with_and_talk_about_is_what_is_published(opened, language):
    for page, published in opened(OurResult, language):
        if not len(published.ranked()):
            continue
        cards = words_of(page.takeaways().html)[2::2]
        for words, expected in zip(cards, published.expect_takeaways(), strict=True):
            assert_told(words, expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_for_certain_is_told_and_nothing_else(opened, language):
    for page, published in opened(OurResult, language):
        told = words_of(page.changes().render_first())[0]
        for expected in published.expect_changes():
            assert expected in told
        says = SAYS[language]
        for word in ("up", "down"):
            prefix = says[word].format(published.previous)
            assert (prefix in told) == any(e.startswith(prefix) for e in published.expect_changes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_tells_level_change_and_gap_as_they_are_published(opened, language):
    words = {
        "sv": {
            "increase": "har ökat säkert sedan", "decrease": "har minskat säkert sedan", "none": "Ingen säker förändring sedan",
            "above": "ligger säkert över", "below": "ligger säkert under", "alike": "är inte säker",
        },
        "en": {
            "increase": "has certainly increased since", "decrease": "has certainly decreased since",
            "none": "No certain change since", "above": "is certainly above", "below": "is certainly below",
            "alike": "is not certain",
        },
    }[language]  # fmt: skip
    for page, published in opened(OurResult, language):
        opening = " ".join(words_of(page.headline().html))
        top = published.scores[published.scores["level"] == "maturity"].iloc[0]
        if top["status"] == "published":
            assert f"{written(top['score'], language)}{SAYS[language]['percent']}" in opening
            assert f"{written(top['ci_low'], language)}–{written(top['ci_high'], language)}" in opening
        change = published.changes[published.changes["level"] == "maturity"]
        if len(change) and change["status"].iloc[0] == "published" and change["certainty"].iloc[0] in words:
            for certainty in ("increase", "decrease", "none"):
                assert (words[certainty] in opening) == (certainty == change["certainty"].iloc[0]), opening
        gap = published.gaps[published.gaps["level"] == "maturity"]
        if len(gap) and gap["status"].iloc[0] == "published" and gap["certainty"].iloc[0] != "unknown":
            expected = {"increase": "above", "decrease": "below", "none": "alike"}[gap["certainty"].iloc[0]]
            for word in ("above", "below", "alike"):
                assert (words[word] in opening) == (word == expected), opening
            assert f"{written(gap['benchmark'].iloc[0], language)}{SAYS[language]['percent']}" in opening


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widest_certain_difference_between_groups_is_told(opened, language):
    for page, published in opened(InternalComparison, language):
        contrasts = published.results.contrasts
        lead = words_of(page.overview().html)
        for kind in ("unit_rest", "role_rest"):
            rows = contrasts[
                (contrasts["period"] == PERIOD)
                & (contrasts["kind"] == kind)
                & (contrasts["status"] == "published")
            ]
            broad = rows[rows["level"].isin(["maturity", "dimension", "category"])]
            certain = broad[broad["certainty"].isin(["increase", "decrease"])]
            if not len(certain):
                certain = rows[rows["certainty"].isin(["increase", "decrease"])]
            if len(certain):
                widest = certain.iloc[certain["difference"].abs().to_numpy().argmax()]
                amount = written(widest["difference"], language)
                amount = amount if widest["difference"] < 0 else f"+{amount}"
                assert any(
                    amount in w and published.running(widest["level"], widest["key"]) in w for w in lead
                ), lead


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_place_among_all_is_where_the_interval_lies(opened, results, language):
    """The whole interval above or below a quartile or the median, as the benchmarks are published."""
    words = {
        "sv": {
            "above_q3": "i den övre fjärdedelen bland", "below_q1": "i den nedre fjärdedelen bland",
            "middle": "i den mittersta hälften bland", "above_median": "i den övre halvan bland",
            "below_median": "i den nedre halvan bland",
        },
        "en": {
            "above_q3": "in the upper quarter among", "below_q1": "in the lower quarter among", "middle": "in the middle half among",
            "above_median": "in the upper half among", "below_median": "in the lower half among",
        },
    }[language]  # fmt: skip
    table = load_public(results).benchmarks
    row = table[
        (table["period"] == PERIOD) & (table["group"] == "all") & (table["level"] == "maturity")
    ].iloc[0]
    places: dict[str, int] = defaultdict(int)
    for page, published in opened(EveryonesResult, language):
        top = published.scores[published.scores["level"] == "maturity"].iloc[0]
        if top["status"] != "published" or top["n"] < 12:
            continue
        low, high = top["ci_low"], top["ci_high"]
        if low > row["q3"]:
            place = "above_q3"
        elif high < row["q1"]:
            place = "below_q1"
        elif low >= row["q1"] and high <= row["q3"]:
            place = "middle"
        elif low > row["median"]:
            place = "above_median"
        elif high < row["median"]:
            place = "below_median"
        else:
            place = "open"
        name = published.names["maturity", "maturity"]
        opening = next(w for w in words_of(page.headline().html) if w.startswith(name))
        first = opening[: opening.index("(")] if "(" in opening else opening
        for name, phrase in words.items():
            assert (phrase in first) == (name == place), (place, first)
        places[place] += 1
    assert len(places) > 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_of_the_measurement_is_counted_right(opened, language):
    for page, published in opened(AboutMeasurement, language):
        points = published.scores[published.scores["level"] == "point"]
        shown_n, of_n = int((points["status"] == "published").sum()), len(points)
        opening = words_of(page.overview().html)
        assert f"{shown_n} {'av' if language == 'sv' else 'of'} {of_n}" in opening


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_nation_tells_of_certain_changes_is_published(results, language):
    page = NationalStatus.open(PERIOD, language, str(results))
    public = load_public(results)
    table = public.group_changes
    rows = table[(table["period"] == PERIOD) & (table["group"] == "all") & (table["period_from"] == "2025")]
    names = {c.id: c.name[language] for c in public.instrument.categories}
    for direction, word in (
        ("increase", "ökning" if language == "sv" else "increase"),
        ("decrease", "minskning" if language == "sv" else "decrease"),
    ):
        certain = rows[(rows["level"] == "category") & (rows["certainty"] == direction)]
        certain = certain.assign(by=-certain["change"].abs()).sort_values("by", kind="stable")
        told = listed([names[k][0].lower() + names[k][1:] for k in certain["key"]], language)
        conclusion = page.charts["categories"].conclusion
        assert (word in conclusion.lower()) == bool(told)
        assert told in conclusion


def _without_first(find: Callable) -> Callable:
    return lambda *given: find(*given)[1:]


#: what a mistake would look like: (module, what it calls, what it would call instead, the test that finds it)
MISTAKES = [
    (our_result, "find_strengths", lambda find: our_result.find_weaknesses, "what_to_build_on_deal_with_and_talk_about_is_what_is_published"),
    (our_result, "find_unknowns", lambda find: our_result.find_strengths, "what_to_build_on_deal_with_and_talk_about_is_what_is_published"),
    (our_result, "find_changes", _without_first, "what_changed_for_certain_is_told_and_nothing_else"),
    (our_result, "find_standing", lambda find: lambda facts: find(facts)[:1], "the_headline_tells_level_change_and_gap_as_they_are_published"),
    (internal_comparison, "find_view", lambda find: lambda facts, kind, keys: find(facts, "role_rest", keys), "the_widest_certain_difference_between_groups_is_told"),
    (everyones_result, "tell_place", lambda find: lambda figure, group: find(replace(figure, low=0.0), group), "the_place_among_all_is_where_the_interval_lies"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "name", "spoil", "found_by"),
    MISTAKES,
    ids=[f"{m.__name__.split('.')[-2]}-{n}" for m, n, _, _ in MISTAKES],
)
def test_a_finding_that_is_left_out_or_turned_round_is_found(
    opened, results, monkeypatch, module, name, spoil, found_by
):
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    check = globals()[f"test_{found_by}"]
    at_hand = {"opened": opened, "results": results, "language": "sv"}
    with pytest.raises(AssertionError):
        check(**{k: v for k, v in at_hand.items() if k in signature(check).parameters})


CERTAINTIES = ("increase", "decrease", "none", "unknown")


@given(
    scores=st.lists(st.integers(0, 1000), min_size=1, max_size=9),
    certainties=st.lists(st.sampled_from(CERTAINTIES), min_size=9, max_size=9),
    shares=st.lists(st.integers(0, 100), min_size=9, max_size=9),
)
def test_of_any_results_the_certain_points_are_told_and_no_others(scores, certainties, shares):
    keys = [f"Point {'abcdefghi'[i]}" for i in range(len(scores))]
    ids = {k: k[-1] for k in keys}
    points = {ids[k]: (s / 10, n / 100) for k, s, n in zip(keys, scores, shares, strict=False)}
    amounts = {i: (float(10 + at), c) for at, (i, c) in enumerate(zip(points, certainties, strict=False))}
    gaps = {i: (-v if c == "decrease" else v, c) for i, (v, c) in amounts.items()}
    facts = make_facts(points, gaps, gaps)
    for language in LANGUAGES:
        tell, says = narrate(facts, language).tell, SAYS[language]
        for find, direction, side in (
            (find_strengths, "increase", "above"),
            (find_weaknesses, "decrease", "below"),
        ):
            certain = sorted(
                (i for i, (_, c) in gaps.items() if c == direction), key=lambda i: -abs(gaps[i][0])
            )
            words = tell(find(facts))
            if certain:
                named = listed(certain[:NAMED_N], language)
                assert words.startswith(named[0].upper() + named[1:]) and says[side] in words
            else:
                assert words.startswith(says[f"none_{side}"])
        flagged = [i for i, (_, share) in points.items() if share > FLAG_SHARE]
        told = tell(find_unknowns(facts))
        assert told.startswith({"sv": "Minst", "en": "At least"}[language]) == bool(flagged)
        changed = " ".join(tell(f) for f in find_changes(facts))
        for direction, word in (("increase", "up"), ("decrease", "down")):
            names = [i for i, (_, c) in gaps.items() if c == direction]
            assert (says[word].format("2025") + listed(names, language) + "." in changed) == bool(names)


# -- how it is told ----------------------------------------------------------------------------------


@pytest.fixture
def without_drawings(monkeypatch):
    """Charts as their conclusions: what is looked at here is what is said."""
    monkeypatch.setattr(base_pages, "render_chart", lambda chart, _: f"<p>{chart.conclusion}</p>")


def pages_of(results: Path, language: str) -> Iterator[Page]:
    """Every page of a third of the organisations, the unusual ones among them."""
    chosen = {*list_organisations(results)[::3], *pick_organisations(results).values()}
    return open_pages(results, language, sorted(chosen))


def test_both_languages_tell_the_same_findings_in_the_same_order(results, without_drawings, monkeypatch):
    told: list[object] = []
    say = Narrator.say

    def listen(self: Narrator, path: str, **values: object) -> str:
        told.append(path)
        return say(self, path, **values)

    monkeypatch.setattr(Narrator, "say", listen)

    def tell(page: Page) -> list[object]:
        told.clear()
        show(page, choices_n=3)
        return list(told)

    pairs = zip(pages_of(results, "sv"), pages_of(results, "en"), strict=True)
    seen = [(tell(swedish), tell(english)) for swedish, english in pairs]
    assert all(swedish for swedish, _ in seen)
    assert [s for s, _ in seen] == [e for _, e in seen]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_whole_and_their_numbers_published(results, without_drawings, language):
    unwhole = re.compile(
        r"\{|\}|\bNone\b(?! of)|\bnan\b|\bTrue\b|\bFalse\b|  |\s[,.;:](?:\s|$)|\.\.|,,|\(\)|^\s*$"
    )
    for page in pages_of(results, language):
        shown = show(page, choices_n=6)
        allowed = numbers_of(page)  # of the files that were read for what is shown
        for name, htmls in shown.items():
            for text in (t for html in htmls for t in words_of(html)):
                where = (page.name, page.subject, name, text)
                assert not unwhole.search(text.replace("\u00a0", " ")), where
                if (
                    len(text) > 60 and page.name != "improvements"
                ):  # organisations' own words end as they like
                    assert text[0].isupper() or text[0].isdigit() or text[0] in "+−", where
                decimals = re.findall(r"\d+,\d+" if language == "sv" else r"\d+\.\d+", text)
                assert {d.replace(",", ".") for d in decimals} <= allowed, where


def numbers_of(page: Page) -> set[str]:
    """Numbers with a decimal that stand in a published file which the page has read, of any sign, as they are written."""
    found = set()
    for file in page.results.reads.as_dict():
        path = page.results.root / file
        if path.suffix != ".parquet" or not path.is_file():
            continue
        numbers = pd.read_parquet(path).select_dtypes("number")
        for values in (numbers[name].dropna().abs() for name in numbers):
            found |= {f"{v:.1f}" for v in values} | {f"{v:.2f}" for v in values[values <= 1]}
    return found
