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
from dimios_core.report.messages import telling
from dimios_core.report.messages.message import Message
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.everyones_result import page as everyones_result
from dimios_core.report.pages.internal_comparison import page as internal_comparison
from dimios_core.report.pages.our_result import charts as our_charts
from tests.notebooks.picking import pick_organisations
from tests.report.every_page import open_pages, show, words_of

LANGUAGES = ("sv", "en")
PERIOD = "2026"
FLAG_SHARE = 0.30
NAMED_N = 3
KINDS = ["type", "type-size", "size", "all", "county"]
SAYS = {
    "sv": {
        "above": "Säkerställt över", "below": "Säkerställt under", "up": "Säkerställd ökning sedan {}",
        "down": "Säkerställd minskning sedan {}", "still": "ngen förändring sedan", "first": "er första mätning", "percent": "\u00a0%",
        "here_up": "Säkerställd ökning sedan {}: ", "here_down": "Säkerställd minskning sedan {}: ", "fell": "minskat", "rose": "ökat",
        "under": "under", "over": "över", "stronger": "starkare", "weaker": "svagare", "alike": "skillnaden är inte säkerställd",
    },
    "en": {
        "above": "Clearly above", "below": "Clearly below", "up": "Statistically significant rise since {}",
        "down": "Statistically significant fall since {}", "still": "o change since", "first": "your first measurement", "percent": "%",
        "here_up": "Statistically significant rise since {}: ", "here_down": "Statistically significant fall since {}: ",
        "fell": "fallen", "rose": "risen", "under": "below", "over": "above", "stronger": "stronger", "weaker": "weaker",
        "alike": "the difference is not statistically significant",
    },
}  # fmt: skip


def written(value: float, language: str) -> str:
    text = f"{value:.1f}".replace("-", "−")
    return text.replace(".", ",") if language == "sv" else text


def signed(value: float, language: str) -> str:
    return ("+" if round(value, 1) > 0 else "") + written(value, language)


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
        """A name in the middle of a sentence: the model's keep their capitals, what all adds up to is a word like others."""
        name = self.names[level, key]
        return name[0].lower() + name[1:] if level == "maturity" else name

    def points(self, rows: pd.DataFrame) -> list[str]:
        return [self.running("point", key) for key in rows["key"]]

    @property
    def order(self) -> dict[str, int]:
        return {p.id: i for i, p in enumerate(self.results.instrument.points)}

    def certain(self, table: str, direction: str) -> pd.DataFrame:
        """What is certainly above or below the peers, or has risen or fallen: level, key, value."""
        rows = getattr(self, table)
        rows = rows[(rows["certainty"] == direction) & (rows["level"] != "item")]
        return rows.assign(value=rows[{"gaps": "gap", "changes": "change"}[table]])

    def expect_cards(self) -> dict[str, list[str]]:
        """What the cards on what to build on and to deal with must hold: every category, and the largest points."""
        says, told = SAYS[self.language], {}
        for card, direction, words in (
            ("build", "increase", ("above", "up")),
            ("deal", "decrease", ("below", "down")),
        ):
            told[card] = []
            for table, word in zip(("gaps", "changes"), words, strict=True):
                rows = self.certain(table, direction)
                if not len(rows):
                    told[card].append("!" + says[word].format(self.previous))
                    continue
                told[card].append(says[word].format(self.previous))
                points = rows[rows["level"] == "point"]
                points = points.assign(
                    by=-points["value"].abs(), at=points["key"].map(self.order).astype(int)
                )
                points = points.sort_values(["by", "at"])[:NAMED_N]
                for row in pd.concat([rows[rows["level"] == "category"], points]).itertuples():
                    told[card].append(
                        f"{self.names[row.level, row.key]} ({signed(row.value, self.language)})"
                    )
        return told

    def expect_unknown(self) -> list[str]:
        """What must be named of what people do not know."""
        points = self.scores[self.scores["level"] == "point"]
        known = points[points["dont_know_status"] == "published"].dropna(subset="dont_know_share")
        known = known.assign(by=-known["dont_know_share"], at=known["key"].map(self.order).astype(int))
        known = known.sort_values(["by", "at"])
        flagged = known[known["dont_know_share"] > FLAG_SHARE]
        return [self.running("point", k) for k in (flagged if len(flagged) else known[:1])["key"]][:NAMED_N]

    def expect_changes(self, levels: Sequence[str]) -> list[str]:
        """The sentences on what changed for certain among some levels, without their last full stop."""
        says = SAYS[self.language]
        if self.previous is None:
            return [says["first"]]
        told = []
        for direction, word in (("increase", "here_up"), ("decrease", "here_down")):
            rows = self.certain("changes", direction)
            names = [
                self.running(level, key)
                for level in levels
                for key in rows.loc[rows["level"] == level, "key"]
            ]
            if names:
                told.append(says[word].format(self.previous) + listed(names, self.language))
        return told


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


