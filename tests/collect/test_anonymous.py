"""The anonymous mode against somebody who holds the status page, the sealed file byte by byte with its log, every backup
of the bundle, and the proxy's log: nobody's answers are found."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dimios_core import Project
from dimios_core.collect.anonymous import LOT, AnonymousBox, Kind, gather_lots
from dimios_core.collect.box import Person
from dimios_core.collect.keys import make_key
from dimios_core.collect.opening import open_box
from dimios_core.collect.tokens import hash_secret, make_token
from dimios_core.errors import InputError
from tests.collect.asking import SECRET, SURVEY, Browser, Site, answer_all, ask, fill_in, make_site_of
from tests.collect.planning import plan_survey

WORD = "hemligtord"
#: people of kinds: 13 and 7 come to lots of their own; 3 and 2 of a unit are five; 2 and 1 have nobody of theirs, and join those
GROUPS = {
    ("care", "r1"): 13,
    ("care", "r2"): 7,
    ("school", "r1"): 3,
    ("school", "r2"): 2,
    ("roads", "r3"): 2,
    ("parks", "r4"): 1,
}
WHO = [kind for kind, n in GROUPS.items() for _ in range(n)]


@pytest.fixture
def site(tmp_path):
    made = make_site_of(tmp_path, len(WHO), "anonymous", ask_who=lambda n: ask(n, *WHO[n]))
    yield made
    made.stop()


def find(box, number: int) -> Person:
    person = box.find_link(make_token(SECRET, SURVEY, str(number)))
    assert person is not None
    return person


def submit(site: Site, number: int, value: float = 3.0) -> None:
    box = site.boxes[SURVEY]
    assert box.save(find(box, number), site.now, answers={"a": value, "b": float(number)})
    assert box.submit(find(box, number), site.now)


def all_bytes(folder) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def read_answers(folder) -> dict[bytes, tuple]:
    with sqlite3.connect(folder / "answers.sqlite") as database:
        rows = database.execute("SELECT id, unit, role, stratum, weight, content FROM answers").fetchall()
    database.close()
    return {row[0]: row[1:] for row in rows}


def test_drafts_and_what_waits_can_be_read_by_nobody_without_the_key(site, tmp_path):
    browser = Browser(site)
    page = browser.press(browser.press(browser.begin(0), q_a="1"), q_c="1")
    told = {"title": WORD, "what": WORD, "point": "p1", "kind": "process", "start": "2026-03"}
    page = browser.press(page, **told)
    bundle = tmp_path / "bundles"
    assert WORD in browser.get(f"/{SURVEY}/forslag").body
    assert WORD.encode() not in all_bytes(bundle)
    assert browser.press(page).heading == "Tack för dina svar!"
    assert WORD.encode() not in all_bytes(bundle) and b'"answers"' not in all_bytes(bundle)


def test_a_draft_and_a_buffer_have_one_size_whatever_is_in_them(site):
    box = site.boxes[SURVEY]
    sizes = set()
    for number, answers in ((0, {"a": 1.0}), (1, {"a": 1.0, "b": 2.0, "c": "dont_know"})):
        box.save(find(box, number), site.now, answers=answers)
    long_text = {
        "title": "😀" * 150,
        "what": "😀" * 600,
        "point": "p1",
        "kind": "process",
        "start": "2026-03",
    }
    box.save(find(box, 2), site.now, answers={"a": 1.0}, initiative=long_text)
    for (content,) in box.database.execute("SELECT content FROM drafts"):
        sizes.add(len(content))
    assert len(sizes) == 1
    before = box.database.execute("SELECT content FROM buffers WHERE cell = 1").fetchone()[0]
    for number in range(3):
        box.submit(find(box, number), site.now)
    after = box.database.execute("SELECT content FROM buffers").fetchall()
    assert {len(c) for (c,) in after} == {len(before)}


def test_between_any_two_backups_at_least_five_of_a_kind_have_come(site, tmp_path):
    """Backups after every single answer: what is new in a later one, kind by kind, is nothing or a lot."""
    bundle, backups = tmp_path / "bundles" / SURVEY, []
    for number in range(len(WHO)):
        submit(site, number)
        backups.append(tmp_path / f"backup-{number}")
        shutil.copytree(bundle, backups[-1])
    site.boxes[SURVEY].close(site.now, early=True)
    seen = [read_answers(folder) for folder in (*backups, bundle)]
    for earlier, later in pairwise(seen):
        assert earlier.items() <= later.items()
    for first in range(len(seen)):
        for second in range(first + 1, len(seen)):
            new = [row[:4] for key, row in seen[second].items() if key not in seen[first]]
            assert all(n >= LOT for n in Counter(new).values())
    assert len(seen[-1]) == len(WHO)


def test_an_initiative_leaves_with_no_lot(tmp_path):
    """A backup would have it beside five people's answers, and its words may tell who wrote it; all leave at the end."""
    site = make_site_of(tmp_path, 40, "anonymous", ask_who=lambda n: ask(n, f"unit-{n // 10}"))
    box, bundle = site.boxes[SURVEY], tmp_path / "bundles"
    told = {"title": "T", "point": "p1", "kind": "process", "start": "2026-03"}
    for number in range(40):
        initiative = told | {"what": f"{WORD} {number}"} if number % 4 and number >= 10 else {}
        assert box.save(find(box, number), site.now, answers={"a": 1.0}, initiative=initiative)
        assert box.submit(find(box, number), site.now)
        assert WORD.encode() not in all_bytes(bundle)
    sizes = box.database.execute("SELECT length(content) FROM held").fetchall()
    assert len(sizes) == 4 and len(set(sizes)) == 1  # one of them of a unit where nobody told of any
    assert len(read_answers(bundle / SURVEY)) == 4 * LOT
    box.close(site.now, early=True)
    left = [json.loads(c)["what"] for (c,) in box.database.execute("SELECT content FROM initiatives")]
    assert sorted(left) == sorted(f"{WORD} {number}" for number in range(10, 40) if number % 4)
    assert box.database.execute("SELECT count(*) FROM held").fetchone() == (0,)
    site.stop()


