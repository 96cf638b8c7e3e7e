"""What is read before the scripts are there, and without them. Oracle: the page with scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import harness

SURVIVAL = "/study/aquila/survival?endpoint=OS"
SHIFT = """() => {
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => { window.shift += e.value; }))
        .observe({type: 'layout-shift', buffered: true});
}"""

# The lines of the chart as they are drawn first; none if Dash's page is there by then.
EARLY = """new MutationObserver(() => {
    const found = document.querySelectorAll('#first-words .first-chart .js-line');
    if (window.ahead || !found.length) return;
    window.ahead = document.querySelector('#page main') ? []
        : Array.from(found, (line) => line.getAttribute('d'));
}).observe(document, {childList: true, subtree: true});"""


def words(page: Page, place: str) -> str:
    return " ".join(page.locator(place).inner_text().split())


def test_without_scripts_the_numbers_are_read(open_page: harness.OpenPage) -> None:
    with_scripts = open_page()
    harness.visit(with_scripts, SURVIVAL)
    page = open_page(java_script_enabled=False)
    page.goto(SURVIVAL)
    expect(page.locator("noscript p")).to_be_visible()
    assert words(page, ".answer") == words(with_scripts, ".answer")
    whole, _, more = words(page, ".numbers-card").partition(" More follows here")
    assert len(whole) > 900
    assert words(with_scripts, ".numbers-card").startswith(whole)
    assert more
    table = page.locator("details.chart-table")
    table.locator("summary").click()
    expect(table.locator("tr").nth(1)).to_be_visible()
    assert (
        page.request.get(page.get_by_role("link", name="CSV").first.get_attribute("href") or "")
        .text()
        .startswith("#")
    )


@pytest.mark.parametrize("width", [1440, 820, 390])
def test_words_are_read_while_scripts_are_on_their_way(
    open_page: harness.OpenPage, width: int
) -> None:
    page = open_page(own=True, viewport={"width": width, "height": 900})
    waiting: list[Route] = []
    page.route("**/_dash-layout", lambda route: waiting.append(route))
    page.add_init_script(f"({SHIFT})()")
    page.goto(SURVIVAL)
    first = page.locator("#first-words")
    expect(first.locator(".answer")).to_be_visible()
    read = words(page, "#first-words .answer")
    where = first.locator("h1").bounding_box()
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(first).to_have_count(0)
    harness.settle(page)
    assert words(page, "#survival-answer") == read
    now = page.locator("h1").bounding_box()
    assert where
    assert now
    assert abs(now["y"] - where["y"]) <= 2
    assert page.evaluate("window.shift") < 0.1


def test_on_a_dark_screen_the_first_words_are_dark(open_page: harness.OpenPage) -> None:
    page = open_page(own=True, color_scheme="dark")
    waiting: list[Route] = []
    held = "**/static/smm.*.js"
    page.route(held, lambda route: waiting.append(route))
    page.goto(SURVIVAL, wait_until="commit")
    expect(page.locator("#first-words .answer")).to_be_visible()
    # The words may be there before the stylesheet; nothing is painted until it has come.
    expect(page.locator("#first-words h1")).to_have_css("color", "rgb(232, 234, 238)")
    assert waiting, "no script was held: the words were dark by a script"
    for route in waiting:
        route.continue_()
    harness.settle(page)


def test_what_a_wide_screen_has_open_is_open_before_the_scripts(
    open_page: harness.OpenPage,
) -> None:
    page = open_page(own=True, viewport={"width": 820, "height": 1180})
    page.route("**/static/smm.*.js", lambda route: route.fulfill(content_type="text/javascript"))
    page.goto("/study/aquila", wait_until="commit")
    expect(page.locator("#first-words #design details.fold")).to_have_attribute("open", "")
    page.close()


def test_the_chart_is_drawn_before_dash_is_there(open_page: harness.OpenPage) -> None:
    page = open_page(own=True)
    page.add_init_script(EARLY)
    harness.visit(page, SURVIVAL)
    ahead = page.evaluate("window.ahead")
    assert ahead, "no chart before the page"
    curves = page.locator("#survival-graph .scatterlayer .js-line").all()
    assert ahead == [curve.get_attribute("d") for curve in curves]
    assert page.locator("[id=survival-graph]").count() == 1


def test_words_that_came_are_not_built_again(page: Page) -> None:
    page.route(
        "**/_dash-layout",
        lambda route: (
            page.evaluate("document.querySelector('#first-words .answer > *').mine = true"),
            route.continue_(),
        )[1],
    )
    harness.visit(page, SURVIVAL)
    assert page.evaluate("document.querySelector('#survival-answer > *').mine === true")


@pytest.mark.console("404")
def test_an_unknown_address_says_so_in_words(open_page: harness.OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    answer = page.goto("/study/nope/survival")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("There is no study “nope”.")).to_be_visible()
