"""A reader on the pages around the studies: what is clicked, typed and gone back to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import harness
from tests.browser.survival import posts


def test_an_answer_is_accessible_and_not_wider_than_the_screen(open_page: harness.OpenPage) -> None:
    page = open_page(viewport={"width": 820, "height": 1100})
    harness.visit(page, "/risk?bmpc=25&mprot=2.5&flcr=30")
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    harness.assert_accessible(page)


def test_a_number_opens_its_source_and_closes(page: Page) -> None:
    harness.visit(page, "/evidence#ratios")
    number = page.locator("#ratios summary", has_text="0.49 (0.36 to 0.67)")
    number.press("Enter")
    card = page.locator("details.cite[open] .cite-card")
    expect(card).to_be_visible()
    expect(card).to_contain_text("From the paper")
    expect(card).to_contain_text("Sources differ")
    link = card.get_by_role("link", name="Daratumumab or Active Monitoring")
    expect(link).to_have_attribute("href", "https://doi.org/10.1056/NEJMoa2409029")
    harness.settle(page)
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(number).to_be_focused()
    glance = page.locator("#glance").bounding_box()
    assert glance is not None
    assert glance["height"] < 860  # every randomized trial on one screen; the rest opens
    harms = page.locator("#harms details.fold")
    expect(harms).not_to_have_attribute("open", "")
    page.get_by_role("button", name="Open all").click()
    expect(harms).to_have_attribute("open", "")


def test_a_phone_folds_the_long_tables(open_page: harness.OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 800})
    harness.visit(page, "/evidence")
    expect(page.locator("#ratios")).to_contain_text("0.49 (0.36 to 0.67)")
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    harms = page.locator("#harms details.fold")
    expect(harms).not_to_have_attribute("open", "")
    page.get_by_role("link", name="Harms").click()
    expect(harms).to_have_attribute("open", "")
    expect(page.locator("#harms")).to_contain_text("31 of 193 (16.1%)")
    page.locator("#evidence-design").get_by_text("Randomized").click()
    expect(page).to_have_url(re.compile("design=randomized"))
    expect(harms).to_have_attribute("open", "")
    for fold in page.locator("details.fold").all():
        fold.evaluate("details => { details.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_filters_stand_in_the_address_and_back_goes_back(page: Page) -> None:
    harness.visit(page, "/evidence")
    page.locator("#evidence-design").get_by_text("Single arm").click()
    expect(page.locator("#ratios")).to_contain_text("No trial matches")
    expect(page).to_have_url(re.compile("design=single-arm"))
    harness.settle(page)
    page.go_back()
    ratios = page.locator("#ratios")
    expect(ratios).to_contain_text("0.28 (0.12 to 0.62)", timeout=harness.TIMEOUT_MS)
    expect(page.locator("#evidence-design input[value=all]")).to_be_checked()


def test_a_choice_seen_before_is_shown_before_dash_is_told_of_it(page: Page) -> None:
    """Oracle: what the page said when it was asked for the first time; nothing is asked again, and
    what was opened is as it was but for the cards of sources."""
    harness.visit(page, "/evidence")
    said: dict[str, str] = {}
    click = """(value) => {
        document.querySelector(`#evidence-design input[value=${value}]`).click();
        return [document.querySelector("#evidence-main .table-note").textContent, location.search];
    }"""
    for value in ("randomized", "all"):
        page.evaluate(click, value)
        harness.settle(page)
        said[value] = page.locator("#evidence-main .table-note").first.inner_text()
    assert said["randomized"] != said["all"]
    folds = page.locator("#evidence-main details[data-key]")
    page.locator("#ratios details[data-key]").evaluate("(part) => { part.open = !part.open; }")
    page.locator("#ratios details.cite summary").first.click()
    opened = folds.evaluate_all("all => all.map((details) => [details.dataset.key, details.open])")
    with posts(page) as asked:
        now, address = page.evaluate(click, "randomized")
        assert now == said["randomized"]
        assert address == ""
        expect(page).to_have_url(re.compile(r"design=randomized"))
        harness.settle(page)
        page.evaluate(click, "all")
        harness.settle(page)
    assert not asked
    expect(page.locator("#ratios details.cite[open]")).to_have_count(0)
    assert opened == folds.evaluate_all("all => all.map((part) => [part.dataset.key, part.open])")


def test_the_first_choice_is_asked_for_once_and_before_dash_asks(page: Page) -> None:
    """Oracle: the address that it leads to, opened anew."""
    harness.visit(page, "/evidence?q=mab")
    with posts(page) as asked:
        assert page.evaluate(
            """() => {
                document.querySelector("#evidence-design input[value=randomized]").click();
                return window.questions.behind();
            }"""
        )
        expect(page).to_have_url(re.compile(r"design=randomized"))
        harness.settle(page)
    # What it was foretold to ask is what Dash asks: one answer is for both.
    assert len([post for post in asked if '"value":"randomized"' in post]) == 1
    said = page.locator("#evidence-main").inner_text()
    page.reload()
    harness.settle(page)
    assert page.locator("#evidence-main").inner_text() == said


def test_the_calculator_answers_what_is_typed(page: Page) -> None:
    harness.visit(page, "/risk")
    results = page.locator("#risk-results")
    page.get_by_role("textbox", name="Marrow plasma cells, %").fill("25")
    expect(results).to_contain_text("Cannot be determined without M-protein and FLC ratio")
    page.get_by_role("textbox", name="Serum M-protein, g/dL").fill("2.5")
    expect(results).to_contain_text("High risk")
    expect(results).to_contain_text("within 5 years: 82%")
    expect(results).to_contain_text("Not a medical device, not for individual decisions.")
    expect(page).to_have_url(re.compile(r"bmpc=25&mprot=2\.5"))
    page.get_by_role("textbox", name="Free light chain (FLC) ratio").fill("120")
    expect(results).to_contain_text("define multiple myeloma")


def test_from_the_catalogue_into_a_study(page: Page) -> None:
    harness.visit(page, "/")
    page.get_by_role("textbox", name="Search studies").fill("daratumumab")
    expect(page.locator(".study-card")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=daratumumab"))
    page.get_by_role("link", name="Open AQUILA").click()
    expect(page.locator("h1")).to_contain_text("AQUILA")
    expect(page).to_have_url(re.compile("/study/aquila$"))
    expect(page.locator("#figures")).to_contain_text("Published versus reproduced")


def test_the_overview_follows_its_filters(page: Page) -> None:
    harness.visit(page, "/study/e3a06")
    page.get_by_role("checkbox", name="Female").check()
    expect(page.locator("#overview-patients")).to_contain_text("89 of 182 patients")
    expect(page).to_have_url(re.compile(r"f\.SEX=F"))
    survival = page.get_by_role("link", name="Survival", exact=True)
    expect(survival).to_have_attribute("href", re.compile(r"/survival\?f\.SEX=F"))


def test_the_self_check_runs_again(page: Page) -> None:
    harness.visit(page, "/methods")
    expect(page.locator("#methods-check")).to_contain_text("80 of 80 statistics agree with R")
    page.locator("#methods-check .card-details summary").first.click()
    expect(page.locator("#methods-check")).to_contain_text("Log-rank chi-square")
    page.get_by_role("button", name="Run again").click()
    harness.settle(page)
    expect(page.locator("#methods-check")).to_contain_text("80 of 80 statistics agree with R")
