"""The frame around every page: header, rail, scheme, narrow and wide screens, paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness, probes

PATH = "/study/e3a06/survival"
INK = """() => document.querySelector('#survival-graph .js-plotly-plot').layout.font.color"""
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"


def test_pages_open_from_one_another_and_history_leads_back(page: Page) -> None:
    harness.visit(page, "/")
    page.locator("main a[href='/study/e3a06']").first.click()
    expect(page.locator("#tabs")).to_be_visible()
    page.locator("#tabs").get_by_role("link", name="Survival").click()
    answer = page.locator("#survival-answer")
    expect(answer).to_contain_text("At 36 months")
    page.locator('[data-column="SEX"]').get_by_label("Female").click()
    expect(page.locator("#population-summary")).to_contain_text("female")
    harness.settle(page)
    # The tabs carry the population along, and the way back brings everything again.
    page.locator("#tabs").get_by_role("link", name="Subgroups").click()
    expect(page.locator("#subgroups-answer")).to_contain_text("lenalidomide")
    assert "f.SEX=F" in page.url
    page.go_back()
    expect(answer).to_contain_text("for these patients")
    expect(page.locator("#population-summary")).to_contain_text("female")
    expect(page.get_by_label("Female")).to_be_checked()
    page.go_back()
    expect(page.locator("#population-summary")).to_have_text("182 of 182 patients")
    picker = page.locator(".picker-menu").first
    picker.locator("summary").click()
    picker.get_by_role("link", name=re.compile("run-in")).click()
    expect(page.locator("h1")).to_contain_text("run-in")


def test_dark_and_light_are_kept(open_page: harness.OpenPage) -> None:
    page = open_page(color_scheme="light")
    harness.visit(page, PATH)
    html = page.locator("html")
    expect(html).to_have_attribute("data-scheme", "light")
    light = page.evaluate(INK)
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(html).to_have_attribute("data-scheme", "dark")
    page.wait_for_function(f"light => ({INK})() !== light", arg=light)
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 150
    # Again at once, and in the first answer, after a reload.
    page.reload(wait_until="commit")
    expect(html).to_have_attribute("data-scheme", "dark")
    harness.settle(page)
    assert page.evaluate(INK) != light
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function(f"light => ({INK})() === light", arg=light)


def test_the_system_decides_until_the_reader_does(open_page: harness.OpenPage) -> None:
    page = open_page(color_scheme="dark")
    harness.visit(page, PATH)
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-scheme", "light")


def test_on_a_phone_the_rail_folds_away(open_page: harness.OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
    harness.visit(page, PATH)
    assert page.evaluate(OVERFLOW) <= 0
    toggle = page.get_by_role("button", name="Patients and settings")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    female = page.get_by_label("Female")
    expect(female).to_be_hidden()
    toggle.tap()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    female.tap()
    expect(page.locator("#population-summary")).to_contain_text("female")
    harness.settle(page)
    assert page.evaluate(OVERFLOW) <= 0
    toggle.tap()
    expect(female).to_be_hidden()
    # Numbers at risk only, and the names above the chart.
    metas = page.evaluate(
        "() => document.querySelector('#survival-graph .js-plotly-plot')"
        ".data.filter(t => t.meta === 'table').map(t => t.name)"
    )
    assert metas == ["Lenalidomide: At risk", "Observation: At risk"]
    # A badge explains itself to a finger.
    page.locator(".kind-badge").scroll_into_view_if_needed()
    page.wait_for_timeout(200)  # scrolling takes explanations away
    page.locator(".kind-badge").tap()
    expect(page.locator(".tip")).to_contain_text("simulated")


@pytest.mark.parametrize("query", ["?plot=types", "?facet=MAYO2018", "?plot=hazards"])
def test_nothing_is_wider_than_a_small_phone(open_page: harness.OpenPage, query: str) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    harness.visit(page, PATH + query)
    assert page.evaluate(OVERFLOW) <= 0


def test_a_very_wide_screen_is_filled_without_overflow(open_page: harness.OpenPage) -> None:
    page = open_page(viewport={"width": 2560, "height": 1200})
    harness.visit(page, PATH)
    assert page.evaluate(OVERFLOW) <= 0
    chart = page.locator("#survival-graph").bounding_box()
    numbers = page.locator("#survival-numbers").bounding_box()
    assert chart is not None
    assert numbers is not None
    assert numbers["x"] >= chart["x"] + chart["width"], "beside each other"
    assert chart["width"] < 1600, "at reading width"


def test_paper_has_the_page_and_no_controls(open_page: harness.OpenPage) -> None:
    page = open_page(color_scheme="dark")
    harness.visit(page, PATH)
    page.emulate_media(media="print", color_scheme="dark")
    # What a browser does before it prints; charts are drawn anew for paper.
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    harness.settle(page)
    for part in (".header", ".rail", ".take-away", ".footer", ".plot-switch", ".endpoint-switch"):
        expect(page.locator(part).first).to_be_hidden()
    for part in ("#survival-answer", "#survival-chart", "#survival-numbers"):
        expect(page.locator(part)).to_be_visible()
    expect(page.locator("#survival-provenance")).to_contain_text("Simulated patients")
    # Dark on white, in the chart too, whatever the screen was.
    for text, part in (
        ("color", "#survival-answer p >> nth=-1"),
        ("color", "#survival-numbers th >> nth=0"),
        ("fill", "#survival-graph .textpoint text >> nth=0"),
        ("fill", "#survival-graph .xtick text >> nth=0"),
    ):
        color = page.locator(part).evaluate(f"e => getComputedStyle(e).{text}")
        assert max(map(int, re.findall(r"\d+", color)[:3])) < 130, (part, color)


def test_explanations_on_demand(page: Page) -> None:
    harness.visit(page, PATH)
    badge = page.locator(".kind-badge")
    badge.hover()
    tip = page.locator(".tip")
    expect(tip).to_contain_text("simulated patients, not those of the trial")
    page.mouse.move(0, 0)
    expect(tip).to_have_count(0)
    helps = page.locator(".help")
    assert helps.count() > 8
    names = helps.evaluate_all("all => all.map(b => b.getAttribute('aria-label'))")
    assert all(name and len(name) > 20 for name in names)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/study/nope/survival", "There is no study “nope”."),
        ("/nothing", "There is no page /nothing here."),
    ],
)
@pytest.mark.console("404")
def test_a_wrong_address_says_so_and_leads_on(page: Page, path: str, words: str) -> None:
    harness.visit(page, path)
    expect(page.get_by_role("alert")).to_contain_text(words)
    page.get_by_role("link", name="All studies").click()
    expect(page).to_have_url(re.compile("^http://[^/]+/$"))
    expect(page.locator("h1")).to_be_visible()


def test_nothing_jumps_while_the_page_builds_itself(open_page: harness.OpenPage) -> None:
    """Layout shift as browsers measure it; below 0.1 is called good (web.dev/cls)."""
    page = open_page(color_scheme="dark")  # in light every page is measured by test_widths
    harness.visit(page, PATH)
    assert probes.layout_shift(page) < 0.1
    page.evaluate("window.layoutShift = 0")
    page.locator('[data-column="SEX"]').get_by_label("Female").click()
    expect(page.locator("#population-summary")).to_contain_text("female")
    harness.settle(page)
    assert probes.layout_shift(page) < 0.1


def test_what_a_chart_shows_at_a_point_is_read_out_by_keyboard(page: Page) -> None:
    """Oracle: the numbers at risk and counts of events that the pages' tables give."""
    for path, name, steps in (
        ("/study/e3a06/survival", "survival", {"Home": "92 at risk", "ArrowRight": "months"}),
        (
            "/study/e3a06/safety",
            "safety",
            {"Home": "25 of 88 (28.4%) on Lenalidomide", "ArrowDown": "9 of 90 (10.0%)"},
        ),
    ):
        harness.visit(page, path)
        keys = page.locator(f"#{name}-keys")
        keys.focus()
        expect(keys).to_be_in_viewport()
        for key, words in steps.items():
            keys.press(key)
            expect(page.locator(f"#{name}-key-row")).to_contain_text(words)
        note = page.locator(f"#{name}-graph .hoverlayer text")
        expect(note.first).to_be_visible()
        keys.press("Escape")
        expect(note).to_have_count(0)
        keys.press("ArrowUp")
        keys.press("Escape")  # sooner than what the arrow asks for is drawn
        page.wait_for_timeout(400)
        expect(note).to_have_count(0)


def test_escape_and_a_click_beside_close_a_menu(open_page: harness.OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    harness.visit(page, "/study/e3a06/survival")
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


def test_a_wrong_value_is_marked_at_its_field(open_page: harness.OpenPage) -> None:
    page = open_page()
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
