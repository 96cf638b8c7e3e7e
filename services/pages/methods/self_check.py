"""The live self-check: stored answers of R beside what the engine computes now, figure by figure.

``data/self_check/make_self_check.R`` asked R; ``self_check.json`` holds its answers and the data
they were asked for, so that nothing but the engine runs here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from cachetools import TTLCache, cached

from services import survival
from services.pages.methods.records import CheckedCase, CheckedFigure, SelfCheck
from services.statistics.competing.fine_gray import subdistribution_hazard_ratio
from services.statistics.competing.gray import gray_test
from services.statistics.competing.incidence import cumulative_incidence
from services.statistics.results import Comparison, Curve, Estimate, HazardRatio

FILE = Path(__file__).resolve().parents[3] / "data" / "self_check" / "self_check.json"
TOLERANCE = 1e-6

Numbers = tuple[float | None, ...]


@cache
def stored() -> dict[str, Any]:
    """R's answers with their data."""
    answers: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return answers


def self_check() -> SelfCheck:
    """Compute every figure anew and compare."""
    start = time.perf_counter()
    cases = tuple(_case(case) for case in stored()["cases"])
    seconds = time.perf_counter() - start
    return SelfCheck(stored()["made_with"], TOLERANCE, seconds, cases)


# A page is asked for twice: as text, and as Dash's components.
recent = cached(TTLCache(1, 60), lock=Lock())(self_check)


def _case(case: dict[str, Any]) -> CheckedCase:
    found = compute(case)
    figures = []
    for answer in case["answers"]:
        value = answer["value"]
        expected = tuple(value if isinstance(value, list) else [value])
        figures.append(compare(answer["label"], expected, found[answer["id"]]))
    return CheckedCase(case["title"], len(case["data"]["arm"]), tuple(figures))


def compare(label: str, expected: Numbers, found: Numbers) -> CheckedFigure:
    """Whether two answers are the same to 1e-6 (relative above 1).

    >>> compare("x", (2.0, None), (2.000001, None)).agrees, compare("x", (1.0,), (None,)).agrees
    (True, False)
    """
    if len(expected) != len(found) or any(
        (a is None) != (b is None) for a, b in zip(expected, found, strict=True)
    ):
        return CheckedFigure(label, expected, found, None, False)
    gaps = [
        abs(a - b) / max(1.0, abs(a))
        for a, b in zip(expected, found, strict=True)
        if a is not None and b is not None
    ]
    worst = max(gaps, default=0.0)
    return CheckedFigure(label, expected, found, worst, worst <= TOLERANCE)


def compute(case: dict[str, Any]) -> dict[str, Numbers]:
    """The engine's answer to every question of a case, by the question's id."""
    data = {name: np.asarray(values) for name, values in case["data"].items()}
    arms = (case["reference"], case["other"])
    found: dict[str, Numbers] = {}
    for ci in ("log-log", "log", "plain"):
        result = survival.analyse(
            data["time"],
            data["event"].astype(bool),
            data["arm"],
            arms=arms,
            strata=data["stratum"],
            ci=ci,
            landmarks=case["at"],
            tau=case["tau"],
        )
        for curve in result.curves:
            found[f"lower {ci} {curve.arm}"] = tuple(m.lower for m in curve.landmarks)
            found[f"upper {ci} {curve.arm}"] = tuple(m.upper for m in curve.landmarks)
        if ci == "log-log":
            for curve in result.curves:
                found |= _curve(curve)
            found |= _comparison(result.comparisons[0])
    if "cause" in data:
        found |= _competing(data, case["at"], case["other"])
        for arm in arms:
            found |= _states(data, case["at"], case["tau"], arm)
    return found


def _curve(curve: Curve) -> dict[str, Numbers]:
    quartile = next(q for q in curve.quartiles if q.p == 0.25)
    return {
        f"surv {curve.arm}": tuple(m.survival for m in curve.landmarks),
        f"quartile {curve.arm}": (quartile.estimate, quartile.lower, quartile.upper),
        f"rmst {curve.arm}": (curve.rmst.estimate, curve.rmst.se),
        f"follow-up {curve.arm}": (curve.follow_up.estimate,),
    }


def _comparison(found: Comparison) -> dict[str, Numbers]:
    def chi2(test: Any) -> Numbers:
        return (None if test is None else test.chi2,)

    def ratio(record: HazardRatio | Estimate | None) -> Numbers:
        return (None,) * 3 if record is None else (record.estimate, record.lower, record.upper)

    return {
        "log-rank": chi2(found.log_rank),
        "log-rank stratified": chi2(found.stratified_log_rank),
        "cox": ratio(found.hazard_ratio),
        "cox se": (found.hazard_ratio.log_se if found.hazard_ratio else None,),
        "cox stratified": ratio(found.stratified_hazard_ratio),
        "zph": chi2(found.proportional_hazards),
    }


def _competing(data: dict[str, Any], at: Sequence[float], other: str) -> dict[str, Numbers]:
    when, cause = data["etime"], data["cause"]
    both = cumulative_incidence(when, cause, causes=("progression", "death"), landmarks=at)
    in_other = data["arm"] == other
    found: dict[str, Numbers] = {
        f"aj {i}": tuple(m.incidence for m in c.landmarks) for i, c in enumerate(both.causes, 1)
    }
    found["gray"] = (gray_test(when, cause, data["arm"]).chi2,)
    found["fine-gray"] = (subdistribution_hazard_ratio(when, cause, in_other).estimate,)
    return found


def _states(data: dict[str, Any], at: Sequence[float], tau: float, arm: str) -> dict[str, Numbers]:
    """Alive without progression, progressed, dead."""
    mine = data["arm"] == arm
    progressed = np.where(data["cause"] == 1, data["etime"], np.nan)
    died = np.where(data["event"] == 1, data["time"], np.nan)
    rows = survival.rows_of(np.column_stack((progressed, died))[mine], data["time"][mine])
    curves = survival.probability_in_state(rows, 3, tau=tau, landmarks=at)
    found: dict[str, Numbers] = {}
    for i, mean in enumerate(curves.mean_times.states):
        marks = [mark.states[i] for mark in curves.landmarks]
        found |= {
            f"in state {i + 1} {arm}": tuple(m.estimate for m in marks),
            f"in state se {i + 1} {arm}": tuple(m.std_err for m in marks),
            f"in state lower {i + 1} {arm}": tuple(m.lower for m in marks),
            f"mean time {i + 1} {arm}": (mean.estimate, mean.std_err),
        }
    return found
