"""Dates as text. Oracle: the date that was written."""

from __future__ import annotations

import datetime as dt

import pytest

from services.values.date_text import parse


@pytest.mark.parametrize("cell", ["2020-01-31T23:30-08:00", "2020-01-31T00:30+05:30"])
def test_a_zone_moves_no_date(cell: str) -> None:
    assert parse(cell, 1950).date.date() == dt.date(2020, 1, 31)  # type: ignore[union-attr]
