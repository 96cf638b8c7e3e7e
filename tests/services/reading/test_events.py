"""What the values of adverse events are taken for. Oracle: small studies counted by hand."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.pages.benefit_risk.page import benefit_risk_page
from services.views.study import decode
from tests.services.adverse_events.events import WHO, Rows, build, event, page, three


def test_events_of_nobody_are_refused_with_ids_of_both_sides() -> None:
    with pytest.raises(UserError, match="USUBJID is “p1”, “p2”, “p4” there, “P1”, “P2”, “P3” and"):
        build([event(i) | {"USUBJID": f"p{i}"} for i in (1, 2, 4)])
    some = build([event(1), event(2) | {"USUBJID": "p2"}])
    finding = next(f for f in some.report.findings if "not in the study" in f.message)
    assert finding.count == 1
    assert "p2" in finding.message
    assert "“P1”" in finding.remedy


def test_events_that_drop_out_are_told() -> None:
    adsl: Rows = [
        {"USUBJID": w, "TRT01P": arm, "TRT01A": actual, "SAFFL": safe}
        for w, arm, actual, safe in zip(
            WHO, ["D", "D", "D", "P", "P", ""], ["D", "D", "", "P", "P", ""], "YNNYYN", strict=True
        )
    ]
    study = build([event(i) | {"TRTA": "P"} for i in range(1, 7)], adsl)
    said = {f.message: f.count for f in study.report.findings}
    assert said["adae.csv: adverse events of patients without an arm left out: P6."] == 1
    assert (
        said[
            "adae.csv: adverse events of patients outside the safety population (SAFFL) are not"
            " counted: P2."
        ]
        == 1
    )
    assert (
        said[
            "adae.csv: adverse events of patients without one of the study's arms as the actual arm"
            " are not counted: P3."
        ]
        == 1
    )
    assert said["TRTA of adae.csv is not the patient's actual arm, which is used: P1, P2."] == 2


def test_the_view_still_refuses_what_is_not_understood() -> None:
    with pytest.raises(UserError, match="recorded but not understood"):
        page(three(AESER="perhaps"), "only=serious")


def test_benefit_and_risk_know_what_was_not_understood() -> None:
    adsl: Rows = [
        {"USUBJID": w, "TRT01P": "DDDPPP"[i], "SAFFL": "dosed", "TRTSDT": "2020-01-01",
         "TRTEDT": "2020-12-31"}
        for i, w in enumerate(WHO)
    ]  # fmt: skip
    rows = [event(1, ASTDT="2020-02-01"), event(2, AETOXGR="?", ASTDT="2020-02-01")]
    harm = benefit_risk_page(build(rows, adsl), decode("")).outcomes[1]
    assert harm.reason is not None
    assert harm.reason.startswith(
        "The safety population cannot be determined: SAFFL is recorded but not"
    )
    known = build(rows, [r | {"SAFFL": "Y"} for r in adsl])
    assert (
        benefit_risk_page(known, decode(""))
        .outcomes[1]
        .method.endswith("AETOXGR of 1 event was not understood (“?”), counted as not severe")
    )
