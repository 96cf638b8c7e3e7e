"""Numbers for Prometheus, on a port of their own, summed over all workers of one server.

Each worker counts in files of its own, in a folder that all workers of a server share; whichever
has the port sums them up. If it ends, another takes the port.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services import found
from services.errors import UserError
from services.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
RETRY_SECONDS = 5.0  # until another worker looks whether the port is free
STORE_SECONDS = 60.0  # for which the size of the store is remembered: looking takes its time
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_UPLOADED = {201: "stored", 422: "refused", 503: "busy", 507: "full"}


def start(
    settings: Settings, store_bytes: Callable[[], int]
) -> Callable[[str, str, int, float], None]:
    """Serve the numbers from now on; what is to be told of each request is given back.

    Raises
    ------
    UserError : the package prometheus-client is not installed
    """
    # The package looks for this when it is imported.
    if FOLDER not in os.environ:
        os.environ[FOLDER] = str(_folder(settings.metrics_port))
    try:
        from prometheus_client import CollectorRegistry, Counter, Histogram
        from prometheus_client.multiprocess import MultiProcessCollector
    except ImportError as problem:
        raise UserError(
            "SMM_METRICS_PORT is set, and the package prometheus-client is not installed.",
            "Install the packages of requirements-deploy.lock.",
        ) from problem
    own = CollectorRegistry()
    labels = ("method", "rule", "status")
    requests = Counter("smm_requests", "Requests answered.", labels, registry=own)
    seconds = Histogram(
        "smm_request_seconds", "Seconds until an answer was ready.", ("rule",),
        buckets=_BUCKETS, registry=own,
    )  # fmt: skip
    pages = Counter(
        "smm_cached_pages", "Pages asked of the cache of results.", ("found",), registry=own
    )
    answers = Counter(
        "smm_kept_answers", "Questions about studies that were asked before.", ("found",),
        registry=own,
    )  # fmt: skip
    uploads = Counter("smm_uploads", "Uploads received.", ("result",), registry=own)

    def asked(kind: found.Kind, kept: bool) -> None:
        (pages if kind == "page" else answers).labels("yes" if kept else "no").inc()

    def told(method: str, rule: str, status: int, took: float) -> None:
        requests.labels(method, rule, str(status)).inc()
        seconds.labels(rule).observe(took)
        if (method, rule) == ("POST", "/study"):
            uploads.labels(_UPLOADED.get(status, "failed")).inc()

    found.on_asked(asked)
    shown = CollectorRegistry()
    MultiProcessCollector(shown, path=os.environ[FOLDER])  # type: ignore[no-untyped-call]
    shown.register(_Store(store_bytes))
    threading.Thread(
        target=_serve, args=(settings.host, settings.metrics_port, shown), name="metrics",
        daemon=True,
    ).start()  # fmt: skip
    return told


class _Store:
    """The size of the store, which no worker counts."""

    def __init__(self, store_bytes: Callable[[], int]) -> None:
        self._store_bytes = store_bytes
        self._known: tuple[float, int] | None = None

    def collect(self) -> Iterator[Any]:
        """The one number; left out while the store does not answer."""
        from prometheus_client.metrics_core import GaugeMetricFamily

        if self._known is None or time.monotonic() - self._known[0] > STORE_SECONDS:
            try:
                self._known = time.monotonic(), self._store_bytes()
            except UserError:
                return
        yield GaugeMetricFamily("smm_store_bytes", "Bytes of uploads stored.", self._known[1])


def _serve(host: str, port: int, shown: CollectorRegistry) -> None:
    """Have the port, or wait until the worker that has it ends."""
    from prometheus_client import start_http_server

    while True:
        try:
            start_http_server(port, host, registry=shown)
        except OSError:  # another worker has it
            time.sleep(RETRY_SECONDS)
        else:
            return


def _folder(port: int) -> Path:
    """The folder of all workers of this server: they have one parent. Others' rests are removed."""
    root = Path(tempfile.gettempdir())
    name = f"smm-metrics-{os.getuid() if hasattr(os, 'getuid') else 0}-{port}-"
    for old in root.glob(f"{name}*"):
        with suppress(ValueError, PermissionError, ProcessLookupError):
            try:
                os.kill(int(old.name.removeprefix(name)), 0)
            except ProcessLookupError:
                shutil.rmtree(old, ignore_errors=True)
    folder = root / f"{name}{os.getppid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
