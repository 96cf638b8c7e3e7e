"""``POST /report``. Oracle: the JSON and the record of each view."""

from __future__ import annotations

import io
import json
import re
import zipfile

import docx
import openpyxl
import pytest
from flask import Flask
from lxml import etree, html
from pptx import Presentation

from callbacks import pages, reporting
from services import format as fmt
from services.pages.survival.page import survival_page
from services.report import files
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
    *(f"/study/aquila/{name}".rstrip("/") for name in pages.STUDY),
    "/", "/?q=daratumumab", "/methods",
    "/evidence?risk=high", "/risk?bmpc=25&mprot=3&flcr=30", "/study/e3a06-run-in/subgroups",
])  # fmt: skip
def test_every_page_with_files_has_a_place_in_a_report(server: Flask, address: str) -> None:
    answer = post(server, "html", address)
    assert answer.status_code == 200
    assert reporting.LEFT_OUT not in answer.headers
    root = html.fromstring(answer.text)
    assert root.xpath("//h2")
    without = ("patient", "subgroups") if "run-in" in address or "patient" in address else ()
    assert root.xpath("//table") or address.endswith(without)


@pytest.mark.parametrize("address", [
    "http://[::1/evidence", "javascript:/evidence", "ftp://localhost/evidence",
])  # fmt: skip
def test_what_is_no_address_of_this_site_is_said_so(server: Flask, address: str) -> None:
    asked = {"format": "html", "items": [{"address": address}]}
    told = server.test_client().post("/report/check", json=asked).get_json()
    assert told["items"][0]["problem"]["message"].startswith(f"{address} is not an address")


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
    checked = post(server, "html", SURVIVAL, GONE, "/evidence", path="/report/check").json["items"]
    assert [item["problem"] is None for item in checked] == [True, False, True]
    assert checked[0]["title"] == "E3A06: Overall survival"
    bare = server.test_client().get(checked[0]["figure"]).json["layout"]
    framed = (
        server.test_client().get("/study/e3a06/survival.figure.json?endpoint=OS").json["layout"]
    )
    assert bare["height"] < framed["height"]
    assert not re.search("Simulated patients|Data cut", json.dumps(bare))
    published = server.test_client().get(checked[2]["figure"]).json
    assert {trace["name"] for trace in published["data"]} >= {"AQUILA", "E3A06"}


@pytest.mark.parametrize("kind", ["pptx", "docx", "zip"])
def test_slides_document_and_folder_have_the_numbers_of_the_json(server: Flask, kind: str) -> None:
    images = {"figure-0.svg": PLOT.encode(), "figure-0.png": png()}
    answer = post(server, kind, SURVIVAL, GONE, images=images)
    assert answer.mimetype == files.MIME[kind]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    if kind == "pptx":
        slides = [s for slide in Presentation(io.BytesIO(answer.data)).slides for s in slide.shapes]
        text = " ".join(s.text_frame.text for s in slides if s.has_text_frame)
        tables = [s.table for s in slides if s.has_table]
        cells = [c.text for table in tables for row in table.rows for c in row.cells]
    elif kind == "docx":
        made = docx.Document(io.BytesIO(answer.data))
        text = " ".join(p.text for p in made.paragraphs)
        cells = [c.text for table in made.tables for row in table.rows for c in row.cells]
    else:
        text, cells = archive.read("README.txt").decode(), []
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
