"""Dates as numbers. Oracle: the epochs of SAS, Unix and Excel."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from services.reading.cells.rules import ValueRules
from tests.services.reading.cells.written import EPOCHS, dates_of, numbers, read

NAMES = {"sas": "SAS", "unix": "Unix or R", "excel": "Excel"}


@pytest.mark.parametrize("epoch", list(EPOCHS))
def test_the_epoch_follows_from_the_other_dates(epoch: str) -> None:
    dates = [dt.date(2020, 1, 1), dt.date(2021, 5, 31)]
    frame, findings = read(
        {"TRTSDT": ["2020-01-01", "2021-05-01"], "TRTEDT": numbers(dates, epoch)}
    )
    assert dates_of(frame["TRTEDT"]) == dates
    (found,) = findings
    assert found.severity == "note"
    assert f"TRTEDT holds numbers, read as {NAMES[epoch]} days since" in found.message


@pytest.mark.parametrize(("epoch", "read_as"), [("sas", "sas"), ("excel", "excel")])
def test_numbers_alone_are_those_of_sas_unless_they_cannot_be(epoch: str, read_as: str) -> None:
    dates = [dt.date(2020, 1, 1), dt.date(2021, 5, 31)]
    frame, findings = read({"TRTSDT": numbers(dates, epoch), "TRTEDT": numbers(dates, epoch)})
    assert dates_of(frame["TRTSDT"]) == dates
    assert "TRTSDT, TRTEDT hold numbers" in findings[0].message
    assert "no other date in the study confirms this" in findings[0].message
    frame, _ = read({"TRTSDT": numbers(dates, "unix")}, ValueRules(epoch="unix"))
    assert dates_of(frame["TRTSDT"]) == dates


def test_seconds_and_years_as_numbers() -> None:
    second = (dt.datetime(2020, 1, 2, 6) - dt.datetime(1970, 1, 1)).total_seconds()
    frame, _ = read({"TRTSDT": ["2020-01-01"], "TRTEDTM": [str(int(second))]})
    assert frame["TRTEDTM"].tolist() == [pd.Timestamp("2020-01-02T06:00")]
    frame, findings = read({"TRTSDT": ["2020-01-01", "2020-01-02"], "DTHDT": ["2020", "2021"]})
    assert frame["DTHDT"].isna().all()
    assert [(f.severity, f.count) for f in findings] == [("warning", 2)]
    assert "partial date" in findings[0].message
