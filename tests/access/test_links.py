"""Links hold until they expire or are revoked, and nothing else opens anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import stat
import string
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dimios_core.access.keys import Keys
from dimios_core.access.links import LinkBook, RefusedError
from dimios_core.access.readers import Reader
from dimios_core.errors import InputError
from dimios_core.places import CONSORTIUM

KEY, OTHER = "k" * 40, "o" * 40
KEYS = Keys((KEY,), "environment")
START = datetime(2026, 11, 23, 8, 0, 0, tzinfo=UTC)
END = datetime(2027, 1, 22, 8, 0, 0, tzinfo=UTC)  # sixty days later
SECOND = timedelta(seconds=1)


@pytest.fixture
def book(tmp_path: Path) -> LinkBook:
    return LinkBook(tmp_path / "access", KEYS)


def refusal(book: LinkBook, token: str, now: datetime = START) -> str:
    with pytest.raises(RefusedError) as raised:
        book.open_token(token, now)
    return raised.value.reason


def sign_by_hand(text: str, purpose: str, key: str) -> str:
    derived = hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()
    signature = hmac.new(derived, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_a_link_is_what_was_asked_for(book: LinkBook) -> None:
    link, token = book.create("Åsa Öberg", "lillby", 60, START)
    assert (link.reader, link.owner, link.created, link.expires, link.revoked) == (
        "Åsa Öberg",
        "lillby",
        START,
        END,
        None,
    )
    assert len(link.id) == 8
    assert set(link.id) <= set(string.ascii_lowercase + string.digits) - set("l1o0")
    assert (
        book.open_token(token, START)
        == link
        == book.find(link.id)
        == LinkBook(book.path.parent, KEYS).links()[0]
    )


def test_a_token_is_the_links_id_and_its_signature_alone(book: LinkBook) -> None:
    link, token = book.create("Åsa Öberg", "lillby", 60)
    assert token == sign_by_hand(link.id, "dimios link", KEY)


def test_links_of_one_reader_are_all_different(book: LinkBook) -> None:
    tokens = {book.create("Åsa", "lillby", 60)[1] for _ in range(50)}
    assert len(tokens) == 50
    assert [link.reader for link in book.links()] == ["Åsa"] * 50


def test_times_of_other_zones_are_kept_as_utc(book: LinkBook) -> None:
    stockholm = START.astimezone(timezone(timedelta(hours=1)))
    book.create("Åsa", "lillby", 60, stockholm)
    (link,) = LinkBook(book.path.parent, KEYS).links()
    assert (link.created, link.created.utcoffset()) == (START, timedelta(0))


def test_a_link_expires_at_the_second(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    session = book.sign_session(link, "device")
    assert book.open_token(token, END - SECOND) == link
    assert book.read_session(session, END - SECOND) is not None
    assert (refusal(book, token, END), book.read_session(session, END)) == ("expired", None)
    assert [link.state(now) for now in (END - SECOND, END)] == ["valid", "expired"]


def test_without_a_time_the_clock_decides(book: LinkBook) -> None:
    now = datetime.now(UTC)
    _, late = book.create("Åsa", "lillby", 1, now - timedelta(days=1, seconds=1))
    _, fresh = book.create("Åsa", "lillby", 1, now - timedelta(hours=23))
    assert book.open_token(fresh).reader == "Åsa"
    with pytest.raises(RefusedError, match="expired"):
        book.open_token(late)


def test_a_session_tells_the_reader_and_the_device(book: LinkBook) -> None:
    link, _ = book.create("Åsa", CONSORTIUM, 60, START)
    value = book.sign_session(link, "dev-i_ce.7")
    assert book.read_session(value, START) == Reader("Åsa", CONSORTIUM, link.id, "dev-i_ce.7")


def test_no_other_text_opens_a_link(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    session = book.sign_session(link, "device")
    letters = string.ascii_letters + string.digits + "-_.+/= !\n\x00å"
    for place in range(len(token)):
        for letter in letters.replace(token[place], ""):
            assert refusal(book, token[:place] + letter + token[place + 1 :]) == "forged"
    for place in range(len(session)):
        flipped = session[:place] + chr(ord(session[place]) ^ 1) + session[place + 1 :]
        assert book.read_session(flipped, START) is None
    for wrong in (
        "",
        ".",
        "..",
        link.id,
        f"{link.id}.",
        token + "=",
        token[:-1],
        token * 2,
        "\udc80",
        "å" * 999,
    ):
        assert refusal(book, wrong) == "forged"
        assert book.read_session(wrong, START) is None


def test_a_session_is_no_token_and_a_token_is_no_session(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    assert refusal(book, book.sign_session(link, "device")) == "forged"
    assert book.read_session(token, START) is None
    # an empty device's name leaves the same signed text up to the purpose
    assert book.read_session(sign_by_hand(f"{link.id}.", "dimios link", KEY), START) is None


def test_other_keys_sign_nothing_that_counts(book: LinkBook) -> None:
    link, _ = book.create("Åsa", "lillby", 60, START)
    other = LinkBook(book.path.parent, Keys((OTHER,), "environment"))
    assert refusal(book, other.token(link)) == "forged"
    assert book.read_session(other.sign_session(link, "device"), START) is None


def test_a_signed_id_that_the_book_does_not_know_opens_nothing(book: LinkBook, tmp_path: Path) -> None:
    link, token = LinkBook(tmp_path / "elsewhere", KEYS).create("Åsa", "lillby", 60, START)
    assert refusal(book, token) == "forged"
    assert book.read_session(book.sign_session(link, "device"), START) is None


def test_a_lost_book_lets_nobody_in(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    session = book.sign_session(link, "device")
    assert book.open_token(token, START) == link
    book.path.unlink()
    assert (refusal(book, token), book.read_session(session, START), book.links()) == ("forged", None, [])


def test_old_links_hold_while_their_key_is_listed(book: LinkBook) -> None:
    folder = book.path.parent
    link, token = book.create("Åsa", "lillby", 60, START)
    session = book.sign_session(link, "device")
    rotating = LinkBook(folder, Keys((OTHER, KEY), "environment"))
    assert rotating.open_token(token, START) == link
    assert rotating.read_session(session, START) is not None
    new_link, new_token = rotating.create("Bo", "lillby", 60, START)
    rotated = LinkBook(folder, Keys((OTHER,), "environment"))
    assert rotated.open_token(new_token, START) == new_link
    assert (refusal(rotated, token), rotated.read_session(session, START)) == ("forged", None)
    assert refusal(book, new_token) == "forged"


def test_a_revoked_link_is_refused_at_once_wherever_the_book_is_open(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    _, others = book.create("Bo", "lillby", 60, START)
    server = LinkBook(book.path.parent, KEYS)
    session = server.sign_session(link, "device")
    assert server.open_token(token, START) == link
    before = datetime.now(UTC)
    revoked = book.revoke(link.id)
    assert revoked.revoked is not None and before <= revoked.revoked <= datetime.now(UTC)
    assert (refusal(server, token), server.read_session(session, START)) == ("revoked", None)
    assert refusal(server, token, END) == "revoked"
    assert server.open_token(others, START).reader == "Bo"


def test_revoking_again_changes_nothing(book: LinkBook) -> None:
    link, _ = book.create("Åsa", "lillby", 60)
    first = book.revoke(link.id)
    content = book.path.read_bytes()
    assert LinkBook(book.path.parent, KEYS).revoke(link.id) == first
    assert book.path.read_bytes() == content


def test_an_unknown_link_cannot_be_revoked(book: LinkBook) -> None:
    with pytest.raises(InputError, match="there is no such link") as raised:
        book.revoke("abcdefgh")
    assert "dimios link list --all" in raised.value.problems[0].remedy
    assert not book.path.exists()


def test_the_book_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        book = LinkBook(tmp_path / "outputs" / "access", KEYS)
        book.create("Åsa", "lillby", 60)
    finally:
        os.umask(before)
    assert stat.S_IMODE(book.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600


def test_the_book_is_read_only_when_it_has_changed(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    assert book.open_token(token, START) == link
    seen = book.path.stat()
    book.path.write_bytes(b"#" * (seen.st_size - 1) + b"\n")
    os.utime(book.path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert book.open_token(token, START) == link
    os.utime(book.path)
    with pytest.raises(InputError):
        book.open_token(token, START)


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        "{}",
        '{"event": "created", "id": "aaaaaaaa"}',
        '{"event": "revoked", "id": "unknown1", "at": "2026-11-23T08:00:00+00:00"}',
        '{"event": "paused", "id": "aaaaaaaa"}',
        '{"event": "created", "id": "aaaaaaaa", "reader": 1, "owner": "lillby",'
        ' "created": "2026-11-23T08:00:00+00:00", "expires": "2027-11-23T08:00:00+00:00"}',
        '{"event": "created", "id": "aaaaaaaa", "reader": "Åsa", "owner": "lillby",'
        ' "created": "2026-11-23T08:00:00+00:00", "expires": "2027-11-23T08:00:00"}',
        '{"event": "created", "id": "aaaaaaaa", "reader": "Åsa", "owner": "lillby",'
        ' "created": "2026-11-23T08:00:00+00:00", "expires": 7}',
    ],
)
def test_a_damaged_line_lets_nobody_in_and_is_told(book: LinkBook, line: str) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    session = book.sign_session(link, "device")
    whole = book.path.read_text(encoding="utf-8")
    book.path.write_text(f"{whole}\n{line}\n", encoding="utf-8")
    for ask in (book.links, lambda: book.open_token(token, START), lambda: book.read_session(session, START)):
        with pytest.raises(InputError) as raised:
            ask()
        assert [p.place for p in raised.value.problems] == [f"{book.path}, line 3"]
        assert "backup" in raised.value.problems[0].remedy
    book.path.write_text(whole, encoding="utf-8")
    assert book.open_token(token, START) == link


def test_all_damaged_lines_are_told_at_once(book: LinkBook) -> None:
    book.create("Åsa", "lillby", 60)
    whole = book.path.read_text(encoding="utf-8")
    book.path.write_text(f"x\n{whole}y\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        book.links()
    assert [p.place for p in raised.value.problems] == [f"{book.path}, line 1", f"{book.path}, line 3"]


def test_a_copied_line_does_not_bring_a_revoked_link_back(book: LinkBook) -> None:
    link, token = book.create("Åsa", "lillby", 60, START)
    created = book.path.read_text(encoding="utf-8")
    book.revoke(link.id)
    with book.path.open("a", encoding="utf-8") as file:
        file.write(created)
    with pytest.raises(InputError, match="line 3"):
        book.open_token(token, START)


def test_a_book_that_cannot_be_read_or_written_is_told(book: LinkBook) -> None:
    book.path.mkdir(parents=True)
    with pytest.raises(InputError, match="cannot be read"):
        book.links()
    with pytest.raises(InputError, match="cannot be written"):
        book.create("Åsa", "lillby", 60)
