"""Browser pages for tests, kept from one test to the next: a new one costs seconds.

What a test did to a page is taken back before the next one gets it: storage, history, routes,
size, media, other windows. A page that a test failed on, or that was asked for with
something that cannot be taken back, is closed instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from playwright.sync_api import Browser, CDPSession, Page

from tests.browser import harness, probes

SETTINGS: dict[str, Any] = {"locale": "en-US", "reduced_motion": "reduce"}  # nothing to wait for
SIZE = {"width": 1440, "height": 900}
# What makes another kind of page, each kept; size and scheme are set on any.
KINDS = {"has_touch", "is_mobile"}
# What Playwright does to a page once and for all.
FOREVER = ("add_init_script", "expose_binding", "expose_function", "set_extra_http_headers")
BETWEEN = "/healthz"  # of the origin, and light


@dataclass(eq=False)
class Watched:
    """A page, what happened in its context, and a line to Chromium if it is kept."""

    page: Page
    watch: harness.Watch
    line: CDPSession | None = None


def _refuse(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("this outlives the test: take open_page(own=True)")


class Pages:
    """Opens watched pages of an origin, and clears or closes them when a test is over."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.browser = browser
        self.home = home
        self._kept: dict[frozenset[tuple[str, Any]], Watched] = {}
        self._used: list[Watched] = []

    def open(self, *, own: bool = False, **options: Any) -> Page:
        """A page; takes what Playwright's ``new_context`` takes. ``own``: never seen again."""
        size = options.pop("viewport", SIZE)
        scheme = options.pop("color_scheme", "light")
        kind = frozenset(options.items()) if not own and KINDS.issuperset(options) else None
        if kind is None:
            found = self._new(viewport=size, **options)
        else:
            found = self._kept.get(kind) or self._keep(kind)
            if found in self._used:
                found = self._new(**options)
        found.page.set_viewport_size(size)
        found.page.emulate_media(color_scheme=scheme)
        self._used.append(found)
        return found.page

    def problems(self, provoked: Iterable[str] = ()) -> list[str]:
        """What happened on the pages in use and must not, save what is like ``provoked``."""
        patterns = list(provoked)
        for used in self._used:
            # What was told before has arrived then.
            if used.line is None:
                used.page.context.close()
            elif not used.page.is_closed():
                used.page.evaluate("0")
        return [line for used in self._used for line in used.watch.problems(patterns)]

    def release(self, keep: bool) -> None:
        """Take back the pages in use: cleared for the next test, or closed."""
        used, self._used = self._used, []
        for one in used:
            if keep and one.line and not one.page.is_closed():
                self._clear(one)
            else:
                self._kept = {kind: kept for kind, kept in self._kept.items() if kept is not one}
                one.page.context.close()

    def _new(self, **options: Any) -> Watched:
        context = self.browser.new_context(**SETTINGS, **options, base_url=self.home)
        context.set_default_timeout(harness.TIMEOUT_MS)
        context.add_init_script(probes.WATCH_SHIFT)
        watch = harness.Watch(self.home)
        watch.attach(context)
        return Watched(context.new_page(), watch)

    def _keep(self, kind: frozenset[tuple[str, Any]]) -> Watched:
        found = self._new(viewport=SIZE, **dict(kind))
        found.line = found.page.context.new_cdp_session(found.page)
        for name in FOREVER:
            setattr(found.page, name, _refuse)
        self._kept[kind] = found
        self._clear(found)
        return found

    def _clear(self, one: Watched) -> None:
        page, context = one.page, one.page.context
        assert one.line is not None
        for other in context.pages:
            if other is not page:
                other.close()
        page.unroute_all(behavior="ignoreErrors")
        context.unroute_all(behavior="ignoreErrors")
        page.emulate_media(
            media="null", reduced_motion="reduce", forced_colors="null", contrast="null"
        )
        page.goto(f"{self.home}{BETWEEN}")
        stored = {"origin": self.home, "storageTypes": "all"}
        one.line.send("Storage.clearDataForOrigin", stored)
        one.line.send("Page.resetNavigationHistory")
        one.watch.forget()
