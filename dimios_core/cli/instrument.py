"""`dimios instrument`: show a model, check a model file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text as RichText
from rich.tree import Tree

from dimios_core.cli.app import app
from dimios_core.errors import InputError, Problem

if TYPE_CHECKING:
    from dimios_core.instrument import Instrument, Item

instrument_app = typer.Typer(
    no_args_is_help=True, help="Show and check the model: what is measured, and how."
)
app.add_typer(instrument_app, name="instrument")


@instrument_app.command()
def show(
    name_or_path: str = typer.Argument("dimios", metavar="[ID_OR_PATH]", help="An instrument's id or file."),
    language: str = typer.Option("", "--language", "-l", help="sv or en; default: the instrument's first."),
) -> None:
    """Show an instrument as a tree: dimensions, categories, measure points and their statements."""
    from dimios_core.instrument import load_instrument

    instrument = load_instrument(name_or_path)
    language = language or instrument.languages[0]
    if language not in instrument.languages:
        what = f"the instrument {instrument.id!r} has no texts in {language!r}"
        raise InputError(Problem("--language", what, "choose among: " + ", ".join(instrument.languages)))
    out = Console(highlight=False)
    out.print(_build_tree(instrument, language))


@instrument_app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The model file to check (YAML).")],
) -> None:
    """Check a model file; every fault is listed with its line and how to mend it."""
    from dimios_core.instrument import load_instrument

    instrument = load_instrument(file)
    counts = (
        f"{_count(len(instrument.dimensions), 'dimension')}, "
        f"{_count(len(instrument.categories), 'category', 'categories')}, "
        f"{_count(len(instrument.points), 'measure point')}, {_count(len(instrument.items), 'item')}"
    )
    typer.echo(f"{file.name}: no faults. {instrument.id}, version {instrument.version}: {counts};")
    typer.echo(f"languages {', '.join(instrument.languages)}. Look at it: dimios instrument show '{file}'")


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def _label(name: str, identifier: str, weight: float = 1.0, style: str = "") -> RichText:
    label = RichText(name, style=style).append(f"  {identifier}", style="dim not bold")
    if weight != 1:
        label.append(f"  weight {weight:g}", style="dim not bold")
    return label


def _describe_item(instrument: Instrument, item: Item, language: str) -> RichText:
    notes = [item.id, *(["reversed"] if item.reversed else [])]
    if len(instrument.scales) > 1:
        notes.append(f"scale {item.scale}")
    statement = RichText(instrument.text(item.statement, language), style="italic")
    return statement.append(f"  {', '.join(notes)}", style="dim not italic")


def _build_tree(instrument: Instrument, language: str) -> Tree:
    def text(mapping: dict[str, str]) -> str:
        return instrument.text(mapping, language)

    tree = Tree(_label(text(instrument.name), f"{instrument.id}, version {instrument.version}", style="bold"))
    for dimension in instrument.dimensions:
        branch = tree.add(_label(text(dimension.name), dimension.id, dimension.weight, "bold"))
        for category in instrument.categories_of(dimension.id):
            twig = branch.add(_label(text(category.name), category.id, category.weight, "bold"))
            for point in instrument.points_of(category.id):
                leaf = twig.add(_label(text(point.name), point.id, point.weight))
                for item in point.items:
                    leaf.add(_describe_item(instrument, item, language))
    scales = tree.add(RichText("Scales", style="bold"))
    for name, scale in instrument.scales.items():
        ends = f"{scale.lowest:g} to {scale.highest:g}, {scale.answer_categories_n} answers"
        branch = scales.add(_label(ends, name))
        for number, label in sorted(scale.labels.items()):
            branch.add(RichText(f"{number:g}  {text(label)}"))
        if scale.dont_know:
            branch.add(RichText(f"–  {text(scale.dont_know)}"))
    if instrument.roles:
        roles = tree.add(RichText("Roles", style="bold"))
        for role in instrument.roles:
            roles.add(_label(text(role.name), role.id))
    if instrument.quadrants:
        border = f"border at {instrument.quadrants.border:g} %"
        quadrants = tree.add(_label("Quadrants", border, style="bold"))
        for cell in instrument.quadrants.cells:
            branch = quadrants.add(_label(f"{cell.id}  {text(cell.name)}", ""))
            branch.add(RichText(text(cell.summary)))
    tree.add(RichText(text(instrument.source), style="dim"))
    return tree
