"""Addresses of the pages around the studies. Oracles: HTTP, and the services' own answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_server
from callbacks.routing import page_for
from callbacks.site import evidence
from services.settings import Settings
from tests.studies import site


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store: Path = tmp_path_factory.mktemp("store")
    return create_server(Settings(store_dir=store, browser=False))


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/study/e3a06.json", b'"baseline"'),
        ("/study/e3a06.csv", b"# Study: E3A06. Simulated patients"),
        ("/evidence.json", b"not randomized against each other"),
        ("/evidence.csv?drug=Anti-CD38+antibody", b"AQUILA"),
        ("/risk.json?bmpc=25&mprot=2.5&flcr=3", b'"High"'),
        ("/evidence.bib?drug=Anti-CD38+antibody", b"@article{dimopoulos2025,"),
        ("/evidence.ris", b"DO  - 10.1056/NEJMoa2409029"),
        ("/risk.csv", b"Mayo 2018"),
        ("/methods.json", b'"agrees": true'),
    ],
)
def test_numbers_for_programs(server: Any, path: str, part: bytes) -> None:
    answer = server.test_client().get(path)
    assert answer.status_code == 200
    assert part in answer.data


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/study/nowhere.json", 404),
        ("/study/e3a06.json?f.SEX=X", 422),
        ("/evidence.json?drug=Aspirin", 422),
        ("/evidence.csv?design=both", 422),
        ("/risk.json?bmpc=200", 422),
    ],
)
def test_what_is_wrong_is_said(server: Any, path: str, status: int) -> None:
    answer = server.test_client().get(path)
    assert answer.status_code == status
    assert answer.json["error"]["message"]
    assert answer.json["error"]["hint"]


@pytest.mark.parametrize(
    "path", ["/", "/evidence", "/risk", "/methods", "/study/e3a06", "/study/e3a06/", "/evidence/"]
)
def test_a_page_opens(server: Any, path: str) -> None:
    with server.test_request_context(path):
        assert "cannot be opened" not in str(page_for(path, "", site()))


@pytest.mark.parametrize("query", ["", "?q=dara", "?drug=Aspirin"])
def test_a_page_is_made_once_for_each_view_it_tries(query: str) -> None:
    made: list[Any] = []

    def make(catalogue: Any, view: Any) -> Any:
        made.append(view)
        return evidence.PAGE.make(catalogue, view)

    page = replace(evidence.PAGE, make=make)
    with Flask("test").test_request_context("/evidence"):
        page.open(site(), query)
    assert len(made) == len(set(made)) == (2 if "Aspirin" in query else 1)
