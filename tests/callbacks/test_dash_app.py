"""The application as a whole: headers, two in one process, no side effects."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, Input, Output, dcc
from dash.development.base_component import Component
from flask import Flask

from app import create_server
from callbacks import pages, routing
from callbacks.dash_app import create_app
from components.mapping import layout as mapping_layout
from services.errors import UserError
from services.pages.mapping.records import MappingPage, Problem, TableChoices
from services.settings import Settings
from services.studies import Catalogue
from tests.callbacks.client import Reader
from tests.studies import bundled

ROOT = Path(__file__).resolve().parents[2]
INLINE = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("cookie", [None, "light", "dark", "<script>"])
@pytest.mark.parametrize("path", ["/", "/study/e3a06/survival?endpoint=OS", "/nope"])
def test_no_script_runs_but_our_own(server: Flask, path: str, cookie: str | None) -> None:
    client = server.test_client()
    if cookie:
        client.set_cookie("scheme", cookie)
    answer = client.get(path)
    policy = directives(answer.headers["Content-Security-Policy"])
    allowed = policy["script-src"]
    assert "'unsafe-inline'" not in allowed
    assert "'unsafe-eval'" not in allowed
    assert all(source == "'self'" or source.startswith("'sha256-") for source in allowed)
    scripts = [
        text
        for attributes, text in INLINE.findall(answer.text)
        if "src=" not in attributes and "application/json" not in attributes
    ]
    assert scripts, "Dash starts itself with an inline script"
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed, script[:80]


def test_nothing_is_fetched_from_elsewhere_or_framed(server: Flask) -> None:
    answer = server.test_client().get("/")
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == policy["connect-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'self'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    sources = re.findall(r'<(?:script|link|img)[^>]*? (?:src|href)="([^"]+)"', answer.text)
    assert sources
    assert all(re.match("/(?!/)|data:image/", source) for source in sources)


@pytest.mark.parametrize(
    ("cookie", "scheme"), [(None, "auto"), ("dark", "dark"), ("light", "light"), ("x'y", "auto")]
)
def test_the_index_is_in_the_readers_scheme_before_any_script(
    server: Flask, cookie: str | None, scheme: str
) -> None:
    client = server.test_client()
    if cookie:
        client.set_cookie("scheme", cookie)
    page = client.get("/").text
    assert f'<html lang="en" data-scheme="{scheme}" ' in page
    assert "<title>SMM Outcomes</title>" in page


@pytest.mark.parametrize(
    ("path", "when"), [("/study/e3a06/survival", "preload"), ("/methods", "prefetch")]
)
def test_what_draws_charts_is_asked_at_once_only_where_there_is_one(
    server: Flask, path: str, when: str
) -> None:
    """Browsers warn of each ``preload`` that a page does not use."""
    text = server.test_client().get(path).text
    assert re.findall(r'<link rel="(\w+)" href="[^"]*/async-graph.js', text) == [when]


def test_answers_are_compressed(server: Flask) -> None:
    headers = {"Accept-Encoding": "br, gzip", "Referer": "http://localhost/study/e3a06/survival"}
    answer = server.test_client().get("/_dash-layout", headers=headers)
    assert answer.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br;q=0", None), ("br;q=0, gzip", "gzip"),
        ("*;q=0", None), ("br;q=0.0, *", "gzip"), ("gzip;q=0", None), ("br;q=nan", None),
    ],
)  # fmt: skip
def test_no_answer_is_compressed_in_a_way_that_was_refused(
    server: Flask, accepted: str, sent: str | None
) -> None:
    """RFC 9110, 12.5.3: a weight of 0 means that it is not acceptable."""
    for address in ("/_dash-dependencies", "/study/e3a06/data.json", "/"):
        answer = server.test_client().get(address, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == sent


def test_a_page_that_fails_says_so_in_its_status(
    server: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(routing, "_study_page", fail)
    answer = server.test_client().get("/study/e3a06/survival?level=0.77")  # not kept
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "a fault of ours" in caplog.text


def test_two_applications_in_one_process_do_not_mix(server: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "adtte.csv").write_text(
        "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR\nS1,A,OS,10,DAYS,0\nS2,B,OS,20,DAYS,0\n"
    )
    other = create_server(Settings(studies=(folder,), browser=False, store_dir=tmp_path / "store"))
    assert other is not server
    assert "mine" in other.test_client().get("/studies.json").text
    assert '"mine"' not in server.test_client().get("/studies.json").text
    for one in (server, other):
        reader = Reader(one, "/study/e3a06/survival")
        reader.change("survival-endpoint", "value", "OS")
        assert reader.props["survival-address"]["search"] == "?endpoint=OS"
    mine = Reader(other, "/study/mine/survival")
    mine.change("survival-unit", "value", "days")
    assert mine.props["survival-address"]["search"] == "?unit=days"


@pytest.fixture(scope="module")
def fresh() -> dict[str, object]:
    """What importing ``app`` does in a process of its own."""
    script = """
