"""The audit of what readers get: figures and names planted in finished files are found, wherever they hide."""

from __future__ import annotations

import base64
import copy
import gzip
import io
import json
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dimios_core.audit.passages import Passage, read_html
from dimios_core.audit.reading import PublishedNumbers, audit_reports
from dimios_core.page.build import write_reads
from dimios_core.page.packed import pack
from dimios_core.published.reads import hash_read_file


def sv(value: float) -> str:
    return f"{value:.1f}".replace(".", ",").replace("-", "\u2212")


@pytest.fixture
def page(scored, tmp_path):
    """Write a notebook and its page, with something planted, and audit them."""
    results = scored / "results"
    files = ("stamp.json", "organisation=north/scores.parquet")
    reads = {name: hash_read_file(results, name) for name in files}
    scores = pd.read_parquet(results / "organisation=north" / "scores.parquet")
    whole = scores[(scores["unit"] == "*") & (scores["key"] == "alpha")].iloc[0]
    figure = {
        "data": [{"type": "scatter", "x": [float(whole["score"])], "y": [-0.25], "hovertext": ["alpha: " + sv(whole["score"])]}],
        "layout": {"xaxis": {"range": [0, 100]}, "yaxis": {"tickvals": []}, "margin": {"l": 12.5}},
    }  # fmt: skip
    notebook = {
        "metadata": {"papermill": {"version": "2.7.0"}},
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": [
            {
                "cell_type": "code",
                "source": "report.opening()",
                "metadata": {},
                "execution_count": 1,
                "outputs": [
                    {
                        "output_type": "display_data",
                        "metadata": {
                            "dimios": {"language": "sv", "reads": reads, "title": "t", "results_version": "r"}
                        },
                        "data": {
                            "text/html": f'<p style="width:33.3px">Ni ligger på {sv(whole["score"])}, '
                            f'{sv(whole["ci_low"])}\u2013{sv(whole["ci_high"])}.</p><svg width="10.7"><title>t</title></svg>',
                            "application/vnd.plotly.v1+json": figure,
                            "text/plain": "…",
                        },
                    }
                ],
            }
        ],
    }

    def audit(plant=None, suffix: str = ".ipynb", who: str = "north", extra: dict[str, bytes] | None = None):
        own = copy.deepcopy(notebook)
        folder = tmp_path / "reports" / "2026" / who / "sv"
        folder.mkdir(parents=True, exist_ok=True)
        output = own["cells"][0]["outputs"][0]
        if plant:
            plant(own, output)
        if suffix == ".ipynb":
            (folder / "our_result.ipynb").write_text(json.dumps(own), encoding="utf-8")
        else:
            made_of = write_reads(output["metadata"]["dimios"]["reads"])
            meta = f'<meta name="dimios-reads" content="{made_of}">'
            text = f"{meta}<main>{output['data']['text/html']}</main>"
            (folder / "our_result.html").write_text(text, encoding="utf-8")
        for name, content in (extra or {}).items():
            (folder / name).write_bytes(content)
        return audit_reports(tmp_path / "reports", results)

    return audit


def hidden_figure(scored: Path) -> float:
    """A suppressed unit's mean, as the restricted store has it, that stands in no table by chance."""
    estimates = pd.read_parquet(scored / "estimates" / "estimates.parquet")
    own = estimates[(estimates["organisation"] == "north") & (estimates["unit"] == "b")]
    folders = [scored / "results" / f for f in ("public", "organisation=north")]
    tables = [pd.read_parquet(p) for f in folders for p in f.glob("*.parquet")]
    published = PublishedNumbers(tables, {})
    return next(v for v in own["score"].round(1) if v % 1 and not published.hold(f"{v:.1f}"))


def test_an_honest_page_passes(page):
    read = page()
    assert read.findings == []
    assert (read.files_n, read.numbers_n) == (1, 5)  # three in the sentence, one in x, one in the hover text
    assert page(suffix=".html").findings == []


