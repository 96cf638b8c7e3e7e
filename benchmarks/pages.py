"""Time the app as its readers meet it: start, first visit, clicks, eight at once, memory.

``.venv/bin/python -m benchmarks.pages [--json OUT] [--quick]`` prints one Markdown table; what each
number means stands in benchmarks/README.md. Everything is asked of the simulated AQUILA (390
patients) and of the page of evidence, of the app in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import common, visits
from benchmarks.common import App, stats
from benchmarks.visits import KINDS, Target
from tests.browser import harness

SURVIVAL, SUBGROUPS = KINDS["survival"], KINDS["subgroups"]
ENDPOINTS = ("Progression-free survival", "Overall survival", "Time to first-line treatment")
READERS = 8
Found = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How often each thing is measured."""

    starts: int = 5
    first_sessions: int = 3
    visits: int = 5
    boxes: int = 4  # new views of each page, and of each way to click
    toggles: int = 8
    each: int = 5  # clicks of each of the readers at once


QUICK = Size(starts=2, first_sessions=1, visits=2, boxes=2, toggles=3, each=2)


def start(size: Size) -> Found:
    """The process: when its port answers, when its first page is answered, and at what cost."""
    port, page, port_processor, page_processor = [], [], [], []
    for _ in range(size.starts):
        with common.running() as app:
            began = time.perf_counter()
            status, _body = app.get(SURVIVAL.path)
            page.append(app.wall + time.perf_counter() - began)
            page_processor.append(common.cpu_seconds(app.pid))
            assert status == 200, status
            port.append(app.wall)
            port_processor.append(app.processor)
    return {
        "1_port_ready_ms": stats([1e3 * s for s in port]),
        "1_first_answer_ms": stats([1e3 * s for s in page]),
        "1_port_ready_processor_s": stats(port_processor, 2),
        "1_first_answer_processor_s": stats(page_processor, 2),
    }


def first_sessions(browser: Browser, size: Size) -> Found:
    """Somebody opens a page while the process starts, and waits for it."""
    found = []
    for _ in range(size.first_sessions):
        with common.running() as app:
            found.append(visits.first_visit(browser, app.home, SURVIVAL))
    times = {name: stats([visit[name] for visit in found]) for name in ("fcp", "answer", "chart")}
    return {
        "2_first_session_ms": times["chart"] and times["chart"]["median"],
        "2_first_session": times,
    }


