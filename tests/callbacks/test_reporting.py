"""``POST /report``. Oracle: the JSON and the record of each view."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import docx
import openpyxl
import pytest
from flask import Flask
from lxml import etree, html
from pptx import Presentation

from app import create_server
from callbacks import pages, reporting
from services import format as fmt
from services.pages.risk_models.page import risk_models_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.report import files
from services.settings import Settings
from services.views.study import decode
from tests.callbacks.report import post
from tests.services.report.drawings import PLOT, png
from tests.studies import bundled

SURVIVAL = "/study/e3a06/survival?endpoint=OS"
GONE = "/study/00000000000000000000000000000000/survival"


def test_a_web_page_says_what_the_page_says(server: Flask) -> None:
    answer = post(server, "html", {"address": SURVIVAL, "title": "OS", "comment": "<b>tail</b>"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Smoldering-myeloma.html"'
    page = survival_page(bundled(), decode("endpoint=OS"))
    assert page.result is not None
    root = html.fromstring(answer.text)
    text = " ".join(root.text_content().split())
    for words in (page.answer, page.answer_detail, "<b>tail</b>", *dict(page.provenance).values()):
        assert words in text
    assert "Simulated patients" in text
    assert "without figures" in text
    for curve in page.result.curves:
        assert fmt.percent(curve.landmarks[1].survival) in text
        assert str(curve.events) in text
    link = root.xpath("//p[@class='live']/a/@href")
    assert link == [f"http://localhost{SURVIVAL}"]
    assert not root.xpath("//script | //link | //*[@src] | //iframe")


@pytest.mark.parametrize("kind", ["html", "docx", "pptx", "xlsx"])
def test_the_tests_of_interaction_are_in_the_table_of_every_file(server: Flask, kind: str) -> None:
    """Oracle: the record of the page, whose chart and table have them."""
    page = subgroups_page(bundled(), decode(""))
    assert page.forest is not None
    tests = [group.interaction for group in page.forest.groups if group.interaction]
    assert len(tests) > 5
    made = post(server, kind, "/study/e3a06/subgroups").data
    if kind == "html":
        text = made.decode()
    else:
        with zipfile.ZipFile(io.BytesIO(made)) as file:
            text = "".join(file.read(n).decode() for n in file.namelist() if n.endswith(".xml"))
    for test in tests:
        assert f"Interaction: {fmt.p_equals(test.p)} (chi-square {test.chi2:.2f}" in text


def test_what_stands_under_the_tables_of_risk_models_comes_along(server: Flask) -> None:
    """Oracle: the record of the page."""
    page = risk_models_page(bundled(), decode(""))
    text = " ".join(
        html.fromstring(post(server, "html", "/study/e3a06/risk-models").text)
        .text_content()
        .split()
    )
    tests = [side.group.interaction for side in page.sides if side.group]
    assert len(tests) == 2
    for test in tests:
        assert test is not None
        assert f"Interaction of treatment and level: {fmt.p_equals(test.p)}" in text
    assert page.table is not None
    assert f"{page.table.both} patients with a level of both" in text
    assert "In these data: 1 − Kaplan-Meier" in text


def test_what_no_longer_works_is_named_and_the_others_stay(server: Flask) -> None:
    answer = post(
        server, "html", SURVIVAL, {"address": GONE, "title": "Our own trial"},
        "/study/e3a06/survival?endpoint=XX", "/upload/ab12", "https://elsewhere.example/evidence",
    )  # fmt: skip
    told = json.loads(answer.headers[reporting.LEFT_OUT])
    assert [left["item"] for left in told] == [2, 3, 4, 5]
    assert told[0]["name"] == "Our own trial"
    assert "was deleted" in told[0]["why"]
    assert "XX" in told[1]["why"]
    assert told[2]["why"].endswith("A file that is not read yet has no numbers.")
    assert all(left["name"] in answer.text for left in told)
    assert GONE[7:39] not in answer.text, "an upload's address stands in no file"
    alone = post(server, "html", GONE)
    assert alone.status_code == 422
    assert "was deleted" in alone.json["error"]["details"][0]


@pytest.mark.parametrize("address", [
    *(f"/study/aquila/{name}".rstrip("/") for name in pages.STUDY if name != "patient"),
    "/study/e3a06/patient?id=E3A06-SIM-0001",
    "/", "/?q=daratumumab", "/methods",
    "/evidence?risk=high", "/risk?bmpc=25&mprot=3&flcr=30", "/study/e3a06-run-in/subgroups",
])  # fmt: skip
def test_every_page_with_files_has_a_place_in_a_report(server: Flask, address: str) -> None:
    answer = post(server, "html", address)
    assert answer.status_code == 200
    assert reporting.LEFT_OUT not in answer.headers
    root = html.fromstring(answer.text)
    assert root.xpath("//h2")
    assert root.xpath("//table") or "run-in" in address


@pytest.mark.parametrize("address", [
    "http://[::1/evidence", "javascript:/evidence", "ftp://localhost/evidence",
])  # fmt: skip
def test_what_is_no_address_of_this_site_is_said_so(server: Flask, address: str) -> None:
    asked = {"format": "html", "items": [{"address": address}]}
    told = server.test_client().post("/report/check", json=asked).get_json()
    assert told["items"][0]["problem"]["message"].startswith(f"{address} is not an address")


def test_an_item_that_cannot_be_used_is_named_as_it_was_given(server: Flask) -> None:
    long = {"address": SURVIVAL, "title": "x" * 301}
    answer = post(server, "html", "/methods", "//evil.example/", "javascript:alert(1)", long,
                  "/study/e3a06/patient")  # fmt: skip
    assert answer.status_code == 200
    told = json.loads(answer.headers[reporting.LEFT_OUT])
    assert [(left["item"], left["name"]) for left in told] == [
        (2, "//evil.example/"), (3, "javascript:alert(1)"), (4, SURVIVAL),
        (5, "/study/e3a06/patient"),
    ]  # fmt: skip
    assert "301 characters" in told[2]["why"]
    assert told[3]["why"].startswith("No patient is chosen in this view")
    checked = post(server, "html", "/risk", long, path="/report/check").json["items"]
    assert [item["problem"] is None for item in checked] == [True, False]


def test_what_is_left_out_fits_into_a_header(server: Flask) -> None:
    gone = [{"address": f"/study/e3a06/survival?endpoint={'X' * 90}{i}"} for i in range(39)]
    answer = post(server, "html", "/risk", *gone)
    told = json.loads(answer.headers[reporting.LEFT_OUT])
    assert [left["item"] for left in told] == list(range(2, 41))
    assert len(answer.headers[reporting.LEFT_OUT]) < 8000
    assert answer.text.count("has no endpoint") == 39


def test_the_figure_is_the_browsers_and_no_number_comes_from_it(server: Flask) -> None:
    images = {"figure-0.svg": PLOT.encode(), "figure-0.png": png()}
    answer = post(server, "html", SURVIVAL, images=images)
    (drawn,) = html.fromstring(answer.text).xpath("//figure/*[local-name()='svg']")
    assert etree.tostring(drawn).count(b"M0,0L5,5") == 1
    assert "onload" not in answer.text
    assert "99999" not in answer.text


@pytest.mark.parametrize(
    ("images", "said"),
    [
        ({"figure-0.svg": b"GIF89a"}, "no SVG image"),
        ({"figure-0.png": b"GIF89a"}, "no PNG image"),
        ({"figure-1.png": b""}, "belongs to no item"),
        ({"figure-0.gif": b""}, "belongs to no item"),
    ],
)
def test_images_that_are_none_are_refused_in_words(
    server: Flask, images: dict[str, bytes], said: str
) -> None:
    answer = post(server, "html", SURVIVAL, images=images)
    assert answer.status_code == 422
    assert said in answer.json["error"]["message"]


def test_the_check_says_which_items_work_and_where_their_figures_are(server: Flask) -> None:
    two = f"/compare?a={SURVIVAL[:21]}&b={quote(SURVIVAL, safe='')}"
    items = (SURVIVAL, GONE, "/evidence", two, "/methods", "/", "/compare")
    checked = post(server, "html", *items, path="/report/check").json["items"]
    assert [item["problem"] is None for item in checked] == [True, False, *[True] * 5]
    both = server.test_client().get(checked[3]["figure"]).json
    assert {trace.get("xaxis") for trace in both["data"]} >= {"x", "x3"}
    assert checked[4]["no_figure"] == "This page has no figure of its own."
    assert checked[5]["no_figure"].startswith("The small curves on the cards are not in this file.")
    assert checked[6]["no_figure"].startswith("No two views are chosen yet.")
    assert checked[0]["title"] == "E3A06: Overall survival"
    bare = server.test_client().get(checked[0]["figure"]).json["layout"]
    framed = (
        server.test_client().get("/study/e3a06/survival.figure.json?endpoint=OS").json["layout"]
    )
    assert bare["height"] < framed["height"]
    assert not re.search("Simulated patients|Data cut", json.dumps(bare))
    published = server.test_client().get(checked[2]["figure"]).json
    assert {trace.get("name") for trace in published["data"]} >= {"AQUILA", "E3A06"}


def test_a_figure_that_has_no_room_as_asked_for_says_so(server: Flask) -> None:
    wide = f"{SURVIVAL}&fig_size=slide&fig_font=20"
    images = {"figure-0.svg": PLOT.encode(), "figure-0.png": png(300, 200)}
    made = words_of("docx", post(server, "docx", wide, images=images).data)
    said = re.search(r"Figure: (171 x 96.2 mm with letters of [\d.]+ points, [^.]*)", made)
    assert said
    assert "338.7 x 190.5 mm and letters of 20 points, which was asked for" in made
    assert "which was asked for" not in words_of("docx", post(server, "docx", wide).data)


def words_of(kind: str, data: bytes) -> str:
    """Every word of a file."""
    if kind == "html":
        return " ".join(html.fromstring(data.decode()).text_content().split())
    if kind == "zip":
        return zipfile.ZipFile(io.BytesIO(data)).read("README.txt").decode()
    if kind == "docx":
        return " ".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)
    if kind == "pptx":
        shapes = [s for slide in Presentation(io.BytesIO(data)).slides for s in slide.shapes]
        return " ".join(s.text_frame.text for s in shapes if s.has_text_frame)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Contents"]
    return " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


@pytest.mark.parametrize("kind", files.MIME)
def test_an_item_without_its_figure_says_why_in_every_format(server: Flask, kind: str) -> None:
    large = {"address": "/risk", "no_figure": "its PNG has 9.1 MB"}
    images = {"figure-0.svg": PLOT.encode()}
    told = words_of(kind, post(server, kind, "/risk", large, "/risk", images=images).data)
    if kind == "xlsx":
        assert told.count("A workbook holds no figures; the other formats do.") == 2
    else:
        assert told.count("Only the SVG of this figure was sent") == (kind != "html")
        assert told.count("No image of this figure was sent.") == 1
    assert told.count("This figure is left out: its PNG has 9.1 MB.") == 1


def small(tmp_path: Path, **limits: int) -> Flask:
    """A server like it with other limits."""
    return create_server(Settings(browser=False, store_dir=tmp_path, **limits))  # type: ignore[arg-type]


def test_more_than_a_report_may_have_is_refused_in_words(tmp_path: Path) -> None:
    server = small(tmp_path, report_mb=1)
    answer = server.test_client().post(
        "/report", data=bytes((1 << 20) + 1), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 422
    assert "together 1 MB" in answer.json["error"]["message"]
    limits = post(server, "html", SURVIVAL, path="/report/check").json["limits"]
    assert limits == {"svg": 4 << 20, "png": 8 << 20, "together": 0}


def clock_that(tells: Callable[[], float]) -> SimpleNamespace:
    """A clock for one module: other threads ask the real one at any moment."""
    return SimpleNamespace(monotonic=tells, strftime=time.strftime, gmtime=time.gmtime)


def test_what_takes_too_long_is_left_out_in_words(
    server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter((0.0, 1.0, 121.0))
    monkeypatch.setattr(reporting, "time", clock_that(lambda: next(clock)))
    answer = post(server, "xlsx", "/risk", "/evidence")
    (told,) = json.loads(answer.headers[reporting.LEFT_OUT])
    assert told == {
        "item": 2, "name": "/evidence",
        "why": "The report takes longer than 120 seconds. Make two reports of it.",
    }  # fmt: skip


def test_more_reports_at_once_than_are_made_wait_and_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = small(tmp_path, reports=1, report_seconds=0)
    answers = []

    def meanwhile(*_: object) -> bytes:
        answers.append(post(server, "xlsx", "/risk"))
        return b""

    monkeypatch.setattr(reporting.files, "write", meanwhile)
    monkeypatch.setattr(reporting, "time", clock_that(lambda: 0.0))
    assert post(server, "xlsx", "/risk").status_code == 200
    (second,) = answers
    assert second.status_code == 503
    assert second.json["error"]["message"].startswith("Other reports are being made")


@pytest.mark.parametrize("kind", ["pptx", "docx", "zip"])
def test_slides_document_and_folder_have_the_numbers_of_the_json(server: Flask, kind: str) -> None:
    images = {"figure-0.svg": PLOT.encode(), "figure-0.png": png()}
    answer = post(server, kind, SURVIVAL, GONE, images=images)
    assert answer.mimetype == files.MIME[kind]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    text, cells = words_of(kind, answer.data), []
    if kind == "pptx":
        slides = [s for slide in Presentation(io.BytesIO(answer.data)).slides for s in slide.shapes]
        tables = [s.table for s in slides if s.has_table]
        cells = [c.text for table in tables for row in table.rows for c in row.cells]
    elif kind == "docx":
        made = docx.Document(io.BytesIO(answer.data))
        cells = [c.text for table in made.tables for row in table.rows for c in row.cells]
    else:
        names = [name.partition("/")[2] for name in archive.namelist()]
        assert {"e3a06-OS-survival.py", "e3a06-OS-survival-patients.csv", "figure.svg"} <= {*names}
    body = server.test_client().get(SURVIVAL.replace("?", ".json?")).json
    assert body["answer"] in text
    assert "was deleted" in text
    assert "Simulated patients" in text
    if cells:
        ratio = body["comparisons"][0]["hazard_ratio"]
        limits = fmt.ratio_interval(ratio["lower"], ratio["upper"])
        assert f"{fmt.ratio(ratio['estimate'])} (95% CI {limits})" in cells
        for curve in body["curves"]:
            assert {str(curve["n"]), f"{curve['events']} ({curve['events'] / curve['n']:.1%})"} <= {
                *cells
            }
    assert not [name for name in archive.namelist() if GONE[7:39] in name]
    assert not any(GONE[7:39].encode() in archive.read(name) for name in archive.namelist())


def test_the_workbook_has_the_numbers_of_the_json(server: Flask) -> None:
    answer = post(server, "xlsx", SURVIVAL)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Contents", "1 Tables", "1 Numbers", "1 Data"]
    body = server.test_client().get(SURVIVAL.replace("?", ".json?")).json
    found = {row[0].value: row[1].value for row in book["1 Numbers"].iter_rows(min_row=2)}
    ratio = body["comparisons"][0]["hazard_ratio"]
    assert found["comparisons / 1 / hazard_ratio / estimate"] == ratio["estimate"]
    curve = body["curves"][0]
    steps = [row for row in book["1 Data"].iter_rows(values_only=True) if row[0] == curve["arm"]]
    assert [row[5] for row in steps] == curve["survival"]
    printed = [row for row in book["1 Tables"].iter_rows(values_only=True) if row[0] == "Patients"]
    assert printed[0][1:3] == (92, 90)
