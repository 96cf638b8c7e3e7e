"""What the load counts, of which processes, and the lines it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import common

TIMEOUT = 60.0  # s; what takes longer is an error


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

    def told(self) -> str:
        """The errors in words."""
        return ", ".join(f"{n} x {what}" for what, n in self.errors.items()) or "none"


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


@dataclass(frozen=True)
class Run:
    """What a time of load did: seconds, processor seconds and MiB of the server around it."""

    tally: Tally
    seconds: float
    used: float
    before: float
    after: float

    @property
    def each(self) -> float:
        """Processor milliseconds of the server for a request."""
        return 1e3 * self.used / max(1, len(self.tally.seconds))


def percentile(taken: Sequence[float], share: float) -> str:
    """Of seconds, in milliseconds; a dash of none."""
    if not taken:
        return "-"
    return f"{1e3 * sorted(taken)[min(int(share * len(taken)), len(taken) - 1)]:,.0f}"


def lines(run: Run, server: Server) -> list[tuple[str, str]]:
    """Rows of the table of one run."""
    tally, asked = run.tally, len(run.tally.seconds)
    rows = [
        ("requests", f"{asked:,} ({asked / run.seconds:.1f} a second)"),
        ("errors", tally.told()),
    ]
    for name, taken in (("all", tally.seconds), *sorted(tally.of.items())):
        told = " / ".join(percentile(taken, share) for share in (0.5, 0.95, 0.99))
        rows.append((f"p50 / p95 / p99, {name}", f"{told} ms ({len(taken):,})"))
    rows.append(("bytes a request", f"{tally.received / max(1, asked):,.0f}"))
    if server.pid is not None:
        rows.append(("processor a request", f"{run.each:.1f} ms"))
        rows.append(("memory", f"{run.before:,.0f} to {run.after:,.0f} MiB"))
    return rows
