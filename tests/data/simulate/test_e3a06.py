"""The simulated E3A06 and its run-in: published figures to the printed digit, sane rows.

Figures are computed by the app's own engine, which is held against R elsewhere; the numbers in
``R_*`` were printed by R 4.2.2 with survival 3.5.3 on these very files.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from data.simulate.baseline import GROUPINGS
from data.simulate.stats import interaction_p
from services import survival
from services.format import hazard_ratio, p_value
from services.risk.models import model
from services.statistics.proportions import clopper_pearson
from tests.data import studies
from tests.data.studies import MONTH, merged, meta, table

BLOOD = "Blood and lymphatic system disorders"
STUDIES = ("e3a06", "e3a06-run-in")

R_INTERACTION = {
    "SEX": (0.3235032,),
    "AGE": (0.6846708, 0.3905343),  # cut at 65; at 65 and 75
    "RACE": (0.4908561,),
    "ECOGBL": (0.3566875,),
    "TSDIAGGR": (0.5030044,),
    "IMPARES": (0.7268458,),
    "CYTOGEN": (0.9592368,),
}


def on_drug(study: str) -> pd.DataFrame:
    return table(study, "adae").query("TRTA == 'Lenalidomide'")


# --- the published figures -----------------------------------------------------------------


def landmark(study: str, months: float) -> str:
    frame = merged(study, "PFS")
    found = []
    for drug in (True, False):
        mine = frame[frame["DRUG"] == drug]
        if len(mine):
            curve = survival.kaplan_meier(mine.MONTHS, mine.EVENT, landmarks=[months])
            estimate = curve.landmarks[0].survival
            assert estimate is not None
            found.append(f"{100 * estimate:.0f}%")
    return " versus ".join(found)


def ratio(frame: pd.DataFrame, with_p: bool = False) -> str:
    found = survival.hazard_ratio(frame.MONTHS, frame.EVENT, frame.DRUG)
    return hazard_ratio(found) + (f", p {p_value(found.p)}" if with_p else "")


def high_risk() -> pd.DataFrame:
    frame = merged("e3a06", "PFS")
    return frame[model("MAYO2018").groups(frame.BMPC, frame.MPROT, frame.FLCR) == "High"]


def deaths() -> str:
    frame = merged("e3a06", "OS")
    counts = frame.groupby("ARM").EVENT.sum()
    return f"{counts['Lenalidomide']} versus {counts['Observation']}"


def follow_up(study: str) -> str:
    frame = merged(study, "OS")
    found = survival.follow_up(frame.MONTHS, frame.EVENT)
    text = f"{found.estimate:.0f} months"
    return text if study == "e3a06" else f"{text} ({found.lower:.0f} to {found.upper:.0f})"


def pfs_60() -> str:
    frame = merged("e3a06-run-in", "PFS")
    curve = survival.kaplan_meier(frame.MONTHS, frame.EVENT, ci="log", landmarks=[60])
    at = curve.landmarks[0]
    assert at.survival is not None
    assert at.lower is not None
    assert at.upper is not None
    return f"{100 * at.survival:.0f}% ({100 * at.lower:.0f} to {100 * at.upper:.0f})"


def treated(study: str) -> pd.DataFrame:
    return table(study, "adsl").query("TRT01A == 'Lenalidomide'")


def response() -> str:
    evaluable = treated("e3a06")
    x, n = int((evaluable.RESPFL == "Y").sum()), len(evaluable)
    e = clopper_pearson(x, n)
    assert e.estimate is not None
    assert e.lower is not None
    assert e.upper is not None
    return (
        f"{100 * e.estimate:.0f}% ({100 * e.lower:.0f} to {100 * e.upper:.0f}), {x} of {n} treated"
    )


def response_observation() -> str:
    frame = table("e3a06", "adsl").query("ARM == 'Observation'")
    return f"{(frame.RESPFL == 'Y').sum()} of {len(frame)}"


def response_run_in() -> str:
    frame = treated("e3a06-run-in")
    x, n = int((frame.RESPFL == "Y").sum()), len(frame)
    return f"{100 * x / n:.1f}%, {x} of {n}"


def off_treatment(study: str) -> str:
    frame = treated(study)
    x, n = int((frame.EOTSTT == "DISCONTINUED").sum()), len(frame)
    return f"{100 * x / n:.0f}%, {x} of {n}"


def subjects_with(mask: Callable[[pd.DataFrame], pd.Series], percent: int | None = None) -> str:
    events = on_drug("e3a06")
    x, n = events[mask(events)].USUBJID.nunique(), len(treated("e3a06"))
    return f"{x}" if percent is None else f"{x} ({100 * x / n:.{percent}f}%)"


def incidence(arm: str) -> float:
    """Aalen-Johansen by the textbook: sum of S(t-) d1/n, where every event lowers S."""
    frame = table("e3a06", "adtte").query("PARAMCD == 'SPM'")
    arms = table("e3a06", "adsl").set_index("USUBJID").ARM
    frame = frame[frame.USUBJID.map(arms) == arm]
    total, free = 0.0, 1.0
    for day in sorted(set(frame.AVAL)):
        if day / MONTH > 36:
            break
        here, n = frame[frame["AVAL"] == day], int((frame["AVAL"] >= day).sum())
        total += free * int((here.CNSR == 0).sum()) / n
        free *= 1 - int(here.CNSR.isin([0, 2]).sum()) / n
    return total


FIGURES: dict[str, dict[str, Callable[[], str]]] = {
    "e3a06": {
        "pfs_12": lambda: landmark("e3a06", 12),
        "pfs_24": lambda: landmark("e3a06", 24),
        "pfs_36": lambda: landmark("e3a06", 36),
        "pfs_hr": lambda: ratio(merged("e3a06", "PFS"), with_p=True),
        "deaths": deaths,
        "os_hr": lambda: ratio(merged("e3a06", "OS")),
        "follow_up": lambda: follow_up("e3a06"),
        "mayo_high_n": lambda: str(len(high_risk())),
        "mayo_high_hr": lambda: ratio(high_risk()),
        "response": response,
        "response_observation": response_observation,
        "off_treatment": lambda: off_treatment("e3a06") + " treated",
        "toxicity_stops": lambda: (
            f"{(table('e3a06', 'adsl').DCTREAS == 'ADVERSE EVENT').sum()} patients"
        ),
        "ae_other_34": lambda: subjects_with(
            lambda e: e.AETOXGR.isin([3, 4]) & (e.AESOC != BLOOD), percent=0
        ),
        "ae_any_34": lambda: subjects_with(lambda e: e.AETOXGR.isin([3, 4]), percent=0),
        "ae_fatigue_34": lambda: subjects_with(
            lambda e: e.AETOXGR.isin([3, 4]) & (e.AEDECOD == "Fatigue")
        ),
        "ae_blood_4": lambda: subjects_with(
            lambda e: (e.AETOXGR == 4) & (e.AESOC == BLOOD), percent=1
        ),
        "ae_neutropenia_4": lambda: subjects_with(
            lambda e: (e.AETOXGR == 4) & (e.AEDECOD == "Neutropenia")
        ),
        "ae_fatal": lambda: subjects_with(lambda e: (e.AETOXGR == 5) & (e.AEREL == "RELATED")),
        "spm_36": lambda: (
            f"{100 * incidence('Lenalidomide'):.1f}% versus {100 * incidence('Observation'):.1f}%"
        ),
    },
    "e3a06-run-in": {
        "pfs_36": lambda: landmark("e3a06-run-in", 36),
        "pfs_60": pfs_60,
        "follow_up": lambda: follow_up("e3a06-run-in"),
        "response": response_run_in,
        "off_treatment": lambda: off_treatment("e3a06-run-in"),
    },
}

# As published. The reproduced text may add a denominator; its numbers must be these.
PUBLISHED = {
    "e3a06": {
        "pfs_12": "98% versus 89%",
        "pfs_24": "93% versus 76%",
        "pfs_36": "91% versus 66%",
        "pfs_hr": "0.28 (0.12 to 0.62), p 0.002",
        "deaths": "2 versus 4",
        "os_hr": "0.46 (0.08 to 2.53)",
        "follow_up": "35 months",
        "mayo_high_n": "56",
        "mayo_high_hr": "0.09 (0.02 to 0.44)",
        "response": "50% (39 to 61)",
        "response_observation": "0 of 90",
        "off_treatment": "51%",
        "toxicity_stops": "18 patients",
        "ae_other_34": "25 (28%)",
        "ae_any_34": "36 (41%)",
        "ae_fatigue_34": "5",
        "ae_blood_4": "5 (5.7%)",
        "ae_neutropenia_4": "4",
        "ae_fatal": "1",
        "spm_36": "5.2% versus 3.5%",
    },
    "e3a06-run-in": {
        "pfs_36": "87%",
        "pfs_60": "78% (65 to 93)",
        "follow_up": "82 months (72 to 84)",
        "response": "47.7%",
        "off_treatment": "80%",
    },
}


@pytest.mark.parametrize(
    ("study", "figure"), [(study, figure) for study in STUDIES for figure in PUBLISHED[study]]
)
def test_published_figure_is_met_to_the_printed_digit(study: str, figure: str) -> None:
    found = FIGURES[study][figure]()
    # a text may go on with a denominator, a number may not go on with digits
    assert found.split(", ")[0] == PUBLISHED[study][figure].split(", ")[0]
    assert found.startswith(PUBLISHED[study][figure])
    stated = {f.id: f.reproduced for f in meta(study).figures}
    assert stated[figure] == found


@pytest.mark.parametrize("study", STUDIES)
def test_every_stated_figure_is_recomputed(study: str) -> None:
    assert {f.id for f in meta(study).figures} == set(FIGURES[study]) == set(PUBLISHED[study])


# --- subgroups -----------------------------------------------------------------------------


def test_interactions_against_r() -> None:
    """Only the interaction with Mayo 2018 risk is published, so no other may stand out."""
    frame = merged("e3a06", "PFS")
    time, event = frame.AVAL.to_numpy(), frame.EVENT.to_numpy()
    arm = frame.DRUG.astype(int).to_numpy()
    for column, expected in R_INTERACTION.items():
        level = frame[column].fillna("").astype(str)
        for group, answer in zip(GROUPINGS.get(column, (str,)), expected, strict=True):
            p = interaction_p(time, event, arm, [group(v) for v in level])
            assert p == pytest.approx(answer, abs=1e-6), column
            assert p > 0.1


def test_benefit_in_most_subgroups() -> None:
    frame = merged("e3a06", "PFS")
    frame = frame.assign(AGEGR=frame.AGE >= 65)
    for column in ("SEX", "AGEGR", "RACE", "ECOGBL", "TSDIAGGR", "IMPARES", "CYTOGEN"):
        for level, part in frame.groupby(column):
            if part.EVENT[part.DRUG].any() and part.EVENT[~part.DRUG].any():
                hr = survival.hazard_ratio(part.MONTHS, part.EVENT, part.DRUG)
                assert hr.estimate < 0.8, (column, level)


# --- rows ----------------------------------------------------------------------------------


def test_arms_and_denominators() -> None:
    adsl = table("e3a06", "adsl")
    assert adsl.ARM.value_counts().to_dict() == {"Lenalidomide": 92, "Observation": 90}
    safe = adsl[adsl.SAFFL == "Y"]
    assert safe.TRT01A.value_counts().to_dict() == {"Lenalidomide": 88, "Observation": 90}
    assert adsl[adsl.SAFFL == "N"].TRT01A.isna().all()
    assert set(adsl.TSDIAGGR) == {"<= 1 year", "> 1 year"}
    assert len(table("e3a06-run-in", "adsl")) == 44
    risk = model("MAYO2018").groups(adsl.BMPC, adsl.MPROT, adsl.FLCR)
    assert risk.value_counts().to_dict() == {"Intermediate": 68, "Low": 58, "High": 56}
    assert abs((adsl.ARM[risk == "High"] == "Lenalidomide").sum() - 28) <= 3


def test_enough_patients_are_followed_past_three_years() -> None:
    frame = merged("e3a06", "PFS")
    at_risk = frame[frame.MONTHS >= 36].ARM.value_counts()
    assert at_risk["Lenalidomide"] >= 35
    assert at_risk["Observation"] >= 20


@pytest.mark.parametrize("study", STUDIES)
def test_eligibility(study: str) -> None:
    adsl = table(study, "adsl")
    assert adsl.TSDIAG.between(0, 60).all()
    assert ((adsl.TSDIAG <= 12) == (adsl.TSDIAGGR == "<= 1 year")).all()
    assert adsl.BMPC.between(10, 59).all()
    assert adsl.FLCR.between(1.65, 100, inclusive="neither").all()
    assert (adsl.MPROT >= 1).all()
    assert (adsl.HGB >= 11).all()
    assert adsl.ECOGBL.isin([0, 1, 2]).all()
    assert adsl.AGE.between(35, 85).all()
    assert adsl.AGE.median() == pytest.approx(64, abs=2.5)
    assert set(adsl.SEX) == {"F", "M"}
    assert adsl.USUBJID.is_unique
    assert adsl.CYTOGEN.isna().any()


@pytest.mark.parametrize("study", STUDIES)
def test_dates_and_times_agree(study: str) -> None:
    studies.check_dates(study, meta(study).data_cut.split()[0])
    start = table(study, "adtte").STARTDT
    assert pd.to_datetime(start).dt.year.between(2011, 2017).all()


@pytest.mark.parametrize("study", STUDIES)
def test_events_and_deaths_agree(study: str) -> None:
    adtte = table(study, "adtte")
    pfs, os = (adtte[adtte["PARAMCD"] == p].set_index("USUBJID") for p in ("PFS", "OS"))
    died_first = pfs.EVNTDESC == "Death"
    assert (pfs.ADT[died_first] == os.ADT[died_first]).all()
    assert (os.CNSR[died_first] == 0).all()
    assert set(pfs.EVNTTYPE.dropna()) <= {"SLiM", "CRAB", "Death"}
    in_words = pfs.EVNTDESC.str.extract(r"\((SLiM|CRAB)\)$")[0].fillna(pfs.EVNTDESC)
    assert in_words.equals(pfs.EVNTTYPE.rename(0))


def test_second_malignancies_compete_with_death() -> None:
    adtte = table("e3a06", "adtte")
    spm, os = (adtte[adtte["PARAMCD"] == p].set_index("USUBJID") for p in ("SPM", "OS"))
    assert (spm.AVAL <= os.AVAL).all()
    assert (os.CNSR[spm.CNSR == 2] == 0).all()
    assert (spm.AVAL[spm.CNSR == 2] == os.AVAL[spm.CNSR == 2]).all()
    assert (os.CNSR[spm.CNSR == 1] != 0).all()


@pytest.mark.parametrize("study", STUDIES)
def test_treatment_agrees_with_progression(study: str) -> None:
    adsl = table(study, "adsl").set_index("USUBJID")
    progressed = adsl.DCTREAS == "PROGRESSIVE DISEASE"
    pfs = table(study, "adtte").query("PARAMCD == 'PFS'").set_index("USUBJID")
    assert (pfs.CNSR[progressed] == 0).all()
    assert adsl.BOR.notna().equals(adsl.TRT01A.notna())


@pytest.mark.parametrize("study", STUDIES)
def test_adverse_event_rows(study: str) -> None:
    studies.check_adverse_events(study)
    adae = table(study, "adae")
    assert (adae.TRTEMFL == "Y").mean() > 0.95
    drug = adae[adae.TRTA == "Lenalidomide"]
    assert len(drug) / len(treated(study)) > 4
    emergent = drug[drug.TRTEMFL == "Y"]
    # the severe events count the same with and without those that were there before
    assert set(drug.USUBJID[drug.AETOXGR >= 3]) == set(emergent.USUBJID[emergent.AETOXGR >= 3])


@pytest.mark.parametrize("study", STUDIES)
def test_description_and_card(study: str) -> None:
    studies.check_description(study, {"calibrated", "illustrative"})
    studies.check_card(study)
    assert meta(study).kind == "simulated"
    assert "simulated" in meta(study).kind_note