def first_visits(browser: Browser, app: App, size: Size) -> Found:
    """Fresh browsers, when others were there before."""
    pages: Found = {}
    for name, kind in KINDS.items():
        visits.first_visit(browser, app.home, kind)
        times = size.visits if name in ("survival", "subgroups") else max(1, size.visits // 2)
        found = [visits.first_visit(browser, app.home, kind) for _ in range(times)]
        pages[name] = {key: stats([visit[key] for visit in found]) for key in found[0]}
    survival = pages["survival"]
    return {
        "2_first_km_ms": survival["chart"],
        "2_answer_ms": survival["answer"],
        "2_fcp_ms": survival["fcp"] and survival["fcp"]["median"],
        "2_bytes": {key: survival[key]["median"] for key in ("http", "requests", "html")},
        "2_first_forest_ms": pages["subgroups"]["chart"],
        "2_pages": pages,
    }


def endpoints(browser: Browser, app: App, size: Size) -> Found:
    """Another endpoint, without resting: two views that are new, then ones that were seen."""
    found: Found = {}
    for name in ("survival", "subgroups"):
        kind = KINDS[name]
        with visits.opened(browser, app.home) as page:
            visits.ready(page, kind.path)
            order = [ENDPOINTS[1], ENDPOINTS[2], *ENDPOINTS[: size.toggles]]
            order += [ENDPOINTS[i % 3] for i in range(max(0, size.toggles - 3))]
            taken = [visits.click(page, kind, (label, 0))["ms"] for label in order]
        found[f"3_{name}_endpoint_new_ms"] = stats(taken[:2])
        found[f"3_{name}_endpoint_seen_ms"] = stats(taken[2:])
    return found


def filters(browser: Browser, app: App, size: Size) -> Found:
    """A filter on each page; the two ways to click get boxes of their own, so both are new."""
    found: Found = {}
    same = {}
    for place, (name, kind) in enumerate(KINDS.items()):
        _tell(f"filters of {name}")
        for way, key in ((visits.click, ""), (visits.press, "_rested")):
            first = place * 2 * size.boxes + (size.boxes if key else 0)
            with visits.opened(browser, app.home) as page:
                boxes = _boxes(page, kind)
                targets = [(first + i) % boxes for i in range(size.boxes)]
                times = visits.clicks(page, kind, way, targets)
            found[f"4_{name}_filter{key}_new_ms"] = stats(times.new)
            found[f"4_{name}_filter{key}_words_ms"] = stats(times.words)
            found[f"4_{name}_filter{key}_back_ms"] = stats(times.seen)
            found[f"4_{name}_filter{key}_back_words_ms"] = stats(times.seen_words)
            lost = sum(ms is None for ms in times.new + times.seen)
            same[f"{name}{key}"] = {"same": times.same, "lost": lost}
    return {**found, "4_filters": same}


def _boxes(page: Any, kind: visits.Kind) -> int:
    if kind.choices:
        return len(visits.SEARCHED)
    visits.ready(page, kind.path)
    count: int = page.evaluate("bench.boxes()")
    return count


def eight(browser: Browser, app: App, size: Size) -> Found:
    """Eight readers of the survival page at once: endpoints, then filters."""
    # Each in an order of its own, and never what is shown already.
    by_label: list[list[Target]] = [
        [(ENDPOINTS[(i + 1) % 2], 0) for i in range(size.each)] for _ in range(READERS)
    ]
    by_box: list[list[Target]] = [
        [(reader + i) % 10 for i in range(size.each)] for reader in range(READERS)
    ]
    toggled, toggled_wall = visits.at_once(browser, app.home, SURVIVAL, by_label)
    filtered, filtered_wall = visits.at_once(browser, app.home, SURVIVAL, by_box)
    return {
        "5_eight_users_ms": stats(toggled),
        "5_lost": sum(ms is None for ms in toggled),
        "5_wall_s": round(toggled_wall, 1),
        "5_eight_users_filters_ms": stats(filtered),
        "5_filters_lost": sum(ms is None for ms in filtered),
        "5_filters_wall_s": round(filtered_wall, 1),
    }


def measured(browser: Browser, size: Size) -> Found:
    """All of it; each part's process is as new as the part needs it."""
    _tell("the start of the process")
    found = start(size) | first_sessions(browser, size)
    with common.running() as app:
        app.get("/healthz")
        common.rest(app.pid)
        found["rss_idle"] = round(common.memory(app.pid))
        _tell("first visits")
        found |= first_visits(browser, app, size)
        found["rss_after_loads"] = round(common.memory(app.pid))
        _tell("endpoints")
        found |= endpoints(browser, app, size)
        found |= filters(browser, app, size)
        found["rss_after_clicks"] = round(common.memory(app.pid))
        _tell("eight at once")
        found |= eight(browser, app, size)
        found["rss_after"] = round(common.memory(app.pid))
    return found


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


# Key -> what the row says, its unit, and the aim (nothing: none, or only as a ratio).
ROWS: Mapping[str, tuple[str, str, str]] = {
    "1_port_ready_ms": ("start: port answers", "ms", ""),
    "1_port_ready_processor_s": ("start: processor until then", "s", ""),
    "1_first_answer_ms": ("start: first page answered", "ms", ""),
    "1_first_answer_processor_s": ("start: processor until then", "s", ""),
    "3_survival_endpoint_new_ms": ("survival: another endpoint, new", "ms", "150"),
    "3_survival_endpoint_seen_ms": ("survival: another endpoint, seen", "ms", "50"),
    "3_subgroups_endpoint_new_ms": ("subgroups: another endpoint, new", "ms", "150"),
    "3_subgroups_endpoint_seen_ms": ("subgroups: another endpoint, seen", "ms", "50"),
    "5_eight_users_ms": ("eight at once: endpoints", "ms", ""),
    "5_eight_users_filters_ms": ("eight at once: filters", "ms", ""),
}
VISITS = {
    "http": ("bytes on the wire", "", "800000"),
    "requests": ("requests", "", "25"),
    "html": ("bytes of HTML", "", "30000"),
    "fcp": ("first contentful paint", "ms", ""),
    "answer": ("answer readable", "ms", ""),
    "chart": ("first chart", "ms", ""),
}
WAYS = {
    "_new": ("a new view", "150"),
    "_words": ("a new view, its words", "150"),
    "_back": ("a seen view", "50"),
    "_back_words": ("a seen view, its words", "50"),
    "_rested_new": ("a new view, pointer rested", "150"),
    "_rested_words": ("a new view, pointer rested, its words", "150"),
    "_rested_back": ("a seen view, pointer rested", "50"),
    "_rested_back_words": ("a seen view, pointer rested, its words", "50"),
}


def rows(found: Found) -> Iterator[Sequence[str]]:
    """The table's rows, in the order of the keys."""
    for key in [key for key in ROWS if key.startswith("1")]:
        yield _row(ROWS[key][0], found[key], ROWS[key][2], ROWS[key][1])
    for name, taken in found["2_first_session"].items():
        said, unit, _ = VISITS[name]
        yield _row(f"first visit of the process, survival: {said}", taken, "", unit)
    for page, numbers in found["2_pages"].items():
        for name, (said, unit, aim) in VISITS.items():
            if numbers[name] is not None:
                yield _row(f"first visit, {page}: {said}", numbers[name], aim, unit)
    for key in [key for key in ROWS if key.startswith("3")]:
        yield _row(ROWS[key][0], found[key], ROWS[key][2], ROWS[key][1])
    for name in KINDS:
        for way, (said, aim) in WAYS.items():
            key = f"4_{name}_filter{way}_ms"
            yield _row(f"{name}: {said}", found[key], aim, "ms")
    for key, lost in (
        ("5_eight_users_ms", "5_lost"),
        ("5_eight_users_filters_ms", "5_filters_lost"),
    ):
        yield _row(f"{ROWS[key][0]}, {found[lost]} lost", found[key], "", "ms")
    for key, said, aim in (
        ("rss_idle", "idle", "250"),
        ("rss_after_loads", "after the visits", ""),
        ("rss_after_clicks", "after the clicks", ""),
        ("rss_after", "after the eight", ""),
    ):
        yield _row(f"memory {said}", {"median": found[key], "n": 1}, aim, "MiB")


def _row(said: str, taken: common.Stats | None, aim: str, unit: str) -> list[str]:
    label = f"{said}, {unit}" if unit else said
    if taken is None:
        return [label, "lost", "", "", "", "0", aim]
    cells = [f"{taken[k]:,}" if k in taken else "" for k in ("median", "p95", "min", "max", "n")]
    return [label, *cells, aim]


def main() -> None:
    """Print the table, and write the JSON if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the numbers here too")
    parser.add_argument("--quick", action="store_true", help="a few of each: does it run at all?")
    chosen = parser.parse_args()
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        found = {"chromium": browser.version} | measured(browser, QUICK if chosen.quick else Size())
        browser.close()
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")
    print(common.table(("", "median", "p95", "least", "most", "n", "aim"), rows(found)))


if __name__ == "__main__":
    main()
