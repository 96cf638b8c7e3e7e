"""Whom trials enrolled. Oracle: ``enrolment.risk`` of the YAML files, sorted by hand."""

from __future__ import annotations

import csv

import pytest

from services.errors import UserError
from services.evidence.load import evidence
from services.pages.evidence import enrolled
from services.pages.evidence.export import evidence_csv, evidence_json
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView

MIXED = {"E3A06", "CENTAURUS"}  # intermediate or high


def acronyms(*risk: str) -> set[str]:
    return {t["acronym"] for t in evidence_json(EvidenceView(risk=risk))["trials"]}


def test_a_trial_of_several_groups_is_found_under_each() -> None:
    high, intermediate, low = acronyms("high"), acronyms("intermediate"), acronyms("low")
    assert high & intermediate >= MIXED
    assert not MIXED & low
    assert "AQUILA" in high - intermediate - low
    whole = {t.acronym for t in evidence().trials if t.enrolment.risk == "any"}
    assert len(whole) == 3
    assert whole <= high & intermediate & low
    assert acronyms("not stated") == {
        t.acronym for t in evidence().trials if t.enrolment.risk == "not stated"
    }
    assert acronyms("high", "intermediate") == high | intermediate


def test_links_with_a_population_of_the_files_still_open() -> None:
    assert acronyms("intermediate or high") == acronyms("high", "intermediate")
    assert evidence_page(EvidenceView(risk=("any",))).view.risk == ("high", "intermediate", "low")
    with pytest.raises(UserError, match="risk=severe") as caught:
        evidence_page(EvidenceView(risk=("severe",)))
    assert "intermediate" in caught.value.hint


def test_the_row_says_whom_else_the_trial_enrolled() -> None:
    page = evidence_page(EvidenceView(risk=("high",)))
    for row in (*page.forests[0].rows, *page.landmarks, *page.responses, *page.events):
        if row.acronym == "E3A06":
            assert row.also == "enrolled intermediate risk too"
        if row.acronym == "AQUILA":
            assert row.also == ""
    assert {r.also for r in page.single_arm if r.acronym.startswith("E3A06,")} == {
        "enrolled intermediate risk too"
    }
    everyone = evidence_page(EvidenceView())
    assert {r.also for f in everyone.forests for r in f.rows} == {""}


def test_json_and_csv_say_it_too() -> None:
    body = evidence_json(EvidenceView(risk=("high",)))
    trials = {t["acronym"]: t for t in body["trials"]}
    assert trials["E3A06"]["risk_groups"] == ["high", "intermediate"]
    assert trials["E3A06"]["also_enrolled"] == ["intermediate"]
    assert trials["AQUILA"]["also_enrolled"] == []
    assert {o["risk"] for o in body["ongoing"]} == {"high", "intermediate or high"}
    lines = evidence_csv(EvidenceView(risk=("high",))).splitlines()
    rows = csv.DictReader(line for line in lines if line[0] != "#")
    (row,) = (r for r in rows if (r["trial"], r["endpoint"], r["subgroup"]) == ("E3A06", "PFS", ""))
    assert row["also_enrolled"] == "enrolled intermediate risk too"


def test_every_population_of_the_files_is_of_known_groups() -> None:
    for population in [t.enrolment.risk for t in evidence().trials]:
        assert set(enrolled.groups(population)) <= set(enrolled.GROUPS)


def test_published_subgroups_stand_on_the_page_and_in_exports() -> None:
    """Oracle: every entry of ``subgroups`` in the files; E3A06 at high risk 0.09 (0.02 to 0.44)."""
    page = evidence_page(EvidenceView())
    told = {(t.acronym, s.ratio.estimate) for t in evidence().trials for s in t.subgroups}
    assert {(r.acronym, r.estimate) for r in page.subgroups.rows} == told
    (row,) = (r for r in page.subgroups.rows if r.acronym == "E3A06")
    assert row.cited.text == "0.09 (0.02 to 0.44)"
    assert row.n == 56
    assert row.subgroup == "Mayo 2018 (20/2/20) risk: high"
    assert "Hematology 2021" in row.cited.sources[0].title
    assert "What counts as progression" in {c.title for c in row.cited.conflicts}
    lines = evidence_csv(EvidenceView()).splitlines()
    assert any(line.startswith("E3A06,") and ",0.09,0.02,0.44," in line for line in lines)
    (trial,) = (t for t in evidence_json(EvidenceView())["trials"] if t["acronym"] == "E3A06")
    assert trial["subgroups"][0]["ratio"]["estimate"] == 0.09
