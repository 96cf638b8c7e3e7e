"""What pages beside the survival page are told of its numbers. Oracle: that page, whose estimates
are compared with R's."""

from __future__ import annotations

import pytest

from services.pages.subgroups.page import subgroups_page
from services.pages.survival.basis import basis_of
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import as_such

COUNT = "count=First-line+treatment+without+confirmed+progression"


@pytest.mark.parametrize(
    "query",
    [
        COUNT,
        f"{COUNT}&f.SEX=F",
        f"{COUNT}&f.AGE=60..75&strata=SEX&level=0.9",
        "endpoint=OS&ice=FLT:event&f.MAYO2018=High",
        "landmark=12",
        "landmark=12&known=TRTEDT",
        "landmark=0.5&f.SEX=M&unit=years",
    ],
)
def test_the_forest_says_of_reconsidered_times_what_the_curves_say(query: str) -> None:
    view = decode(f"?{query}")
    found = subgroups_page(as_such("aquila"), view).what_if
    assert found is not None
    assert found == survival_page(as_such("aquila"), view).what_if


@pytest.mark.parametrize(
    "query",
    [
        "",
        "f.SEX=F&strata=MAYO2018",
        "endpoint=OS&level=0.8",
        "f.AGE=200..300",
        "arms=Daratumumab",
    ],
)
def test_totals_alone_are_those_of_the_whole(query: str) -> None:
    study, view = as_such("aquila"), decode(f"?{query}")
    whole, bare = basis_of(study, view), basis_of(study, view, whole=False)
    assert bare.result is None
    assert (bare.totals, bare.leading) == (whole.totals, whole.leading)
    assert bare.provenance == whole.provenance
