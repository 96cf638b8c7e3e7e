"""Which page an address opens, and that a wrong one says so."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import pytest
from dash import Dash
from flask import Flask

from callbacks import pages
from callbacks.dash_app import create_app
from callbacks.routing import page_for
from services.pages import cost
from services.settings import Settings
from tests.callbacks.client import Reader
from tests.components.text import text, walk
from tests.studies import site


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(browser=False, store_dir=tmp_path_factory.mktemp("store")))


def opened(app: Dash, path: str, query: str = "") -> Any:
    with app.server.test_request_context(path):
        return page_for(path, query, site())


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/study/e3a06/survival", "E3A06: lenalidomide or observation"),
        ("/study/e3a06/survival/", "E3A06: lenalidomide or observation"),
        ("/study/e3a06-run-in/survival", "E3A06"),
    ],
)
def test_a_page_has_one_heading(app: Dash, path: str, heading: str) -> None:
    page = opened(app, path)
    headings = [text(c) for c in walk(page) if getattr(c, "_type", "") == "H1"]
    assert len(headings) == 1
    assert headings[0].startswith(heading)


@pytest.mark.parametrize(
    ("path", "query", "message", "hint"),
    [
        ("/nope", "", "There is no page /nope here.", "Choose a study or a page."),
        ("/study/nope/survival", "", "There is no study “nope”.", "It may have been deleted"),
        ("/study/e3a06/nope", "", "There is no page /study/e3a06/nope here.", ""),
        ("/study/e3a06/survival/more", "", "There is no page", ""),
    ],
)
def test_a_wrong_address_says_so_and_leads_on(
    app: Dash, path: str, query: str, message: str, hint: str
) -> None:
    page = opened(app, path, query)
    said = text(page)
    assert "This page cannot be opened" in said
    assert message in said
    assert hint in said
    links = [getattr(c, "href", None) for c in walk(page)]
    assert "/" in links
    titles = {getattr(c, "href", None): text(c) for c in walk(page)}
    assert titles["/study/e3a06"].startswith("E3A06: lenalidomide or observation")
    # Studies are offered by their titles, never by an id.
    assert "e3a06-run-in" not in said


def test_our_mistakes_hide_their_details(
    app: Dash, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setitem(pages.STUDY, "survival", replace(pages.STUDY["survival"], make=broken))
    said = text(opened(app, "/study/e3a06/survival"))
    assert "Something went wrong on our side (error " in said
    assert "secret" not in said
    assert "secret" in caplog.text


def test_a_layout_comes_filled_in_for_the_page_that_asks(server: Flask) -> None:
    reader = Reader(server, "/study/e3a06/survival?endpoint=OS")
    assert reader.props["shown"]["data"] == "/study/e3a06/survival"
    assert reader.props["survival-endpoint"]["value"] == "OS"
    # Dash tells the path it is at when it starts: the page is there already.
    assert reader.change("location", "pathname", "/study/e3a06/survival") == {}


def test_a_link_inside_the_site_fills_the_page(server: Flask) -> None:
    reader = Reader(server, "/")
    reader.props["location"]["search"] = "?endpoint=OS"
    answer = reader.change("location", "pathname", "/study/e3a06/survival")
    assert answer["shown"]["data"] == "/study/e3a06/survival"
    assert '"survival-graph"' in str(answer["page"]["children"]).replace("'", '"')


def test_an_address_with_percents_is_the_one_it_stands_for(server: Flask) -> None:
    reader = Reader(server, "/study/%65%33a06/survival?endpoint=OS")
    assert reader.props["shown"]["data"] == "/study/e3a06/survival"
    assert reader.change("location", "pathname", "/study/%653a06/survival") == {}


@pytest.mark.parametrize("referrer", ["", "https://elsewhere.example/study/e3a06/survival"])
def test_another_sites_address_opens_nothing(server: Flask, referrer: str) -> None:
    headers = {"Referer": referrer} if referrer else {}
    layout = server.test_client().get("/_dash-layout", headers=headers)
    assert layout.status_code == 200
    assert "survival-graph" not in layout.text


def test_a_page_that_takes_long_is_offered_not_begun(
    server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "estimate", lambda *_: 44.0)
    client, address = server.test_client(), "/study/e3a06/survival?level=0.971"
    page = client.get(address)
    assert page.status_code == 422
    assert "This answer takes about 40 seconds" in page.text
    assert f'href="{escape(address)}&amp;wait=yes"' in page.text
    assert client.get(address.replace("?", ".json?")).json["error"]["hint"].startswith("To have")
    reader = Reader(server, "/study/e3a06/survival?endpoint=OS&wait=yes&level=0.972")
    assert reader.props["survival-endpoint"]["value"] == "OS"
    # Who has waited once is not asked again while they look at the same study.
    reader.change("survival-level", "value", "0.973")
    assert "wait=yes" in reader.props["survival-address"]["search"]
    assert "level=0.973" in reader.props["survival-address"]["search"]
