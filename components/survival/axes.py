"""The axes of the curves: what is drawn on which scale, and the lines read off them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from components.chart import (
    axis,
    plain,
    rule,
)
from services import names
from services.arrays import FloatArray
from services.pages.survival.records import SurvivalPage
from services.statistics.results import Curve

if TYPE_CHECKING:
    from services.study.model import Arm, Endpoint

SCALE_TITLES = {
    "survival": "{label}",
    "incidence": "Cumulative incidence (1 − survival)",
    "hazard": "Cumulative hazard",
    "log-log": "log(−log survival)",
}


SHARES = ("survival", "incidence")


def transform(scale: str) -> Callable[[FloatArray], FloatArray]:
    """How survival probabilities are drawn on a scale.

    "survival" as it is; "incidence" 1 - S; "hazard" -log S; "log-log" log(-log S). Values that
    have none (log of 0) are NaN: the line breaks there.
    """

    def hazard(s: FloatArray) -> FloatArray:
        safe = np.where(s > 0, s, np.nan)
        return np.asarray(np.abs(-np.log(safe)), dtype=float)

    def log_log(s: FloatArray) -> FloatArray:
        h = hazard(s)
        return np.asarray(np.log(np.where(h > 0, h, np.nan)), dtype=float)

    return {
        "survival": lambda s: s,
        "incidence": lambda s: 1 - s,
        "hazard": hazard,
        "log-log": log_log,
    }[scale]


def first_event(curve: Curve) -> float:
    """The curve's first time of an event above 0, else half of its last time."""
    times = curve.time[(curve.n_event > 0) & (curve.time > 0)]
    return float(times[0]) if len(times) else float(curve.time[-1]) / 2 or 1.0


def log_time(begin: float, end: float) -> dict[str, Any]:
    """A logarithmic time axis, by convention that of log(-log survival)."""
    return {"type": "log", "range": [float(np.log10(begin)), float(np.log10(end * 1.02))]}


def on_log_time(annotation: dict[str, Any]) -> dict[str, Any]:
    """An annotation moved to where a logarithmic time axis has its time."""
    return annotation | {"x": float(np.log10(max(annotation["x"], 1e-12)))}


def value_axis(
    scale: str,
    endpoint: Endpoint | None,
    low: float,
    high: float,
    scheme: str,
    fraction: bool = False,
) -> dict[str, Any]:
    """The axis of survival, or of what it is drawn as."""
    title = ""
    if endpoint is not None:
        # "Time to ..." is no share of patients: then the axis says what they are.
        named = "survival" in endpoint.label.lower()
        label = plain(endpoint.label if named else names.capital(endpoint.short))
        title = SCALE_TITLES[scale].format(label=label)
        if endpoint.competing:
            title += f", {names.if_nothing_else(endpoint.competing)}"
    return axis(scheme, title, grid=True) | {
        "range": [low, high],
        "tickformat": ".0%" if scale in SHARES and not fraction else "",
    }


def value_range(
    scale: str,
    curves: Sequence[Curve],
    longest: float,
    asked: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """Lower and upper end of the value axis up to the time ``longest``.

    Parameters
    ----------
    asked : the ends that are asked for, of shares in percent
    """
    if asked is not None:
        low, high = asked
        if scale in SHARES:  # no axis beyond what shares can be
            low, high = max(low, 0) / 100, min(high, 100) / 100
        if low < high:
            # A line at the very end is drawn whole.
            return low, high + (high - low) * 0.02
    if scale == "survival":
        return 0.0, 1.02
    draw = transform(scale)
    seen = [
        np.concatenate([c.survival[c.time <= longest], c.lower[c.time <= longest]]) for c in curves
    ]
    drawn = draw(np.concatenate(seen))
    finite = drawn[np.isfinite(drawn)]
    if not len(finite):
        return 0.0, 1.0
    if scale == "log-log":
        return float(finite.min()) - 0.3, float(finite.max()) + 0.3
    top = float(finite.max()) * 1.05 or 0.1
    return -0.01 * top, min(top, 1.02) if scale == "incidence" else top


def guide_lines(
    page: SurvivalPage,
    curves: Sequence[tuple[Curve, Arm]],
    draw: Callable[[FloatArray], FloatArray],
    low: float,
    begin: float,
    color: str,
) -> list[dict[str, Any]]:
    """Dotted lines: to each median that is reached, and at each landmark.

    Parameters
    ----------
    low : lower end of the value axis
    begin : where a line to a median begins on the time axis
    """
    dotted: dict[str, Any] = {"line": {"dash": "dot"}}
    shapes: list[dict[str, Any]] = []
    half = float(draw(np.array([0.5]))[0])
    if "medians" not in page.view.hide:
        for curve, _ in curves:
            median = curve.median.estimate
            if median is None:
                continue
            down = (half, min(low, 0.0))
            shapes.append(rule((begin, median), (half, half), color, **dotted))
            shapes.append(rule((median, median), down, color, yref="y", **dotted))
    if "landmarks" not in page.view.hide:
        dashed: dict[str, Any] = {"line": {"dash": "dash"}, "opacity": 0.45, "layer": "below"}
        shapes += [
            rule((t, t), (0, 1), color, yref="y domain", **dashed)
            for t in page.view.at
            if t >= begin
        ]
    return shapes
