"""What a trial's publications say beside its patients."""

from __future__ import annotations

import pytest

from services.pages.overview.page import overview_page
from services.study.model import Study
from services.views.study import View
from tests.studies import bundled


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled()


def test_headlines_are_the_published_ones(study: Study) -> None:
    first, second, high = overview_page(study, View()).headlines
    assert first.cited.text == "HR 0.28 (0.12 to 0.62); at 36 months 91% versus 66%"
    assert second.cited.text == "HR 0.46 (0.08 to 2.53); 2 versus 4 deaths"
    # Hematology 2021(1):673-681, Table 1
    assert high.cited.text == "HR 0.09 (0.02 to 0.44); 56 patients"
    assert first.cited.sources[0].link == "https://doi.org/10.1200/JCO.19.01740"
