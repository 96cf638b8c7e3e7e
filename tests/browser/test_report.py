"""A report's basket: filled on any page, put in order, sent as an address, made into files."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import harness

KEPT = "JSON.parse(localStorage.getItem('smm-report') || '{\"items\": []}')"


def pin(page: Page, path: str, comment: str) -> None:
    harness.visit(page, path)
    page.get_by_role("button", name="Add to report").press("Enter")
    page.get_by_label("Comment (optional)").fill(comment)
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Add to report")).to_be_focused()


def titles(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-part=title]')].map(field => field.value)"
    )
    return found


def parts(body: bytes, kind: str) -> dict[str, bytes]:
    """What a multipart request holds, by name."""
    mail = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in mail.walk():
        if name := part.get_param("name", header="content-disposition"):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found[str(name)] = content
    return found


def test_a_report_from_two_views_to_a_file(page: Page) -> None:
    pin(page, "/study/e3a06/survival", "first")
    pin(page, "/evidence?design=randomized", "second")
    page.locator('.header a[href="/report"]:visible').click()
    expect(page.locator("[data-item]")).to_have_count(2)
    expect(page.locator('.header a[href="/report"]').first).to_have_attribute("data-count", "2")
    survival, evidence = titles(page)
    assert survival == "E3A06: Survival, Progression-free survival"
    assert evidence.startswith("What has been shown")

    page.get_by_role("button", name=f"Move “{survival}” down").press("Enter")
    assert titles(page) == [evidence, survival]
    expect(page.get_by_role("button", name=f"Move “{survival}” down")).to_be_focused()
    page.get_by_label("Comment on item 2").fill("a comment <b>")
    page.get_by_role("button", name=f"Remove “{evidence}”").press("Enter")
    assert titles(page) == [survival]
    page.get_by_role("button", name="Undo").press("Enter")
    assert titles(page) == [evidence, survival]
    expect(page).to_have_url(re.compile("#item=.*design.*&item=.*comment=a%20comment%20%3Cb%3E$"))

    # Another tab that adds an item loses none, and this one shows it.
    other = page.context.new_page()
    harness.visit(other, "/risk")
    other.get_by_role("button", name="Add to report").click()
    other.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("[data-item]")).to_have_count(3)
    other.close()

    sent: list[dict[str, bytes]] = []

    def see(route: Route) -> None:
        if route.request.method == "POST":
            kind = route.request.headers["content-type"]
            sent.append(parts(route.request.post_data_buffer or b"", kind))
        route.continue_()

    page.route("**/report", see)
    page.get_by_label("Title of the report").fill("My report")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Web page").click()
    assert saved.value.suggested_filename == "My-report.html"
    made = saved.value.path().read_text("utf-8")
    assert "a comment &lt;b&gt;" in made
    assert "0.28" in made
    (told,) = sent
    drawn = {f"figure-{k}.{kind}" for k in range(3) for kind in ("svg", "png")}
    assert set(told) == {"request", *drawn}
    assert [i["address"] for i in json.loads(told["request"])["items"]] == [
        "/evidence?design=randomized", "/study/e3a06/survival", "/risk",
    ]  # fmt: skip
    assert told["figure-1.svg"].startswith(b"<svg")
    assert told["figure-1.png"].startswith(b"\x89PNG")
    expect(page.locator("#report-problem")).to_be_empty()

    # The file on its own: no script, figures with names, heads of tables.
    alone = page.context.new_page()
    alone.set_content(made)
    assert alone.locator("figure svg[role=img]").count() == 3
    harness.assert_accessible(alone, ours=False)
    alone.close()

    page.reload()
    expect(page.locator("[data-item]")).to_have_count(3)
    expect(page.locator("#report-shared")).to_be_empty()
    expect(page.get_by_label("Comment on item 2")).to_have_value("a comment <b>")
    harness.assert_accessible(page, "main")


def test_an_address_is_shown_and_checked_and_takes_nothing_away(page: Page) -> None:
    mine = {"title": "Mine", "items": [{"address": "/risk", "title": "Risk", "comment": ""}]}
    harness.visit(page, "/report#title=100%&item=%E0%A4%A")  # no script may stumble over it
    expect(page.locator("#report-shared")).to_contain_text("One entry is left out")
    expect(page.get_by_role("button", name="Keep it in this browser")).to_have_count(0)
    page.evaluate("mine => localStorage.setItem('smm-report', JSON.stringify(mine))", mine)
    wrong = ["javascript:alert(1)", "//evil.example/study/x", "https://evil.example/risk",
             "/\\evil.example/risk", "/upload/abc", "/../report"]  # fmt: skip
    items = [*wrong, *["/study/e3a06/survival"] * 45]
    hostile = "&".join(f"item={quote(i, safe='')}&name=%3Cimg%20src%3Dx%3E" for i in items)
    page.evaluate("hash => { location.hash = hash; }", f"title=100%&{hostile}&comment=%00%F0")
    expect(page.locator(".report-item")).to_have_count(40)
    notice = page.locator("#report-shared")
    expect(notice).to_contain_text("6 entries")
    expect(notice).to_contain_text("item 1: javascript:alert(1); item 2: //evil")
    expect(notice).to_contain_text("5 more are left out")
    links = page.locator(".report-item a").evaluate_all("all => all.map(a => a.href)")
    assert {link.partition("/study/")[2] for link in links} == {"e3a06/survival"}
    assert page.locator(".report-page img").count() == 0
    expect(page.locator(".report-item").first).to_contain_text("<img src=x>")
    assert page.evaluate(KEPT) == mine
    page.get_by_role("button", name="Add its views to mine").click()
    expect(page.locator("#report-said")).to_contain_text("Together they would be 41 views")
    page.get_by_role("button", name="Replace mine with it").click()
    assert len(page.evaluate(KEPT)["items"]) == 40
    page.get_by_role("button", name="Undo").click()
    assert titles(page) == ["Risk"]

    # A 41st is refused, and a browser that keeps nothing says so.
    page.evaluate(
        "items => localStorage.setItem('smm-report', JSON.stringify({items}))", mine["items"] * 40
    )
    harness.visit(page, "/risk")
    page.get_by_role("button", name="Add to report").click()
    expect(page.locator(".take-away [role=status]")).to_contain_text("A report holds 40 views")
    page.evaluate("localStorage.clear(); Storage.prototype.setItem = () => { throw Error(); }; 0")
    page.get_by_role("button", name="Add to report").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".take-away [role=status]")).to_contain_text("keeps nothing more")
    page.get_by_role("link", name="Open the report").click()
    expect(page.locator("[data-item]")).to_have_count(1)


@pytest.mark.console("422")
def test_the_studio_writes_the_figure_into_the_address(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival?endpoint=OS")
    page.get_by_role("button", name="Size and style").press("Enter")
    figure = page.locator("dialog.studio img")
    expect(figure).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    wide = figure.bounding_box()
    assert wide is not None
    assert wide["width"] > 340, "as wide as the screen"
    figure.click()
    expect(page.get_by_role("button", name="Fit")).to_be_visible()
    larger = figure.bounding_box()
    assert larger is not None
    assert larger["width"] > 1000
    page.get_by_role("button", name="Fit").click()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="JCO").press("Enter")
    page.get_by_label("Name of Observation in the figure").fill("Watching, waiting")
    page.get_by_label("Name of Observation in the figure").blur()
    said = page.locator("dialog.studio [role=status]")
    expect(said).to_contain_text(re.compile(r"85 x [\d.]+ mm, letters of the axes [\d.]+ points"))
    letters = page.get_by_label("Letters of the axes")
    letters.fill("24")
    letters.blur()
    expect(letters).to_have_accessible_description(
        re.compile("^Letters of 24 points leave no room")
    )
    expect(said).to_contain_text("The figure below is the last that could be drawn.")
    letters.fill("")
    letters.blur()
    expect(said).to_contain_text("85 x")
    harness.assert_accessible(page, "dialog")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as SVG").click()
    made = saved.value.path().read_text("utf-8")
    assert 'width="85mm"' in made
    assert "Watching, waiting" in made
    page.get_by_role("button", name="Done").press("Enter")
    expect(page).to_have_url(re.compile("endpoint=OS.*fig_size=column.*"))
    link = page.locator("[data-figure][data-format=svg]")
    expect(link).to_have_attribute("data-figure", re.compile("fig_inside=hr,p.*fig_rows=risk"))
    expect(page.get_by_role("button", name="Size and style")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Letters of the axes")).to_have_value("")
    expect(page.locator("[data-key=fig_size]")).to_have_value("column")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
