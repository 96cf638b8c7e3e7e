"""What was changed, in words. Oracle: the sentences a reader would say."""

from __future__ import annotations

from typing import Any

import pytest

from services.compare.changes import changes
from services.pages.safety.page import safety_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled

FLT = "start of first-line treatment of myeloma"
GIVEN = "censored at " + FLT + " instead of as given"


def said(make: Any, a: str, b: str, study: str = "aquila", other: str = "") -> list[str]:
    pages = make(bundled(study), decode(a)), make(bundled(other or study), decode(b))
    return [change.words for change in changes(*pages)]


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
            "", "tau=24",
            ["time limit of the mean “24” instead of the usual time limit of the mean"],
        ),
    ],
)  # fmt: skip
def test_survival(a: str, b: str, words: list[str]) -> None:
    assert said(survival_page, a, b) == words


def test_other_pages_and_other_studies() -> None:
    assert said(safety_page, "", "grade=severe") == ["grade “severe” instead of grade “any”"]
    assert said(subgroups_page, "", "", "e3a06", "aquila") == ["AQUILA instead of E3A06"]
