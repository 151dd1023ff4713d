"""`dimios link` as somebody at the keyboard uses it."""

from __future__ import annotations

import csv
import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dimios_core.access.keys import load_keys
from dimios_core.access.links import LinkBook
from dimios_core.cli import app
from dimios_core.errors import InputError
from dimios_core.places import CONSORTIUM, access_dir

NAMES = {"lillby": "Lillby kommun", "alvsjo": "Älvsjö kommun", "region-norr": "Region Norr"}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIMIOS_ACCESS", "DIMIOS_ADDRESS", "DIMIOS_OUTPUTS", "DIMIOS_SECRET", "DIMIOS_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    for identifier, name in NAMES.items():
        folder = tmp_path / "outputs" / "results" / f"organisation={identifier}"
        folder.mkdir(parents=True)
        about = {"id": identifier, "name": name, "type": "municipality", "periods": ["2026"], "demo": False}
        (folder / "organisation.json").write_text(json.dumps(about), encoding="utf-8")
    return tmp_path / "outputs"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, ["link", *map(str, arguments)])
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return result


def problems_of(*arguments: object) -> list[tuple[str, str, str]]:
    result = CliRunner().invoke(app, ["link", *map(str, arguments)])
    assert isinstance(result.exception, InputError), result.output
    return [(p.place, p.what, p.remedy) for p in result.exception.problems]


def book_of(folder: Path) -> LinkBook:
    return LinkBook(folder, load_keys(folder, {}))


def test_create_prints_the_link_alone_and_says_the_rest_beside_it(outputs: Path) -> None:
    before = datetime.now(UTC)
    told = run("create", "--organisation", "lillby", "--reader", " Åsa Öberg ", "--outputs", outputs)
    found = re.fullmatch(r"http://127\.0\.0\.1:8866/l/(\S+)\n", told.stdout)
    assert found is not None
    link = book_of(outputs / "access").open_token(found[1])
    assert (link.reader, link.owner) == ("Åsa Öberg", "lillby")
    assert before <= link.expires - timedelta(days=60) <= datetime.now(UTC)
    assert f"Åsa Öberg reads lillby with it until {link.expires:%Y-%m-%d %H:%M} UTC." in told.stderr
    assert f"dimios link revoke {link.id}" in told.stderr and found[1] not in told.stderr


def test_folder_and_address_come_from_options_or_the_environment(
    outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = ["create", "--consortium", "--reader", "Bo", "--days", "1", "--outputs", outputs]
    told = run(*create, "--access", tmp_path / "here", "--address", "https://matning.example.se/")
    token = told.stdout.strip().removeprefix("https://matning.example.se/l/")
    link = book_of(tmp_path / "here").open_token(token)
    assert (link.owner, link.expires - link.created) == (CONSORTIUM, timedelta(days=1))
    assert "Bo reads consortium with it" in told.stderr
    monkeypatch.setenv("DIMIOS_ACCESS", str(tmp_path / "there"))
    monkeypatch.setenv("DIMIOS_ADDRESS", "https://other.example.se")
    told = run(*create)
    assert book_of(tmp_path / "there").open_token(
        told.stdout.strip().removeprefix("https://other.example.se/l/")
    )
    assert access_dir(outputs) == tmp_path / "there"
    assert not (outputs / "access").exists()


def test_links_are_signed_with_the_secret_that_the_server_is_given(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIMIOS_SECRET", "k" * 40)
    told = run("create", "--organisation", "lillby", "--reader", "Bo", "--outputs", outputs)
    book = LinkBook(outputs / "access", load_keys(outputs, {"DIMIOS_SECRET": "k" * 40}))
    assert book.open_token(told.stdout.strip().rpartition("/")[2]).reader == "Bo"
    assert not (outputs / "access" / "secret").exists()


def test_all_that_is_wrong_with_a_new_link_is_told_at_once(outputs: Path) -> None:
    wrong = ["--reader", "Å\nsa", "--organisation", "Alvsjö", "--address", "matning.example.se"]
    assert problems_of("create", *wrong, "--outputs", outputs) == [
        (
            "--address",
            "readers cannot open 'matning.example.se'",
            "give scheme and host alone, like https://matning.example.se",
        ),
        (
            "--reader",
            "this is no name of a reader",
            "write 1 to 100 letters, without line breaks and other control characters",
        ),
        (
            "--organisation Alvsjö",
            "there is no organisation 'Alvsjö' in the results",
            "did you mean alvsjo?",
        ),
    ]
    assert not (outputs / "access").exists()


@pytest.mark.parametrize("given", [[], ["--consortium", "--organisation", "lillby"]])
def test_a_link_is_for_one_organisation_or_for_all(outputs: Path, given: list[str]) -> None:
    ((place, _, remedy),) = problems_of("create", "--reader", "Bo", *given, "--outputs", outputs)
    assert (place, remedy) == ("--organisation, --consortium", "choose one of them")


@pytest.mark.parametrize(
    ("name", "is_fine"),
    [
        ("Å", True),
        ("x" * 100, True),
        ("Åsa\u00a0Öberg", True),
        ("x" * 101, False),
        ("  ", False),
        ("a\x1b[2J", False),
        ("a\u2028b", False),
        ("a\u202eb", False),
    ],
)
def test_names_of_readers(outputs: Path, name: str, is_fine: bool) -> None:
    arguments = ["create", "--consortium", "--reader", name, "--outputs", outputs]
    if is_fine:
        run(*arguments)
    else:
        assert [place for place, _, _ in problems_of(*arguments)] == ["--reader"]


@pytest.mark.parametrize(("days", "code"), [(0, 2), (1, 0), (730, 0), (731, 2)])
def test_a_link_holds_for_a_day_to_two_years(outputs: Path, days: int, code: int) -> None:
    arguments = ["link", "create", "--consortium", "--reader", "Bo", "--outputs", str(outputs)]
    assert CliRunner().invoke(app, [*arguments, "--days", str(days)]).exit_code == code


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.example",
        "https://",
        "https://x.example/reports",
        "https://x.example?a=b",
        "http://[::1",
        "//x.example",
    ],
)
def test_addresses_that_readers_cannot_open(outputs: Path, address: str) -> None:
    arguments = ["create", "--consortium", "--reader", "Bo", "--address", address, "--outputs", outputs]
    assert [place for place, _, _ in problems_of(*arguments)] == ["--address"]


