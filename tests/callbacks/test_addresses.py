"""Addresses for programs: shapes, types, names, and one shape for every error."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import flask
import pytest
from flask import Flask

from app import create_server
from callbacks.addresses import answered, download, json_response
from services.errors import UserError
from services.pages.survival.page import survival_page
from services.settings import Settings
from services.studies import Catalogue
from services.views.study import decode
from tests.studies import bundled

BASE = "/study/e3a06/survival"


def get(server: Flask, address: str) -> Any:
    return server.test_client().get(address)


def strict(text: str) -> Any:
    """JSON as the standard has it: no NaN, no infinities."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not valid JSON")

    return json.loads(text, parse_constant=refuse)


# --- survival ---------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?endpoint=OS&unit=years", "?f.SEX=F&strata=TSDIAGGR"])
def test_the_json_is_the_pages_record(server: Flask, query: str) -> None:
    answer = get(server, f"{BASE}.json{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    body = strict(answer.text)
    page = survival_page(bundled(), decode(query))
    assert page.result is not None
    assert body["answer"] == page.answer
    assert body["study"]["sha256"] == bundled().sha256
    for curve, record in zip(body["curves"], page.result.curves, strict=True):
        assert curve["arm"] == record.arm
        assert curve["survival"] == record.survival.tolist(), "at full precision"
        assert None in curve["lower"], "no interval before the first event"
    ratio = page.result.comparisons[0].hazard_ratio
    assert ratio is not None
    assert body["comparisons"][0]["hazard_ratio"]["estimate"] == ratio.estimate


@pytest.mark.parametrize(
    ("ending", "mimetype", "start"),
    [
        (".csv", "text/csv", "# Study: E3A06. Simulated patients"),
        (".data.csv", "text/csv", "# Study: E3A06. Simulated patients"),
        (".py", "text/plain", "# E3A06"),
        (".R", "text/plain", "# E3A06"),
    ],
)
def test_files_of_risk_models(server: Flask, ending: str, mimetype: str, start: str) -> None:
    answer = get(server, f"/study/e3a06/risk-models{ending}?f.SEX=F")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    part, last = "-patients" if "data" in ending else "", ending.rpartition(".")[2]
    name = rf"e3a06-PFS-risk-models{part}-[0-9a-f]{{6}}\.{last}"
    assert re.fullmatch(f'attachment; filename="{name}"', answer.headers["Content-Disposition"])
    assert answer.text.startswith(start)


@pytest.mark.parametrize("ending", ["py", "R"])
def test_scripts_of_a_study_without_risk_models_say_why(server: Flask, ending: str) -> None:
    answer = get(server, f"/study/mgus2/risk-models.{ending}")
    assert answer.status_code == 422
    assert "inputs are" in strict(answer.text)["error"]["hint"]


@pytest.mark.parametrize(
    ("ending", "mimetype", "name", "start"),
    [
        ("csv", "text/csv", "e3a06-PFS-survival.csv", "# Study: E3A06. Simulated patients"),
        (
            "data.csv",
            "text/csv",
            "e3a06-PFS-survival-patients.csv",
            "# Study: E3A06. Simulated patients",
        ),
        ("py", "text/plain", "e3a06-PFS-survival.py", "# E3A06"),
        ("R", "text/plain", "e3a06-PFS-survival.R", "# E3A06"),
    ],
)
def test_files_have_a_type_and_a_name(
    server: Flask, ending: str, mimetype: str, name: str, start: str
) -> None:
    answer = get(server, f"{BASE}.{ending}")
    assert answer.status_code == 200
    assert answer.mimetype == mimetype
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.text.startswith(start)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_csv_is_a_table(server: Flask) -> None:
    lines = get(server, f"{BASE}.csv").text.splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(x for x in lines if x[0] != "#"))))
    assert {row["arm"] for row in rows} == {"Lenalidomide", "Observation"}


@pytest.mark.parametrize("query", ["", "?plot=types", "?plot=hazards", "?plot=means", "?facet=SEX"])
def test_the_figure_is_one_plotly_can_draw(server: Flask, query: str) -> None:
    answer = get(server, f"{BASE}.figure.json{query}")
    assert answer.status_code == 200
    figure = strict(answer.text)
    assert set(figure) == {"data", "layout"}
    assert figure["layout"]["paper_bgcolor"] == "#ffffff"


def saved_as(answer: Any) -> str:
    found = re.fullmatch('attachment; filename="(.*)"', answer.headers["Content-Disposition"])
    assert found is not None
    return found[1]


@pytest.mark.parametrize("page", ["survival", "subgroups", "risk-models", "safety"])
def test_the_script_names_the_data_as_they_are_saved(server: Flask, page: str) -> None:
    name = saved_as(get(server, f"/study/e3a06/{page}.data.csv?endpoint=OS"))
    for ending in ("py", "R"):
        script = get(server, f"/study/e3a06/{page}.{ending}?endpoint=OS").text
        assert f'"{name}"' in script
        assert f"http://localhost/study/e3a06/{page}.data.csv" in script, "the whole address"


def test_files_of_two_pages_or_views_never_share_a_name(server: Flask) -> None:
    addresses = [
        f"/study/e3a06/{page}.{ending}{query}"
        for page in ("survival", "subgroups", "risk-models", "safety")
        for ending in ("csv", "data.csv", "py", "R")
        for query in ("", "?f.SEX=F", "?f.SEX=M", "?level=0.9")
    ]
    names = [saved_as(get(server, address)) for address in addresses]
    assert len(set(names)) == len(names)
    again = saved_as(get(server, "/study/e3a06/survival.csv?unit=months&f.SEX=F"))
    assert again == saved_as(get(server, "/study/e3a06/survival.csv?f.SEX=F"))


