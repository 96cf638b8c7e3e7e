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
from tests.callbacks.site.posting import post

PLAIN = b"patient,weeks,status,group\nP1,10,Dead,A\nP2,20,Alive,B\nP3,5,Dead,B\nP4,7,Alive,A\n"


@pytest.fixture
def server(tmp_path: Path) -> Flask:
    return create_server(Settings(store_dir=tmp_path, browser=False))


def test_a_choice_is_previewed_and_kept_when_it_is_saved(server: Flask) -> None:
    url = post(server.test_client(), {"plain.csv": PLAIN}).get_json()["draft"]["url"]
    reader = Reader(server, url)
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
