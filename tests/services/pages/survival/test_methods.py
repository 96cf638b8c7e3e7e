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
