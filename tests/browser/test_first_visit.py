"""A first visit: the app starts, keeps to its origin, and costs few bytes and requests.

Times are measured by ``benchmarks/pages.py``.
"""

from __future__ import annotations

import http.client
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from callbacks import pages
from tests.browser import harness

HTML = 30_000  # bytes, uncompressed
REQUESTS = 25
WIRE = 800_000  # bytes


def html(server: str, path: str) -> tuple[int, int]:
    """Status and bytes of a page as the server sends it to who takes no compressed form."""
    connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.getheader("Content-Encoding") is None
    return answer.status, len(body)


@pytest.mark.parametrize("study", ["aquila", "e3a06"])
@pytest.mark.parametrize("page", pages.STUDY)
def test_the_html_of_a_study_is_short(server: str, study: str, page: str) -> None:
    status, length = html(server, f"/study/{study}/{page}".rstrip("/"))
    assert status == 200
    assert length <= HTML


@pytest.mark.parametrize("path", pages.SITE)
def test_the_html_of_the_site_is_short(server: str, path: str) -> None:
    status, length = html(server, path)
    assert status == 200
    assert length <= HTML


def test_the_html_of_what_is_not_there_is_short(server: str) -> None:
    status, length = html(server, "/study/nope/survival")
    assert status == 404
    assert length <= HTML


def test_a_first_visit_is_light(open_page: harness.OpenPage) -> None:
    page: Page = open_page(own=True)  # nothing is kept from a page before
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    loaded: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        loaded.append(event["encodedDataLength"])

    line.on("Network.loadingFinished", finished)
    harness.visit(page, "/study/aquila/survival")
    page.locator(".js-plotly-plot .scatterlayer path").first.wait_for(state="attached")
    harness.settle(page)
    assert 5 < len(loaded) <= REQUESTS
    assert 100_000 < sum(loaded) <= WIRE


def loads_cleanly(page: Page, path: str) -> None:
    harness.visit(page, path)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_first_page_loads_cleanly(page: Page) -> None:
    loads_cleanly(page, "/")
    expect(page).to_have_title(
        "What has early treatment of smoldering myeloma shown? · SMM Outcomes"
    )


def test_no_chart_can_be_sent_to_a_third_party(page: Page) -> None:
    """plotly.js draws a button that uploads the chart, unless it is told not to."""
    loads_cleanly(page, "/study/e3a06/survival")
    expect(page).to_have_title(re.compile(r"^Survival · E3A06: .* · SMM Outcomes$"))
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for()
    chart.hover()
    page.evaluate(harness.FRAMES)
    # Plotly's own buttons are switched off, that one with them.
    assert page.locator(".modebar-btn").count() == 0


def test_the_small_plotly_bundle_spares_the_full_one(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    page.locator(".js-plotly-plot").first.wait_for()
    scripts = page.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.name)"
        ".filter(name => name.includes('plotly'))"
    )
    if not any("/static/plotly." in name for name in scripts):
        pytest.skip("the basic bundle is not fetched here (make setup, with npm)")
    assert not any("plotly.min" in name for name in scripts), scripts
