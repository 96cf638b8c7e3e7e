"""What the tests of the bundled studies share: the files, figures in words, checks of rows."""

from __future__ import annotations

from functools import cache

import pandas as pd

from data import generate
from services import survival
from services.format import hazard_ratio
from services.reading.study_toml import Meta, read_meta
from services.statistics.competing import incidence as competing_incidence
from services.statistics.results import Estimate

MONTH = 30.4375
FOLDER = generate.STUDIES


@cache
def table(study: str, name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / study / f"{name}.csv", dtype={"SUBJID": str})


@cache
def meta(study: str) -> Meta:
    return read_meta(FOLDER / study / "study.toml")


def arms(study: str) -> tuple[str, str]:
    """The experimental arm, or the only one, and the reference."""
    found = meta(study).arms
    experimental = next((a for a in found if a.role == "experimental"), found[0])
    return experimental.name, meta(study).reference_arm


@cache
def merged(study: str, endpoint: str) -> pd.DataFrame:
    """One row per subject: ADSL with the months and event of an endpoint."""
    times = table(study, "adtte").query("PARAMCD == @endpoint")
    frame = table(study, "adsl").merge(
        times.drop(columns="STUDYID"), on="USUBJID", validate="one_to_one"
    )
    months = frame.AVAL / (MONTH if (frame.AVALU == "DAYS").all() else 1)
    return frame.assign(MONTHS=months, EVENT=frame.CNSR == 0, DRUG=arms(study)[0] == frame.ARM)


# --- figures in words ----------------------------------------------------------------------


def landmark(study: str, endpoint: str, months: float, digits: int = 1) -> str:
    """Kaplan-Meier by arm: "63.1% versus 40.8%"."""
    frame, found = merged(study, endpoint), []
    for name in arms(study):
        mine = frame[frame["ARM"] == name]
        at = survival.kaplan_meier(mine.MONTHS, mine.EVENT, landmarks=[months]).landmarks[0]
        assert at.survival is not None
        found.append(f"{100 * at.survival:.{digits}f}%")
    return " versus ".join(found)


def medians(study: str, endpoint: str, digits: tuple[int, int]) -> str:
    """Kaplan-Meier medians by arm: "not reached versus 41.5 months"."""
    frame, found = merged(study, endpoint), []
    for name, places in zip(arms(study), digits, strict=True):
        mine = frame[frame["ARM"] == name]
        median = survival.kaplan_meier(mine.MONTHS, mine.EVENT).median.estimate
        found.append("not reached" if median is None else f"{median:.{places}f}")
    return " versus ".join(found) + " months"


def ratio(study: str, endpoint: str) -> str:
    frame = merged(study, endpoint)
    return hazard_ratio(survival.hazard_ratio(frame.MONTHS, frame.EVENT, frame.DRUG))


def ratio_p(study: str, endpoint: str) -> float:
    frame = merged(study, endpoint)
    p = survival.hazard_ratio(frame.MONTHS, frame.EVENT, frame.DRUG).p
    assert p is not None
    return p


def incidence(study: str, endpoint: str, months: float, compete: int) -> str:
    """Aalen-Johansen incidence by arm, code ``compete`` of CNSR competing."""
    found = []
    for name in arms(study):
        mine = merged(study, endpoint)
        mine = mine[mine["ARM"] == name]
        cause = mine.EVENT.astype(int) + 2 * (compete == mine.CNSR)
        curve = competing_incidence.cumulative_incidence(
            mine.MONTHS, cause, causes=["event", "other"], landmarks=[months]
        )
        at = curve.causes[0].landmarks[0].incidence
        assert at is not None
        found.append(f"{100 * at:.1f}%")
    return " versus ".join(found)


def follow_up(study: str) -> Estimate:
    frame = merged(study, "OS")
    return survival.follow_up(frame.MONTHS, frame.EVENT)


def share(x: int, n: int, digits: int = 1) -> str:
    """A count with its percentage: "34.5% (67)"."""
    return f"{100 * x / n:.{digits}f}% ({x})"


def shares(study: str, flag: pd.Series, digits: int = 1, safety: bool = False) -> str:
    """A share of each arm, of everyone planned or of the safety population."""
    arm = table(study, "adsl")["TRT01A" if safety else "ARM"]
    return " versus ".join(
        share(int(flag[arm == name].sum()), int((arm == name).sum()), digits)
        for name in arms(study)
    )


def having(study: str, events: pd.Series) -> pd.Series:
    """Which subjects of ADSL have one of these adverse events."""
    subjects = table(study, "adae").USUBJID[events]
    return table(study, "adsl").USUBJID.isin(subjects)


# --- checks of rows ------------------------------------------------------------------------


def check_description(study: str, provenances: set[str]) -> None:
    """Every column of every file is described, every level known, every endpoint there."""
    found = meta(study)
    assert found.id == study
    assert {a.name for a in found.arms} == set(table(study, "adsl").ARM)
    assert {e.id for e in found.endpoints} == set(table(study, "adtte").PARAMCD)
    files = [f for f in ("adsl", "adtte", "adae") if (FOLDER / study / f"{f}.csv").is_file()]
    for name in files:
        described = [c for c in found.columns if c.file == name]
        assert sorted(c.name for c in described) == sorted(table(study, name).columns)
        for column in described:
            assert column.label
            assert column.provenance in provenances
            if column.levels:
                values = table(study, name)[column.name].dropna()
                assert set(map(str, values)) <= set(column.levels), column.name


