"""The engine on the simulated trials against R (``tests/oracles/make_trials.R``)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services import survival
from services.statistics.competing import incidence as competing_incidence
from tests.data import studies
from tests.data.studies import merged

R = json.loads((Path(__file__).parents[1] / "oracles" / "trials.json").read_text())
CASES = [(s, p) for s, ps in (("aquila", ("PFS", "OS", "FLT")), ("quiredex", ("TTP", "OS")))
         for p in ps]  # fmt: skip


@pytest.mark.parametrize(("study", "endpoint"), CASES)
def test_curves_and_hazard_ratio(study: str, endpoint: str) -> None:
    frame, oracle = merged(study, endpoint), R[study][endpoint]
    hr = survival.hazard_ratio(frame.MONTHS, frame.EVENT, frame.DRUG)
    found = [hr.estimate, hr.lower, hr.upper, hr.p]
    assert found == pytest.approx(oracle["hazard_ratio"], rel=1e-6)
    for name in studies.arms(study):
        mine, expected = frame[frame["ARM"] == name], oracle["arms"][name]
        assert (len(mine), int(mine.EVENT.sum())) == (expected["n"], expected["events"])
        curve = survival.kaplan_meier(mine.MONTHS, mine.EVENT, landmarks=[24, 60])
        for i, at in enumerate(curve.landmarks):
            values = [expected[k][i] for k in ("survival", "lower", "upper")]
            assert [at.survival, at.lower, at.upper] == pytest.approx(values, abs=1e-9)
        m = curve.median
        assert [m.estimate, m.lower, m.upper] == pytest.approx(expected["median"], abs=1e-9)
        other = (mine.CNSR == 2) & (endpoint in ("FLT", "TTP"))
        aj = competing_incidence.cumulative_incidence(
            mine.MONTHS, mine.EVENT + 2 * other, causes=["event", "other"], landmarks=[60]
        )
        incidence = aj.causes[0].landmarks[0].incidence
        assert incidence == pytest.approx(expected["incidence_60"], abs=1e-9)


@pytest.mark.parametrize("study", ["aquila", "quiredex"])
def test_follow_up(study: str) -> None:
    found = studies.follow_up(study)
    expected = R[study]["follow_up"]
    assert [found.estimate, found.lower, found.upper] == pytest.approx(expected, abs=1e-9)
