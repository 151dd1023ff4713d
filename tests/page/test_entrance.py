"""The list of reports as an entrance: how far each has come, for whom, folded by county; what failed, and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dimios_core.page.entrance import UNFOLDED_MAX, Entrance, build_entrance
from dimios_core.page.entrance_page import render_index
from dimios_core.page.index import OrganisationLabel, list_shelves
from dimios_core.page.state import FailedPage, Registered, State, read_state, write_state

EXPECTED = ("our_result", "improvements")
FAILED = FailedPage("whole", "2026", "sv", "improvements", 3, "ValueError: <b>no</b> figure")
STATE = State((FAILED,), (Registered("asked", "Frågade kommun", "municipality", "14"),))


def label(name: str, *periods: str, county: str = "14", rate: float | None = None) -> OrganisationLabel:
    rates = {} if rate is None else {periods[-1]: rate}
    return OrganisationLabel(name, False, "municipality", county, periods, rates)


LABELS = {
    "whole": label("Hel", "2025", "2026", rate=2 / 3),
    "half": label("Halvår", "2026-1"),
    "part": label("Del", "2026"),
    "none": label("Utan", "2026"),
    "late": label("Sen", "2025"),
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Whole reports of two organisations, a part of one, an old one, none of one."""
    places = [
        f"{p}/{o}/sv/{n}"
        for p, o in (("2026", "whole"), ("2026-1", "half"), ("2025", "late"))
        for n in EXPECTED
    ]
    for place in [*places, "2026/part/sv/our_result"]:
        path = tmp_path / f"{place}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def enter(
    reports: Path, labels: dict[str, OrganisationLabel], state: State | None, language: str = "sv"
) -> Entrance:
    return build_entrance(list_shelves(reports, labels, "/", EXPECTED), labels, language, state)


def test_the_consortium_is_told_how_far_each_has_come(reports):
    entrance = enter(reports, LABELS, State(waiting=STATE.waiting))
    assert {e.shelf.id: e.status for e in entrance.entries} == {
        "whole": "made", "half": "made", "part": "part", "none": "none", "late": "late", "asked": "late",
    }  # fmt: skip
    assert entrance.counts == (
        ("late", "utan svar från 2026", 2),
        ("none", "med svar men utan rapport", 1),
        ("part", "med ofullständig rapport", 1),
        ("made", "med hel rapport från 2026", 2),
    )
    page = render_index(entrance)
    assert "kommun · 2026 · 67\u00a0% har svarat" in page
    assert "inga svar från 2026 ännu" in page and "1 del saknas" in page


def test_what_failed_is_told_with_its_reason_and_what_to_do(reports):
    entrance = enter(reports, LABELS, STATE, "en")
    assert [e.status for e in entrance.entries if e.shelf.id == "whole"] == ["failed"]
    (failure,) = entrance.failures
    assert (failure.name, failure.page, failure.where) == (
        "Hel",
        "Suggestions for improvement",
        "2026, sv, cell 3",
    )
    assert "dimios report -o whole --period 2026" in failure.remedy
    page = render_index(entrance, language="en")
    assert "ValueError: &lt;b&gt;no&lt;/b&gt; figure" in page


def test_a_reader_of_one_organisation_is_told_nothing_of_how_far_others_have_come(reports):
    mine = {"whole": LABELS["whole"]}
    entrance = build_entrance(list_shelves(reports, mine, "/", EXPECTED, with_all=False), mine, "sv", None)
    page = render_index(entrance)
    assert [e.shelf.id for e in entrance.entries] == ["whole"]
    assert entrance.counts == entrance.failures == ()
    for word in ("Frågade", "ValueError", "saknas", "misslyckades", "Sen", "Utan"):
        assert word not in page


@pytest.mark.parametrize(("n", "folded"), [(UNFOLDED_MAX, False), (UNFOLDED_MAX + 1, True)])
def test_many_organisations_are_folded_by_county_in_the_order_of_the_alphabet(tmp_path, n, folded):
    counties = ("05", "14", "")  # Östergötland, Västra Götaland, none
    labels = {f"o{i}": label(f"Ort {i}", "2026", county=counties[i % 3]) for i in range(n)}
    for i in labels:
        (tmp_path / f"2026/{i}/sv").mkdir(parents=True)
        (tmp_path / f"2026/{i}/sv/our_result.html").touch()
    entrance = enter(tmp_path, labels, State())
    titles = [group.title for group in entrance.groups]
    assert titles == (["Västra Götalands län", "Östergötlands län", "Utan län"] if folded else [""])
    assert sorted(e.shelf.id for e in entrance.entries) == sorted(labels)
    assert render_index(entrance).count('<details class="group">') == len(titles) * folded


def test_a_state_keeps_what_was_not_tried_again_and_is_read_as_it_was_written(tmp_path):
    assert read_state(tmp_path) == State()
    (tmp_path / "state.json").write_text('{"failed": [{}]}', encoding="utf-8")
    assert read_state(tmp_path) == State()
    other = FailedPage("half", "2026-1", "sv", "our_result", None, "DiskFull: no space")
    state = STATE.after({other.place}, [other], STATE.waiting)
    assert [page.owner for page in state.failed] == ["whole", "half"]  # by period
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert state.after({FAILED.place}, [], ()) == State((other,))


def test_those_who_may_see_all_choose_whom_to_compare_among_those_that_share_by_name(reports):
    named = {i: replace(known, named=i in ("whole", "part")) for i, known in LABELS.items()}
    entrance = enter(reports, named, State())
    assert entrance.comparable == (("part", "Del"), ("whole", "Hel"))
    page = render_index(entrance)
    assert page.count('<option value="part">Del</option><option value="whole">Hel</option>') == 3
    assert "<h2>Jämför organisationer</h2>" in page
    assert enter(reports, named, None).comparable == ()  # a reader of one is told of others nothing
    alone = {"whole": named["whole"], "late": named["late"]}
    assert enter(reports, alone, State()).comparable == ()
