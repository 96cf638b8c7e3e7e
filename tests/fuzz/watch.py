"""A server that is asked anything, and what of its answers is a fault.

A fault is an answer of 5xx, a traceback or an error in the log, a warning of the libraries, or more
than two seconds of processor time.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
import warnings
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

SECONDS = 2.0  # of processor: the machine may be busy with other things
_OURS = re.compile(r'File "[^"]*?/((?:app|callbacks|components|services)\b[^"]*)", line (\d+)')


@dataclass(frozen=True)
class Sent:
    """A request as it stands on the wire; text stands for its bytes in latin-1."""

    path: str
    query: str = ""
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    kind: str = ""

    def __str__(self) -> str:
        body = self.body[:3000]
        return f"{self.method} {self.path}?{self.query[:3000]} {self.headers} {self.kind} {body!r}"

    @property
    def size(self) -> int:
        return len(str(self)) + len(self.body)


@dataclass
class Watch:
    """Sends requests, and keeps the shortest one of each kind of fault."""

    server: Flask
    sent: int = 0
    slowest: float = 0.0
    faults: dict[str, tuple[Sent, str]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)

    def send(self, sent: Sent) -> tuple[int, bytes]:
        """Send a request and judge the answer, which is returned."""
        log = _Log()
        root = logging.getLogger()
        root.addHandler(log)
        self.sent += 1
        began = time.process_time()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                status, body = answer(self.server, sent)
        except Exception as problem:  # what Flask did not catch
            status, body = 500, b""
            log.told.append("".join(traceback.format_exception(problem)))
        finally:
            root.removeHandler(log)
        took = time.process_time() - began
        self.slowest = max(took, self.slowest)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        for told in log.told:
            self._fault(_named(told), sent, told)
        if status >= 500 and not log.told:
            self._fault(f"{status} without a word", sent, "")
        if took > SECONDS:
            self._fault(f"slow: {sent.path.rpartition('/')[2][:40]}", sent, f"{took:.1f} s")
        return status, body

    def _fault(self, name: str, sent: Sent, told: str) -> None:
        known = self.faults.get(name)
        if known is None or sent.size < known[0].size:
            self.faults[name] = sent, told

    def summary(self) -> str:
        """How many, how they were answered, and the processor time of the slowest."""
        told = ", ".join(f"{n:,} x {status}" for status, n in sorted(self.statuses.items()))
        return f"{self.sent:,} requests: {told}; slowest {self.slowest:.2f} s"

    def report(self) -> str:
        """Every kind of fault, with a request that shows it."""
        parts = [f"{len(self.faults)} kinds of fault in {self.sent:,} requests"]
        parts += [f"--- {n}\n{sent}\n{told}" for n, (sent, told) in self.faults.items()]
        return "\n".join(parts)


def answer(server: Flask, sent: Sent) -> tuple[int, bytes]:
    """Status and body, as a WSGI server would have them."""
    builder = EnvironBuilder(
        method=sent.method, data=sent.body or None, content_type=sent.kind or None
    )
    environ = builder.get_environ()
    builder.close()
    environ["PATH_INFO"], environ["QUERY_STRING"] = sent.path, sent.query
    for name, value in sent.headers:
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    body, status, _ = run_wsgi_app(server, environ, buffered=True)
    return int(status.split(" ", 1)[0]), b"".join(body)


class _Log(logging.Handler):
    """What a person would have to look into."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + "".join(traceback.format_exception(*record.exc_info))
        if record.levelno >= logging.ERROR or "Traceback" in text:
            self.told.append(text)


def _named(told: str) -> str:
    """The last place in our code and the kind of error."""
    places: list[Any] = _OURS.findall(told)
    last = told.strip().rpartition("\n")[2]
    return f"{':'.join(places[-1]) if places else ''} {last.partition(':')[0][:60]}"
