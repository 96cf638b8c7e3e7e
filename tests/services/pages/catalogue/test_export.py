"""The first page's files. Oracle: its record, and counts made by hand."""

from __future__ import annotations

import csv

from services.pages.catalogue.export import catalogue_csv, catalogue_json
from services.pages.catalogue.page import catalogue_page
from services.pages.survival.page import first_look
from services.views.site import CatalogueView
from tests.studies import bundled


def test_json_and_csv_have_the_cards_that_match() -> None:
    studies = [bundled("e3a06"), bundled("aquila")]
    body, text = (
        make(catalogue_page(studies, CatalogueView(q="daratumumab"), first_look))
        for make in (catalogue_json, catalogue_csv)
    )
    assert isinstance(body, dict)
    assert isinstance(text, str)
    (study,) = body["studies"]
    assert (study["id"], study["n"], body["total"]) == ("aquila", 390, 2)
    assert study["arms"] == {"Daratumumab": 194, "Active monitoring": 196}
    note, *lines = text.splitlines()
    (row,) = csv.DictReader(lines)
    assert note == f"# {body['note']}"
    assert row["patients"] == "390"
    assert row["arms"] == "Daratumumab: 194; Active monitoring: 196"
    assert row["data"] == "Simulated patients"
    assert "HR" in row["published"]
    nothing = catalogue_page(studies, CatalogueView(q="zzz"), first_look)
    assert catalogue_csv(nothing).startswith("# No study matches.")
