"""Columns that are no characteristics. Oracle: read by hand, level by level."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from services.reading.build import build
from services.reading.formats.read import read_table
from services.study import population, roles
from tests.studies import make_study

ARM = ["A", "A", "B", "B", "B", "A", "B", "A", "A", "B", "A", "B"]


def offered(columns: dict[str, Any], arm: list[str] = ARM) -> list[str]:
    study = make_study(arm, range(1, len(arm) + 1), [True] * len(arm), columns)
    return [c.name for c in population.filter_columns(study)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("TRTP", ARM),
        ("TRTPN", [1 if a == "A" else 2 for a in ARM]),
        ("ARMCD", [a * 3 for a in ARM]),
        ("ACTARM", ["B", *ARM[1:]]),  # one patient got the other treatment
        ("GROUP", [f"Group {a}" for a in ARM]),
        ("TREATMENT", [a == "A" for a in ARM]),
        ("WHATEVER", [a.lower() for a in ARM]),  # the arms' own words
    ],
)
def test_the_arm_again_is_no_characteristic(name: str, values: list[Any]) -> None:
    assert offered({name: values, "SEX": ["F", "M", "M", "F"] * 3}) == ["SEX"]


@pytest.mark.parametrize("name", ["ARM", "TRTP", "ARMCD", "GROUP"])
def test_what_only_has_an_arms_name_is_one(name: str) -> None:
    assert offered({name: ["left", "right", "right", "left"] * 3}) == [name]


def test_a_code_for_each_arm_under_any_name_is_no_characteristic_if_many_agree() -> None:
    arm = [*ARM, *ARM]
    assert offered({"STENT": [int(a == "A") for a in arm]}, arm) == []
    # A few may agree by accident, and of sex everyone wants to know that it does.
    assert offered({"STENT": [int(a == "A") for a in ARM]}) == ["STENT"]
    assert offered({"SEX": ["F" if a == "A" else "M" for a in arm]}, arm) == ["SEX"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("INITIALS", [f"p{i}" for i in range(12)]),
        ("COMMENT", [*(f"n{i}" for i in range(11)), "n0"]),  # hardly two alike
        ("PATNO", [10, 7, 30, 21, 22, 99, 98, 3, 5, 61, 62, 63]),
        ("MRN", list(range(1000, 1012))),
    ],
)
def test_what_names_patients_is_no_characteristic(name: str, values: list[Any]) -> None:
    assert offered({name: values, "SEX": ["F", "M", "M", "F"] * 3}) == ["SEX"]


def test_rows_counted_through_are_no_characteristic_but_measurements_are() -> None:
    rows = [float(i) for i in range(40)]
    assert roles.is_identifier("NUMMER", pd.Series(rows))
    assert not roles.is_identifier("PLATELETS", pd.Series([r * 7 for r in rows]))
    assert not roles.is_identifier("AGE", pd.Series([60.0, 61, 62, 63, 64, 65, 66]))


@pytest.mark.parametrize(
    "name",
    ["OS", "OS_TIME", "PFS_EVENT", "PFSSTATUS", "TTP MONTHS", "DEATH", "VITAL_STATUS", "STATUS_OS"],
)
def test_what_became_of_a_patient_is_no_characteristic(name: str) -> None:
    assert offered({name: [0, 1, 1, 0] * 3, "SEX": ["F", "M", "M", "F"] * 3}) == ["SEX"]


def test_the_arm_of_times_without_subjects_is_no_characteristic() -> None:
    lines = [f"P{i},OS,{i + 1},MONTHS,{i % 3 == 0:d},{a},{i % 2}" for i, a in enumerate(ARM)]
    text = "\n".join(["USUBJID,PARAMCD,AVAL,AVALU,CNSR,TRTP,ECOG", *lines])
    study = build(None, read_table(text.encode(), "adtte.csv"), None, id="t")
    assert [c.name for c in population.filter_columns(study)] == ["ECOG"]
