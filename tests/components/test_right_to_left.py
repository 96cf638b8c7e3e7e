"""Names written from right to left are isolated wherever a page composes text of them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from components.benefit_risk import layout as benefit_risk_layout
from components.patient import layout as patient_layout
from components.risk_models import layout as risk_models_layout
from components.safety import layout as safety_layout
from components.subgroups import layout as subgroups_layout
from components.survival import layout as survival_layout
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.patient.page import patient_page
from services.pages.risk_models.page import risk_models_page
from services.pages.safety.page import safety_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.reading import build as reading_build
from services.study.model import Study
from services.views.study import decode
from tests.adverse_events import ADAE, ADSL, ADTTE, table

ARMS = ("ايه", "עברית")
_LETTER = re.compile("[\u0590-\u08ff]")
_ALONE = re.compile("\u2068[^\u2069]*\u2069")


def named(*arms: str) -> Study:
    drug, placebo = arms or ARMS
    adsl, adtte = (t.replace("Drug", drug).replace("Placebo", placebo) for t in (ADSL, ADTTE))
    files = table(adsl, "adsl.csv"), table(adtte, "adtte.csv"), table(ADAE, "adae.csv")
    return reading_build.build(*files, id="own")


FILES = ("csv", "json", "py", "R", "figure.json")


@pytest.mark.parametrize(
    ("make", "component", "query", "heights"),
    [
        (survival_page, survival_layout, "", 1),
        (survival_page, survival_layout, "?plot=hazards", 1),
        (survival_page, survival_layout, "?plot=means", 1),
        (survival_page, survival_layout, "?facet=SEX", 1),
        (subgroups_page, subgroups_layout, "", 2),
        (subgroups_page, subgroups_layout, "?row=SEX:F", 2),
        (safety_page, safety_layout, "?section=grades", 1),
        (safety_page, safety_layout, "?section=time", 1),
        (safety_page, safety_layout, "?effect=ratio", 1),
        (benefit_risk_page, benefit_risk_layout, "", 1),
        (risk_models_page, risk_models_layout, "", 2),
        (patient_page, patient_layout, "?id=S1", 1),
    ],
)
def test_a_name_stands_alone_or_isolated(
    make: Any, component: Any, query: str, heights: int
) -> None:
    parts = component.words(make(named(), decode(query)), FILES, *[100] * heights)["html"]
    written = " ".join(parts.values())
    assert any(arm in written for arm in ARMS)
    found = re.findall(r'>([^<]+)<|="([^"]*)"', written)
    texts = [unescape(text) for pair in found for text in pair]
    loose = [t for t in texts if _LETTER.search(_ALONE.sub("", t)) and t.strip() not in ARMS]
    assert loose == []


@pytest.mark.parametrize(
    ("make", "component", "query"),
    [
        (survival_page, survival_layout, ""),
        (safety_page, safety_layout, ""),
        (patient_page, patient_layout, "?id=S1"),
    ],
)
def test_no_name_turns_around_what_is_shown(make: Any, component: Any, query: str) -> None:
    page = make(named("Dr\u202eug", "Pla\u2067cebo"), decode(query))
    written = " ".join(component.words(page, FILES, 100)["html"].values())
    notes = component.image(page)["layout"]["annotations"]
    for shown in (written, *(note["text"] for note in notes)):
        assert not re.search("[\u202a-\u202e\u2066\u2067]", shown)
    assert "Drug" in written
