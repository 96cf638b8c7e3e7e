"""The mapping page over HTTP. Oracle: the study that its choices make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from app import create_server
from components.mapping.layout import control_id
from services.settings import Settings
from tests.callbacks.client import Reader
from tests.callbacks.site.posting import post, with_key
from tests.courses import LABELS, course

PLAIN = b"patient,weeks,status,group\nP1,10,Dead,A\nP2,20,Alive,B\nP3,5,Dead,B\nP4,7,Alive,A\n"


@pytest.fixture
def server(tmp_path: Path) -> Flask:
    return create_server(Settings(store_dir=tmp_path, browser=False))


def test_a_choice_is_previewed_and_kept_when_it_is_saved(server: Flask) -> None:
    draft = post(server.test_client(), {"plain.csv": PLAIN}).get_json()["draft"]
    url = draft["url"]
    reader = Reader(server, url, **with_key(draft))
    status = control_id("adtte", "CNSR")
    assert reader.props[status]["value"] == "STATUS"
    reader.change(status, "value", None)
    assert reader.props["mapping-save"]["disabled"] is True
    reader.change(status, "value", "STATUS")
    assert reader.props["mapping-events"]["value"] == ["Dead"], "guessed anew"
    assert reader.props["mapping-save"]["disabled"] is False
    assert "2 events" in json.dumps(reader.props["mapping-preview"]["children"])
    reader.change("mapping-save", "n_clicks", 1)
    study = url.removeprefix("/upload/")
    assert reader.props["mapping-address"]["href"] == f"/study/{study}/data"
    answer = server.test_client().get(f"/study/{study}/survival.json").get_json()
    assert answer["population"]["n"] == 4
    assert sum(curve["events"] for curve in answer["curves"]) == 2


def test_the_endpoints_of_states_can_be_corrected(server: Flask) -> None:
    """The page opens with its diagram, whose first words come before any script."""
    lines = ["USUBJID,TRTP,PARAMCD,PARAM,AVAL,AVALU,CNSR,EVNTDESC"]
    lines += [
        f"P{i},{arm},{code},{LABELS[code]},{day},DAYS,{int(not happened)},{what}"
        for i, arm in enumerate("ABAB", start=1)
        for code, day, happened, what in course(3 * i, 5 * i, 9 * i)
    ]
    answer = post(server.test_client(), {"adtte.csv": "\n".join(lines).encode()})
    assert answer.status_code == 201, answer.text
    study = answer.get_json()["study"]
    page = server.test_client().get(f"/upload/{study}")
    assert page.status_code == 200
    assert "Where patients are over time" in page.text
    reader = Reader(server, f"/upload/{study}", **with_key(answer.get_json()))
    assert reader.props["mapping-treatment"]["placeholder"] == "FLT, based on its name"
    reader.change("mapping-treatment", "value", "none")
    assert "First-line" not in json.dumps(reader.props["mapping-model"]["children"])
    reader.change("mapping-save", "n_clicks", 1)
    body = server.test_client().get(f"/study/{study}/states.json").get_json()
    assert body["states"] == ["Free of progression", "Progressed", "Died"]


def test_of_two_pages_open_at_once_the_second_does_not_undo_the_first(server: Flask) -> None:
    draft = post(server.test_client(), {"plain.csv": PLAIN}).get_json()["draft"]
    study = draft["url"].removeprefix("/upload/")
    first, second, same = (Reader(server, draft["url"], **with_key(draft)) for _ in range(3))
    for page, title in ((first, "Mine"), (second, "Another"), (same, "Mine")):
        page.change("mapping-title", "value", title)
    first.change("mapping-save", "n_clicks", 1)
    second.change("mapping-save", "n_clicks", 1)
    assert "corrected elsewhere" in json.dumps(second.props["mapping-saved"]["children"])
    assert not second.props["mapping-address"].get("href")
    same.change("mapping-save", "n_clicks", 1)
    assert same.props["mapping-address"]["href"] == f"/study/{study}/data"

    def title() -> str:
        return str(server.test_client().get(f"/study/{study}/survival.json").json["study"]["title"])

    assert title() == "Mine"
    again = Reader(server, draft["url"], **with_key(draft))
    again.change("mapping-title", "value", "Another")
    again.change("mapping-save", "n_clicks", 1)
    assert title() == "Another"
