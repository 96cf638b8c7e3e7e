"""Adverse events in time. Oracles: person-time and prevalence counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.adverse_events import time as adverse_events_time
from services.adverse_events.time import CENSORED, DEATH, OFF, watch
from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.statistics.proportions import exact_poisson_rate, rate_difference
from services.views.study import decode
from tests.adverse_events import ADAE, ADSL, synthetic, tiny
from tests.studies import bundled


def page(query: str) -> SafetyPage:
    return safety_page(tiny(), decode(f"section=time&unit=days&at=30,60&{query}"))


def test_who_is_watched_until_when():
    """From the first dose, day 1, to 30 days after the last, death or the last contact."""
    found = watch(tiny())
    # S1: 366 days of treatment (2020 is a leap year) and 30 more. S2 died on day 101.
    # S3 is on treatment at the last contact. S7 was never treated.
    assert found.days.tolist()[:3] == [396.0, 101.0, 182.0]
    assert np.isnan(found.days[6])
    assert found.ending.tolist()[:3] == [OFF, DEATH, CENSORED]


def test_a_contact_before_the_thirty_days_ends_the_watching():
    early = ADSL.replace("2020-12-31,2021-12-31,,,COMPLETED", "2020-12-31,2021-01-10,,,COMPLETED")
    found = watch(tiny(ADAE, early))
    assert found.days[0] == 376.0
    assert found.ending[0] == OFF  # its treatment was over


def test_without_a_contact_the_thirty_days_are_watched_in_full():
    """S1 to S6 by their last dose alone: 31 December, 31 March, 30 June of 2020."""
    alone = "".join(
        ",".join([*line.split(",")[:7], "", "", "", line.split(",")[10]])
        for line in ADSL.splitlines(keepends=True)[1:]
    )
    head = ADSL.splitlines(keepends=True)[0]
    late = ADAE + "S2,Gut,Reflux,1,N,N,,,Y,2020-04-15,\n"
    study = tiny(late, head + alone)
    found = watch(study)
    assert found.days[:6].tolist() == [396.0, 121.0, 212.0, 396.0, 396.0, 396.0]
    # S3 is treated still: its 30 days are no end of treatment.
    assert found.ending[:3].tolist() == [OFF, OFF, CENSORED]
    rates = safety_page(study, decode("section=time")).time.rates
    assert next(r for r in rates if r.name == "Reflux").arms["Drug"].subjects == 1


def test_a_data_cut_before_ends_the_watching():
    text = ADSL.replace("2021-12-31", "")
    metadata = replace(tiny(ADAE, text).metadata, data_cut="2021-01-10 (simulated)")
    cut = replace(tiny(ADAE, text), metadata=metadata, sha256="cut")
    found = watch(cut)
    assert found.days[0] == 376.0
    assert found.days[1] == 101.0  # a death is not moved


def test_rates_by_hand():
    found = page("").time
    rows = {row.name: row for row in found.rates}
    # Anemia on the drug: S1 on day 11 and S5 on day 61; S2 and S3 without it, 101 and 182 days.
    anemia = rows["Anemia"].arms["Drug"]
    years = (11 + 61 + 101 + 182) / 365.25
    assert anemia.subjects == 2
    assert anemia.patient_years == pytest.approx(years)
    exact = exact_poisson_rate(2, years)
    assert anemia.rate.estimate == pytest.approx(200 / years)
    assert anemia.rate.lower == pytest.approx(100 * exact.lower)
    assert anemia.rate.upper == pytest.approx(100 * exact.upper)
    placebo = rows["Anemia"].arms["Placebo"]
    assert placebo.patient_years == pytest.approx(2 * 396 / 365.25)
    difference = rate_difference(2, years, 0, 2 * 396 / 365.25)
    assert rows["Anemia"].difference.upper == pytest.approx(100 * difference.upper)
    assert [w.patient_years for w in found.watched] == pytest.approx(
        [(396 + 101 + 182 + 396) / 365.25, 2 * 396 / 365.25]
    )


def test_first_event_with_death_and_end_of_treatment_competing():
    found = page("term=Anemia").time
    drug = next(c for c in found.incidences if c.arm == "Drug")
    assert [cause.events for cause in drug.causes] == [2, 1, 0]  # S2 died, S3 is still watched
    assert drug.censored == 1
    assert [m.incidence for m in drug.causes[0].landmarks] == [0.25, 0.25]
    placebo = next(c for c in found.incidences if c.arm == "Placebo")
    assert [cause.events for cause in placebo.causes] == [0, 0, 2]
    assert found.at_risk[0].at_risk[0] == 4


def test_prevalence_by_worst_grade(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adverse_events_time, "GRID", 397)  # every day
    found = page("term=Blood").time
    drug = found.prevalence[0]
    day = {round(t): i for i, t in enumerate(drug.time)}
    # Day 35: S1 has anemia of grade 3 (days 32 to 41) and neutropenia of grade 2 with no end; S2
    # neutropenia of grade 4 (days 31 to 91).
    assert drug.counts[:, day[35]].tolist() == [0, 0, 1, 1, 0, 0]
    assert drug.watched[day[35]] == 4
    assert drug.share[2, day[35]] == 0.25
    # Day 50: the anemia is over, the grade 2 goes on; S2 still.
    assert drug.counts[:, day[50]].tolist() == [0, 1, 0, 1, 0, 0]
    # Day 110: S2 has died.
    assert drug.counts[:, day[110]].tolist() == [0, 1, 0, 0, 0, 0]
    assert drug.watched[day[110]] == 3
    assert (drug.counts.sum(axis=0) <= drug.watched).all()


def test_events_outside_the_time_are_counted_and_left_out():
    late = ADAE + "S1,Gut,Reflux,1,N,N,,,Y,2021-06-01,\nS1,Gut,Ache,1,N,N,,,Y,,\n"
    study = tiny(late)
    found = safety_page(study, decode("section=time&emergent=no")).time
    assert found.late == 2  # the late one, and the one of S6 before the first dose
    assert found.undated == 1
    assert found.rates[-1].arms["Drug"].subjects <= 4


def test_without_dates_of_treatment_it_says_so():
    found = safety_page(synthetic((1, 2), (4, 4)), decode("section=time")).time
    assert "no readable date of first dose" in found.reason
    assert found.rates == ()
    bare = replace(tiny(), subjects=tiny().subjects.drop(columns=["TRTSDT"]), sha256="undated")
    assert "no readable date of first dose" in safety_page(bare, decode("section=time")).time.reason


def test_arms_watched_for_different_times_are_not_compared_on_counts_alone():
    short = "".join(
        line.replace("2020-12-31", "2020-01-15") if "Placebo,Placebo,Y" in line else line
        for line in ADSL.splitlines(keepends=True)
    )
    # 45 days on placebo, a mean of 269 on the drug.
    notes = safety_page(tiny(ADAE, short), decode("")).notes
    assert any("different lengths" in note for note in notes)
    assert not any("different lengths" in note for note in safety_page(bundled(), decode("")).notes)


def test_leaving_the_study_on_the_day_of_the_last_dose_is_no_end_of_treatment():
    """Out of contact with treatment not said to be over: censored, by ADSL's two statuses."""
    lost = ADSL.replace("EOTSTT\n", "EOTSTT,EOSSTT\n").replace(
        "2020-06-30,2020-06-30,,,ONGOING\n", "2020-06-30,2020-06-30,,,,DISCONTINUED\n"
    )
    lines = lost.splitlines()
    width = lines[0].count(",")
    padded = "\n".join(line + "," * (width - line.count(",")) for line in lines) + "\n"
    found = watch(tiny(ADAE, padded))
    assert found.days[2] == 182.0
    assert found.ending.tolist()[:3] == [OFF, DEATH, CENSORED]


