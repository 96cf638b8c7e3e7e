"""Tablets and phones: filters, charts under a finger, the header's links, pages without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness


def test_the_filters_can_be_read_and_lead_back_to_the_chart(open_page: harness.OpenPage) -> None:
    page = open_page(viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True)
    harness.visit(page, "/study/e3a06/survival")
    page.get_by_role("button", name="Patients and settings").tap()
    label = page.locator(".rail legend").first
    expect(label).to_be_visible()
    card = page.locator("#rail-body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert label.evaluate("e => getComputedStyle(e).color") != card
    page.get_by_label("Female").tap()
    bar = page.locator(".rail-bar")
    expect(bar).to_contain_text("of 182 patients")
    expect(bar).not_to_contain_text("182 of 182")
    expect(bar).to_be_in_viewport()
    bar.get_by_role("button", name="Show").tap()
    expect(page.locator("#rail-body")).to_be_hidden()
    expect(page.locator("#survival-answer")).to_be_in_viewport()


def test_a_finger_scrolls_over_a_chart_and_never_cuts_its_axes(
    open_page: harness.OpenPage,
) -> None:
    page = open_page(viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True)
    harness.visit(page, "/study/e3a06/survival")
    chart = page.locator("#survival-graph")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    axes = "() => { const l = document.querySelector('#survival-graph .js-plotly-plot').layout;"
    axes += " return [l.xaxis.range, l.yaxis.range]; }"
    before, top = page.evaluate(axes), page.evaluate("() => scrollY")
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6
    touch.send("Input.synthesizeScrollGesture", {"x": x, "y": y, "yDistance": -200})
    page.wait_for_function("least => scrollY > least", arg=top + 100)
    assert page.evaluate(axes) == before


def test_a_zoom_can_be_taken_back_by_a_button(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    drag = page.locator("#survival-graph .nsewdrag").first.bounding_box()
    assert drag is not None
    reset = page.get_by_role("button", name="Reset zoom")
    expect(reset).to_have_count(0)
    page.mouse.move(drag["x"] + 100, drag["y"] + 50)
    page.mouse.down()
    page.mouse.move(drag["x"] + 300, drag["y"] + 200, steps=5)
    page.mouse.up()
    expect(reset).to_be_visible()
    reset.click()
    expect(reset).to_be_hidden()


@pytest.mark.parametrize("path", ["/study/e3a06/survival", "/study/e3a06/data", "/evidence"])
def test_the_sites_own_pages_are_always_in_the_header(page: Page, path: str) -> None:
    harness.visit(page, path)
    header = page.locator(".header")
    for width in (1440, 820, 390):
        harness.widen(page, width)
        if width < 720:
            header.get_by_text("Menu", exact=True).click()
        for name in ("Evidence", "Risk", "Methods", "Upload"):
            expect(header.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_another_study_opens_on_the_same_page(page: Page) -> None:
    harness.visit(page, "/study/e3a06/safety")
    page.locator(".picker-menu summary").first.click()
    page.locator(".picker-menu").get_by_role("link", name="AQUILA").click()
    page.wait_for_url("**/study/aquila/safety")
    expect(page.locator("#safety-answer")).not_to_be_empty()


def test_the_skip_link_leads_to_the_charts_controls(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.getElementById('main').contains(document.activeElement)")


def test_several_are_ticked_by_keyboard(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    button = page.locator("#survival-strata")
    expect(button).to_have_accessible_name("Compare within groups of (strata): None")
    button.focus()
    for key in ("Enter", "Tab", "Space", "Tab", "Space"):
        page.keyboard.press(key)
    expect(button).to_have_accessible_name("Compare within groups of (strata): Sex, Age group")
    page.wait_for_url("**strata=SEX,AGEGR1*")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("#survival-strata-options")).to_be_hidden()
    button.press("Enter")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(button).to_have_text("None")
    page.wait_for_url(re.compile("^[^?]*$"))
