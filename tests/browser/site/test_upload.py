"""Uploading like a person. Oracles: what the page says and the answers of the server."""

from __future__ import annotations

import base64
import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from services.settings import ROOT
from tests.bad_files import GOOD, SHORT
from tests.browser import harness

TEMPLATE = ROOT / "data" / "template"
HTML = "<b>bold</b> <a href='https://evil.example'>x</a>"

DROP = """async ([zone, files]) => {
    const data = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
        data.items.add(new File([bytes], name));
    }
    for (const kind of ["dragover", "drop"])
        document.querySelector(zone).dispatchEvent(
            new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


LINKS = """() => [...document.querySelectorAll("a")].map(
    a => a.getAttribute("href") || a.getAttribute("xlink:href"))"""


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Drop files onto the page, one drag for all."""
    listed = [[name, base64.b64encode(content).decode()] for name, content in files.items()]
    page.evaluate(DROP, ["#upload-drop", listed])


def use_key(page: Page, key: str) -> None:
    """Type the key of an upload that another browser made."""
    form = page.locator("#page .key-question")
    form.wait_for()
    if form.evaluate("e => e.tagName === 'DETAILS' && !e.open"):  # asked for openly where needed
        form.locator("summary").click()
    form.get_by_role("textbox").fill(key)
    form.get_by_role("button", name="Use this key").click()


def template(*names: str) -> dict[str, bytes]:
    return {name: (TEMPLATE / name).read_bytes() for name in names}


def test_drag_drop_report_charts_delete(page: Page) -> None:
    harness.visit(page, "/upload")
    harness.assert_accessible(page)
    drop(page, template("adsl.csv", "adtte.csv"))
    drop(page, template("adae.csv"))
    expect(page.locator("#upload-list li")).to_have_count(3)
    page.get_by_role("button", name="Read these 3 files").click()
    page.wait_for_url("**/data")
    harness.settle(page)
    expect(page.locator("main")).to_contain_text("40 patients in 2 arms, 2 endpoints")
    expect(page.locator("main")).to_contain_text("No problems were found.")
    harness.assert_accessible(page)
    study = page.url.split("/")[-2]
    assert re.fullmatch("[0-9a-f]{32}", study)
    # The key is shown once.
    note = page.locator("#page .key-note")
    expect(note).to_contain_text("It is not shown again.")
    assert re.fullmatch("[0-9a-f]{32}", note.locator("code").inner_text())
    page.reload()
    harness.settle(page)
    expect(page.get_by_role("button", name="Delete this study")).to_be_visible()
    expect(note).to_have_count(0)

    page.get_by_role("link", name="See the charts").click()
    page.locator(".js-plotly-plot").first.wait_for()
    harness.settle(page)
    page.go_back()
    harness.settle(page)

    # The list is this browser's: the server tells nobody.
    harness.visit(page, "/upload")
    own = page.locator("[data-own-uploads] li")
    expect(own).to_have_count(1)
    expect(own).to_contain_text("40 patients")
    # It is asked first, and "Keep it" has the focus: Enter deletes nothing.
    own.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("(40 patients)?")
    expect(dialog).to_contain_text("You can undo this for ten minutes")
    harness.assert_accessible(page)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    own.get_by_role("button", name="Delete").click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(own.get_by_role("button", name="Delete")).to_be_focused()
    assert page.request.get(f"/study/{study}/survival.json").status == 200
    own.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(own).to_contain_text("was deleted.")
    expect(page.locator("#delete-status")).to_contain_text("(40 patients) was deleted.")
    assert page.request.get(f"/study/{study}/survival.json").status == 404
    # The way back outlives the page.
    page.reload()
    harness.settle(page)
    harness.assert_accessible(page)
    own.get_by_role("button", name="Undo").click()
    expect(own.get_by_role("button", name="Delete")).to_be_visible()
    expect(own).to_contain_text("40 patients")
    assert page.request.get(f"/study/{study}/survival.json").status == 200

    # From the study's own page it leads to the list, where the deletion is told.
    harness.visit(page, f"/study/{study}/data")
    page.get_by_role("button", name="Delete this study").click()
    dialog.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/upload")
    expect(own).to_contain_text("was deleted.")
    assert page.request.get(f"/study/{study}/survival.json").status == 404