def test_list_shows_links_that_hold_the_next_to_expire_first(outputs: Path) -> None:
    book = book_of(outputs / "access")
    now = datetime.now(UTC)
    late, _ = book.create("Late", CONSORTIUM, 90, now)
    gone, _ = book.create("Gone", "lillby", 30, now)
    book.revoke(gone.id)
    old, _ = book.create("Old", "lillby", 1, now - timedelta(days=2))
    soon, _ = book.create("Soon", "alvsjo", 10, now)
    header, *rows = run("list", "--outputs", outputs).stdout.splitlines()
    assert re.split("  +", header) == ["id", "reader", "whose", "created (UTC)", "expires (UTC)", "state"]
    today = f"{now:%Y-%m-%d %H:%M}"
    shown = [
        [soon.id, "Soon", "alvsjo", today, f"{now + timedelta(days=10):%Y-%m-%d %H:%M}", "valid"],
        [late.id, "Late", "consortium", today, f"{now + timedelta(days=90):%Y-%m-%d %H:%M}", "valid"],
    ]
    assert [re.split("  +", row) for row in rows] == shown
    everything = [row.split() for row in run("list", "--all", "--outputs", outputs).stdout.splitlines()[1:]]
    assert [(row[0], row[-1]) for row in everything] == [
        (soon.id, "valid"),
        (late.id, "valid"),
        (old.id, "expired"),
        (gone.id, "revoked"),
    ]


def test_list_of_nothing_makes_nothing(outputs: Path) -> None:
    told = run("list", "--outputs", outputs)
    assert told.stdout == "" and "There are no links" in told.stderr
    assert not (outputs / "access").exists()
    link, _ = book_of(outputs / "access").create("Bo", "lillby", 1)
    book_of(outputs / "access").revoke(link.id)
    assert "1 hold no more (--all lists them)" in run("list", "--outputs", outputs).stderr


def test_a_damaged_book_is_told_by_line(outputs: Path) -> None:
    book = book_of(outputs / "access")
    book.path.write_text("damaged\n")
    assert [place for place, _, _ in problems_of("list", "--outputs", outputs)] == [f"{book.path}, line 1"]


def test_revoke_closes_a_link_for_good(outputs: Path) -> None:
    book = book_of(outputs / "access")
    link, _ = book.create("Åsa", "lillby", 60)
    for _ in range(2):
        told = run("revoke", link.id, "--outputs", outputs)
        assert f"The link {link.id} of Åsa is revoked" in told.stderr
    found = book.find(link.id)
    assert found is not None and found.revoked is not None
    assert [what for _, what, _ in problems_of("revoke", "abcdefgh", "--outputs", outputs)] == [
        "there is no such link"
    ]


def test_revoke_where_there_are_no_links_makes_nothing(outputs: Path) -> None:
    assert [what for _, what, _ in problems_of("revoke", "abcdefgh", "--outputs", outputs)] == [
        "there are no links here"
    ]
    assert not (outputs / "access").exists()


