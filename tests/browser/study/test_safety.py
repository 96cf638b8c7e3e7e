"""Safety in a browser: from the overview down to one patient, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness

SAFETY = "/study/e3a06/safety"


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        (f"{SAFETY}?open=*", "light"),
        (f"{SAFETY}?section=time", "dark"),
        (f"{SAFETY}?section=events", "dark"),
        ("/study/e3a06/patient?id=E3A06-SIM-0004", "light"),
    ],
)
def test_accessible_and_not_wider_than_a_phone(
    open_page: harness.OpenPage, path: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    harness.visit(page, path)
    harness.assert_accessible(page)
    harness.widen(page, 390)
    harness.settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_from_the_overview_down_to_one_patient_and_back(page: Page) -> None:
    harness.visit(page, SAFETY)
    expect(page.locator("#safety-answer")).to_contain_text("36 of 88 (41%)")
    # A class opens by keyboard, and the address carries it.
    toggle = page.get_by_role("button", name="Blood and lymphatic system disorders")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Neutropenia")).to_be_visible()
    expect(page).to_have_url(re.compile("open=Blood"))
    # Its term leads to the listing of its events, ...
    page.get_by_role("link", name="Neutropenia").click()
    expect(page.get_by_role("region", name="Listing of adverse events")).to_be_visible()
    expect(page).to_have_url(re.compile(r"section=events.*term=Neutropenia"))
    # ... an event to its patient, ...
    patient = page.locator(".patient-link").first
    name = patient.inner_text()
    patient.click()
    expect(page.locator("#patient-answer")).to_contain_text(name)
    expect(
        page.locator("#patient-graph .js-plotly-plot, #patient-graph.js-plotly-plot").first
    ).to_be_visible()
    # ... and the back button to the listing and to the overview with its class still open.
    page.go_back()
    expect(page.get_by_role("region", name="Listing of adverse events")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Neutropenia")).to_be_visible()


def test_filters_and_the_kind_of_event_change_what_is_listed(page: Page) -> None:
    harness.visit(page, SAFETY)
    page.get_by_label("Search events and organ classes").fill("pneumonia")
    expect(page.locator("#safety-tables")).to_contain_text("1 term in 1 class")
    page.get_by_label("Search events and organ classes").fill("")
    page.get_by_text("Grade ≥ 3").click()
    expect(page).to_have_url(re.compile("grade=severe"))
    expect(page.locator("#safety-provenance")).to_contain_text("grade 3 or higher")
    page.locator(".rail").get_by_text("Female").click()
    expect(page.locator("#population-summary")).to_contain_text("87 of 178 patients")
    expect(page.locator("#safety-overview")).to_contain_text("N = 50")


def test_the_same_choice_reads_the_same_however_it_was_chosen(page: Page) -> None:
    """Oracle: the page with the boxes checked from the first to the last."""
    seen = []
    for names in (("serious", "related"), ("related", "serious")):
        harness.visit(page, SAFETY)
        for name in names:
            page.locator(f'#safety-only input[value="{name}"]').check()
            expect(page.locator("#safety-provenance")).to_contain_text(name)
        expect(page).to_have_url(re.compile("only=serious,related$"))
        harness.settle(page)
        seen.append((page.locator("#safety-provenance").inner_text(), page.url))
    assert seen[0] == seen[1]
    seen = []
    for first, second in ((0, 1), (1, 0)):
        harness.visit(page, "/study/e3a06/survival")
        boxes = page.locator("#survival-strata-options input")
        for place in (first, second):
            boxes.nth(place).evaluate("(box) => box.click()")
            harness.settle(page)
        seen.append(page.url)
    assert seen[0] == seen[1]


def test_a_listing_turns_its_pages(page: Page) -> None:
    harness.visit(page, f"{SAFETY}?section=events")
    expect(page.locator(".pager")).to_contain_text("Page 1 of 25")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".pager")).to_contain_text("Page 2 of 25")
    expect(page).to_have_url(re.compile("page=2"))
    page.get_by_text("Grade ≥ 3").click()  # another selection starts from its first page
    expect(page.locator(".pager")).to_contain_text("Page 1 of 3")


def test_the_patient_page_follows_its_select_and_its_links(page: Page) -> None:
    harness.visit(page, "/study/e3a06/patient")
    expect(page.locator("#patient-problem")).to_contain_text("Choose a patient")
    field = page.get_by_role("combobox", name="Patient")
    field.fill("0002")
    page.get_by_role("option", name="E3A06-SIM-0002").click()
    expect(page.locator("#patient-answer")).to_contain_text("E3A06-SIM-0002: Lenalidomide")
    # By keyboard: what was typed goes with Escape, the arrows choose among what is found.
    field.fill("nobody")
    expect(page.get_by_role("status").filter(has_text="Nothing")).to_be_visible()
    field.press("Escape")
    expect(field).to_have_value("E3A06-SIM-0002")
    field.fill("000")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator("#patient-answer")).to_contain_text("E3A06-SIM-0003: Observation")
    field.fill("0002")
    field.press("Enter")
    expect(page.locator("#patient-answer")).to_contain_text("E3A06-SIM-0002: Lenalidomide")
    page.get_by_role("link", name="Next →").click()
    expect(page.locator("#patient-answer")).to_contain_text("E3A06-SIM-0003: Observation")


def test_benefit_and_risk_move_with_the_time(page: Page) -> None:
    harness.visit(page, "/study/e3a06/benefit-risk")
    answer = page.locator("#benefit-risk-answer")
    expect(answer).to_contain_text("at 36 months, on lenalidomide rather than observation: 25 more")
    field = page.get_by_role("textbox", name="Counted at (months)")
    field.fill("12")
    field.press("Tab")
    expect(answer).to_contain_text("at 12 months")
    expect(page).to_have_url(re.compile("diff=12"))


@pytest.mark.console("422")
def test_a_wrong_address_says_what_is_wrong(page: Page) -> None:
    harness.visit(page, f"{SAFETY}?versus=Nothing")
    expect(page.locator("body")).to_contain_text("The link asked for")