@pytest.mark.console("403")
@pytest.mark.console("404")
def test_an_undo_that_comes_too_late_says_so(page: Page) -> None:
    files = {"name": "adtte.csv", "mimeType": "text/csv", "buffer": GOOD.encode()}
    answer = page.request.post("/study", multipart={"adtte": files}).json()
    harness.visit(page, f"/upload/{answer['study']}")
    needed = page.locator("#page .key-question")
    expect(needed).to_contain_text("Saving takes the key of this study")
    expect(needed.get_by_role("textbox")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Use this", exact=True)).to_be_hidden()
    harness.visit(page, f"/study/{answer['study']}/data")
    # Who has the link sees the study; who types the key may delete it.
    expect(page.get_by_role("link", name="See the charts")).to_be_visible()
    expect(page.get_by_role("button", name="Delete this study")).to_be_hidden()
    expect(page.get_by_role("link", name="Correct the columns")).to_be_hidden()
    use_key(page, "0" * 32)
    expect(page.locator("#page .key-place [role=alert]")).to_contain_text("not the key")
    harness.assert_accessible(page)
    use_key(page, answer["key"])
    page.get_by_role("button", name="Delete this study").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/upload")
    page.request.delete(f"/study/{answer['study']}?undo=no", headers={"Study-Key": answer["key"]})
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#delete-status")).to_contain_text("can no longer be restored")
    expect(page.locator("[data-own-uploads] li")).to_have_count(0)


@pytest.mark.console("422")
def test_a_refusal_in_the_words_of_the_server(page: Page) -> None:
    harness.visit(page, "/upload")
    drop(page, {"adtte.csv": GOOD.replace("AVALU", "aval").encode()})
    page.get_by_role("button", name="Read this file").click()
    problem = page.get_by_role("alert").filter(has_text="same column twice: AVAL")
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("Rename or remove one of them;")
    # Mended, it can be sent at once; the same name replaces the file.
    drop(page, {"adtte.csv": GOOD.encode()})
    expect(page.locator("#upload-list li")).to_have_count(1)
    page.get_by_role("button", name="Read this file").click()
    page.wait_for_url("**/data")


@pytest.mark.console("422")
def test_a_plain_table_is_mapped_with_a_preview(page: Page) -> None:
    harness.visit(page, "/upload")
    rows = "".join(f"{i},{i + 1},{i % 2},{'AB'[i % 3 > 0]}\n" for i in range(30))
    drop(page, {"trial.csv": ("id,time,dead,group\n" + rows).encode()})
    page.get_by_role("button", name="Read this file").click()
    page.wait_for_url("**/upload/*")
    harness.settle(page)
    preview = page.locator("#mapping-preview")
    expect(preview).to_contain_text("the unit of the times")
    expect(page.get_by_role("button", name="Use this")).to_be_disabled()
    harness.pick(page, "mapping-unit", "months")
    expect(preview).to_contain_text("30 patients, 15 events, 15 censored")
    expect(page.get_by_role("button", name="Use this")).to_be_enabled()
    expect(preview.locator("tbody tr").first).to_contain_text("1 month")
    harness.assert_accessible(page)
    page.get_by_role("button", name="Use this").click()
    page.wait_for_url("**/data")
    harness.settle(page)
    expect(page.locator("main")).to_contain_text("DEAD = 1; anything else is censored")
    # Remembered with the study, and can be corrected.
    page.get_by_role("link", name="Correct the columns").click()
    harness.settle(page)
    expect(page.locator("#mapping-unit")).to_have_value("months")


@pytest.mark.console("422")
def test_the_event_is_asked_where_nothing_tells_it(page: Page) -> None:
    harness.visit(page, "/upload")
    rows = "".join(f"{i},{i + 0.5},{'PSS'[i % 3]}D,{'AB'[i % 2]}\n" for i in range(24))
    drop(page, {"trial.csv": ("id,months,status,group\n" + rows).encode()})
    page.get_by_role("button", name="Read this file").click()
    page.wait_for_url("**/upload/*")
    harness.settle(page)
    preview = page.locator("#mapping-preview")
    expect(preview).to_contain_text("Which values of status indicate the event?")
    expect(preview).to_contain_text("If PD is the event: 8 events; if SD is the event: 16 events")
    expect(preview).to_contain_text("No value has been chosen as the event yet.")
    harness.pick(page, "mapping-events", "PD")
    expect(preview).to_contain_text("24 patients, 8 events, 16 censored")
    first = preview.locator("tbody tr").first
    expect(first).to_contain_text("0.5 months")
    expect(first).to_contain_text("PD")
    expect(first).to_contain_text("Event")
    chosen = page.locator("#mapping-good option:checked")
    expect(chosen).to_have_text("Not specified")
    page.locator("#mapping-endpoint").fill("Progression-free survival")
    expect(chosen).to_have_text("Bad for the patient, based on its name")
    harness.pick(page, "mapping-good", "Good for the patient")
    harness.assert_accessible(page)
    page.get_by_role("button", name="Use this").click()
    page.wait_for_url("**/data")
    harness.settle(page)
    page.get_by_role("link", name="Correct the columns").click()
    harness.settle(page)
    expect(chosen).to_have_text("Good for the patient")


@pytest.mark.console("422")
def test_what_stays_unsaid_is_asked_again(page: Page) -> None:
    harness.visit(page, "/upload")
    drop(page, {"adtte.csv": SHORT.encode()})
    page.get_by_role("button", name="Read this file").click()
    page.wait_for_url("**/upload/*")
    harness.settle(page)
    expect(page.locator("#mapping-preview")).to_contain_text(
        "No column has been chosen for the arm."
    )
    expect(page.get_by_role("button", name="Use this")).to_be_disabled()


def test_cancel(page: Page) -> None:
    harness.visit(page, "/upload")
    # An answer that never comes: the upload is on its way until somebody cancels it.
    page.route("**/study", lambda route: None)
    drop(page, {"adtte.csv": GOOD.encode()})
    page.get_by_role("button", name="Read this file").click()
    expect(page.locator("#upload-progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#upload-progress")).to_be_hidden()
    expect(page.locator("#upload-status")).to_have_text("Canceled. Nothing was saved.")
    expect(page.get_by_role("button", name="Read this file")).to_be_visible()


def test_markup_in_labels_is_text(page: Page) -> None:
    """In charts (Plotly reads some HTML), tables and titles alike."""
    adtte = GOOD.replace("Drug", HTML).replace("HEADER", "")
    answer = page.request.post(
        "/study",
        multipart={
            "adtte": {"name": "<i>a</i>.csv", "mimeType": "text/csv", "buffer": adtte.encode()},
            "mapping": json.dumps({"title": HTML}),
        },
    )
    assert answer.status == 201, answer.text()
    for path in ("survival", "subgroups", "data"):
        harness.visit(page, f"/study/{answer.json()['study']}/{path}")
        if path != "data":
            page.locator(".js-plotly-plot").first.wait_for()
            drawn = " ".join(page.locator(".js-plotly-plot text").all_text_contents())
            assert "<b>bold</b>" in drawn
        expect(page.locator("main")).to_contain_text("<b>bold</b>")
        links = page.evaluate(LINKS)
        assert [link for link in links if link and not link.startswith(("/", "#"))] == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (820, "light")])
