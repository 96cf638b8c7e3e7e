"""The simulated QuiRedex: figures of the final analysis, eligible patients, sane rows.

Figures are computed by the app's own engine; ``tests/oracles/trials.json`` holds what R prints
for the same files.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from data.simulate.stats import interaction_p
from services import survival
from services.reading.files import read_study
from tests.data import studies
from tests.data.studies import FOLDER, having, merged, meta, share, table

STUDY = "quiredex"
DRUG, OBSERVATION = "Lenalidomide and dexamethasone", "Observation"


def adsl() -> pd.DataFrame:
    return table(STUDY, "adsl")


def ttp_ratio() -> str:
    assert studies.ratio_p(STUDY, "TTP") < 0.0001
    return studies.ratio(STUDY, "TTP") + ", p <0.0001"


def os_ratio() -> str:
    return f"{studies.ratio(STUDY, 'OS')}, p {studies.ratio_p(STUDY, 'OS'):.3f}"


def os_from_progression() -> str:
    ttp, os = (merged(STUDY, p).set_index("USUBJID") for p in ("TTP", "OS"))
    seen = ttp.EVENT
    test = survival.log_rank((os.MONTHS - ttp.MONTHS)[seen], os.EVENT[seen], os.DRUG[seen])
    return f"p {test.p:.2f}"


def follow_up() -> str:
    frame = merged(STUDY, "OS")
    years = frame.AVAL[~frame.EVENT] / 365.25
    median = studies.follow_up(STUDY).estimate
    assert median is not None
    assert f"{median:.0f}" == "150"
    return f"{median / 12:.1f} years ({years.min():.1f} to {years.max():.1f})"


def response(column: str) -> str:
    values = adsl()[column].dropna()
    return f"{share(int((values == 'Y').sum()), len(values), 0)[:-1]} of {len(values)})"


def treated_with(mask: Callable[[pd.DataFrame], pd.Series]) -> str:
    found = having(STUDY, mask(table(STUDY, "adae")))[adsl().ARM == DRUG]
    return f"{share(int(found.sum()), len(found), 0)[:-1]} of {len(found)})"


def cases(grade: int) -> str:
    drug = table(STUDY, "adae").query("TRTA == @DRUG")
    assert drug.USUBJID[grade == drug.AETOXGR].is_unique
    return str(int((grade == drug.AETOXGR).sum()))


FIGURES: dict[str, tuple[str, Callable[[], str]]] = {
    "ttp_median": ("114 versus 25.2 months", lambda: studies.medians(STUDY, "TTP", (0, 1))),
    "ttp_hr": ("0.28 (0.18 to 0.44), p <0.0001", ttp_ratio),
    "os_median": (
        "not reached versus 102 months",
        lambda: studies.medians(STUDY, "OS", (0, 0)),
    ),
    "os_hr": ("0.57 (0.34 to 0.95), p 0.032", os_ratio),
    "os_after": ("p 0.96", os_from_progression),
    "follow_up": ("12.5 years (10.4 to 13.6)", follow_up),
    "response_induction": ("79% (45 of 57)", lambda: response("RESPIND")),
    "response_maintenance": ("90% (45 of 50)", lambda: response("RESPMNT")),
    "ae_grade_3": ("16", lambda: cases(3)),
    "ae_clot": (
        "5% (3 of 57)",
        lambda: treated_with(lambda e: e.AEDECOD == "Deep vein thrombosis"),
    ),
    "ae_fatal": ("1", lambda: cases(5)),
    "os_36": ("95% versus 81%", lambda: studies.landmark(STUDY, "OS", 36, 0)),
    "ae_infection_3": (
        "5% (3 of 57)",
        lambda: treated_with(
            lambda e: (e.AETOXGR == 3) & (e.AESOC == "Infections and infestations")
        ),
    ),
}
NOT_MET = {"os_36": (94, 80), "ae_infection_3": (6,)}  # percentages as published


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_is_recomputed_to_the_printed_digit(figure: str) -> None:
    expected, compute = FIGURES[figure]
    assert compute() == expected
    stated = next(f for f in meta(STUDY).figures if f.id == figure)
    assert stated.reproduced == expected
    assert expected.startswith(stated.published) == (figure not in NOT_MET)
    assert stated.label.endswith("not met") == (figure in NOT_MET)


def test_every_stated_figure_is_recomputed() -> None:
    assert {f.id for f in meta(STUDY).figures} == set(FIGURES)


def prints(percent: int, n: int) -> set[int]:
    """The counts of ``n`` patients that round to a percentage."""
    return {x for x in range(n + 1) if round(100 * x / n) == percent}


def test_what_is_not_met_cannot_be() -> None:
    """No count of an arm per protocol rounds to these percentages."""
    for percents in NOT_MET.values():
        for percent, n in zip(percents, (57, 62), strict=False):
            assert not prints(percent, n)
    # nobody alive was followed for less than 36 months, so the estimate is a count of the arm
    frame = merged(STUDY, "OS")
    assert (frame.MONTHS[~frame.EVENT] > 36).all()


def test_safety_was_analyzed_by_intention_to_treat() -> None:
    """Of 125, with 57 or more treated, only 62 or 63 treated can print as 5%, 6% and 10%."""
    possible = [n for n in range(57, 64) if prints(5, n) and prints(6, n) and prints(10, n)]
    assert possible == [62, 63]
    for n in possible:
        assert [prints(percent, n) for percent in (5, 6, 10)] == [{3}, {4}, {6}]
        assert prints(2, 125 - n) == {1}


def test_arms_and_deaths() -> None:
    assert adsl().ARM.value_counts().to_dict() == {DRUG: 57, OBSERVATION: 62}
    ttp, os = merged(STUDY, "TTP"), merged(STUDY, "OS")
    assert ttp[ttp.EVENT].ARM.value_counts().to_dict() == {DRUG: 32, OBSERVATION: 56}
    assert os[os.EVENT].ARM.value_counts().to_dict() == {DRUG: 25, OBSERVATION: 37}
    assert ttp[ttp.CNSR == 2].ARM.value_counts().to_dict() == {DRUG: 5, OBSERVATION: 3}


def test_eligibility() -> None:
    a = adsl()
    protein = (
        ((a.ISOTYPE == "IgG") & (a.MPROT >= 3))
        | ((a.ISOTYPE == "IgA") & (a.MPROT >= 2))
        | (a.UPROT > 1)
    )
    marrow = a.BMPC >= 10
    flow = (a.ABERPC >= 95) & (a.IMPARES == "Y")
    both = marrow & protein
    assert (both | ((marrow | protein) & flow)).all()
    assert ((a.ENTRYGR == "Marrow and M-protein") == both).all()
    assert not both.all()
    assert a.TSDIAG.between(0, 60).all()
    assert ((a.TSDIAG <= 6) == (a.TSDIAGGR == "<= 6 months")).all()
    assert a.ABERPC.between(0, 100).all()
    assert (a.AGE >= 18).all()
    assert a.ECOGBL.isin([0, 1, 2]).all()


def test_dates_and_times_agree() -> None:
    studies.check_dates(STUDY, meta(STUDY).data_cut.split()[0])
    assert (adsl().RANDDT.min(), adsl().RANDDT.max()) == ("2007-11-08", "2010-06-09")


def test_progression_and_death_come_in_order() -> None:
    ttp, os = (merged(STUDY, p).set_index("USUBJID") for p in ("TTP", "OS"))
    competing = ttp.CNSR == 2
    assert (os.CNSR[competing] == 0).all()
    assert (ttp.AVAL[competing] == os.AVAL[competing]).all()
    assert (os.CNSR[ttp.CNSR == 1] != 0).all()
    assert (ttp.AVAL[ttp.CNSR == 1] == os.AVAL[ttp.CNSR == 1]).all()
    assert (os.AVAL[ttp.EVENT] > ttp.AVAL[ttp.EVENT]).all()
    assert set(ttp.EVNTTYPE.dropna()) == {"CRAB"}
    assert ttp.EVNTDESC.dropna().str.endswith("(CRAB)").all()


def test_treatment_and_response() -> None:
    a = adsl().set_index("USUBJID")
    drug = a.ARM == DRUG
    for column in ("RESPIND", "MAINTFL", "EOTSTT"):
        assert (a[column].notna() == drug).all()
    assert (a.RESPMNT.notna() == (a.MAINTFL == "Y")).all()
    days = (pd.to_datetime(a.TRTEDT) - pd.to_datetime(a.RANDDT)).dt.days + 1
    assert (days[a.MAINTFL == "Y"] > 9 * 28).all()
    assert (days[drug] <= 9 * 28 + 738).all()
    responded = (a.RESPIND == "Y") | (a.RESPMNT == "Y")
    assert (responded == (a.RESPFL == "Y")).all()
    assert (a.RESPFL[~drug] == "N").all()


def test_adverse_events() -> None:
    studies.check_adverse_events(STUDY)
    adae = table(STUDY, "adae")
    assert (adae.AETOXGR[adae.TRTA == OBSERVATION] < 3).all()
    assert not (adae.AETOXGR == 4).any()


def test_benefit_in_most_subgroups() -> None:
    frame = merged(STUDY, "TTP")
    for column in ("SEX", "TSDIAGGR", "IMPARES", "ENTRYGR", "CYTOGEN"):
        for level, part in frame.groupby(column):
            hr = survival.hazard_ratio(part.MONTHS, part.EVENT, part.DRUG)
            assert hr.estimate < 0.86, (column, level)


@pytest.mark.parametrize(
    "column", ["SEX", "ECOGBL", "TSDIAGGR", "ISOTYPE", "IMPARES", "ENTRYGR", "CYTOGEN"]
)
def test_no_interaction_stands_out(column: str) -> None:
    """``interaction_p`` is held against R in the tests of E3A06."""
    frame = merged(STUDY, "TTP")
    level = [str(v) if pd.notna(v) else "" for v in frame[column]]
    arm = frame.DRUG.astype(int).to_numpy()
    p = interaction_p(frame.AVAL.to_numpy(), frame.EVENT.to_numpy(), arm, level)
    assert p > 0.3


def test_description_and_card() -> None:
    studies.check_description(STUDY, {"calibrated", "illustrative"})
    studies.check_card(STUDY)
    assert meta(STUDY).kind == "simulated"
    assert meta(STUDY).stratification == ("TSDIAGGR",)
    study = read_study(FOLDER / STUDY)
    assert study.report.findings == ()
    assert study.endpoint("TTP").competing == ("Death",)
