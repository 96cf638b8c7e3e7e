"""Times in other units. Oracle: the time as it was typed."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from services.units import DAYS_PER_UNIT, convert


@pytest.mark.parametrize(
    ("typed", "unit"), [(31.0, "days"), (41.8, "days"), (441.0, "weeks"), (310.0, "days")]
)
def test_a_time_comes_back_however_often_the_unit_is_changed(typed: float, unit: str) -> None:
    for between in product(DAYS_PER_UNIT, repeat=6):
        time = typed
        for before, after in pairwise((unit, *between, unit)):
            time = convert(time, before, after)
        assert time == typed, between
