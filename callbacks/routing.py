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


def _build(path: str, query: str, catalogue: Catalogue) -> tuple[Any, Any]:
    """Header and content for an address; raises what is wrong with it."""
    match = re.fullmatch(r"/study/([^/]+)(?:/([a-z-]+))?/?", path)
    if path in ("", "/"):
        return catalogue_page.layout(catalogue, query)
    uploaded = re.fullmatch(rf"{upload.PATH}(?:/([0-9a-f]+))?/?", path)
    if uploaded and catalogue.uploads is not None:
        if uploaded[1] is None:
            return upload.layout(catalogue, catalogue.uploads)
        return mapping.layout(catalogue, catalogue.uploads.store, uploaded[1])
    if path.rstrip("/") in SITE_LAYOUTS:
        return SITE_LAYOUTS[path.rstrip("/")](query, catalogue)
    if match and (match[2] or overview.PAGE) in STUDY_LAYOUTS:
        study = catalogue.get(match[1])
        return STUDY_LAYOUTS[match[2] or overview.PAGE](study, query, titles(catalogue))
    raise UserError(f"There is no page {path} here.", "Choose a study above.", status=404)


def page_for(path: str, query: str, catalogue: Catalogue) -> list[Any]:
    """A whole page for an address; a wrong one says so and links back."""
    try:
        head, content = _build(path, query, catalogue)
    except Exception as problem:
        error = explain(problem)
        head = header(titles(catalogue))
        content = html.Main(
            [
                notice("This page cannot be opened", error.message, error.hint, "error"),
                dcc.Link("All studies", href="/"),
            ],
            className="main alone",
        )
    return frame(head, content)


def every_page(catalogue: Catalogue) -> list[Any]:
    """One of each page, for Dash to check the callbacks' ids against."""
    first = catalogue.ids()[0]
    paths = ["/", *SITE_LAYOUTS, *(f"/study/{first}/{page}" for page in STUDY_LAYOUTS)]
    pages = [html.Div(list(_build(path, "", catalogue))) for path in paths]
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
