"""Fixtures of the browser tests: the real server, one Chromium, a watched page for each test.

Every page is checked when its test ends: no console error, no page error, no request off the
origin. A test that provokes a console error (an answer of 422, say) names it:
``@pytest.mark.console("422")``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import harness

# A busy machine takes its time, above all to start the process that reads an upload.
expect.set_options(timeout=harness.TIMEOUT_MS)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of the app, served as in production, with an empty store."""
    with harness.serve(harness.application(tmp_path_factory.mktemp("store"))) as home:
        yield home


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(
    browser: Browser, server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[harness.OpenPage]:
    """Open a watched page: ``open_page(viewport={"width": 390, "height": 844})``.

    Takes what Playwright's ``new_context`` takes; each page has a context of its own.
    """
    watch = harness.Watch(server)
    contexts = []

    def open_one(**options: Any) -> Page:
        settings: dict[str, Any] = {
            "base_url": server,
            "viewport": {"width": 1440, "height": 900},
            "locale": "en-US",
            "reduced_motion": "reduce",  # nothing to wait for
        }
        context = browser.new_context(**(settings | options))
        contexts.append(context)
        context.set_default_timeout(harness.TIMEOUT_MS)
        watch.attach(context)
        return context.new_page()

    yield open_one

    for context in contexts:
        context.close()
    provoked = [mark.args[0] for mark in request.node.iter_markers("console")]
    problems = watch.problems(provoked)
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page: harness.OpenPage) -> Page:
    """A watched page, 1440 wide. Visit with ``harness.visit(page, "/")``."""
    return open_page()
