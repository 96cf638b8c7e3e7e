"""ADaM tables into a study. Oracles: hand-made tables; public studies under ``../shared``."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from services import adam
from services.adam_columns import natural_order
from services.adam_units import label_unit, strip_unit
from services.errors import UserError
from services.reading.names import role_of
from services.study import DASHES, NEUTRAL, PALETTE, Study
from services.study_files import read_study
from services.tables import Table, read_table
from tests.services.sas7bdat_writer import sas7bdat

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "adam"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared ADaM files are absent")

ADSL = """USUBJID,TRT01P,TRT01PN,TRT01A,ITTFL,SAFFL,AGE,AGEU,SEX,BMPC,MPROT,FLCR
S1,Drug,1,Drug,Y,Y,64,YEARS,F,20,2,20
S2,Drug,1,,Y,N,65,YEARS,M,21,2,20
S3,Placebo,2,Drug,Y,Y,74,YEARS,,21,2.5,1
S4,Placebo,2,Placebo,N,Y,75,YEARS,F,21,,
S5,Screen Failure,,Screen Failure,N,N,50,YEARS,M,1,1,1
"""
ADTTE = """USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,EVNTDESC,CNSDTDSC
S1,PFS,Progression-Free Survival (Months),1,MONTHS,0,Progression: anemia (CRAB),
S2,PFS,Progression-Free Survival (Months),0,MONTHS,2,,Withdrew
S3,PFS,Progression-Free Survival (Months),3,MONTHS,0,DEATH,
S4,PFS,Progression-Free Survival (Months),3,MONTHS,0,DEATH,
S1,OS,Overall Survival (Months),40,MONTHS,1,Alive,
"""


def table(text: str, name: str = "t.csv") -> Table:
    return read_table(text.encode(), name)


def build(
    adtte: str = ADTTE, adsl: str | None = ADSL, adae: str | None = None, **meta: Any
) -> Study:
    return adam.build(
        table(adsl, "adsl.csv") if adsl else None,
        table(adtte, "adtte.csv"),
        table(adae, "adae.csv") if adae else None,
        id="test",
        meta=meta,
    )


def tte(rows: str, header: str = "USUBJID,TRTP,PARAMCD,PARAM,AVAL,AVALU,CNSR") -> str:
    return header + "\n" + rows.strip().replace(" ", "") + "\n"


def messages(study: Study, severity: str = "") -> str:
    return "\n".join(
        f"{f.message} [{f.count}]" for f in study.report.findings if severity in f.severity
    )


# --- arms and populations -------------------------------------------------------------------


def test_arms_planned_and_actual() -> None:
    study = build()
    assert [(a.name, a.role) for a in study.arms] == [
        ("Drug", "experimental"),
        ("Placebo", "reference"),
    ]
    assert [a.color for a in study.arms] == [PALETTE[0], NEUTRAL]
    assert [a.dash for a in study.arms] == list(DASHES[:2])
    assert study.reference_arm == "Placebo"
    # S4 is outside the ITT population: no arm for efficacy, still one for safety.
    assert study.subjects["ARM_PLANNED"].to_dict() == {
        "S1": "Drug", "S2": "Drug", "S3": "Placebo", "S4": "",
    }  # fmt: skip
    assert study.subjects["ARM_ACTUAL"].tolist() == ["Drug", "", "Drug", "Placebo"]
    assert study.subjects.index.name == "USUBJID"
    said = messages(study)
    left = "Subjects without an arm (screen failures) left out: “Screen Failure” 1. [1]"
    assert left in said
    assert "Subjects outside the efficacy population (ITTFL). [1]" in said
    assert "outside the efficacy population left out. [1]" in said
    assert "Reference arm taken to be “Placebo”, by its name." in said
    assert ("Planned arm (efficacy)", "TRT01P of adsl.csv") in study.report.mapped


def test_without_ittfl_everyone_with_an_arm_counts() -> None:
    study = build(adsl=ADSL.replace("ITTFL", "OTHERFL"))
    assert study.subjects["ARM_PLANNED"].tolist() == ["Drug", "Drug", "Placebo", "Placebo"]
    assert ("Efficacy population", "all subjects with a planned arm (no ITTFL)") in (
        study.report.mapped
    )


def test_ittfl_of_nobody_is_an_error() -> None:
    with pytest.raises(UserError, match="ITTFL is Y for no subject"):
        build(adsl=ADSL.replace(",Y,", ",N,"))


@pytest.mark.parametrize("column", ["TRT01P", "TRTP", "ARM"])
@pytest.mark.parametrize("actual", ["TRT01A", "TRTA", "ACTARM"])
def test_whatever_the_arm_is_called(column: str, actual: str) -> None:
    study = build(adsl=f"USUBJID,{column},{actual}\nS1,A,B\nS2,B,B\nS3,A,A\nS4,B,A\n")
    assert study.subjects["ARM_PLANNED"].tolist() == ["A", "B", "A", "B"]
    assert study.subjects["ARM_ACTUAL"].tolist() == ["B", "B", "A", "A"]
    assert study.reference_arm == "A"
    assert [a.name for a in study.arms] == ["B", "A"]


def test_arms_follow_their_numbers_and_the_reference_comes_last() -> None:
    adsl = "USUBJID,TRT01P,TRT01PN\nS1,Standard of care,1\nS2,Z,2\nS3,A,3\nS4,A,3\n"
    assert [a.name for a in build(adsl=adsl).arms] == ["Z", "A", "Standard of care"]
    assert [a.name for a in build(adsl=adsl, reference_arm="A").arms] == [
        "Standard of care", "Z", "A",
    ]  # fmt: skip


def test_a_single_arm_has_no_reference() -> None:
    study = build(adsl="USUBJID,ARM\nS1,A\nS2,A\nS3,A\nS4,A\n")
    assert [(a.name, a.role) for a in study.arms] == [("A", "single")]
    assert study.reference_arm is None


def test_arms_of_the_study_file() -> None:
    arms = [{"name": "Drug", "color": "#123456", "regimen": "25 mg"}, {"name": "Placebo"}]
    drug = build(arms=arms).arm("Drug")
    assert (drug.color, drug.regimen, drug.role) == ("#123456", "25 mg", "experimental")
    with pytest.raises(UserError) as caught:
        build(arms=[{"name": "Drug"}, {"name": "placebo"}])
    assert caught.value.details == (
        "In the data, not in study.toml: Placebo",
        "In study.toml, not in the data: placebo",
    )
    with pytest.raises(UserError, match="The reference arm “X” is no arm of the data"):
        build(reference_arm="X")


def test_no_arm_at_all() -> None:
    with pytest.raises(UserError, match="has no arm"):
        build(adsl="USUBJID,AGE\nS1,1\n")
    rows = "\n".join(f"S{i},arm {i}" for i in range(25))
    with pytest.raises(UserError, match="25 planned arms"):
        build(adsl=f"USUBJID,ARM\n{rows}\n", adtte=tte("S1,,PFS,x,1,DAYS,0"))


def test_an_arm_nobody_was_planned_for() -> None:
    study = build(adsl="USUBJID,TRT01P,TRT01A\nS1,A,A\nS2,B,C\nS3,A,A\nS4,B,B\n")
    assert "Subjects received C, for which nobody was planned" in messages(study, "warning")


def test_another_arm_in_adtte_is_reported() -> None:
    adtte = tte("S1,Drug,PFS,x,1,DAYS,0\nS3,Drug,PFS,x,1,DAYS,0")
    assert "TRTP of adtte.csv is not ADSL's planned arm, which is used: S3. [1]" in messages(
        build(adtte)
    )


def test_adtte_alone() -> None:
    adtte = tte(
        """
        S1,A,F,61,PFS,PFS,10,DAYS,0
        S1,A,F,62,OS,OS,20,DAYS,1
        S2,B,,50,PFS,PFS,30,DAYS,0
        S2,B,,50,OS,OS,30,DAYS,0
        """,
        "USUBJID,TRTP,SEX,VISIT,PARAMCD,PARAM,AVAL,AVALU,CNSR",
    )
    study = build(adtte, adsl=None)
    # VISIT varies within S1, so it is no column of the subject.
    assert list(study.subjects.columns) == ["TRTP", "SEX", "ARM_PLANNED", "ARM_ACTUAL"]
    assert study.subjects.loc["S2", "ARM_PLANNED"] == "B"
    assert len(study.times) == 4
    assert "No actual arm: TRTP of adtte.csv is used for safety too." in messages(study)


def test_adtte_alone_with_two_arms_for_a_subject() -> None:
    with pytest.raises(UserError, match="1 subjects have more than one TRTP: S1"):
        build(tte("S1,A,PFS,x,1,DAYS,0\nS1,B,OS,x,1,DAYS,0\nS2,B,OS,x,1,DAYS,0"), adsl=None)


def test_the_arm_may_come_from_adtte_only() -> None:
    study = build(
        tte("S1,A,PFS,x,1,DAYS,0\nS2,B,PFS,x,1,DAYS,0"), adsl="USUBJID,AGE\nS1,60\nS2,70\nS3,70\n"
    )
    assert study.subjects["ARM_PLANNED"].to_dict() == {"S1": "A", "S2": "B"}


# --- times ----------------------------------------------------------------------------------


def test_times_in_days_and_events() -> None:
    times = build().times
    assert list(times.columns) == [
        "USUBJID", "PARAMCD", "TIME", "EVENT", "EVENT_TEXT", "EVENT_TYPE",
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
    assert (pfs.short, pfs.event) == ("progression-free", "death, progression")
    assert (os_.id, os_.short, os_.event) == ("OS", "alive", "Overall Survival")
    spec = {"id": "OS", "label": "L", "short": "s", "event": "e", "landmarks": [36, 12]}
    first = build(endpoints=[spec]).endpoints[0]
    assert (first.id, first.label, first.landmarks) == ("OS", "L", (12.0, 36.0))
    with pytest.raises(UserError, match="endpoint DFS has no usable records"):
        build(endpoints=[{"id": "DFS"}])


@pytest.mark.parametrize(
    ("unit", "days"),
    [("DAYS", 1), ("Day", 1), ("WEEKS", 7), ("months", 30.4375), ("YEARS", 365.25),
     ("HOURS", 1 / 24), ("Day(s)", 1), ("MONTH(S)", 30.4375), ("yrs.", 365.25)],
)  # fmt: skip
def test_units_of_avalu(unit: str, days: float) -> None:
    study = build(tte(f"S1,Drug,PFS,x,2,{unit},0\nS3,Placebo,PFS,x,2,,0"))
    assert study.times["TIME"].tolist() == [2 * days, 2 * days]
    assert "1 records without AVALU taken to be" in messages(study)


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
        with pytest.raises(UserError, match="in which unit the times of PFS are") as caught:
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
    with pytest.raises(UserError, match="in which unit the times of TTW are") as caught:
        build(undated)
    assert "choose the unit of time" in caught.value.hint
    counted = header + rows.replace("2020-01-01", "").format(f"Worst {words}")
    with pytest.raises(UserError, match="no time-to-event parameter"):
        build(counted)


def test_dates_with_times_of_day_and_a_unit_they_contradict() -> None:
    adtte = "USUBJID,PARAMCD,STARTDTM,ADTM,AVAL,CNSR\nS1,OS,2020-01-01T09:00,2020-01-02T08:00,2,0\n"
    study = build(adtte, time_unit="months")
    assert study.times["TIME"].tolist() == [2.0]
    assert "study.toml says months, which the dates do not bear out" in messages(study)


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
    with pytest.raises(UserError, match="holds no time-to-event parameter"):
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
    assert "OS: records whose CNSR is no whole number from 0 left out: S3. [1]" in said
    assert "PFS: records whose CNSR is no whole number from 0 left out: S3. [1]" in said
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


def test_no_subject_is_named() -> None:
    with pytest.raises(UserError, match="USUBJID is empty"):
        build(tte(",A,OS,x,1,DAYS,0"), adsl=None)


def test_duplicate_records_are_an_error() -> None:
    with pytest.raises(UserError, match="1 subjects with more than one record") as caught:
        build(tte("S1,Drug,OS,x,1,DAYS,0\nS1,Drug,OS,x,1,DAYS,0\nS1,Drug,PFS,x,1,DAYS,0"))
    assert caught.value.details == ("S1: OS",)


def test_anl01fl_chooses_the_record() -> None:
    header = "USUBJID,PARAMCD,AVAL,AVALU,CNSR,ANL01FL"
    study = build(tte("S1,OS,1,DAYS,0,\nS1,OS,2,DAYS,0,Y\nS3,PFS,3,DAYS,0,", header))
    assert study.times["TIME"].tolist() == [2.0, 3.0]  # PFS does not use the flag
    assert "only records flagged Y are analyzed, the others left out. [1]" in messages(study)


@pytest.mark.parametrize("column", ["USUBJID", "PARAMCD", "AVAL", "CNSR"])
def test_a_missing_column_is_named(column: str) -> None:
    adtte = ADTTE.replace(column, "OTHER").replace("PARAM,", "LABEL,")
    with pytest.raises(UserError, match=f"adtte.csv has no column {column}"):
        build(adtte)


def test_text_where_numbers_belong() -> None:
    with pytest.raises(UserError, match="AVAL holds values that are not numbers: '12mo'"):
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


# --- subjects and adverse events ------------------------------------------------------------


def test_derived_groups() -> None:
    study = build()
    assert study.subjects["AGEGR1"].tolist() == ["< 65", "65-74", "65-74", ">= 75"]
    assert study.subjects["MAYO2018"].tolist()[:3] == ["Low", "Intermediate", "High"]
    assert pd.isna(study.subjects["MAYO2018"].iloc[3])
    assert study.columns["AGEGR1"].provenance == "derived"
    assert study.columns["AGEGR1"].derived_from == ("AGE",)
    assert study.columns["MAYO2018"].derived_from == ("BMPC", "MPROT", "FLCR")
    assert study.columns["MAYO2018"].levels == ("Low", "Intermediate", "High")
    assert "10.1038/s41408-018-0077-4" in study.columns["MAYO2018"].note


def test_given_groups_are_left_alone() -> None:
    adsl = "USUBJID,ARM,AGE,AGEGR1,AGEU\nS1,A,64,old,YEARS\nS3,B,70,young,YEARS\n"
    assert build(adsl=adsl).subjects["AGEGR1"].tolist() == ["old", "young"]
    assert "AGEGR1" not in build(adsl=adsl.replace("AGEGR1", "X").replace("YEARS", "DAYS")).columns


def test_columns_are_described() -> None:
    study = build(
        columns=[
            {"name": "sex", "label": "Gender", "provenance": "illustrative", "filter": True,
             "levels": ["M", "F"]},
            {"name": "AVAL", "file": "adtte", "label": "Time"},
        ]
    )  # fmt: skip
    assert set(study.columns) == set(study.subjects.columns)
    sex = study.columns["SEX"]
    assert (sex.label, sex.provenance, sex.filter) == ("Gender", "illustrative", True)
    assert sex.levels == ("M", "F")
    assert next(iter(study.columns)) == "SEX"
    assert (study.columns["AGE"].label, study.columns["AGE"].unit) == ("Age", "years")
    for file in ("adsl", "adtte"):
        with pytest.raises(UserError, match=f"names NOPE, which {file.upper()} does not have"):
            build(columns=[{"name": "NOPE", "file": file}])


def test_nothing_of_a_simulated_study_is_observed() -> None:
    study = adam.build(table(ADSL), table(ADTTE), None, id="s", kind="simulated")
    assert {c.provenance for c in study.columns.values()} == {"illustrative", "derived"}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["65-80", ">80", "<65"], ["<65", "65-80", ">80"]),
        ([">=30", "25-<30", "<25"], ["<25", "25-<30", ">=30"]),
        (["High", "Low", "Intermediate"], ["Low", "Intermediate", "High"]),
        (["SEVERE", "MILD", "MODERATE"], ["MILD", "MODERATE", "SEVERE"]),
        (["Y", "N"], ["N", "Y"]),
        (["beta", "Alpha"], ["Alpha", "beta"]),
        (["10", "9"], ["9", "10"]),
    ],
)
def test_natural_order(levels: list[str], expected: list[str]) -> None:
    assert list(natural_order(levels, pd.DataFrame({"X": levels}), "X")) == expected


def test_levels_follow_their_codes() -> None:
    adsl = "USUBJID,ARM,G,GN\nS1,A,x,2\nS2,A,y,1\nS3,B,z,0\n"
    assert build(adsl=adsl).columns["G"].levels == ("z", "y", "x")


def test_a_subject_twice_in_adsl() -> None:
    with pytest.raises(UserError, match="more than one row for 1 subjects") as caught:
        build(adsl=ADSL + "S1,Drug,1,Drug,Y,Y,64,YEARS,F,20,2,20\n")
    assert caught.value.details == ("S1",)


def test_adverse_events() -> None:
    adae = "USUBJID,AEDECOD,AETOXGR,ASTDT,AESTDTC\nS9,x,1,2020-01-01,2020\nS1,y,3,,2020-02\n"
    study = build(adae=adae)
    events = study.adverse_events
    assert events is not None
    assert events.index.tolist() == [0]
    assert events["AETOXGR"].tolist() == ["3"]
    assert events["ASTDT"].dtype == np.dtype("datetime64[us]")
    assert events["AESTDTC"].tolist() == ["2020-02"]
    assert "adverse events of subjects not in the study left out: S9. [1]" in messages(study)
    assert build().adverse_events is None


def test_lower_case_columns_and_numeric_subjects() -> None:
    study = build(
        "usubjid,paramcd,aval,avalu,cnsr\n1001,OS,1,DAYS,0\n1002,OS,2,DAYS,0\n",
        adsl="usubjid,trt01p\n1001,1\n1002,2\n",
    )
    assert study.subjects.index.tolist() == ["1001", "1002"]
    assert [a.name for a in study.arms] == ["2", "1"]


# --- the study file -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"titel": "x"}, "unknown key titel. Did you mean title?"),
        ({"kind": "fake"}, "kind = 'fake' cannot be used. Allowed: simulated, real, uploaded."),
        ({"id": "A B"}, "id = 'A B' cannot be used"),
        ({"title": ["x"]}, "title = ['x'] cannot be used. Allowed: a text."),
        ({"time_unit": "fortnights"}, "time_unit = 'fortnights'"),
        ({"arms": {"name": "A"}}, "Allowed: tables, each written [[arms]]"),
        ({"arms": [{"nam": "A"}]}, "unknown key arms[1].nam. Did you mean name?"),
        ({"arms": [{"role": "single"}]}, "arms[1].name is missing"),
        ({"arms": [{"name": "A", "role": "x"}]}, "arms[1].role = 'x'"),
        ({"arms": [{"name": "A", "color": "red"}]}, "arms[1].color = 'red'"),
        ({"arms": [{"name": "A"}, {"name": "A"}]}, "arms names 'A' twice"),
        ({"endpoints": [{"id": "OS", "landmarks": ["a"]}]}, "endpoints[1].landmarks"),
        ({"endpoints": [{"id": "OS", "good": "yes"}]}, "endpoints[1].good = 'yes'"),
        ({"columns": [{"name": "X", "filter": "yes"}]}, "columns[1].filter = 'yes'"),
        ({"columns": [{"name": "X", "levels": "yes"}]}, "columns[1].levels = 'yes'"),
        ({"columns": [{"name": "X", "provenance": "made up"}]}, "columns[1].provenance"),
        ({"columns": [{"name": "X", "file": "adxx"}]}, "columns[1].file"),
        ({"citation": "x"}, "citation = 'x' cannot be used. Allowed: a table, written [citation]."),
        ({"kind_note": {"txt": "x"}}, "unknown key kind_note.txt"),
    ],
)
def test_mistakes_in_the_study_file_are_named(meta: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as caught:
        build(**meta)
    assert words in str(caught.value)
    assert "study.toml" in str(caught.value)


@pytest.mark.parametrize(("said", "good"), [({}, False), ({"good": True}, True)])
def test_the_study_file_says_whether_an_event_is_good(said: dict[str, bool], good: bool) -> None:
    """By its name (overall survival) death is bad; the file goes before the name."""
    study = build(endpoints=[{"id": "OS", **said}])
    assert study.endpoint("OS").good is good


def test_metadata(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "study.toml").write_text(
        """id = "x1"
