"""Rows of the evidence page's forests. Oracle: the files of the trials."""

from __future__ import annotations

from services.evidence import load as evidence
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView
from tests.services.pages.evidence.shown import digits, numbers, raw


def test_every_pooled_number_is_one_of_its_file() -> None:
    known = numbers(raw("meta_analyses"))
    for row in evidence_page(EvidenceView()).meta:
        assert digits(row.row.cited.text) <= known


def test_every_randomized_trial_has_its_rows() -> None:
    page = evidence_page(EvidenceView())
    wanted = {t.acronym for t in evidence.evidence().trials if t.randomized} - {
        "DETER-SMM (EAA173)",
        "ITHACA",
    }
    for forest in page.forests:
        assert {r.acronym for r in forest.rows} == wanted, forest.id
        for row in forest.rows:
            assert (row.estimate is None) == bool(row.reason)


def test_an_odds_ratio_stays_off_the_axis_of_hazard_ratios() -> None:
    (row,) = (r for r in evidence_page(EvidenceView()).forests[1].rows if r.trial == "mp_riccardi")
    assert (row.measure, row.estimate) == ("OR", None)
    assert row.cited.text == "1.17 (0.57 to 2.42)"


def test_follow_up_of_quiredex() -> None:
    series = {(s.acronym, s.family): s for s in evidence_page(EvidenceView()).follow_up}
    points = series["QuiRedex", "OS"].points
    assert [(p.months, p.estimate) for p in points] == [(40, 0.31), (75, 0.43), (150, 0.57)]
    assert len(series["E3A06", "PFS"].points) == len(series["AQUILA", "PFS"].points) == 1


def test_what_followed_progression() -> None:
    """Oracle: reports of AQUILA (HR 0.46, 0.58) and QuiRedex (HR 1.34; p 0.96), IQWiG (a third)."""
    page = evidence_page(EvidenceView())
    told = {(r.acronym, r.endpoint): r.cited.text for r in page.after.rows}
    assert told["AQUILA", "First-line treatment"] == "0.46 (0.33 to 0.62)"
    assert told["AQUILA", "PFS2"] == "0.58"
    assert told["QuiRedex", "Survival after progression"] == "1.34"
    assert told["QuiRedex", "OS from progression"] == "p = 0.96"
    arms = {r.what: [c.text for _, c in r.arms] for r in page.treated_after}
    assert arms["Treated after progression"] == ["39%", "85%"]
    assert ["about a third"] in arms.values()
