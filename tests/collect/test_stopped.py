"""Commands that are stopped where they stand, and two of them at once: the next one goes on, and what is not known is told."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dimios_core import Project
from dimios_core.collect import box
from dimios_core.collect.bundle import make_bundle
from dimios_core.collect.opening import open_box
from dimios_core.collect.tokens import make_token
from dimios_core.errors import InputError
from dimios_core.project import opening_surveys
from tests.collect.asking import NOON, SECRET, SURVEY, Browser, Site, answer_all, ask, make_form, make_site_of
from tests.collect.planning import plan_survey

ADDRESS = "https://svar.example.se"


class Stopped(BaseException):
    """Stands for a process that ends here."""


def stop(*_: object, **__: object) -> None:
    raise Stopped


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "pseudonym.key"))
    plan_survey(tmp_path / "outputs", 12, "anonymous")
    return Project(tmp_path / "outputs", progress=None)


@pytest.mark.parametrize("where", ["freeze", "write_whole", "make_key", "make_bundle"])
def test_opening_goes_on_where_it_was_stopped_with_the_same_links(project, tmp_path, monkeypatch, where):
    collecting = project.collecting(keys=tmp_path / "keys")
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(opening_surveys, where, stop)
        collecting.open("lindby", "2026", address=ADDRESS)
    links = project.outputs / "surveys" / "lindby" / "2026" / "links.csv"
    before = links.read_bytes() if links.exists() else None
    opened = collecting.open("lindby", "2026", address=ADDRESS)
    assert before in (None, links.read_bytes())
    made = open_box(opened.bundle, tmp_path / "keys")
    assert made.database.execute("SELECT count(*) FROM people").fetchone() == (12,)
    made.stop()


def test_opening_goes_on_where_it_was_stopped_at_the_last_rename(project, tmp_path, monkeypatch):
    """An empty folder would be taken for a survey that is open, and nobody could open it any more."""
    collecting = project.collecting(keys=tmp_path / "keys")
    rename = Path.rename

    def stop_before_folders(path: Path, to: Path) -> Path:
        return stop() if path.is_dir() else rename(path, to)

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(Path, "rename", stop_before_folders)
        patched.setattr(Path, "replace", stop_before_folders)
        collecting.open("lindby", "2026", address=ADDRESS)
    assert collecting.open("lindby", "2026", address=ADDRESS).bundle.is_dir()


def test_a_bundle_takes_nobodys_place(tmp_path):
    make_site_of(tmp_path, 1).stop()
    with pytest.raises(InputError, match="something already"):
        make_bundle(tmp_path / "bundles" / SURVEY, make_form(), [ask(1)])
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="something already"):
        make_bundle(tmp_path / "file", make_form(), [ask(1)])
    assert [path.name for path in (tmp_path / "bundles").iterdir()] == [SURVEY]


def test_of_two_who_open_at_once_one_is_told_so(project, tmp_path):
    def try_opening(_: int) -> str:
        try:
            return project.collecting(keys=tmp_path / "keys").open("lindby", "2026", address=ADDRESS).mode
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor(2) as threads:
        told = sorted(threads.map(try_opening, range(2)))
    assert sum(t == "anonymous" for t in told) == 1


def submit_all(site: Site, people: int) -> None:
    kept = site.boxes[SURVEY]
    for number in range(people):
        token = make_token(SECRET, SURVEY, str(number))
        assert kept.save(kept.find_link(token), NOON, answers={"a": 3.0})
        assert kept.submit(kept.find_link(token), NOON)


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
@pytest.mark.parametrize("where", ["write_meta", "_forget", "compact"])
def test_closing_goes_on_where_it_was_stopped(tmp_path, monkeypatch, mode, where):
    site = make_site_of(tmp_path, 6, mode)
    submit_all(site, 6)
    site.stop()
    kept = open_box(tmp_path / "bundles" / SURVEY, tmp_path / "keys")
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        owner = box if where != "_forget" else type(kept)
        patched.setattr(owner, where, stop)
        kept.close(NOON, early=True)
    kept.stop()
    kept = open_box(tmp_path / "bundles" / SURVEY, tmp_path / "keys")
    closed = kept.close(NOON, early=True)
    assert (closed.invited_n, closed.submitted_n) == (6, 6)
    assert kept.database.execute("SELECT count(*) FROM answers").fetchone() == (6,)
    assert not (tmp_path / "keys").is_dir() or not list((tmp_path / "keys").iterdir())
    kept.stop()


def test_two_who_close_at_once_seal_once(tmp_path):
    site = make_site_of(tmp_path, 6)
    submit_all(site, 6)
    site.stop()

    def close(_: int):
        kept = open_box(tmp_path / "bundles" / SURVEY, tmp_path)
        try:
            return kept.close(NOON, early=True)
        finally:
            kept.stop()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(close, range(2))
    assert first == second and first.submitted_n == 6


def test_a_log_that_cannot_be_emptied_is_told(tmp_path, monkeypatch):
    """Somebody reads all the while: what was deleted could still be read, and nobody is told that it could not."""
    site = make_site_of(tmp_path, 2)
    submit_all(site, 2)
    path = tmp_path / "bundles" / SURVEY / "answers.sqlite"
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN").execute("SELECT count(*) FROM drafts").fetchone()
    site.boxes[SURVEY].database.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(InputError, match="may still stand"):
        site.boxes[SURVEY].close(NOON, early=True)
    reader.close()
    assert site.boxes[SURVEY].close(NOON, early=True).submitted_n == 2
    site.stop()


def test_a_running_server_sees_that_another_process_has_closed(tmp_path):
    site = make_site_of(tmp_path, 6)
    browser = Browser(site)
    page = answer_all(browser, 1)
    other = open_box(tmp_path / "bundles" / SURVEY, tmp_path)
    other.close(NOON, early=True)
    other.stop()
    told = browser.press(page)
    assert told.status == 403 and told.heading == "Enkäten är stängd"
    site.stop()


def test_a_running_server_keeps_no_key_of_a_survey_that_another_process_has_closed(tmp_path):
    site = make_site_of(tmp_path, 6, "anonymous")
    browser = Browser(site)
    page = answer_all(browser, 1)
    other = open_box(tmp_path / "bundles" / SURVEY, tmp_path / "keys")
    other.close(NOON, early=True)
    other.stop()
    assert browser.press(page).status == 403
    assert site.boxes[SURVEY]._cipher is None
    site.stop()


def test_what_sqlite_lays_aside_is_written_to_no_other_folder(tmp_path):
    site = make_site_of(tmp_path, 6)
    in_memory = 2
    assert site.boxes[SURVEY].database.execute("PRAGMA temp_store").fetchone() == (in_memory,)
    site.stop()


def test_a_lost_key_is_told_before_anybody_is_asked(tmp_path):
    site = make_site_of(tmp_path, 6, "anonymous")
    site.stop()
    (tmp_path / "keys" / f"{SURVEY}.key").unlink()
    with pytest.raises(InputError, match="key is not here"):
        open_box(tmp_path / "bundles" / SURVEY, tmp_path / "keys")
