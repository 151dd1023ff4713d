"""Many readers at once, from a process of their own: `python -m tests.benchmarks.serve_load JSON` prints JSON.

The order holds the way to open (stored, live, stock), how many at once, for how long; or the arrivals of readers.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from random import Random
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from tests.serve.serving import choice_message

REQUEST_SECONDS = 120.0
READS = re.compile(r'dimios-reads" content="([^"]*)"')
HEADLINE = re.compile(r"<h1[^>]*>(.*?)</h1>")
BUSY_TRIES_N = 30


class Reader:
    """One reader's device: its session, and what it opens."""

    def __init__(self, base: str) -> None:
        self.base, self.cookie = base, ""
        self.client = AsyncHTTPClient()

    async def ask(self, path: str, method: str = "GET", body: str | None = None) -> HTTPResponse:
        """Send a request; redirects are the caller's affair."""
        headers = {"Accept-Encoding": "gzip", "Origin": self.base} | (
            {"Cookie": self.cookie} if self.cookie else {}
        )
        request = HTTPRequest(
            self.base + path,
            method,
            headers,
            body,
            connect_timeout=REQUEST_SECONDS,
            request_timeout=REQUEST_SECONDS,
            follow_redirects=False,
            allow_nonstandard_methods=True,
        )
        return await self.client.fetch(request, raise_error=False)

    async def open_link(self, link: str) -> HTTPResponse:
        """Open a personal link and the page it leads to."""
        door = await self.ask(link)
        if door.code != 303:
            return door
        self.cookie = door.headers["Set-Cookie"].split(";")[0]
        return await self.ask(door.headers["Location"])

    async def go_live(self, place: str, page: str) -> tuple[dict[str, Any], int]:
        """Get a kernel, asking again as often as the server says that it is full; tell how often that was."""
        found = READS.search(page)
        question = json.dumps({"code": "BENCHM", "reads": found[1] if found else ""})
        for busy in range(BUSY_TRIES_N):
            answer = await self.ask(f"/levande/{place}", "POST", question)
            if answer.code == 200:
                return json.loads(answer.body), busy
            if answer.code != 503:
                raise RuntimeError(f"live route: {answer.code}")
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        raise RuntimeError("there was never room")

    async def choose(self, live: dict[str, Any], stay: float = 0.0) -> str:
        """Turn the first section's last control over the websocket, stay a while, close; return the new content."""
        address = f"{self.base.replace('http', 'ws')}{live['channels']}?session_id=bench"
        request = HTTPRequest(address, headers={"Cookie": self.cookie, "Origin": self.base})
        socket = await websocket_connect(request)
        controls = live["pieces"][0]["controls"]  # where there is one period only, there is no control for it
        await socket.write_message(choice_message(live, 1, control=len(controls) - 1))
        content = ""
        while not content:
            said = json.loads(await asyncio.wait_for(socket.read_message(), REQUEST_SECONDS) or "{}")
            state = said.get("content", {}).get("data", {}).get("state", {})
            content = state.get("value", "")
        await asyncio.sleep(stay)
        socket.close()
        await self.ask(live["close"], "POST", "")
        return content


async def open_often(order: dict[str, Any]) -> dict[str, Any]:
    """So many readers open again and again until the time is over."""
    deadline = time.perf_counter() + order["seconds"]
    took: list[float] = []
    errors: list[str] = []
    busy_n = 0

    async def keep_opening(cookie: str) -> None:
        nonlocal busy_n
        reader = Reader(order["base"])
        reader.cookie = cookie
        while time.perf_counter() < deadline:
            begun = time.perf_counter()
            try:
                if order["way"] == "live":
                    live, busy = await reader.go_live(order["place"], order["page"])
                    busy_n += busy
                    await reader.choose(live)
                else:
                    answer = await reader.ask(order["path"])
                    if answer.code != 200 or order["expect"].encode() not in answer.body:
                        raise RuntimeError(f"{order['way']}: {answer.code}")
            except Exception as error:  # noqa: BLE001 - counted and told
                errors.append(repr(error)[:200])
            else:
                took.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(keep_opening(cookie) for cookie in order["cookies"]))
    return {"opens": len(took), "seconds": time.perf_counter() - begun, "errors": errors[:5], "errors_n": len(errors),
            "busy_n": busy_n, "took": sorted(took)}  # fmt: skip


async def let_arrive(order: dict[str, Any]) -> dict[str, Any]:
    """Readers open their links at random times within a minute; some touch a control and stay."""
    random = Random(order["seed"])
    at = sorted(random.uniform(0, order["within"]) for _ in order["readers"])
    took: list[float] = []
    lived: list[float] = []
    errors: list[str] = []
    wrong: list[str] = []

    async def arrive(wait: float, link: str, name: str, place: str, touches: bool) -> None:
        await asyncio.sleep(wait)
        reader = Reader(order["base"])
        begun = time.perf_counter()
        try:
            page = await reader.open_link(link)
            took.append(time.perf_counter() - begun)
            text = page.body.decode()
            headline = HEADLINE.search(text)
            if page.code != 200 or headline is None:
                raise RuntimeError(f"page: {page.code}")
            if name not in headline[1] or any(
                other in headline[1] for other in order["names"] if other not in name
            ):
                wrong.append(f"{name}: {headline[1]}")
            if touches:
                begun = time.perf_counter()
                live, _ = await reader.go_live(place, text)
                content = await reader.choose(live, order["stay"])
                lived.append(time.perf_counter() - begun - order["stay"])
                if "<svg" not in content:
                    wrong.append(f"{name}: no chart")
        except Exception as error:  # noqa: BLE001 - counted and told
            errors.append(repr(error)[:200])

    await asyncio.gather(
        *(
            arrive(wait, *reader, random.random() < order["touch_share"])
            for wait, reader in zip(at, order["readers"], strict=True)
        )
    )
    return {
        "took": sorted(took),
        "lived": sorted(lived),
        "errors": errors[:5],
        "errors_n": len(errors),
        "wrong": wrong,
    }


def main() -> None:
    """Do what the order on standard input says."""
    order = json.loads(sys.stdin.read())
    AsyncHTTPClient.configure(None, max_clients=1_000, max_body_size=100_000_000)
    told = asyncio.run(open_often(order) if "way" in order else let_arrive(order))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
