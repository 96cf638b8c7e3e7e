"""On simulated studies what was published leads, and what was made up never does.

Oracle: the evidence files, and the words themselves: no interval, ratio or number needed in a
sentence about what no publication gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from services.evidence import load as evidence
from services.pages.benefit_risk.export import benefit_risk_csv, benefit_risk_json
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.risk_models.export import risk_models_csv, risk_models_json
from services.pages.risk_models.page import risk_models_page
from services.pages.safety.export import safety_csv, safety_json
from services.pages.safety.page import safety_page
from services.pages.subgroups.export import subgroups_csv, subgroups_json
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.export import survival_csv, survival_json
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.study.population import filter_columns
from services.views.study import View, decode
from tests.studies import as_such, bundled, site

PAGES: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., str]]] = {
    "survival": (survival_page, survival_json, survival_csv),
    "subgroups": (subgroups_page, subgroups_json, subgroups_csv),
    "risk-models": (risk_models_page, risk_models_json, risk_models_csv),
    "safety": (safety_page, safety_json, safety_csv),
    "benefit-risk": (benefit_risk_page, benefit_risk_json, benefit_risk_csv),
}
SIMULATED = ["e3a06", "e3a06-run-in", "aquila", "quiredex"]
NONE = "The publications read for this site report no "
RESULT = re.compile(r"\bHR\b|\bCI\b|\d%|hazard ratio|points|needed|interaction p|favor")


def views(study: Study) -> list[str]:
    """Each endpoint, a filter, plots and strata."""
    column = next(c for c in filter_columns(study) if c.kind == "categorical")
    chosen = f"f.{column.name}={column.levels[0]}"
    ids = [f"endpoint={e.id}" for e in study.endpoints]
    return ["", chosen, "plot=types", "plot=hazards", f"strata={column.name}", *ids]


def test_no_simulated_study_is_left_out() -> None:
    assert sorted(SIMULATED) == sorted(i for i in site().ids() if bundled(i).kind == "simulated")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("study_id", SIMULATED)
def test_what_is_made_up_never_leads(study_id: str, name: str) -> None:
    study = bundled(study_id)
    make, to_json, to_csv = PAGES[name]
    for query in views(study):
        page = make(study, decode(query))
        body = json.loads(json.dumps(to_json(page)))
        assert [item["text"] for item in body["headlines"]] == [
            item.cited.text for item in page.headlines
        ]
        if page.made_up is None:
            assert body["made_up"] is None
            continue
        assert body["made_up"]["sentence"] == page.made_up.sentence
        said = page.answer.removesuffix(page.made_up.sentence.split("; ")[-1])
        if name != "benefit-risk" or "benefit" in page.made_up.what:
            assert not RESULT.search(f"{said} {page.answer_detail}"), (query, page.answer)
        assert ("Made up", page.made_up.what[:1].upper() + page.made_up.what[1:]) in page.provenance
        if page.answer:
            assert f"# Made up: {page.made_up.what[:1].upper()}" in to_csv(page), query


@pytest.mark.parametrize("study_id", SIMULATED)
def test_a_number_needed_rests_on_published_outcomes_only(study_id: str) -> None:
    for query in views(bundled(study_id)):
        page = benefit_risk_page(bundled(study_id), decode(query))
        harm = next((o for o in page.outcomes if o.id == "harm"), None)
        if page.made_up is not None and harm is not None:
            assert harm.number_needed is None or harm.number_needed.estimate is None
            assert "adverse event (" not in page.answer


def test_a_published_subgroup_leads_and_its_filter_may_speak() -> None:
    """Hematology 2021(1):673-681, Table 1: high risk by Mayo 2018, HR 0.09 (0.02 to 0.44)."""
    forest = subgroups_page(bundled(), View())
    assert [h.cited.text for h in forest.headlines] == ["HR 0.09 (0.02 to 0.44); 56 patients"]
    assert forest.answer == (
        "The publications read for this site report only the subgroup result above; the other"
        " subgroups are made up to illustrate the page."
    )
    high = survival_page(bundled(), decode("f.MAYO2018=High"))
    assert high.made_up is None
    assert "HR 0.09 (95% CI 0.02 to 0.44)" in high.answer
    safety = safety_page(bundled(), View())
    assert safety.published
    assert safety.answer == (
        f"{NONE}adverse-event data for observation; what follows, but for counts given as"
        " published, is made up to illustrate the page."
    )
    low = survival_page(bundled(), decode("f.MAYO2018=Low"))
    assert low.answer == (
        f"{NONE}result for these patients; what follows is made up to illustrate the page."
    )


def test_strata_that_were_made_up_are_said_beside_the_answer() -> None:
    made = survival_page(bundled("aquila"), decode("strata=AGEGR1"))
    assert made.answer_detail.endswith(
        "Age group is made up here: the publications read for this site do not give it."
    )
    assert "made up" not in survival_page(bundled(), decode("strata=TSDIAGGR")).answer_detail
    assert "made up" not in survival_page(bundled(), decode("facet=MAYO2018")).answer_detail


def test_other_patients_speak_for_themselves() -> None:
    for study in (as_such(), bundled("mgus2")):
        page = survival_page(study, View())
        assert page.made_up is None
        assert page.headlines == ()
        assert page.answer


@pytest.mark.parametrize("study_id", SIMULATED)
def test_the_setting_agrees_with_the_evidence(study_id: str) -> None:
    """What ``study.toml`` calls published has a figure in the trial's evidence file."""
    study = bundled(study_id)
    trial = evidence.for_study(study_id)
    assert trial is not None
    link = trial.link(study_id)
    known = study.metadata.calibrated
    kinds = {trial.endpoint(e).kind for e in link.endpoints}
    kinds |= {"SPM"} if trial.second_malignancies else set()
    if study_id == "aquila":
        kinds |= {"FLT"}  # "first_line", of no kind of its own
    assert set(known.endpoints) <= kinds
    assert sum(len(levels) for _, levels in known.subgroups) == len(trial.subgroups) * (
        study_id == "e3a06"
    )
    severe = {e.arm for e in trial.adverse_events if e.grades[:1] in "345"}
    roles = {trial.arm(arm).role for arm in severe & set(link.arms)}
    arms = {a.name: a.role for a in study.arms}
    assert {arms[name] for name in known.severe_events} <= roles


