"""Who is on which arm. Oracle: small tables whose arms a reader can tell by hand."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pandas as pd
import pytest

from services.errors import UserError
from services.reading import build as reading_build
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.reading.mapping import Mapping, parse_mapping
from services.study.model import Study
from services.uploads.assemble import assemble

Rows = list[dict[str, Any]]


def table(rows: Rows, name: str) -> Table:
    return read_table(pd.DataFrame(rows).to_csv(index=False).encode(), name)


def times(ids: list[str], **more: Any) -> Rows:
    return [
        {"USUBJID": i, "PARAMCD": "OS", "AVAL": 10 * n, "AVALU": "DAYS", "CNSR": 0} | more
        for n, i in enumerate(ids, 1)
    ]


def build(arms: list[str], timed: list[str] | None = None, **columns: Any) -> Study:
    """Patients P1, P2, ... on these arms; ``timed`` have times, all if left out."""
    ids = [f"P{i}" for i in range(1, len(arms) + 1)]
    meta = columns.pop("meta", {})
    adsl = pd.DataFrame({"USUBJID": ids, "TRT01P": arms} | columns)
    return reading_build.build(
        Table(adsl, {}, "adsl.csv"), table(times(timed or ids), "adtte.csv"), None,
        id="arms", meta=meta,
    )  # fmt: skip


def names(study: Study) -> list[str]:
    return [a.name for a in study.arms]


def told(study: Study, severity: str = "") -> str:
    return "\n".join(
        f"{f.message} [{f.count}]" for f in study.report.findings if severity in f.severity
    )


@pytest.mark.parametrize("word", ["None", "Not treated", "NOT ASSIGNED"])
def test_an_untreated_control_with_times_is_an_arm(word: str) -> None:
    study = build([word, word, "RT", "RT"])
    assert sorted(names(study)) == sorted([word, "RT"])
    assert study.subjects["ARM_ACTUAL"].tolist() == [word, word, "RT", "RT"]
    assert f"“{word}” is counted as an arm" in told(study)


def test_with_the_flag_and_without_times_too() -> None:
    study = build(["None", "None", "RT", "RT"], ["P1", "P3"], ITTFL=["Y", "Y", "Y", "Y"])
    assert study.subjects["ARM_PLANNED"].tolist() == ["None", "None", "RT", "RT"]


def test_screen_failures_are_left_out_and_each_word_named() -> None:
    arms = ["A", "B", "Screen Failure", "None", None, "SCRNFAIL"]
    study = build(arms, ["P1", "P2"], ITTFL=["Y", "Y", "N", "N", "N", ""])
    assert study.subjects.index.tolist() == ["P1", "P2"]
    said = told(study, "warning")
    for part in ("“Screen Failure” 1", "“None” 1", "no value 1", "“SCRNFAIL” 1", "[4]"):
        assert part in said
    plain = build(["A", "B", "Screen Failure"], ["P1", "P2"])
    assert "left out: “Screen Failure” 1. [1]" in told(plain, "note")


@pytest.mark.parametrize(
    "word",
    ["Screen-fail", "SCREENFAILURE", "Screening failures", "Never randomized", "Not enrolled",
     "Ineligible", "Withdrawn before randomisation"],
)  # fmt: skip
def test_more_words_of_screening(word: str) -> None:
    study = build(["Placebo", "RT", word], timed=["P1", "P2"])
    assert names(study) == ["RT", "Placebo"]
    assert f"left out: “{word}” 1. [1]" in told(study, "note")


def test_a_screen_failure_with_a_time_is_no_arm_where_the_population_is_flagged() -> None:
    arms = ["Placebo", "RT", "Screen Failure"]
    study = build(arms, ITTFL=["Y", "Y", ""], SAFFL=["Y", "Y", ""])
    assert names(study) == ["RT", "Placebo"]
    assert "is counted as an arm" not in told(study)
    assert "Subjects received" not in told(study)


def test_screen_failures_alone_make_no_trial() -> None:
    with pytest.raises(UserError, match="no subject with an arm"):
        build(["Screen Failure", "Screen Failure"])


def test_who_was_randomized_and_not_treated_is_on_no_actual_arm() -> None:
    study = build(["A", "A", "B"], TRT01A=["A", "Not Treated", "B"], ITTFL=["Y", "Y", "Y"])
    assert study.subjects["ARM_PLANNED"].tolist() == ["A", "A", "B"]
    assert study.subjects["ARM_ACTUAL"].tolist() == ["A", "", "B"]


def test_a_flagged_patient_without_an_arm_is_told_as_that() -> None:
    study = build(["A", None, "B"], ITTFL=["Y", "Y", "Y"])
    assert (
        "Patients of the efficacy population (ITTFL = Y) have no planned arm and are left out of"
        " it: P2. [1]" in told(study, "warning")
    )


@pytest.mark.parametrize(
    ("arms", "reference"),
    [
        (["Len", "No treatment"], "No treatment"),
        (["Daratumumab", "Active monitoring"], "Active monitoring"),
        (["Chemo", "Surveillance"], "Surveillance"),
        (["Immediate", "Deferred"], "Deferred"),
        (["Early", "Delayed treatment"], "Delayed treatment"),
        (["Radiotherapy", "Expectant management"], "Expectant management"),
        (["Lev", "Lev+5FU", "Obs"], "Obs"),
        (["Drug", "None"], "None"),
        (["Drug", "Not treated"], "Not treated"),
        (["Drug + placebo", "Placebo"], "Placebo"),
        (["Dex + standard of care", "Standard of care"], "Standard of care"),
        (["Drug", "Watch and wait"], "Watch and wait"),
        (["Drug", "Keine Therapie"], "Keine Therapie"),
        (["Drug", "Sans traitement"], "Sans traitement"),
        (["Drug", "Best supportive care"], "Best supportive care"),
        (["Aspirin", "Contrôle"], "Contrôle"),
        (["Dexamethasone", "Prednisone"], "Dexamethasone"),  # no "none" in prednisone
        (["A", "No maintenance therapy"], "No maintenance therapy"),
        (["Len", "PBO"], "PBO"),
        (["Len", "Plb"], "Plb"),
        (["Drug", "CTRL"], "CTRL"),
    ],
)
def test_controls_by_their_name(arms: list[str], reference: str) -> None:
    assert build(arms * 2).reference_arm == reference


ALIKE = [
    ("Len", "LEN", "case"),
    ("Len dex", "Len  dex", "spaces"),
    ("Len dex", "Len\u00a0dex", "Unicode"),
    ("Lénalidomide", unicodedata.normalize("NFD", "Lénalidomide"), "Unicode form"),
]


@pytest.mark.parametrize(("one", "other", "what"), ALIKE)
def test_arms_written_alike_are_told_and_offered_as_one(one: str, other: str, what: str) -> None:
    arms = [one, one, other, "Obs", "Obs"]
    apart = build(arms)
    finding = next(f for f in apart.report.findings if "differ only in" in f.message)
    assert finding.severity == "warning"
    assert finding.count == 3
    if what != "Unicode":  # a no-break space is a space when it is read from a file
        assert what in finding.message
    assert 'arms_alike = "one"' in finding.remedy
    together = build(arms, meta={"arms_alike": "one"})
    assert names(together) == [one, "Obs"]
    assert (together.subjects["ARM_ACTUAL"] == one).sum() == 3
    assert "merged into one" in told(together, "note")
    kept = build(arms, meta={"arms_alike": "apart"})
    assert len(kept.arms) == 3
    assert "differ only" not in told(kept, "warning")


def test_an_actual_arm_in_other_letters_is_the_planned_one_when_said() -> None:
    study = build(["Len", "Obs"], TRT01A=["LEN", "Obs"], meta={"arms_alike": "one"})
    assert study.subjects["ARM_ACTUAL"].tolist() == ["Len", "Obs"]


def test_the_study_file_names_the_spelling_that_stands() -> None:
    study = build(
        ["len", "len", "LEN", "Obs"],
        meta={"arms_alike": "one", "arms": [{"name": "LEN"}, {"name": "Obs"}]},
    )
    assert names(study) == ["LEN", "Obs"]
    with pytest.raises(UserError, match="arms_alike = 'yes' cannot be used"):
        build(["A", "B"], meta={"arms_alike": "yes"})


def test_a_mapping_says_it_too() -> None:
    tables = {
        "adtte": table(
            [
                r | {"TRTP": a}
                for r, a in zip(times(list("abcd")), ["L", "l", "O", "O"], strict=True)
            ],
            "adtte.csv",
        )
    }
    said = parse_mapping(json.loads(json.dumps(Mapping(arms_alike="one").to_json())))
    assert len(assemble("x", tables, Mapping()).arms) == 3
    assert sorted(names(assemble("x", tables, said))) == ["L", "O"]
    with pytest.raises(UserError, match="arms_alike"):
        parse_mapping({"arms_alike": "perhaps"})


def test_records_that_contradict_the_planned_arm_are_told_and_spellings_are_not() -> None:
    adsl = table(
        [{"USUBJID": i, "TRT01P": a} for i, a in (("P1", "Len"), ("P2", "Obs"))], "adsl.csv"
    )
    adtte = [r | {"TRTP": a} for r, a in zip(times(["P1", "P2"]), ["LEN", "Len"], strict=True)]
    study = reading_build.build(adsl, table(adtte, "adtte.csv"), None, id="x")
    assert "TRTP of adtte.csv is not ADSL's planned arm, which is used: P2. [1]" in told(study)


# --- the order of arms --------------------------------------------------------------------------

DOSES = ["Dose 10 mg", "Dose 2.5 mg", "Dose 2 mg", "Placebo"]


def test_arms_stand_by_their_numbers_where_nothing_else_orders_them() -> None:
    study = build(DOSES * 2)
    assert names(study) == ["Dose 2 mg", "Dose 2.5 mg", "Dose 10 mg", "Placebo"]
    assert names(build([f"Arm {i}" for i in (10, 9, 2, 1)] * 2)) == [
        *("Arm 2", "Arm 9", "Arm 10"),
        "Arm 1",  # the reference, the first, stands last
    ]


def test_the_order_of_the_data_comes_first() -> None:
    """TRT01PN of ADSL, else TRTPN of ADTTE."""
    study = build(DOSES * 2, TRT01PN=[1.0, 2.0, 3.0, 4.0] * 2)
    assert names(study) == DOSES
    ids = [f"P{i}" for i in range(1, 9)]
    rows = [row | {"TRTPN": 1 + n % 4} for n, row in enumerate(times(ids))]
    adsl = pd.DataFrame({"USUBJID": ids, "TRT01P": DOSES * 2})
    study = reading_build.build(
        Table(adsl, {}, "adsl.csv"), table(rows, "adtte.csv"), None, id="arms"
    )
    assert names(study) == DOSES


def test_levels_stand_by_their_numbers() -> None:
    sites = [f"Site {i}" for i in (10, 9, 2, 1)] * 4
    study = build(["A", "B"] * 8, SITEGR1=sites)
    assert study.columns["SITEGR1"].levels == ("Site 1", "Site 2", "Site 9", "Site 10")
