"""What is chosen is on the screen before Dash is told of it, and nothing chosen is lost."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, Route, expect

from tests.browser import harness
from tests.browser.survival import (
    PATH,
    UPDATE,
    WAY_BACK,
    answer,
    choose,
    drawn,
    hold,
    posts,
    query,
    tick,
)

SEEN = """(names) => {
    const label = (name) => Array.from(document.querySelectorAll("#page label"))
        .find((one) => one.textContent.trim() === name && one.offsetParent);
    names.forEach((name) => label(name).click());
    return {
        chosen: names.map((name) => label(name).querySelector("input").checked),
        curves: document.querySelector("#survival-graph .picture")
            ? "under a picture"
            : document.querySelector("#survival-graph .js-line").getAttribute("d"),
        answer: document.querySelector("#survival-answer .answer-main").textContent,
        address: location.search,
    };
}"""


BELOW = """(name) => {
    const said = () => ["answer", "numbers"].map((part) =>
        document.querySelector("#survival-" + part).textContent);
    const before = said();
    Array.from(document.querySelectorAll("#page label.segment"))
        .find((one) => one.textContent.trim() === name).querySelector("input").click();
    const now = said();
    return now.map((words, i) => words !== before[i]);
}"""


def see_both(page: Page) -> None:
    """The page of progression-free survival, with both endpoints seen."""
    harness.visit(page, PATH)
    for name in ("Overall survival", "Progression-free survival"):
        choose(page, name)
        harness.settle(page)


def test_a_choice_seen_before_is_shown_before_dash_is_told_of_it(page: Page) -> None:
    """All of it in the task of the click; the address follows when Dash has heard."""
    see_both(page)
    before = drawn(page)
    curves = page.evaluate(SEEN, [])["curves"]
    with posts(page) as asked:
        now = page.evaluate(SEEN, ["Overall survival"])
        assert now["chosen"] == [True]
        assert now["curves"] != curves
        assert "Only 6 events so far" in now["answer"]
        assert now["address"] == ""
        expect(page).to_have_url(re.compile(r"\?endpoint=OS$"))
        expect(page.locator(".picture")).to_have_count(0)
        harness.settle(page)
    assert not asked
    assert drawn(page)["ends"] != before["ends"]


def test_words_below_the_window_come_after_what_is_in_it(page: Page) -> None:
    """Second source of what they say at last: the same address opened anew."""
    harness.widen(page, 1280)
    see_both(page)
    numbers = page.locator("#survival-numbers")
    box = numbers.bounding_box()
    assert box is not None
    assert box["y"] > 1.25 * 900
    before = numbers.inner_text()
    assert page.evaluate(BELOW, "Overall survival") == [True, False]
    expect(numbers).not_to_have_text(before, use_inner_text=True)
    assert query(page) == {"endpoint": ["OS"]}
    said = numbers.inner_text()
    numbers.evaluate("(place) => place.scrollIntoView()")
    assert page.evaluate(BELOW, "Progression-free survival") == [True, True], "they are in view"
    harness.visit(page, f"{PATH}?endpoint=OS")
    assert numbers.inner_text() == said


def test_words_that_waited_are_not_put_over_newer_ones(page: Page) -> None:
    harness.visit(page, PATH)
    assert page.evaluate("""() => {
        const place = document.querySelector("#survival-numbers");
        const put = (text, later) => window.island.put({ html: { [place.id]: text } }, later);
        put("older", new Set([place]));
        const waits = place.textContent !== "older";
        put("newer");
        window.island.finish([place]);
        return [waits, place.textContent];
    }""") == [True, "newer"]


def test_what_a_choice_would_ask_is_asked_while_a_pointer_rests_on_it(page: Page) -> None:
    for path, label, said in (
        (PATH, "Years", '"value":"years"'),
        ("/evidence", "Randomized", '"value":"randomized"'),
    ):
        harness.visit(page, path)
        choice = page.locator("label.segment", has_text=re.compile(f"^{label}$"))
        with page.expect_response(lambda told, said=said: said in (told.request.post_data or "")):
            choice.hover()
        assert query(page) == {}, "nothing is chosen yet"
        with posts(page) as asked:
            choice.click()
            harness.settle(page)
        assert query(page)
        assert not [post for post in asked if said in post], "it was asked twice"


def test_the_view_a_page_was_opened_with_was_seen_before(page: Page) -> None:
    """Oracle: the page as it was opened. The ways back are asked for with nothing else to do."""
    harness.visit(page, PATH)
    opened, said = drawn(page), answer(page).inner_text()
    with page.expect_response(lambda told: WAY_BACK in (told.request.post_data or "")):
        choose(page, "Overall survival")
    harness.settle(page)
    with posts(page) as asked:
        assert page.evaluate(SEEN, ["Progression-free survival"])["answer"] in said
        harness.settle(page)
    assert not asked
    assert drawn(page) == opened
    assert query(page) == {}
    with page.expect_response(lambda told: '"filtered":""' in (told.request.post_data or "")):
        tick(page, "SEX", "Female")
    harness.settle(page)
    with posts(page) as asked:
        tick(page, "SEX", "Female")
        harness.settle(page)
    assert not [post for post in asked if '"filtered":""' in post]
    assert drawn(page) == opened


def test_choices_on_each_others_heels_all_count(page: Page) -> None:
    """The first is seen at once, the others wait until Dash has it: none is forgotten."""
    see_both(page)
    page.evaluate(SEEN, ["Overall survival", "Years"])
    expect(page).to_have_url(re.compile("unit=years"))
    harness.settle(page)
    assert query(page) == {"endpoint": ["OS"], "unit": ["years"]}
    expect(answer(page)).to_contain_text("Only 6 events so far")
    # And with one after the other asked for before the first is told.
    now = page.evaluate(SEEN, ["Months", "Progression-free survival", "Overall survival", "Years"])
    assert now["chosen"] == [False, False, True, True]
    harness.settle(page)
    expect(page).to_have_url(re.compile("unit=years"))
    assert query(page) == {"endpoint": ["OS"], "unit": ["years"]}
    both = drawn(page)
    page.reload()
    harness.settle(page)
    assert drawn(page)["ends"] == both["ends"]


def test_a_choice_taken_back_before_dash_knew_of_it_is_taken_back(page: Page) -> None:
    """Dash then asks what it was answered last, while the screen says something else."""
    see_both(page)
    shown = drawn(page)
    assert "Only 6 events so far" in page.evaluate(SEEN, ["Overall survival"])["answer"]
    page.evaluate(SEEN, ["Progression-free survival"])
    harness.settle(page)
    expect(answer(page)).to_contain_text("At 36 months, 91% on lenalidomide")
    expect(page.locator(".picture")).to_have_count(0)
    assert drawn(page) == shown
    assert query(page) == {}


def test_a_filter_whose_address_was_written_over_is_not_lost(page: Page) -> None:
    """An answer that was on its way writes its own address right after the filter wrote its."""
    harness.visit(page, PATH)
    choose(page, "Overall survival")
    harness.settle(page)
    page.evaluate("""() => {
        const set = window.dashBridge.set;
        window.over = 0;
        window.dashBridge.set = (id, props) => {
            set(id, props);
            if (!id.endsWith("-address") || window.over) return;
            window.over += 1;
            set(id, { search: "?endpoint=OS" });
        };
    }""")
    tick(page, "SEX", "Female")
    expect(page).to_have_url(re.compile("f.SEX=F"))
    harness.settle(page)
    assert page.evaluate("window.over") == 1
    expect(page.locator("#population-summary")).to_contain_text("female")
    assert query(page) == {"endpoint": ["OS"], "f.SEX": ["F"]}
    tick(page, "SEX", "Female")
    harness.settle(page)
    assert query(page) == {"endpoint": ["OS"]}


LOSE = """(lost) => {
    const set = window.dashBridge.set;
    const ids = lost.map((name) => "survival-" + name);
    window.dashBridge.set = (id, props) => {
        const place = ids.indexOf(id);
        if (place < 0) set(id, props);
        else ids.splice(place, 1);
        if (place >= 0 && props.search) history.pushState({}, "", props.search);
    };
}"""


def test_a_filter_that_dash_never_asked_for_is_asked_for_in_the_end(page: Page) -> None:
    """Its boxes, its numbers and its address say the same once a page rests.

    Dash drops a question where another one comes in the same moment: here it is not told at all,
    while the answer to another choice is on its way.
    """
    for choice, said in (("Overall survival", "endpoint"), ("Years", "unit")):
        harness.visit(page, PATH)
        page.evaluate(LOSE, ["answered", "address"])
        choose(page, choice)
        tick(page, "SEX", "Female")
        expect(page.locator("#population-summary")).to_contain_text("female")
        expect(page).to_have_url(re.compile(f"{said}=.*f.SEX=F"))
        harness.settle(page)
        assert set(query(page)) == {said, "f.SEX"}
        expect(page.locator("#population-summary")).to_contain_text("female")


def test_a_page_left_right_after_a_filter_says_what_its_address_says(page: Page) -> None:
    """178 patients have safety data, 3 of them of Asian race; the server takes its time."""
    whole, some = "178 of 178 patients", "3 of 178 patients"
    for wait in (0, 20, 200):
        harness.visit(page, PATH)
        for _ in range(2):
            tick(page, "SEX", "Female")
            harness.settle(page)

        def slow(route: Route) -> None:
            page.wait_for_timeout(300)
            route.continue_()

        page.route(UPDATE, slow)
        tick(page, "RACE", "Asian")
        page.wait_for_timeout(wait)
        page.locator("#tabs").get_by_role("link", name="Safety").click()
        expect(page).to_have_url(re.compile("/safety"))
        page.wait_for_timeout(1000)
        page.unroute(UPDATE)
        harness.settle(page)
        said = some if query(page) else whole
        expect(page.locator("#population-summary")).to_contain_text(said)


def test_what_is_chosen_on_a_page_that_is_left_is_not_written_into_the_next(page: Page) -> None:
    """The server takes its time over the next page. Oracle: its address opened anew."""
    harness.visit(page, PATH)
    held = hold(page, '"..page.children')
    with page.expect_request(lambda asked: "page.children" in (asked.post_data or "")):
        page.locator("#tabs").get_by_role("link", name="Safety").click()
    tick(page, "SEX", "Female")
    choose(page, "Overall survival")
    tick(page, "RACE", "Asian")
    page.wait_for_timeout(1500)  # longer than anything waits for its turn
    assert "?" not in page.url
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#population-summary")).to_contain_text("178 of 178 patients")
    harness.settle(page)
    said = page.locator("#page").inner_text()
    assert query(page) == {}
    page.unroute(UPDATE)
    harness.visit(page, page.url)
    assert page.locator("#page").inner_text() == said


def test_an_answer_to_a_page_that_was_left_is_not_put_on_the_next(page: Page) -> None:
    """Both pages have the filters; all 178 are shown, their ages stand in the fields."""
    harness.visit(page, PATH)
    held = hold(page, '"filtered":"?f.SEX=F"')
    # The filter waits for what is shown before it.
    page.evaluate("() => { window.questions.shown = new Promise(() => {}); }")
    with page.expect_request(lambda asked: "f.SEX=F" in (asked.post_data or "")):
        tick(page, "SEX", "Female")
    page.evaluate("window.dashBridge.open(location.pathname.replace('survival', 'safety'))")
    expect(page.locator("#population-summary")).to_contain_text("178 of 178 patients")
    age = page.locator('[data-column="AGE"] input[type=text].low')
    expect(age).not_to_have_value("")
    for route in held:
        route.continue_()
    harness.settle(page)
    expect(page.locator("#population-summary")).to_contain_text("178 of 178 patients")
    expect(age).not_to_have_value("")
    assert query(page) == {}


def test_the_picture_of_a_chart_is_the_chart(page: Page) -> None:
    """Second drawing: the chart itself, of which the picture is an image."""
    harness.widen(page, 1280, 1400)  # both charts fit
    for path in (PATH, PATH.replace("survival", "subgroups")):
        harness.visit(page, path)
        chart = page.locator(".dash-graph:has(.js-plotly-plot)").first
        chart.scroll_into_view_if_needed()
        drawn_by_plotly = Image.open(BytesIO(chart.screenshot())).convert("L")
        page.evaluate("""() => new Promise((done, failed) => {
            const graph = document.querySelector(".js-plotly-plot");
            const picture = window.dashBridge.pictureOf(graph);
            picture.addEventListener("error", failed);
            picture.addEventListener("load", () => {
                graph.parentElement.appendChild(picture);
                graph.style.visibility = "hidden";
                requestAnimationFrame(() => requestAnimationFrame(done));
            });
        })""")
        image = Image.open(BytesIO(chart.screenshot())).convert("L")
        assert image.size == drawn_by_plotly.size
        assert len(image.getcolors() or []) > 20, "nothing is drawn"
        apart = ImageChops.difference(image, drawn_by_plotly).histogram()
        assert sum(apart[40:]) < 20, "pixels that differ by more than smooth edges do"


@pytest.mark.console("500|Callback failed|Callback error|ERR_FAILED")
def test_a_server_that_does_not_answer_is_told_and_the_next_answer_counts(page: Page) -> None:
    notice = page.locator("#page-notice")
    for path, choice, other in (
        (PATH, "Years", "Overall survival"),
        ("/evidence", "Randomized", "Single arm"),
    ):
        harness.visit(page, path)
        for fails in (lambda route: route.fulfill(status=500), lambda route: route.abort()):
            page.route(UPDATE, fails)
            choose(page, choice)
            expect(notice).to_contain_text("The server did not answer this change")
            page.unroute(UPDATE)
            choose(page, other)
            expect(notice).to_be_empty()
            harness.settle(page)
            assert query(page), "what is chosen stands in the address again"
            harness.visit(page, path)
