"""Measure how reports are served, side by side with stock Voilà, on the made-up consortium.

    python -m tests.benchmarks.bench_serve [--outputs FOLDER]

Both serve the same executed notebook on the same results. Stock Voilà runs the whole of it for each reader and sends its
own page; the project sends the stored page and runs cells at the first touch. A real browser tells when things are
there; many readers at once come from a process of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.bench_page import describe_machine, replace_between
from tests.benchmarks.serve_browser import Visit, visit_often
from tests.browser.browser import open_browser
from tests.serve.serving import READS_BEGIN, Server, start_server

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "performance.md"
MARKERS = ("<!-- bench-serve:begin -->", "<!-- bench-serve:end -->")
PACKAGES = ("dimios", "voila", "jupyter_server", "tornado", "ipykernel", "ipywidgets")
ORGANISATION, PERIOD = "almvik", "2026"
PLACE = f"{PERIOD}/{ORGANISATION}/sv/our_result"
STOCK = {
    "cold": (),
    "preheated": ("--preheat_kernel=True", "--pool_size=2"),
    "progressive": ("--progressive_rendering=True",),
}
VISITS_N = 5
#: concurrent readers, and seconds for each
STORED_AT, STORED_SECONDS = (1, 4, 12, 50, 200), 5.0
LIVE_AT, LIVE_SECONDS = (1, 4, 12, 50, 200), 12.0
STOCK_AT, STOCK_SECONDS = (1, 4, 12), 25.0
READERS_N, WITHIN_SECONDS, TOUCH_SHARE, STAY_SECONDS, SEED = 200, 60.0, 0.3, 20.0, 20261123
LIVE_READERS_N = 12
#: how many have a live page open while another one touches hers; within which time 95 % of first touches are answered, seconds
BESIDE_N, TOUCH_AIM, BESIDE_AIM = 6, 1.0, 2.0
#: how long kernels may take to be gone after their readers
GONE_SECONDS = 30.0


@contextmanager
def stock_voila(outputs: Path, options: tuple[str, ...] = ()) -> Iterator[tuple[str, psutil.Process]]:
    """Stock Voilà over one report: its address and its process."""
    port = find_port()
    notebook = outputs / "reports" / f"{PLACE}.ipynb"
    with tempfile.TemporaryDirectory(prefix="voila-") as folder:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "voila",
                "--no-browser",
                f"--port={port}",
                "--Voila.ip=127.0.0.1",
                *options,
                str(notebook),
            ],
            env=os.environ | {"DIMIOS_RESULTS": str(outputs / "results"), "JUPYTER_RUNTIME_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        root = psutil.Process(process.pid)
        try:
            time.sleep(10.0)  # it says nowhere that it is ready, and preheated kernels take their time
            yield f"http://127.0.0.1:{port}/", root
        finally:
            family = [*root.children(recursive=True), root]
            for member in family:
                member.kill()
            psutil.wait_procs(family, timeout=10)
            process.wait()


@contextmanager
def own_server(outputs: Path) -> Iterator[Server]:
    """`dimios serve` over the same reports."""
    server = start_server(outputs, options=("--kernels", "250"))
    try:
        time.sleep(3.0)  # as the other: started, and nobody there yet
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.temporary, ignore_errors=True)


def find_port() -> int:
    """Return a free port."""
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def order(**what: Any) -> dict[str, Any]:
    """Let the load process do something and return what it tells."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.serve_load"],
        cwd=PROJECT, input=json.dumps(what), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def measure_memory(root: psutil.Process) -> float:
    """Return the PSS of a process and all that it has started, in bytes."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(rollup.split("\nPss:")[1].split()[0]) * 1024
    return float(total)


def measure_stock(outputs: Path) -> dict[str, Any]:
    """Everything about stock Voilà."""
    told: dict[str, Any] = {"visits": {}}
    for name, options in STOCK.items():
        say(f"stock Voilà, {name}: in the browser")
        with stock_voila(outputs, options) as (address, _), open_browser() as browser:
            told["visits"][name] = visit_often(
                browser, lambda a=address: a, 3 if name != "cold" else VISITS_N
            )
    with stock_voila(outputs) as (address, root):
        before = measure_memory(root)
        told["load"] = {}
        for at in STOCK_AT:
            say(f"stock Voilà: {at} at once")
            kernels = len(root.children(recursive=True))
            told["load"][at] = order(way="stock", base=address.rstrip("/"), path="/", expect="<h1",
                                     cookies=[""] * at, seconds=STOCK_SECONDS)  # fmt: skip
            say(f"  {told['load'][at]['opens']} opens, {told['load'][at]['errors_n']} errors")
            if at == 1:  # each open has left a kernel, as each reader would
                opened = len(root.children(recursive=True)) - kernels
                told["memory"] = (measure_memory(root) - before) / max(1, opened)
        told["left"] = len(root.children(recursive=True))
    return told


def measure_own(outputs: Path) -> dict[str, Any]:
    """Everything about `dimios serve`."""
    told: dict[str, Any] = {}
    with own_server(outputs) as server, open_browser() as browser:
        say("dimios serve: in the browser")
        told["visits"] = visit_often(browser, lambda: server.base + server.link(ORGANISATION), VISITS_N)
    with own_server(outputs) as server:
        root = psutil.Process(server.process.pid)
        cookies = [server.sign_in(ORGANISATION, f"Reader {i}") for i in range(max(LIVE_AT))]
        page = server.ask(f"/sida/{PLACE}.html", cookie=cookies[0]).text
        say("dimios serve: memory of live readers")
        before, quiet_n = measure_memory(root), len(root.children(recursive=True))
        sockets = [
            server.open_channels(server.go_live(c, PLACE).content["channels"], c)
            for c in cookies[:LIVE_READERS_N]
        ]
        told["memory"] = (measure_memory(root) - before) / LIVE_READERS_N
        for socket in sockets:
            socket.shutdown()  # without a word, as a phone that is put away
        told["left"] = count_left(root, quiet_n)
        told["stored"], told["live"] = {}, {}
        for at in STORED_AT:
            say(f"dimios serve: stored page, {at} at once")
            told["stored"][at] = order(way="stored", base=server.base, path=f"/sida/{PLACE}.html",
                                       expect="", cookies=cookies[:at], seconds=STORED_SECONDS)  # fmt: skip
        live = {"way": "live", "base": server.base, "place": PLACE, "page": page[page.index(READS_BEGIN) :][:20_000],
                "seconds": LIVE_SECONDS}  # fmt: skip
        for at in LIVE_AT:
            say(f"dimios serve: live page, {at} at once")
            told["live"][at] = order(**live, cookies=cookies[:at])
        say(f"dimios serve: live page, one beside {BESIDE_N} that are open")
        sockets = [
            server.open_channels(server.go_live(c, PLACE).content["channels"], c)
            for c in cookies[1 : 1 + BESIDE_N]
        ]
        told["beside"] = order(**live, cookies=cookies[:1])
        for socket in sockets:
            socket.close()
        told["left_after_load"] = count_left(root, quiet_n)
    told["readers"] = measure_readers(outputs)
    return told


def measure_readers(outputs: Path) -> dict[str, Any]:
    """Two hundred readers with links of their own within a minute."""
    say(f"dimios serve: {READERS_N} readers within {WITHIN_SECONDS:.0f} s")
    names = {}
    for about in sorted((outputs / "results").glob("organisation=*/organisation.json")):
        described = json.loads(about.read_text(encoding="utf-8"))
        if (outputs / "reports" / PERIOD / described["id"] / "sv" / "our_result.html").is_file():
            names[described["id"]] = described["name"]
    with own_server(outputs) as server:
        ids = list(names)
        readers = []
        for i in range(READERS_N):
            owner = ids[i % len(ids)]
            readers.append(
                [server.link(owner, f"Reader {i}"), names[owner], f"{PERIOD}/{owner}/sv/our_result"]
            )
        return order(base=server.base, readers=readers, names=sorted(names.values()), seed=SEED, within=WITHIN_SECONDS,
                     touch_share=TOUCH_SHARE, stay=STAY_SECONDS)  # fmt: skip


def count_left(root: psutil.Process, quiet_n: int) -> int:
    """Wait for kernels to go, and return how many have stayed."""
    deadline = time.monotonic() + GONE_SECONDS
    while (left := len(root.children(recursive=True)) - quiet_n) > 0 and time.monotonic() < deadline:
        time.sleep(0.5)
    return max(0, left)


def share_within(took: list[float], seconds: float) -> float:
    """Return the share of values up to a limit."""
    return sum(t <= seconds for t in took) / max(1, len(took))


def quantile(took: list[float], share: float) -> float:
    """Return a quantile of sorted values, the value itself that stands there."""
    return took[min(len(took) - 1, int(share * len(took)))] if took else float("nan")


def rate(told: dict[str, Any]) -> float:
    """Return opens a second."""
    return told["opens"] / told["seconds"]


def render(own: dict[str, Any], stock: dict[str, Any]) -> str:
    """Return the section: ratios against their aims, then the numbers."""
    cold: Visit = stock["visits"]["cold"]["fresh"]
    ours: Visit = own["visits"]["fresh"]
    best_stock = max(rate(r) for r in stock["load"].values())
    best_stored, best_live = (max(rate(r) for r in own[way].values()) for way in ("stored", "live"))
    readers = own["readers"]
    ratios = [
        ("headline, against the first figure of stock Voilà", cold.chart / ours.headline, "15 × sooner"),
        ("first chart, against the same", cold.chart / ours.chart, "8 × sooner"),
        ("first change by a control, from a cold open", cold.change / ours.change, "3 × sooner"),
        ("stored opens a second", best_stored / best_stock, "30 ×"),
        ("live opens a second", best_live / best_stock, "3 ×"),
        ("memory of a live reader", own["memory"] / stock["memory"], "a third at most"),
    ]
    lines = ["| against stock Voilà in the same run | ratio | aim |", "|---|--:|--:|"]
    lines += [f"| {name} | {ratio:.2f} × | {aim} |" if ratio < 1 else f"| {name} | {ratio:.1f} × | {aim} |"
              for name, ratio, aim in ratios]  # fmt: skip
    first, beside = (quantile(told["took"], 0.95) for told in (own["live"][1], own["beside"]))
    lines += [
        "",
        f"First touch of a control, from the question to the new chart and the end of its kernel: 95 % within {first:.2f} s alone"
        f" (aim: {TOUCH_AIM:.1f}), within {beside:.2f} s beside {BESIDE_N} live pages (aim: {BESIDE_AIM:.1f}).",
        "",
        f"{READERS_N} readers with links of their own, spread over {WITHIN_SECONDS:.0f} s and all organisations,"
        f" {TOUCH_SHARE:.0%} of whom touch a control and stay {STAY_SECONDS:.0f} s: {readers['errors_n']} errors,"
        f" {len(readers['wrong'])} pages of somebody else; the whole page, door included, within 1 s for"
        f" {share_within(readers['took'], 1.0):.1%} (half within {quantile(readers['took'], 0.5) * 1000:.0f} ms, 95 %"
        f" within {quantile(readers['took'], 0.95) * 1000:.0f} ms, the slowest {readers['took'][-1] * 1000:.0f} ms);"
        f" from touch to answer half within {quantile(readers['lived'], 0.5):.2f} s, 95 % within"
        f" {quantile(readers['lived'], 0.95):.2f} s.",
        "",
        "| in the browser, medians, seconds | headline | first chart | first change | KB by HTTP | KB by websocket |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    ways = {f"stock Voilà, {name}": visits for name, visits in stock["visits"].items()} | {
        "`dimios serve`": own["visits"]
    }
    for name, visits in ways.items():
        for cache, v in visits.items():
            lines.append(f"| {name}, {cache} cache | {v.headline:.2f} | {v.chart:.2f} | {v.change:.2f}"
                         f" | {v.http_bytes / 1e3:,.0f} | {v.socket_bytes / 1e3:,.0f} |")  # fmt: skip
    lines += ["", "| opens a second, readers at once | 1 | 4 | 12 | 50 | 200 |", "|---|--:|--:|--:|--:|--:|"]
    for name, loads in (("stored page", own["stored"]), ("live page: kernel, cells, one choice, close", own["live"]),
                        ("stock Voilà: the page's last byte", stock["load"])):  # fmt: skip
        cells = [f"{rate(loads[at]):,.2f}" if at in loads else "–" for at in STORED_AT]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    errors = {way: sum(r["errors_n"] for r in own[way].values()) for way in ("stored", "live")}
    busy = sum(r["busy_n"] for r in own["live"].values())
    lines += [
        "",
        f"Errors in these: {errors['stored']} of stored, {errors['live']} of live opens ({busy} times a reader was asked to"
        f" wait), {sum(r['errors_n'] for r in stock['load'].values())} of stock Voilà's, which was not tried at 50 and 200.",
        "",
        f"Memory of a live reader (PSS): {own['memory'] / 1e6:.0f} MB, stock Voilà {stock['memory'] / 1e6:.0f} MB. Kernels"
        f" left after their readers went away without a word: {own['left']}; after the load: {own['left_after_load']};"
        f" stock Voilà, which keeps them: {stock['left']}.",
    ]
    return "\n".join(lines)


def say(what: str) -> None:
    """Tell on the terminal how far it is."""
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", flush=True)


def main() -> None:
    """Measure everything and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--outputs", type=Path, help="finished outputs of the demo; made when not given")
    given = parser.parse_args().outputs
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-serve-") as folder:
        outputs = Path(folder) / "outputs"
        if given is None:
            subprocess.run(
                [sys.executable, "-m", "dimios_core", "demo", "--outputs", str(outputs)], check=True
            )
        else:
            shutil.copytree(given, outputs, symlinks=True)
        own, stock = measure_own(outputs), measure_stock(outputs)
    machine = describe_machine(load, PACKAGES)
    measured = f"Measured {datetime.now(UTC):%Y-%m-%d}. {machine}"
    replace_between(PAGE, MARKERS, measured, render(own, stock))
    say(f"written: {PAGE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
