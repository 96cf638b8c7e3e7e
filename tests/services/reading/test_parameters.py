"""PARAMCD in two spellings. Oracle: records counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from services.errors import UserError
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


def flagged_only_by(name: str, both: bool) -> pd.DataFrame:
    """P1 with two records of OS, if ``both``, of which a flag chooses the second."""
    rows = [
        {"USUBJID": who, "TRTP": "A", "PARAMCD": "OS", "AVAL": time, "AVALU": "DAYS", "CNSR": 0,
         name: flag}
        for who, time, flag in (("P1", 5, ""), ("P1", 7, "Y"), ("P2", 9, "Y"))
    ]  # fmt: skip
    return pd.DataFrame(rows if both else rows[1:])


def test_a_flag_that_is_not_read_is_named() -> None:
    """ADaM has ANL01FL to ANL99FL; the first alone chooses records here."""

    def of(name: str, both: bool) -> Study:
        csv = flagged_only_by(name, both).to_csv(index=False).encode()
        return reading_build.build(None, read_table(csv, "adtte.csv"), None, id="f", meta={})

    assert of("ANL01FL", True).times["TIME"].tolist() == [7.0, 9.0]
    with pytest.raises(UserError, match="more than one record") as caught:
        of("ANL02FL", True)
    assert caught.value.hint == (
        "Keep one record per USUBJID and PARAMCD, or flag it with ANL01FL = Y; ANL02FL is not used"
        " in its place."
    )
    assert "ANL03FL is not used: only ANL01FL says which" in told(of("ANL03FL", False))
    assert "ANL0" not in told(of("OTHERFL", False))
