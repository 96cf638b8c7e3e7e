"""Effects in the levels of one variable, drawn toward their common mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.statistics import distributions
from services.statistics.results import HazardRatio


@dataclass(frozen=True)
class Shrunken:
    """A hazard ratio drawn toward the mean of its variable's levels.

    ``weight`` (0 to 1) of its own distance is kept; ``tau2``: the variance between levels.
    """

    estimate: float
    lower: float
    upper: float
    weight: float
    tau2: float


def shrunken(ratios: Sequence[HazardRatio], level: float = 0.95) -> tuple[Shrunken, ...]:
    """Empirical Bayes of k >= 2 levels, normal in both stages, on the log hazard ratio.

    With y and s2 the log ratio and its variance, tau2 is that of Paule and Mandel (1982), the
    empirical Bayes estimator of Morris (1983): the weighted sum of squares equals k - 1, or 0 where
    it is less already. The mean m is weighted by w = 1 / (s2 + tau2), and a level becomes m + b (y
    - m), b = tau2 w, with variance b s2 + (1 - b)^2 / sum(w).

    >>> rows = [HazardRatio(0.5, 0, 0, 0.2, 0.1), HazardRatio(1.0, 0, 0, 0.2, 0.1)]
    >>> [round(r.estimate, 4) for r in shrunken(rows)], round(shrunken(rows)[0].weight, 4)
    ([0.5297, 0.9439], 0.8335)
    """
    y, s2 = np.log([r.estimate for r in ratios]), np.array([r.log_se for r in ratios]) ** 2

    def excess(tau2: float) -> float:
        w = 1 / (s2 + tau2)
        return float(np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2)) - (len(y) - 1)

    tau2 = 0.0
    if excess(0.0) > 0:
        from scipy.optimize import brentq

        high = max(float(np.ptp(y)) ** 2, 1e-12)
        while excess(high) > 0:
            high *= 2
        tau2 = float(brentq(excess, 0.0, high, xtol=1e-16, rtol=1e-14))
    w = 1 / (s2 + tau2)
    mean, b = np.sum(w * y) / np.sum(w), tau2 * w
    own = mean + b * (y - mean)
    half = distributions.quantile_z(level) * np.sqrt(b * s2 + (1 - b) ** 2 / np.sum(w))
    table = zip(np.exp(own), np.exp(own - half), np.exp(own + half), b, strict=True)
    return tuple(Shrunken(float(m), float(lo), float(up), float(k), tau2) for m, lo, up, k in table)
