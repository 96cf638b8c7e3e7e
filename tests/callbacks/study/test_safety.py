"""Controls, clicks and addresses of the safety pages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import flask.testing
import pytest

from app import create_server
from callbacks.study import safety
from services.settings import Settings
from services.views.study import View
from tests.callbacks.client import Reader


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[flask.testing.FlaskClient]:
    settings = Settings(store_dir=tmp_path_factory.mktemp("store"), browser=False)
    with create_server(settings).test_client() as made:
        yield made


def test_clicks_inside_tables():
    view = View(open=("Gut",), page=3)
    assert safety.after_click(view, {"kind": "toggle", "value": "Heart"}).open == ("Gut", "Heart")
    assert safety.after_click(view, {"kind": "toggle", "value": "Gut"}).open == ()
    assert safety.after_click(view, {"kind": "all", "value": "*"}).open == ("*",)
    assert safety.after_click(View(open=("*",)), {"kind": "all", "value": ""}).open == ()
    assert safety.after_click(view, {"kind": "page", "value": "4"}).page == 4
    assert safety.after_click(view, {}) == view


def test_a_changed_selection_starts_at_its_first_page(client):
    reader = Reader(client.application, "/study/e3a06/safety?section=events&page=4")
    assert reader.props["safety-address"]["search"] == "?section=events&page=4"
    reader.change("safety-grade", "value", "severe")
    assert reader.props["safety-address"]["search"] == "?section=events&grade=severe"
    reader.change("safety-action", "data", {"kind": "page", "value": "2"})
    assert reader.props["safety-address"]["search"] == "?section=events&grade=severe&page=2"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("safety.json?section=time", "application/json"),
        ("safety.csv?grade=severe", "text/csv"),
        ("safety.events.csv?term=Fatigue", "text/csv"),
        ("safety.data.csv", "text/csv"),
        ("safety.py", "text/plain"),
        ("safety.R", "text/plain"),
        ("safety.figure.json?section=grades", "application/json"),
        ("benefit-risk.json", "application/json"),
        ("benefit-risk.csv", "text/csv"),
        ("benefit-risk.figure.json", "application/json"),
        ("patient.json?id=E3A06-SIM-0004", "application/json"),
        ("patient.csv?id=E3A06-SIM-0004", "text/csv"),
        ("patient.figure.json?id=E3A06-SIM-0004", "application/json"),
    ],
)
def test_addresses_for_programs(client, path, kind):
    answer = client.get(f"/study/e3a06/{path}")
    assert answer.status_code == 200
    assert answer.mimetype == kind
    if kind == "application/json":
        json.loads(answer.data)
    else:
        assert "Simulated patients" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("safety.json?term=Nothing&section=events", 422, "no adverse event has this name"),
        ("safety.json?versus=Nobody", 422, "cannot be compared"),
        ("safety.figure.json?section=events", 422, "no figure"),
        ("patient.json?id=NOBODY", 404, "no such patient"),
        ("benefit-risk.json?diff=0", 422, "above 0"),
    ],
)
def test_what_cannot_be_shown_is_an_error_with_a_remedy(client, path, status, words):
    answer = client.get(f"/study/e3a06/{path}")
    assert answer.status_code == status
    error = json.loads(answer.data)["error"]
    assert words in error["message"] + error["hint"]
    assert error["hint"]


def test_the_listing_file_holds_what_the_address_asks_for(client):
    lines = client.get("/study/e3a06/safety.events.csv?term=Neutropenia").text.splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    assert all(",Neutropenia," in row for row in rows[1:])
    assert len(rows) > 30
