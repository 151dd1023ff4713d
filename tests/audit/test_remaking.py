"""Exports are made again: a published number in another's place, or a damaged file, is not what would be made today."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pikepdf
import pytest

from dimios_core.audit.remaking import ALTERED, find_altered, list_finished
from tests.audit.test_exports import audit, replace_in_part
from tests.export.command import find_export


@pytest.mark.parametrize("suffix", ["html", "kort.pdf", "tabeller.pdf", "pptx", "xlsx"])
def test_a_published_number_in_another_s_place_is_found(altered, suffix):
    """Any number of one decimal is some published figure's; only making the file again tells."""
    for folder in (altered / "results").glob("organisation=*"):
        if folder.name.partition("=")[2] not in ("almvik", "vintersjo"):
            shutil.rmtree(folder)
    path = find_export(altered, "almvik", suffix)
    scores = pd.read_parquet(altered / "results" / "organisation=almvik" / "scores.parquet")
    whole = scores.query("unit == '*' and role == '*' and period == '2026' and level == 'category'")["score"]
    own, other = (f"{v:.1f}" for v in whole.iloc[:2])
    if suffix == "html":
        swedish = [v.replace(".", ",") for v in (own, other)]
        path.write_text(path.read_text(encoding="utf-8").replace(*swedish), encoding="utf-8")
    elif suffix.endswith("pdf"):
        with pikepdf.open(path, allow_overwriting_input=True) as document:
            document.docinfo["/Subject"] = other
            document.save(path)
    elif suffix == "xlsx":
        replace_in_part(path, "xl/worksheets/sheet3.xml", rf"<v>{re.escape(own)}</v>", f"<v>{other}</v>")
    else:
        replace_in_part(path, "ppt/notesSlides/notesSlide2.xml", "<a:t>", f"<a:t>{other} ")
    orders = list_finished(altered)
    found = [
        found
        for order, paths in orders.items()
        if order.owner == "almvik"
        for found in find_altered(order, paths)
    ]
    assert found == [(path, ALTERED)]


def test_a_damaged_file_is_told_and_stops_nothing(altered):
    damaged = find_export(altered, "vintersjo", "pptx")
    damaged.write_bytes(damaged.read_bytes()[:5_000])
    (found,) = audit(altered).findings
    assert damaged.name in found.key and found.what == "cannot be read (BadZipFile): make it again"
    (order,) = [o for o in list_finished(altered) if o.owner == "vintersjo"]
    assert find_altered(order, [damaged]) == [(damaged, ALTERED)]
