"""Units of time."""

from __future__ import annotations

DAYS_PER_UNIT = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


def convert(value: float, before: str, after: str) -> float:
    """A time in another unit, to six digits, so that it comes back as it was.

    >>> convert(18, "months", "years"), convert(18, "months", "days")
    (1.5, 547.875)
    """
    return float(f"{value * DAYS_PER_UNIT[before] / DAYS_PER_UNIT[after]:.6g}")
