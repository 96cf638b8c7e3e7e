"""A reader pins a view, changes something and sets the two side by side. Oracle: what they see."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import harness

RANGES = """() => ['a', 'b']
  .map(side => document.querySelector(`#compare-${side}-graph .js-plotly-plot`))
  .map(graph => [graph.layout.xaxis.range, graph.layout.yaxis.range])"""


def test_pin_change_compare_and_unpin(page: Page) -> None:
    harness.visit(page, "/study/aquila/survival?endpoint=OS")
    page.get_by_role("button", name="Pin to compare").press("Enter")
    bar = page.locator(".pin-bar")
    expect(bar).to_contain_text("Pinned: AQUILA: Survival, Overall survival")
    bar.get_by_role("button", name="Compare with this view").click()
    expect(bar).to_contain_text("This is the pinned view. Change something first")
    page.get_by_text("Progression-free survival", exact=True).first.click()
    expect(page.locator(".answer-main").first).to_contain_text("progression-free")
    bar.get_by_role("button", name="Compare with this view").click()
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    changed = "Progression-free survival instead of overall survival"
    expect(page.locator("#compare-changes")).to_contain_text(changed)
    row = page.locator("#compare-numbers tr", has_text="Hazard ratio")
    expect(row).to_contain_text("0.52 (95% CI 0.27 to 0.98)")
    expect(row).to_contain_text("0.49 (95% CI 0.36 to 0.67)")
    expect(page.locator(".compare-view .js-plotly-plot .xtitle")).to_have_count(2)
    ranges: list[Any] = page.evaluate(RANGES)
    assert ranges[0] == ranges[1]
    page.set_viewport_size({"width": 390, "height": 844})
    first, second = (page.locator(".compare-view").nth(k).bounding_box() for k in (0, 1))
    assert first
    assert second
    assert second["y"] >= first["y"] + first["height"], "one under the other"
    # The pinned view is kept until the reader lets it go.
    harness.visit(page, "/study/e3a06/survival")
    expect(page.locator(".pin-bar")).to_contain_text("AQUILA")
    page.get_by_role("button", name="Unpin").click()
    expect(page.locator(".pin-bar")).to_be_empty()
