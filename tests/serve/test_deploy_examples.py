"""What docs/deploy.md tells, held against the program: options, variables, risks, and the files beside it."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from dimios_core.access.keys import FILE_VARIABLE, VARIABLE
from dimios_core.cli import app
from dimios_core.places import outputs_dir, project_root
from dimios_core.serve.safety import Risk, _find
from dimios_core.serve.stored import LIVE_PREFIX

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "deploy"
GUIDE = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
EXAMPLES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
#: read by other rooms than the command line
ELSEWHERE = {VARIABLE, FILE_VARIABLE, "DIMIOS_OUTPUTS", "DIMIOS_PROJECT"}


def find_command(*names: str) -> Any:
    """Return a command of the command line."""
    command: Any = typer.main.get_command(app)
    for name in names:
        command = command.commands[name]
    return command


def options_of(command: Any) -> set[str]:
    """Return the options that a command takes, in all their forms."""
    return {name for p in command.params for name in (*p.opts, *p.secondary_opts)}


def test_every_variable_is_one_that_the_program_reads():
    told = set(re.findall(r"DIMIOS_[A-Z_]+", GUIDE + "".join(EXAMPLES.values())))
    commands = find_command("serve"), find_command("collect", "serve")
    serve = {p.envvar for command in commands for p in command.params if p.envvar}
    assert told <= serve | ELSEWHERE
    assert serve | ELSEWHERE <= told  # and none is left out


def test_variables_of_places_are_read(monkeypatch, tmp_path):
    monkeypatch.setenv("DIMIOS_OUTPUTS", str(tmp_path / "o"))
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path / "p"))
    assert (outputs_dir(), project_root()) == (tmp_path / "o", tmp_path / "p")


@pytest.mark.parametrize(
    "line", re.findall(r"\bdimios(?:-web|-collect)? ((?:serve|link|collect) [-a-z][^`\n]*)", GUIDE)
)
def test_every_command_of_the_guide_takes_its_options(line):
    words = shlex.split(line, comments=True)
    names = words[:1] if words[0] == "serve" else words[:2]
    used = {word for word in words if word.startswith("-")}
    assert used <= options_of(find_command(*names)), line


def test_options_of_the_table_are_those_of_serve():
    named = {o for cell in re.findall(r"\| (`--[^|]*`) \|", GUIDE) for o in re.findall(r"--[a-z-]+", cell)}
    assert named
    assert named <= options_of(find_command("serve")) | options_of(find_command("collect", "serve"))


def test_the_table_of_risks_is_whole():
    source = Path(_find.__code__.co_filename).read_text(encoding="utf-8")
    known = set(re.findall(rf'{Risk.__name__}\(\s*"([a-z-]+)"', source))
    table = GUIDE.partition("| risk | why | remedy |")[2].partition("\n\n")[0]
    assert known
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == known


def test_the_unit_runs_a_command_that_there_is():
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",))
    unit.optionxform = str
    unit.read_string(EXAMPLES["dimios-serve.service"])
    service = unit["Service"]
    for key in ("ExecStartPre", "ExecStart"):
        program, command, *options = service[key].split()
        assert program.endswith("/bin/dimios")
        assert set(options) <= options_of(find_command(command))
    settings = dict(line.split("=", 1) for line in EXAMPLES["serve.env"].splitlines() if line[0] != "#")
    assert service["ReadWritePaths"] == settings["DIMIOS_ACCESS"]
    assert settings["DIMIOS_OUTPUTS"].startswith(service["ReadOnlyPaths"])
    assert service["EnvironmentFile"] in EXAMPLES["dimios-web"]
    assert service["User"] != "root"


def test_the_form_has_a_process_a_user_and_folders_of_its_own():
    units = {}
    for name in ("dimios-serve", "dimios-collect"):
        units[name] = configparser.RawConfigParser(strict=False, delimiters=("=",))
        units[name].optionxform = str
        units[name].read_string(EXAMPLES[f"{name}.service"])
    serve, collect = (units[name]["Service"] for name in ("dimios-serve", "dimios-collect"))
    program, *command = collect["ExecStart"].split()
    assert program.endswith("/bin/dimios") and find_command(*command) is not None
    assert collect["User"] != serve["User"] and collect["ReadWritePaths"] != serve["ReadWritePaths"]
    hidden = collect["InaccessiblePaths"].replace("-", "", 1).replace(" -", " ").split()
    assert serve["ReadOnlyPaths"] in hidden
    assert any(serve["ReadWritePaths"].startswith(folder) for folder in hidden)
    settings = dict(line.split("=", 1) for line in EXAMPLES["collect.env"].splitlines() if line[0] != "#")
    for name in ("DIMIOS_BUNDLES", "DIMIOS_COLLECT_KEYS"):
        assert settings[name].startswith(f"{collect['ReadWritePaths']}/")
    assert collect["EnvironmentFile"] in EXAMPLES["dimios-collect"]
    assert settings["DIMIOS_COLLECT_PORT"] in EXAMPLES["nginx-collect.conf"]
    assert settings["DIMIOS_COLLECT_PORT"] in EXAMPLES["Caddyfile-collect"]


def test_proxies_of_the_form_log_nothing():
    servers = EXAMPLES["nginx-collect.conf"].split("server {")[1:]
    assert len(servers) == 2
    for server in servers:
        assert "access_log off;" in server and "error_log /dev/null;" in server
    assert "exclude http.log http.handlers" in EXAMPLES["Caddyfile-collect"]


def test_the_image_is_made_of_files_that_there_are():
    lines = EXAMPLES["Containerfile"].splitlines()
    copies = [line.split() for line in lines if line.startswith("COPY ") and "--from" not in line]
    copied = [name for words in copies for name in words[1:-1]]
    assert copied
    for name in copied:
        assert (PROJECT / name).exists(), name
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert not users[-1].startswith(("0", "root"))


def test_nginx_does_what_pages_need():
    blocks = dict(re.findall(r"location (\S+) \{(.*?)\n    \}", EXAMPLES["nginx.conf"], re.DOTALL))
    assert "proxy_buffering off;" in blocks[LIVE_PREFIX]
    assert "proxy_read_timeout" in blocks[LIVE_PREFIX]
    assert {"access_log off;", "error_log /dev/null;"} <= {
        line.strip() for line in blocks["/l/"].splitlines()
    }
    # a location with a header of its own would inherit none of the server's
    assert not any("proxy_set_header" in block for block in blocks.values())
    server = EXAMPLES["nginx.conf"].rpartition("server {")[2]
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "Upgrade $http_upgrade",
                   "Connection $connection_upgrade", 'X-Forwarded-Email ""'):  # fmt: skip
        assert f"proxy_set_header {header};" in server
    login = EXAMPLES["nginx-login.conf"]
    assert (
        'proxy_set_header X-Forwarded-Email "";' in login.partition("\n\n")[0]
    )  # the line it takes the place of
    assert "\nproxy_set_header X-Forwarded-Email $reader;" in login


def test_the_guide_names_every_file_beside_it():
    for name in EXAMPLES:
        assert f"deploy/{name}" in GUIDE
    for name in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", GUIDE):
        assert (PROJECT / "docs" / name).exists(), name
