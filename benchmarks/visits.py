"""Pages in Chromium, timed as a reader sees them: a first visit, a click, eight readers at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import harness

SIZE: ViewportSize = {"width": 1280, "height": 900}
RESTS = 0.25  # s; how long a pointer rests on a box before it is pressed
BETWEEN = 0.4  # s from an answer to the next click
SCRIPT = Path(__file__).with_name("clicks.js")
Target = int | tuple[str, int]


@dataclass(frozen=True)
class Kind:
    """A page of the study: what is read first, and what a click changes.

    ``answer``, ``words`` and ``tables`` are CSS selectors; without ``tables`` it is the charts that
    a click changes. ``choices`` are clicked where there are no filters: the text of a label, and
    which of those that have it. ``look`` is what the reader has scrolled to, where that begins
    below the window.
    """

    path: str
    words: str
    answer: str = "main .answer"
    tables: str = ""
    choices: tuple[tuple[str, int], ...] = ()
    look: str = ""

    @property
    def watched(self) -> dict[str, str]:
        return {"words": self.words, "tables": self.tables}


def _study(page: str, look: str = "") -> Kind:
    return Kind(f"/study/aquila/{page}", f"#population-summary, #{page}-answer", look=look)


KINDS = {
    "survival": _study("survival"),
    "subgroups": _study("subgroups"),
    "risk-models": _study("risk-models"),
    "safety": _study("safety", look="#safety-chart"),
    "benefit-risk": _study("benefit-risk"),
    "overview": Kind(
        "/study/aquila",
        "#population-summary",
        "main [data-island]",
        tables="#overview-patients",
        look="#overview-patients",
    ),
    "evidence": Kind(
        "/evidence",
        "#evidence-main > .table-note:first-child",
        "main [data-island]",
        "#evidence-main .evidence-section",
        (("Randomized", 0), ("All", 0)),
    ),
}
# Of the page /evidence: what is searched for, so that its views are new.
SEARCHED = ["dara", "len", "dexa", "mab", "a", "smol", "mye", "high", "NCT", "20", "2", "3"]


@dataclass
class Clicked:
    """Milliseconds of clicks; None is a click that nothing followed."""

    new: list[float | None] = field(default_factory=list)
    words: list[float | None] = field(default_factory=list)  # of new views: until those are read
    seen: list[float | None] = field(default_factory=list)
    seen_words: list[float | None] = field(default_factory=list)
    same: int = 0  # clicks whose charts or tables were the same after it

    def put(self, found: dict[str, Any], seen: bool) -> None:
        (self.seen if seen else self.new).append(found["ms"])
        (self.seen_words if seen else self.words).append(found["words"])
        self.same += found["same"]


@contextmanager
def opened(browser: Browser, home: str) -> Any:
    """An empty page of a reader who was never here."""
    context = browser.new_context(viewport=SIZE, base_url=home)
    context.set_default_timeout(harness.TIMEOUT_MS)
    context.add_init_script(path=SCRIPT)
    try:
        yield context.new_page()
    finally:
        context.close()


def first_visit(browser: Browser, home: str, kind: Kind) -> dict[str, Any]:
    """Bytes, requests and times in ms of a visit with nothing kept; no chart, no "chart"."""
    with opened(browser, home) as page:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        got = {"http": 0, "requests": 0}

        def finished(event: dict[str, Any]) -> None:
            got["http"] += event["encodedDataLength"]
            got["requests"] += 1

        line.on("Network.loadingFinished", finished)
        answer = page.goto(kind.path, wait_until="commit")
        times = page.evaluate(
            "([answer, chart]) => bench.first(answer, chart)", [kind.answer, not kind.tables]
        )
        harness.settle(page)
        page.wait_for_timeout(800)
        painted = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0]"
        )
        return {**got, "html": len(answer.body()), "fcp": painted, **times}


def ready(page: Page, path: str, look: str = "") -> None:
    """Open a page with all its filters, and wait until it has nothing more to do."""
    harness.visit(page, path)
    page.evaluate("bench.unfold()")
    if look:
        page.locator(look).evaluate("place => place.scrollIntoView({block: 'center'})")
    time.sleep(0.8)


def click(page: Page, kind: Kind, what: Target) -> dict[str, Any]:
    """Click without the pointer, which rests nowhere."""
    found: dict[str, Any] = page.evaluate(
        "([kind, what]) => bench.click(kind, what)", [kind.watched, what]
    )
    time.sleep(BETWEEN)
    return found


def press(page: Page, kind: Kind, what: Target) -> dict[str, Any]:
    """Click as a person does: the pointer rests, presses, lets go."""
    if isinstance(what, int):
        place = page.locator(".rail .option-row:visible").nth(what)
    else:
        named = re.compile(rf"^\s*{re.escape(what[0])}\s*$")
        place = page.locator("label").filter(has_text=named).nth(what[1])
    place.hover()
    time.sleep(RESTS)
    page.evaluate("kind => bench.listen(kind)", kind.watched)
    page.mouse.down()
    time.sleep(0.05)
    page.mouse.up()
    page.wait_for_function("() => bench.clicked")
    found: dict[str, Any] = page.evaluate("bench.clicked")
    time.sleep(BETWEEN)
    return found


Way = Callable[[Page, Kind, Target], dict[str, Any]]


def clicks(page: Page, kind: Kind, way: Way, targets: Sequence[int]) -> Clicked:
    """Each box of the rail on (a new view), off, on and off again (views seen before).

    On a page without a rail, each target is a search of its own for the choices of the page.
    """
    times = Clicked()
    if not kind.choices:
        ready(page, kind.path, kind.look)
    for target in targets:
        if kind.choices:
            ready(page, f"{kind.path}?q={SEARCHED[target % len(SEARCHED)]}")
        on, off = kind.choices or (target, target)
        for time_, what in enumerate((on, off, on, off)):
            times.put(way(page, kind, what), seen=time_ > 0)
    return times


def at_once(browser: Browser, home: str, kind: Kind, each: Sequence[Sequence[Target]]) -> Any:
    """Readers of one page who click at the same time, one list of targets each.

    Returns
    -------
    list of ms (None: lost), and the seconds all took together
    """
    with _several(browser, home, len(each)) as pages:
        for page in pages:
            ready(page, kind.path)
        began = time.perf_counter()
        for page, targets in zip(pages, each, strict=True):
            page.evaluate(
                "([kind, all]) => { bench.running = bench.series(kind, all); }",
                [kind.watched, list(targets)],
            )
        found = [one["ms"] for page in pages for one in page.evaluate("bench.running")]
        return found, time.perf_counter() - began


@contextmanager
def _several(browser: Browser, home: str, how_many: int) -> Any:
    if how_many == 0:
        yield []
        return
    with opened(browser, home) as page, _several(browser, home, how_many - 1) as others:
        yield [page, *others]
