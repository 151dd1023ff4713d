"""Controls choose among published figures: what they show is what results/ holds for the choice."""

from __future__ import annotations

import re

import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances

from dimios_core.report.display import LivePiece, render_controls
from dimios_core.report.widgets import WIDGET_MIME, Control, close_live, make_live


def live_of(piece):
    return make_live(piece.heading, piece.controls, piece.render, piece.wrap, piece.render_first())


def controls_of(live) -> dict[str, ipywidgets.Dropdown]:
    return {c.description: c for c in live.children[1].children}


def test_another_peer_group_shows_its_own_published_means(open_demo):
    report = open_demo("typical", "sv")
    live = live_of(report.categories())
    content, control = live.children[2], controls_of(live)["Jämför med"]
    gaps = report.results.gaps
    for _, group in control.options:
        control.value = group
        rows = gaps[(gaps["period"] == "2026") & (gaps["group"] == group) & (gaps["level"] == "category")]
        for value in rows["benchmark"]:
            assert f"{value:.1f}".replace(".", ",") in content.value


def test_an_earlier_period_shows_its_own_published_scores(open_demo):
    report = open_demo("typical", "sv")
    live = live_of(report.points())
    content, control = live.children[2], controls_of(live)["Mätning"]
    assert [value for _, value in control.options] == ["2026", "2025", "2024", "2023"]
    control.value = "2024"
    scores = report.results.scores
    rows = scores[
        (scores["period"] == "2024")
        & (scores["unit"] == "*")
        & (scores["role"] == "*")
        & (scores["level"] == "point")
    ]
    for score in rows["score"].dropna():
        assert f"{score:.1f}".replace(".", ",") in content.value


def test_the_level_of_the_lines_can_be_chosen(open_demo):
    report = open_demo("typical", "en")
    live = live_of(report.changes())
    content, control = live.children[2], controls_of(live)["Show"]
    assert "Balancing" not in content.value
    control.value = "category"
    assert "Balancing" in content.value


def test_a_newcomer_has_no_period_to_choose(open_demo):
    live = live_of(open_demo("newcomer", "sv").categories())
    assert "Mätning" not in controls_of(live)


def test_a_control_with_one_option_is_left_out():
    control = Control("a", "A", (("only", "only"),), "only")
    live = make_live("<h2>h</h2>", (control,), lambda a: a, lambda html: html, "only")
    assert live.children[1].children == ()
    assert live.children[2].value == "only"


@pytest.mark.parametrize("section", ["categories", "points", "changes"])
def test_a_page_has_the_same_content_and_the_same_controls_hidden(open_demo, section):
    piece = getattr(open_demo("typical", "sv"), section)()
    live = live_of(piece)
    inner = (
        live.children[2].value.removeprefix('<section class="dimios" lang="sv">').removesuffix("</section>")
    )
    assert f'<div class="chosen">{inner}</div></div></section>' in piece.html
    assert piece.html.startswith(f'<section class="dimios" lang="sv"><div class="live">{piece.heading}')
    hidden = re.search(r'<div class="controls" hidden>(.*?)</div>', piece.html)
    assert hidden is not None
    told = [
        (label, re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', options))
        for label, options in re.findall(
            r'<label>([^<]*) <select name="\w+" autocomplete="off">(.*?)</select></label>', hidden[1]
        )
    ]
    assert told == [
        (
            name,
            [(value, " selected" * (value == box.value), label) for label, value in box.options],
        )
        for name, box in controls_of(live).items()
    ]


def test_controls_of_a_page_are_escaped_and_those_without_a_choice_left_out():
    two = Control("a", "A < B", (("R&D", "r"), ("<b>", "b")), "b")
    one = Control("c", "C", (("only", "only"),), "only")
    assert render_controls((two, one)) == (
        '<div class="controls" hidden><label>A &lt; B <select name="a" autocomplete="off">'
        '<option value="r">R&amp;D</option><option value="b" selected>&lt;b&gt;</option></select></label></div>'
    )
    piece = LivePiece(
        "<h2>h</h2>", (one,), lambda c: f"<p>{c}</p>", lambda html: f"<section>{html}</section>"
    )
    assert piece.html == "<section><h2>h</h2><p>only</p></section>"


def test_a_piece_is_shown_live_or_as_it_stands_on_a_page(open_demo, monkeypatch):
    piece = open_demo("typical", "sv").categories()
    live = piece._repr_mimebundle_()
    assert set(live) == {"text/html", "text/plain", WIDGET_MIME}
    widget = _instances[live[WIDGET_MIME]["model_id"]]
    assert list(controls_of(widget)) == ["Jämför med", "Mätning"]
    monkeypatch.setattr(LivePiece, "shows_controls", False)
    assert piece._repr_mimebundle_() == {k: v for k, v in live.items() if k != WIDGET_MIME}
    assert live["text/html"] == piece.html


def test_behind_a_stored_page_nothing_is_drawn_before_a_choice(open_demo, monkeypatch):
    monkeypatch.setattr(LivePiece, "draws_first", False)
    piece = open_demo("typical", "sv").categories()
    drawn = []
    monkeypatch.setattr(LivePiece, "render_first", drawn.append)
    live = _instances[piece._repr_mimebundle_()[WIDGET_MIME]["model_id"]]
    assert drawn == []
    content = live.children[-1]
    assert "<svg" not in content.value
    controls_of(live)["Mätning"].index = 1
    assert "<svg" in content.value


def test_pieces_of_a_page_look_alike_and_share_the_models_of_it(open_demo):
    def count_looks(piece) -> int:
        before = set(_instances)
        piece._repr_mimebundle_()
        made = [_instances[key] for key in set(_instances) - before]
        return sum(isinstance(w, (ipywidgets.Layout, ipywidgets.Style)) for w in made)

    report = open_demo("typical", "sv")
    assert [count_looks(p) for p in (report.categories(), report.points(), report.changes())] == [5, 0, 0]
    assert count_looks(open_demo("typical", "sv").categories()) == 5


def test_a_control_is_as_wide_as_its_words_and_carries_the_class_of_its_style(open_demo):
    live = live_of(open_demo("typical", "sv").categories())
    assert live.children[1].layout.flex_flow == "row wrap"
    for box in controls_of(live).values():
        assert (box.layout.width, box.style.description_width) == ("auto", "initial")
        assert box._dom_classes == ("dimios-control",)


def test_closing_a_live_piece_leaves_no_widget(open_demo):
    before = set(_instances)
    live = live_of(open_demo("typical", "sv").categories())
    assert len(set(_instances) - before) > len(live.children)
    close_live(live)
    assert set(_instances) == before