def html(text: str):
    def plant(_, output):
        output["data"]["text/html"] += text

    return plant


def figure(**keys):
    def plant(_, output):
        output["data"]["application/vnd.plotly.v1+json"]["data"].append(keys)

    return plant


def in_widget(notebook, value):
    state = {"m1": {"model_name": "HTMLModel", "state": {"value": f"<p>{value}</p>"}}}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}


def workbook(value) -> bytes:
    book = openpyxl.Workbook()
    book.active["B7"] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def two_forms(wide: dict, narrow: dict):
    """A chart's wide form, and what is otherwise in the narrow one, as pages carry them."""
    told = {"wide": {"data": [wide], "layout": {}}, "narrow": {"data": [narrow], "layout": {"width": 358}}}
    return html(f'<script type="application/json">{json.dumps(told)}</script>')


def packed(content):
    """What is packed into a page, as its figures are."""
    return html(f'<script type="application/gzip" id="figures">{pack(json.dumps(content).encode())}</script>')


PLACES = {
    "sentence": lambda s, v: html(f"<p>Enhet B har {s}.</p>"),
    "table": lambda s, v: html(f"<table><tr><td>{s}</td></tr></table>"),
    "alternative text": lambda s, v: html(f'<img alt="B: {s}">'),
    "label": lambda s, v: html(f'<g aria-label="B: {s} procent"></g>'),
    "title of a chart": lambda s, v: html(f"<svg><title>{s}</title></svg>"),
    "description of a chart": lambda s, v: html(f"<svg><desc>{s}</desc></svg>"),
    "data attribute": lambda s, v: html(f"<div data-score='{v}'></div>"),
    "identifier": lambda s, v: html(f'<p id="b {v}" class="quiet">B</p>'),
    "script": lambda s, v: html(f"<script>const b = {v}</script>"),
    "comment": lambda s, v: html(f"<!-- {s} -->"),
    "explored figure": lambda s, v: html(
        f'<script type="application/json">{json.dumps({"data": [{"y": [v]}], "layout": {}})}</script>'
    ),
    "explored figure, wide": lambda s, v: two_forms({"y": [v]}, {"x": [1]}),
    "explored figure, narrow": lambda s, v: two_forms({"y": [1]}, {"y": [v]}),
    "explored figure, hover text of the narrow": lambda s, v: two_forms({"y": [1]}, {"hovertext": [s]}),
    "packed figure": lambda s, v: packed({"b": {"wide": {"data": [{"y": [v]}], "layout": {}}, "narrow": {}}}),
    "packed figure, narrow": lambda s, v: packed(
        {"b": {"wide": {"data": [{"y": [1]}], "layout": {}}, "narrow": {"data": [{"hovertext": [s]}]}}}
    ),
    "packed figure, label": lambda s, v: packed(
        {"b": {"wide": {"data": [], "layout": {"annotations": {"n": 2, "text": ["B", s]}}}, "narrow": {}}}
    ),
    "packed figure, among paths": lambda s, v: packed(
        {
            "b": {
                "wide": {"data": [], "layout": {"shapes": {"path": [None, "M1,2 Z", f"B: {s}"]}}},
                "narrow": {},
            }
        }
    ),
    "packed figure, instead of a path": lambda s, v: packed(
        {"b": {"wide": {"data": [], "layout": {"shapes": {"n": 2, "path": ["M1,2 Z", s]}}}, "narrow": {}}}
    ),
    "packed, no figure": lambda s, v: packed(f"b {s}"),
    "download": lambda s, v: html(
        f'<a href="data:text/csv;base64,{base64.b64encode(s.encode()).decode()}">x</a>'
    ),
    "download of a workbook": lambda s, v: html(
        f'<a href="data:application/x;base64,{base64.b64encode(workbook(v)).decode()}">x</a>'
    ),
    "figure, x": lambda s, v: figure(x=[v], y=[-1]),
    "figure, hover text": lambda s, v: figure(hovertext=[f"B: {s}"]),
    "figure, custom data": lambda s, v: figure(customdata=[[v]]),
    "figure, heat": lambda s, v: figure(z=[[v]]),
    "figure, annotation": lambda s, v: (
        lambda _, o: o["data"]["application/vnd.plotly.v1+json"]["layout"].update(annotations=[{"text": s}])
    ),
    "widget state": lambda s, v: lambda notebook, _: in_widget(notebook, s),
    "hidden metadata of a cell": lambda s, v: (
        lambda notebook, _: notebook["cells"][0]["metadata"].update(note={"b": v})
    ),
    "metadata of an output": lambda s, v: lambda _, output: output["metadata"]["dimios"].update(title=s),
    "metadata of the notebook": lambda s, v: lambda notebook, _: notebook["metadata"].update(cache=[v]),
    "plain text": lambda s, v: lambda _, output: output["data"].update({"text/plain": s}),
    "printed text": lambda s, v: (
        lambda notebook, _: notebook["cells"][0]["outputs"].append(
            {"output_type": "stream", "name": "stdout", "text": [f"b {v}\n"]}
        )
    ),
    "source": lambda s, v: lambda notebook, _: notebook["cells"][0].update(source=f"# {v}"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_suppressed_figure_is_found(page, scored, place):
    value = hidden_figure(scored)
    found = page(PLACES[place](sv(value), value)).findings
    assert [f.organisation for f in found] == ["north"]
    assert f"{value:.1f} in " in found[0].what


@pytest.mark.parametrize(
    "place", [p for p in PLACES if PLACES[p]("1,1", 1.1).__qualname__.startswith("html")]
)
def test_it_is_found_in_the_page_as_well(page, scored, place):
    value = hidden_figure(scored)
    assert page(PLACES[place](sv(value), value), suffix=".html").findings


def test_a_page_with_something_beside_what_is_packed_is_told(page):
    beside = base64.b64encode(gzip.compress(b"{}") + gzip.compress(b"61.3")).decode()
    found = page(html(f'<script type="application/gzip">{beside}</script>'), suffix=".html").findings
    assert [f.what for f in found] == ["cannot be read (ValueError): make it again"]


def test_a_figure_of_another_organisation_is_found(page, scored):
    folders = {o: scored / "results" / f"organisation={o}" / "scores.parquet" for o in ("south", "north")}
    public = [pd.read_parquet(p) for p in (scored / "results" / "public").glob("*.parquet")]
    own = [pd.read_parquet(p) for p in folders["north"].parent.glob("*.parquet")]
    published = PublishedNumbers([*public, *own], {})
    other = pd.read_parquet(folders["south"])["score"].dropna()
    value = next(v for v in other if v % 1 and not published.hold(f"{v:.1f}"))
    assert page(html(f"<p>{sv(value)}</p>")).findings
    # and is no leak on a page of its own
    assert not [
        f
        for f in page(html(f"<p>{sv(value)}</p>"), who="south").findings
        if f.organisation == "south" and sv(value).replace(",", ".") in f.what
    ]


def test_a_labelled_figure_must_be_one_of_its_key():
    tables = [
        pd.DataFrame({"key": ["alpha", "beta"], "score": [41.3, 58.6]}),
        pd.DataFrame({"rate": [0.625]}),
    ]
    published = PublishedNumbers(tables, {"alfa": {"alpha"}, "beta": {"beta"}})
    assert published.hold("41.3", "Alfa: 41,3")
    assert not published.hold("41.3", "Beta: 41,3")
    assert published.hold("41.3", "Ni har 41,3")
    assert published.hold("62.5", "Beta: 62,5 % svarade")


@pytest.mark.parametrize("decimals", [1, 2])
def test_a_figure_half_way_between_two_is_known_as_it_is_written(decimals):
    halves = [
        (2 * k + 1) / (2 * 10**decimals) for k in range(400)
    ]  # 0.05, 0.15 … none of them exact but for some
    published = PublishedNumbers([pd.DataFrame({"slope": halves})], {})
    step = Decimal(10) ** -decimals
    assert all(published.hold(str(Decimal(h).quantize(step, ROUND_HALF_EVEN))) for h in halves)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Som Tysta kommun", ["names hush, which does not share its name"]),
        ("som TYSTA KOMMUN.", ["names hush, which does not share its name"]),
        ("<a href='../hush/'>x</a>", ["names hush, which does not share its name"]),
        ("<!-- Skuggans kommun -->", ["names shade, which does not share its name"]),
        ("Tysta kommuns plan", ["names hush, which does not share its name"]),
        ("Tys\u00adta\u00a0 kommun", ["names hush, which does not share its name"]),
        ("Tysta kommun energi och Södra", []),  # shared names, one of which holds a hidden one
        ("Tystad kommun, rhush", []),
    ],
)
def test_names_that_are_not_shared_are_found(page, text, found):
    assert [f.what for f in page(html(f"<p>{text}</p>")).findings] == found


