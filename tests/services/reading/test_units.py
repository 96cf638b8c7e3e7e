"""Units of times. Oracle: small tables read by hand."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.reading.units import label_unit, strip_unit
from tests.services.reading.tables import build, messages, tte


@pytest.mark.parametrize(
    ("unit", "days"),
    [("DAYS", 1), ("Day", 1), ("WEEKS", 7), ("months", 30.4375), ("YEARS", 365.25),
     ("HOURS", 1 / 24), ("Day(s)", 1), ("MONTH(S)", 30.4375), ("yrs.", 365.25)],
)  # fmt: skip
def test_units_of_avalu(unit: str, days: float) -> None:
    study = build(tte(f"S1,Drug,PFS,x,2,{unit},0\nS3,Placebo,PFS,x,2,,0"))
    assert study.times["TIME"].tolist() == [2 * days, 2 * days]
    assert "1 record without AVALU assumed to be" in messages(study)


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("Overall Survival (Days)", "days"),
        ("Overall Survival [months]", "months"),
        ("Overall survival, years", "years"),
        ("Time to response in weeks", "weeks"),
        ("Time to Day 28 Response", ""),
        ("Overall Survival", ""),
    ],
)
def test_units_of_labels(label: str, unit: str) -> None:
    assert label_unit(label) == unit
    assert strip_unit("PFS (Months)") == "PFS"


def test_the_label_gives_the_unit() -> None:
    study = build("USUBJID,PARAMCD,PARAM,AVAL,CNSR\nS1,OS,Overall Survival (Weeks),2,0\n")
    assert study.times["TIME"].tolist() == [14.0]
    assert ("Time of OS", "AVAL in weeks (label “Overall Survival (Weeks)”)") in study.report.mapped


DATED = "USUBJID,PARAMCD,STARTDT,ADT,AVAL,CNSR\n"


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ((31, 367), "days"),
        ((30, 366), "days"),
        ((1.0, 12.1), "months"),
        ((4.4, 52.4), "weeks"),
        ((1, 2), None),
        ((31, 300), None),
    ],
)
def test_dates_prove_the_unit_or_do_not(values: tuple[float, float], unit: str | None) -> None:
    adtte = DATED + (
        f"S1,PFS,2020-01-01,2020-01-31,{values[0]},0\nS3,PFS,2020-01-01,2021-01-01,{values[1]},0\n"
    )
    if unit is None:
        with pytest.raises(UserError, match="the unit of the times of PFS") as caught:
            build(adtte)
        assert 'time_unit = "days"' in caught.value.hint
        assert build(adtte, time_unit="years").times["TIME"].tolist() == [
            365.25 * v for v in values
        ]
    else:
        assert f"PFS: No unit given: {unit}, since AVAL" in messages(build(adtte))


@pytest.mark.parametrize("words", ["global health score", "platelet count", "response rate"])
def test_a_label_of_counts_is_a_time_where_the_dates_or_its_words_say_so(words: str) -> None:
    rows = "S1,TTW,{0},2020-01-01,2020-01-31,31,0\nS3,TTW,{0},2020-01-01,2020-01-02,2,0\n"
    header = "USUBJID,PARAMCD,PARAM,STARTDT,ADT,AVAL,CNSR\n"
    study = build(header + rows.format(f"Worsening of {words}"))
    assert study.times["TIME"].tolist() == [31.0, 2.0]
    undated = header + rows.replace("2020-01-01", "").format(f"Time to worsening of {words}")
    with pytest.raises(UserError, match="the unit of the times of TTW") as caught:
        build(undated)
    assert "choose the time unit" in caught.value.hint
    counted = header + rows.replace("2020-01-01", "").format(f"Worst {words}")
    with pytest.raises(UserError, match="no time-to-event parameter"):
        build(counted)


def test_dates_with_times_of_day_and_a_unit_they_contradict() -> None:
    adtte = "USUBJID,PARAMCD,STARTDTM,ADTM,AVAL,CNSR\nS1,OS,2020-01-01T09:00,2020-01-02T08:00,2,0\n"
    study = build(adtte, time_unit="months")
    assert study.times["TIME"].tolist() == [2.0]
    assert "study.toml says months, which the dates contradict" in messages(study)


def test_units_that_differ_between_records_are_each_read_and_told() -> None:
    rows = "S1,Drug,OS,Survival,14,DAYS,0\nS2,Drug,OS,Survival,2,weeks,0\nS3,Drug,OS,Survival,3,D,1"
    study = build(tte(rows), adsl=None)
    assert study.times["TIME"].tolist() == [14.0, 14.0, 3.0]
    assert "differ between records, each read in its own: days in 2, weeks in 1" in messages(
        study, "warning"
    )
    same = build(tte(rows.replace("2,weeks", "14,Day")), adsl=None)
    assert "differ between records" not in messages(same)
