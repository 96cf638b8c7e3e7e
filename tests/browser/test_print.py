"""Paper: how many sheets a page takes, and what is on them. Oracle: Chromium's own PDF."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness

STUDY = "/study/e3a06"
# At most so many sheets of Letter, the shorter paper.
MOST = {"survival": 1, "subgroups": 2, "benefit-risk": 2, "risk-models": 2, "safety": 2}
LONG = ("/methods", "/", f"{STUDY}/patient?id=E3A06-SIM-0002")
CONTROLS = ("Patients and settings", "Copy link", "Reset", "Light or dark", "Take away:", "Print ")
HEADS = {"/risk": "Course and risk", "/evidence": "What has been shown", STUDY: "E3A06: lenal"}
# What is still on the sheet that a reader could press or fill in.
FIELDS = """() => Array.from(document.querySelectorAll(
    'main input, main select, main textarea, nav, .take-away, main button:not(.kind-badge)'))
  .filter((e) => e.checkVisibility()
    && !e.matches('.term-link, .class-toggle, .row-button'))  // words of tables
  .map((e) => e.outerHTML.slice(0, 90))"""
WIDTHS = """() => Array.from(document.querySelectorAll('main .js-plotly-plot'))
    .filter((g) => g.checkVisibility()).map((g) => [g._fullLayout.width, g._fullLayout.height])"""


def sheets(pdf: bytes) -> int:
    """Chromium writes each page as an object of its own."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def nothing_to_press(page: Page, name: str) -> None:
    """No control of the page is left under the rules for paper."""
    page.emulate_media(media="print")
    assert page.evaluate(FIELDS) == [], name
    page.emulate_media(media="null")


def texts(pdf: bytes) -> list[str]:
    """The text of each sheet."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) reads the sheets")
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return run.stdout.decode().split("\f")[:-1]


def test_a_study_page_takes_one_sheet_where_it_can(page: Page) -> None:
    for name, most in MOST.items():
        harness.visit(page, f"{STUDY}/{name}")
        before = page.evaluate(WIDTHS)
        pdf = page.pdf(format="Letter")
        assert sheets(pdf) <= most, name
        if name == "survival":  # the one that must not need a second, on either paper
            assert sheets(page.pdf(format="A4")) <= most, name
        page.wait_for_function(
            f"(before) => JSON.stringify(({WIDTHS})()) === JSON.stringify(before)", arg=before
        )
        nothing_to_press(page, name)
        found = texts(pdf)
        assert len(found) == sheets(pdf)
        # Every sheet says something beside its running foot, and the first one whose it is.
        assert all(len(sheet.split()) > 40 for sheet in found), name
        assert f"Page 1 of {len(found)}" in found[0]
        for words in ("SMM Outcomes", f"{STUDY}/{name}", "Printed ", "Not a medical device"):
            assert words in found[0], (name, words)
        assert "E3A06: lenalidomide" in found[0]
        assert "Data cut" in "".join(found)
        for words in CONTROLS:
            assert words not in "".join(found), (name, words)


def test_long_pages_print_their_sources_at_a_button(open_page: harness.OpenPage) -> None:
    page = open_page(color_scheme="dark")
    for path, head in HEADS.items():
        harness.visit(page, path)
        page.evaluate(
            "() => { window.printed = 0; window.print = () => { window.printed += 1; }; }"
        )
        page.get_by_role("button", name="Print", exact=True).click()
        page.wait_for_function("window.printed > 0")
        assert page.evaluate("window.printed") == 1, path
        pdf = page.pdf(format="A4")
        expect(page.locator(".print-head, .print-sources")).to_have_count(0)
        nothing_to_press(page, path)
        found = texts(pdf)
        assert head in found[0]
        assert all(len(sheet.split()) > 40 for sheet in found), path
        whole = "".join(found)
        for words in ("Sources", "https://doi.org/", "[1"):
            assert words in whole, (path, words)


def test_no_page_prints_a_blank_sheet_or_a_control(page: Page) -> None:
    for path in LONG:
        harness.visit(page, path)
        pdf = page.pdf(format="A4")
        nothing_to_press(page, path)
        found = texts(pdf)
        # Every sheet says something beside its running foot.
        assert all(len(sheet.split()) > 40 for sheet in found), path
        for number, sheet in enumerate(found, 1):
            assert f"Page {number} of {len(found)}" in sheet, path
        assert "Not a medical device" in found[0]
        assert path.partition("?")[0] in found[0]


def test_what_is_drawn_on_dark_is_inverted_on_paper_until_that_is_printed(
    open_page: harness.OpenPage,
) -> None:
    """Of a forest's rules too, which Plotly's late word that it has drawn has drawn again."""
    page = open_page(color_scheme="dark")
    harness.visit(page, "/study/e3a06/subgroups")
    rules = "#subgroups-graph .chart-rules path"
    colors = (
        "all => all.map((line) => [getComputedStyle(line).stroke, line.getAttribute('stroke')])"
    )
    before = page.locator(rules).evaluate_all(colors)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    harness.settle(page)
    printed = page.locator(rules).evaluate_all(colors)
    assert len(before) == len(printed) == 2
    assert all(ours[0] != theirs[0] for ours, theirs in zip(printed, before, strict=True))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    harness.settle(page)
    assert page.locator(rules).evaluate_all(colors) == before


def test_the_address_of_uploaded_data_stays_off_the_paper(page: Page) -> None:
    """Who has it has the patients."""
    harness.visit(page, STUDY)
    page.evaluate("document.querySelector('.kind-badge').classList.add('kind-uploaded')")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    head = page.locator(".print-head")
    assert "/study/" not in (head.text_content() or "")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(head).to_have_count(0)
