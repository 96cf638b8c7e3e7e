"""What the browser tests and the screenshots share: a server, a Chromium, a watch on the page."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import waitress.server
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

# The list of names is the one in tools/ensure_chromium.sh.
# The shell has no window to draw: the same pages take two thirds of the processor's time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = (
    "--no-sandbox",  # root in a container has no sandbox to offer
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 60_000  # a busy machine with a cold server

OpenPage = Callable[..., Page]

# Dash marks what waits for a callback; the second is its renderer before the first layout. What
# was just clicked is a few frames from being asked, and an answer from being drawn.
SETTLED = """async () => {
    for (let still = 0; still < 4; still++) {
        await new Promise(requestAnimationFrame);
        if (!document.querySelector('#react-entry-point > *')
            || document.querySelector('._dash-loading, [data-dash-is-loading="true"]')
            || (window.questions && window.questions.behind())) still = -1;
    }
    return true;
}"""


def find_chromium() -> str:
    """Path of the system's Chromium (``CHROMIUM`` overrides); RuntimeError with the remedy."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES)):
        if path := shutil.which(name):
            return path
    raise RuntimeError(
        "The browser tests need Chromium and found none of "
        f"{', '.join(CHROMIUM_NAMES)} on the PATH. `make test` as root installs it; otherwise "
        "install your system's chromium package, or set CHROMIUM=/path/to/chrome."
    )


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium without a window."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_ARGS))


def application(store: Path) -> Any:
    """The WSGI application, its uploads kept in ``store``."""
    from app import create_server
    from services.settings import Settings

    return create_server(Settings(store_dir=store, browser=False))


@contextmanager
def serve(application: Any) -> Iterator[str]:
    """Serve a WSGI application with waitress, as in production; yields its origin."""
    server = waitress.server.create_server(application, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, name="waitress", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(server.close)  # waitress closes in its own loop
        thread.join(timeout=5)


@dataclass
class Watch:
    """What happened in a browser context: errors, requests and the addresses they went to."""

    home: str
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page the context opens."""
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("page", self._on_page)

    def forget(self) -> None:
        """Begin anew: what was seen belongs to a test that is over."""
        for seen in (self.console, self.errors, self.requests):
            seen.clear()

    def _on_page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("crash", lambda _: self.errors.append("the page crashed"))

    def _on_console(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        # Chromium asks for the icon of what is no page, too, and late: of /healthz between tests.
        if message.type == "error" and place != f"{self.home}/favicon.ico":
            self.console.append(f"{message.text} [{place}]")

    def strangers(self) -> list[str]:
        """Requests that left the origin."""
        local = (self.home + "/", "data:", "blob:", "about:")
        return [url for url in self.requests if not f"{url}/".startswith(local)]

    def problems(self, provoked: Iterable[str] = ()) -> list[str]:
        """One line for each thing that must not happen, save console errors like ``provoked``."""
        patterns = [re.compile(pattern) for pattern in provoked]
        return [
            *(
                f"console error: {text}"
                for text in self.console
                if not any(pattern.search(text) for pattern in patterns)
            ),
            *(f"page error: {text}" for text in self.errors),
            *(f"request off the origin: {url}" for url in self.strangers()),
        ]


def settle(page: Page) -> None:
    """Wait until the page has drawn itself and nothing is under way, after a click too."""
    page.wait_for_function(SETTLED)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(SETTLED)


def pick(page: Page, control: str, option: str) -> None:
    """Choose in a drop-down, or tick in one of several, by the words that are seen."""
    field = page.locator(f"#{control}")
    if field.evaluate("field => field.matches('select')"):
        field.select_option(label=option)
        return
    role: Literal["option", "checkbox"]
    role = "option" if field.get_attribute("role") == "combobox" else "checkbox"
    field.click()
    page.locator(f"#{control}-options").get_by_role(role, name=option, exact=True).click()


# Charts follow the window's width; each is as wide as its place when it has.
FITTED = """() => [...document.querySelectorAll('.js-plotly-plot')].every(plot => {
    const svg = plot.querySelector('svg.main-svg');
    const width = plot.getBoundingClientRect().width;
    if (!width || !plot.checkVisibility()) return true;
    return svg && Math.abs(svg.getBoundingClientRect().width - width) < 2;
})"""
FRAMES = """() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""


def widen(page: Page, width: int, height: int = 900) -> None:
    """Give the window a size and wait until the page's charts have followed."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(FRAMES)
    page.wait_for_function(FITTED)
    page.evaluate(FRAMES)


def visit(page: Page, path: str) -> None:
    """Open an address of the app and wait until it has drawn itself."""
    page.goto(path)
    settle(page)
    assert not page.locator("._dash-error").count(), "the layout failed: see the server's log"


# By name: the tag of color has rules too that axe asks of nobody unasked.
COLOR_RULES = ["color-contrast", "link-in-text-block"]

# First without selector and HTML of each of thousands of places; what is held against one is
# looked up in a second look, and counts even if that one no longer finds it.
AXE = """async ([context, options]) => {
    const look = async more => (await axe.run(context || document,
        {resultTypes: ['violations'], ...options, ...more})).violations;
    axe.configure({noHtml: true});
    const first = await look({selectors: false});
    axe.reset();
    const second = first.length ? await look({}) : [];
    return [...second, ...first.filter(a => !second.some(b => a.id === b.id))];
}"""


def axe_violations(
    page: Page, context: str | None = None, ours: bool = True, color: bool = False
) -> list[str]:
    """What axe holds against the page (or the part a selector names), one line per rule.

    Waits for answers under way: what they are about to replace is dimmed until then. ``ours``: a
    page of the app, not of a file. ``color``: its rules of color alone.
    """
    if ours:
        settle(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"runOnly": {"type": "rule", "values": COLOR_RULES}} if color else {}
    found = page.evaluate(AXE, [context, options])
    lines = []
    for rule in found:
        lines.append(f"{rule['id']} ({rule['impact']}): {rule['help']}")
        for node in rule["nodes"]:
            where = " ".join(map(str, node.get("target") or ["gone at a second look:"]))
            lines.append(f"    {where}  {(node['html'] or '')[:160]}")
            checks = [*node["any"], *node["all"], *node["none"]]
            lines.extend(f"        {check['message']}" for check in checks)
    return lines


def assert_accessible(page: Page, context: str | None = None, ours: bool = True) -> None:
    """Fail with axe's findings, readably, if there are any."""
    violations = axe_violations(page, context, ours)
    assert not violations, f"axe on {page.url}:\n" + "\n".join(violations)
