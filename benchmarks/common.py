"""What the benchmarks share: the app in a process of its own, what it takes, and tables."""

from __future__ import annotations

import http.client
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120.0  # s; what takes longer never comes


@dataclass(frozen=True)
class App:
    """A running app: its process, its port, and what it had taken when the port answered."""

    pid: int
    port: int
    wall: float
    processor: float

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """GET an address; status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


@contextmanager
def running(workers: int = 0) -> Iterator[App]:
    """The app of this checkout on a free port with an empty store; gone afterward.

    Parameters
    ----------
    workers : processes of gunicorn; 0 is the app's own server
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as store:
        began = time.perf_counter()
        command = [sys.executable, "app.py", "--no-browser", "--port", str(port)]
        if workers:
            told = f"-b 127.0.0.1:{port} -w {workers} --threads 16 --keep-alive 30 -t 120"
            command = [sys.executable, "-m", "gunicorn", *told.split(), "app:create_server()"]
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"SMM_STORE_DIR": store, "SMM_LOG": "none"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if workers else None,  # gunicorn tells of each worker
        )
        try:
            wait_for(server, port, began)
            wall = time.perf_counter() - began
            yield App(server.pid, port, wall, cpu_seconds(server.pid))
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(server: subprocess.Popen[bytes], port: int, began: float) -> None:
    """Return when the port of a process that was just started answers."""
    while time.perf_counter() - began < LONGEST:
        if server.poll() is not None:
            raise SystemExit(f"the app ended with {server.returncode} before its port answered")
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.005)
    raise SystemExit("the port of the app does not answer")


def rest(pid: int) -> None:
    """Return when a process has used no processor for half a second (Linux)."""
    used = -1.0
    for _ in range(120):
        before, used = used, cpu_seconds(pid)
        if used - before < 0.02:
            return
        time.sleep(0.5)
    raise SystemExit("the app does not come to rest")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of those it has started and seen end (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """Processes that a process has started (Linux)."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(p) for p in (task / "children").read_text().split()]
    return found


def memory(pid: int, mark: str = "VmRSS") -> float:
    """MiB a process holds, or held at most ("VmHWM"); 0 if it is gone (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"^{mark}:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def own_peak() -> float:
    """MiB this process has held at most."""
    # getrusage starts a child at its parent's peak on Linux; the kernel's own mark does not.
    return memory(os.getpid(), "VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Stats = dict[str, float]


def stats(values: Iterable[float | None], digits: int = 0) -> Stats | None:
    """Median, 95th percentile (between neighbors, as numpy has it), least and most; None of none.

    A value of None was lost, and is not counted.
    """
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = 0.95 * (len(known) - 1)
    low = int(place)
    high = known[min(low + 1, len(known) - 1)]
    several = {
        "median": statistics.median(known),
        "p95": known[low] + (place - low) * (high - known[low]),
        "min": known[0],
        "max": known[-1],
    }
    rounded = {name: round(value, digits or None) for name, value in several.items()}
    return {"n": len(known), **rounded}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left and the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