def test_an_organisation_may_be_named_to_itself(page):
    found = page(html("<p>Tysta kommun</p>"), who="hush").findings
    assert not [f for f in found if "names" in f.what]


def test_what_all_may_read_holds_public_figures_only(page, scored):
    # the honest page of "north" is none for everybody
    found = page(who="_consortium").findings
    assert any("is in no table" in f.what for f in found)


def test_files_beside_the_pages_are_read_too(page, scored):
    value = hidden_figure(scored)
    assert page(extra={"worksheet.xlsx": workbook(value)}).findings
    assert page(extra={"worksheet.xlsx": workbook(50), "notes.csv": f"b;{sv(value)}".encode()}).findings
    assert [f.what for f in page(extra={"notes.csv": b"", "slides.bin": b"\0"}).findings] == [
        "is of a kind that the audit cannot read"
    ]


def test_a_page_of_other_results_is_told(page):
    def plant(_, output):
        output["metadata"]["dimios"]["reads"]["organisation=north/scores.parquet"] = "0123456789ab"

    assert ["was not made from today's results" in f.what for f in page(plant).findings] == [True]


def test_a_page_that_tells_nothing_of_its_results_is_told(page):
    def plant(_, output):
        del output["metadata"]["dimios"]["reads"]

    assert ["was not made from today's results" in f.what for f in page(plant).findings] == [True]


