"""The engine against the package ``survival``, R's survival in Rust, on data that R never froze.

Of R's frozen answers in ``tests/oracles`` the package gives curves and limits, log-rank tests, Cox
models of two arms, proportional hazards and incidences to 1e-8, save that on log-log it has limits
where survival is still 1. It is in the development lock; without it nothing is compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.statistics.competing.incidence import cumulative_incidence

oracle: Any = pytest.importorskip("survival.r")
CURVES = "Surv(t, e) ~ a"


def trial(seed: int) -> pd.DataFrame:
    """Many ties, an event at time 0, three causes in all; every other one with few events."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 200))
    arm = rng.random(n) < 0.5
    end = rng.exponential(10, n) * np.where(arm, 1.4, 1.0)
    censored = rng.uniform(0, 30 if seed % 2 else 5, n)
    t = np.floor(np.minimum(end, censored))
    e = end <= censored
    t[0], e[0] = 0.0, True
    cause = np.where(e, rng.integers(1, 3, n), 0)
    return pd.DataFrame(
        {"t": t, "e": e.astype(int), "a": arm.astype(int), "s": rng.integers(0, 3, n), "c": cause}
    )


@pytest.mark.parametrize("seed", range(6))
def test_curves_and_their_quartiles(seed: int) -> None:
    for _, d in trial(seed).groupby("a"):
        for ci in ("log-log", "log", "plain"):
            ours = survival.kaplan_meier(d["t"], d["e"], ci=ci)
            fit = oracle.survfit("Surv(t, e) ~ 1", data=d, conf_type=ci)
            assert_allclose(ours.time, fit.time)
            assert_allclose(ours.survival, fit.surv, atol=1e-12)
            found = oracle.quantile_survfit(fit, [0.25, 0.5, 0.75])
            theirs = np.array(
                [np.ravel(p) for p in (found.quantile, found.lower, found.upper)], float
            )
            own = [(q.estimate, q.lower, q.upper) for q in ours.quartiles]
            assert_allclose(np.array(own, float), theirs.T)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("strata", ["", " + strata(s)"])
def test_log_rank_cox_and_proportional_hazards(seed: int, strata: str) -> None:
    d = trial(seed)
    stratum = d["s"] if strata else None
    ours = survival.log_rank(d["t"], d["e"], d["a"], strata=stratum)
    assert_allclose(ours.chi2, oracle.survdiff(CURVES + strata, data=d).chisq, rtol=1e-9)
    ratio = survival.hazard_ratio(d["t"], d["e"], d["a"], strata=stratum)
    model = oracle.coxph(CURVES + strata, data=d)
    assert_allclose(np.log(ratio.estimate), model.coefficients[0], atol=1e-7)
    assert_allclose(ratio.log_se, np.sqrt(np.ravel(model.var)[0]), rtol=1e-7)
    constant = survival.proportional_hazards(d["t"], d["e"], d["a"], strata=stratum)
    assert_allclose(constant.chi2, oracle.cox_zph(model).table[0]["chisq"], atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_cumulative_incidence(seed: int) -> None:
    d = trial(seed)
    states = pd.Categorical(d["c"].map({0: "none", 1: "one", 2: "two"}), ["none", "one", "two"])
    theirs = oracle.survfit("Surv(t, c) ~ 1", data=d.assign(c=states))
    ours = cumulative_incidence(d["t"], d["c"], causes=("one", "two"))
    for at, cause in enumerate(ours.causes):
        assert_allclose(cause.incidence, np.array(theirs.pstate)[:, 1 + at], atol=1e-12)