def test_severe_events_on_monitoring_of_aquila():
    """R's survfit of several states with the 21 who left on their last day censored: 31.7%."""
    found = safety_page(bundled("aquila"), decode("section=time&grade=severe&at=36")).time
    curve = next(c for c in found.incidences if c.arm == "Active monitoring")
    assert curve.causes[0].landmarks[0].incidence == pytest.approx(0.317, abs=5e-4)
    assert (watch(bundled("aquila")).ending == CENSORED).sum() == 21


def test_everyone_with_the_event_has_no_interval():
    """88 of 88 on lenalidomide: rounding must not make limits of 100.0 to 100.0."""
    found = safety_page(bundled(), decode("section=time&at=24")).time
    mark = next(c for c in found.incidences if c.arm == "Lenalidomide").causes[0].landmarks[0]
    assert (mark.events, mark.incidence, mark.lower, mark.upper) == (88, 1.0, None, None)
    assert mark.reason == "everyone had the event: no interval"


def test_events_of_patients_without_dates_are_not_called_late():
    undated = ADSL.replace("S1,Drug,Drug,Y,F,2020-01-01,2020-12-31", "S1,Drug,Drug,Y,F,,")
    found = safety_page(tiny(ADAE, undated), decode("section=time")).time
    assert (found.unwatched, found.late, found.undated) == (1, 0, 0)
