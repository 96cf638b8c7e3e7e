"""Estimates by the package ``survival`` (R's survival in Rust), where it is installed."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from services.statistics.distributions import quantile_z
from services.statistics.opinions.programs import Answer, Patients
from services.statistics.steps import Interval


class Survival:
    """The package from PyPI: formulas and functions are called as R's are."""

    name = "survival (PyPI)"

    def version(self) -> str:
        """That of the package; ImportError without it."""
        try:
            return version("survival")
        except PackageNotFoundError as problem:
            raise ImportError("The Python package survival is not installed.") from problem

    def curve(
        self, patients: Patients, times: Sequence[float], ci: Interval, level: float
    ) -> tuple[Answer, list[Answer]]:
        """``survfit``; it has no survival beyond the last time."""
        r = _package()
        fit = r.survfit(
            f"{_left(patients)} ~ 1", data=patients.frame(), conf_type=ci, conf_int=level
        )
        middle = r.quantile_survfit(fit, [0.5])
        parts = (middle.quantile, middle.lower, middle.upper)
        median = _answer(*(np.ravel(part)[0] for part in parts))
        last = max(fit.time)
        seen = [t for t in times if t <= last]
        at: dict[float, Answer] = {}
        if seen:
            told = r.summary_survfit(fit, times=seen)
            rows = zip(told.surv, told.lower, told.upper, strict=True)
            at = {t: _answer(*row) for t, row in zip(seen, rows, strict=True)}
        return median, [at.get(t, _answer(None, None, None)) for t in times]

    def log_rank(self, patients: Patients) -> Answer:
        """``survdiff``; it takes no entry times."""
        if patients.entry is not None:
            return {}
        test = _package().survdiff(f"Surv(t, e) ~ a{_strata(patients)}", data=patients.frame())
        return {"p": float(test.pvalue)}

    def cox(self, patients: Patients, level: float) -> Answer:
        """``coxph``, whose rule for ties is Efron's; Wald's limits."""
        frame = patients.frame()
        factors = "".join(f" + {c}" for c in frame.columns if c.startswith("x"))
        formula = f"{_left(patients)} ~ a{factors}{_strata(patients)}"
        fit = _package().coxph(formula, data=frame)
        log, half = float(fit.coefficients[0]), float(np.sqrt(np.ravel(fit.var)[0]))
        half *= quantile_z(level)
        values = np.exp([log, log - half, log + half])
        return _answer(*values)


def _package() -> Any:
    # Not imported by name: without it, types have to be right all the same.
    return importlib.import_module("survival.r")


def _left(patients: Patients) -> str:
    return "Surv(t, e)" if patients.entry is None else "Surv(n, t, e)"


def _strata(patients: Patients) -> str:
    return "" if patients.stratum is None else " + strata(s)"


def _answer(estimate: Any, lower: Any, upper: Any) -> Answer:
    def known(value: Any) -> float | None:
        number = np.nan if value is None else float(value)
        return number if np.isfinite(number) else None

    return {"estimate": known(estimate), "lower": known(lower), "upper": known(upper)}
