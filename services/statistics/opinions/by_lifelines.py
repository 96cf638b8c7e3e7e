"""Estimates by lifelines alone: its own curves, limits, medians, tests and models."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from services.statistics.opinions.programs import Answer, Patients
from services.statistics.steps import Interval


class Lifelines:
    """lifelines, as its documentation has it."""

    name = "lifelines"

    def version(self) -> str:
        """That of the package."""
        return version("lifelines")

    def curve(
        self, patients: Patients, times: Sequence[float], ci: Interval, level: float
    ) -> tuple[Answer, list[Answer]]:
        """``KaplanMeierFitter``; its limits are log-log, and it has no others."""
        from lifelines import KaplanMeierFitter
        from lifelines.utils import qth_survival_times

        fit = KaplanMeierFitter(alpha=1 - level).fit(
            patients.time, patients.event, entry=patients.entry
        )
        band = fit.confidence_interval_survival_function_
        survival = np.ravel(fit.predict(list(times)))
        at = np.searchsorted(band.index.to_numpy(), np.asarray(times), side="right") - 1
        low, high = band.to_numpy(dtype=float).T
        first, last = qth_survival_times(0.5, band).to_numpy(dtype=float).ravel()
        median = _answer(fit.median_survival_time_, first, last, limits=ci == "log-log")
        found = [
            _answer(survival[i], low[j], high[j], limits=ci == "log-log") for i, j in enumerate(at)
        ]
        return median, found

    def log_rank(self, patients: Patients) -> Answer:
        """``logrank_test`` of two groups, ``multivariate_logrank_test`` of more; none in strata."""
        from lifelines.statistics import logrank_test, multivariate_logrank_test

        if patients.stratum is not None or patients.entry is not None:
            return {}
        time, event, group = patients.time, patients.event, patients.group
        if len(np.unique(group)) > 2:
            return {"p": float(multivariate_logrank_test(time, group, event).p_value)}
        one = group == group.max()
        test = logrank_test(time[one], time[~one], event[one], event[~one])
        return {"p": float(test.p_value)}

    def cox(self, patients: Patients, level: float) -> Answer:
        """``CoxPHFitter``, whose rule for ties is Efron's."""
        from lifelines import CoxPHFitter

        frame = patients.frame()
        fit = CoxPHFitter(alpha=1 - level).fit(
            frame,
            "t",
            "e",
            strata=["s"] if "s" in frame else None,
            entry_col="n" if "n" in frame else None,
        )
        # Its summary has these too, for a fifth more of the time.
        low, high = np.exp(fit.confidence_intervals_.loc["a"].to_numpy(dtype=float))
        return _answer(fit.hazard_ratios_["a"], low, high, limits=True)


def _answer(estimate: Any, lower: Any, upper: Any, limits: bool) -> Answer:
    found: dict[str, float | None] = {"estimate": _known(estimate)}
    if limits:
        found |= {"lower": _known(lower), "upper": _known(upper)}
    return found


def _known(value: Any) -> float | None:
    """A number; ``None`` for the infinity that means "not reached"."""
    number = float(value)
    return number if np.isfinite(number) else None
