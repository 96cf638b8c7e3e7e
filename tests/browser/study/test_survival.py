"""The survival page, used as a person would."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser import harness
from tests.browser.survival import (
    DRAWN,
    PATH,
    UPDATE,
    WAY_BACK,
    answer,
    choose,
    drag,
    drawn,
    posts,
    query,
    tick,
)

# --- what one sees ----------------------------------------------------------------------------


def test_the_page_opens_with_its_answer_curves_and_numbers(page: Page) -> None:
    with posts(page) as asked:
        harness.visit(page, PATH)
    assert len(asked) <= 1, "first values come with the layout; only the route asks"
    expect(answer(page)).to_contain_text("At 36 months, 91% on lenalidomide and 66% on observation")
    found = drawn(page)
    assert found["names"] == ["Lenalidomide", "Observation"]
    assert {"band", "curve", "censored"} <= set(found["metas"])  # type: ignore[call-overload]
    numbers = page.locator("#survival-numbers")
    expect(numbers).to_contain_text("0.28")
    expect(numbers).to_contain_text("95% CI 0.12 to 0.62")
    expect(page.locator("#survival-provenance")).to_contain_text("182 of 182 patients")
    # The table under the chart: 92 and 90 at risk at the start, under the tick of 0.
    row = page.locator("#survival-graph .textpoint text")
    texts = row.all_text_contents()
    assert {"92", "90"} <= set(texts)
    zero = page.locator("#survival-graph .xtick text").first.bounding_box()
    first = row.first.bounding_box()
    assert zero is not None
    assert first is not None
    center = zero["x"] + zero["width"] / 2
    assert abs(first["x"] + first["width"] / 2 - center) < 2
    # Hover reads both arms at one time.
    box = page.locator("#survival-graph .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.move(box["x"] + box["width"] / 2 + 2, box["y"] + 62)
    hover = page.locator("#survival-graph .hoverlayer")
    expect(hover).to_contain_text("at risk")
    assert (hover.text_content() or "").count("95% CI") == 2
    titles = page.locator(".modebar-btn").evaluate_all("all => all.map(b => b.dataset.title)")
    assert not [title for title in titles if re.search("share|cloud", title or "", re.I)]


# --- toggles, address, history ----------------------------------------------------------------


def test_every_change_is_one_question_an_address_and_a_step_back(page: Page) -> None:
    harness.visit(page, PATH)
    before = drawn(page)
    with posts(page) as asked:
        choose(page, "Overall survival")
        expect(answer(page)).to_contain_text("Only 6 events so far")
        harness.settle(page)
        assert len([post for post in asked if WAY_BACK not in post]) == 1
    assert query(page) == {"endpoint": ["OS"]}
    assert drawn(page)["ends"] != before["ends"]
    expect(page.locator("#survival-numbers")).to_contain_text("0.46")
    with posts(page) as asked:
        tick(page, "SEX", "Female")
        expect(page.locator("#population-summary")).to_contain_text("of 182 patients: female")
        harness.settle(page)
        way_back = '"filtered":"?endpoint=OS"'
        assert len([post for post in asked if way_back not in post]) == 1
    assert query(page) == {"endpoint": ["OS"], "f.SEX": ["F"]}
    women = answer(page).text_content() or ""
    link = page.url

    page.go_back()
    expect(page.locator("#population-summary")).to_have_text("182 of 182 patients")
    expect(page.get_by_label("Female")).not_to_be_checked()
    assert query(page) == {"endpoint": ["OS"]}
    page.go_back()
    expect(answer(page)).to_contain_text("At 36 months")
    harness.settle(page)
    assert query(page) == {}
    assert drawn(page)["ends"] == before["ends"]
    page.go_forward()
    page.go_forward()
    expect(page.locator("#population-summary")).to_contain_text("female")
    expect(answer(page)).to_have_text(women)

    other = page.context.new_page()
    harness.visit(other, link)
    expect(answer(other)).to_have_text(women)
    expect(other.get_by_label("Female")).to_be_checked()
    other.close()


def test_controls_that_follow_the_endpoint_ask_nothing_of_their_own(page: Page) -> None:
    harness.visit(page, "/study/aquila/survival")
    with posts(page) as asked:
        for label, said in (("Overall survival", "OS"), ("Time to first-line treatment", "FLT")):
            choose(page, label)
            page.wait_for_url(f"**endpoint={said}*")
            harness.settle(page)
    assert len([post for post in asked if WAY_BACK not in post]) == 2


def test_ranges_reset_and_counts(page: Page) -> None:
    harness.visit(page, f"{PATH}?f.AGE=50..70")
    age = page.locator('[data-column="AGE"]')
    low, high = age.get_by_label("Age, lowest"), age.get_by_label("Age, highest")
    fields = age.locator("input[type=text]")
    expect(fields.first).to_have_value("50")
    fields.first.fill("60")
    fields.first.press("Tab")
    expect(page.locator("#population-summary")).to_contain_text("age 60 to 70 years")
    assert query(page) == {"f.AGE": ["60..70"]}
    assert low.first.is_visible()
    assert high.first.is_visible()
    counts = page.locator('[data-column="SEX"] .count').all_inner_texts()
    total = int(page.locator("#population-summary").inner_text().split()[0])
    assert sum(map(int, counts)) == total
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#population-summary")).to_have_text("182 of 182 patients")
    assert query(page) == {}
    expect(fields.first).not_to_have_value("60")


def test_a_wrong_range_is_marked_beside_its_fields_and_the_chart_stays(page: Page) -> None:
    harness.visit(page, f"{PATH}?f.AGE=50..70")
    age = page.locator('[data-column="AGE"]')
    low, high = age.locator("input[type=text]").all()
    said = page.locator("#population-summary")
    before = said.inner_text()

    def refused(start: str, end: str, words: str, *ends: bool) -> None:
        low.fill(start)
        high.fill(end)
        high.press("Tab")
        expect(age.get_by_role("alert")).to_contain_text(words)
        expect(low).to_have_accessible_description(re.compile(re.escape(words)))
        for box, wrong in zip((low, high), ends, strict=True):
            expect(box).to_have_attribute("aria-invalid", str(wrong).lower())
        assert said.inner_text() == before
        assert query(page) == {"f.AGE": ["50..70"]}

    refused("70", "55", "starts at 70 and ends at 55", True, True)
    refused("sixty", "70", "“sixty” is not a number", True, False)
    # What is chosen elsewhere counts, and what was typed stays to be mended.
    page.get_by_label("Female").check()
    expect(said).to_contain_text("female, age 50 to 70 years")
    expect(low).to_have_value("sixty")
    low.fill("60,5")
    low.press("Tab")
    expect(said).to_contain_text("age 60.5 to 70 years")
    expect(age.locator(".field-error")).to_have_text("")
    low.fill("80")
    low.press("Tab")
    page.get_by_role("button", name="Reset").click()
    expect(said).to_have_text("182 of 182 patients")
    expect(low).to_have_attribute("aria-invalid", "false")
    expect(low).not_to_have_value("80")


def test_fields_name_the_time_unit_of_the_page(page: Page) -> None:
    harness.visit(page, PATH)
    expect(page.get_by_label("Compare at these times (months)")).to_have_value("12, 24, 36")
    page.locator("#survival-unit").get_by_text("Years").click()
    expect(page.get_by_label("Compare at these times (years)")).to_have_value("1, 2, 3")
    expect(page.get_by_label("Time axis ends at (years)")).to_be_attached()


def test_reference_scale_and_plots(page: Page) -> None:
    harness.visit(page, PATH)
    harness.pick(page, "survival-reference", "Lenalidomide")
    expect(page.locator("#survival-numbers")).to_contain_text("Observation versus Lenalidomide")
    expect(page.locator("#survival-numbers")).to_contain_text("3.62")
    assert query(page) == {"arms": ["Lenalidomide,Observation"]}
    harness.pick(page, "survival-scale", "With the event (incidence)")
    expect(page.locator("#survival-graph .ytitle").first).to_contain_text("Cumulative incidence")
    assert min(drawn(page)["ends"]) < 0.2  # type: ignore[call-overload]
    for plot, meta in (
        ("Types of event", "incidence"),
        ("Hazard ratio over time", "smooth"),
        ("Time gained", "means"),
        ("Curves", "curve"),
    ):
        choose(page, plot)
        page.wait_for_function(
            "meta => document.querySelector('#survival-graph .js-plotly-plot')"
            "._fullData.some(t => t.meta === meta)",
            arg=meta,
        )
    harness.settle(page)
    assert query(page) == {"arms": ["Lenalidomide,Observation"], "scale": ["incidence"]}


def test_zoom_survives_a_toggle_and_a_double_click_ends_it(page: Page) -> None:
    harness.visit(page, PATH)
    whole = drawn(page)["range"]
    box = page.locator("#survival-graph .nsewdrag").first.bounding_box()
    assert box is not None
    drag(page)
    zoomed = drawn(page)["range"]
    tick(page, "SEX", "Female")
    expect(page.locator("#population-summary")).to_contain_text("female")
    harness.settle(page)
    assert drawn(page)["range"] == zoomed
    page.mouse.dblclick(box["x"] + 200, box["y"] + 100)
    page.wait_for_function(f"() => ({DRAWN})().range[0] <= 0")
    assert drawn(page)["range"] == whole
    # Another unit has axes of its own, and a double click goes back to those.
    drag(page)
    choose(page, "Years")
    page.wait_for_function(f"() => ({DRAWN})().range[1] < 10")
    years = drawn(page)["range"]
    drag(page)
    assert drawn(page)["range"] != years
    page.mouse.dblclick(box["x"] + 200, box["y"] + 100)
    page.wait_for_function(f"() => ({DRAWN})().range[0] <= 0")
    assert drawn(page)["range"] == years


def test_late_answers_never_overwrite_newer_ones(page: Page) -> None:
    harness.visit(page, PATH)
    seen: list[Route] = []

    def slow_first(route: Route) -> None:
        seen.append(route)
        if len(seen) > 1:
            route.continue_()

    page.route(UPDATE, slow_first)
    with page.expect_request(UPDATE):
        choose(page, "Overall survival")
    tick(page, "SEX", "Female")
    expect(page.locator("#population-summary")).to_contain_text("female")
    newest = answer(page).text_content() or ""
    seen[0].continue_()
    page.unroute(UPDATE)
    harness.settle(page)
    page.wait_for_timeout(300)
    expect(answer(page)).to_have_text(newest)
    expect(page.locator("#population-summary")).to_contain_text("female")
    assert query(page) == {"endpoint": ["OS"], "f.SEX": ["F"]}
    assert "Overall survival" in newest
    assert "for these patients" in newest


# --- what cannot be shown ---------------------------------------------------------------------


def test_an_empty_selection_and_one_arm_say_so_in_place_of_the_chart(page: Page) -> None:
    harness.visit(page, f"{PATH}?f.AGE=..30")
    problem = page.locator("#survival-problem")
    expect(problem).to_contain_text("No patient matches all the filters")
    for part in ("#survival-chart", "#survival-numbers", "#survival-curves-table"):
        expect(page.locator(part)).to_be_hidden()
    page.get_by_role("button", name="Reset").click()
    expect(answer(page)).to_contain_text("At 36 months")
    expect(page.locator("#survival-chart")).to_be_visible()
    expect(problem).to_be_empty()
    harness.settle(page)
    assert drawn(page)["names"] == ["Lenalidomide", "Observation"]


def test_a_single_arm_study(page: Page) -> None:
    harness.visit(page, "/study/e3a06-run-in/survival?ci=log")
    expect(answer(page)).to_contain_text("At 60 months, 78% were progression-free")
    expect(answer(page)).to_contain_text("65% to 93%")
    assert drawn(page)["names"] == ["Lenalidomide"]
    expect(page.locator("#survival-numbers")).not_to_contain_text("Hazard ratio")
    expect(page.locator("#survival-reference")).to_be_hidden()


def test_a_mistyped_time_can_be_mended(page: Page) -> None:
    harness.visit(page, PATH)
    field = page.locator("#survival-at")
    field.fill("soon")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("“soon” is not a time. Write numbers such as")).to_be_visible()
    expect(answer(page)).to_contain_text("At 36 months")
    expect(field).to_have_value("soon")
    field.fill("6, 30")
    field.press("Enter")
    expect(answer(page)).to_contain_text("At 30 months")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert query(page) == {"at": ["6,30"]}


# --- take away --------------------------------------------------------------------------------


def test_images_and_the_link(open_page: harness.OpenPage, tmp_path: Path) -> None:
    page = open_page(color_scheme="dark", permissions=["clipboard-read", "clipboard-write"])
    harness.visit(page, f"{PATH}?f.SEX=F")
    row = page.locator(".take-away-row")
    files = {}
    for kind in ("SVG", "PNG"):
        with page.expect_download() as waiting:
            row.get_by_role("button", name=f"Download the figure as {kind}").click()
        file = tmp_path / f"figure.{kind.lower()}"
        waiting.value.save_as(file)
        name = rf"e3a06-PFS-survival-curves-[0-9a-f]{{6}}\.{kind.lower()}"
        assert re.fullmatch(name, waiting.value.suggested_filename)
        files[kind] = file.read_bytes()
    assert files["PNG"].startswith(b"\x89PNG")
    assert int.from_bytes(files["PNG"][16:20], "big") == 2000, "twice 1000 pixels wide"
    svg = files["SVG"].decode()
    for words in ("Simulated patients", "At risk", "of 182 patients (female)", "Kaplan-Meier"):
        assert words in svg
    assert "rgb(255, 255, 255)" in svg, "white, in dark mode too"
    row.get_by_role("button", name="Copy link").click()
    expect(row.get_by_role("status")).to_have_text("Link copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    with page.expect_download() as waiting:
        row.get_by_role("link", name="Python script").click()
    name = r"e3a06-PFS-survival-[0-9a-f]{6}\.py"
    assert re.fullmatch(name, waiting.value.suggested_filename)


# --- for everyone -----------------------------------------------------------------------------


def test_axe_finds_nothing_on_any_plot(open_page: harness.OpenPage) -> None:
    # In light, the page itself is looked at in test_widths.py.
    page = open_page(color_scheme="dark")
    harness.visit(page, f"{PATH}?plot=types&strata=TSDIAGGR")
    harness.assert_accessible(page)
    for plot in ("Hazard ratio over time", "Time gained"):
        choose(page, plot)
        harness.settle(page)
        harness.assert_accessible(page, "main")
    harness.visit(page, f"{PATH}?facet=SEX&endpoint=OS")
    harness.assert_accessible(page, "main")


def test_with_the_keyboard_alone(page: Page) -> None:
    harness.visit(page, PATH)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Progression-free survival").focus()
    page.keyboard.press("ArrowRight")
    expect(answer(page)).to_contain_text("Only 6 events so far")
    assert query(page) == {"endpoint": ["OS"]}
    female = page.get_by_label("Female")
    female.focus()
    page.keyboard.press("Space")
    expect(page.locator("#population-summary")).to_contain_text("female")
    expect(female).to_be_focused()
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#population-summary")).to_have_text("182 of 182 patients")
    # What cannot be estimated explains itself on focus.
    page.goto(f"{PATH}?at=99")
    harness.settle(page)
    page.locator("#survival-numbers .reason").first.focus()
    expect(page.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_have_count(0)


def test_a_view_seen_before_needs_no_question_and_is_live_again(page: Page) -> None:
    """The picture of a chart drawn before is there at once, and then the chart itself."""
    harness.visit(page, PATH)
    whole = drawn(page)
    for _ in range(2):
        tick(page, "SEX", "Female")
        expect(page.locator("#population-summary")).to_contain_text("female")
        women = drawn(page) if query(page) else {}
        tick(page, "SEX", "Female")
        expect(page.locator("#population-summary")).to_have_text("182 of 182 patients")
        assert query(page) == {}
    with posts(page) as asked:
        tick(page, "SEX", "Female")
        expect(page.locator("#population-summary")).to_contain_text("female")
        assert query(page) == {"f.SEX": ["F"]}
        expect(page.locator(".picture")).to_have_count(0)
        assert drawn(page) == women != whole
        tick(page, "SEX", "Female")
        expect(page.locator("#population-summary")).to_have_text("182 of 182 patients")
        assert query(page) == {}
        assert drawn(page) == whole
    assert not asked
    # What was answered ahead of Dash is what Dash holds: another control goes on from there.
    choose(page, "Overall survival")
    expect(answer(page)).to_contain_text("Only 6 events so far")
    assert query(page) == {"endpoint": ["OS"]}
