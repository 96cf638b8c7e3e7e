"""The generator's own estimators against the app's engine on one trial."""

from __future__ import annotations

import pytest

from data.simulate.stats import hazard_ratio, median, median_follow_up, survival_at
from services import survival
from tests.data.studies import merged


def test_estimates_against_the_engine() -> None:
    frame = merged("aquila", "PFS")
    time, event = frame.AVAL.to_numpy(), frame.EVENT.to_numpy()
    found = hazard_ratio(time, event, frame.DRUG.astype(int).to_numpy())
    ratio = survival.hazard_ratio(frame.MONTHS, frame.EVENT, frame.DRUG)
    assert found.ratio == pytest.approx(ratio.estimate, rel=1e-6)
    assert found.lower == pytest.approx(ratio.lower, rel=1e-6)
    assert found.upper == pytest.approx(ratio.upper, rel=1e-6)
    watched = frame[~frame.DRUG]
    curve = survival.kaplan_meier(watched.MONTHS, watched.EVENT, landmarks=[60])
    days, seen = watched.AVAL.to_numpy(), watched.EVENT.to_numpy()
    assert survival_at(days, seen, 60)[0] == pytest.approx(curve.landmarks[0].survival)
    assert median(days, seen) == pytest.approx(curve.median.estimate)
    follow_up = survival.follow_up(frame.MONTHS, frame.EVENT)
    assert median_follow_up(time, event)[0] == pytest.approx(follow_up.estimate)