def test_the_order_in_which_a_form_was_filled_in_is_kept_nowhere(site):
    box = site.boxes[SURVEY]
    for number in range(LOT):
        for item in ("c", "a", "b"):
            assert box.save(find(box, number), site.now, answers={item: 1.0})
        assert box.submit(find(box, number), site.now)
    box.close(site.now, early=True)
    rows = box.database.execute("SELECT DISTINCT content FROM answers").fetchall()
    assert [list(json.loads(content)) for (content,) in rows] == [["a", "b", "c"]]


def test_a_backup_does_not_open_once_the_survey_is_closed(site, tmp_path):
    submit(site, 0)
    backup = tmp_path / "backup"
    shutil.copytree(tmp_path / "bundles" / SURVEY, backup)
    open_box(backup, tmp_path / "keys").stop()  # until then it does
    site.boxes[SURVEY].close(site.now, early=True)
    assert not list((tmp_path / "keys").iterdir())
    with pytest.raises(InputError, match="key is not here"):
        open_box(backup, tmp_path / "keys")
    make_key(tmp_path / "keys", SURVEY, apart_from=())
    box = open_box(backup, tmp_path / "keys")
    with pytest.raises(InputError, match="not under this key"):
        box.close(site.now, early=True)
    box.stop()


def test_the_sealed_file_holds_nothing_but_answers_that_five_share(site, tmp_path):
    for number in range(len(WHO)):
        submit(site, number)
    box = site.boxes[SURVEY]
    box.close(site.now, early=True)
    kinds = Counter(row[:4] for row in read_answers(tmp_path / "bundles" / SURVEY).values())
    assert {kind[:2]: n for kind, n in kinds.items()} == {
        ("care", "r1"): 13,
        ("care", "r2"): 7,
        ("", "unknown"): 8,
    }
    assert all(n >= LOT for n in kinds.values())
    assert box.database.execute("SELECT pseudonym, begun, submitted FROM answers").fetchone() == (
        None,
        None,
        None,
    )
    for table in ("people", "links", "sessions", "drafts", "buffers", "held", "cells"):
        assert box.database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    held = all_bytes(tmp_path / "bundles" / SURVEY)
    for number in range(len(WHO)):
        assert hash_secret(make_token(SECRET, SURVEY, str(number))) not in held
    logs = [path for path in (tmp_path / "bundles" / SURVEY).iterdir() if path.name.endswith("-wal")]
    assert all(path.stat().st_size == 0 for path in logs)


def test_what_was_not_sent_in_is_nowhere_when_the_survey_is_closed(site, tmp_path):
    box = site.boxes[SURVEY]
    box.save(find(box, 0), site.now, answers={"a": 4.0})
    locked = box.database.execute("SELECT content FROM drafts").fetchone()[0][:64]
    assert locked in all_bytes(tmp_path / "bundles")
    box.close(site.now, early=True)
    assert locked not in all_bytes(tmp_path / "bundles")


def test_fewer_than_five_leave_with_nobody(site):
    for number in range(4):
        submit(site, number)
    closed = site.boxes[SURVEY].close(site.now, early=True)
    assert (closed.submitted_n, closed.left_out_n) == (4, 4)
    assert site.boxes[SURVEY].database.execute("SELECT count(*) FROM answers").fetchone() == (0,)


