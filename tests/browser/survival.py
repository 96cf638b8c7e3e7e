"""The survival page as a browser test sees it: what it says, and its controls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, Request, Route

from tests.browser import harness

PATH = "/study/e3a06/survival"
UPDATE = "**/_dash-update-component*"
# In what is asked ahead once another endpoint was chosen: the page as it was opened.
WAY_BACK = '{"id":"survival-endpoint","property":"value","value":"PFS"}'

# Plotly's own account of what it drew.
DRAWN = """() => {
    const plot = document.querySelector('#survival-graph .js-plotly-plot');
    const curves = plot._fullData.filter(t => t.meta === 'curve');
    return {
        names: curves.map(t => t.name),
        ends: curves.map(t => Number(t.y[t.y.length - 1])),
        ink: plot.layout.font.color,
        range: plot._fullLayout.xaxis.range,
        type: plot._fullLayout.yaxis.type,
        metas: [...new Set(plot._fullData.map(t => t.meta))],
        paths: document.querySelectorAll('#survival-graph .scatterlayer path.js-line').length,
    };
}"""


def answer(page: Page) -> Locator:
    return page.locator("#survival-answer")


def query(page: Page) -> dict[str, list[str]]:
    harness.settle(page)
    return parse_qs(urlsplit(page.url).query)


def drawn(page: Page) -> dict[str, object]:
    return dict(page.evaluate(DRAWN))


def choose(page: Page, label: str) -> None:
    """Click a choice of a switch, as one sees it."""
    page.locator("label.segment", has_text=re.compile(f"^{label}$")).click()


def tick(page: Page, column: str, label: str) -> None:
    page.locator(f'[data-column="{column}"]').get_by_label(re.compile(f"^{label}")).click()


@contextmanager
def posts(page: Page) -> Iterator[list[str]]:
    """What the page asks of the server meanwhile."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if "_dash-update-component" in request.url:
            seen.append(request.post_data or "")

    page.on("request", note)
    try:
        yield seen
    finally:
        page.remove_listener("request", note)


def drag(page: Page) -> None:
    """Zoom into a part of the chart."""
    before = drawn(page)["range"]
    box = page.locator("#survival-graph .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 160, steps=6)
    page.mouse.up()
    page.wait_for_function(f"before => ({DRAWN})().range[0] > before[0] + 0.1", arg=before)


def hold(page: Page, said: str) -> list[Route]:
    """Questions that say this wait until they are let go."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        if said in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route(UPDATE, keep)
    return held


def release(page: Page, held: list[Route]) -> None:
    """Let the questions go that ``hold`` keeps, and later ones too."""
    for route in held:
        route.continue_()
    page.unroute(UPDATE)
