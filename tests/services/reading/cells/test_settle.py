"""A study with one wrong cell in each of its dates. Oracle: hand counts of days and events.

Four patients of arm A and four of B take their first dose on 1 January 2020 and their last on 31
March; without an event each is watched for 121 days, to 30 April.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pandas as pd
import pytest

from services.adverse_events import time as adverse_events_time
from services.adverse_events.coded import coded
from services.errors import UserError
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.safety.page import safety_page
from services.reading.formats.read import read_table
from services.reading.mapping import Mapping
from services.study.model import Study
from services.uploads.assemble import assemble
from services.views.study import decode

Rows = list[dict[str, Any]]
SUBJECTS: Rows = [
    {
        "USUBJID": f"P{i}",
        "TRT01P": "A" if i < 5 else "B",
        "SAFFL": "Y",
        "TRTSDT": "2020-01-01",
        "TRTEDT": "2020-03-31",
        "EOSDT": "2020-12-31",
        "DTHFL": "Y" if i == 8 else "",
        "DTHDT": "2020-02-29" if i == 8 else "",
    }
    for i in range(1, 9)
]
TIMES: Rows = [
    {"USUBJID": s["USUBJID"], "PARAMCD": "OS", "AVAL": 300 + i, "AVALU": "DAYS", "CNSR": int(i < 7)}
    for i, s in enumerate(SUBJECTS)
]
EVENTS: Rows = [
    {
        "USUBJID": who,
        "AEBODSYS": "Skin",
        "AEDECOD": "Rash",
        "TRTEMFL": "Y",
        "ASTDT": start,
        "AENDT": end,
    }
    for who, start, end in (
        ("P1", "2020-01-11", "2020-01-15"),
        ("P2", "2020-01-21", "2020-01-25"),
        ("P5", "2020-02-10", "2020-02-12"),
    )
]


def study(
    subjects: Rows = SUBJECTS, events: Rows = EVENTS, toml: str = "", times: Rows = TIMES
) -> Study:
    tables = {
        role: read_table(pd.DataFrame(rows).to_csv(index=False).encode(), f"{role}.csv")
        for role, rows in (("adsl", subjects), ("adtte", times), ("adae", events))
    }
    return assemble("x", tables, Mapping(), toml)


def changed(rows: Rows, at: int, **cells: str) -> Rows:
    return [row | cells if i == at else row for i, row in enumerate(rows)]


def rate(found: Study, arm: str = "A") -> tuple[int, int]:
    """Patients with an event and days at risk."""
    time = safety_page(found, decode("section=time")).time
    assert time is not None
    assert time.reason is None, time.reason
    row = time.rates[0].arms[arm]
    return row.subjects, round(row.patient_years * 365.25)


def told(found: Study) -> list[str]:
    return [f.message for f in found.report.findings if f.severity == "warning"]


def test_the_study_as_it_is() -> None:
    found = study()
    assert rate(found) == (2, 11 + 21 + 121 + 121)
    assert rate(found, "B") == (1, 41 + 121 + 121 + 60)
    assert told(found) == []


@pytest.mark.parametrize("cell", ["2020-02", "UN-FEB-2020", "2020-02-30", "2020"])
def test_one_wrong_start_of_an_event(cell: str) -> None:
    found = study(events=changed(EVENTS, 2, ASTDT=cell))
    assert rate(found) == (2, 274)
    (message,) = told(found)
    assert f"ASTDT: 1 cell contains {'no valid' if '30' in cell else 'a partial'} date" in message
    assert f"{cell} (P5, row 3)" in message


@pytest.mark.parametrize("name", ["TRTEDT", "EOSDT"])
def test_one_wrong_date_of_a_patient_of_the_other_arm(name: str) -> None:
    assert rate(study(changed(SUBJECTS, 6, **{name: "2020-03"}))) == (2, 274)


def test_one_wrong_date_of_death_leaves_the_others() -> None:
    found = study(changed(SUBJECTS, 6, DTHFL="Y", DTHDT="2020-02"))
    # P8 still died on day 60; P7's death is dated by its last contact.
    assert rate(found, "B") == (1, 41 + 121 + 121 + 60)
    assert len(told(found)) >= 1


def test_one_wrong_end_leaves_the_others() -> None:
    ends = coded(study(events=changed(EVENTS, 2, AENDT="2020-02")))
    assert ends is not None
    assert ends.end[:2].tolist() == [15.0, 25.0]


def test_one_wrong_first_dose_leaves_the_others() -> None:
    found = study(changed(SUBJECTS, 3, TRTSDT="2020"))
    assert rate(found) == (2, 11 + 21 + 121)


def test_partial_dates_completed_as_study_toml_says() -> None:
    found = study(events=changed(EVENTS, 0, ASTDT="2020-01"), toml='[dates]\npartial = "last"\n')
    assert rate(found) == (2, 31 + 21 + 121 + 121)


def test_no_first_dose_that_could_be_read() -> None:
    found = study([row | {"TRTSDT": "2020"} for row in SUBJECTS])
    time = safety_page(found, decode("section=time")).time
    assert time is not None
    assert time.reason == adverse_events_time.NO_DATES
    assert any(
        "TRTSDT: 8 cells contain partial dates and count as missing" in t for t in told(found)
    )


def test_events_none_of_which_has_a_day_give_no_rate_of_0() -> None:
    found = study(events=[row | {"ASTDT": "soon", "AETOXGR": "3"} for row in EVENTS])
    time = safety_page(found, decode("section=time")).time
    assert time is not None
    assert (time.reason, time.rates) == (adverse_events_time.UNDATED, ())
    harm = benefit_risk_page(found, decode("")).outcomes[1]
    assert (harm.reason, harm.difference) == (adverse_events_time.UNDATED, None)


def test_one_wrong_analysis_date_does_not_hide_the_unit() -> None:
    times = [
        {k: v for k, v in row.items() if k != "AVALU"}
        | {
            "STARTDT": "2020-01-01",
            "ADT": str(dt.date(2020, 1, 1) + dt.timedelta(row["AVAL"] - 1)),
        }
        for row in TIMES
    ]
    found = study(times=changed(times, 7, ADT="2020-11"))
    assert found.times["TIME"].tolist() == [row["AVAL"] for row in TIMES]
    assert any("ADT: 1 cell contains a partial date" in t for t in told(found))


def day_number(text: str, epoch: dt.date) -> str:
    return str((dt.date.fromisoformat(text) - epoch).days) if text else ""


@pytest.mark.parametrize("epoch", [dt.date(1960, 1, 1), dt.date(1970, 1, 1), dt.date(1899, 12, 30)])
def test_day_numbers_give_the_same_rates(epoch: dt.date) -> None:
    """All of them as numbers: times between dates do not depend on the epoch."""
    subjects = [
        row | {name: day_number(row[name], epoch) for name in row if name.endswith("DT")}
        for row in SUBJECTS
    ]
    events = [
        row | {name: day_number(row[name], epoch) for name in ("ASTDT", "AENDT")} for row in EVENTS
    ]
    assert rate(study(subjects, events)) == (2, 274)
    # Only the events as numbers: the epoch follows from the patients' dates.
    assert rate(study(SUBJECTS, events)) == (2, 274)


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%d%b%y", "%Y%m%d"])
def test_styles_give_the_same_rates(pattern: str) -> None:
    def written(row: dict[str, Any]) -> dict[str, Any]:
        return row | {
            name: dt.date.fromisoformat(row[name]).strftime(pattern)
            for name in row
            if name.endswith("DT") and row[name]
        }

    found = study([written(r) for r in SUBJECTS], [written(r) for r in EVENTS])
    assert rate(found) == (2, 274)


def test_parquet_and_csv_agree() -> None:
    def parquet(rows: Rows, name: str) -> Any:
        buffer = io.BytesIO()
        pd.DataFrame(rows).to_parquet(buffer)
        return read_table(buffer.getvalue(), name)

    events = changed(EVENTS, 2, ASTDT="2020-02")
    tables = {
        "adsl": parquet(SUBJECTS, "adsl.csv"),
        "adtte": parquet(TIMES, "adtte.csv"),
        "adae": parquet(events, "adae.csv"),
    }
    found = assemble("x", tables, Mapping())
    assert rate(found) == (2, 274)
    assert told(found) == told(study(events=events))


def test_study_toml_says_how_values_are_written() -> None:
    subjects = [row | {"TRTSDT": "01/02/2020"} for row in SUBJECTS]
    for order, month in (("dmy", 2), ("mdy", 1)):
        found = study(subjects, toml=f'[dates]\norder = "{order}"\n')
        assert found.subjects["TRTSDT"].dt.month.unique().tolist() == [month]
    times = [row | {"AVAL": f"{row['AVAL'] + 1000:,}"} for row in TIMES]
    with pytest.raises(UserError, match="commas of AVAL"):
        study(times=times)
    found = study(times=times, toml='[numbers]\ncomma = "thousands"\n')
    assert found.times["TIME"].tolist() == [row["AVAL"] + 1000 for row in TIMES]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[dates]\npartial = "guess"\n', "dates.partial"),
        ('[dates]\norder = "dym"\n', "dates.order"),
        ('[dates]\nepoch = "mac"\n', "dates.epoch"),
        ("[dates]\npivot = 20\n", "dates.pivot"),
        ("[dates]\npivto = 1950\n", "unknown key dates.pivto"),
        ('[numbers]\ncomma = "point"\n', "numbers.comma"),
    ],
)
def test_settings_that_do_not_exist_are_named(toml: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        study(toml=toml)