import json, sys, threading
before = set(threading.enumerate())
import app
first = set(sys.modules)
from callbacks import dash_app
print(json.dumps({
    "threads": len(set(threading.enumerate()) - before),
    "early": sorted({"dash", "pandas", "numpy"} & first),
    "unused": sorted({"lifelines", "scipy"} & set(sys.modules)),
    "global": len(__import__("dash")._callback.GLOBAL_CALLBACK_LIST),
}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"SMM_PORT": "not a port"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


def test_importing_the_application_has_no_side_effects(fresh: dict[str, object]) -> None:
    """No settings read, no thread, no callback on Dash's global list."""
    assert fresh["threads"] == 0
    assert fresh["global"] == 0


def test_nothing_is_imported_before_it_is_needed(fresh: dict[str, object]) -> None:
    assert (fresh["early"], fresh["unused"]) == ([], [])


def test_a_study_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        create_server(Settings(studies=(tmp_path / "absent",), store_dir=tmp_path))


# Dash would check in the browser, against a copy of every page, that each callback names parts that
# some page has; here it is checked once. Oracle: the pages themselves.
UNREAD = MappingPage(
    "", True, (TableChoices("adtte", "", (), ()),), (), "", (), "", (), "", "",
    Problem(""), None, "",
)  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(browser=False, store_dir=tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def parts(app: Dash) -> dict[str, Component]:
    """The parts with an id of one page of each kind."""
    catalogue = Catalogue()
    study = bundled().id
    paths = [*pages.SITE, *(f"/study/{study}/{name}" for name in pages.STUDY)]
    with app.server.test_request_context("/"):
        made = [app.layout(), *(routing.page_for(path, "", catalogue) for path in paths)]
    made.append(mapping_layout.mapping_content(UNREAD))
    found = {}
    for page in made:
        for root in page if isinstance(page, list) else [page]:
            for part in (root, *root._traverse()):
                if isinstance(getattr(part, "id", None), str):
                    found[part.id] = part
    return found


def named(app: Dash) -> Iterator[tuple[str, str]]:
    """Id and property of every input, state and output of the app's callbacks."""
    for callback in app._callback_list:
        for ends in (callback["inputs"], callback["state"]):
            yield from ((end["id"], end["property"]) for end in ends)
        output = callback["output"]
        for end in output.strip(".").split("...") if output.startswith("..") else [output]:
            name, _, key = end.rpartition(".")
            yield name, key.partition("@")[0]


def wrong(app: Dash, parts: dict[str, Component]) -> list[str]:
    found = []
    for name, key in named(app):
        if name.startswith("{"):
            continue  # a pattern fits any number of parts, none too
        part = parts.get(name)
        if part is None:
            found.append(f"no page has #{name}")
        elif key not in part._prop_names and not key.startswith(("data-", "aria-")):
            found.append(f"#{name} is a {part._type}, which has no {key}")
    return found


def test_callbacks_name_what_is_there(app: Dash, parts: dict[str, Component]) -> None:
    assert len(list(named(app))) > 100
    assert wrong(app, parts) == []


def test_what_is_not_there_is_found(parts: dict[str, Component]) -> None:
    app = Dash("wrong")
    app.layout = dcc.Store(id="shown")

    @app.callback(Output("shown", "data"), Input("nowhere", "data"), Input("shown", "value"))
    def answer(*_: Any) -> None: ...

    app._setup_server()
    assert wrong(app, parts) == ["no page has #nowhere", "#shown is a Store, which has no value"]
