"""The addresses of a second opinion: both pages, both forms, and words where there is none."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from callbacks.pages import STUDY
from tests.callbacks.documented import SHARED, keys


@pytest.fixture(autouse=True)
def _without_r(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.pages.second_opinion.by_r.shutil.which", lambda _name: None)


def test_json_csv_and_the_part_for_readers(server: Flask) -> None:
    assert [name for name, page in STUDY.items() if page.second_opinion] == [
        "survival",
        "subgroups",
    ]
    get = server.test_client().get
    address = "/study/aquila/survival/second-opinion"
    body = json.loads(get(f"{address}.json?endpoint=OS").text)
    assert body.keys() - SHARED == {"programs", "numbers"}
    assert set(body["numbers"][0]) < keys("/study/<id>/survival/second-opinion.json")
    table = get(f"{address}.csv")
    assert (table.status_code, table.mimetype) == (200, "text/csv")
    assert "aquila-PFS-survival-second-opinion.csv" in table.headers["Content-Disposition"]
    part = get("/second-opinion/aquila/subgroups?by=SEX")
    assert (part.status_code, part.mimetype) == (200, "text/html")
    assert "R is not installed on this server." in part.text


def test_what_cannot_be_recomputed_is_said(server: Flask) -> None:
    get = server.test_client().get
    answer = get("/study/aquila/survival/second-opinion.json?f.AGE=..1")
    assert answer.status_code == 422
    assert json.loads(answer.text)["error"]["message"] == "There is nothing to recompute."
    assert get("/second-opinion/nope/survival").status_code == 404
    assert get("/study/aquila/survival/second-opinion").status_code == 404
