"""Units of time."""

from __future__ import annotations

DAYS_PER_UNIT = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


def convert(value: float, before: str, after: str) -> float:
    """A time in another unit, in as many digits as its day takes: it comes back as it was.

    >>> convert(18, "months", "years"), convert(18, "months", "days")
    (1.5, 547.875)
    >>> convert(261, "days", "years"), convert(0.714579055441, "years", "days")
    (0.714579055441, 261.0)
    """
    # By way of its day, which most times have in few digits: what is lost is not added up.
    return _short(_short(value * DAYS_PER_UNIT[before]) / DAYS_PER_UNIT[after])


def _short(exact: float) -> float:
    # Six digits of a year are four minutes, and those who had an event on that day would not count.
    shortened = (float(f"{exact:.{digits}g}") for digits in (6, 9, 12))
    return next((time for time in shortened if abs(time - exact) <= 1e-11 * exact), exact)