# -- what has to be told -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cards_tell_all_that_is_certain_and_nothing_else(opened, language):
    for page, published in opened(OurResult, language):
        if not len(published.gaps) and not len(published.changes):
            continue
        html = page.takeaways().html
        cards = {name: " ".join(words_of(part)[1:]) for name, part in zip(
            ("build", "deal", "talk"), html.split('<div class="')[2:], strict=True)}  # fmt: skip
        for card, expected in published.expect_cards().items():
            for words in expected:
                assert (words.removeprefix("!") in cards[card]) != words.startswith("!"), (words, cards[card])
        for name in published.expect_unknown():
            assert name in cards["talk"], (name, cards["talk"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_of_changes_tells_what_changed_of_what_it_shows(opened, language):
    says = SAYS[language]
    for page, published in opened(OurResult, language):
        for name, levels in (("history", ["maturity", "dimension"]), ("category_history", ["category"])):
            if name not in page.charts:
                continue
            told, expected = page.charts[name].conclusion, published.expect_changes(levels)
            assert all(words in told for words in expected), (expected, told)
            for word in ("here_up", "here_down"):
                prefix = says[word].format(published.previous)
                assert (prefix in told) == any(e.startswith(prefix) for e in expected), told
            points = [published.names["point", p] for p in published.order]
            assert not [p for p in points if p in told], told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_is_short_true_and_denies_nothing(opened, language):
    says = SAYS[language]
    for page, published in opened(OurResult, language):
        opening = words_of(page.headline().html)
        whole = " ".join(opening)
        lead = page.messages.headline()
        assert lead in opening
        assert len([w for w in lead.split() if re.search(r"\w", w)]) <= 35, lead
        top = published.scores[published.scores["level"] == "maturity"].iloc[0]
        if top["status"] == "published":
            assert f"{written(top['score'], language)}{says['percent']}" in whole
            assert f"{written(top['ci_low'], language)}–{written(top['ci_high'], language)}" in whole
        falls, rises = (published.certain("changes", d) for d in ("decrease", "increase"))
        below, above = (published.certain("gaps", d) for d in ("decrease", "increase"))
        assert (says["fell"] in lead) >= bool(len(falls)), lead
        assert (says["fell"] in lead or says["rose"] in lead) == bool(len(falls) or len(rises)), lead
        if len(falls) or len(rises):
            assert says["still"] not in whole, whole
        if len(below) or len(above):
            assert says["alike"] not in whole, whole
            words = [
                w
                for w, rows in (("under", below), ("weaker", below), ("over", above), ("stronger", above))
                if len(rows)
            ]
            assert any(re.search(rf"\b{says[w]}\b", lead) for w in words), lead
        broad = below[below["level"] != "point"]
        if len(broad) and not len(above[above["level"] == "maturity"]):
            assert re.search(rf"\b{says['under']}\b", lead), lead
        gap = published.gaps[published.gaps["level"] == "maturity"]
        if len(gap) and gap["status"].iloc[0] == "published":
            assert f"{written(gap['benchmark'].iloc[0], language)}{says['percent']}" in whole
        change = published.changes[published.changes["level"] == "maturity"]
        if len(change) and change["status"].iloc[0] == "published":
            assert signed(change["change"].iloc[0], language) in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_certain_difference_between_groups_is_told_the_widest_level_first(opened, language):
    for page, published in opened(InternalComparison, language):
        contrasts = published.results.contrasts
        lead = words_of(page.overview().html)
        for kind in ("unit_rest", "role_rest"):
            rows = contrasts[
                (contrasts["period"] == PERIOD)
                & (contrasts["kind"] == kind)
                & (contrasts["status"] == "published")
            ]
            certain = rows[rows["certainty"].isin(["increase", "decrease"])]
            order = ["maturity", "dimension", "category", "point"]
            certain = certain.assign(
                at=certain["level"].astype(str).map(order.index), by=-certain["difference"].abs()
            )
            certain = certain.sort_values(["at", "by"], kind="stable")
            if len(certain):
                widest = certain.iloc[0]
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
        opening = next(w for w in words_of(page.headline().html) if name in w and len(w) > 60)
        opening = opening[opening.index(name) :]
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
        ("increase", "ökning" if language == "sv" else "rise"),
        ("decrease", "minskning" if language == "sv" else "fall"),
    ):
        certain = rows[(rows["level"] == "category") & (rows["certainty"] == direction)]
        certain = certain.assign(by=-certain["change"].abs()).sort_values("by", kind="stable")
        told = listed([names[k] for k in certain["key"]], language)
        conclusion = page.charts["categories"].conclusion
        assert (word in conclusion.lower()) == bool(told)
        assert told in conclusion


def _without_first(find: Callable) -> Callable:
    return lambda *given: find(*given)[1:]


def _turn(rank: Callable) -> Callable:
    def turned(sources: object) -> list[Message]:
        asks = {"deal": "build", "build": "deal", "talk": "talk"}
        return [replace(m, asks=asks[m.asks]) for m in rank(sources)]

    return turned


#: what a mistake would look like: (module, what it calls, what it would call instead, the test that finds it)
MISTAKES = [
    (telling, "rank_messages", _without_first, "the_cards_tell_all_that_is_certain_and_nothing_else"),
    (telling, "rank_messages", _turn, "the_cards_tell_all_that_is_certain_and_nothing_else"),
    (telling, "rank_messages", _without_first, "the_first_screen_is_short_true_and_denies_nothing"),
    (our_charts, "find_changes", _without_first, "a_chart_of_changes_tells_what_changed_of_what_it_shows"),
    (our_charts, "find_changes", lambda find: lambda facts, keys: find(facts, list(facts.figures)), "a_chart_of_changes_tells_what_changed_of_what_it_shows"),
    (internal_comparison, "find_view", lambda find: lambda facts, kind, keys: find(facts, "role_rest", keys), "the_first_certain_difference_between_groups_is_told_the_widest_level_first"),
    (everyones_result, "tell_place", lambda find: lambda figure, group: find(figure._replace(low=0.0), group), "the_place_among_all_is_where_the_interval_lies"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "name", "spoil", "found_by"),
    MISTAKES,
    ids=[f"{m.__name__.split('.')[-2]}-{n}-{i}" for i, (m, n, _, _) in enumerate(MISTAKES)],
)
def test_a_finding_that_is_left_out_or_turned_round_is_found(
    opened, results, monkeypatch, module, name, spoil, found_by
):
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    check = globals()[f"test_{found_by}"]
    at_hand = {"opened": opened, "results": results, "language": "sv"}
    with pytest.raises(AssertionError):
        check(**{k: v for k, v in at_hand.items() if k in signature(check).parameters})


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
