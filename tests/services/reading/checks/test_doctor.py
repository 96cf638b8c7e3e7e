"""What the doctor tells. Oracle: studies made sound, then spoiled in one known way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.reading import build as reading_build
from services.reading.formats.table import Table
from services.study.model import Study

N = 60


def sound() -> dict[str, pd.DataFrame]:
    """A study nothing is wrong with: deaths, dates and flags agree."""
    rng = np.random.default_rng(7)
    who = [f"S{i:02d}" for i in range(N)]
    start = np.datetime64("2020-01-01") + rng.integers(0, 300, N).astype("timedelta64[D]")
    pfs = rng.integers(60, 900, N)
    death = pfs + rng.integers(0, 400, N)
    died = rng.random(N) < 0.3
    progressed = rng.random(N) < 0.6
    day = np.timedelta64(1, "D")
    adsl = pd.DataFrame(
        {
            "USUBJID": who,
            "TRT01P": np.where(np.arange(N) % 2, "Drug", "Placebo"),
            "DTHFL": np.where(died, "Y", "N"),
            "RFICDT": (start - 5 * day).astype("datetime64[us]"),
            "TRTSDT": start.astype("datetime64[us]"),
        }
    )
    adtte = pd.concat(
        [
            pd.DataFrame(
                {
                    "USUBJID": who,
                    "PARAMCD": code,
                    "AVAL": time.astype(float),
                    "AVALU": "DAYS",
                    "CNSR": (~event).astype(float),
                    "STARTDT": start.astype("datetime64[us]"),
                    "ADT": (start + (time - 1) * day).astype("datetime64[us]"),
                    "CNSDTDSC": pd.Series("Cut-off", range(N)).mask(event),
                }
            )
            for code, time, event in (("PFS", pfs, progressed), ("OS", death, died))
        ],
        ignore_index=True,
    )
    adae = pd.DataFrame(
        {
            "USUBJID": who[:10],
            "AEDECOD": "Fatigue",
            "TRTEMFL": "Y",
            "ASTDT": (start[:10] + 3 * day).astype("datetime64[us]"),
        }
    )
    return {"adsl": adsl, "adtte": adtte, "adae": adae}


def study(tables: dict[str, pd.DataFrame]) -> Study:
    made = {role: Table(frame, {}, f"{role}.csv") for role, frame in tables.items()}
    return reading_build.build(made.get("adsl"), made["adtte"], made.get("adae"), id="test")


def warnings(tables: dict[str, pd.DataFrame]) -> list[tuple[str, int | None]]:
    found = study(tables).report.findings
    assert all(f.severity != "error" for f in found)
    return [(f.message, f.count) for f in found if f.severity == "warning"]


def only(tables: dict[str, pd.DataFrame], words: str) -> int | None:
    """The count of the one warning that holds these words."""
    said = [(message, count) for message, count in warnings(tables) if words in message]
    assert len(said) == 1, warnings(tables)
    return said[0][1]


def test_a_sound_study_has_no_warning() -> None:
    assert warnings(sound()) == []


def test_the_event_coded_backwards() -> None:
    tables = sound()
    died = int((tables["adsl"]["DTHFL"] == "Y").sum())
    tables["adtte"]["CNSR"] = 1 - tables["adtte"]["CNSR"]
    assert only(tables, "OS: most patients who died (DTHFL) are censored") == died
    assert only(tables, "with an event are not dead by DTHFL") == N - died
    assert only(tables, "Records with a reason for censoring (CNSDTDSC) count as events")


def test_an_implausible_share_of_events() -> None:
    tables = sound()
    tables["adtte"].loc[tables["adtte"]["PARAMCD"] == "PFS", ["CNSR", "CNSDTDSC"]] = [0.0, np.nan]
    assert only(tables, "PFS: 60 of 60 patients had the event (100%)") == N
    tables["adtte"].loc[tables["adtte"]["PARAMCD"] == "PFS", "CNSR"] = 1.0
    assert only(tables, "PFS: nobody had the event") is None


def test_deaths_without_an_event() -> None:
    tables = sound()
    dead = tables["adsl"].index[tables["adsl"]["DTHFL"] == "Y"][0]
    rows = (tables["adtte"]["PARAMCD"] == "OS") & (
        tables["adtte"]["USUBJID"] == tables["adsl"]["USUBJID"][dead]
    )
    tables["adtte"].loc[rows, "CNSR"] = 2.0
    assert only(tables, "OS: patients who died by DTHFL are censored") == 1


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("MONTHS", "OS: by their dates the times are days, but they were read as months"),
        ("YEARS", "PFS: by their dates the times are days, but they were read as years"),
        ("WEEKS", "OS: by their dates the times are days, but they were read as weeks"),
    ],
)
def test_a_unit_that_is_off(unit: str, words: str) -> None:
    tables = sound()
    tables["adtte"]["AVALU"] = unit
    assert only(tables, words) == N


def test_months_called_days() -> None:
    tables = sound()
    tables["adtte"]["AVAL"] /= 30.4375
    assert only(tables, "OS: by their dates the times are months, but they were read as days") == N


def test_a_unit_that_is_off_without_dates() -> None:
    tables = sound()
    tables["adtte"] = tables["adtte"].drop(columns=["ADT", "STARTDT"])
    tables["adtte"].loc[tables["adtte"]["PARAMCD"] == "OS", "AVALU"] = "YEARS"
    assert only(tables, "OS: times reach") is None
    assert only(tables, "Times of OS are") is None
    tables["adtte"]["AVALU"] = "HOURS"
    tables["adtte"]["AVAL"] /= 4
    assert only(tables, "PFS: no time is longer than") is None


def test_progression_later_than_death() -> None:
    tables = sound()
    rows = tables["adtte"]["PARAMCD"] == "PFS"
    tables["adtte"].loc[rows.idxmax(), ["AVAL", "ADT"]] = [5000.0, pd.NaT]
    assert only(tables, "PFS is later than OS: S00.") == 1


def test_an_overall_survival_counted_from_later_is_not_shorter() -> None:
    tables = sound()
    rows = tables["adtte"]["PARAMCD"] == "OS"
    tables["adtte"].loc[rows, "AVAL"] -= 50
    assert only(tables, "PFS is later than OS") is not None
    tables["adtte"].loc[rows, "STARTDT"] += pd.Timedelta(50, "D")
    assert not [message for message, _ in warnings(tables) if "later than OS" in message]


def test_dates_that_say_otherwise() -> None:
    tables = sound()
    tables["adtte"].loc[:9, "AVAL"] -= 20
    assert only(tables, "PFS: times do not match their dates") == 10


def test_dates_that_end_before_they_start() -> None:
    tables = sound()
    tables["adtte"]["ADT"] = tables["adtte"]["STARTDT"] - pd.Timedelta(days=300)
    found = only(tables, "PFS: times do not match their dates")
    assert found == int((tables["adtte"]["PARAMCD"] == "PFS").sum())


def test_an_arm_of_one_patient() -> None:
    tables = sound()
    tables["adsl"].loc[0, "TRT01P"] = "placebo"
    assert only(tables, "Arm “placebo” has one patient.") == 1


def test_patients_without_records_and_times_of_0() -> None:
    tables = sound()
    tables["adtte"] = tables["adtte"][tables["adtte"]["USUBJID"] != "S05"].reset_index(drop=True)
    assert only(tables, "Patients without any time to an event: S05.") == 1
    tables["adtte"].loc[:9, ["AVAL", "ADT"]] = [0.0, pd.NaT]
    assert only(tables, "PFS: times of 0") == 10


def test_adverse_events_before_consent_and_before_treatment() -> None:
    tables = sound()
    tables["adae"].loc[0, "ASTDT"] = pd.Timestamp("2019-01-01")
    tables["adae"].loc[1, "ASTDT"] -= pd.Timedelta(days=5)
    assert only(tables, "Adverse events before consent (RFICDT): S00.") == 1
    assert only(tables, "treatment-emergent (TRTEMFL), but before treatment (TRTSDT)") == 2


def test_adverse_events_that_are_there_twice_or_of_nobody() -> None:
    tables = sound()
    tables["adae"] = pd.concat([tables["adae"], tables["adae"].head(2)], ignore_index=True)
    tables["adae"].loc[11, ["USUBJID", "AEDECOD"]] = ["S99", "Cough"]
    assert only(tables, "Adverse events that appear twice") == 1
    assert only(tables, "adverse events of subjects not in the study left out: S99") == 1
