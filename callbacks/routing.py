"""Which page an address opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
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
from components import page_notice
from components.shell import frame, header, notice
from services.analysis import survival_page
from services.benefit_risk import benefit_risk_page
from services.catalogue import Catalogue
from services.errors import UserError
from services.evidence_page import evidence_page
from services.overview import overview_page
from services.patient import patient_page
from services.risk_models import risk_models_page
from services.risk_page import risk_page
from services.safety import safety_page
from services.site_view_records import CatalogueView, EvidenceView, RiskView
from services.study import Study
from services.subgroups_page import subgroups_page
from services.view import View
from services.views.link import Link, site_link, study_link

Page = tuple[Any, Any]  # header, content
Layout = Callable[[Study, Link[View], Any], Page]

# One line per page of a study: its layout, and what shows a view or refuses it.
STUDY_LAYOUTS: dict[str, tuple[Layout, Callable[[Study, View], Any]]] = {
    overview.PAGE: (overview.layout, overview_page),
    survival.PAGE: (survival.layout, survival_page),
    subgroups.PAGE: (subgroups.layout, subgroups_page),
    risk_models.PAGE: (risk_models.layout, risk_models_page),
    safety.PAGE: (safety.layout, safety_page),
    benefit_risk.PAGE: (benefit_risk.layout, benefit_risk_page),
    patient.PAGE: (patient.layout, patient_page),
    data.PAGE: (data.layout, lambda _study, view: view),
}


def _evidence(query: str, catalogue: Catalogue) -> Page:
    link = site_link(EvidenceView, query, evidence_page)
    return _said(link, evidence.layout(link, titles(catalogue)))


def _risk(query: str, catalogue: Catalogue) -> Page:
    link = site_link(RiskView, query, risk_page)
    return _said(link, risk.layout(link, titles(catalogue)))


# One line per page that belongs to no study.
SITE_LAYOUTS: dict[str, Callable[[str, Catalogue], Page]] = {
    evidence.PATH: _evidence,
    risk.PATH: _risk,
    methods.PATH: lambda _query, catalogue: methods.layout(catalogue),
}


def _said(link: Link[Any], made: Page) -> Page:
    """A page under what of its link cannot be used."""
    head, content = made
    return head, [*page_notice.place(link.problems), content]


def _catalogue(catalogue: Catalogue, query: str) -> Page:
    link = site_link(CatalogueView, query, partial(catalogue_page.page_of, catalogue))
    return _said(link, catalogue_page.layout(catalogue, link))


def _study_page(study: Study, name: str, query: str, catalogue: Catalogue) -> Page:
    layout, make = STUDY_LAYOUTS[name]
    link = study_link(query, partial(make, study))
    return _said(link, layout(study, link, titles(catalogue)))


def _opener(path: str, catalogue: Catalogue) -> Callable[[str], Page]:
    """What makes (header, content) of an address from its query.

    Raises
    ------
    UserError : there is no such page, or no such study or upload (status 404)
    """
    if path in ("", "/"):
        return lambda query: _catalogue(catalogue, query)
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
        study_id, name = match[1], match[2] or overview.PAGE
        catalogue.check(study_id)
        return lambda query: _study_page(catalogue.get(study_id), name, query, catalogue)
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
    made = [_opener(path, catalogue)("") for path in paths]
    pages = [html.Div([head, html.Div(content)]) for head, content in made]
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
