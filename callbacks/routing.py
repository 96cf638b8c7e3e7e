"""Which page an address opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from callbacks import (
    benefit_risk,
    data,
    evidence,
    mapping,
    methods,
    overview,
    patient,
    risk,
    risk_models,
    safety,
    subgroups,
    survival,
    upload,
)
from callbacks import catalogue as catalogue_page
from callbacks.context import explain, titles
from components.shell import frame, header, notice
from services.catalogue import Catalogue
from services.errors import UserError
from services.study import Study

Layout = Callable[[Study, str, Any], tuple[Any, Any]]

# One line per page of a study.
STUDY_LAYOUTS: dict[str, Layout] = {
    overview.PAGE: overview.layout,
    survival.PAGE: survival.layout,
    subgroups.PAGE: subgroups.layout,
    risk_models.PAGE: risk_models.layout,
    safety.PAGE: safety.layout,
    benefit_risk.PAGE: benefit_risk.layout,
    patient.PAGE: patient.layout,
    data.PAGE: data.layout,
}
# One line per page that belongs to no study.
SITE_LAYOUTS: dict[str, Callable[[str, Catalogue], tuple[Any, Any]]] = {
    evidence.PATH: lambda query, catalogue: evidence.layout(query, titles(catalogue)),
    risk.PATH: lambda query, catalogue: risk.layout(query, titles(catalogue)),
    methods.PATH: lambda _query, catalogue: methods.layout(catalogue),
}


def _opener(path: str, catalogue: Catalogue) -> Callable[[str], tuple[Any, Any]]:
    """What makes (header, content) of an address from its query.

    Raises
    ------
    UserError : there is no such page, or no such study or upload (status 404)
    """
    if path in ("", "/"):
        return lambda query: catalogue_page.layout(catalogue, query)
    uploads = catalogue.uploads
    uploaded = re.fullmatch(rf"{upload.PATH}(?:/([0-9a-f]+))?/?", path)
    if uploaded and uploads is not None:
        upload_id = uploaded[1]
        if upload_id is None:
            return lambda _query: upload.layout(catalogue, uploads)
        uploads.store.entry(upload_id)
        return lambda query: mapping.layout(catalogue, uploads.store, upload_id, query)
    site = SITE_LAYOUTS.get(path.rstrip("/"))
    if site is not None:
        return lambda query: site(query, catalogue)
    match = re.fullmatch(r"/study/([^/]+)(?:/([a-z-]+))?/?", path)
    if match and (match[2] or overview.PAGE) in STUDY_LAYOUTS:
        study_id, page = match[1], STUDY_LAYOUTS[match[2] or overview.PAGE]
        catalogue.check(study_id)
        return lambda query: page(catalogue.get(study_id), query, titles(catalogue))
    raise UserError(f"There is no page {path} here.", "Choose a study above.", status=404)


def missing(path: str, catalogue: Catalogue) -> UserError | None:
    """Why an address opens nothing (status 404), or ``None``. Reads no study."""
    try:
        _opener(path, catalogue)
    except UserError as problem:
        return problem
    return None


def page_for(path: str, query: str, catalogue: Catalogue) -> list[Any]:
    """A whole page for an address; a wrong one says so and links back."""
    try:
        head, content = _opener(path, catalogue)(query)
    except Exception as problem:
        error = explain(problem)
        head = header(titles(catalogue))
        content = html.Main(
            [
                notice("This page cannot be opened", error.message, error.hint, "error"),
                dcc.Link("All studies", href="/"),
            ],
            id="main",
            className="main alone",
        )
    return frame(head, content)


def every_page(catalogue: Catalogue) -> list[Any]:
    """One of each page, for Dash to check the callbacks' ids against."""
    first = catalogue.ids()[0]
    paths = ["/", *SITE_LAYOUTS, *(f"/study/{first}/{page}" for page in STUDY_LAYOUTS)]
    pages = [html.Div(list(_opener(path, catalogue)(""))) for path in paths]
    return [*pages, html.Div(list(mapping.blank()))]


def register(app: Dash, catalogue: Catalogue) -> None:
    """Fill the page when the path changes, unless the layout came with it already."""

    @app.callback(
        Output("page", "children"),
        Output("shown", "data"),
        Input("location", "pathname"),
        State("location", "search"),
        State("shown", "data"),
    )
    def route(path: str, query: str, shown: str) -> tuple[Any, Any]:
        if path == shown:
            return no_update, no_update
        return page_for(path, query or "", catalogue), path
