"""ADTTE into endpoints and times. Oracle: small tables read by hand."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pytest

from services.errors import UserError
from services.reading import build as reading_build
from services.reading.formats.read import read_table
from tests.services.reading.tables import build, messages, tte

# --- times ----------------------------------------------------------------------------------


def test_times_in_days_and_events() -> None:
    times = build().times
    assert list(times.columns) == [
        "USUBJID", "PARAMCD", "TIME", "EVENT", "EVENT_TEXT", "EVENT_TYPE", "CNSR",
    ]  # fmt: skip
    assert times["TIME"].tolist() == [30.4375, 0.0, 3 * 30.4375, 40 * 30.4375]
    assert times["TIME"].dtype == np.float64
    assert times["EVENT"].tolist() == [True, False, True, False]  # CNSR 2 is censored
    assert times["EVENT"].dtype == bool
    assert times["EVENT_TEXT"].tolist() == [
        "Progression: anemia (CRAB)", "Withdrew", "DEATH", "Alive",
    ]  # fmt: skip


def test_endpoints() -> None:
    pfs, os_ = build().endpoints
    assert (pfs.id, pfs.label) == ("PFS", "Progression-Free Survival")
    assert (pfs.short, pfs.event) == ("progression-free", "death or progression")
    assert (os_.id, os_.short, os_.event) == ("OS", "alive", "Overall Survival")
    spec = {"id": "OS", "label": "L", "short": "s", "event": "e", "landmarks": [36, 12]}
    first = build(endpoints=[spec]).endpoints[0]
    assert (first.id, first.label, first.landmarks) == ("OS", "L", (12.0, 36.0))
    with pytest.raises(UserError, match="endpoint DFS has no usable records"):
        build(endpoints=[{"id": "DFS"}])


def test_parameters_that_are_no_times_are_set_apart() -> None:
    study = build(
        tte(
            """
            S1,Drug,OS,x,1,DAYS,0
            S1,Drug,TNE,Exacerbations,1,COUNT,0
            S1,Drug,NUM,NumberofX,1,,0
            S1,Drug,ODD,x,1,FURLONGS,0
            S1,Drug,NOC,x,1,DAYS,
            """
        ).replace("NumberofX", "Number of X")
    )
    assert [e.id for e in study.endpoints] == ["OS"]
    notes, warnings = messages(study, "note"), messages(study, "warning")
    assert "Parameter TNE set apart: its unit is COUNT. [1]" in notes
    assert "Parameter NUM set apart: “Number of X” is not a time. [1]" in notes
    assert "Parameter ODD set apart: its unit is FURLONGS. [1]" in warnings
    assert "Parameter NOC set apart: it has no CNSR. [1]" in warnings
    with pytest.raises(UserError, match="contains no time-to-event parameter"):
        build(tte("S1,Drug,TNE,x,1,COUNT,0"))


def test_unusable_records_are_left_out_and_counted() -> None:
    study = build(
        tte(
            """
            S1,Drug,OS,x,1,DAYS,0
            S1,Drug,PFS,x,-1,DAYS,0
            S2,Drug,OS,x,,DAYS,0
            S2,Drug,PFS,x,1,DAYS,
            S3,Placebo,OS,x,5,DAYS,0.5
            S3,Placebo,PFS,x,5,DAYS,-1
            S9,Placebo,PFS,x,5,DAYS,1
            S1,Drug,,x,5,DAYS,1
            """
        )
    )
    assert study.times[["USUBJID", "PARAMCD"]].to_numpy().tolist() == [["S1", "OS"]]
    said = messages(study, "warning")
    assert "OS: records without AVAL left out: S2. [1]" in said
    assert "PFS: records with a time below 0 left out: S1. [1]" in said
    assert "PFS: records without CNSR left out: S2. [1]" in said
    assert "OS: records whose CNSR is not a whole number of 0 or more left out: S3. [1]" in said
    assert "PFS: records whose CNSR is not a whole number of 0 or more left out: S3. [1]" in said
    assert "subjects not in the study left out: S9. [1]" in said
    assert "ADTTE records without PARAMCD left out. [1]" in said


def test_records_of_another_unit_than_time() -> None:
    study = build(
        tte(
            """
            S1,Drug,OS,x,1,DAYS,0
            S2,Drug,OS,x,1,LIGHTYEARS,0
            S3,Placebo,OS,x,2,MONTHS,0
            S1,Drug,PFS,x,1e+308,YEARS,0
            S3,Placebo,PFS,x,1,YEARS,0
            """
        )
    )
    assert study.times["TIME"].tolist() == [1.0, 2 * 30.4375, 365.25]
    said = messages(study, "warning")
    assert "OS: records left out whose AVALU is LIGHTYEARS. [1]" in said
    assert "PFS: records with an infinite time left out: S1. [1]" in said


def test_duplicate_records_are_an_error() -> None:
    with pytest.raises(UserError, match="1 subject with more than one record") as caught:
        build(tte("S1,Drug,OS,x,1,DAYS,0\nS1,Drug,OS,x,1,DAYS,0\nS1,Drug,PFS,x,1,DAYS,0"))
    assert caught.value.details == ("S1: OS",)


def test_anl01fl_chooses_the_record() -> None:
    header = "USUBJID,PARAMCD,AVAL,AVALU,CNSR,ANL01FL"
    study = build(tte("S1,OS,1,DAYS,0,\nS1,OS,2,DAYS,0,Y\nS3,PFS,3,DAYS,0,", header))
    assert study.times["TIME"].tolist() == [2.0, 3.0]  # PFS does not use the flag
    assert "the others are left out, but for PFS, of which no record is flagged: all" in messages(
        study
    )


def test_text_where_numbers_belong() -> None:
    with pytest.raises(UserError, match="AVAL contains values that are not numbers: '12mo'"):
        build(tte("S1,Drug,OS,x,12mo,DAYS,0\nS3,Drug,OS,x,12,DAYS,0"))


def test_event_types() -> None:
    header = "USUBJID,PARAMCD,AVAL,AVALU,CNSR,EVNTTYPE,KIND"
    adtte = tte("S1,PFS,1,DAYS,0,CRAB,k1\nS3,PFS,2,DAYS,1,CRAB,k2\nS1,OS,2,DAYS,0,,k3", header)
    study = build(adtte)
    assert study.times["EVENT_TYPE"].tolist() == ["CRAB", "", ""]
    assert [e.type_column for e in study.endpoints] == ["EVNTTYPE", None]
    study = build(adtte, endpoints=[{"id": "OS", "type_column": "KIND"}])
    assert study.times["EVENT_TYPE"].tolist() == ["CRAB", "", "k3"]
    with pytest.raises(UserError, match="ADTTE has no column NONE"):
        build(adtte, endpoints=[{"id": "OS", "type_column": "NONE"}])


def test_formulas_never_calculated_are_named_where_no_time_is_left() -> None:
    book = openpyxl.Workbook()
    book.active.append(["USUBJID", "TRTP", "PARAMCD", "PARAM", "AVAL", "AVALU", "CNSR"])
    book.active.append(["S1", "Drug", "OS", "Overall survival", "=4+5", "DAYS", 0])
    saved = io.BytesIO()
    book.save(saved)
    adtte = read_table(saved.getvalue(), "times.xlsx")
    with pytest.raises(UserError, match=r"No record of times\.xlsx has both") as problem:
        reading_build.build(None, adtte, None, id="test")
    assert any("not been calculated" in line for line in problem.value.details)


def test_the_label_stands_in_for_a_code_that_is_empty_throughout() -> None:
    rows = "S1,Drug,,OverallSurvival,9,DAYS,0\nS2,Drug,,OverallSurvival,8,DAYS,1"
    study = build(tte(rows), adsl=None)
    assert [e.id for e in study.endpoints] == ["OverallSurvival"]
    assert study.times["TIME"].tolist() == [9.0, 8.0]


def test_who_is_left_out_only_for_the_spelling_of_the_identifier_is_said() -> None:
    adtte = "USUBJID,PARAMCD,AVAL,AVALU,CNSR\ns1,OS,9,DAYS,0\nS3,OS,8,DAYS,1\ns2,OS,3,DAYS,0\n"
    told = [f.remedy for f in build(adtte).report.findings if "not in the study" in f.message]
    assert told == ["“s1” there and “S1” here differ only in case, and 1 more likewise."]
    with pytest.raises(UserError, match="belongs to a subject") as problem:
        build(adtte.replace("S3", "s3"))
    assert "differ only in case, and 2 more likewise" in problem.value.hint
