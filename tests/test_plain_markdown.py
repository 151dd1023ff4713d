"""Markdown as a closed set: what is in it, what is refused and in which line, and that nothing else ever gets out."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dimios_core.plain_markdown import LINK, read_markdown, write_html, write_lines
from tests.hostile import ATTACK

ELEMENTS = {"h3", "p", "ul", "ol", "li", "b", "em", "a"}

TEXT = """# Vad vi *lärde*

Ett stycke
på två rader med **fetstil** och `kod`.

- ett
- två [länk](https://example.org/a?b=1&c=2)

  med ett stycke till

3. tre

<post@example.org> & 3 < 4
"""


def test_what_is_in_the_set():
    blocks, faults = read_markdown(TEXT)
    assert faults == []
    assert write_html(blocks) == (
        "<h3>Vad vi <em>lärde</em></h3><p>Ett stycke på två rader med <b>fetstil</b> och kod.</p>"
        '<ul class="plain"><li>ett</li><li>två <a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">länk</a>'
        ' med ett stycke till</li></ul><ol class="plain"><li>tre</li></ol>'
        '<p><a href="mailto:post@example.org" rel="noopener nofollow">post@example.org</a> &amp; 3 &lt; 4</p>'
    )
    assert write_lines(blocks) == [
        "Vad vi lärde", "Ett stycke på två rader med fetstil och kod.", "ett", "två länk med ett stycke till", "tre",
        "post@example.org & 3 < 4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n<script>x</script>", 3, "HTML"),
        ("a\nb <b>c", 2, "HTML"),
        ("<!-- a -->", 1, "HTML"),
        ("a\n\n![b](https://example.org/b.png)", 3, "image"),
        ("[a](javascript:alert(1))", 1, "link"),
        ("[a](JaVaScRiPt:alert)", 1, "link"),
        ("a\nb\n[a](data:text/html;base64,AAAA)", 3, "link"),
        ("[a](http://example.org)", 1, "link"),
        ("[a](/other/page)", 1, "link"),
        ("[a](https://example.org/\u202etxt)", 1, "mark"),
        ("[a][b]\n\n[b]: javascript:alert(1)", 1, "link"),
        ("<javascript:alert(1)>", 1, "link"),
        ("- a\n  - b", 2, "list in a list"),
        ("> a", 1, "quotation"),
        ("```\na\n```", 1, "code"),
        ("a\n\n    b", 3, "code"),
        ("a\u200bb", 1, "mark"),
    ],
)
def test_what_is_refused_with_its_line(text, line, what):
    _, faults = read_markdown(text)
    assert any(f.line == line and what in f.what and f.remedy for f in faults), faults


def test_everything_wrong_is_told_at_once():
    _, faults = read_markdown("<i>\n\n![a](b)\n\n[c](ftp://d)\n\n> e")
    assert [f.line for f in faults] == [1, 3, 5, 7]


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


PARTS = st.sampled_from(
    ["<", ">", "<script>", "</p>", "<img src=x onerror=y>", "[", "](", ")", "javascript:", "https://a.se", "*", "**", "_", "`",
     "```", "\n", "\n\n", "- ", "1. ", "# ", "> ", "    ", "&lt;", "&#106;", "\\", "'", '"', "|", "![", "<!--", "-->", "a b", "å",
     "\x00", "\u202e", "]: ", ATTACK]
)  # fmt: skip


@given(st.lists(PARTS, max_size=25).map("".join))
def test_nothing_but_the_set_gets_out_whatever_was_written(text):
    read = Elements(write_html(read_markdown(text)[0]))
    for tag, attributes in read.found:
        assert tag in ELEMENTS
        assert set(attributes) <= {"class", "href", "rel"}
        assert LINK.fullmatch(attributes.get("href") or "https://a.se")


def test_hostile_text_stays_text():
    html = write_html(read_markdown(ATTACK)[0])
    assert Elements(html).text == ATTACK
