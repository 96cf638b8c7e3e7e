"""``/compare``. Oracles: each page's own JSON; R's Cox model of AQUILA (survival, coxph); HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from lxml import html

from tests.callbacks.client import Reader
from tests.callbacks.report import post

OS = "/study/aquila/survival?endpoint=OS"
CENSORED = f"{OS}&ice=FLT:censor"


def two(a: str, b: str, ending: str = "") -> str:
    return f"/compare{ending}?{urlencode({'a': a, 'b': b})}"


def compare(server: Flask, a: str, b: str, ending: str = ".json") -> Any:
    return server.test_client().get(two(a, b, ending))


def test_overall_survival_as_given_and_censored_at_new_therapy(server: Flask) -> None:
    body = compare(server, OS, CENSORED).get_json()
    first = server.test_client().get(OS.replace("survival", "survival.json")).get_json()
    path = "comparisons/Daratumumab Active monitoring/hazard_ratio/"
    found = {n["path"].removeprefix(path): (n["a"], n["b"]) for n in body["numbers"]}
    given = first["comparisons"][0]["hazard_ratio"]
    oracle = {"estimate": 0.6275, "lower": 0.2097, "upper": 1.8773}  # R, censored at FLT
    for name, value in oracle.items():
        assert found[name][0] == given[name]
        assert found[name][1] == pytest.approx(value, abs=5e-5)
    assert [c["words"] for c in body["changes"]] == [
        "censored at start of first-line treatment of myeloma instead of as given"
    ]
    assert body["cautions"] == []
    leading = {d["name"]: (d["a"], d["b"]) for d in body["differences"] if d["leads"]}
    assert leading["Hazard ratio"] == ("0.52 (95% CI 0.27 to 0.98)", "0.63 (95% CI 0.21 to 1.88)")
    assert leading["Events: Daratumumab"] == ("15 (7.7%)", "6 (3.1%)")
    assert "Patients: Daratumumab" not in leading  # the same in both


def test_the_page_says_it_before_any_script_has_run(server: Flask) -> None:
    text = compare(server, OS, CENSORED, "").text
    words = text.partition('id="first-words"')[2].partition('id="react-entry-point"')[0]
    for part in ("instead of as given", "0.63 (95% CI 0.21 to 1.88)", 'href="/study/aquila/surv'):
        assert part in words


def test_lines_that_fall_and_lines_that_rise_are_told_apart(server: Flask) -> None:
    """By what is drawn: Kaplan-Meier's share without the event, an incidence of those with it."""
    falls, rises = "/study/e3a06/survival", "/study/e3a06/survival?endpoint=SPM"
    (said,) = compare(server, falls, rises).get_json()["cautions"]
    assert said.startswith("The lines of the first view fall")
    assert "those of the second view rise" in said
    said = compare(server, f"{falls}?scale=incidence", falls).get_json()["cautions"][0]
    assert said.startswith("The lines of the second view fall")
    assert compare(server, falls, f"{falls}?endpoint=OS").get_json()["cautions"] == []


def test_two_studies_are_cautioned_and_not_tested(server: Flask) -> None:
    body = compare(server, "/study/e3a06/survival", "/study/aquila/survival?unit=weeks").get_json()
    assert "not randomized between them" in body["cautions"][0]
    assert [c["words"] for c in body["changes"]] == [
        "AQUILA instead of E3A06", "times in weeks instead of times in months"
    ]  # fmt: skip
    named = {d["name"]: (d["a"], d["b"]) for d in body["differences"]}
    assert named["Events: Lenalidomide / Daratumumab"] == ("8 (8.7%)", "67 (34.5%)")


def test_the_table_of_the_csv(server: Flask) -> None:
    answer = compare(server, OS, CENSORED, ".csv")
    assert answer.mimetype == "text/csv"
    notes = [line for line in answer.text.splitlines() if line.startswith("#")]
    assert notes[0].startswith("# Study: AQUILA: Overall survival. Simulated patients")
    # Made-up results never lead: what was published of both, and that one gives no comparison.
    assert any(
        "(Dimopoulos 2025): Overall survival, daratumumab versus active monitoring: HR 0.52" in line
        for line in notes
    )
    made_up = "Made up: AQUILA: Overall survival, reconsidered: The publications read"
    assert any(made_up in line for line in notes)
    rows = list(csv.reader(io.StringIO(answer.text.partition("table,name,a,b\n")[2])))
    assert ["By arm", "Events: Daratumumab", "15 (7.7%)", "6 (3.1%)"] in rows