def test_what_was_sent_in_is_nobodys_any_more(site):
    browser = Browser(site)
    assert browser.press(answer_all(browser, 0)).heading == "Tack för dina svar!"
    assert f"svar-{SURVEY}" not in browser.cookies
    again = browser.open(0)
    assert again.status == 403 and "redan svarat" in again.body
    assert browser.get(f"/{SURVEY}/del/1").status == 403
    box = site.boxes[SURVEY]
    assert not box.save(find(box, 0), site.now, answers={"a": 5.0}) and not box.withdraw(
        find(box, 0), site.now
    )


def test_the_proxys_log_is_the_same_whatever_is_answered(site, monkeypatch):
    """Paths and sizes, of what is sent and of what comes back."""
    logs = []
    original = Site.ask

    def log(self, method, path, headers, body):
        answer = original(self, method, path, headers, body)
        logs[-1].append((method, path, len(body or ""), answer.status, len(answer.body)))
        return answer

    monkeypatch.setattr(Site, "ask", log)
    for number, chosen in ((0, ("1", "5", "x")), (1, ("x", "3", "2"))):
        logs.append([])
        browser = Browser(site)
        browser.press(answer_all(browser, number, *chosen))
    tokens = [make_token(SECRET, SURVEY, str(n)) for n in (0, 1)]
    for entries, token in zip(logs, tokens, strict=True):
        assert [e[1] for e in entries if token in e[1]] == [f"/{SURVEY}/l/{token}"]
    told = [
        [(m, p.replace(t, ""), *rest) for m, p, *rest in entries]
        for entries, t in zip(logs, tokens, strict=True)
    ]
    assert told[0] == told[1]


KINDS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["r1", "r2", "r3"]), st.just("s"), st.floats(1, 9)).map(lambda t: Kind(*t)),
    st.integers(0, 9),
    max_size=9,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(KINDS)
def test_lots_of_five_or_more_lose_nobody_and_keep_the_sum_of_weights(sizes):
    waiting = {kind: [{"of": (kind, n)} for n in range(size)] for kind, size in sizes.items()}
    lots, left_out_n = gather_lots(waiting)
    total = sum(sizes.values())
    assert left_out_n == (total if total < LOT else 0)
    assert all(len(people) >= LOT for _, people in lots)
    people = [json.dumps(p["of"]) for _, found in lots for p in found]
    assert len(people) == len(set(people)) == total - left_out_n
    if lots:
        weighed = sum(kind.weight * len(found) for kind, found in lots)
        assert weighed == pytest.approx(sum(kind.weight * size for kind, size in sizes.items()))
    for kind, found in lots:
        assert all(
            kind.unit in ("", p["of"][0].unit) and kind.role in ("unknown", p["of"][0].role) for p in found
        )


def test_a_key_may_not_lie_where_backups_take_it(tmp_path):
    with pytest.raises(InputError, match="beside what it locks"):
        make_key(tmp_path / "outputs" / "keys", SURVEY, apart_from=(tmp_path / "outputs",))


def test_the_line_in_the_anonymous_mode(tmp_path, monkeypatch):
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "pseudonym.key"))
    plan_survey(tmp_path / "outputs", 12, "anonymous")
    collecting = Project(tmp_path / "outputs", progress=None).collecting(keys=tmp_path / "keys")
    opened = collecting.open("lindby", "2026")
    assert isinstance(open_box(opened.bundle, tmp_path / "keys"), AnonymousBox)
    site = Site(opened.bundle, keys=tmp_path / "keys")
    box = site.boxes[SURVEY]
    item = next(iter(box.form.questions))
    for no, language, state in box.database.execute("SELECT no, language, state FROM people").fetchall():
        person = Person(no, language, state)
        assert box.save(person, site.now, answers={item: 2.0}) and box.submit(person, site.now)
    site.stop()
    assert collecting.close("lindby", "2026", early=True).submitted_n == 12
    taken = collecting.take_in("lindby", "2026")
    assert [(row["status"], row["respondents_n"]) for row in taken.rows()] == [("new", 12)]
    assert [row["status"] for row in collecting.take_in("lindby", "2026").rows()] == ["unchanged"]


def test_a_role_cannot_be_confirmed_where_nobodys_own_is_kept(tmp_path):
    plan_survey(tmp_path / "outputs", 12, "anonymous", more="confirm_role: true")
    with pytest.raises(InputError, match="that of the list"):
        Project(tmp_path / "outputs", progress=None).collecting(keys=tmp_path / "keys").open("lindby", "2026")


def test_a_form_filled_in_twice_is_sent_in_once(site):
    browser = Browser(site)
    page = answer_all(browser, 0)
    sent = fill_in(page)
    assert browser.follow(browser.post(*sent)).heading == "Tack för dina svar!"
    assert browser.post(*sent).status == 403
    box = site.boxes[SURVEY]
    assert len(box._read_buffer(1)) + len(box._read_buffer(2)) == 1
