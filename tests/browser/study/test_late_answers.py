"""Nothing chosen or typed while an answer is on its way is lost, whatever comes first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import harness
from tests.browser.survival import (
    PATH,
    UPDATE,
    WAY_BACK,
    answer,
    choose,
    hold,
    query,
    release,
    tick,
)


def _visit(page: Page, path: str = PATH) -> None:
    """The page with all its filters in sight."""
    harness.visit(page, path)
    page.locator(".rail details").evaluate_all(
        "(all) => all.forEach((one) => { one.open = true; })"
    )


@pytest.mark.parametrize("how", ["typed", "left"])
def test_an_answer_leaves_what_is_being_typed(page: Page, how: str) -> None:
    """Whether it comes while the field is open or in the moment after it was left."""
    harness.visit(page, f"{PATH}?f.AGE=50..70")
    held = hold(page, "f.SEX=F")
    with page.expect_request(UPDATE):
        page.get_by_label("Female").check()
    said = page.locator("#population-summary")
    low, high = page.locator('[data-column="AGE"] input[type=text]').all()
    low.fill("60,5")
    if how == "left":
        low.press("Tab")
    release(page, held)
    if how == "typed":
        expect(said).to_contain_text("of 182 patients: female")
        harness.settle(page)
        expect(low).to_have_value("60,5")
        low.press("Tab")
        high.press_sequentially("6")  # taken back: the other end counts all the same
        high.press("Control+z")
        high.press("Tab")
    expect(said).to_contain_text("female, age 60.5 to 70 years")


def test_an_answer_leaves_what_is_being_typed_among_the_settings(page: Page) -> None:
    """The times of the comparison follow the unit, unless others are typed meanwhile."""
    harness.visit(page, PATH)
    held = hold(page, '"years"')
    times = page.get_by_role("textbox", name=re.compile("^Compare at these times"))
    with page.expect_request(UPDATE):
        page.locator("#survival-unit").get_by_text("Years").click()
    times.fill("2")
    release(page, held)
    expect(page.get_by_label("Compare at these times (years)")).to_be_visible()
    harness.settle(page)
    expect(times).to_have_value("2")
    times.press("Tab")
    expect(answer(page)).to_contain_text("At 2 years")
    expect(page).to_have_url(re.compile("unit=years"))


def test_an_answer_leaves_all_ranges_that_are_being_typed(page: Page) -> None:
    _visit(page)
    held = hold(page, "f.SEX=F")
    with page.expect_request(UPDATE):
        page.get_by_label("Female").check()
    ages = page.locator('[data-column="AGE"] input.low[type=text]')
    proteins = page.locator('[data-column="MPROT"] input.low[type=text]')
    ages.fill("60.5")
    proteins.fill("2.5")
    release(page, held)
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
    page.unroute(UPDATE)  # what is asked from now on does not wait
    expect(page).to_have_url(re.compile(r"/subgroups\?unit=years"))


def test_a_variable_taken_away_before_a_choice_stays_away(page: Page) -> None:
    """The newer question ends the older one, and says what that said."""
    _visit(page, PATH.replace("survival", "subgroups"))
    held = hold(page, '"remove"')
    with page.expect_request(UPDATE):
        page.locator('[data-forest="remove"][data-value="SEX"]').evaluate("(one) => one.click()")
    with page.expect_request(UPDATE):
        page.locator("#subgroups-unit").get_by_text("Years").click()
    release(page, held)
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
    release(page, held)
    for name in names:
        expect(page.locator(f'[data-safety="toggle"][data-value="{name}"]')).to_have_attribute(
            "aria-expanded", "true"
        )
    assert query(page)["open"] == [",".join(str(name) for name in names)]


OLDER = """async ([name, older]) => {
    const place = document.querySelector("#survival-answer");
    const said = [];
    const watch = new MutationObserver(() => said.push(place.textContent));
    watch.observe(place, { childList: true, subtree: true, characterData: true });
    Array.from(document.querySelectorAll("#page label.segment"))
        .find((one) => one.textContent.trim() === name).querySelector("input").click();
    said.push(place.textContent);
    const answer = await fetch(older.url, { ...older, method: "POST" });
    watch.disconnect();
    return [answer.status, said];
}"""


def test_what_dash_asks_of_an_older_choice_does_not_come_back_over_a_newer_one(page: Page) -> None:
    """Busy, Dash asks for what was chosen before when the newer choice is on the screen already."""
    harness.visit(page, PATH)
    # The way back is asked ahead, so that its answer is known.
    with page.expect_request(lambda one: WAY_BACK in (one.post_data or "")) as asked:
        choose(page, "Overall survival")
    harness.settle(page)
    request = asked.value
    older = {"url": request.url, "headers": request.headers, "body": request.post_data}
    choose(page, "Progression-free survival")
    harness.settle(page)
    first = answer(page).text_content()
    status, said = page.evaluate(OLDER, ["Overall survival", older])
    assert status == 204, "Dash learns that nothing changed"
    assert said
    assert all("Only 6 events so far" in words for words in said), said
    harness.settle(page)
    expect(answer(page)).not_to_have_text(first or "")
    assert query(page) == {"endpoint": ["OS"]}


def test_times_left_to_choose_another_unit_become_the_same_in_it(page: Page) -> None:
    """Typed in years, they are of years."""
    _visit(page, f"{PATH}?unit=years")
    times = page.get_by_role("textbox", name=re.compile("^Compare at these times"))
    times.fill("1, 2.5")
    page.locator("#survival-unit").get_by_text("Months").click()
    expect(page).to_have_url(re.compile(r"\?at=12,30$"))
    expect(times).to_have_value("12, 30")


def test_what_is_chosen_right_after_a_reset_comes_without_what_was_reset(page: Page) -> None:
    _visit(page, f"{PATH}?f.SEX=F&f.AGE=50..70")
    held = hold(page, "survival-island")
    page.get_by_role("button", name="Reset", exact=True).click()
    tick(page, "ECOGBL", "0")
    release(page, held)
    expect(page).to_have_url(re.compile("f.ECOGBL=0"))
    assert query(page) == {"f.ECOGBL": ["0"]}
    expect(page.get_by_label("Female")).not_to_be_checked()


def test_the_handle_of_a_range_stands_where_its_field_says(page: Page) -> None:
    """Before it is answered."""
    _visit(page)
    held = hold(page, "survival-island")
    handle = page.locator('[data-column="AGE"] input.low[type=range]')
    field = page.locator('[data-column="AGE"] input.low[type=text]')
    field.fill("60")
    with page.expect_request(UPDATE):
        field.press("Tab")
    expect(handle).to_have_value("60", timeout=1000)
    release(page, held)
    expect(page).to_have_url(re.compile(r"f\.AGE=60\.\."))


def _endpoint_and_filter_unanswered(page: Page) -> list[Route]:
    """A filter is ticked before another endpoint is answered; what is held of the answers."""
    _visit(page)
    held = hold(page, "survival-island")
    with page.expect_request(UPDATE):
        choose(page, "Overall survival")
    tick(page, "SEX", "Female")
    page.wait_for_timeout(600)  # both are asked
    return held


def test_the_way_back_leads_through_nothing_that_was_not_chosen(page: Page) -> None:
    """A filter ticked before another endpoint is answered: one step back is before both."""
    held = _endpoint_and_filter_unanswered(page)
    release(page, held)
    expect(page).to_have_url(re.compile(r"\?endpoint=OS&f\.SEX=F$"))
    harness.settle(page)
    page.go_back()
    harness.settle(page)
    assert query(page) in ({}, {"endpoint": ["OS"]}), "what was shown, or chosen, before"


def test_the_way_back_leads_past_a_filter_that_a_newer_choice_overtook(page: Page) -> None:
    """What it wrote lacks the endpoint chosen before it. Oracle: the choices in their order."""
    held = _endpoint_and_filter_unanswered(page)
    choose(page, "Years")
    page.wait_for_timeout(600)
    release(page, held)
    expect(page).to_have_url(re.compile(r"\?endpoint=OS&unit=years&f\.SEX=F$"))
    harness.settle(page)
    page.go_back()
    harness.settle(page)
    assert query(page) != {"f.SEX": ["F"]}, "women were never shown without the endpoint"
    expect(page.get_by_label("Female")).not_to_be_checked()