def test_the_mapping_page_fits_any_width(
    open_page: harness.OpenPage, width: int, scheme: Literal["dark", "light"]
) -> None:
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    rows = "".join(
        f"{i},{i},{'Ereignis' if i % 3 else 'zensiert'},{'AB'[i % 2]}\n" for i in range(9)
    )
    name = "a_trial_whose_file_has_a_name_of_many_words.csv"
    table = ("id,months,status,group\n" + rows).encode()
    files = {"name": name, "mimeType": "text/csv", "buffer": table}
    draft = page.request.post("/study", multipart={"files": files}).json()["draft"]
    harness.visit(page, draft["url"])
    expect(page.locator("#mapping-preview")).to_contain_text("If Ereignis is the event: 6 events")
    expect(page.locator("#mapping-preview")).to_contain_text("9 patients, 6 events, 3 censored")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # No word of the table is broken.
    tall = "() => [...document.querySelectorAll('#mapping-preview td')].map(c => c.offsetHeight)"
    assert max(page.evaluate(tall)) < 60
    use_key(page, draft["key"])
    page.get_by_role("button", name="Delete this study").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Delete “{name}”?")
    harness.assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # What was deleted can be read, and undone by a thumb.
    dialog.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/upload")
    told = page.locator(".deleted-upload")
    expect(told).to_contain_text(f"“{name}” was deleted.")
    harness.settle(page)
    box, undo = told.bounding_box(), told.get_by_role("button").bounding_box()
    assert box is not None
    assert undo is not None
    assert box["height"] < 160
    assert min(undo["width"], undo["height"]) >= 40
    assert page.evaluate("document.documentElement.scrollWidth") <= width
