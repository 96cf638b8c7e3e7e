"""The first page: every study with what it is about, searched and sorted."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, ctx, no_update

from callbacks.context import explain, titles
from components.catalogue import catalogue_layout, failure, words
from services.catalogue import Catalogue
from services.catalogue_page import catalogue_page
from services.catalogue_page_records import CataloguePage
from services.site_view_records import CatalogueView, decode_site, encode_site


def layout(catalogue: Catalogue, query: str = "") -> tuple[Any, Any]:
    """Header and content of the catalogue."""
    page = _page(catalogue, decode_site(CatalogueView, query))
    return catalogue_layout(page, titles(catalogue), query)


def _page(catalogue: Catalogue, view: CatalogueView) -> CataloguePage:
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
            asked = decode_site(CatalogueView, search or "")
            view = asked
            if ctx.triggered_id != "catalogue-address":
                view = CatalogueView((q or "")[:200], order)
            return {
                "island": words(_page(catalogue, view)),
                "search": no_update if view == asked else encode_site(view),
                # What is being typed stays under the reader's fingers.
                "q": no_update if typing else view.q,
                "order": view.order,
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": failure("This cannot be shown", error.message, error.hint),
                "search": no_update,
                "q": no_update,
                "order": no_update,
            }
