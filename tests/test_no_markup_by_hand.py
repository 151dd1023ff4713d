"""No code of the project makes or escapes markup but `dimios_core.markup`: the code itself is read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dimios_core

PACKAGE = Path(dimios_core.__file__).parent
OWN = PACKAGE / "markup"
#: what takes stored markup, or a file of the project's own, for what it is
TRUSTING = {"collect/frame.py", "page/assets.py", "page/build.py", "page/one_file.py", "report/display.py"}
#: templates of plain text
PLAIN = {"export/data/readme.py", "languages/comparing.py", "languages/texts.py", "report/texts.py"}
TAG = re.compile(r"<[/!?]?[a-zA-Z]")
#: a value that comes next would be a tag's name; an attribute's value
OPEN = re.compile(r"""</?$""")
ATTRIBUTE = re.compile(r"""(?:^|\s)[\w:-]+=["']$""")
ESCAPES = {
    "html": {"escape"},
    "xml.sax.saxutils": {"escape", "quoteattr"},
    "markupsafe": {"escape", "Markup"},
}


def find_faults(source: str, place: str) -> Iterator[str]:
    """Where a module makes markup by hand."""
    for node in ast.walk(ast.parse(source)):
        if fault := _fault_of(node, place):
            yield f"{place}:{getattr(node, 'lineno', 0)}: {fault}"


def _fault_of(node: ast.AST, place: str) -> str:
    if isinstance(node, ast.ImportFrom):
        taken = ESCAPES.get(node.module or "", set()) & {alias.name for alias in node.names}
        return f"imports {sorted(taken)}" if taken else ""
    if isinstance(node, ast.Attribute) and node.attr == "escape":
        return "escapes by hand" if isinstance(node.value, ast.Name) and node.value.id == "html" else ""
    if isinstance(node, ast.JoinedStr):
        texts = [v.value if isinstance(v, ast.Constant) else "\0" for v in node.values]
        opened = any(OPEN.search(text) and ">" in "".join(texts[i:]) for i, text in enumerate(texts))
        if opened or any(map(TAG.search, texts)):
            return "an f-string makes a tag"
        return "an f-string makes an attribute" if any(map(ATTRIBUTE.search, texts)) else ""
    if isinstance(node, ast.BinOp):
        return "a tag is put together" if _is_tag(node.left) or _is_tag(node.right) else ""
    if isinstance(node, ast.Call):
        return _fault_of_call(node, place)
    return ""


def _fault_of_call(node: ast.Call, place: str) -> str:
    if isinstance(node.func, ast.Attribute):
        fills = node.func.attr in ("format", "format_map", "join") and _is_tag(node.func.value)
        return "a tag is filled in" if fills else ""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in ("markup", "markup_each", "markup_rows"):
        first = node.args[0]
        literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
        return "" if literal else "a template is put together"
    if name == "Markup" and node.args:
        return "a text is called markup"
    if name == "trust" and place not in TRUSTING:
        return "a text is trusted"
    return ""


def _is_tag(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(TAG.search(node.value))


def test_no_code_makes_markup_by_hand() -> None:
    faults = [
        fault
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.is_relative_to(OWN)
        for fault in find_faults(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
    ]
    assert faults == []


def test_templates_escape_by_themselves() -> None:
    found = list(PACKAGE.rglob("*.j2"))
    assert found
    for path in found:
        assert not re.search(r"\|\s*safe|autoescape", path.read_text(encoding="utf-8")), path
    loading = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.is_relative_to(OWN) and "jinja2.Environment(" in path.read_text(encoding="utf-8")
    }
    assert loading == PLAIN


@pytest.mark.parametrize(
    "source",
    [
        "from html import escape",
        "import html\nhtml.escape(name)",
        "from xml.sax.saxutils import quoteattr",
        'f"<p>{name}</p>"',
        'f"{name}</p>"',
        'f"<{tag}>"',
        "f' class=\"{name}\"'",
        '"<p>" + name',
        '"<p>%s</p>" % name',
        '"<p>{}</p>".format(name)',
        '"<br>".join(names)',
        "markup(template, name)",
        "markup_each(template, names)",
        'markup("<p>" + name)',
        'markup(f"{a}{b}")',
        "Markup(name)",
        "trust(name)",
    ],
)
def test_the_rule_finds_markup_made_by_hand(source: str) -> None:
    assert list(find_faults(source, "report/pages/a.py"))


@pytest.mark.parametrize(
    "source", ['markup("<p>{}</p>", name)', 'f"{a} < {b}"', "Markup()", '"</p>" in page', "re.escape(name)"]
)
def test_the_rule_lets_the_rest_be(source: str) -> None:
    assert list(find_faults(source, "report/pages/a.py")) == []
