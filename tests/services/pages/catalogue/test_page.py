"""The first page. Oracles: the studies themselves, the published facts, the survival page."""

from __future__ import annotations

import pytest

from services.pages.catalogue.page import SMALL_POINTS, catalogue_page
from services.pages.survival.page import first_look, survival_page
from services.study.model import Study
from services.views.site import CatalogueView
from services.views.study import View
from tests.studies import bundled, site


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    return [bundled(study_id) for study_id in site().ids()]


def ids(studies: list[Study], **view: str) -> list[str]:
    return [e.study.id for e in catalogue_page(studies, CatalogueView(**view), first_look).entries]


def test_every_study_has_a_card(studies: list[Study]) -> None:
    assert ids(studies) == [s.id for s in studies]


def test_search_wants_every_word(studies: list[Study]) -> None:
    assert ids(studies, q="daratumumab") == ["aquila"]
    assert set(ids(studies, q="LENALIDOMIDE")) == {"e3a06", "e3a06-run-in", "quiredex"}
    assert ids(studies, q="lenalidomide dexamethasone") == ["quiredex"]
    assert ids(studies, q="no such drug") == []


def test_order(studies: list[Study]) -> None:
    assert ids(studies, order="patients")[0] == "mgus2"
    # Of 184 months here and 12.5 years published.
    assert ids(studies, order="follow-up")[:2] == ["mgus2", "quiredex"]
    assert ids(studies, order="name")[0] == "aquila"


def test_a_card_tells_the_published_results(studies: list[Study]) -> None:
    cards = {e.study.id: e for e in catalogue_page(studies, CatalogueView(), first_look).entries}
    aquila = cards["aquila"]
    assert (aquila.n, aquila.follow_up) == (390, "65.2 months, published")
    assert aquila.headlines[0].cited.text == (
        "HR 0.49 (0.36 to 0.67); at 60 months 63.1% versus 40.8%"
    )
    high = cards["e3a06"].headlines[-1]
    assert high.label == "Progression-free survival (phase 3), high Mayo 2018 (20/2/20) risk"
    assert high.cited.about == f"E3A06: {high.label}, lenalidomide versus observation"
    assert cards["e3a06-run-in"].headlines[0].cited.text == "At 36 months 87%"
    cohort = cards["mgus2"]
    assert cohort.headlines == ()
    assert ("Patients", "1,384") in [(f.label, f.published.text) for f in cohort.figures]


def test_the_small_curve_is_the_pages_curve(studies: list[Study]) -> None:
    for entry in catalogue_page(studies, CatalogueView(), first_look).entries:
        page = survival_page(entry.study, View())
        assert page.result is not None
        drawn = {c.arm: (c.time.tolist(), c.survival.tolist()) for c in page.result.curves}
        if page.competing is not None:  # what leads there
            sides = page.competing.incidences
            drawn = {s.arm: (s.time.tolist(), s.causes[0].incidence.tolist()) for s in sides}
        for small in entry.curves:
            known = list(zip(*drawn[small.arm.name], strict=True))
            assert len(small.points) <= SMALL_POINTS
            assert small.points[-1] == known[-1]
            assert set(small.points) <= set(known)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("intermediate", ["e3a06", "e3a06-run-in"]),
        ("high risk", ["aquila", "e3a06", "e3a06-run-in", "quiredex"]),
        ("low risk", []),  # "low" stands in "follow", at no word's start
        ("Mayo 2018", ["e3a06"]),  # its published subgroup
    ],
)
def test_search_knows_whom_a_trial_enrolled(studies: list[Study], q: str, found: list[str]) -> None:
    """Oracle: the trials' entry criteria in data/evidence."""
    page = catalogue_page(studies, CatalogueView(q=q), first_look)
    assert [e.study.id for e in page.entries] == found
