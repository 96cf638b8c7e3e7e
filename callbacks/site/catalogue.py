"""The first page: every study with what it is about, searched and sorted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callbacks.site_page import SitePage
from components.catalogue.layout import catalogue_layout, words
from services.pages.catalogue.export import catalogue_csv, catalogue_json
from services.pages.catalogue.page import catalogue_page
from services.pages.catalogue.records import CataloguePage
from services.pages.survival.page import first_look
from services.studies import Catalogue
from services.views.site import CatalogueView


def page_of(catalogue: Catalogue, view: CatalogueView) -> CataloguePage:
    """The first page as a view asks for it."""
    studies = [catalogue.get(study_id) for study_id in catalogue.ids()]
    return catalogue_page(studies, view, first_look)


def view_from(
    _before: CatalogueView, controls: Mapping[str, Any]
) -> tuple[CatalogueView, dict[str, str]]:
    """The view as the controls have it."""
    return CatalogueView((controls["q"] or "")[:200], controls["order"]), {}


PAGE = SitePage(
    path="/",
    view=CatalogueView,
    make=page_of,
    layout=catalogue_layout,
    words=words,
    controls=("q", "order"),
    typed=("q",),
    values=lambda page: {"q": page.view.q, "order": page.view.order},
    view_from=view_from,
    name="Studies",
    whose="",
    files={
        "json": lambda catalogue, view: catalogue_json(page_of(catalogue, view)),
        "csv": lambda catalogue, view: catalogue_csv(page_of(catalogue, view)),
    },
    pinned=lambda _page: {},  # cards are no tables: those of its CSV
    rests_on=lambda page: (("Filters", f"Search: “{page.view.q}”" if page.view.q else "none"),),
    undrawn="The small curves on the cards are not in this file. Add a study’s survival page to the"
    " report to have its curves.",
)