# --- errors -----------------------------------------------------------------------------------

WRONG = [
    ("/study/nope/survival.json", 404, "There is no study “nope”.", "It may have been deleted"),
    (f"{BASE}.json?endpoint=XX", 422, "E3A06 has no endpoint “XX”.", "PFS, OS, SPM"),
    (f"{BASE}.json?level=2", 422, "“level=2” cannot be used.", "0.5 to 0.999"),
    (f"{BASE}.json?ci=exact", 422, "“ci=exact” cannot be used.", "log-log, log, plain"),
    (f"{BASE}.json?f.SEX=Z", 422, "“f.SEX=Z” cannot be used.", "F, M"),
    (f"{BASE}.json?f.NOPE=1", 422, "E3A06 has no filter “NOPE”.", "SEX"),
    (f"{BASE}.json?f.AGE=70..50", 422, "“f.AGE=70..50” cannot be used.", "50..65"),
    (f"{BASE}.json?arms=Placebo", 422, "E3A06 has no arm “Placebo”.", "Lenalidomide"),
    (f"{BASE}.json?strata=AGE", 422, "E3A06 has no grouping “AGE”.", "AGEGR1"),
    (f"{BASE}.csv?at=soon", 422, "“at=soon” cannot be used.", "a number"),
    (f"{BASE}.py?unit=hours", 422, "“unit=hours” cannot be used.", "days, weeks, months, years"),
    (f"{BASE}.figure.json?f.AGE=..1", 422, "There is no figure to save.", "No patient matches"),
]


@pytest.mark.parametrize(("address", "status", "message", "hint"), WRONG)
def test_an_error_has_one_shape(
    server: Flask, address: str, status: int, message: str, hint: str
) -> None:
    answer = get(server, address)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    body = strict(answer.text)
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "hint", "details"}
    assert body["error"]["message"] == message
    assert hint in body["error"]["hint"]


def test_unknown_keys_are_ignored(server: Flask) -> None:
    plain = get(server, f"{BASE}.json")
    assert get(server, f"{BASE}.json?utm_source=mail&x=").text == plain.text


def test_a_query_that_is_no_utf8_is_no_crash(server: Flask) -> None:
    assert get(server, f"{BASE}.json?f.SEX=%ff").status_code == 422


def test_our_mistakes_hide_their_details(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> flask.Response:
        raise KeyError("secret")

    answer = answered(broken)
    assert answer.status_code == 500
    said = strict(answer.get_data(as_text=True))["error"]
    assert "secret" not in json.dumps(said)
    found = re.search(r"\(error ([0-9a-f]{8})\)", said["message"])
    assert found is not None
    assert f"error {found[1]}" in caplog.text
    assert "secret" in caplog.text


def test_a_persons_mistake_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def wrong() -> flask.Response:
        raise UserError("No.", "Do this.", ("a", "b"), 404)

    answer = answered(wrong)
    assert answer.status_code == 404
    assert strict(answer.get_data(as_text=True)) == {
        "error": {"message": "No.", "hint": "Do this.", "details": ["a", "b"]}
    }
    assert caplog.text == ""


def test_nan_in_an_answer_is_a_mistake_and_raises() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_response({"x": float("nan")})


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("e3a06-PFS-data.csv", "e3a06-PFS-data.csv"),
        ('a"b\r\nX: y.csv', "a-b--X--y.csv"),
        ("π/../x.py", "--..-x.py"),
    ],
)
def test_a_file_name_cannot_break_its_header(name: str, safe: str) -> None:
    disposition = download("text", name).headers["Content-Disposition"]
    assert disposition == f'attachment; filename="{safe}"'
    disposition.encode("ascii")


# --- the site ---------------------------------------------------------------------------------


def test_the_list_of_studies(server: Flask) -> None:
    listed = strict(get(server, "/studies.json").text)
    catalogue = Catalogue()
    assert [entry["id"] for entry in listed] == list(catalogue.ids())
    assert {entry["id"]: entry["kind"] for entry in listed}["e3a06"] == "simulated"
    assert all(set(e) >= {"id", "title", "kind", "sha256"} for e in listed)


def test_healthz(server: Flask) -> None:
    answer = get(server, "/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "OK", "text/plain")


ADTTE = "USUBJID,TRTP,PARAMCD,PARAM,AVAL,AVALU,CNSR\n" + "".join(
    f"S{i},{arm},OS π,Überleben,{i + 1},DAYS,{i % 3 and 1}\n"
    for i, arm in enumerate(['"Drug, 5 mg"', "Plâcebo"] * 8)
)


def test_a_study_with_words_of_any_language(tmp_path: Path) -> None:
    (tmp_path / "étude").mkdir()
    (tmp_path / "étude" / "adtte.csv").write_text(ADTTE, encoding="utf-8")
    settings = Settings(studies=(tmp_path / "étude",), browser=False, store_dir=tmp_path / "store")
    server = create_server(settings)
    study_id = next(
        e["id"]
        for e in strict(get(server, "/studies.json").text)
        if e["kind"] != "simulated" and "tude" in e["id"]
    )
    for ending in ("json", "csv", "data.csv", "py", "R", "figure.json"):
        answer = get(server, f"/study/{study_id}/survival.{ending}?arms=Pl%C3%A2cebo")
        assert answer.status_code == 200, answer.text[:300]
        for value in answer.headers.values():
            value.encode("latin-1")