@pytest.mark.parametrize("page", ["states", "subgroups", "risk-models", "safety", "benefit-risk"])
def test_every_page_with_numbers_of_patients(server: Flask, page: str) -> None:
    address = f"/study/e3a06/{page}"
    body = compare(server, address, f"{address}?f.SEX=F").get_json()
    assert [c["words"] for c in body["changes"]] == ["female instead of all patients"]
    assert body["differences"]
    assert body["numbers"]
    same = compare(server, address, address).get_json()
    assert (same["differences"], same["numbers"], same["series"]) == ([], [], [])
    assert "no number differs" in same["cautions"][0]


def test_a_report_of_two_views_has_a_name_and_what_both_rest_on(server: Flask) -> None:
    address = f"/compare?{urlencode({'a': OS, 'b': CENSORED})}"
    page = html.fromstring(post(server, "html", address).text)
    assert page.findtext(".//h2") == (
        "AQUILA: Overall survival, against AQUILA: Overall survival, reconsidered"
    )
    facts = {row.findtext("dt"): row.findtext("dd") for row in page.iterfind(".//dl/div")}
    assert facts["Population"] == "390 of 390 patients, no filter"
    assert facts["Endpoint"].startswith(
        "First view: Overall survival; event: death from any cause; second view: Overall survival, "
    )
    assert facts["Made up"].startswith("First view: not in this view; second view: Comparison of")
    female = compare(server, OS, f"{OS}&f.SEX=F").get_json()["title"]
    assert female == "AQUILA: Overall survival: female instead of all patients"


def ends(axis: dict[str, Any]) -> tuple[float, float]:
    return axis["range"][0], axis["range"][1]


def test_both_charts_are_one_image_on_the_same_axes(server: Flask) -> None:
    late = OS.replace("OS", "PFS")
    alone = [
        server.test_client().get(address.replace("?", ".figure.json?")).get_json()
        for address in (OS, late)
    ]
    made = compare(server, OS, late, ".figure.json").get_json()
    curves = [t for t in made["data"] if t.get("meta") == "curve"]
    assert [t["y"] for t in curves] == [
        t["y"] for figure in alone for t in figure["data"] if t.get("meta") == "curve"
    ]
    layout = made["layout"]
    first, second = (
        layout[name.replace("x", "xaxis")] for name in dict.fromkeys(t["xaxis"] for t in curves)
    )
    assert ends(first) == ends(second)
    assert first["domain"][1] < second["domain"][0]
    said = " ".join(part["text"] for part in layout["annotations"])
    assert "First view: overall survival" in said
    assert said.count("<b>AQUILA. Simulated patients</b>") == 2


def test_an_image_of_two_views_as_it_is_asked_for(server: Flask) -> None:
    asked = {"a": OS, "b": f"{OS}&f.AGE=1..2&fig_names=Daratumumab,DARA"}
    client = server.test_client()
    # In a journal's column they stand below each other; a view without patients says so.
    column = {**asked, "fig_size": "column", "fig_palette": "gray", "fig_hide": "title,subtitle"}
    made = client.get(f"/compare.figure.json?{urlencode(column)}").get_json()
    assert made["layout"]["meta"]["width_mm"] == 85
    text = " ".join(part["text"].replace("<br>", " ") for part in made["layout"]["annotations"])
    assert "No patient matches all the filters." in text
    assert {t["line"]["color"] for t in made["data"] if t.get("meta") == "curve"} <= {
        "#1b1f24", "#6b6b6b"
    }  # fmt: skip
    # A view's own names of arms.
    turned = {"a": f"{OS}&fig_names=Daratumumab,DARA", "b": OS, "report": "docx"}
    made = client.get(f"/compare.figure.json?{urlencode(turned)}").get_json()
    names = [t["name"] for t in made["data"] if t.get("meta") == "curve"]
    assert names == ["DARA", "Active monitoring", "Daratumumab", "Active monitoring"]
    # Neither draws.
    none = client.get(f"/compare.figure.json?{urlencode({**asked, 'a': asked['b']})}")
    assert none.status_code == 422
    assert "There is no figure to save" in none.get_json()["error"]["message"]


