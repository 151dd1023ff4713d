"""What recipes name is there, and whoever sends a reader to one finds it."""

from __future__ import annotations

import re

import pytest

from tests.recipes.carrying_out import RECIPES, ROOT, Recipe, change

#: files and folders in running text; `<page>` and the like stand for what a contributor calls it
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")


def list_headings() -> set[str]:
    """The headings of CONTRIBUTING.md as links name them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^ *```.*?^ *```$", "", text))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_to_recipes_lead_somewhere() -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    }
    links = [
        (name, anchor)
        for name, text in texts.items()
        for anchor in re.findall(r"CONTRIBUTING\.md#([\w-]+)", text)
    ]
    own = re.findall(r"\]\(#([\w-]+)\)", texts["CONTRIBUTING.md"])
    assert own and "a-page" in {anchor for _, anchor in links}
    assert [
        link
        for link in [*links, *(("CONTRIBUTING.md", anchor) for anchor in own)]
        if link[1] not in list_headings()
    ] == []


@pytest.mark.parametrize("title", RECIPES)
def test_what_a_recipe_names_is_there_or_made_by_one(title: str) -> None:
    made = set().union(*(recipe.paths for recipe in RECIPES.values()))
    named = set(NAMED.findall(RECIPES[title].words)) - {".venv/bin/"}
    assert named
    assert {path for path in named - made if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("title", RECIPES)
def test_every_block_belongs_to_something(title: str) -> None:
    """No block is passed over: fences in the text are as many as blocks that were read."""
    recipe: Recipe = RECIPES[title]
    assert len(re.findall(r"(?m)^ *```\w", recipe.words)) == len(recipe.blocks)
    assert all(block.path or block.kind == "sh" for block in recipe.blocks)


@pytest.mark.parametrize(
    ("text", "diff", "said"),
    [
        ("a\nb\n", " a\n-c\n+d\n", "nowhere"),
        ("a\nb\na\nb\n", " a\n-b\n+c\n", "twice"),
    ],
)
def test_a_change_needs_its_one_place(text: str, diff: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        change(text, diff)


def test_a_change_touches_nothing_else() -> None:
    assert change("a\nb\n\nc\nb\n", " a\n-b\n+B\n+d\n \n") == "a\nB\nd\n\nc\nb\n"
    assert change("b\na\nb\nc\nb\n", " a\n@@\n c\n-b\n") == "b\na\nb\nc\n"
