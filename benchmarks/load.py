"""Many readers at once: a closed loop of pages and clicks, as browsers send them.

``.venv/bin/python -m benchmarks.load [--readers 50] [--workers N]`` starts the app and
prints errors, times, requests a second, processor time a request, and memory. What is asked, and
the other modes, stand in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import common, questions
from benchmarks.questions import Action, Asked

TIMEOUT = 60.0  # s; what takes longer is an error
COOKIE = "Cookie: scheme=light; narrow=0; tablet=0"


@dataclass
class Tally:
    """What happened to the requests."""

    seconds: list[float] = field(default_factory=list)
    of: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    received: int = 0

    def add(self, kind: str, took: float) -> None:
        """A request that was answered."""
        self.seconds.append(took)
        self.of.setdefault(kind, []).append(took)

    def wrong(self, what: str) -> None:
        """One that was not."""
        self.errors[what] = self.errors.get(what, 0) + 1


class Client:
    """One connection, kept alive and made anew when the server has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, asked: Asked) -> tuple[int, int]:
        """Status, and bytes of the body as sent."""
        for fresh in (False, True):
            kept = self._streams is not None and not fresh
            if not kept:
                self.close()
                self._streams = await asyncio.open_connection(self.host, self.port)
            try:
                return await self._once(asked)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if not kept:  # one that was kept may be closed at any time, as browsers know
                    raise
        raise ConnectionError

    async def _once(self, asked: Asked) -> tuple[int, int]:
        assert self._streams is not None
        reader, writer = self._streams
        head = [
            f"{'POST' if asked.body else 'GET'} {asked.path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "Accept-Encoding: gzip, deflate, br",
            COOKIE,
        ]
        if asked.referer:
            head.append(f"Referer: http://{self.host}:{self.port}{asked.referer}")
        if asked.body:
            head += ["Content-Type: application/json", f"Content-Length: {len(asked.body)}"]
        writer.write("\r\n".join([*head, "", ""]).encode() + asked.body)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        size = await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split(" ", 2)[1]), size

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> int:
    if "chunked" in headers.get("transfer-encoding", ""):
        total = 0
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
            total += size
        await reader.readline()
        return total
    size = int(headers.get("content-length", 0))
    await reader.readexactly(size)
    return size


async def reader(
    client: Client, actions: Iterator[Action], tally: Tally, end: Callable[[], bool], think: float
) -> None:
    """One reader: an action, a while of thinking, the next."""
    chance = random.Random()
    await asyncio.sleep(chance.random() * think)
    while not end():
        for asked in next(actions):
            began = time.perf_counter()
            try:
                status, size = await asyncio.wait_for(client.ask(asked), TIMEOUT)
            except (OSError, EOFError, TimeoutError) as problem:
                client.close()
                tally.wrong(type(problem).__name__)
                break
            tally.add(asked.kind, time.perf_counter() - began)
            tally.received += size
            if status >= 400:
                tally.wrong(f"status {status}")
        if think:
            await asyncio.sleep(think * (0.5 + chance.random()))
    client.close()


async def closed_loop(
    place: tuple[str, int], readers: int, think: float, seconds: float, most: int, new: float
) -> Tally:
    """Readers until the time is over or so many were asked."""
    tally = Tally()
    over = time.perf_counter() + seconds
    began = count()
    numbers = count()

    def end() -> bool:
        return time.perf_counter() > over or len(tally.seconds) >= most

    await asyncio.gather(
        *(
            reader(Client(*place), questions.actions(next(began), numbers, new), tally, end, think)
            for _ in range(readers)
        )
    )
    return tally


async def warm(place: tuple[str, int], times: int) -> None:
    """Open every page a few times, so that every worker has imported what it needs."""
    for _ in range(times):
        for asked in questions.every_page():
            client = Client(*place)  # another connection may lead to another worker
            await client.ask(asked)
            client.close()


# --- nobody shuts another out --------------------


