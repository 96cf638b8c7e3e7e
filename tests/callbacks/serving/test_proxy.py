"""The site under a path, behind a proxy. Oracle: no address in what it sends leads out of there."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import flask
import pytest
from flask import Flask

from app import create_server
from callbacks.serving import proxy
from services.settings import Settings
from services.studies import Catalogue
from tests.bad_files import GOOD, SHORT
from tests.callbacks.client import Reader
from tests.callbacks.site.posting import HEADERS, with_key
from tests.uploads import importer

ROOT = "/smm"
# Any attribute in HTML; in HTML inside JSON its quotes have a backslash.
ATTRIBUTE = re.compile(r"""([\w-]+)=\\?"(/[^"\\]*)""")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("prefix")
    catalogue = Catalogue()
    catalogue.uploads = importer(folder)
    return create_server(
        Settings(browser=False, store_dir=folder / "store", prefix=ROOT, hosts=("smm.example",)),
        catalogue,
    )


def values(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of every text in JSON that is an address, also inside HTML."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from values(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from values(value, name)
    elif isinstance(tree, str):
        if re.match(r"/[a-z]", tree) or (name == "href" and tree == "/"):
            yield name, tree
        yield from ATTRIBUTE.findall(tree)


def outside(found: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [one for one in found if not f"{one[1]}/".startswith(f"{ROOT}/")]


@pytest.mark.parametrize("path", ["/", "/study/e3a06/survival"])
def test_a_page_leads_nowhere_else(server: Flask, path: str) -> None:
    client = server.test_client()
    html = client.get(ROOT + path).get_data(as_text=True)
    found = ATTRIBUTE.findall(html)
    assert outside(found) == []
    assert {"href", "src"} <= {name for name, _ in found}
    assert r'"requests_pathname_prefix":"\u002fsmm\u002f"' in html
    assert 'data-root="smm"' in html
    for address in sorted({a for name, a in found if name == "src"}):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/evidence", "/upload", "/study/e3a06/safety"])
def test_what_a_page_is_made_of_leads_nowhere_else(server: Flask, path: str) -> None:
    told = {"Referer": f"http://localhost{ROOT}{path}"}
    layout = server.test_client().get(f"{ROOT}/_dash-layout", headers=told).get_json()
    found = list(values(layout))
    assert ("data", path) in found or path == "/"  # that this page is shown already
    assert outside([one for one in found if one != ("data", path)]) == []
    assert len(found) > 3


def test_a_callback_knows_the_path_and_leads_nowhere_else(server: Flask) -> None:
    reader = Reader(server, f"{ROOT}/study/e3a06/survival")
    found = [*values(reader.change("survival-unit", "value", "weeks"))]
    assert outside(found) == []
    for name, file in (("href", "survival.csv"), ("data-figure", "survival.figure.json")):
        assert [a for n, a in found if n == name and a.startswith(f"{ROOT}/study/e3a06/{file}?")]
    page = reader.change("location", "pathname", f"{ROOT}/evidence")
    assert page["shown"]["data"] == "/evidence"
    assert outside([one for one in values(page) if one[0] != "data"]) == []


@pytest.mark.parametrize("address", ["/study/e3a06/survival", "/_dash-layout", "/evidence"])
def test_compressed_or_not_and_kept_or_not_it_is_the_same(server: Flask, address: str) -> None:
    """Browsers take Brotli; what is kept of an answer is in it already."""
    client, told = server.test_client(), {"Referer": f"http://localhost{ROOT}/study/e3a06/states"}
    seen = set()
    for accepted in ("br", "br", "gzip", "identity"):
        answer = client.get(ROOT + address, headers=told | {"Accept-Encoding": accepted})
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
        body = unpack.get(answer.headers.get("Content-Encoding", ""), bytes)(answer.data)
        seen.add(tuple(ATTRIBUTE.findall(body.decode())))
    (found,) = seen
    assert found
    assert outside(list(found)) == []


def test_what_lists_the_callbacks_holds_no_address(server: Flask) -> None:
    """It is kept once for all paths."""
    client = server.test_client()
    assert client.get("/_dash-dependencies").data == client.get(f"{ROOT}/_dash-dependencies").data


def test_uploads_reports_and_files_know_the_path(server: Flask) -> None:
    client = server.test_client()
    sent = {"data": '--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'}
    kind = {"content_type": "multipart/form-data; boundary=x"}
    for text, status in ((GOOD, 201), (SHORT, 422)):
        form = sent["data"] + text + "\r\n--x--\r\n"
        answer = client.post(f"{ROOT}/study", data=form, **kind, **HEADERS)
        assert answer.status_code == status
        assert outside(list(values(answer.get_json()))) == []
        body = answer.get_json() if status == 201 else answer.get_json()["draft"]
        assert client.get(body["url"]).status_code == 200
    study = client.post(
        f"{ROOT}/study", data=sent["data"] + GOOD + "\r\n--x--\r\n", **kind, **HEADERS
    )
    body = study.get_json()
    gone = client.delete(f"{ROOT}/study/{body['study']}", **with_key(body)).get_json()
    assert client.post(gone["undo"], **with_key(body)).status_code == 200
    for address in ("/study/e3a06/survival", f"{ROOT}/study/e3a06/survival"):
        asked = {"format": "html", "items": [{"address": address}]}
        (item,) = client.post(f"{ROOT}/report/check", json=asked, **HEADERS).get_json()["items"]
        assert item["problem"] is None
        assert client.get(item["figure"]).status_code == 200
    script = client.get(f"{ROOT}/study/e3a06/survival.py", base_url="https://smm.example")
    assert f"https://smm.example{ROOT}/study/e3a06/survival.data.csv" in script.get_data(
        as_text=True
    )
    numbers = client.get(f"{ROOT}/evidence.json").get_data()
    assert numbers == client.get("/evidence.json").get_data()  # what a program reads stays as it is
    assert json.loads(numbers)


@pytest.mark.parametrize(
    ("peer", "trusted", "told", "seen"),
    [
        ("127.0.0.1", ("127.0.0.0/8",), "/trials/smm/", "https://localhost/trials/smm/"),
        ("127.0.0.1", ("unix", "10.0.0.1"), "/trials", "http://localhost/"),
        ("", ("unix",), "/trials", "https://localhost/trials/"),
        ("", ("127.0.0.1",), "/trials", "http://localhost/"),
        ("127.0.0.1", ("127.0.0.1",), "//evil.example", "https://localhost/"),
        ("127.0.0.1", ("127.0.0.1",), '/x"onload="', "https://localhost/"),
    ],
)
def test_only_named_proxies_are_believed(
    peer: str, trusted: tuple[str, ...], told: str, seen: str
) -> None:
    server = Flask("plain")
    proxy.register(server, Settings(trusted_proxies=trusted))
    server.add_url_rule("/where", "where", lambda: flask.request.url_root)
    answer = server.test_client().get(
        "/where",
        headers={"X-Forwarded-Prefix": told, "X-Forwarded-Proto": "https"},
        environ_base={"REMOTE_ADDR": peer},
    )
    assert answer.get_data(as_text=True) == seen


@pytest.mark.parametrize(("peer", "who"), [("127.0.0.1", "ann"), ("127.0.0.2", "None")])
def test_who_signed_in_is_told_by_named_proxies_only(peer: str, who: str) -> None:
    server = Flask("plain")
    proxy.register(server, Settings(trusted_proxies=("127.0.0.1",), user_header="X-Remote-User"))
    server.add_url_rule("/who", "who", lambda: str(flask.request.remote_user))
    answer = server.test_client().get(
        "/who", headers={"X-Remote-User": "ann"}, environ_base={"REMOTE_ADDR": peer}
    )
    assert answer.get_data(as_text=True) == who


@pytest.mark.parametrize("told", ["http://[", "http://[::1", "//]/study", "http://[evil]/"])
def test_a_referrer_that_is_no_address_opens_an_empty_page(server: Flask, told: str) -> None:
    assert proxy.address_parts(told).netloc == ""
    answer = server.test_client().get("/_dash-layout", headers={"Referer": told})
    assert answer.status_code == 200


def test_an_address_is_told_by_its_parts() -> None:
    parts = proxy.address_parts("https://[::1]:8050/study/e3a06?endpoint=OS")
    assert (parts.netloc, parts.path, parts.query) == ("[::1]:8050", "/study/e3a06", "endpoint=OS")
