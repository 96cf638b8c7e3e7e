"""Study cards. Oracle: the record of the study."""

from __future__ import annotations

import re
from urllib.parse import quote

from components.catalogue import layout as catalogue_layout
from components.island import to_html
from components.theme import line_color
from services.pages.catalogue.page import catalogue_page
from services.pages.survival.page import first_look
from services.studies import Catalogue
from services.views.site import CatalogueView
from tests.studies import bundled


def test_the_small_curve_starts_at_the_top_and_ends_where_the_data_do() -> None:
    site = Catalogue()
    (entry,) = catalogue_page([site.get("e3a06")], CatalogueView(), first_look).entries
    picture = catalogue_layout.small_curve(entry, "light")
    assert picture.count("<path") == 3  # axes and two arms
    assert "M2.0 4.0" in picture


def test_every_curve_is_named_under_the_picture() -> None:
    """Oracle: the arms of the record; each behind a line of its own color and dashes."""
    studies = [bundled(name) for name in ("aquila", "e3a06", "mgus2")]
    page = catalogue_page(studies, CatalogueView(), first_look)
    found = to_html(catalogue_layout.cards(page))
    keys = re.findall('<span class="curve-key">(.*?)</span>', found)
    arms = [curve.arm for entry in page.entries for curve in entry.curves]
    assert [re.sub("<[^>]*>", "", key).strip() for key in keys] == [arm.name for arm in arms]
    for arm, key in zip(arms, keys, strict=True):
        assert quote(line_color(arm.color, "light")) in key
        assert ("stroke-dasharray" in key) == (arm.dash != "solid")
