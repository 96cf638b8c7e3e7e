"""What a request costs: the same questions, one after the other, in the process of the server.

Processor time, so that other programs on the machine disturb little; ``python -m benchmarks.load
--inside 2400``. No network and no threads: beside it a served request costs about a millisecond.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from app import create_server, make_ready
from benchmarks import questions
from benchmarks.questions import Asked
from services.settings import Settings

READERS = 8
HEAD = ("request", "of all requests", "of all time", "mean", "median")
_HEADERS = {"Accept-Encoding": "br", "Cookie": "scheme=light; narrow=0; tablet=0"}


def _ask(client: Any, asked: Asked) -> float:
    """Processor seconds of a request."""
    headers = _HEADERS | ({"Referer": f"http://localhost{asked.referer}"} if asked.referer else {})
    told = {"data": asked.body, "content_type": "application/json"} if asked.body else {}
    began = time.process_time()
    answer = client.open(
        asked.path, method="POST" if asked.body else "GET", headers=headers, **told
    )
    took = time.process_time() - began
    if answer.status_code != 200:
        raise SystemExit(f"{asked.path} answered {answer.status_code}")
    return took


def measure(most: int, new: float) -> Iterator[Sequence[str]]:
    """Rows by kind of request; a quarter of the requests comes before and is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(browser=False, log="none", store_dir=Path(folder))
        client = create_server(settings).test_client()
        make_ready()
        for asked in questions.every_page():
            _ask(client, asked)
        numbers, taken = count(), dict[str, list[float]]()
        readers = [questions.actions(seed, numbers, new) for seed in range(READERS)]
        done, known = 0, set[Asked]()
        while done < most:
            for asked in next(readers[done % READERS]):
                kind = asked.kind
                if kind != "new view":
                    kind += ", asked before" if asked in known else ", for the first time"
                known.add(asked)
                took = _ask(client, asked)
                done += 1
                if done > most // 4:
                    taken.setdefault(kind, []).append(took)
    every = [took for found in taken.values() for took in found]
    for kind, found in (*sorted(taken.items()), ("all", every)):
        yield (
            kind,
            f"{len(found) / len(every):.0%}",
            f"{sum(found) / sum(every):.0%}",
            f"{1e3 * statistics.fmean(found):.1f} ms",
            f"{1e3 * statistics.median(found):.1f} ms",
        )
