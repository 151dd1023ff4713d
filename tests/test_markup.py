"""Text goes in, markup comes out: what stands in a place is what may stand there."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from dimios_core.markup import (
    Markup,
    attributes,
    element,
    embed_json,
    join,
    load_template,
    markup,
    markup_each,
    markup_rows,
    put_into,
    trust,
    write_rows,
)

HOSTILE = (
    "<script>alert(1)</script>", '"\'><img src=x onerror=alert(1)>', "]]>", "</style>", "<!--", "--><b>", "&lt;b&gt;",
    "{{ 7*7 }}", "{}", "%s", "=1+1",
)  # fmt: skip


class Read(HTMLParser):
    """What a browser reads: (tag, attributes) and texts, in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_read_as_it_was_written_between_tags_and_in_attributes(text: str) -> None:
    read = Read(markup('<p title="{}">{}</p>', text, text))
    assert read.tags == [("p", {"title": text})]
    assert read.text == text


@pytest.mark.parametrize("text", HOSTILE)
def test_every_way_to_put_a_text_into_markup_escapes_it(text: str) -> None:
    made = (
        element("p", text),
        markup("<p>{}</p>", Markup() + text),
        markup("<p>{}</p>", text + Markup()),
        markup("<p>{}</p>", join([text])),
        markup("<p>{}</p>", f"{text}"),
        *markup_each("<p>{}</p>", [text]),
        markup_rows("<p>{}</p>", [text]),
        trust(load_template("<p>{{ text }}</p>").render(text=text)),
    )
    for html in made:
        read = Read(html)
        assert read.tags == [("p", {})]
        assert read.text == text


def test_markup_put_together_as_text_is_text_again() -> None:
    bold = markup("<b>{}</b>", "a")
    assert markup("<p>{}</p>", f"{bold}") == "<p>&lt;b&gt;a&lt;/b&gt;</p>"
    assert markup("<p>{}</p>", "".join([bold])) == "<p>&lt;b&gt;a&lt;/b&gt;</p>"


def test_each_row_of_columns_is_checked_as_one_alone_is() -> None:
    rows = markup_each(
        '<a href="{}"{}>{}</a>', ["a.html", "b.html"], [attributes(id=i) for i in "cd"], ["<", "&"]
    )
    assert rows == ['<a href="a.html" id="c">&lt;</a>', '<a href="b.html" id="d">&amp;</a>']
    for wrong in ("javascript:alert(1)", markup("<b>{}</b>", "a")):
        with pytest.raises((TypeError, ValueError)):
            markup_each('<a href="{}">a</a>', ["a.html", wrong])
    for columns in ([["a"]], [["a"], ["b", "c"]], [["a"], ["b"], ["c"]]):
        with pytest.raises(ValueError):
            markup_each("<b>{}</b><i>{}</i>", *columns)


def test_rows_are_those_of_each_row_joined() -> None:
    columns = (["a.html", "b.html"], [1.0, 0.25], ["<", "1.0"])
    template = '<a href="{}" tabindex="{:.1f}">{}</a>'
    assert markup_rows(template, *columns) == join(markup_each(template, *columns))
    assert markup_rows(template, *columns).endswith('<a href="b.html" tabindex="0.2">1.0</a>')
    assert markup_rows(template, [], [], []) == ""


@pytest.mark.parametrize("value", ["1", markup("<b>1</b>"), None])
def test_a_place_for_a_number_takes_nothing_else(value: str) -> None:
    with pytest.raises(TypeError):
        markup('<b id="{:.1f}">a</b>', value)
    with pytest.raises(TypeError):
        markup_rows('<b id="{:.1f}">a</b>', [1, value])


def test_marks_that_nobody_sees_do_not_get_in() -> None:
    assert markup("<p>{}</p>", "a\u202eb\x00c\u200bd\u2066e\u2028f\ng") == "<p>abcdef\ng</p>"


@pytest.mark.parametrize("address", ["a.html", "../b/c.html#d", "#d", "?e=1:2", "https://example.org/", "mailto:a@b.se", "tel:+46"])  # fmt: skip
def test_addresses_that_a_link_may_have(address: str) -> None:
    assert Read(markup('<a href="{}">a</a>', address)).tags == [("a", {"href": address})]
    assert Read(markup("<a{}>a</a>", attributes(href=address))).tags == [("a", {"href": address})]


@pytest.mark.parametrize("address", ["javascript:alert(1)", " JavaScript:x", "java\nscript:x", "data:text/html,x", "vbscript:x", "\x01javascript:x"])  # fmt: skip
def test_addresses_that_run_something_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        markup('<a href="{}">a</a>', address)
    with pytest.raises(ValueError, match="no address"):
        attributes(href=address)
    with pytest.raises(ValueError, match="no address"):
        markup('<a href="{}{}">a</a>', "", address)