@pytest.mark.parametrize(
    ("b", "status", "words"),
    [
        ("", 422, "“b” is missing"),
        ("/study/nope/survival", 404, "There is no study “nope”"),
        ("/study/aquila/zz", 404, "There is no page /study/aquila/zz"),
        ("https://elsewhere.org/study/aquila/survival", 422, "not an address of this site"),
        ("javascript:/study/aquila/survival", 422, "not an address of this site"),
        ("//[/study/aquila/survival", 422, "is not an address"),
        ("/compare?a=/study/aquila/survival", 422, "/compare is no page of a study"),
        ("/evidence", 422, "/evidence is no page of a study"),
        ("?endpoint=OS", 422, "An empty address is no page of a study"),
        ("/study/aquila", 422, "no numbers that two views could be compared by"),
        ("/study/aquila/safety", 422, "different kinds of numbers"),
        ("/study/aquila/patient", 422, "no numbers that two views could be compared by"),
        ("/study/aquila/survival?endpoint=XX", 422, "Second view: AQUILA has no endpoint “XX”"),
        ("/study/aquila/survival?unit=eons", 422, "Second view: “unit=eons” cannot be used."),
        ("/study/aquila/survival?x=" + "1" * 8000, 422, "cannot be used"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    server: Flask, b: str, status: int, words: str
) -> None:
    answer = compare(server, OS, b)
    assert answer.status_code == status
    error = answer.get_json()["error"]
    assert words in error["message"]
    assert error["hint"]
    page = compare(server, OS, b, "")
    assert page.status_code == status
    assert "This page cannot be opened" in page.text


def uploaded(server: Flask, drug: str, *late: int, label: str = "Progression-free survival") -> str:
    """The address of a study of 12 patients; who is ``late`` came under observation at month 1."""
    head = f"USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,TRTP{',ENTRY' if late else ''}\n"
    rows = [
        f"S{i},PFS,{label},{i + 3},MONTHS,{i % 2},{('Placebo', drug)[i % 3 > 0]}"
        f"{f',{int(i in late)}' if late else ''}\n"
        for i in range(12)
    ]
    files = {"adtte": (io.BytesIO((head + "".join(rows)).encode()), "adtte.csv")}
    return f"/study/{server.test_client().post('/study', data=files).get_json()['study']}/survival"


def test_two_uploads_of_one_name_are_two_studies(server: Flask) -> None:
    first, label = uploaded(server, "Drug X"), "Progression-Free Survival"
    body = compare(server, first, uploaded(server, "Drug Y", label=label)).get_json()
    assert len(body["changes"]) == 1, body["changes"]
    change = body["changes"][0]
    assert change["a"] != change["b"]
    assert "12 patients, data " in change["b"]
    anchor = "not randomized between them, and an arm of the same name in both (Placebo)"
    assert anchor in body["cautions"][0]
    # Of one trial once with and once without entry times the patients are the same.
    body = compare(server, first, uploaded(server, "Drug X", 2, 5)).get_json()
    said = [c["words"] for c in body["changes"][1:]]
    assert said == [
        "times from entry (left truncation) instead of every patient observed from the start"
    ]
    assert "All patient identifiers and arms are the same in both" in body["cautions"][0]


def test_groups_at_a_landmark_are_no_arms(server: Flask) -> None:
    known = "/study/aquila/survival?landmark=12&known=FLT"
    body = compare(server, known, known.partition("&")[0]).get_json()
    (change,) = body["changes"]
    assert change["words"].startswith("grouped by arm instead of grouped by start of first-line")
    assert body["cautions"] == []
    for one in body["differences"]:
        assert one["a"] is None or one["b"] is None, one
    assert all(n["a"] is None or n["b"] is None for n in body["numbers"] if "/" in n["path"])


def test_a_unit_changes_no_number(server: Flask) -> None:
    address = "/study/aquila/survival"
    body = compare(server, address, f"{address}?unit=days").get_json()
    assert [c["words"] for c in body["changes"]] == ["times in days instead of times in months"]
    assert (body["differences"], body["numbers"]) == ([], [])
    assert body["cautions"] == [
        "Here the times of both views are in months, as in the first view.",
        "No number that the pages print differs.",
    ]
    # Week 60 and month 12 are two times; month 12 and day 365.25 are one.
    body = compare(server, f"{address}?at=12", f"{address}?at=365.25&unit=days").get_json()
    assert body["differences"] == []
    body = compare(server, f"{address}?at=12", f"{address}?at=60&unit=weeks").get_json()
    assert any("at 12 / 13.8 months" in one["name"] for one in body["differences"])


def test_both_views_are_drawn_and_told_in_the_unit_of_the_first(server: Flask) -> None:
    address = "/study/aquila/survival?plot=means"
    opened = Reader(server, two(address, f"{address}&unit=weeks&landmark=26"))
    a, b = (opened.props[f"compare-{place}-graph"]["figure"]["layout"] for place in "ab")
    for axis in ("xaxis", "yaxis"):
        assert a[axis]["range"] == b[axis]["range"]
    assert b["yaxis"]["title"]["text"].startswith("Months")
    html = opened.props["compare-island"]["data"]["html"]
    assert "month 5.98" in html["compare-changes"]
    assert "5.979" not in html["compare-changes"] + html["compare-b-words"]
    assert html["compare-b-caption"] == "Daratumumab versus Active monitoring"


def test_all_charts_of_a_page_are_drawn_and_say_whose_they_are(server: Flask) -> None:
    address = "/study/aquila/risk-models"
    opened = Reader(server, two(address, f"{address}?f.SEX=F"))
    told = opened.props["compare-island"]["data"]
    for place in "ab":
        assert opened.props[f"compare-{place}-graph-1"]["figure"]["data"]
        assert not told["hidden"][f"compare-{place}-chart-1"]
        assert told["html"][f"compare-{place}-caption-1"] == (
            "IMWG 2020 risk with cytogenetics: curves by level, patients on active monitoring"
        )


@pytest.mark.parametrize(
    ("a", "b", "caution"),
    [
        ("safety?open=*", "safety", "one view shows more than the other"),
        ("subgroups?sort=name", "subgroups", "no number differs"),
        ("subgroups?by=SEX", "subgroups?by=AGEGR1", ""),
        ("safety?q=fatigue", "safety?q=rash", ""),
        ("safety?landmark=12&strata=SEX", "safety", "no number differs"),
    ],
)
def test_one_view_shows_more_only_where_it_does(
    server: Flask, a: str, b: str, caution: str
) -> None:
    body = compare(server, f"/study/aquila/{a}", f"/study/aquila/{b}").get_json()
    assert len(body["changes"]) == (not caution)
    assert [caution in one for one in body["cautions"]] == [True] * bool(caution)
    if not caution:
        assert all(None in (one["a"], one["b"]) for one in body["differences"])


def test_no_file_holds_the_address_of_an_upload(server: Flask) -> None:
    rows = [f"S{i},PFS,PFS,{i + 3},MONTHS,{i % 2},{'AB'[i % 3 > 0]}\n" for i in range(12)]
    text = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,TRTP\n" + "".join(rows)
    files = {"adtte": (io.BytesIO(text.encode()), "adtte.csv")}
    study = server.test_client().post("/study", data=files).get_json()["study"]
    a, b = f"/study/{study}/survival", f"/study/{study}/survival?level=0.9"
    for ending in (".json", ".csv"):
        answer = compare(server, a, b, ending)
        assert answer.status_code == 200
        assert study not in answer.text + str(answer.headers)
    report = post(server, "html", f"/compare?{urlencode({'a': a, 'b': b})}")
    assert report.status_code == 200
    assert "90% confidence" in report.text
    assert study not in report.text
