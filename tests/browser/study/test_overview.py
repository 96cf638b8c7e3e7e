"""The overview of a study, used as a person would."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import harness
from tests.browser.survival import tick

CLICK = """() => {
    const said = () => ["population-summary", "overview-patients"].map((id) =>
        document.getElementById(id).textContent);
    const before = said();
    document.querySelector('[data-column="SEX"] input[value="F"]').click();
    return said().map((words, i) => words !== before[i]);
}"""


def test_a_view_seen_before_fills_what_is_in_the_window_first(page: Page) -> None:
    """What lies far below follows two frames later, what is in view comes with all else."""
    harness.visit(page, "/study/e3a06")
    patients = page.locator("#overview-patients")
    tick(page, "SEX", "Female")
    harness.settle(page)
    women = patients.inner_text()
    tick(page, "SEX", "Female")
    harness.settle(page)
    page.evaluate("scrollTo(0, 0)")
    box = patients.bounding_box()
    assert box is not None
    assert box["y"] > 1.25 * page.evaluate("innerHeight")
    assert page.evaluate(CLICK) == [True, False]
    expect(patients).to_have_text(women, use_inner_text=True)
    harness.settle(page)
    patients.evaluate("place => place.scrollIntoView()")
    assert page.evaluate(CLICK) == [True, True]


SHOWN = "(group) => group.firstElementChild.checkVisibility({ contentVisibilityAuto: true })"
LAST = f"() => ({SHOWN})([...document.querySelectorAll('.rail .filter')].at(-1))"


def test_filters_out_of_the_window_of_the_rail_are_not_laid_out(page: Page) -> None:
    """A filter changes the counts of all of them; the reader sees some. Scrolled to, they stand."""
    harness.visit(page, "/study/aquila")
    page.locator(".rail details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    groups = page.locator(".rail .filter")
    assert groups.first.evaluate(SHOWN)
    assert not page.evaluate(LAST)
    groups.last.scroll_into_view_if_needed()
    page.wait_for_function(LAST)
    counts = groups.last.locator(".count").all_inner_texts()
    assert counts
    assert all(counts)