def check_card(study: str) -> None:
    """The card prints every figure and conflict of ``study.toml``."""
    card = (FOLDER / study / "CARD.md").read_text("utf-8")
    for figure in meta(study).figures:
        assert f"| {figure.label} | {figure.published} | {figure.reproduced} |" in card
    for title, text in meta(study).conflicts:
        assert f"- **{title}.** {text}" in card
    assert "## Do not conclude" in card


def check_dates(study: str, cut: str) -> None:
    """AVAL is the distance of the dates; nothing lies after the cut-off."""
    adsl, adtte = table(study, "adsl").set_index("USUBJID"), table(study, "adtte")
    start = pd.to_datetime(adtte.STARTDT)
    assert ((pd.to_datetime(adtte.ADT) - start).dt.days + 1 == adtte.AVAL).all()
    assert (adtte.AVAL >= 1).all()
    included = adsl["RANDDT" if "RANDDT" in adsl else "ENRLDT"]
    assert (adtte.USUBJID.map(included) == adtte.STARTDT).all()
    assert pd.to_datetime(included).dt.weekday.max() < 5
    assert included.is_monotonic_increasing
    assert (adtte["ADT"] <= cut).all()
    assert not adtte.duplicated(["USUBJID", "PARAMCD"]).any()
    treated = adsl[adsl.TRTSDT.notna()]
    assert (included[treated.index] <= treated.TRTSDT).all()
    assert (treated.TRTSDT <= treated.TRTEDT).all()
    assert (treated.TRTEDT <= treated.LSTALVDT).all()
    os = adtte[adtte["PARAMCD"] == "OS"].set_index("USUBJID")
    dead = adsl.DTHFL == "Y"
    assert ((os.CNSR == 0) == dead).all()
    assert (os.ADT[dead] == adsl.DTHDT[dead]).all()
    assert adsl.DTHDT[~dead].isna().all()
    assert (os.ADT == adsl.LSTALVDT).all()
    event = adtte.CNSR == 0
    assert (adtte.EVNTDESC.notna() == event).all()
    assert (adtte.EVNTTYPE.notna() == event).all()
    assert (adtte.CNSDTDSC.notna() == ~event).all()
    for _, mine in adtte[adtte["PARAMCD"] != "OS"].groupby("PARAMCD"):
        assert (mine.set_index("USUBJID").AVAL <= os.AVAL).all()


def check_adverse_events(study: str) -> None:
    """Grades, days, order and consequences of the adverse events."""
    adsl, adae = table(study, "adsl").set_index("USUBJID"), table(study, "adae")
    assert adae.USUBJID.map(adsl.TRT01A).equals(adae.TRTA.rename("USUBJID"))
    assert adae.AETOXGR.isin([1, 2, 3, 4, 5]).all()
    first = pd.to_datetime(adae.USUBJID.map(adsl.TRTSDT))
    for date, day in (("ASTDT", "ASTDY"), ("AENDT", "AENDY")):
        gap = (pd.to_datetime(adae[date]) - first).dt.days
        # day 1 is the day of first dose, day -1 the day before
        expected = gap.where(gap < 0, gap + 1)
        pd.testing.assert_series_equal(expected, adae[day], check_dtype=False, check_names=False)
        assert (adae[day] != 0).all()
    last = adae.USUBJID.map(adsl.LSTALVDT)
    assert (adae.AENDT.fillna("9999") >= adae.ASTDT).all()
    assert (adae["ASTDT"] <= last).all()
    assert (adae.AENDT.dropna() <= last[adae.AENDT.notna()]).all()
    assert ((adae.TRTEMFL == "Y") == (adae.ASTDY > 0)).all()
    assert adae.groupby("USUBJID").AESEQ.apply(lambda s: list(s) == [*range(1, len(s) + 1)]).all()
    assert (adae.AESDTH == "Y").equals(adae.AETOXGR == 5)
    assert adae.groupby("AEDECOD").AESOC.nunique().max() == 1
    reference = arms(study)[1] == adae.TRTA
    assert (adae.AEACN[reference] == "NOT APPLICABLE").all()
    assert (adae.AEREL[reference] == "NOT RELATED").all()
    # a severe event before treatment would count in no table
    assert (adae.TRTEMFL[adae.AETOXGR >= 3] == "Y").all()
    fatal = adae[adae["AESDTH"] == "Y"].set_index("USUBJID")
    assert (adsl.DTHDT[fatal.index] == fatal.AENDT).all()
    stopped = adsl.index[adsl.DCTREAS == "ADVERSE EVENT"]
    withdrawn = adae[adae.AEACN == "DRUG WITHDRAWN"]
    assert sorted(withdrawn.USUBJID) == sorted(stopped)
    assert (withdrawn["ASTDT"] <= withdrawn.USUBJID.map(adsl.TRTEDT)).all()
    assert (adsl.DCTREAS.notna() == (adsl.EOTSTT == "DISCONTINUED")).all()
    assert ((adsl.RESPFL == "Y") == adsl.BOR.isin(["CR", "VGPR", "PR"])).all()