async def shut_out(place: tuple[str, int], browsers: int, idle: int) -> list[tuple[str, str]]:
    """Browsers with six connections each, beside connections that do nothing or hardly anything."""
    waiting = [await asyncio.open_connection(*place) for _ in range(idle)]
    for _, writer in waiting[: idle // 2]:
        writer.write(b"GET /study/e3a06 HTTP/1.1\r\nHost: ")  # and never goes on

    async def load(number: int) -> float:
        began = time.perf_counter()
        page, *parts = next(questions.actions(number, count(), 0.0, opens=True))
        clients = [Client(*place) for _ in range(6)]
        await clients[0].ask(page)
        await asyncio.gather(*(c.ask(parts[i % len(parts)]) for i, c in enumerate(clients)))
        took = time.perf_counter() - began
        await asyncio.sleep(2)  # the connections stay open, as a browser's do
        for client in clients:
            client.close()
        return took

    async def alive() -> float:
        await asyncio.sleep(1)
        began = time.perf_counter()
        await Client(*place).ask(Asked("health", "/healthz"))
        return time.perf_counter() - began

    took = await asyncio.wait_for(
        asyncio.gather(*(load(i) for i in range(browsers)), alive()), TIMEOUT * 2
    )
    for _, writer in waiting:
        writer.close()
    return [
        ("browsers whose page came", f"{len(took) - 1} of {browsers}, beside {idle} idle"),
        ("slowest of them", f"{max(took[:-1]):.2f} s"),
        ("/healthz meanwhile", f"{took[-1]:.2f} s"),
    ]


# --- the server --------------------


@dataclass(frozen=True)
class Server:
    """Where it answers, and its process if it is here."""

    place: tuple[str, int]
    pid: int | None = None

    def processes(self) -> list[int]:
        """The process and its workers."""
        return [] if self.pid is None else [self.pid, *common.children(self.pid)]

    def memory(self) -> float:
        """MiB of all of them."""
        return sum(common.memory(pid) for pid in self.processes())

    def processor(self) -> float:
        """Processor seconds of all of them."""
        return sum(common.cpu_seconds(pid) for pid in self.processes())


@contextmanager
def _served(url: str, workers: int) -> Iterator[Server]:
    """The server at an address, or one of this checkout."""
    if url:
        parts = urlsplit(url)
        yield Server((parts.hostname or "127.0.0.1", parts.port or 80))
        return
    with common.running(workers=workers) as app:
        yield Server(("127.0.0.1", app.port), app.pid)


def _rows(tally: Tally, seconds: float, server: Server, used: float) -> list[tuple[str, str]]:
    rows = [
        ("requests", f"{len(tally.seconds):,} ({len(tally.seconds) / seconds:.1f} a second)"),
        ("errors", ", ".join(f"{n} x {what}" for what, n in tally.errors.items()) or "none"),
    ]
    for name, taken in (("all", tally.seconds), *sorted(tally.of.items())):
        taken = sorted(taken)
        at = [taken[min(int(p * len(taken)), len(taken) - 1)] for p in (0.5, 0.95, 0.99)]
        told = " / ".join(f"{1e3 * t:,.0f}" for t in at)
        rows.append((f"p50 / p95 / p99, {name}", f"{told} ms ({len(taken):,})"))
    rows.append(("bytes a request", f"{tally.received / max(1, len(tally.seconds)):,.0f}"))
    if server.pid is not None:
        rows.append(("processor a request", f"{1e3 * used / len(tally.seconds):.1f} ms"))
    return rows


def measure(options: argparse.Namespace, server: Server) -> list[tuple[str, str]]:
    """Rows of the table."""
    place = server.place

    def loop(readers: int, think: float, seconds: float, most: int) -> Coroutine[Any, Any, Tally]:
        return closed_loop(place, readers, think, seconds, most, options.new)

    asyncio.run(warm(place, 2 * max(1, options.workers)))
    if options.browsers:
        return asyncio.run(shut_out(place, options.browsers, options.idle))
    if options.requests:
        asyncio.run(loop(8, 0.0, 3600, options.requests // 5))  # the caches are full
        before = server.memory()
        began, used = time.perf_counter(), server.processor()
        tally = asyncio.run(loop(8, 0.0, 7200, options.requests))
        after = server.memory()
        rows = _rows(tally, time.perf_counter() - began, server, server.processor() - used)
        grown = 100 * (after / before - 1)
        return [*rows, ("memory", f"{before:,.0f} to {after:,.0f} MiB ({grown:+.1f}%)")]
    before, used = server.memory(), server.processor()
    began = time.perf_counter()
    tally = asyncio.run(loop(options.readers, options.think, options.seconds, 10**9))
    seconds = time.perf_counter() - began
    rows = _rows(tally, seconds, server, server.processor() - used)
    return [*rows, ("memory", f"{before:,.0f} to {server.memory():,.0f} MiB")]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two actions")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--new", type=float, default=0.3, help="share of views never asked before")
    parser.add_argument("--workers", type=int, default=0, help="of gunicorn; 0 is `python app.py`")
    parser.add_argument("--url", default="", help="a server that runs already")
    parser.add_argument("--requests", type=int, default=0, help="so many, and memory around them")
    parser.add_argument("--browsers", type=int, default=0, help="does one shut out another?")
    parser.add_argument("--idle", type=int, default=200, help="connections that do nothing, beside")
    options = parser.parse_args()
    load = Path("/proc/loadavg").read_text().split()[0]
    print(f"Load of the machine before: {load}\n")
    with _served(options.url, options.workers) as server:
        print(common.table(("", "result"), measure(options, server)))


if __name__ == "__main__":
    main()
