"""What was changed, in words. Oracle: the sentences a reader would say."""

from __future__ import annotations

from typing import Any

import pytest

from services import lists
from services.compare.changes import _OTHER, _USES, changes, uses
from services.compare.records import Side
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.risk_models.page import risk_models_page
from services.pages.safety.page import safety_page
from services.pages.states.page import states_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.settings import ROOT
from services.views.codec import codecs, defaults
from services.views.study import View, decode
from tests.studies import bundled

FLT = "start of first-line treatment of myeloma"
GIVEN = "censored at " + FLT + " instead of as given"


def said(make: Any, a: str, b: str, study: str = "aquila", other: str = "") -> list[str]:
    pages = make(bundled(study), decode(a)), make(bundled(other or study), decode(b))
    name = make.__name__.removesuffix("_page").replace("_", "-")
    sides = [Side(name, "", "", False, page, {}, {}, page) for page in pages]
    return [change.words for change in changes(*sides)]


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("", "", []),
        ("", "endpoint=PFS&unit=months&xmax=40", []),
        ("endpoint=OS", "endpoint=OS&ice=FLT:censor", [GIVEN]),
        (
            "endpoint=OS&ice=FLT:censor",
            "endpoint=OS&ice=FLT:event",
            [f"{FLT} counted as an event instead of censored at {FLT}"],
        ),
        ("", "endpoint=OS", ["overall survival instead of progression-free survival"]),
        ("", "strata=SEX", ["stratified by sex instead of unstratified"]),
        ("", "f.AGE=..65", ["age up to 65 years instead of all patients"]),
        ("", "landmark=12", ["times counted from month 12 instead of times from the start"]),
        # Small charts are compared within their factor, too: both are said, and no more.
        (
            "", "facet=SEX",
            [
                "stratified by sex instead of unstratified",
                "small charts by sex instead of one chart",
            ],
        ),
        ("strata=SEX", "facet=SEX", ["small charts by sex instead of one chart"]),
        (
            "cut=AGE:60/70&facet=AGE:60/70", "cut=AGE:60/71&facet=AGE:60/71",
            [f"{made} by age (cut at 60 and 71) instead of {made} by age (cut at 60 and 70)"
             for made in ("stratified", "small charts")],
        ),
        (
            "", "arms=Daratumumab,Active+monitoring",
            ["Daratumumab as the reference instead of Active monitoring as the reference"],
        ),
        (
            "", "arms=Daratumumab",
            ["Daratumumab alone instead of Daratumumab versus Active monitoring"],
        ),
        ("", "plot=means", ["time gained instead of curves"]),
        # Keys of other pages.
        ("", "by=SEX&q=fatigue&effect=odds&diff=12&shrink=yes&models=MAYO2018,MAYO2008", []),
        (
            "endpoint=OS&landmark=12", "endpoint=OS&landmark=12&known=FLT",
            [f"grouped by {FLT} by month 12 instead of grouped by arm"],
        ),
        ("", "adjust=SEX", ["adjusted for sex instead of unadjusted"]),
        ("unit=weeks", "", ["times in months instead of times in weeks"]),
        ("", "level=0.9", ["90% confidence instead of 95% confidence"]),
        (
            "",
            "count=Withdrew+consent",
            ["“Withdrew consent” counted as an event instead of as given"],
        ),
        ("at=12", "", ["shown at the usual times instead of shown at 12 months"]),
        (
            "", "tau=24", ["means up to 24 months instead of means up to the usual time"],
        ),
    ],
)  # fmt: skip
def test_survival(a: str, b: str, words: list[str]) -> None:
    assert said(survival_page, a, b) == words


def test_other_pages_and_other_studies() -> None:
    assert said(safety_page, "", "grade=severe") == ["grade 3 and higher instead of any grade"]
    assert said(risk_models_page, "", "models=MAYO2018,MAYO2008", "e3a06") == [
        "Mayo 2018 risk and Mayo 2008 risk instead of Mayo 2018 risk and IMWG 2020 risk with"
        " cytogenetics"
    ]
    assert said(subgroups_page, "", "", "e3a06", "aquila") == ["AQUILA instead of E3A06"]


def test_other_groups_and_other_terms_are_said() -> None:
    assert said(subgroups_page, "by=SEX", "by=AGEGR1,SEX") == [
        "subgroups by age group and sex instead of subgroups by sex"
    ]
    assert said(subgroups_page, "", "cut=AGE:60/70") == [
        "the usual subgroups and age (cut at 60 and 70) instead of the usual subgroups"
    ]
    assert said(safety_page, "q=fatigue", "q=rash&least=5") == [
        "terms in at least 5% of an arm instead of terms however rare",
        "terms with “rash” instead of terms with “fatigue”",
    ]


def test_what_another_key_leaves_no_part_is_not_said() -> None:
    assert said(safety_page, "", "at=12&term=Fatigue&timeplot=prevalence") == []
    assert said(safety_page, "section=time", "section=time&at=12&term=Fatigue") == [
        "shown at 12 months instead of shown at the usual times", "Fatigue instead of any event"
    ]  # fmt: skip
    assert said(survival_page, "plot=means", "plot=means&split=12&scale=hazard") == []


@pytest.mark.parametrize("make", [safety_page, benefit_risk_page, states_page])
def test_what_a_page_does_not_use_is_not_said(make: Any) -> None:
    unused = "strata=SEX&landmark=12&ice=FLT:censor&plot=means&adjust=SEX&tau=24"
    unused = unused.removesuffix("&tau=24") if make is states_page else unused
    assert said(make, "", unused) == []


def test_the_keys_of_a_page_are_those_of_a_view() -> None:
    assert {"survival", "subgroups", "safety", "benefit-risk", "states", "risk-models"} == set(
        _USES
    )
    for page in _USES:
        assert uses(page) <= set(codecs(View)), page


def test_every_key_of_an_address_has_its_words_or_changes_no_number() -> None:
    words = lists.beside(str(ROOT / "services" / "compare" / "changes.py"))
    for key in _OTHER:
        said = words["said"][key]
        empty = defaults(View)[key]
        if empty in (None, "", ()):
            assert said["usual"]
        assert "given" in said or len(said) > 1, key
    assert not set(words["said"]) - set(_OTHER)
