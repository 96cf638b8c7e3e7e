"""Uploads over a socket, to ``python app.py`` as it is run. Oracle: what is in the store when a
client has gone, and that the next one is served."""

from __future__ import annotations

import http.client
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from callbacks.site.upload import has_left
from services.settings import ROOT
from services.study.model import SECRET_ID as ID
from services.uploads.importer import AT_ONCE, WAITING
from tests.bad_files import GOOD

SECONDS = 60.0
# Large enough that a reader is still at it when its client hangs up.
LARGE = (GOOD + "".join(f"T{i},Drug,OS,{i % 900},DAYS,{i % 2}\n" for i in range(200_000))).encode()


@dataclass(frozen=True)
class Running:
    """A server, and the folder it keeps uploads in."""

    port: int
    store: Path

    def get(self, path: str) -> int:
        """Status of an address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def kept(self) -> set[str]:
        """What lies in the store beside its lock."""
        found = self.store.iterdir() if self.store.is_dir() else ()
        return {path.name for path in found} - {".lock"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    store = tmp_path_factory.mktemp("http") / "store"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"SMM_STORE_DIR": str(store), "SMM_BROWSER": "0"},
        stdout=subprocess.DEVNULL,
    )
    server = Running(port, store)
    try:
        until(lambda: answers(server), "the server answers")
        yield server
    finally:
        process.terminate()
        process.wait()


def answers(server: Running) -> bool:
    try:
        return server.get("/healthz") == 200
    except OSError:  # not listening yet
        return False


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.02)


def request(content: bytes) -> bytes:
    """``POST /study`` with one file, as it goes over the wire."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="adtte"; filename="adtte.csv"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    head = (
        "POST /study HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def hang_up(client: socket.socket, reset: bool) -> None:
    """Close, in order or as a cable that is pulled out."""
    if reset:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def whole(server: Running) -> str:
    """Send a study in peace; its id."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as client:
        client.sendall(request(GOOD.encode()))
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert answer.status == 201, answer.read()
        return str(json.loads(answer.read())["study"])


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_client_gone_in_the_middle_of_the_body_leaves_nothing(
    running: Running, reset: bool
) -> None:
    before = running.kept()
    assert all(ID.fullmatch(name) for name in before)
    message = request(LARGE)
    for _ in range(AT_ONCE + WAITING + 1):  # a place lost each time would be noticed
        client = socket.create_connection(("127.0.0.1", running.port), timeout=SECONDS)
        client.sendall(message[: len(message) // 2])
        hang_up(client, reset)
        assert running.get("/healthz") == 200
    study = whole(running)
    assert running.kept() == before | {study}
    assert running.get(f"/study/{study}/survival.json") == 200


def test_a_client_gone_while_its_files_are_read_leaves_nothing(running: Running) -> None:
    before = running.kept()
    client = socket.create_connection(("127.0.0.1", running.port), timeout=SECONDS)
    client.sendall(request(LARGE))
    until(
        lambda: any(name.startswith(".staging-") for name in running.kept() - before),
        "its files are being read",
    )
    hang_up(client, reset=False)
    until(lambda: running.kept() == before, "what it sent is gone")
    study = whole(running)
    assert running.kept() == before | {study}


def test_idle_and_slow_clients_shut_nobody_out(running: Running) -> None:
    """More connections than thirty browsers hold; waitress serves 100 unless it is told."""
    clients = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(200)]
    try:
        for client in clients[:100]:
            client.sendall(b"GET /study/e3a06/survival HTTP/1.1\r\nHost: ")  # and never goes on
        for client in clients[100:120]:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")  # and never reads
        late = http.client.HTTPConnection("127.0.0.1", running.port, timeout=15)
        late.request("GET", "/studies.json")
        assert late.getresponse().read().startswith(b"[")
        late.close()
    finally:
        for client in clients:
            client.close()


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_who_has_gone_is_noticed_behind_gunicorn_too(reset: bool) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listening.getsockname())
    ours, _ = listening.accept()
    gone = has_left({"gunicorn.socket": ours})
    assert not gone()
    client.sendall(b"more")  # a further request on the same connection is no farewell
    assert not gone()
    ours.recv(4)
    hang_up(client, reset)
    until(gone, "the end is noticed")
    ours.close()
    assert gone()
    listening.close()
    assert not has_left({})()
    assert has_left({"waitress.client_disconnected": lambda: True})()
