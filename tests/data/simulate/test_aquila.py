"""The simulated AQUILA: published figures to the printed digit, eligible patients, sane rows.

Figures are computed by the app's own engine; ``tests/oracles/trials.json`` holds what R prints
for the same files.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from data.simulate.stats import interaction_p
from services.reading.files import read_study
from services.risk.models import aquila, model
from tests.data import studies
from tests.data.studies import FOLDER, having, merged, meta, shares, table

STUDY = "aquila"
DRUG, MONITORING = "Daratumumab", "Active monitoring"


def adsl() -> pd.DataFrame:
    return table(STUDY, "adsl")


def severe(column: str = "", value: str = "", grades: tuple[int, ...] = (3, 4)) -> str:
    """Subjects of each arm with a grade 3 or 4 event (of a class or term)."""
    adae = table(STUDY, "adae")
    events = adae.AETOXGR.isin(grades)
    if column:
        events &= adae[column] == value
    return shares(STUDY, having(STUDY, events), safety=True)


def response(*best: str) -> str:
    return shares(STUDY, adsl().BOR.isin(best))


def events(endpoint: str, kind: str = "", digits: int = 1) -> str:
    frame = merged(STUDY, endpoint)
    return shares(STUDY, frame.EVENT & ((kind == frame.EVNTTYPE) if kind else True), digits)


def high_risk() -> str:
    n = int((model("MAYO2018").groups(adsl().BMPC, adsl().MPROT, adsl().FLCR) == "High").sum())
    return f"{100 * n / len(adsl()):.0f}% ({n} of {len(adsl())})"


def pfs_ratio() -> str:
    assert studies.ratio_p(STUDY, "PFS") < 0.001
    return studies.ratio(STUDY, "PFS") + ", p <0.001"


def stops() -> str:
    treated = int((adsl().TRT01A == DRUG).sum())
    return studies.share(int((adsl().DCTREAS == "ADVERSE EVENT").sum()), treated)


def treated() -> str:
    return f"{(adsl().TRT01A == DRUG).sum()} of {(adsl().ARM == DRUG).sum()}"


# As published (percentages; a count beside one is the only one of its arm that gives it).
FIGURES: dict[str, tuple[str, Callable[[], str]]] = {
    "pfs_events": ("34.5% (67) versus 50.5% (99)", lambda: events("PFS")),
    "pfs_60": ("63.1% versus 40.8%", lambda: studies.landmark(STUDY, "PFS", 60)),
    "pfs_median": (
        "not reached versus 41.5 months",
        lambda: studies.medians(STUDY, "PFS", (1, 1)),
    ),
    "pfs_hr": ("0.49 (0.36 to 0.67), p <0.001", pfs_ratio),
    "slim": ("25.8% (50) versus 33.2% (65)", lambda: events("PFS", "SLiM")),
    "crab": ("6.2% (12) versus 17.3% (34)", lambda: events("PFS", "CRAB")),
    "os_60": ("93.0% versus 86.9%", lambda: studies.landmark(STUDY, "OS", 60)),
    "os_hr": ("0.52 (0.27 to 0.98)", lambda: studies.ratio(STUDY, "OS")),
    "flt_60": ("29.7% versus 55.9%", lambda: studies.incidence(STUDY, "FLT", 60, 2)),
    "flt_started": ("33% (64) versus 52% (102)", lambda: events("FLT", digits=0)),
    "flt_median": (
        "not reached versus 50.2 months",
        lambda: studies.medians(STUDY, "FLT", (1, 1)),
    ),
    "flt_hr": ("0.46 (0.33 to 0.62)", lambda: studies.ratio(STUDY, "FLT")),
    "follow_up": ("65.2 months", lambda: f"{studies.follow_up(STUDY).estimate:.1f} months"),
    "mayo_high": ("41% (160 of 390)", high_risk),
    "treated": ("193 of 194", treated),
    "response": ("63.4% (123) versus 2.0% (4)", lambda: response("CR", "VGPR", "PR")),
    "vgpr": ("29.9% (58) versus 1.0% (2)", lambda: response("CR", "VGPR")),
    "cr": ("8.8% (17) versus 0.0% (0)", lambda: response("CR")),
    "toxicity_stops": ("5.7% (11)", stops),
    "ae_any_34": ("40.4% (78) versus 30.1% (59)", severe),
    "ae_infection_34": (
        "16.1% (31) versus 4.6% (9)",
        lambda: severe("AESOC", "Infections and infestations"),
    ),
    "ae_pneumonia_34": ("3.6% (7) versus 0.5% (1)", lambda: severe("AEDECOD", "Pneumonia")),
    "ae_hypertension_34": (
        "5.7% (11) versus 4.6% (9)",
        lambda: severe("AEDECOD", "Hypertension"),
    ),
    "ae_fatal": ("1.0% (2) versus 2.0% (4)", lambda: severe(grades=(5,))),
}


@pytest.mark.parametrize("figure", FIGURES)
def test_published_figure_is_met_to_the_printed_digit(figure: str) -> None:
    expected, compute = FIGURES[figure]
    assert compute() == expected
    assert {f.id: f.reproduced for f in meta(STUDY).figures}[figure] == expected


def test_every_stated_figure_is_recomputed_and_says_what_was_published() -> None:
    assert {f.id for f in meta(STUDY).figures} == set(FIGURES)
    for figure in meta(STUDY).figures:
        # the percentages without the counts; zero is printed without a decimal
        bare = " ".join(w for w in figure.reproduced.split() if not w.startswith("("))
        if figure.published.endswith("%") or " versus " in figure.published:
            published = figure.published.split(", which")[0].replace(" 0%", " 0.0%")
            assert bare.removesuffix(" of 390)") == published


def test_severe_counts_do_not_depend_on_how_the_source_is_read() -> None:
    """Grade 3-4 and grade 3 or more give the same counts of the kinds listed."""
    for column, value in (
        ("AESOC", "Infections and infestations"),
        ("AEDECOD", "Pneumonia"),
        ("AEDECOD", "Hypertension"),
    ):
        assert severe(column, value) == severe(column, value, (3, 4, 5))


def test_arms_and_deaths() -> None:
    assert adsl().ARM.value_counts().to_dict() == {DRUG: 194, MONITORING: 196}
    assert (adsl().SAFFL == "N").sum() == 1
    died = merged(STUDY, "OS").query("EVENT").ARM.value_counts().to_dict()
    assert died == {DRUG: 15, MONITORING: 26}
    kinds = merged(STUDY, "PFS").groupby("ARM").EVNTTYPE.value_counts()
    assert kinds[DRUG]["Death"] == 5
    assert "Death" not in kinds[MONITORING]


def test_eligibility() -> None:
    a = adsl()
    assert a.BMPC.between(10, 59).all()
    assert a.FLCR.between(1.65, 100, inclusive="neither").all()
    assert a.ECOGBL.isin([0, 1]).all()
    assert a.TSDIAG.between(0, 60).all()
    assert (a.AGE >= 18).all()
    # measurable: an M-protein in serum, or light chains only and an abnormal ratio
    assert ((a.MPROT >= 1) | ((a.ISOTYPE == "Light chain") & (a.MPROT == 0))).all()
    met = [
        a.ISOTYPE == "IgA",
        a.MPROT >= 3,
        (a.FLCR >= 8) & (a.FLCR < 100),
        a.NIMPARES == 2,
        (a.BMPC > 50) & (a.BMPC < 60),
    ]
    assert (sum(m.astype(int) for m in met) == a.RISKN).all()
    assert (a.RISKN >= 1).all()
    assert all(m.any() for m in met)
    assert ((a.NIMPARES > 0) == (a.IMPARES == "Y")).all()
    groups = aquila(a.BMPC, a.MPROT, a.FLCR, a.ISOTYPE, a.IMPARES, a.NIMPARES)
    assert (groups == "Meets").all()
    high = model("MAYO2018").groups(a.BMPC, a.MPROT, a.FLCR) == "High"
    assert a.ARM[high].value_counts().to_dict() == {DRUG: 80, MONITORING: 80}


def test_dates_and_times_agree() -> None:
    studies.check_dates(STUDY, meta(STUDY).data_cut)
    assert meta(STUDY).data_cut == "2024-05-01"
    assert adsl().RANDDT.min() >= "2017-12-10"
    assert adsl().RANDDT.max() == "2019-05-27"


def test_progression_treatment_and_death_come_in_order() -> None:
    pfs, flt, os = (merged(STUDY, p).set_index("USUBJID") for p in ("PFS", "FLT", "OS"))
    assert set(pfs.EVNTTYPE.dropna()) == {"SLiM", "CRAB", "Death"}
    progressed = pfs.EVNTTYPE.isin(["SLiM", "CRAB"])
    in_words = pfs.EVNTDESC.str.extract(r"\((SLiM|CRAB)\)$")[0]
    assert in_words[progressed].equals(pfs.EVNTTYPE[progressed].rename(0))
    # whoever starts treatment progressed before, or was censored for PFS on that day
    started = flt.CNSR == 0
    early = pfs.CNSR == 4
    assert (progressed | early)[started].all()
    assert (flt.AVAL[started & progressed] > pfs.AVAL[started & progressed]).all()
    assert started[early].all()
    assert (flt.AVAL[early] == pfs.AVAL[early]).all()
    competing = flt.CNSR == 2
    assert (os.CNSR[competing] == 0).all()
    assert (flt.AVAL[competing] == os.AVAL[competing]).all()
    assert (os.CNSR[flt.CNSR == 1] != 0).all()
    at_once = pfs.EVNTTYPE == "Death"
    assert (os.AVAL[at_once] == pfs.AVAL[at_once]).all()
    dead_later = (os.CNSR == 0) & ~at_once
    assert progressed[dead_later].all()
    assert (os.AVAL[dead_later] > pfs.AVAL[dead_later]).all()


def test_adverse_events() -> None:
    studies.check_adverse_events(STUDY)
    fatal = table(STUDY, "adae").query("AETOXGR == 5")
    assert fatal.USUBJID.is_unique
    a = adsl().set_index("USUBJID")
    planned = pd.to_datetime(a.TRTEDT) - pd.to_datetime(a.TRTSDT)
    assert planned.dt.days.max() <= 39 * 28


def test_no_subgroup_stands_out() -> None:
    """No subgroup's hazard ratio is published, so none should look like a finding."""
    frame = merged(STUDY, "PFS")
    for column in ("SEX", "ECOGBL", "CYTOGEN", "IMPARES", "NIMPARES"):
        for level, part in frame.groupby(column):
            hr = studies.survival.hazard_ratio(part.MONTHS, part.EVENT, part.DRUG)
            assert hr.estimate < 0.86, (column, level)
    high = model("MAYO2018").groups(frame.BMPC, frame.MPROT, frame.FLCR) == "High"
    within, rest = (
        studies.survival.hazard_ratio(f.MONTHS, f.EVENT, f.DRUG).estimate
        for f in (frame[high], frame[~high])
    )
    card = (FOLDER / STUDY / "CARD.md").read_text("utf-8")
    assert f"among them ({within:.2f}) lies below that of the others ({rest:.2f})" in card


@pytest.mark.parametrize(
    "column", ["SEX", "RACE", "ECOGBL", "ISOTYPE", "IMPARES", "NIMPARES", "CYTOGEN"]
)
def test_no_interaction_stands_out(column: str) -> None:
    """``interaction_p`` is held against R in the tests of E3A06."""
    frame = merged(STUDY, "PFS")
    level = [str(v) if pd.notna(v) else "" for v in frame[column]]
    arm = frame.DRUG.astype(int).to_numpy()
    p = interaction_p(frame.AVAL.to_numpy(), frame.EVENT.to_numpy(), arm, level)
    assert p > 0.3


def test_description_and_card() -> None:
    studies.check_description(STUDY, {"calibrated", "illustrative"})
    studies.check_card(STUDY)
    assert meta(STUDY).kind == "simulated"
    assert "simulated" in meta(STUDY).kind_note
    study = read_study(FOLDER / STUDY)
    assert study.report.findings == ()
    assert study.endpoint("FLT").competing == ("Death",)
