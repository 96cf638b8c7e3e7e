"""The first page: every study with what it is about, searched and sorted."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import Dash, Input, Output, ctx, no_update

from callbacks.context import explain, titles
from components import page_notice
from components.catalogue import catalogue_layout, words
from services.catalogue import Catalogue
from services.catalogue_page import catalogue_page
from services.catalogue_page_records import CataloguePage
from services.site_view_records import CatalogueView, encode_site
from services.views.link import Link, site_link


def layout(catalogue: Catalogue, link: Link[CatalogueView]) -> tuple[Any, Any]:
    """Header and content of the catalogue."""
    page = page_of(catalogue, link.view)
    return catalogue_layout(page, titles(catalogue), link.query)


def page_of(catalogue: Catalogue, view: CatalogueView) -> CataloguePage:
    """The first page as a view asks for it."""
    return catalogue_page([catalogue.get(study_id) for study_id in catalogue.ids()], view)


def register(app: Dash, catalogue: Catalogue) -> None:
    """Search and order answer at once, and stand in the address."""

    @app.callback(
        output={
            "island": Output("catalogue-island", "data"),
            "search": Output("catalogue-address", "search"),
            "q": Output("catalogue-q", "value"),
            "order": Output("catalogue-order", "value"),
        },
        inputs={
            "search": Input("catalogue-address", "search"),
            "q": Input("catalogue-q", "value"),
            "order": Input("catalogue-order", "value"),
        },
        prevent_initial_call=True,
    )
    def update(search: str, q: str, order: str) -> dict[str, Any]:
        typing = ctx.triggered_id == "catalogue-q"
        try:
            link = site_link(CatalogueView, search or "", partial(page_of, catalogue))
            view = link.view
            if ctx.triggered_id != "catalogue-address":
                view = CatalogueView((q or "")[:200], order)
            return {
                "island": page_notice.above(
                    words(page_of(catalogue, view)), link.problems if link.says(view) else ()
                ),
                "search": no_update if link.says(view) else encode_site(view),
                # What is being typed stays under the reader's fingers.
                "q": no_update if typing else view.q,
                "order": view.order,
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": page_notice.failure(error),
                "search": no_update,
                "q": no_update,
                "order": no_update,
            }
