"""PARAMCD in two spellings. Oracle: records counted by hand."""

from __future__ import annotations

import pandas as pd

from services.reading import build as reading_build
from services.reading.formats.read import read_table
from services.study.model import Study


def build(codes: list[tuple[str, str]], **meta: object) -> Study:
    """Records of (patient, PARAMCD), all on one arm, without an ADSL."""
    rows = [
        {"USUBJID": who, "TRTP": "A", "PARAMCD": code, "AVAL": i, "AVALU": "DAYS", "CNSR": 0}
        for i, (who, code) in enumerate(codes, 1)
    ]
    table = read_table(pd.DataFrame(rows).to_csv(index=False).encode(), "adtte.csv")
    return reading_build.build(None, table, None, id="codes", meta=meta)


def told(study: Study) -> str:
    return "\n".join(f.message for f in study.report.findings)


def test_two_spellings_of_different_patients_are_one_endpoint_and_told() -> None:
    study = build([("P1", "OS"), ("P2", "OS"), ("P3", "os"), ("P1", "PFS")])
    assert sorted(e.id for e in study.endpoints) == ["OS", "PFS"]
    assert len(study.endpoint_rows("OS")) == 3
    assert "PARAMCD “OS”, “os” differ only in case: merged into one endpoint, “OS”." in told(study)


def test_the_study_file_says_which_spelling_stands() -> None:
    study = build([("P1", "OS"), ("P2", "OS"), ("P3", "os")], endpoints=[{"id": "os"}])
    assert [e.id for e in study.endpoints] == ["os"]
    assert len(study.endpoint_rows("os")) == 3


def test_records_of_both_for_a_patient_stay_apart_and_are_told() -> None:
    study = build([("P1", "OS"), ("P1", "os"), ("P2", "os")])
    assert len(study.endpoints) == 2
    assert "patients have records of both: they are separate endpoints" in told(study)


def test_codes_that_differ_are_left_alone() -> None:
    study = build([("P1", "OS"), ("P1", "PFS")])
    assert "PARAMCD" not in told(study)


def test_an_endpoint_without_any_flag_is_named_as_analyzed() -> None:
    rows = [
        {"USUBJID": who, "TRTP": "A", "PARAMCD": code, "AVAL": 5, "AVALU": "DAYS", "CNSR": 0,
         "ANL01FL": flagged}
        for who, code, flagged in (("P1", "PFS", "Y"), ("P2", "PFS", ""), ("P1", "OS", ""))
    ]  # fmt: skip
    table = read_table(pd.DataFrame(rows).to_csv(index=False).encode(), "adtte.csv")
    study = reading_build.build(None, table, None, id="flags", meta={})
    assert len(study.endpoint_rows("PFS")) == len(study.endpoint_rows("OS")) == 1
    assert (
        "only records flagged Y are analyzed; the others are left out, but for OS, of which no"
        " record is flagged: all are analyzed."
    ) in told(study)