@pytest.mark.parametrize("study_id", ["aquila", "e3a06", "quiredex", "e3a06-run-in"])
def test_a_page_says_once_what_is_made_up(study_id: str) -> None:
    """A page of risk models rests on a forest, which says it of itself."""
    page = risk_models_page(bundled(study_id), decode("?strata=SEX"))
    assert [label for label, _ in page.provenance].count("Made up") == 1


@pytest.mark.parametrize("query", ["", "endpoint=OS"])
def test_what_was_reported_in_words_is_not_said_to_be_unpublished(query: str) -> None:
    """aquila.yaml: "consistent across subgroups ... no subgroup figure was found"."""
    aquila = bundled("aquila")
    for make in (subgroups_page, risk_models_page):
        assert make(aquila, decode(query)).answer.startswith(NONE), make
    assert survival_page(aquila, decode(f"{query}&f.SEX=F")).answer.startswith(NONE)
    quiredex = subgroups_page(bundled("quiredex"), decode(query))
    assert quiredex.answer.startswith(f"{NONE}subgroup results")


def test_counts_of_serious_events_may_be_published_elsewhere() -> None:
    page = safety_page(bundled("aquila"), decode("only=serious"))
    assert page.answer == (
        "The publications read for this site report no count of serious adverse events; what "
        "follows, but for counts given as published, is made up to illustrate the page."
    )
    e3a06 = safety_page(bundled(), decode("only=serious"))
    assert e3a06.answer.startswith(f"{NONE}adverse-event data for observation")
