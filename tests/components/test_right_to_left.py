"""Names written from right to left are isolated wherever a page composes text of them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from components import benefit_risk, patient, risk_models, safety, subgroups, survival
from services import adam
from services.analysis import survival_page
from services.benefit_risk import benefit_risk_page
from services.patient import patient_page
from services.risk_models import risk_models_page
from services.safety import safety_page
from services.study import Study
from services.subgroups_page import subgroups_page
from services.view import decode
from tests.services.test_safety import ADAE, ADSL, ADTTE, table

ARMS = ("ايه", "עברית")
_LETTER = re.compile("[\u0590-\u08ff]")
_ALONE = re.compile("\u2068[^\u2069]*\u2069")


def named() -> Study:
    adsl, adtte = (t.replace("Drug", ARMS[0]).replace("Placebo", ARMS[1]) for t in (ADSL, ADTTE))
    files = table(adsl, "adsl.csv"), table(adtte, "adtte.csv"), table(ADAE, "adae.csv")
    return adam.build(*files, id="own")


@pytest.mark.parametrize(
    ("make", "component", "query", "heights"),
    [
        (survival_page, survival, "", 1),
        (survival_page, survival, "?plot=hazards", 1),
        (survival_page, survival, "?plot=means", 1),
        (survival_page, survival, "?facet=SEX", 1),
        (subgroups_page, subgroups, "", 2),
        (subgroups_page, subgroups, "?row=SEX:F", 2),
        (safety_page, safety, "?section=grades", 1),
        (safety_page, safety, "?section=time", 1),
        (safety_page, safety, "?effect=ratio", 1),
        (benefit_risk_page, benefit_risk, "", 1),
        (risk_models_page, risk_models, "", 2),
        (patient_page, patient, "?id=S1", 1),
    ],
)
def test_a_name_stands_alone_or_isolated(
    make: Any, component: Any, query: str, heights: int
) -> None:
    parts = component.words(make(named(), decode(query)), *[100] * heights)["html"]
    written = " ".join(parts.values())
    assert any(arm in written for arm in ARMS)
    found = re.findall(r'>([^<]+)<|="([^"]*)"', written)
    texts = [unescape(text) for pair in found for text in pair]
    loose = [t for t in texts if _LETTER.search(_ALONE.sub("", t)) and t.strip() not in ARMS]
    assert loose == []
