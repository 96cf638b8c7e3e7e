"""Study cards. Oracle: the record of the study."""

from __future__ import annotations

from components.catalogue import layout as catalogue_layout
from services.pages.catalogue.page import catalogue_page
from services.pages.survival.page import first_look
from services.studies import Catalogue
from services.views.site import CatalogueView


def test_the_small_curve_starts_at_the_top_and_ends_where_the_data_do() -> None:
    site = Catalogue()
    (entry,) = catalogue_page([site.get("e3a06")], CatalogueView(), first_look).entries
    picture = catalogue_layout.small_curve(entry, "light")
    assert picture.count("<path") == 3  # axes and two arms
    assert "M2.0 4.0" in picture
