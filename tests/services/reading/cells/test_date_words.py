"""What is said of dates that were not read. Oracle: the cells as written."""

from __future__ import annotations

import datetime as dt

from services.reading.cells.rules import ValueRules
from tests.services.reading.cells.written import dates_of, days, numbers, read


def test_an_order_nothing_proves_is_asked() -> None:
    cells = ["01/02/2020", "03/04/2020", "2020-06-30"]
    frame, findings = read({"TRTSDT": cells})
    assert dates_of(frame["TRTSDT"]) == days([None, None, "2020-06-30"])
    (found,) = findings
    assert (found.severity, found.count) == ("warning", 2)
    assert "TRTSDT may be written with the day first or the month first" in found.message
    assert 'order = "dmy"' in found.remedy
    frame, findings = read({"TRTSDT": cells[:2]})
    assert frame["TRTSDT"].isna().all()
    assert [f.severity for f in findings] == ["warning"]
    for order, expected in (("dmy", "2020-02-01"), ("mdy", "2020-01-02")):
        frame, _ = read({"TRTSDT": cells[:2]}, ValueRules(order=order))  # type: ignore[arg-type]
        assert dates_of(frame["TRTSDT"])[0] == dt.date.fromisoformat(expected)


def test_both_orders_in_one_column_are_not_read() -> None:
    cells = ["31/01/2020", "01/31/2020", "02/03/2020"]
    frame, findings = read({"TRTSDT": cells})
    assert frame["TRTSDT"].isna().all()
    assert "the day first in some cells and the month first in others" in findings[0].message


def test_two_digits_of_a_year_need_a_pivot_and_it_is_told() -> None:
    frame, findings = read({"RANDDT": ["01JAN20", "31DEC49", "01JAN50"]})
    assert dates_of(frame["RANDDT"]) == days(["2020-01-01", "2049-12-31", "1950-01-01"])
    assert "two-digit years (RANDDT) read as 1950 to 2049" in findings[0].message
    frame, _ = read({"RANDDT": ["01JAN20", "01JAN19"]}, ValueRules(pivot=1920))
    assert dates_of(frame["RANDDT"]) == days(["1920-01-01", "2019-01-01"])
    # 20-01-31 is a day of 2020 or of 2031.
    frame, findings = read({"RANDDT": ["20-01-31", "20-02-28"]})
    assert frame["RANDDT"].isna().all()
    frame, _ = read({"RANDDT": ["20-01-31", "20-02-28"]}, ValueRules(order="ymd"))
    assert dates_of(frame["RANDDT"]) == days(["2020-01-31", "2020-02-28"])


def test_numbers_that_fit_no_epoch_are_asked() -> None:
    """Known dates over 30 years: days of SAS and of Unix both lie among them."""
    known = ["1985-01-01", "2015-01-01"]
    cells = numbers([dt.date(1990, 1, 1), dt.date(1995, 1, 1)], "sas")
    frame, findings = read({"RANDDT": known[:1] * 2, "EOSDT": known[1:] * 2, "DTHDT": cells})
    assert frame["DTHDT"].tolist() == [float(c) for c in cells]
    (found,) = findings
    assert (found.severity, found.count) == ("warning", 2)
    assert 'epoch = "sas"' in found.remedy
