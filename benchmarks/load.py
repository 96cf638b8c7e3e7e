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
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import common, inside, questions, shiny
from benchmarks.questions import Action, Asked
from benchmarks.tally import TIMEOUT, Run, Server, Tally, lines, percentile

FILL = 5000  # requests, mostly of new views, after which the caches of a process are full
STEP = 2000  # requests between two looks at the memory
FLAT = 10.0  # % that it may grow by
SIZES = (
    *("readers", "processes", "requests a second", "p50", "p95", "errors"),
    *("processor a request", "cores used", "memory"),
)
COOKIE = "Cookie: scheme=light; narrow=0; tablet=0"


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
    place: tuple[str, int],
    readers: int,
    think: float,
    seconds: float,
    most: int,
    new: float,
    numbers: Iterator[int] | None = None,
) -> Tally:
    """Readers until the time is over or so many were asked.

    Parameters
    ----------
    numbers : of new views, where others were asked for before
    """
    tally = Tally()
    over = time.perf_counter() + seconds
    began = count()
    numbers = numbers or count()

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


# --- what is measured --------------------


def _timed(server: Server, load: Callable[[], Coroutine[Any, Any, Tally]]) -> Run:
    before, used, began = server.memory(), server.processor(), time.perf_counter()
    tally = asyncio.run(load())
    seconds = time.perf_counter() - began
    return Run(tally, seconds, server.processor() - used, before, server.memory())


def think(options: argparse.Namespace, server: Server) -> Run:
    """Readers who think between their questions, after every worker has opened each page."""
    asyncio.run(warm(server.place, 2 * max(1, options.workers)))
    asked = (options.readers, options.think, options.seconds, 10**9, options.new)
    return _timed(server, lambda: closed_loop(server.place, *asked))


def soak(options: argparse.Namespace, server: Server) -> Iterator[tuple[str, str]]:
    """So many requests without thinking, once the caches are full: does memory grow?"""

    def some(most: int, new: float) -> Run:
        # Numbered on: a view that was new before is none afterward.
        return _timed(server, lambda: closed_loop(server.place, 8, 0.0, 7200, most, new, numbers))

    numbers = count()
    asyncio.run(warm(server.place, 2 * max(1, options.workers)))
    some(FILL * max(1, options.workers), 1.0)
    some(STEP * max(1, options.workers), options.new)
    start = server.memory()
    yield "memory when the caches are full", f"{start:,.0f} MiB"
    asked, used, most = 0, 0.0, start
    while asked < options.requests:
        run = some(min(STEP, options.requests - asked), options.new)
        asked += len(run.tally.seconds)
        used += run.used
        most = max(most, run.after)
        yield (
            f"after {asked:,} requests",
            f"{run.after:,.0f} MiB ({100 * (run.after / start - 1):+.1f}%), "
            f"{run.each:.1f} ms each, errors: {run.tally.told()}",
        )
    grown = 100 * (most / start - 1)
    yield "processor a request", f"{1e3 * used / asked:.1f} ms"
    yield "memory", f"{'flat' if grown <= FLAT else 'NOT FLAT'}: {grown:+.1f}% at most"


def sizes(options: argparse.Namespace) -> Iterator[Sequence[str]]:
    """Rows of the table of docs/deploy.md: a server of its own for each."""
    for workers in (1, 2):
        for readers in (8, 50, 200):
            options.readers, options.workers = readers, 0 if workers == 1 else workers
            with _served(options) as server:
                run = think(options, server)
            taken = run.tally.seconds
            yield (
                f"{readers}",
                f"{workers}",
                f"{len(taken) / run.seconds:.0f}",
                *(f"{percentile(taken, share)} ms" for share in (0.5, 0.95)),
                run.tally.told(),
                f"{run.each:.1f} ms",
                f"{run.used / run.seconds:.2f}",
                f"{run.after:,.0f} MiB",
            )


@contextmanager
def _served(options: argparse.Namespace) -> Iterator[Server]:
    """The server at an address, or one of this checkout."""
    if options.url:
        parts = urlsplit(options.url)
        yield Server((parts.hostname or "127.0.0.1", parts.port or 80))
        return
    with common.running(workers=options.workers) as app:
        yield Server(("127.0.0.1", app.port), app.pid)


def _told(head: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
    """A table whose rows are printed as they come: the whole takes minutes."""
    print(common.table(head, ()))
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two actions")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--new", type=float, default=0.3, help="share of views never asked before")
    parser.add_argument("--workers", type=int, default=0, help="of gunicorn; 0 is `python app.py`")
    parser.add_argument("--url", default="", help="a server that runs already")
    parser.add_argument("--shiny", default="", help="a Shiny app beside it: its folder or address")
    parser.add_argument("--table", action="store_true", help="8, 50, 200 readers, 1 or 2 processes")
    parser.add_argument("--inside", type=int, default=0, help="so many in this process: their cost")
    parser.add_argument("--requests", type=int, default=0, help="so many, and memory around them")
    parser.add_argument("--browsers", type=int, default=0, help="does one shut out another?")
    parser.add_argument("--idle", type=int, default=200, help="connections that do nothing, beside")
    options = parser.parse_args()
    load = Path("/proc/loadavg").read_text().split()[0]
    print(f"Load of the machine before: {load}\n")
    if options.table:
        _told(SIZES, sizes(options))
        return
    if options.inside:
        _told(inside.HEAD, inside.measure(options.inside, options.new))
        return
    if options.shiny:
        with shiny.served(options.shiny) as server:
            asked = (options.readers, options.think, options.seconds)
            run = _timed(server, lambda: shiny.closed_loop(server.place, *asked))
            _told(("", "result"), iter(lines(run, server)))
        return
    with _served(options) as server:
        if options.browsers:
            asyncio.run(warm(server.place, 2))
            found = asyncio.run(shut_out(server.place, options.browsers, options.idle))
            _told(("", "result"), iter(found))
        elif options.requests:
            _told(("", "result"), soak(options, server))
        else:
            _told(("", "result"), iter(lines(think(options, server), server)))


if __name__ == "__main__":
    main()
