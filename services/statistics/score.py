"""What the score intervals of proportions rest on: constrained fits and the search for a limit.

The fits are those of Miettinen and Nurminen (1985), Statistics in Medicine 4:213-226.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from services.arrays import FloatArray

Score = Callable[[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray], FloatArray]
# Halving [-1, 1] this often leaves less than the spacing of doubles near any limit of interest.
_HALVINGS = 75


def constrained_p2(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, delta: FloatArray
) -> FloatArray:
    """Maximum likelihood of the reference's proportion when p1 - p2 = delta.

    The root of the cubic of Miettinen and Nurminen (their appendix, by trigonometry).

    >>> counts = np.array([9.0, 10.0, 3.0, 10.0])
    >>> round(float(constrained_p2(*counts, delta=np.array(0.0))), 6)
    0.6
    """
    total, events = n1 + n2, x1 + x2
    b = ((n1 + 2 * n2) * delta - total - events) / (3 * total)
    c = ((n2 * delta - total - 2 * x2) * delta + events) / total
    d = x2 * delta * (1 - delta) / total
    q = b**3 - b * c / 2 + d / 2
    p = np.sqrt(np.maximum(b**2 - c / 3, 0.0)) * np.where(q < 0, -1.0, 1.0)
    cubed = np.where(p == 0, 1.0, p**3)
    angle = (np.pi + np.arccos(np.clip(q / cubed, -1.0, 1.0))) / 3
    root = 2 * p * np.cos(angle) - b
    low, high = np.maximum(0.0, -delta), np.minimum(1.0, 1 - delta)
    root = np.clip(root, low, high)
    # arccos loses half the digits near its ends: two Newton steps on the cubic bring them back.
    for _ in range(2):
        slope = 3 * root**2 + 6 * b * root + c
        value = ((root + 3 * b) * root + c) * root + d
        safe = np.abs(slope) > 1e-6
        root = np.clip(root - np.where(safe, value / np.where(safe, slope, 1.0), 0.0), low, high)
    return root


def risk_ratio_score(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, ratio: FloatArray
) -> FloatArray:
    """Chi-square of the score test of p1 / p2 = ratio, without N / (N - 1).

    >>> counts = np.array([9.0, 10.0, 3.0, 10.0])
    >>> round(float(risk_ratio_score(*counts, ratio=np.array(1.0))), 6)
    7.5
    """
    linear = n1 * ratio + x1 + n2 + x2 * ratio
    square = linear**2 - 4 * (n1 + n2) * ratio * (x1 + x2)
    # This form of the smaller root has no difference of near equals.
    p2 = 2 * (x1 + x2) / (linear + np.sqrt(np.maximum(square, 0.0)))
    p2 = np.minimum(p2, np.minimum(1.0, 1 / ratio))
    p1 = np.minimum(p2 * ratio, 1.0)
    variance = p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2
    return _chi2((x1 / n1 - ratio * x2 / n2) ** 2, variance)


def odds_ratio_score(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, ratio: FloatArray
) -> FloatArray:
    """Chi-square of the score test of an odds ratio, without N / (N - 1).

    At 1 it is Pearson's chi-square, as that of the risk ratio is.

    >>> counts = np.array([9.0, 10.0, 3.0, 10.0])
    >>> round(float(odds_ratio_score(*counts, ratio=np.array(1.0))), 6)
    7.5
    """
    events = x1 + x2
    linear = n1 * ratio + n2 - events * (ratio - 1)
    p2 = 2 * events / (linear + np.sqrt(linear**2 + 4 * n2 * (ratio - 1) * events))
    p2 = np.minimum(p2, 1.0)
    p1 = p2 * ratio / (1 + p2 * (ratio - 1))
    first, second = n1 * p1 * (1 - p1), n2 * p2 * (1 - p2)
    # 1 / first + 1 / second, as one fraction so that a vanishing variance is met once.
    return _chi2((x1 - n1 * p1) ** 2 * (first + second), first * second)


def _chi2(square: FloatArray, variance: FloatArray) -> FloatArray:
    """Square over variance; without variance any distance is infinitely far."""
    flat = variance <= 0
    return np.where(flat, np.where(square > 0, np.inf, 0.0), square / np.where(flat, 1.0, variance))


def limit_between(
    rejected: Callable[[FloatArray], FloatArray], inside: FloatArray, outside: FloatArray
) -> FloatArray:
    """Halve the way between a value that is not rejected and one that is.

    ``rejected`` is above 0 for a rejected value; the arrays are of one shape.

    >>> end = limit_between(lambda v: v**2 - 2, np.array(0.0), np.array(9.0))
    >>> round(float(end), 6)
    1.414214
    """
    inside, outside = np.asarray(inside), np.asarray(outside)
    # A limit that is itself not rejected (a difference of -1 or 1) stays where it is.
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if np.all((middle == inside) | (middle == outside)):
            break  # no double lies between
        out = rejected(middle) > 0
        outside = np.where(out, middle, outside)
        inside = np.where(out, inside, middle)
    return inside
