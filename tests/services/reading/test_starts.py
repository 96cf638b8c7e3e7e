"""From which date times count. Oracles: a calendar by hand; R 4.x's survival for the ratio."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.pages.survival.page import survival_page
from services.reading.starts import first_day
from services.study import dates
from services.study.model import Study
from services.study.what_if import other_days
from services.views.study import decode
from tests.services.reading.tables import build

START = pd.Timestamp("2021-01-01")


def day(number: float, first: int = 0) -> str:
    """The date of a day of a patient whose first is 1 or 0."""
    return (START + pd.Timedelta(days=number - first)).strftime("%Y-%m-%d")


def study(first: int, n: int = 40, adt: bool = True, more: str = "", lie: int = 0) -> Study:
    """Times of 61, 74, 87, ... days; new therapy on day 100; LSTALVDT lies a day beside ADT."""
    times = [61 + 13 * (i * 7 % n) for i in range(n)]
    adsl = f"USUBJID,TRT01P,RANDDT,TRTSDT,NACTDT,LSTALVDT{more}\n" + "".join(
        f"S{i},{'Drug' if i % 2 else 'Placebo'},2021-01-01,2021-01-05,"
        f"{day(100, first) if i % 3 == 0 else ''},{day(t, lie)}\n"
        for i, t in enumerate(times)
    )
    adtte = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,STARTDT,ADT\n" + "".join(
        f"S{i},PFS,Progression-free survival,{t},DAYS,{int(i % 5 == 0)},2021-01-01,"
        f"{day(t, first) if adt else ''}\n"
        for i, t in enumerate(times)
    )
    return build(adtte, adsl)


@pytest.mark.parametrize("first", [1, 0])
@pytest.mark.parametrize("lie", [1, 0])
def test_dates_of_the_times_themselves_decide(first: int, lie: int) -> None:
    made = study(first, lie=lie)
    assert dates.first_day(made, "PFS") == (first, "")
    days = other_days(made, "PFS", made.times["USUBJID"], "NACTDT")
    assert set(days[~np.isnan(days)]) == {100.0}


# library(survival); n <- 40; i <- 0:(n-1); t <- 61 + 13*((i*7) %% n); e <- as.integer(i%%5 != 0)
# b <- i%%3==0 & 100 < t; t[b] <- 100; e[b] <- 0
# summary(coxph(Surv(t, e) ~ I(i%%2==1)))$conf.int[1]
RATIO = 1.14940214324  # 1.157279 if the therapy were a day earlier


def test_the_hazard_ratio_after_censoring_at_a_date_is_that_of_r() -> None:
    page = survival_page(study(1), decode("?ice=NACTDT:censor&unit=days"))
    assert page.result
    assert page.result.comparisons[0].hazard_ratio
    assert page.result.comparisons[0].hazard_ratio.estimate == pytest.approx(RATIO, abs=1e-6)
    assert page.what_if
    assert "the start is day" not in str(page.what_if.estimand)


def test_what_no_date_tells_is_assumed_and_said() -> None:
    page = survival_page(study(1, adt=False, lie=0), decode("?ice=NACTDT:censor"))
    assert page.what_if
    said = "the start is day 0 of the times (assumed from 40 times that end on such a date)"
    assert said in page.what_if.estimand.intercurrent_events
    assert said in dict(page.provenance)["What if"]
    # What uses no date says nothing of it.
    page = survival_page(study(1, adt=False), decode("?count=1"))
    assert page.what_if
    assert "the start is day" not in str(page.what_if.estimand)


def test_each_time_counts_from_its_own_start() -> None:
    adsl = "USUBJID,TRT01P,RANDDT,TRTSDT,NACTDT\n" + "".join(
        f"S{i},{'AB'[i % 2]},2021-01-01,2021-01-11,2021-04-11\n" for i in range(8)
    )
    rows = "".join(
        f"S{i},PFS,P,{200 + i},DAYS,0,2021-01-01,{day(200 + i, 1)}\n"
        f"S{i},DOR,D,{140 + i},DAYS,0,2021-03-02,{day(60 + 140 + i, 1)}\n"
        for i in range(8)
    )
    made = build(f"USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,STARTDT,ADT\n{rows}", adsl)
    who = made.times["USUBJID"][:1]
    # April 11 is day 101 from January 1, and day 41 from March 2; the 200th is the 140th.
    assert other_days(made, "PFS", who, "NACTDT").tolist() == [101]
    assert other_days(made, "DOR", who, "NACTDT").tolist() == [41]
    assert other_days(made, "DOR", who, "PFS").tolist() == [140]
    # Without STARTDT, the date of the subjects that the times fit: that of first treatment.
    rows = "".join(f"S{i},PFS,P,{200 + i},DAYS,0,{day(210 + i, 1)}\n" for i in range(8))
    made = build(f"USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,ADT\n{rows}", adsl)
    assert other_days(made, "PFS", made.times["USUBJID"][:1], "NACTDT").tolist() == [91]


@pytest.mark.parametrize("first", [1.0, 0.0])
@pytest.mark.parametrize(("unit", "decimals"), [(1.0, 0), (30.4375, 1), (30.4375, 4), (7.0, 1)])
def test_rounded_units_tell_it_too(first: float, unit: float, decimals: int) -> None:
    days = np.arange(100.0, 500.0, 7)
    aval = np.round((days + first) / unit, decimals)
    assert first_day(aval, aval * unit, days) == (first, len(days))


def test_too_few_or_none_tell_nothing() -> None:
    days = np.arange(10.0)
    assert first_day(days + 5, days + 5, days) == (None, 0)
    assert first_day(days, days, days * np.nan) == (None, 0)
    half = days + np.arange(10) % 2
    assert first_day(half, half, days) == (None, 0)
