"""Time a toggle on the forest: ``.venv/bin/python -m benchmarks.subgroups``.

A sex filter is switched on the subgroups page of the simulated AQUILA (390 patients, 8 variables).
The request that Chromium sends is caught and sent again to the application itself, with an empty
cache of results and with a full one; then the same box is clicked in Chromium and timed from the
click to the frame after the forest was drawn. Prints one table.
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

from playwright.sync_api import Page, sync_playwright

from services import analysis
from tests.browser import harness

PATH = "/study/aquila/subgroups"
GOALS = {"empty": 60.0, "full": 10.0, "painted": 130.0}
ROUNDS = 31

PAINTED = """() => new Promise(done => {
    const plot = document.querySelector('#subgroups-graph .js-plotly-plot');
    const box = document.querySelector('[data-column="SEX"] input[type=checkbox]');
    let started = 0;
    const drawn = () => {
        plot.removeListener('plotly_afterplot', drawn);
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - started), 0));
    };
    plot.on('plotly_afterplot', drawn);
    started = performance.now();
    box.click();
})"""


def milliseconds(act: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    act()
    return (clock() - start) * 1e3


def caught(page: Page) -> dict[str, Any]:
    """The request that the page sends when the first sex is chosen."""
    with page.expect_request(
        lambda r: "_dash-update" in r.url and "subgroups-graph" in str(r.post_data)
    ) as sent:
        page.evaluate(PAINTED)
    harness.settle(page)
    body: dict[str, Any] = json.loads(sent.value.post_data or "")
    return body


def main() -> int:
    analysis.set_cache_size(512)
    with (
        tempfile.TemporaryDirectory() as store,
        sync_playwright() as playwright,
    ):
        application = harness.application(Path(store))
        with harness.serve(application) as home:
            browser = harness.launch(playwright)
            page = browser.new_page(base_url=home, viewport={"width": 1440, "height": 900})
            harness.visit(page, PATH)
            variables = page.locator("#subgroups-variables li").count()
            body = caught(page)
            client = application.test_client()

            def answer() -> None:
                answered = client.post("/_dash-update-component", json=body)
                assert answered.status_code == 200, answered.status_code

            def cold() -> None:
                analysis.set_cache_size(512)
                answer()

            answer()
            times: dict[str, list[float]] = {}
            # Time of the processor too: what others do on this machine does not count there.
            for clock, of in ((time.perf_counter, ""), (time.thread_time, ", processor")):
                for label, act in (
                    ("server, empty cache", cold),
                    ("server, from the cache", answer),
                ):
                    times[label + of] = [milliseconds(act, clock) for _ in range(ROUNDS)]
            for label, emptied in (("from the cache", False), ("empty cache", True)):
                painted = times[f"click to paint, {label}"] = []
                for _ in range(ROUNDS):
                    if emptied:
                        analysis.set_cache_size(512)
                    painted.append(page.evaluate(PAINTED))
                    harness.settle(page)
            browser.close()
    print(f"{PATH}: {variables} variables, medians of {ROUNDS} in ms (fastest in brackets)")
    for label, found in times.items():
        kind = "painted" if "paint" in label else "empty" if "empty" in label else "full"
        middle = statistics.median(found)
        print(f"{label:36s} {middle:7.1f} ({min(found):.1f})   goal {GOALS[kind]:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
