"""The programs' own answers, against what R printed for the same patients.

They agree where docs/design.md says that lifelines agrees with R, and nowhere is ours called.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from services.statistics.opinions.by_lifelines import Lifelines
from services.statistics.opinions.by_survival import Survival
from services.statistics.opinions.programs import Patients, Program
from tests.oracles.engine import case

PROGRAMS = [Lifelines(), Survival()]


def lung() -> Patients:
    data = case("lung").pair()
    return Patients(
        time=data["time"].to_numpy(dtype=float),
        event=data["event"].to_numpy(dtype=bool),
        group=data["treated"].to_numpy(dtype=np.int64),
    )


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_curves_tests_and_models_against_r(program: Program) -> None:
    r, who = case("lung").r, lung()
    own = r["curves"]["male"]["intervals"]["log-log"]
    times = [landmark[0] for landmark in own["landmarks"]]
    men = who.take(who.group == 0)
    median, points = program.curve(men, times, "log-log", 0.95)
    assert [median[k] for k in ("estimate", "lower", "upper")] == pytest.approx(own["median"])
    for point, (_, *expected) in zip(points, own["landmarks"], strict=True):
        assert [point[k] for k in ("estimate", "lower", "upper")] == pytest.approx(expected)
    p = chi2.sf(r["log_rank"]["chi2"], r["log_rank"]["df"])
    assert program.log_rank(who)["p"] == pytest.approx(p, rel=1e-9)
    cox = r["pair"]["cox"]
    expected = np.exp(cox["beta"] + np.array([0, -1, 1]) * 1.959963984540054 * cox["se"])
    ratio = program.cox(who, 0.95)
    found = [ratio[k] for k in ("estimate", "lower", "upper")]
    assert found == pytest.approx(expected, rel=1e-4 if program.name == "lifelines" else 1e-8)
