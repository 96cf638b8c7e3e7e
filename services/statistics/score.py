"""What the score intervals of proportions rest on: constrained fits and the search for a limit.

The fits are those of Miettinen and Nurminen (1985), Statistics in Medicine 4:213-226.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from services.arrays import FloatArray

Score = Callable[[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray], FloatArray]
_SURE = 8  # halvings of the way before steps are longer
_MOST = 75  # steps; as many halvings leave less than the spacing of doubles near any limit
_TINY = 2.0**-76  # what such halvings leave of 1


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
    """The last value that is not rejected, on the way from one that is not to one that is.

    Halves the way at first, as often as tells limits apart; then takes Chandrupatla's steps (1997,
    Advances in Engineering Software 28:145-149), which keep the limit between two values as
    halving does, in a third of the steps.

    Parameters
    ----------
    rejected : above 0 for a rejected value, not for ``inside``
    inside, outside : arrays of one shape; neither is asked about. Where nothing before ``outside``
        is rejected, as a difference of -1 or 1 may not be, it is the limit

    >>> end = limit_between(lambda v: v**2 - 2, np.array(0.0), np.array(9.0))
    >>> float(end)
    1.414213562373095
    """
    ends = inside, outside = np.asarray(inside), np.asarray(outside)
    middle = inside
    for _ in range(_SURE):
        middle = (inside + outside) / 2
        out = rejected(middle) > 0
        inside, outside = np.where(out, inside, middle), np.where(out, middle, outside)
    # b is on the other side of the limit than a, the newest value; c is what was left last.
    a, at_a = outside, _asked(rejected, outside, ends[1], middle, np.inf)
    b, at_b = inside, _asked(rejected, inside, ends[0], middle, -np.inf)
    step: FloatArray | float = 0.5
    found = np.zeros(a.shape, dtype=bool)  # one's limit is what it is among any others
    for _ in range(_MOST):
        x = np.where(found, middle, a + step * (b - a))
        at_x = rejected(x)
        same = (at_x > 0) == (at_a > 0)
        c, at_c = np.where(same, a, b), np.where(same, at_a, at_b)
        same |= found
        b, at_b = np.where(same, b, a), np.where(same, at_b, at_a)
        a, at_a = np.where(found, a, x), np.where(found, at_a, at_x)
        spacing = np.finfo(float).eps * np.maximum(np.abs(a), np.abs(b)) + _TINY
        width = np.abs(b - a)
        found |= width <= 2 * spacing
        if found.all():
            break
        # Where the three do not lie on a curve that a quadratic follows well, half the way.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
            quadratic = at_a / (at_b - at_a) * at_c / (at_b - at_c)
            quadratic += (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
            fits = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(quadratic)
            least = np.minimum(spacing / width, 0.5)
        step = np.where(fits, np.clip(quadratic, least, 1 - least), 0.5)
    return np.where(at_a > 0, b, a)


def _asked(
    rejected: Callable[[FloatArray], FloatArray],
    value: FloatArray,
    end: FloatArray,
    known: FloatArray,
    unasked: float,
) -> FloatArray:
    """What ``rejected`` says of ``value``, and ``unasked`` where that is an end of the way."""
    inner = value != end
    return np.where(inner, rejected(np.where(inner, value, known)), unasked)
