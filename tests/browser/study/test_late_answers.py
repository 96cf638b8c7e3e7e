"""Nothing chosen or typed while an answer is on its way is lost, whatever comes first."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import harness
from tests.browser.survival import PATH, UPDATE, hold, query


def _visit(page: Page, path: str = PATH) -> None:
    """The page with all its filters in sight."""
    harness.visit(page, path)
    page.locator(".rail details").evaluate_all(
        "(all) => all.forEach((one) => { one.open = true; })"
    )


def test_an_answer_leaves_all_ranges_that_are_being_typed(page: Page) -> None:
    _visit(page)
    held = hold(page, "f.SEX=F")
    with page.expect_request(UPDATE):
        page.get_by_label("Female").check()
    ages = page.locator('[data-column="AGE"] input.low[type=text]')
    proteins = page.locator('[data-column="MPROT"] input.low[type=text]')
    ages.fill("60.5")
    proteins.fill("2.5")
    for route in held:
        route.continue_()
    page.unroute(UPDATE)
    harness.settle(page)
    expect(ages).to_have_value("60.5")
    proteins.press("Tab")
    expect(page).to_have_url(re.compile(r"f\.AGE=60\.5\.\..*f\.MPROT=2\.5\.\..*f\.SEX=F"))


def test_what_was_just_typed_or_chosen_goes_with_the_reader_to_another_page(page: Page) -> None:
    tab = page.locator("#tabs a", has_text="Subgroups")
    _visit(page)
    page.locator('[data-column="AGE"] input.low[type=text]').fill("60.5")
    tab.click()
    expect(page).to_have_url(re.compile(r"/subgroups\?f\.AGE=60\.5"))
    _visit(page)
    page.get_by_role("textbox", name=re.compile("^Compare at these times")).fill("30")
    tab.click()
    expect(page).to_have_url(re.compile(r"/subgroups\?at=30"))
    _visit(page)
    held = hold(page, '"years"')
    with page.expect_request(UPDATE):
        page.locator("#survival-unit").get_by_text("Years").click()
    tab.click()
    for route in held:
        route.continue_()
    expect(page).to_have_url(re.compile(r"/subgroups\?unit=years"))


def test_a_variable_taken_away_before_a_choice_stays_away(page: Page) -> None:
    """The newer question ends the older one, and says what that said."""
    _visit(page, PATH.replace("survival", "subgroups"))
    held = hold(page, '"remove"')
    with page.expect_request(UPDATE):
        page.locator('[data-forest="remove"][data-value="SEX"]').evaluate("(one) => one.click()")
    with page.expect_request(UPDATE):
        page.locator("#subgroups-unit").get_by_text("Years").click()
    for route in held:
        route.continue_()
    page.unroute(UPDATE)
    expect(page).to_have_url(re.compile("unit=years"))
    said = query(page)
    assert said["unit"] == ["years"]
    assert "AGEGR1" in said["by"][0]
    assert "SEX" not in said["by"][0].split(",")


def test_classes_opened_one_after_the_other_are_all_open(page: Page) -> None:
    _visit(page, "/study/e3a06/safety")
    toggles = page.locator('[data-safety="toggle"]')
    names = [toggles.nth(i).get_attribute("data-value") for i in (0, 1)]
    held = hold(page, '"toggle"')
    with page.expect_request(UPDATE):
        toggles.nth(0).click()
    toggles.nth(1).click()
    for route in held:
        route.continue_()
    page.unroute(UPDATE)
    for name in names:
        expect(page.locator(f'[data-safety="toggle"][data-value="{name}"]')).to_have_attribute(
            "aria-expanded", "true"
        )
    assert query(page)["open"] == [",".join(str(name) for name in names)]
