"""How a view's chart was made is said wherever it goes."""

from __future__ import annotations

import io
import json

import pytest

from components.survival.layout import image
from services.pages.survival import export
from tests.services.pages.survival.views import method, page


@pytest.mark.parametrize("query", ["?plot=types", "?plot=hazards", "?plot=means", "?facet=SEX"])
def test_image_and_csv_name_the_method_of_the_view(query: str) -> None:
    made = page(query)
    drawn = json.dumps(image(made))
    head = export.survival_csv(made)
    assert method(made) != method(page(""))
    assert method(made).split()[-1] in drawn
    assert f"# Curves: {method(made)}" in head
    assert io.StringIO(export.patients_csv(made)).getvalue().count("# Curves: ") == 1


def test_strata_that_all_patients_share_are_none() -> None:
    shared = page("?strata=SEX&f.SEX=F&adjust=AGE")
    assert "log-rank test (Mantel 1966; Peto and Peto 1972), without strat" in shared.methods.text
    said = dict(shared.provenance)
    assert "strata: none (Sex the same in all patients);" in said["Comparison"]
    assert "Cox's model, unstratified;" in said["P-values"]
    assert "within the strata" not in json.dumps(export.survival_json(shared))
    both = page("?strata=SEX,AGEGR1&f.SEX=F")
    assert "stratified by Age group; unstratified results" in both.methods.text
