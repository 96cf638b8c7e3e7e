"""Brand names in a search. Oracle: the labels of the drugs."""

from __future__ import annotations

import pytest

from services.pages import words
from services.pages.catalogue.page import catalogue_page
from services.pages.survival.page import first_look
from services.views.site import CatalogueView
from tests.studies import bundled


@pytest.mark.parametrize(
    ("typed", "generic"),
    [
        ("Revlimid", "lenalidomide"),
        ("DARZALEX", "daratumumab"),
        ("darzalex faspro", "daratumumab"),
        ("Imnovid", "pomalidomide"),
        ("Pomalyst", "pomalidomide"),
        ("Zometa", "zoledronic acid"),
        ("lenalidomide", "lenalidomide"),
        ("Revlimidia", "Revlimidia"),
    ],
)
def test_a_brand_stands_for_its_drug(typed: str, generic: str) -> None:
    assert words.generic_names(typed)[0] == generic


def test_the_first_page_finds_studies_by_brand_and_says_so() -> None:
    studies = [bundled(study_id) for study_id in ("e3a06", "aquila")]
    page = catalogue_page(studies, CatalogueView(q="darzalex"), first_look)
    assert [e.study.id for e in page.entries] == ["aquila"]
    assert page.taken == (("Darzalex", "daratumumab"),)
    same = catalogue_page(studies, CatalogueView(q="daratumumab"), first_look)
    assert [e.study.id for e in same.entries] == ["aquila"]
    assert same.taken == ()
