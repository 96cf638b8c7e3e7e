"""The app starts in a browser, keeps to its origin and is usable by everyone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness


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
    """plotly.js 4 draws a button that uploads the chart, unless it is told not to."""
    loads_cleanly(page, "/study/e3a06/survival")
    expect(page).to_have_title(re.compile(r"^Survival · E3A06: .* · SMM Outcomes$"))
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for()
    chart.hover()
    titles = page.locator(".modebar-btn").evaluate_all("all => all.map(b => b.dataset.title)")
    sharing = re.compile("share|cloud|chart studio|edit in", re.IGNORECASE)
    assert titles
    assert [title for title in titles if sharing.search(title or "")] == []


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
