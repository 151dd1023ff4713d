"""Both languages have the same texts, and numbers are written as each language writes them."""

from __future__ import annotations

import contextlib
import re

import jinja2
import pytest
from babel.numbers import format_decimal

from dimios_core.languages import list_languages, list_texts, load_texts
from dimios_core.languages.comparing import read_gaps
from dimios_core.report.numbers import NumberFormat
from dimios_core.report.pages import load_pages
from dimios_core.report.texts import add_filters, compile_text, load_environment, load_text


def leaves(tree: dict, path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        found |= leaves(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return found


def test_the_languages_have_the_same_texts():
    assert list_languages() == ("sv", "en")
    assert leaves(load_texts("sv")).keys() == leaves(load_texts("en")).keys()


def test_a_text_uses_the_same_numbers_in_both_languages():
    swedish, english = (leaves(load_texts(language)) for language in list_languages())
    for path, text in swedish.items():
        used, other = (read_gaps(t)[0] for t in (text, english[path]))
        assert used == other, path


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        (47.66, "47,7", "47.7"),
        (-4.64, "−4,6", "−4.6"),
        (0.04, "0,0", "0.0"),
        (-0.04, "0,0", "0.0"),
        (100, "100,0", "100.0"),
    ],
)
def test_scores(value, swedish, english):
    assert NumberFormat("sv").score(value) == swedish
    assert NumberFormat("en").score(value) == english


@pytest.mark.parametrize(
    ("value", "text"), [(2.2, "+2,2"), (-11.6, "−11,6"), (0.0, "0,0"), (-0.04, "0,0"), (0.06, "+0,1")]
)
def test_differences_carry_their_sign(value, text):
    assert NumberFormat("sv").signed(value) == text


def test_percent_signs_and_thousands():
    assert NumberFormat("sv").percent(47.7) == "47,7\u00a0%"
    assert NumberFormat("en").percent(47.7) == "47.7%"
    assert NumberFormat("sv").share(0.335) == "34\u00a0%"
    assert NumberFormat("sv").count(14282) == "14\u00a0282"
    assert NumberFormat("en").count(14282) == "14,282"


def babel_writes(value: float, pattern: str | None, language: str) -> str:
    return format_decimal(value, pattern, locale=language).replace("-", "−")


@pytest.mark.parametrize("language", list_languages())
def test_numbers_are_written_as_babel_writes_them(language):
    number = NumberFormat(language)
    for tenths in range(-1200, 1201, 7):
        value = tenths / 10
        assert number.score(value) == babel_writes(value, "0.0", language)
        assert number.coefficient(value / 10) == babel_writes(round(value / 10, 2), "0.00", language)
    for n in (0, 7, 999, 1000, 9999, 10_000, 1_234_567):
        assert number.count(n) == babel_writes(n, None, language)


def test_lists():
    assert NumberFormat("sv").listed(["a", "b", "c"]) == "a, b och c"
    assert NumberFormat("en").listed(["a"]) == "a"


#: kind -> a text of that kind on the same values
KINDS = {
    "gaps": " {{ n|count }} av {{of_n}} % ",
    "conditions": " {{ n|count }} av {{ of_n }} % {% if n %}{% endif %}",
}


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_a_text_is_not_filled_in_without_what_it_names(text):
    fill = compile_text("sv", text)
    assert fill({"n": 1234, "of_n": "5"}) == "1\u00a0234 av 5 %"
    for values in ({"n": 1}, {"of_n": 1}, {}):
        with pytest.raises(jinja2.UndefinedError, match="is undefined"):
            fill(values)
    with pytest.raises(jinja2.UndefinedError, match="no attribute 'missing'"):
        compile_text("sv", text.replace("of_n", "of_n.missing"))({"n": 1, "of_n": {}})


def test_a_filter_that_nobody_has_is_refused():
    with pytest.raises(jinja2.TemplateAssertionError, match="never_added"):
        compile_text("sv", "{{ n|never_added }}")


def test_a_filter_that_is_added_late_is_known_in_every_language():
    for language in list_languages():
        load_environment(language)
    add_filters(shouted_late=lambda narrator, value: f"{narrator} {value.upper()}!")
    for language in list_languages():
        for text in ("{{ word|shouted_late }}", "{{ word|shouted_late if word }}"):
            assert compile_text(language, text)({"narrator": "n", "word": "a"}) == "n A!"


#: conditions, and filters of words
ASKS = re.compile(r"\{%|\|(?!score|signed|percent|share|count|whole)")


class Standin(float):
    """A value of any name: a number, with whatever part and words a text asks for."""

    def __getattr__(self, name: str) -> str:
        return f"({name})"


@pytest.mark.parametrize("language", list_languages())
def test_gaps_are_filled_as_jinja2_fills_them(language):
    load_pages()  # they bring filters
    filled_n = 0
    for path, text in list_texts(load_texts(language)):
        fill = load_text(language, path)
        if isinstance(fill, str) or ASKS.search(text):
            continue
        values = {name: Standin(i + 0.25) for i, name in enumerate(sorted(read_gaps(text)[0]))}
        # of words, not of numbers, ask some
        with contextlib.suppress(TypeError, AttributeError, jinja2.UndefinedError):
            assert fill(values) == load_environment(language).from_string(text).render(values).strip(), path
            filled_n += 1
    assert filled_n > 300
