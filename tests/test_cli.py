"""Every command of the command line, found from its app: it explains itself, the README names it, its exit codes are those told.

A command that is new and has no row here, or none in the README, fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from dimios_core import __version__
from dimios_core.cli import app, main

README = Path(__file__).parents[1] / "README.md"
ROOMS = Path(__file__).parents[1] / "dimios_core"
#: command -> what it is given, and how it ends in an outputs folder where nothing is yet: 0 fine, 2 something needs mending
WHERE_NOTHING_IS = {
    "audit": ("", 2),
    "collect cards": ("lillby -p 2026", 2),
    "collect close": ("lillby -p 2026", 2),
    "collect open": ("lillby -p 2026", 2),
    "collect serve": ("", 2),
    "collect status": ("lillby -p 2026", 2),
    "collect take-in": ("lillby -p 2026", 2),
    "compare": ("lillby alvsjo", 2),
    "conclusions add": ("text.md -o lillby -p 2026 --by Vi --date 2026-11-20", 2),
    "conclusions list": ("", 0),
    "conclusions remove": ("-o lillby -p 2026", 2),
    "demo": ("--seed -1", 2),  # not a seed: a demo would begin otherwise
    "export": ("", 2),
    "export data": ("", 2),
    "goal add": ("nothing.csv", 2),
    "goal list": ("", 0),
    "goal remove": ("lillby --level maturity", 2),
    "goal set": ("lillby --level maturity --value 60 --year 2027", 2),
    "ingest": ("answers.csv --mapping demo-csv", 2),
    "init": ("..", 2),  # the folder of the tests: something lies there
    "initiatives add": ("initiatives.csv", 2),
    "initiatives list": ("", 0),
    "initiatives validate": ("--all", 0),
    "instrument check": ("no-such.yaml", 2),
    "instrument show": ("", 0),
    "link create": ("Kim", 2),
    "link create-many": ("people.csv --to links.csv", 2),
    "link list": ("", 0),
    "link revoke": ("no-such-link", 2),
    "mapping draft": ("answers.csv", 2),
    "mapping schema": ("", 0),
    "plan add": ("plan.xlsx", 2),
    "plan list": ("", 0),
    "plan worksheet": ("lillby 2026", 2),
    "register": ("", 2),
    "report": ("", 2),
    "research list": ("", 0),
    "research show": ("modell", 2),
    "research sign": ("modell --by Bo --why read --digits 0123456789ab", 2),
    "research withdraw": ("modell --by Bo --why wrong", 2),
    "runs list": ("", 0),
    "runs show": ("", 2),
    "score": ("", 2),
    "serve": ("", 2),
    "survey check": ("", 2),
    "survey frame": ("staff.csv", 2),
    "survey letters": ("", 2),
    "survey new": ("lillby --period 2026", 2),
    "survey page": ("", 2),
    "survey plan": ("--invite 10 --change 3", 2),
    "survey sample": ("--seed 7", 2),
    "train build": ("", 2),
    "train effect": ("before.csv after.csv", 2),
    "train kit": ("--language xx", 2),
    "train material": ("--week 9", 2),
}


def walk_commands(
    command: TyperCommand | TyperGroup, name: str = ""
) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Every command that does something, with its name as a user gives it."""
    if isinstance(command, TyperGroup):
        if name and command.invoke_without_command:
            yield name, command
        for part, below in command.commands.items():
            yield from walk_commands(below, f"{name} {part}".strip())
    else:
        yield name, command


COMMANDS = dict(walk_commands(typer.main.get_command(app)))


def options_of(command: TyperCommand | TyperGroup) -> list[str]:
    return [word for option in command.params for word in option.opts if word.startswith("--")]


def named_in_readme() -> set[str]:
    """The commands in the first column of the README's table; `list` after `initiatives add FILE` is in the same group."""
    names = set()
    for cell in re.findall(r"^\| (`dimios .*?) \|", README.read_text(encoding="utf-8"), re.MULTILINE):
        first, *others = re.findall(r"`(.*?)`", cell)
        words = re.findall(r"^[a-z-]+(?: [a-z-]+)*", first.removeprefix("dimios "))[0]
        names.add(words)
        names |= {f"{words.split(' ')[0]} {other.split(' ')[0]}" for other in others if other[0] != "-"}
    return names


@pytest.fixture
def dimios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process, in an empty folder; returns its exit code, and what it said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIMIOS_OUTPUTS", str(tmp_path / "outputs"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dimios", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), *capsys.readouterr()

    return run


def test_every_command_has_a_row_here_and_in_the_readme() -> None:
    assert set(WHERE_NOTHING_IS) == set(COMMANDS)
    assert named_in_readme() == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_its_help_tells_what_it_does_and_every_option(dimios, name: str) -> None:
    code, told, _ = dimios(*name.split(), "--help")
    assert code == 0
    command = COMMANDS[name]
    assert command.help is not None and command.help.splitlines()[0] in " ".join(told.split())
    for option in command.params:
        assert getattr(option, "help", None), f"{option.name} is not explained"
    for word in options_of(command):
        assert word in told


@pytest.mark.parametrize("name", COMMANDS)
def test_it_takes_an_outputs_folder_unless_it_needs_none(name: str) -> None:
    needs_none = name.split()[0] in ("init", "instrument") or name == "mapping schema"
    assert ("--outputs" in options_of(COMMANDS[name])) is not needs_none


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_no_option_ends_with_2_and_a_message(dimios, name: str) -> None:
    code, _, said = dimios(*name.split(), "--no-such-option")
    assert code == 2
    assert "--no-such-option" in said and "Traceback" not in said


@pytest.mark.parametrize("name", WHERE_NOTHING_IS)
def test_where_nothing_is_yet_it_ends_as_told_and_makes_nothing(dimios, tmp_path: Path, name: str) -> None:
    given, expected = WHERE_NOTHING_IS[name]
    code, told, said = dimios(*name.split(), *given.split())
    assert code == expected, said
    assert told or said
    assert "Traceback" not in said
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"]


@pytest.mark.usefixtures("heavy")
def test_the_console_script_tells_its_version() -> None:
    out = subprocess.run([sys.executable, "-m", "dimios_core", "--version"], capture_output=True, text=True)
    assert out.returncode == 0
    assert out.stdout.strip() == f"dimios {__version__}"


@pytest.mark.usefixtures("heavy")
@pytest.mark.parametrize("room", ("page", "runner", "export", "serve"))
def test_what_reads_notebooks_builds_no_grammar_of_addresses(room: str) -> None:
    modules = [path.stem for path in (ROOMS / room).glob("[a-z]*.py")]
    imports = "".join(f"import dimios_core.{room}.{module}\n" for module in modules)
    told = f"{imports}import sys\nprint('nbformat' in sys.modules, 'rfc3987_syntax' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert out.stdout == "True False\n", out.stderr


def test_who_and_why_are_asked_for_at_once(dimios):
    code, out, err = dimios("research", "withdraw", "modell")
    assert code == 2 and "who you are" in out + err and "why, in a sentence" in out + err
