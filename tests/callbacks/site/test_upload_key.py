"""The link of an upload reads it; its key corrects, deletes and restores it. Oracle: HTTP's 403,
the page's words, and the store's files, where no key stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_server
from services.settings import Settings
from services.studies import Catalogue
from services.study.model import SECRET_ID
from tests.bad_files import GOOD
from tests.callbacks.client import Reader
from tests.callbacks.site.posting import HEADERS, post, with_key
from tests.uploads import PLAIN, importer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


def started(folder: Path) -> Flask:
    catalogue = Catalogue()
    catalogue.uploads = importer(folder)
    return create_server(Settings(store_dir=folder / "store", browser=False), catalogue)


@pytest.fixture(scope="module")
def server(folder: Path) -> Flask:
    return started(folder)


def sent(server: Flask) -> dict[str, Any]:
    return dict(post(server.test_client(), {"adtte.csv": GOOD.encode()}).get_json())


def other(key: str) -> dict[str, Any]:
    return {"headers": HEADERS["headers"] | {"Study-Key": key}}


def test_the_link_alone_deletes_and_restores_nothing(server: Flask) -> None:
    body, client = sent(server), server.test_client()
    study, key = body["study"], body["key"]
    assert SECRET_ID.fullmatch(key)
    assert key != study
    wrong = (HEADERS, other(""), other(study), other("0" * 32), other(key[:-1]), other("ü" * 32))

    def refused(method: str, address: str) -> None:
        for headers in wrong:
            answer = client.open(address, method=method, **headers)
            assert answer.status_code == 403, headers
            assert "link lets others see" in answer.get_json()["error"]["hint"]

    for method, address in (("DELETE", ""), ("DELETE", "?undo=no"), ("POST", "/key")):
        refused(method, f"/study/{study}{address}")
    assert client.get(body["url"] + ".json").status_code == 200
    assert client.post(f"/study/{study}/key", **with_key(body)).status_code == 200
    # As a field of a form, and in capitals, as somebody may type it.
    form = {"key": key.upper()}
    assert client.delete(f"/study/{study}", data=form, **HEADERS).status_code == 200
    refused("POST", f"/study/{study}/restore")
    refused("DELETE", f"/study/{study}?undo=no")
    assert client.post(f"/study/{study}/restore", data=form, **HEADERS).status_code == 200


def test_the_link_alone_corrects_nothing(server: Flask) -> None:
    draft = post(server.test_client(), {"t.csv": PLAIN.encode()}).get_json()["draft"]
    for headers in ({}, other("0" * 32)["headers"]):
        reader = Reader(server, draft["url"], headers=headers)
        answer = reader.change("mapping-save", "n_clicks", 1)
        assert "the key of" in json.dumps(answer["mapping-saved"])
        assert "mapping-address" not in answer
    reader = Reader(server, draft["url"], **with_key(draft))
    assert "href" in reader.change("mapping-save", "n_clicks", 1)["mapping-address"]


def test_the_key_is_told_once_and_stored_nowhere(server: Flask, folder: Path) -> None:
    body, client = sent(server), server.test_client()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2
    assert not [path for path in files if body["key"].encode() in path.read_bytes()]
    for address in ("", "/data", "/survival", "/survival.json", "/data.json"):
        assert body["key"] not in client.get(f"/study/{body['study']}{address}").text


def test_a_study_stored_before_there_were_keys_goes_by_its_link(
    server: Flask, folder: Path
) -> None:
    study, keyed = sent(server)["study"], sent(server)["study"]
    path = folder / "store" / study / "entry.json"
    entry = json.loads(path.read_text())
    del entry["key_sha256"]
    path.write_text(json.dumps(entry))
    client = started(folder).test_client()

    def shown(study_id: str) -> str:
        referer = f"http://localhost/study/{study_id}/data"
        return str(client.get("/_dash-layout", headers={"Referer": referer}).text)

    assert '"uploader hidden"' in shown(keyed)
    assert "data-key-of" in shown(keyed)
    assert '"uploader"' in shown(study)
    assert "data-key-of" not in shown(study)
    assert client.delete(f"/study/{study}", **HEADERS).status_code == 200
    assert client.post(f"/study/{study}/restore", **HEADERS).status_code == 200


def test_what_is_damaged_can_be_removed(server: Flask, folder: Path) -> None:
    body, client = sent(server), server.test_client()
    (folder / "store" / body["study"] / "entry.json").write_text("{")
    assert client.delete(f"/study/{body['study']}", **HEADERS).status_code == 200


def test_too_large_a_form_is_said_to_be_that(server: Flask) -> None:
    big = {"key": "a" * (2 << 20)}
    answer = server.test_client().delete(f"/study/{'0' * 32}", data=big, **HEADERS)
    assert answer.status_code == 413
