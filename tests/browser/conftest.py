"""Fixtures of the browser tests: the real server, one Chromium, a watched page for each test.

Every page is checked when its test ends: no console error, no page error, no request off the
origin. A test that provokes a console error (an answer of 422, say) names it:
``@pytest.mark.console("422")``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import harness
from tests.browser.pages import Pages

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


@pytest.fixture(scope="session")
def pages(browser: Browser, server: str) -> Pages:
    """The pages of this process's tests."""
    return Pages(browser, server)


PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture
def open_page(pages: Pages, request: pytest.FixtureRequest) -> Iterator[harness.OpenPage]:
    """Open a watched page: ``open_page(viewport={"width": 390, "height": 844})``.

    Takes what Playwright's ``new_context`` takes. The page is as new, and may be one that another
    test had; ``own=True`` asks for one that no other test gets.
    """
    yield pages.open

    provoked = [mark.args[0] for mark in request.node.iter_markers("console")]
    problems = ["the page was not asked"]
    try:
        problems = pages.problems(provoked)
    finally:
        pages.release(keep=not problems and request.node.stash.get(PASSED, False))
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page: harness.OpenPage) -> Page:
    """A watched page, 1440 wide. Visit with ``harness.visit(page, "/")``."""
    return open_page()
