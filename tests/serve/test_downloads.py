"""Files to take along: for whom, of which results, and what a page tells of them."""

from __future__ import annotations

import json

import pytest

from dimios_core.export.orders import Order
from dimios_core.export.production import list_files
from dimios_core.page.downloads import name_files
from dimios_core.places import CONSORTIUM
from tests.serve.serving import OTHER_PAGE, PAGE, put_export

FILE = f"/hamta/{PAGE}/html"
NATIONAL = f"2026/{CONSORTIUM}/sv/national_status"


@pytest.mark.parametrize("who", ["nobody", "forged", "expired", "revoked", "other", "right", "consortium"])
def test_a_file_goes_to_whoever_may_read_the_page_and_to_nobody_else(server, who) -> None:
    answer, page = (
        server.ask(address, cookie=server.session(who)) for address in (FILE, f"/sida/{PAGE}.html")
    )
    assert answer.status == page.status
    assert ("hela lillby" in answer.text) is (who in ("right", "consortium"))
    if answer.status == 200:
        assert answer.headers["Content-Disposition"] == "attachment; filename=lillby-2026-sv.html"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [f"/hamta/{PAGE}/pdf", f"/hamta/{PAGE}/lillby-2026-sv", f"/hamta/{OTHER_PAGE}/html", "/hamta/2025/lillby/sv/our_result/html",
     "/hamta/2026/lillby/xx/our_result/html", "/hamta/2026/lillby/../alvsjo/sv/our_result/html", f"/hamta/{NATIONAL}/html"],
)  # fmt: skip
def test_there_is_nothing_else_to_fetch(server, address) -> None:
    assert server.ask(address, cookie=server.session("right")).status == 404


def test_a_page_links_to_what_was_made_and_tells_the_consortium_alone_what_was_not(server) -> None:
    own, all_ = (server.ask(f"/sida/{PAGE}.html", cookie=server.session(w)) for w in ("right", "consortium"))
    for answer in (own, all_):
        assert f'<a href="{FILE}" download>Hela rapporten i en fil (webbsida)</a> (0,1 MB)' in answer.text
        assert answer.text.count("/hamta/") == 1
    assert "dimios" not in own.text.replace("dimios-reads", "")
    assert "<code>dimios export -o lillby --period 2026 --language sv</code>" in all_.text
    assert "Bilder (PowerPoint)" in all_.text
    assert own.headers["ETag"] != all_.headers["ETag"]
    told = server.ask(
        f"/sida/{PAGE}.html", cookie=server.session("right"), headers={"If-None-Match": own.headers["ETag"]}
    )
    assert told.status == 304
    none = server.ask("/sida/2025/lillby/sv/our_result.html", cookie=server.session("right"))
    assert "Ladda ner" not in none.text
    national = server.ask(f"/sida/{NATIONAL}.html", cookie=server.session("consortium"))
    assert "dimios export --suite national --period 2026 --language sv" in national.text


def test_what_is_older_than_the_results_or_lies_elsewhere_is_not_there(fresh_server) -> None:
    server, cookie = fresh_server, fresh_server.session("right")
    path = server.outputs / "exports" / "2026" / "lillby" / "sv" / "lillby-2026-sv.html"
    assert server.ask(FILE, cookie=cookie).status == 200
    other = server.outputs / "exports" / "2026" / "alvsjo" / "sv" / "alvsjo-2026-sv.html"
    path.unlink()
    path.symlink_to(other)
    assert server.ask(FILE, cookie=cookie).status == 404
    path.unlink()
    put_export(server.outputs, "lillby")
    assert server.ask(FILE, cookie=cookie).status == 200
    stamp = {"demo": None, "results_version": "v2", "method": "another"}
    (server.outputs / "results" / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")
    assert server.ask(FILE, cookie=cookie).status == 404
    assert "Ladda ner" not in server.ask(f"/sida/{PAGE}.html", cookie=cookie).text
    path.write_text("cut off", encoding="utf-8")
    assert server.ask(FILE, cookie=cookie).status == 404


@pytest.mark.parametrize(
    ("owner", "county", "pages"),
    [("almvik", "", ("our_result", "improvements")), (CONSORTIUM, "14", ("county_report_14",)), (CONSORTIUM, "", ("national_status",))],
)  # fmt: skip
def test_files_are_called_what_exports_call_them(tmp_path, owner, county, pages) -> None:
    for language in ("sv", "en"):
        made = list_files(
            Order(tmp_path, owner, "2026", language, pages, county), ["pdf", "pptx", "xlsx", "html"]
        )
        assert list(name_files(f"2026/{owner}/{language}/{pages[0]}").values()) == [
            path.name for path in made
        ]
