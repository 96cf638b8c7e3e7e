"""The time axis: where it has its ticks."""

from __future__ import annotations

import numpy as np

from services.views.study import View

MOST_TICKS = 120
# Steps people count follow-up in: quarters, half-years and years.
_STEPS = (1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 36.0, 60.0)
_WEEKS = (1.0, 2.0, 4.0, 8.0, 13.0, 26.0, 52.0, 104.0, 156.0, 260.0, 520.0)


def tick_step(longest: float, most: int, unit: str = "months") -> float:
    """A round spacing that puts at most ``most`` ticks on 0..longest: of time, else 1-2-5.

    >>> tick_step(58, 10), tick_step(200, 10), tick_step(200, 10, "weeks")
    (6.0, 24.0, 26.0)
    """
    if not longest > 0:
        return 1.0
    for step in _WEEKS if unit == "weeks" else _STEPS:
        if step * most >= longest and longest >= step:
            return step
    power = 10.0 ** np.floor(np.log10(longest / most))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power * most >= longest))


def ticks(view: View, longest: float) -> tuple[float, ...]:
    """Where the time axis and the table under it have their ticks: from 0 to its end.

    A spacing too fine to be drawn becomes the finest round one that is not.
    """
    end = view.xmax or longest
    step = view.ticks or tick_step(end, 10, view.unit)
    if end / step > MOST_TICKS:
        step = tick_step(end, MOST_TICKS)
    count = int(np.floor(end / step + 1e-9))
    return tuple(float(f"{i * step:.10g}") for i in range(count + 1))
