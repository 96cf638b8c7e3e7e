"""The subgroups and risk-model pages, used as a person would."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser import harness

FOREST = "/study/e3a06/subgroups"
MODELS = "/study/e3a06/risk-models"


def query(page: Page) -> dict[str, list[str]]:
    harness.settle(page)
    return parse_qs(urlsplit(page.url).query)


def answer(page: Page) -> Locator:
    return page.locator("#subgroups-answer .answer-main")


def click_row(page: Page, target: str) -> None:
    """Click the forest where the row of this target lies."""
    x, y = page.evaluate(
        """target => {
            const plot = document.querySelector('#subgroups-graph .js-plotly-plot');
            const meta = window.chartText.metaOf(plot), box = plot.getBoundingClientRect();
            const index = meta.rows.findIndex(row => row[0] === target);
            return [box.x + 60, box.y + (meta.edges[index] + meta.edges[index + 1]) / 2];
        }""",
        target,
    )
    page.mouse.move(x, y)
    expect(page.locator(".forest-tip")).to_contain_text("Click")
    page.mouse.click(x, y)


def test_a_row_opens_its_curves_and_becomes_a_filter(page: Page) -> None:
    harness.visit(page, FOREST)
    expect(answer(page)).to_contain_text("only the subgroup result above")
    click_row(page, "row:SEX:F")
    head = page.locator("#subgroups-row")
    expect(head).to_contain_text("Sex: Female")
    expect(head).to_contain_text("no result for these patients")
    expect(page.locator("#subgroups-row-graph .js-plotly-plot")).to_be_visible()
    assert query(page)["row"] == ["SEX:F"]
    # Beside the forest, without leaving.
    forest, curves = (page.locator(f"#subgroups-{n}").bounding_box() for n in ("graph", "open"))
    assert forest is not None
    assert curves is not None
    assert curves["x"] >= forest["x"] + forest["width"]
    page.get_by_role("button", name="Show only these patients").click()
    summary = page.locator("#population-summary")
    expect(summary).to_have_text("89 of 182 patients: female")
    assert query(page) == {"f.SEX": ["F"]}
    expect(page.locator("#subgroups-table")).to_contain_text("0.30")
    page.go_back()
    expect(head).to_contain_text("Sex: Female")
    page.go_back()
    expect(page.locator("#subgroups-open")).to_be_hidden()
    expect(summary).to_have_text("182 of 182 patients")


def test_the_rows_are_reached_by_keyboard_in_the_order_of_the_picture(page: Page) -> None:
    harness.visit(page, FOREST)
    keys = page.locator("#subgroups-keys")
    keys.focus()
    expect(keys).to_be_in_viewport()
    said = page.locator("#subgroups-key-row")
    keys.press("ArrowDown")
    expect(said).to_contain_text("All patients")
    expect(page.locator(".forest-strip.keyed")).to_be_visible()
    rows = page.evaluate(
        "() => chartText.metaOf(document.querySelector('#subgroups-graph .js-plotly-plot')).rows"
    )
    female = next(i for i, row in enumerate(rows) if row[0] == "row:SEX:F")
    for _ in range(female):
        keys.press("ArrowDown")
    expect(said).to_contain_text("Female")
    keys.press("Enter")
    expect(page.locator("#subgroups-row")).to_contain_text("Sex: Female")
    assert query(page)["row"] == ["SEX:F"]


def test_folding_ordering_adding_and_cutting(page: Page) -> None:
    harness.visit(page, FOREST)
    click_row(page, "fold:SEX")
    page.wait_for_url("**fold=SEX**")
    names = page.locator("#subgroups-variables li")
    expect(names).to_have_count(8)
    page.get_by_role("button", name="Move Sex up").click()
    expect(names.first).to_contain_text("Sex")
    assert query(page)["by"][0].startswith("SEX,TSDIAGGR")
    names.nth(1).drag_to(names.nth(3))
    expect(names.nth(3)).to_contain_text("Time since diagnosis")
    page.get_by_role("button", name="Remove Race").click()
    expect(names).to_have_count(7)
    harness.pick(page, "subgroups-add", "Mayo 2008 risk (calibrated)")
    expect(names).to_have_count(8)
    page.get_by_text("Make groups from a number").click()
    page.locator("#subgroups-cut-points").fill("60, 70")
    page.get_by_role("button", name="Add these groups").click()
    expect(names).to_have_count(9)
    expect(names.last).to_contain_text("data-driven")
    assert query(page)["cut"] == ["AGE:60/70"]
    # A cut that cannot be says so, and nothing else changes.
    page.locator("#subgroups-cut-points").fill("10")
    page.get_by_role("button", name="Add these groups").click()
    field = page.locator("#subgroups-cut-points")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("This leaves a group without patients")).to_contain_text("38 and 85")
    expect(names).to_have_count(9)
    page.get_by_role("button", name="Remove Age, cut at 60 and 70").click()
    expect(names).to_have_count(8)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert "cut" not in query(page)


def test_every_control_writes_itself_into_the_address_and_back(page: Page) -> None:
    harness.visit(page, FOREST)
    harness.pick(page, "subgroups-sort", "Clearest difference first (interaction p)")
    page.locator("#subgroups-per_arm").get_by_text("Percentage at a time").click()
    page.locator("#subgroups-diff").fill("20")
    page.locator("#subgroups-diff").press("Tab")
    page.locator("#subgroups-min_events").fill("9")
    page.locator("#subgroups-min_events").press("Tab")
    harness.pick(page, "subgroups-ci", "Plain (symmetric)")
    harness.pick(page, "subgroups-level", "90%")
    page.locator("#subgroups-endpoint").get_by_text("Overall survival").click()
    page.locator("label").filter(has_text="Female").first.click()
    # The filter is in the address at once, the other controls with the answer.
    expect(page.locator("#population-summary")).to_contain_text("female")
    harness.settle(page)
    expected = {
        "endpoint": ["OS"],
        "ci": ["plain"],
        "level": ["0.9"],
        "diff": ["20"],
        "per_arm": ["landmark"],
        "min_events": ["9"],
        "sort": ["interaction"],
        "f.SEX": ["F"],
    }
    assert query(page) == expected
    words = page.locator("#subgroups-provenance").inner_text()
    page.reload()
    harness.settle(page)
    assert query(page) == expected
    assert page.locator("#subgroups-provenance").inner_text() == words
    expect(page.locator("#subgroups-diff")).to_have_value("20")
    expect(page.locator("#subgroups-min_events")).to_have_value("9")


def test_everything_by_keyboard_through_the_table(page: Page) -> None:
    harness.visit(page, FOREST)
    page.locator("#subgroups-table summary").press("Enter")
    button = page.get_by_role("button", name="Curves of Mayo 2018 risk: High")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#subgroups-row")).to_contain_text("Mayo 2018 risk: High")
    page.get_by_role("button", name="Close these curves").press("Enter")
    expect(page.locator("#subgroups-open")).to_be_hidden()


def test_the_figure_is_saved_with_table_axis_and_credibility(page: Page) -> None:
    harness.visit(page, f"{FOREST}?by=SEX,MAYO2018")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the figure as SVG").click()
    svg = Path(download.value.path()).read_text("utf-8")
    name = r"e3a06-PFS-subgroups-[0-9a-f]{6}\.svg"
    assert re.fullmatch(name, download.value.suggested_filename)
    for words in ("Simulated patients", "0.28 (0.12 to 0.62)", "favors", "Credibility"):
        assert words in svg
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the figure as PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_every_take_away_answers(page: Page, server: str) -> None:
    addresses = [f"{FOREST}.{kind}" for kind in ("json", "csv", "data.csv", "py", "R")]
    addresses += [f"{FOREST}.figure.json", f"{MODELS}.json", f"{MODELS}.csv"]
    for address in [*addresses, f"{MODELS}.figure.json"]:
        answer = page.request.get(f"{server}{address}?f.SEX=F&cut=AGE:65")
        assert answer.ok, address
        if address.endswith("json"):
            json.loads(answer.text())
        assert "E3A06" in answer.text(), address


def test_two_models_side_by_side(page: Page) -> None:
    harness.visit(page, MODELS)
    head = page.locator("#risk-models-answer .answer-main")
    expect(head).to_contain_text("all other numbers by level of risk are made up")
    table = page.locator("#risk-models-table")
    expect(table).to_contain_text("Mayo 2018 risk")
    harness.pick(page, "risk-models-first", "Mayo 2008 risk")
    expect(table).to_contain_text("Mayo 2008 risk")
    assert query(page)["models"] == ["MAYO2008,IMWG2020C"]
    harness.pick(page, "risk-models-of", "All patients")
    expect(page.locator("#risk-models-head-0")).to_contain_text("all patients")
    page.get_by_text("PETHEMA risk").click()
    expect(page.locator("#risk-models-list")).to_contain_text("Missing in this study")
    page.go_back()
    expect(page.locator("#risk-models-head-0")).to_contain_text("patients on observation")


def test_axe_finds_nothing(open_page: harness.OpenPage) -> None:
    page = open_page(color_scheme="dark")
    harness.visit(page, f"{FOREST}?row=SEX:F&cut=AGE:65")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    harness.assert_accessible(page)


def test_nothing_is_wider_than_a_phone_or_a_tablet(open_page: harness.OpenPage) -> None:
    path = f"{FOREST}?row=SEX:F"
    page = open_page(viewport={"width": 390, "height": 844})
    harness.visit(page, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    harness.widen(page, 820, 1180)
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    assert unquote(page.url).endswith(path)
