"""Readers of a Shiny app, which speaks over a websocket: open it, change an input, think.

``python -m benchmarks.load --shiny FOLDER`` starts the app in an R of its own; of one that runs
already, give the address. Any app of ``selectInput``s works: they are what a reader changes.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks import common
from benchmarks.tally import TIMEOUT, Server, Tally

_OUTPUTS = ("shiny-plot-output", "shiny-html-output", "shiny-text-output", "html-widget-output")
_WIDTH, _HEIGHT = 1000, 600  # pixels that a browser would tell of each output


class NoAnswerError(Exception):
    """The app answered with an error, or without any value."""


@dataclass
class Form(HTMLParser):
    """What the app's page has: inputs with their choices, and outputs, by pane of its tabs."""

    choices: dict[str, list[str]] = field(default_factory=dict)
    panes: dict[str, list[str]] = field(default_factory=dict)
    tabs: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._select, self._pane = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a reader can change, and of what is shown."""
        told = {name: value or "" for name, value in attrs}
        classes = told.get("class", "").split()
        if tag == "select":
            self._select = told.get("id", "")
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(told.get("value", ""))
        elif "shiny-tab-input" in classes:
            self.tabs = told.get("id", "")
        elif "tab-pane" in classes:
            self._pane = told.get("data-value", "")
        elif told.get("id") and not set(classes).isdisjoint(_OUTPUTS):
            self.panes.setdefault(self._pane, []).append(told["id"])

    def opened(self, pane: str) -> dict[str, Any]:
        """What a browser tells when it has opened the app at a pane of its tabs."""
        told: dict[str, Any] = {name: values[0] for name, values in self.choices.items()}
        for shown, outputs in self.panes.items():
            for output in outputs:
                told[f".clientdata_output_{output}_hidden"] = shown not in ("", pane)
                told[f".clientdata_output_{output}_width"] = _WIDTH
                told[f".clientdata_output_{output}_height"] = _HEIGHT
        if self.tabs:
            told[self.tabs] = pane
        page = {"protocol": "http:", "hostname": "localhost", "pathname": "/", "search": ""}
        told |= {f".clientdata_url_{name}": value for name, value in page.items()}
        return told | {".clientdata_pixelratio": 1, ".clientdata_allowDataUriScheme": True}


def form(place: tuple[str, int]) -> Form:
    """The app's page, as a browser reads it."""
    read = Form()
    with urlopen(f"http://{place[0]}:{place[1]}/", timeout=TIMEOUT) as page:
        read.feed(page.read().decode())
    if not read.choices or not read.panes:
        raise SystemExit("this Shiny app has no selectInput to change, or no output")
    return read


async def _values(link: ClientConnection, tally: Tally) -> None:
    """Wait until outputs have new values."""
    async for message in link:
        tally.received += len(message)
        told = json.loads(message)
        if told.get("errors"):
            raise NoAnswerError("an output has an error")
        if told.get("values"):
            return
    raise NoAnswerError("closed")


async def reader(
    place: tuple[str, int],
    form: Form,
    seed: int,
    tally: Tally,
    end: Callable[[], bool],
    think: float,
) -> None:
    """One reader: opens the app at a pane, changes an input a few times, opens it anew."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.random() * think)

    async def timed(kind: str, link: ClientConnection, question: dict[str, Any]) -> None:
        began = time.perf_counter()
        await link.send(json.dumps(question))
        await asyncio.wait_for(_values(link, tally), TIMEOUT)
        tally.add(kind, time.perf_counter() - began)
        await asyncio.sleep(think * (0.5 + chance.random()))

    address = f"ws://{place[0]}:{place[1]}/websocket/"
    while not end():
        told = form.opened(chance.choice([pane for pane in form.panes if pane] or [""]))
        try:
            async with connect(address, max_size=None, open_timeout=TIMEOUT) as link:
                await timed("open", link, {"method": "init", "data": told})
                for _ in range(chance.randint(2, 8)):
                    if end():
                        return
                    name = chance.choice([n for n, v in form.choices.items() if len(v) > 1])
                    told[name] = chance.choice([v for v in form.choices[name] if v != told[name]])
                    await timed("click", link, {"method": "update", "data": {name: told[name]}})
        except (OSError, TimeoutError, WebSocketException, NoAnswerError) as problem:
            tally.wrong(type(problem).__name__)


async def closed_loop(place: tuple[str, int], readers: int, think: float, seconds: float) -> Tally:
    """Readers until the time is over."""
    tally, page = Tally(), form(place)
    over = time.perf_counter() + seconds

    def end() -> bool:
        return time.perf_counter() > over

    await asyncio.gather(*(reader(place, page, i, tally, end, think) for i in range(readers)))
    return tally


@contextmanager
def served(where: str) -> Iterator[Server]:
    """A Shiny app: at an address, or of a folder in an R of its own, gone afterward."""
    if "://" in where:
        parts = urlsplit(where)
        yield Server((parts.hostname or "127.0.0.1", parts.port or 80))
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = f"shiny::runApp(commandArgs(TRUE), host = '127.0.0.1', port = {port})"
    began = time.perf_counter()
    app = subprocess.Popen(
        ["Rscript", "-e", start, where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        common.wait_for(app, port, began)
        yield Server(("127.0.0.1", port), app.pid)
    finally:
        app.kill()
        app.wait()
