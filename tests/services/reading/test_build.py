"""ADaM tables into a study. Oracles: hand-made tables; public studies under ``../shared``."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from services.errors import UserError
from services.reading import build as reading_build
from services.reading.files import read_study
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.reading.names import role_of
from services.study.model import DASHES, NEUTRAL, PALETTE, Study
from tests.sas7bdat_writer import sas7bdat
from tests.services.reading.tables import ADSL, build, messages, tte, write

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data" / "adam"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared ADaM files are absent")


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
    assert "Reference arm assumed to be “Placebo”, based on its name." in said
    assert ("Planned arm (efficacy)", "TRT01P of adsl.csv") in study.report.mapped


def test_without_ittfl_everyone_with_an_arm_counts() -> None:
    study = build(adsl=ADSL.replace("ITTFL", "OTHERFL"))
    assert study.subjects["ARM_PLANNED"].tolist() == ["Drug", "Drug", "Placebo", "Placebo"]
    assert ("Efficacy population", "all subjects with a planned arm (no ITTFL)") in (
        study.report.mapped
    )


def test_ittfl_of_nobody_is_an_error() -> None:
    with pytest.raises(UserError, match="ITTFL is not Y for any subject"):
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


def test_no_arm_at_all() -> None:
    with pytest.raises(UserError, match="has no arm"):
        build(adsl="USUBJID,AGE\nS1,1\n")
    rows = "\n".join(f"S{i},arm {i}" for i in range(25))
    with pytest.raises(UserError, match="25 planned arms"):
        build(adsl=f"USUBJID,ARM\n{rows}\n", adtte=tte("S1,,PFS,x,1,DAYS,0"))


def test_an_arm_nobody_was_planned_for() -> None:
    study = build(adsl="USUBJID,TRT01P,TRT01A\nS1,A,A\nS2,B,C\nS3,A,A\nS4,B,B\n")
    assert "Subjects received C, which was not planned for anyone" in messages(study, "warning")


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
    assert "No actual arm: TRTP of adtte.csv is also used for safety." in messages(study)


def test_adtte_alone_with_two_arms_for_a_subject() -> None:
    with pytest.raises(UserError, match="1 subject has more than one TRTP: S1"):
        build(tte("S1,A,PFS,x,1,DAYS,0\nS1,B,OS,x,1,DAYS,0\nS2,B,OS,x,1,DAYS,0"), adsl=None)


def test_the_arm_may_come_from_adtte_only() -> None:
    study = build(
        tte("S1,A,PFS,x,1,DAYS,0\nS2,B,PFS,x,1,DAYS,0"), adsl="USUBJID,AGE\nS1,60\nS2,70\nS3,70\n"
    )
    assert study.subjects["ARM_PLANNED"].to_dict() == {"S1": "A", "S2": "B"}


def test_no_subject_is_named() -> None:
    with pytest.raises(UserError, match="USUBJID is empty"):
        build(tte(",A,OS,x,1,DAYS,0"), adsl=None)


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
    other = build(adae=adae.replace("S9", "s2")).report.findings
    told = next(f.remedy for f in other if "adverse events of subjects not in" in f.message)
    assert told.endswith("“s2” there and “S2” here differ only in case.")
    assert build().adverse_events is None


def test_lower_case_columns_and_numeric_subjects() -> None:
    study = build(
        "usubjid,paramcd,aval,avalu,cnsr\n1001,OS,1,DAYS,0\n1002,OS,2,DAYS,0\n",
        adsl="usubjid,trt01p\n1001,1\n1002,2\n",
    )
    assert study.subjects.index.tolist() == ["1001", "1002"]
    assert [a.name for a in study.arms] == ["2", "1"]


# --- folders and formats --------------------------------------------------------------------


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
    first, second = (
        reading_build.build(t["adsl"], t["adtte"], t["adae"], id="s") for t in (found, again)
    )
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
    study = reading_build.build(None, Table(frame, {}, "adtte"), None, id="big")
    assert len(study.times) == 2 * n
    assert len(study.subjects) == n
