"""What is refused before it costs anything. Oracle: what a browser sends, and what it cannot."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import flask
import pytest
from werkzeug.test import create_environ, run_wsgi_app

from callbacks.dash_app import create_server
from callbacks.serving.guards import MOST_BYTES, QUESTION, from_this_site, is_ours
from services.errors import UserError
from services.settings import Settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> flask.Flask:
    return create_server(Settings(browser=False, store_dir=tmp_path_factory.mktemp("store")))


@pytest.mark.parametrize(
    ("host", "settings", "ours"),
    [
        ("localhost:8050", {}, True),
        ("127.0.0.1:8050", {}, True),
        ("[::1]:8050", {}, True),
        ("192.168.1.7", {}, True),
        ("smm.localhost", {}, True),
        ("evil.example:8050", {}, False),
        ("localhost.evil.example", {}, False),
        ("", {}, False),
        ("clinic.example", {"host": "0.0.0.0"}, True),
        ("clinic.example", {"hosts": ("clinic.example",)}, True),
        ("CLINIC.example.:443", {"hosts": ("clinic.example",)}, True),
        ("10.0.0.1", {"hosts": ("clinic.example",)}, False),
        ("127.0.0.1:8050", {"hosts": ("clinic.example",)}, True),
    ],
)
def test_a_host_that_is_not_ours_is_told_from_ours(
    host: str, settings: dict[str, Any], ours: bool
) -> None:
    assert is_ours(host, Settings(**settings)) is ours


def test_another_host_gets_nothing(server: flask.Flask) -> None:
    client = server.test_client()
    for path in ("/", "/studies.json", "/study/e3a06/survival.json", QUESTION):
        answer = client.get(path, headers={"Host": "evil.example:8050"})
        assert answer.status_code == 421, path
        assert "SMM_HOSTS" in answer.json["error"]["hint"]  # type: ignore[index]


QUESTIONS: list[Any] = [
    None,
    [],
    "text",
    {},
    {"output": None},
    {"output": ["page.children"]},
    {"output": "nothing.children", "outputs": {"id": "nothing", "property": "children"}},
    {"output": "..page.children...shown.data.."},
    {"output": "..page.children...shown.data..", "inputs": "x", "outputs": "y", "state": 3},
    [[[[[[[[[[[[]]]]]]]]]]]],
    {
        "output": "..page.children...shown.data..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "shown", "property": "data"}],
        "inputs": [{"id": "other", "property": "pathname", "value": "/"}],
        "state": [],
    },
]


@pytest.mark.parametrize("body", QUESTIONS, ids=range(len(QUESTIONS)))
def test_what_dash_does_not_ask_is_refused_in_words(server: flask.Flask, body: Any) -> None:
    answer = server.test_client().post(QUESTION, json=body)
    assert answer.status_code == 400
    assert "no question" in answer.json["error"]["message"]  # type: ignore[index]


@pytest.mark.parametrize("bytes_", [b"[" * 50_000, b"\xff{}", b"9" * 5000, b"", b'{"a": 1'])
def test_what_is_no_json_is_no_question(server: flask.Flask, bytes_: bytes) -> None:
    answer = server.test_client().post(QUESTION, data=bytes_, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", [None, ["/"], 3, "/", "/study/nope"])
def test_a_page_is_asked_for_by_any_value(server: flask.Flask, path: Any) -> None:
    body = {
        "output": "..page.children...shown.data..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "shown", "property": "data"}],
        "inputs": [{"id": "location", "property": "pathname", "value": path}],
        "state": [
            {"id": "location", "property": "search", "value": path},
            {"id": "shown", "property": "data", "value": "-"},
        ],
        "changedPropIds": ["location.pathname"],
    }
    answer = server.test_client().post(QUESTION, json=body)
    assert answer.status_code == 200
    assert answer.json["response"]["shown"]["data"] == path  # type: ignore[index]


def test_a_large_body_is_refused_unread(server: flask.Flask) -> None:
    client = server.test_client()
    for path in (QUESTION, "/healthz", "/nope"):
        answer = client.post(path, data=b"x" * (MOST_BYTES + 1), content_type="application/json")
        assert answer.status_code in (400, 405, 413), path


def test_a_line_break_in_an_address_is_refused_in_words(server: flask.Flask) -> None:
    for query in (b"a,\r\n,b", b"a=\xed\xa0\x80", b"\xff"):
        for path in ("/", "/study/e3a06/states.R", "/nothing"):
            environ = create_environ(path)
            environ["QUERY_STRING"] = query.decode("latin-1")  # as a server hands it on
            body, status, _ = run_wsgi_app(server, environ, buffered=True)
            assert status.startswith("400 ")
            assert b"control character" in b"".join(body)


@pytest.mark.parametrize(("method", "path"), [("PUT", "/report"), ("PATCH", "/study/e3a06.json")])
def test_a_method_that_is_not_answered_is_said_in_words(
    server: flask.Flask, method: str, path: str
) -> None:
    answer = server.test_client().open(path, method=method)
    assert answer.status_code == 405
    assert answer.json["error"]["message"] == f"{method} is not what {path} answers."  # type: ignore[index]
    assert "GET" in answer.headers["Allow"]
    assert "PUT" not in answer.headers["Allow"]


def test_there_is_no_such_script(server: flask.Flask) -> None:
    answer = server.test_client().get("/_dash-component-suites/dash/x")
    assert answer.status_code == 404
    assert answer.json["error"]["message"] == "There is no such file here."  # type: ignore[index]


def test_answers_about_patients_are_kept_by_nobody(server: flask.Flask) -> None:
    client = server.test_client()
    secret = "0" * 32
    for path in (f"/study/{secret}/survival", f"/study/{secret}/data.csv", f"/upload/{secret}"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"
    assert client.get("/_dash-layout").headers["Cache-Control"] == "private, no-store"
    static = client.get("/").text.partition('src="/static/')[2].partition('"')[0]
    assert "immutable" in client.get(f"/static/{static}").headers["Cache-Control"]


def test_a_damaged_study_is_named_and_others_go_on(tmp_path: Path) -> None:
    client = create_server(Settings(browser=False, store_dir=tmp_path)).test_client()
    for name, content in (
        ("a" * 32, b"{"),
        ("b" * 32, b"[]"),
        ("c" * 32, b"\xff"),
        ("d" * 32, b""),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "entry.json").write_bytes(content)
    (tmp_path / ("e" * 32)).write_text("a file")
    (tmp_path / ("f" * 32)).symlink_to(tmp_path / ("f" * 32))
    answer = client.get(f"/study/{'a' * 32}/survival.json")
    assert answer.status_code == 410
    assert "damaged" in answer.json["error"]["message"]  # type: ignore[index]
    table = b"id,time,event,arm\n" + b"".join(
        b"%d,%d,%d,%s\n" % (i, 10 + i, i % 2, b"AB"[i % 2 : i % 2 + 1]) for i in range(20)
    )
    mapping = {
        "adtte": {"USUBJID": "ID", "AVAL": "TIME", "CNSR": "EVENT", "TRTP": "ARM"},
        "events": ["1"],
        "unit": "days",
    }
    sent = {"files": (io.BytesIO(table), "t.csv"), "mapping": json.dumps(mapping)}
    uploaded = client.post("/study", data=sent)
    assert uploaded.status_code == 201, uploaded.text


@pytest.mark.parametrize(
    ("origin", "hosts", "fine"),
    [
        ("http://smm.example", ("smm.example",), True),  # a proxy said it asks 127.0.0.1:8050
        ("http://smm.example:8080", ("smm.example",), True),
        ("http://evil.example", ("smm.example",), False),
        ("http://smm.example", (), False),
        ("null", ("smm.example",), False),
    ],
)
def test_a_page_behind_a_proxy_that_changes_the_host(
    origin: str, hosts: tuple[str, ...], fine: bool
) -> None:
    server = flask.Flask("origins")
    server.config["HOSTS"] = hosts
    headers = {"Host": "127.0.0.1:8050", "Origin": origin}
    with server.test_request_context("/study", method="POST", headers=headers):
        if fine:
            from_this_site()
        else:
            with pytest.raises(UserError, match="came from another site") as caught:
                from_this_site()
            assert "SMM_HOSTS" in caught.value.hint
