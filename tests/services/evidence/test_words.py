"""Published numbers as printed. Oracle: the papers' own wording."""

from __future__ import annotations

import re

import pytest

from services.evidence import load
from services.evidence.words import arm_results, event_text, fact_text, median_text, ratio_text


def test_a_result_has_the_digits_of_its_paper() -> None:
    """Lonial 2020: 0.28 (0.12 to 0.62), at 36 months 91% and 66%."""
    endpoints = load.trial("e3a06").endpoints
    assert "HR 0.28 (0.12 to 0.62)" in {ratio_text(e.ratio) for e in endpoints}
    said = {arm_results(e) for e in endpoints}
    assert [s for s in said if re.fullmatch("at 36 months 91% [a-z]+ 66%", s)]
    assert ratio_text(None) == ""


@pytest.mark.parametrize("trial", load.evidence().trials, ids=lambda t: t.id)
def test_every_number_of_a_trial_has_words(trial: load.Trial) -> None:
    for found in (*trial.responses, *trial.exposure, *trial.outcomes):
        said = fact_text(found)
        assert said, found.measure
        if found.n is not None and found.denominator is not None:
            assert f"{found.n:,} of {found.denominator:,}" in said
    for event in trial.adverse_events:
        said = event_text(event)
        assert (event.n is None) == (not said[:1].isdigit() or said.endswith("%")), said
    medians = [a for e in trial.endpoints for a in e.arms]
    for arm in medians:
        if arm.median_months is None:
            assert median_text(arm) in ("not reached", "not found")