#: what stands between thousands in Swedish
SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("text", "group", "numbers"),
    [
        ("47,7 och \u22124,6", SPACE, ["47.7", "4.6"]),
        ("between 45.4\u201350.0", ",", ["45.4", "50.0"]),
        ("1,204 people in 2026", ",", []),
        ("47,731 av hundra", SPACE, ["47.731"]),
        ("1\u00a0204,5", SPACE, ["1204.5"]),
        ("version 2.7.0, 2026.11.22, our_result.ipynb", ",", []),
        ("47,7\u00a0%.", SPACE, ["47.7"]),
        ("1.204 Leute, 47,7 %", ".", ["47.7"]),
    ],
)
def test_numbers_are_read_as_they_are_written(text, group, numbers):
    assert Passage("", text).list_numbers(group=group) == numbers


def test_three_decimals_in_swedish_are_no_thousands(page, scored):
    assert page(html(f"<p>{hidden_figure(scored):.3f}</p>".replace(".", ","))).findings


def test_layout_is_no_figure():
    passages = list(
        read_html('<svg viewBox="0 0 10.5 7.25" style="width:3.3px"><path d="M1.5 2.25"/></svg>', "")
    )
    shapes = {"n": 3, "x0": 47.25, "path": ["M1.5,2.5 L3.25,4.75 Z", None, "M1.5,2.5 Z"]}
    told = json.dumps({"wide": {"data": [], "layout": {"shapes": shapes}}, "narrow": {}})
    passages += read_html(f'<script type="application/json">{told}</script>', "")
    assert [n for p in passages for n in p.list_numbers(group=SPACE)] == []
