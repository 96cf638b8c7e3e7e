"""Two charts, one below the other: the one in view is answered first, both in the end."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import harness
from tests.browser.survival import query, tick

PATH = "/study/e3a06/risk-models"

# In which frame each chart was drawn first from now on, and what the words were by then.
LISTEN = """() => {
    const found = window.drawnIn = [];
    let frame = 0;
    requestAnimationFrame(function next() { frame += 1; requestAnimationFrame(next); });
    const drawn = document.querySelectorAll('.js-plotly-plot');
    drawn.forEach((plot) => plot.on('plotly_afterplot', () => {
        const chart = plot.parentElement.id;
        if (found.some((one) => one.chart === chart)) return;
        const words = document.querySelector('#population-summary').textContent;
        found.push({ chart, frame, words });
    }));
}"""
CURVES = """() => Array.from(document.querySelectorAll('.js-plotly-plot'),
    (plot) => plot._fullData.map((trace) => [trace.name, trace.mode, Array.from(trace.y || [])]))"""


def _curves(page: Page) -> list[Any]:
    return list(page.evaluate(CURVES))


def test_a_chart_out_of_view_is_drawn_after_the_frame_that_answers(page: Page) -> None:
    """The oracle of what is drawn at last is the same address opened anew."""
    page.set_viewport_size({"width": 1280, "height": 1000})
    harness.visit(page, PATH)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    page.evaluate("scrollTo(0, 0)")
    tops = page.locator(".js-plotly-plot").evaluate_all(
        "(plots) => plots.map((plot) => plot.getBoundingClientRect().top)"
    )
    assert tops[0] < 1000 < 1.25 * 1000 < tops[1]
    before = _curves(page)
    page.evaluate(LISTEN)
    tick(page, "SEX", "Female")
    expect(page.locator("#population-summary")).to_contain_text("female")
    assert query(page)["f.SEX"] == ["F"]
    harness.settle(page)
    first, second = page.evaluate("drawnIn")
    assert (first["chart"], second["chart"]) == ("risk-models-graph-0", "risk-models-graph-1")
    assert first["frame"] < second["frame"]
    assert "female" in second["words"], "the words came after the chart that nobody sees"
    clicked = _curves(page)
    assert all(one != other for one, other in zip(clicked, before, strict=True))
    harness.visit(page, page.url)
    assert _curves(page) == clicked


def test_a_chart_without_anything_to_draw_leaves_with_what_it_drew(page: Page) -> None:
    """Nobody without a risk by one model has a curve of it; the other model's chart stays."""
    harness.visit(page, PATH)
    before = _curves(page)
    untold = page.locator('[data-column="IMWG2020C"] input[value=""]')
    untold.evaluate("(box) => box.click()")
    expect(page.locator("#risk-models-chart-1")).to_be_hidden()
    expect(page.locator("#risk-models-numbers-1")).to_be_visible()
    expect(page.locator("#risk-models-chart-0")).to_be_visible()
    expect(page).to_have_url(re.compile(r"f\.IMWG2020C=$"))
    untold.evaluate("(box) => box.click()")
    expect(page.locator("#risk-models-chart-1")).to_be_visible()
    harness.settle(page)
    assert _curves(page) == before


def test_a_chart_scrolled_to_is_the_one_drawn_first(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    harness.visit(page, PATH)
    page.locator("#risk-models-graph-1").evaluate("(place) => place.scrollIntoView()")
    page.evaluate(LISTEN)
    page.locator('[data-column="SEX"]').get_by_label("Female").evaluate("(box) => box.click()")
    harness.settle(page)
    assert [one["chart"] for one in page.evaluate("drawnIn")] == [
        "risk-models-graph-1",
        "risk-models-graph-0",
    ]