def write_list(folder: Path, text: str) -> Path:
    path = folder / "readers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_create_many_writes_a_link_for_each_reader(outputs: Path, tmp_path: Path) -> None:
    path = write_list(
        tmp_path, 'reader;organisation\n"Öberg; Åsa";lillby\nBo;consortium\nBo;alvsjo\nBo Ek;lillby\n'
    )
    to = tmp_path / "links.csv"
    arguments = ["--days", 30, "--outputs", outputs, "--address", "https://matning.example.se"]
    told = run("create-many", path, "-o", to, *arguments)
    assert (
        told.stdout == ""
        and f"4 links, until {datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}" in told.stderr
    )
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    with to.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["reader", "organisation", "link", "expires"]
    assert [(row["reader"], row["organisation"]) for row in rows] == [
        ("Öberg; Åsa", "lillby"),
        ("Bo", "consortium"),
        ("Bo", "alvsjo"),
        ("Bo Ek", "lillby"),
    ]
    book = book_of(outputs / "access")
    for row, link in zip(rows, book.links(), strict=True):
        token = row["link"].removeprefix("https://matning.example.se/l/")
        assert book.open_token(token) == link
        assert (link.reader, f"{link.expires:%Y-%m-%d}") == (row["reader"], row["expires"])
    assert [link.owner for link in book.links()] == ["lillby", CONSORTIUM, "alvsjo", "lillby"]


def test_with_mail_a_text_begins_with_what_the_report_says_first(demo_outputs: Path, tmp_path: Path) -> None:
    from dimios_core.report import OurResult

    headline = OurResult.open("almvik", "2026", "sv", str(demo_outputs / "results")).messages.headline()
    at = ["--outputs", demo_outputs, "--access", tmp_path / "access", "--mail", "sv"]
    told = run("create", "--organisation", "almvik", "--reader", "Bo", *at).stdout.rstrip("\n")
    assert told.startswith(
        f"Digital mognad 2026, Almviks kommun. {headline} Hela rapporten: http://127.0.0.1:8866/l/"
    )
    path = write_list(tmp_path, "reader,organisation\nBo,almvik\nEva,consortium\n")
    run("create-many", path, "-o", tmp_path / "links.csv", *at[:-1], "en")
    with (tmp_path / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        own, everything = csv.DictReader(file)
    assert own["mail"].startswith("Digital maturity 2026, Almviks kommun. ") and own["link"] in own["mail"]
    assert everything["mail"].startswith(f"Digital maturity: all reports. {everything['link']} ")
    ((place, what, _),) = problems_of("create", "--consortium", "--reader", "Bo", *at[:-1], "de")
    assert (place, what) == ("--mail", "there are no texts in 'de'")


def test_all_that_is_wrong_with_many_links_is_told_at_once(outputs: Path, tmp_path: Path) -> None:
    text = "reader,organisation\nÅsa,lilby\n,lillby\nBo,lillby\nBo,lillby\nEva,\n"
    to = tmp_path / "links.csv"
    to.write_text("of last year")
    told = problems_of("create-many", write_list(tmp_path, text), "--to", to, "--outputs", outputs)
    path = tmp_path / "readers.csv"
    assert [(place, what) for place, what, _ in told] == [
        (str(to), "the file exists already"),
        (f"{path}, row 2, column organisation", "there is no organisation 'lilby' in the results"),
        (f"{path}, row 3, column reader", "this is no name of a reader"),
        (f"{path}, row 5", "the same reader stands here twice"),
        (f"{path}, row 6, column organisation", "there is no organisation '' in the results"),
    ]
    assert told[1][2] == "did you mean lillby?"
    assert to.read_text() == "of last year" and not (outputs / "access").exists()


def test_where_the_file_cannot_be_written_no_link_is_made(outputs: Path, tmp_path: Path) -> None:
    path = write_list(tmp_path, "reader,organisation\nÅsa,lillby\n")
    to = tmp_path / "nowhere" / "links.csv"
    assert [place for place, _, _ in problems_of("create-many", path, "-o", to, "--outputs", outputs)] == [
        str(to)
    ]
    assert book_of(outputs / "access").links() == []


def test_where_the_book_cannot_be_written_no_file_is_left(outputs: Path, tmp_path: Path) -> None:
    path = write_list(tmp_path, "reader,organisation\nÅsa,lillby\n")
    book = book_of(outputs / "access").path
    book.mkdir()
    told = problems_of("create-many", path, "-o", tmp_path / "links.csv", "--outputs", outputs)
    assert [place for place, _, _ in told] == [str(book)]
    assert not (tmp_path / "links.csv").exists()


def test_an_organisation_called_as_lists_call_all_of_them_is_never_taken_for_all(
    outputs: Path, tmp_path: Path
) -> None:
    folder = outputs / "results" / "organisation=consortium"
    folder.mkdir()
    about = {"id": "consortium", "name": "Consortium AB", "type": "other", "periods": ["2026"], "demo": False}
    (folder / "organisation.json").write_text(json.dumps(about), encoding="utf-8")
    file = tmp_path / "readers.csv"
    file.write_text("reader,organisation\nBo,consortium\n", encoding="utf-8")
    ((place, what, _),) = problems_of(
        "create-many", file, "--to", tmp_path / "links.csv", "--outputs", outputs
    )
    assert place == "the register" and "'consortium'" in what
    assert not (tmp_path / "links.csv").exists()
