"""Which of two analyses leads. Oracle: the rule that strata asked for lead."""

from __future__ import annotations

import dataclasses

import pytest

from services.statistics.results import (
    Comparison,
    HazardRatio,
    NotEstimable,
    SurvivalResult,
    Test,
)

PLAIN, WITHIN = HazardRatio(0.5, 0.3, 0.8, 0.2, 0.01), HazardRatio(0.6, 0.4, 0.9, 0.2, 0.02)
LOG_RANK, STRATIFIED = Test("log-rank", 5.0, 1, 0.025), Test("log-rank, stratified", 4.0, 1, 0.045)


def comparison(leading: str) -> Comparison:
    return Comparison(
        arm="B", reference="A", hazard_ratio=PLAIN, reason=None, log_rank=LOG_RANK,
        landmark_differences=(), rmst_difference=None, proportional_hazards=LOG_RANK,
        stratified_hazard_ratio=WITHIN, stratified_log_rank=STRATIFIED,
        stratified_proportional_hazards=STRATIFIED, leading=leading,
    )  # fmt: skip


def test_strata_lead_everywhere_or_nowhere() -> None:
    plain, within = comparison("unstratified"), comparison("stratified")
    assert (plain.lead_hazard_ratio, within.lead_hazard_ratio) == (PLAIN, WITHIN)
    for found, test in ((plain, LOG_RANK), (within, STRATIFIED)):
        assert found.lead_log_rank == found.lead_proportional_hazards == test
        whole = SurvivalResult((), LOG_RANK, (found,), STRATIFIED, found.leading)
        assert whole.lead_log_rank == test


def test_the_reason_is_that_of_the_ratio_that_leads() -> None:
    found = dataclasses.replace(
        comparison("stratified"), stratified_hazard_ratio=None, stratified_reason="0 events in B"
    )
    assert (found.lead_hazard_ratio, found.lead_reason) == (None, "0 events in B")
    assert dataclasses.replace(found, leading="unstratified").lead_reason is None


def test_results_cannot_be_changed_and_reasons_are_told() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PLAIN.estimate = 1.0  # type: ignore[misc]
    assert NotEstimable("no events").reason == str(NotEstimable("no events")) == "no events"
