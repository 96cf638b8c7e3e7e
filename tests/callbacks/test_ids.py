"""Every callback names parts that some page has, and properties that these have.

Dash would check this in the browser against a copy of every page that comes with each of them;
here it is checked once. Oracle: the pages themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dash import Dash, Input, Output, dcc
from dash.development.base_component import Component

from callbacks import pages, routing
from callbacks.dash_app import create_app
from components.mapping import layout as mapping_layout
from services.pages.mapping.records import MappingPage, Problem, TableChoices
from services.settings import Settings
from services.studies import Catalogue
from tests.studies import bundled

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