def test_an_address_whose_kind_the_template_tells_is_escaped() -> None:
    html = markup('<a href="mailto:{}">a</a>', 'javascript:"')
    assert Read(html).tags == [("a", {"href": 'mailto:javascript:"'})]


@pytest.mark.parametrize("style", ["3%;position:fixed", "url(//evil)", "expression(1)", '"'])
def test_a_style_has_words_and_numbers_alone(style: str) -> None:
    assert markup('<p style="width: {}%">a</p>', 12.5) == '<p style="width: 12.5%">a</p>'
    with pytest.raises(ValueError, match="a style"):
        markup('<p style="width: {}">a</p>', style)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("<p>{}", "not closed"),
        ("<p>{}</b>", "closes nothing"),
        ("{}</p>", "closes nothing"),
        ('<p title="{}', "not closed"),
        ("<p title={}>a</p>", "a tag goes on"),
        ("<p title='{}'>a</p>", "a tag goes on"),
        ("<{}>a</p>", "opens no tag"),
        ("a < {}", "opens no tag"),
        ("<!-- {} -->", "opens no tag"),
        ('<p onclick="{}">a</p>', "nothing is safe"),
        ('<p onclick="{:.1f}">a</p>', "nothing is safe"),
        ('<iframe srcdoc="{}"></iframe>', "nothing is safe"),
        ("<p>{name}</p>", "a place for a value"),
        ("<p>{!r}</p>", "a place for a value"),
        ("<p>{:d}</p>", "a place for a value"),
    ],
)
def test_templates_that_are_not_whole_or_not_safe_are_refused(template: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        markup(template, "a")


@pytest.mark.parametrize("values", [(), ("a", "b")])
def test_a_template_gets_as_many_values_as_it_has_places(values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="values for"):
        markup("<p>{}</p>", *values)


@pytest.mark.parametrize(
    "make",
    [
        lambda: markup("<p>{}</p>", None),  # type: ignore[arg-type]
        lambda: markup("<p>{}</p>", True),
        lambda: markup("<p>{}</p>", ["a"]),  # type: ignore[arg-type]
        lambda: markup('<p title="{}">a</p>', markup("<b>{}</b>", '"')),
        lambda: markup("<p{}>a</p>", ' onclick="a"'),
        lambda: markup("<script>{}</script>", "a"),
        lambda: markup("<style>{}</style>", markup("<b>{}</b>", "a")),
    ],
)
def test_what_is_of_another_kind_than_its_place_is_refused(make: Callable[[], Markup]) -> None:
    with pytest.raises(TypeError):
        make()


@pytest.mark.parametrize("text", [*HOSTILE, "\u2028\u2029</script>"])
def test_data_in_a_script_are_read_as_they_were(text: str) -> None:
    read = Read(markup('<script type="application/json">{}</script>', embed_json({text: [text]})))
    assert [tag for tag, _ in read.tags] == ["script"]
    assert json.loads(read.text) == {text: [text]}
    assert "\u2028" not in read.text


def test_a_style_of_ours_that_would_end_its_element_is_refused() -> None:
    with pytest.raises(ValueError, match="would end"):
        markup("<style>{}</style>", trust("</STYLE ><p>"))


def test_attributes_go_into_the_first_element_of_a_name() -> None:
    stored = '<p>a</p><h2 class="b">c</h2><h2>d</h2>'
    expected = '<p>a</p><h2 id="&lt;" class="b">c</h2><h2>d</h2>'
    assert put_into(stored, "h2", id="<") == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_rows_of_a_table_hold_their_texts_as_they_were_written(text: str) -> None:
    read = Read(write_rows([[text], [text], [text]], [True, False]))
    assert read.tags == [("tr", {}), ("th", {"scope": "row"}), ("td", {"class": "n"}), ("td", {})]
    assert read.text == 3 * text


def test_a_table_without_rows_or_with_columns_of_different_lengths() -> None:
    assert write_rows([[], []], [True]) == ""
    for columns in ([["a", "b"], ["c"]], [["a"]], [["a"], ["b"], ["c"]]):
        with pytest.raises(ValueError):
            write_rows(columns, [True])


def test_nothing_but_text_is_added_to_markup() -> None:
    assert type(markup("<b>{}</b>", "a") + "<") is Markup
    for other in (1, None, b"a"):
        with pytest.raises(TypeError):
            Markup() + other
