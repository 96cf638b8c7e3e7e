"""The methods of a view as a manuscript tells them. Oracle: the settings of the view."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.methods.page import METHODS
from services.pages.paragraph import _TEXTS, versions
from services.pages.records import Methods
from services.pages.risk_models.page import risk_models_page
from services.pages.safety.page import safety_page
from services.pages.states.page import states_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled


def told(query: str, study: str = "e3a06", make: Any = survival_page) -> Methods:
    found: Methods = make(bundled(study), decode(query)).methods
    return found


@pytest.mark.parametrize(
    ("query", "study", "said"),
    [
        ("", "e3a06", ["all 182 patients, by assigned arm", "intervals on the log-log scale",
                       "Lenalidomide was compared with observation", "without stratification",
                       "MOVER", "The patients are simulated"]),
        ("f.SEX=F&strata=TSDIAGGR&ci=plain&level=0.9", "e3a06",
         ["89 of 182 patients (female)", "90% confidence intervals without transformation",
          "stratified by Time since diagnosis; unstratified", "normal limits"]),
        ("facet=SEX", "e3a06", ["within each level of sex"]),
        ("plot=hazards", "e3a06",
         ["natural cubic spline", "Proportional hazards were examined by the score test",
          "before and after 24 months was examined by a Wald test"]),
        ("tau=24", "e3a06", ["restricted mean time to 24 months (Royston"]),
        ("", "quiredex", ["Aalen-Johansen", "death competing", "Gray's test (Gray 1988)",
                          "cause-specific hazard ratio"]),
        ("", "mgus2", ["Aalen-Johansen", "for all 1,384 patients by the"]),
        ("", "e3a06-run-in", ["all 44 patients was estimated", "Restricted mean time"]),
    ],
)  # fmt: skip
def test_the_paragraph_follows_the_settings(query: str, study: str, said: list[str]) -> None:
    text = told(query, study).text
    for words in said:
        assert words in text
    assert f"SMM Outcomes {dict(versions())['SMM Outcomes']}" in text


def test_mean_times_in_states_say_up_to_when() -> None:
    asked, usual = (told(query, "aquila", states_page).text for query in ("tau=24", ""))
    assert "are the areas below up to 24 months (the time set), with" in asked
    assert "up to 60 months (the latest usual time with 10 patients" in usual


def test_what_was_not_done_is_not_told() -> None:
    alone = told("", "e3a06-run-in")
    for words in ("Cox", "log-rank", "MOVER", "Gray", "P-values"):
        assert words not in alone.text + alone.footnote
    real = told("", "mgus2")
    assert "simulated" not in real.text
    assert "Gray" not in real.text
    assert told("f.AGE=1..2").text == "", "nothing was estimated of nobody"


@pytest.mark.parametrize("make", [survival_page, subgroups_page, risk_models_page, safety_page,
                                  benefit_risk_page, states_page])  # fmt: skip
def test_every_source_named_stands_in_full_and_no_blank_is_left(make: Any) -> None:
    found = told("", "aquila", make)
    assert not re.search(r"[{}@]|\(at\)", found.text + found.footnote)
    assert found.footnote.startswith("AQUILA. Simulated patients.")
    known = {s["short"]: (s["full"], s["doi"]) for s in _TEXTS["references"].values()}
    named = [short for short in known if short in found.text]
    assert {known[short][0] for short in named} == {text for text, _ in found.references}
    assert found.whole.count("https://doi.org/") == sum(bool(known[short][1]) for short in named)


def test_sources_are_those_of_the_page_on_methods() -> None:
    links = {method.link for method in METHODS if method.link}
    ours = [s for s in _TEXTS["references"].values() if s["doi"]]
    others = {s["short"] for s in ours if f"https://doi.org/{s['doi']}" not in links}
    assert others == {"Efron 1977"}
    used = {name for text in _TEXTS["sentences"].values() for name in re.findall(r"@(\w+)", text)}
    assert used == {*_TEXTS["references"]}
