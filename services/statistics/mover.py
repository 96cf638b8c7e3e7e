"""Differences of two independent estimates from their own intervals, kept in their range."""

from __future__ import annotations

import math

from services.statistics.proportions import clopper_pearson
from services.statistics.results import Estimate


def mover(arm: Estimate, reference: Estimate) -> Estimate:
    """Arm minus reference, with limits recovered from both arms' limits.

    lower = d - sqrt((a - lower_a)^2 + (upper_b - b)^2), upper likewise. Limits of shares within
    0 and 1 give a difference within -1 and 1; those of means within 0 and tau, one within tau.

    Source: method of variance estimates recovery, Zou and Donner (2008), Statistics in Medicine
    27:1693-1702. It keeps the arms' asymmetric limits.

    >>> d = mover(Estimate(0.4, 0.3, 0.5), Estimate(0.1, 0.05, 0.2))
    >>> round(d.estimate, 3), round(d.lower, 3), round(d.upper, 3)
    (0.3, 0.159, 0.412)
    """
    a, low_a, high_a = arm.estimate, arm.lower, arm.upper
    b, low_b, high_b = reference.estimate, reference.lower, reference.upper
    if a is None or b is None:
        return Estimate(None, None, None, arm.reason if a is None else reference.reason)
    if low_a is None or high_a is None or low_b is None or high_b is None:
        return Estimate(a - b, None, None, "an arm has no interval")
    difference = a - b
    return Estimate(
        difference,
        difference - math.hypot(a - low_a, high_b - b),
        difference + math.hypot(high_a - a, b - low_b),
    )


def exact_at_end(survival: float, followed: int, level: float) -> tuple[float, float]:
    """Limits of survival where it is 0 or 1, where Greenwood's variance says nothing.

    Exact (Clopper-Pearson) of those whose state at the time is known.

    Parameters
    ----------
    survival : 0 or 1
    followed : patients who had the event by then or were followed beyond it; 1 or more

    >>> low, high = exact_at_end(1.0, 4, 0.95)
    >>> round(low, 4), high
    (0.3976, 1.0)
    """
    found = clopper_pearson(followed if survival > 0.5 else 0, followed, level)
    assert found.lower is not None
    assert found.upper is not None
    return found.lower, found.upper