title = "Title"
kind = "simulated"
data_cut = 2019-02-15
[kind_note]
text = "Simulated."
[citation]
label = "Someone 2020"
pmid = 123
[[figures]]
id = "f"
label = "l"
published = "1"
reproduced = "1"
source = "s"
verification = "primary"
[[conflicts]]
title = "t"
text = "c"
"""
    )
    study = read_study(tmp_path)
    assert (study.id, study.title, study.kind) == ("x1", "Title", "simulated")
    assert study.metadata.kind_note == "Simulated."
    assert study.metadata.data_cut == "2019-02-15"
    assert study.metadata.citation == {"label": "Someone 2020", "pmid": "123"}
    assert study.metadata.figures[0].published == "1"
    assert study.metadata.conflicts == (("t", "c"),)
    (tmp_path / "study.toml").write_text("id = ")
    with pytest.raises(UserError, match=r"study\.toml is not valid TOML"):
        read_study(tmp_path)


# --- folders and formats --------------------------------------------------------------------


def write(folder: Path, adsl: str = "cADSL.CSV", adtte: str = "study_adtte.csv") -> None:
    (folder / adsl).write_text(ADSL)
    (folder / adtte).write_text(ADTTE)


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "My Study (v2)"
    folder.mkdir()
    write(folder)
    (folder / "adtte.md").write_text("about")
    study = read_study(folder)
    assert (study.id, study.title, study.kind) == ("my-study-v2", "my-study-v2", "real")
    assert study.report.files == (("cADSL.CSV", 5, 12), ("study_adtte.csv", 5, 8))
    (folder / "adtte.xpt").write_bytes(b"x")
    with pytest.raises(UserError, match="Two files are for ADTTE"):
        read_study(folder)


def test_a_folder_without_adtte(tmp_path: Path) -> None:
    (tmp_path / "adsl.csv").write_text(ADSL)
    with pytest.raises(UserError, match=r"times to events; there is adsl\.csv") as caught:
        read_study(tmp_path)
    assert "ADTTE" in caught.value.hint
    with pytest.raises(UserError, match="There is no folder"):
        read_study(tmp_path / "absent")


def in_format(source: Table, kind: str, tmp_path: Path) -> Table:
    """The same table by way of another file format."""
    frame = source.frame
    if kind == "csv":
        content = frame.to_csv(index=False).encode()
    elif kind == "parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer)
        content = buffer.getvalue()
    elif kind == "sas7bdat":
        content = sas7bdat(frame, source.labels)
    else:
        dates = [c for c in frame if np.issubdtype(frame[c].dtype, np.datetime64)]
        plain = frame.assign(
            **{c: [None if pd.isna(d) else d.to_pydatetime() for d in frame[c]] for c in dates}
        ).astype(dict.fromkeys(dates, object))
        path = tmp_path / "t.xpt"
        pyreadstat.write_xport(
            plain.where(plain.notna(), None), str(path), column_labels=dict(source.labels),
            file_format_version=8,
        )  # fmt: skip
        content = path.read_bytes()
    return read_table(content, source.name)


FOLDERS = [
    pytest.param(ROOT / "data" / "studies" / "e3a06", id="e3a06"),
    pytest.param(SHARED / "cdiscpilot01", id="pilot", marks=needs_shared),
    pytest.param(SHARED / "random_cdisc_data", id="random", marks=needs_shared),
]


@pytest.mark.parametrize("kind", ["csv", "xpt", "parquet", "sas7bdat"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_study_is_the_same_in_every_format(folder: Path, kind: str, tmp_path: Path) -> None:
    named = {role_of(file.name): file for file in sorted(folder.iterdir())}
    found = {role: read_table(file) for role, file in named.items() if role}
    if kind == "sas7bdat":  # the writer knows dates without a time of day only
        found = {r: Table(t.frame[[c for c in t.frame if not c.endswith("DTM")]], t.labels, t.name)
                 for r, t in found.items()}  # fmt: skip
    again = {role: in_format(t, kind, tmp_path) for role, t in found.items()}
    first, second = (adam.build(t["adsl"], t["adtte"], t["adae"], id="s") for t in (found, again))
    pd.testing.assert_frame_equal(first.subjects, second.subjects)
    pd.testing.assert_frame_equal(first.times, second.times)
    pd.testing.assert_frame_equal(first.adverse_events, second.adverse_events)
    assert (first.arms, first.endpoints) == (second.arms, second.endpoints)
    # Labels are content too, and CSV has none.
    same_labels = all(found[r].labels == again[r].labels for r in found)
    assert same_labels == (kind in ("xpt", "sas7bdat") or folder.name != "cdiscpilot01")
    assert (first.sha256 == second.sha256) == same_labels


# --- public studies -------------------------------------------------------------------------


def counts(study: Study, endpoint: str) -> dict[str, tuple[int, int]]:
    rows = study.times[study.times["PARAMCD"] == endpoint]
    arm = study.subjects["ARM_PLANNED"].reindex(rows["USUBJID"]).to_numpy()
    tally = rows.groupby(arm)["EVENT"].agg(["size", "sum"])
    return {str(name): (int(n), int(d)) for name, n, d in tally.itertuples()}


@needs_shared
def test_the_cdisc_pilot() -> None:
    study = read_study(SHARED / "cdiscpilot01")
    assert counts(study, "TTDE") == {
        "Placebo": (86, 29),
        "Xanomeline High Dose": (84, 61),
        "Xanomeline Low Dose": (84, 62),
    }
    assert "TTDE: No unit given: days, since AVAL = ADT - start + 1 in all 254" in messages(study)
    assert study.reference_arm == "Placebo"
    assert study.columns["BMIBLGR1"].levels == ("<25", "25-<30", ">=30")
    assert study.adverse_events is not None
    assert len(study.adverse_events) == 1191


@needs_shared
def test_random_cdisc_data() -> None:
    study = read_study(SHARED / "random_cdisc_data")
    assert len(study.subjects) == 400
    assert {e.id for e in study.endpoints} == {"OS", "PFS", "EFS", "CRSD"}
    assert study.endpoints[0].id == "PFS"
    assert [a.name for a in study.arms] == ["A: Drug X", "C: Combination", "B: Placebo"]
    assert {arm: n for arm, (n, _) in counts(study, "OS").items()} == {
        "A: Drug X": 134, "B: Placebo": 134, "C: Combination": 132,
    }  # fmt: skip
    assert "Parameter TNE set apart: its unit is COUNT. [400]" in messages(study)


def test_e3a06_has_its_published_counts() -> None:
    study = read_study(ROOT / "data" / "studies" / "e3a06")
    assert counts(study, "PFS") == {"Lenalidomide": (92, 8), "Observation": (90, 22)}
    assert counts(study, "OS") == {"Lenalidomide": (92, 2), "Observation": (90, 4)}
    assert study.kind == "simulated"
    # Published: 56 patients at high risk (Hematology 2021(1):673-681, Table 1).
    assert int((study.subjects["MAYO2018"] == "High").sum()) == 56


def test_a_large_adtte_takes_no_loop_over_rows() -> None:
    n = 50_000
    half = pd.DataFrame({"USUBJID": [f"S{i}" for i in range(n)], "TRTP": ["A", "B"] * (n // 2)})
    frame = pd.concat([half.assign(PARAMCD=p) for p in ("OS", "PFS")], ignore_index=True)
    frame = frame.assign(AVAL=1.0, AVALU="DAYS", CNSR=0.0)
    study = adam.build(None, Table(frame, {}, "adtte"), None, id="big")
    assert len(study.times) == 2 * n
    assert len(study.subjects) == n
