"""Menus of the header and marked fields, by keyboard and finger, in a browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.harness import OpenPage


def test_escape_and_a_click_beside_close_a_menu(open_page: OpenPage) -> None:
    page: Page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/study/e3a06/survival")
    expect(page.locator(".answer-main").first).to_be_visible()
    for menu in ("details.picker-menu:not(.site-menu)", "details.site-menu"):
        summary = page.locator(f"{menu} > summary")
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator(menu)).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator(menu)).not_to_have_attribute("open", "")
        expect(summary).to_be_focused()
        summary.click()
        expect(page.locator(menu)).to_have_attribute("open", "")
        page.mouse.click(3, 700)  # the margin, which no menu covers
        expect(page.locator(menu)).not_to_have_attribute("open", "")


def test_a_wrong_value_is_marked_at_its_field(open_page: OpenPage) -> None:
    page: Page = open_page()
    page.goto("/study/e3a06/survival")
    expect(page.locator("#survival-answer .answer-main").first).to_be_visible()
    field = page.locator("#survival-at")
    before = page.locator("#survival-answer").inner_text()
    field.fill("12 abc")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(told).to_have_text("“abc” is not a time. Write numbers such as 12, 24, 36.")
    expect(told).to_be_visible()
    assert page.locator("#survival-answer").inner_text() == before
    expect(field).to_have_value("12 abc")
    field.fill("12 24")
    field.press("Enter")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    page.wait_for_url("**?at=12,24")
