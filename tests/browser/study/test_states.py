"""Where patients are over time, in a browser: chart, switch, diagram and small charts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import harness

STATES = "/study/aquila/states"


def test_from_areas_to_lines_and_back(page: Page) -> None:
    harness.visit(page, STATES)
    expect(page.locator("#states-answer")).to_contain_text("48.3 months free of progression")
    # Textures are drawn, so that it reads without color.
    expect(page.locator("#states-graph pattern").first).to_be_attached()
    expect(page.locator("#states-graphmodel")).to_contain_text("84")
    # By keyboard a time is read out with all its states.
    page.locator("#states-keys").focus()
    page.keyboard.press("End")
    expect(page.locator("#states-key-row")).to_contain_text("First-line treatment")
    page.keyboard.press("Escape")
    page.get_by_text("Each state, with intervals").click()
    expect(page).to_have_url(re.compile("stateplot=lines"))
    harness.settle(page)
    expect(page.locator("#states-graph pattern")).to_have_count(0)
    page.go_back()
    expect(page.locator("#states-graph pattern").first).to_be_attached()
    harness.assert_accessible(page)
    harness.widen(page, 390)
    harness.settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
