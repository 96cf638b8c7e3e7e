"""Which page an address opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from dash import Dash, Input, Output, State, dcc, html, no_update

from callbacks import pages
from callbacks.context import explain
from callbacks.said import text
from callbacks.serving import proxy
from callbacks.site_page import SitePage
from callbacks.study_page import StudyPage
from components import page_notice
from components.shell import frame, header, notice, ways_on
from services.errors import UserError
from services.studies import Catalogue
from services.study.model import Study
from services.views.study import ASKS_TO_WAIT

Page = tuple[Any, Any]  # header, content


def _site_page(page: SitePage[Any, Any], query: str, catalogue: Catalogue) -> Page:
    content = page.open(catalogue, query)
    return _header(catalogue, site_page=page.path), content


def _study_page(page: StudyPage[Any], study_id: str, query: str, catalogue: Catalogue) -> Page:
    study = catalogue.get(study_id)
    link, content = page.open(study, query)
    tab = page.name if page.tab is None else page.tab
    head = _header(catalogue, study, tab, link.query, live=page.live and page.rail)
    return head, [*page_notice.place(link.problems), content]


def _header(catalogue: Catalogue, study: Study | None = None, *args: Any, **named: Any) -> Any:
    return header(pages.navigation(study), catalogue.titles(), study, *args, **named)


def _opener(path: str, catalogue: Catalogue) -> Callable[[str], Page]:
    """What makes (header, content) of an address from its query.

    Raises
    ------
    UserError : there is no such page, or no such study or upload (status 404)
    """
    site = pages.SITE.get(path.rstrip("/") or "/")
    if site is not None:
        return lambda query: _site_page(site, query, catalogue)
    uploaded = re.fullmatch(r"/upload/([0-9a-f]+)/?", path)
    if uploaded and catalogue.uploads is not None:
        store, upload_id = catalogue.uploads.store, uploaded[1]
        store.entry(upload_id)
        return lambda query: (
            _header(catalogue),
            pages.MAPPING.content(store, upload_id, query),
        )
    match = re.fullmatch(r"/study/([^/]+)(?:/([a-z-]+))?/?", path)
    page = pages.STUDY.get(match[2] or "") if match else None
    if match and page is not None:
        study_id = match[1]
        catalogue.check(study_id)
        return lambda query: _study_page(page, study_id, query, catalogue)
    if match:
        catalogue.check(match[1])
    raise UserError(
        f"There is no page {path} here.",
        "The address may contain a typo. Choose a study or a page.",
        status=404,
    )


def missing(path: str, catalogue: Catalogue) -> UserError | None:
    """Why an address opens nothing (status 404), or ``None``. Reads no study."""
    try:
        _opener(path, catalogue)
    except UserError as problem:
        return problem
    return None


def page_for(path: Any, query: Any, catalogue: Catalogue) -> list[Any]:
    """A whole page for an address as a browser tells it; a wrong one says so and links back."""
    return page_and_status(path, query, catalogue)[0]


def page_and_status(path: Any, query: Any, catalogue: Catalogue) -> tuple[list[Any], int]:
    """The same, and the status of its answer: 200, or that of what is wrong."""
    status = 200
    try:
        head, content = _opener(text(path), catalogue)(text(query))
    except Exception as problem:
        error = explain(problem)
        status = error.status
        head = _header(catalogue)
        if error.asks == ASKS_TO_WAIT:
            opened = f"{path}{query or '?'}{'&' if query else ''}wait=yes"
            told = [
                notice(
                    "This page has not been computed yet", error.message, error.hint, alone=True
                ),
                html.P(dcc.Link("Compute it", href=opened, className="main-button")),
            ]
        else:
            said = "This page cannot be opened"
            told = [notice(said, error.message, error.hint, "error", alone=True)]
        content = html.Main(
            [
                *told,
                *ways_on(pages.NAVIGATION, catalogue.titles()),
            ],
            id="main",
            className="main alone",
        )
    return frame(head, content), status


def register(app: Dash, catalogue: Catalogue) -> None:
    """Every page's callbacks and files; a page is filled when the path changes.

    The page that the browser opens first comes with the layout.
    """
    for page in pages.STUDY.values():
        page.register(app, catalogue)
    for site in pages.SITE.values():
        site.register(app, catalogue)
    pages.MAPPING.register(app, catalogue)

    @app.callback(
        Output("page", "children"),
        Output("shown", "data"),
        Input("location", "pathname"),
        State("location", "search"),
        State("shown", "data"),
    )
    def route(path: Any, query: Any, shown: Any) -> tuple[Any, Any]:
        # A browser has it as typed.
        here = proxy.inside(unquote(path)) if isinstance(path, str) else path
        if here == shown:
            return no_update, no_update
        return page_for(here, query, catalogue), here
