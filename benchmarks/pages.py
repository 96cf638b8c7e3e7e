"""Time a toggle on the survival page and on the forest: ``.venv/bin/python -m benchmarks.pages``.

Filters are switched on pages of the simulated AQUILA (390 patients; 8 variables in the forest).

- At the server: the question that Chromium sends is caught and asked again of the application
  itself, with an empty cache of results and with a full one.
- In Chromium, without a graphics card, as a person does it: the pointer rests on a check box for a
  quarter of a second, presses and lets go. Timed from the click until chart and summary are on the
  screen; views that were never shown ("new"), then ones that were ("seen").

Prints one Markdown table: medians in ms, the fastest in brackets.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, sync_playwright

from services.pages import cache
from tests.browser import harness

PAGES = {"survival": "/study/aquila/survival", "subgroups": "/study/aquila/subgroups"}
NEW, SEEN = 130, 50
ROUNDS = 21
RESTS = 0.25  # s; how long a pointer rests on a box before it is pressed

TIMED = """graph => {
    const lines = () => Array.from(
        document.querySelectorAll(graph + ' .scatterlayer path'), p => p.getAttribute('d')).join();
    const words = () => document.querySelector('#population-summary').textContent;
    window.painted = null;
    document.addEventListener('click', async () => {
        const started = performance.now(), before = [lines(), words()];
        const shown = () => words() !== before[1]
            && (document.querySelector('.picture') || lines() !== before[0]);
        while (!shown() && performance.now() - started < 5000) {
            await new Promise(go => requestAnimationFrame(() => setTimeout(go, 0)));
        }
        window.painted = performance.now() - started;
    }, {capture: true, once: true});
}"""


def milliseconds(act: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    act()
    return (clock() - start) * 1e3


def clicked(page: Page, name: str, box: int) -> float:
    """Milliseconds from the click on a check box of the rail to what it brings."""
    row = page.locator(".rail .option-row").nth(box)
    row.hover()
    time.sleep(RESTS)
    page.evaluate(TIMED, f"#{name}-graph")
    page.mouse.down()
    time.sleep(0.05)
    page.mouse.up()
    page.wait_for_function("() => window.painted !== null")
    took: float = page.evaluate("window.painted")
    harness.settle(page)
    time.sleep(0.3)
    return took


def at_the_server(application: Flask, body: dict[str, Any]) -> dict[str, list[float]]:
    """Wall time, and time of the processor: what others do on this machine counts only there."""
    client = application.test_client()

    def answer() -> None:
        answered = client.post("/_dash-update-component", json=body)
        assert answered.status_code == 200, answered.status_code

    def cold() -> None:
        cache.set_cache_size(512)
        answer()

    answer()
    times = {}
    for clock, of in ((time.perf_counter, "wall"), (time.thread_time, "processor")):
        times[f"empty, {of}"] = [milliseconds(cold, clock) for _ in range(ROUNDS)]
        times[f"full, {of}"] = [milliseconds(answer, clock) for _ in range(ROUNDS)]
    return times


def measured(application: Flask, page: Page, name: str) -> dict[str, list[float]]:
    """All times of one page, by what was measured."""
    harness.visit(page, PAGES[name])
    boxes = page.locator(".rail .option-row:visible").count()
    with page.expect_request(
        lambda r: "_dash-update" in r.url and f"{name}-graph" in str(r.post_data)
    ) as sent:
        clicked(page, name, 0)
    times = at_the_server(application, json.loads(sent.value.post_data or ""))
    clicked(page, name, 0)
    new, seen = [], []
    for box in range(1, boxes):
        cache.set_cache_size(512)
        new.append(clicked(page, name, box))
        clicked(page, name, box)
        seen += [clicked(page, name, box), clicked(page, name, box)]
    return times | {"new": new, "seen": seen}


def main() -> int:
    cache.set_cache_size(512)
    with tempfile.TemporaryDirectory() as store, sync_playwright() as playwright:
        application = harness.application(Path(store))
        with harness.serve(application) as home:
            browser = harness.launch(playwright)
            page = browser.new_page(base_url=home, viewport={"width": 1440, "height": 900})
            found = {name: measured(application, page, name) for name in PAGES}
            browser.close()
    print("| | survival | subgroups | aim |\n| --- | ---: | ---: | ---: |")
    labels = {
        "empty, wall": ("server, nothing cached, wall", "60 (subgroups)"),
        "empty, processor": ("server, nothing cached, processor", ""),
        "full, wall": ("server, from the cache, wall", "10 (subgroups)"),
        "full, processor": ("server, from the cache, processor", ""),
        "new": ("click to paint, a new view", str(NEW)),
        "seen": ("click to paint, a view seen before", str(SEEN)),
    }
    for key, (label, aim) in labels.items():
        cells = [
            f"{statistics.median(times[key]):.0f} ({min(times[key]):.0f})"
            for times in found.values()
        ]
        print(f"| {label} | {' | '.join(cells)} | {aim} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
