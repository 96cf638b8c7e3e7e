"""The estimates by the package ``survival`` (R's survival in Rust), timed when it is installed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import pandas as pd

Estimate = Callable[[pd.DataFrame], object]
CURVES = "Surv(t, e) ~ a"


def estimates() -> dict[str, Estimate]:
    """The package's way to each estimate, as its documentation has it; empty without it."""
    r = _package()
    if r is None:
        return {}

    def curves(d: pd.DataFrame) -> Any:
        return r.survfit(CURVES, data=d, conf_type="log-log")

    def log_rank(d: pd.DataFrame) -> Any:
        return r.survdiff(CURVES, data=d)

    def cox(d: pd.DataFrame, formula: str = CURVES) -> Any:
        return r.coxph(formula, data=d)

    return {
        "curves": lambda d: r.summary_survfit(curves(d)).table,
        "log_rank": log_rank,
        "cox": cox,
        "together": lambda d: (curves(d), log_rank(d), cox(d)),
        "stratified": lambda d: cox(d, "Surv(t, e) ~ a + strata(s)"),
        "adjusted": lambda d: cox(d, "Surv(t, e) ~ a + s + x"),
        "proportional_hazards": lambda d: r.cox_zph(cox(d)),
        "rmst": lambda d: r.summary_survfit(curves(d), rmean=500.0).table,
    }


def forest(d: pd.DataFrame) -> Callable[[], object] | None:
    """One model within each level, two for each interaction; None without the package."""
    r = _package()
    if r is None:
        return None

    def fits() -> None:
        r.coxph(CURVES, data=d)
        for name in [c for c in d.columns if c.startswith("f")]:
            for level in sorted(d[name].unique()):
                r.coxph(CURVES, data=d[d[name] == level])
            main = r.coxph(f"{CURVES} + {name}", data=d)
            r.anova(main, r.coxph(f"Surv(t, e) ~ a * {name}", data=d))

    return fits


def _package() -> Any:
    # Not imported by name: without it, types have to be right all the same.
    if importlib.util.find_spec("survival") is None:
        return None
    return importlib.import_module("survival.r")
