"""ADSL into subjects. Oracle: small tables read by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from services.errors import UserError
from services.reading import build as reading_build
from tests.services.reading.tables import ADSL, ADTTE, build, table

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
    study = reading_build.build(table(ADSL), table(ADTTE), None, id="s", kind="simulated")
    assert {c.provenance for c in study.columns.values()} == {"illustrative", "derived"}


def test_levels_follow_their_codes() -> None:
    adsl = "USUBJID,ARM,G,GN\nS1,A,x,2\nS2,A,y,1\nS3,B,z,0\n"
    assert build(adsl=adsl).columns["G"].levels == ("z", "y", "x")


def test_a_subject_twice_in_adsl() -> None:
    with pytest.raises(UserError, match="more than one row for 1 subject") as caught:
        build(adsl=ADSL + "S1,Drug,1,Drug,Y,Y,64,YEARS,F,20,2,20\n")
    assert caught.value.details == ("S1",)
