"""Adverse events in time: rates per time at risk, time to a first event, prevalence.

A subject is watched for adverse events from the first dose until 30 days after the last dose,
until death, or until contact ends, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from services.adverse_events.coded import (
    AFTER_LAST_DOSE,
    date_column,
    event_label,
    event_words,
    first_dose,
)
from services.adverse_events.counts import Chosen, of_term
from services.adverse_events.records import (
    ArmRate,
    EventRow,
    Prevalence,
    RateRow,
    SafetyTime,
    Watched,
)
from services.arrays import BoolArray, FloatArray, IntArray
from services.statistics import proportions
from services.statistics import results as statistics_results
from services.statistics.competing import incidence
from services.statistics.results import Estimate
from services.statistics.steps import at_risk_of_first
from services.study.memory import remembered
from services.study.model import Study
from services.units import DAYS_PER_UNIT
from services.values.flags import flag
from services.values.frames import text
from services.views import axis
from services.views.study import View

DAYS_PER_YEAR = DAYS_PER_UNIT["years"]
CAUSES = ("The event", "Death", "End of treatment")
CENSORED, EVENT, DEATH, OFF = 0, 1, 2, 3
RATE_ROWS = 40
FEW = 10
GRID = 73  # times at which prevalence is counted
NO_DATES = (
    "The study has no readable date of first dose (TRTSDT), so the time at risk is unknown. "
    "Percentages can be compared only between arms that were observed for about the same time."
)
UNDATED = (
    "None of the adverse events counted here has a readable start date or day (ASTDT, ASTDY), so "
    "it is unknown when they began."
)


@dataclass(frozen=True, eq=False)
class Watch:
    """How long each subject was watched, and why that ended.

    ``days`` (subjects,) counts the day of first dose as 1, NaN without dates; ``ending`` is
    ``DEATH``, ``OFF`` (the 30 days after the last dose are up, or EOTSTT says that treatment is
    over) or ``CENSORED`` (still treated, or contact ended before).
    """

    days: FloatArray
    ending: IntArray


@remembered(32, key=lambda study: ())
def watch(study: Study) -> Watch | None:
    """Time of observation of every subject, ``None`` without a date of first dose."""
    first = first_dose(study)
    if first is None:
        return None
    subjects = study.subjects
    empty = pd.Series(pd.NaT, index=subjects.index, dtype="datetime64[us]")

    def dates(*names: str) -> pd.Series:
        found = date_column(study, *names)
        return empty if found is None else found.astype("datetime64[us]")

    last, death = dates("TRTEDT", "TRTEDTM"), dates("DTHDT", "DTHDTM")
    contact = dates("LSTALVDT", "EOSDT", "RFENDT", "EOSDTM")
    died = death.notna() | flag(subjects, "DTHFL").yes
    # A death without a date was on the last day in contact.
    death = death.where(death.notna(), contact.where(died))
    treated_to = last + pd.Timedelta(days=AFTER_LAST_DOSE)
    # Only the status of treatment says that treatment is over. Who left the study (EOSSTT) before
    # the 30 days were up was lost from sight: censored.
    over = text(subjects, "EOTSTT", str.upper).isin(["COMPLETED", "DISCONTINUED"])
    known = contact.where(contact.notna(), death)
    # Without a contact or a death the 30 days are over, unless the data were cut before.
    cut = pd.Series(data_cut(study), index=subjects.index, dtype="datetime64[us]")
    cut = dates("DCUTDT", "DTCUTDT", "CUTOFFDT").fillna(cut)
    cut = cut.where(known.isna())
    end = pd.concat([treated_to, death, known, cut], axis=1).min(axis=1)
    end = end.where(treated_to.notna() | death.notna() | known.notna())
    since = (end - first.astype("datetime64[us]")).dt.days
    days: FloatArray = np.asarray(since.to_numpy(), dtype=np.float64) + 1
    ending = np.full(len(subjects), CENSORED, dtype=np.int64)
    treated = (text(subjects, "EOTSTT", str.upper) == "ONGOING") & known.isna()
    off = ((treated_to <= end) & ~treated).to_numpy() | (last.notna() & over).to_numpy()
    ending[off] = OFF
    ending[(died & (death <= end)).to_numpy()] = DEATH
    days[~(days >= 1)] = np.nan
    return Watch(days, ending)


def data_cut(study: Study) -> Any:
    """The day of the data cut where the study gives it as a date; NaT otherwise."""
    written = study.metadata.data_cut[: len("YYYY-MM-DD")]
    return pd.to_datetime(written, format="%Y-%m-%d", errors="coerce")


def watched_times(
    study: Study, arm: IntArray, arms: tuple[str, ...], view: View
) -> tuple[Watched, ...]:
    """How long each arm was watched; empty without dates."""
    found = watch(study)
    if found is None:
        return ()
    rows = []
    for i, name in enumerate(arms):
        days = found.days[(arm == i) & ~np.isnan(found.days)]
        unit = DAYS_PER_UNIT[view.unit]
        rows.append(
            Watched(
                name,
                len(days),
                float(days.sum()) / DAYS_PER_YEAR,
                float(np.median(days)) / unit if len(days) else None,
                float(days.max()) / unit if len(days) else 0.0,
            )
        )
    return tuple(rows)


def first_event(
    n_subjects: int, subject: IntArray, start: FloatArray, keep: BoolArray
) -> FloatArray:
    """Day of each subject's first kept event, infinity without one."""
    first = np.full(n_subjects, np.inf)
    np.minimum.at(first, subject[keep], start[keep])
    return first


def safety_time(
    study: Study,
    view: View,
    chosen: Chosen,
    keep: BoolArray,
    leading: Sequence[EventRow],
    watched: tuple[Watched, ...],
) -> SafetyTime:
    """Rates of the leading terms, and the chosen term's first event and prevalence over time."""
    events, found = chosen.coded, watch(study)
    label = event_words(event_label(view.term) if view.term else "", view, events)
    if found is None:
        return SafetyTime(NO_DATES, label)
    inside = (chosen.arm >= 0) & ~np.isnan(found.days)
    if not inside.any():
        return SafetyTime("No patient shown has a date of first dose.", label)
    ends = np.where(inside, found.days, 0.0)
    of_subject = ends[events.subject]
    undated = keep & np.isnan(events.start)
    dated = keep & ~np.isnan(events.start)
    if undated.any() and not dated.any():  # a rate of 0 would be made up
        return SafetyTime(UNDATED, label, watched)
    # An event that began before the first dose (and is counted) was there from the first day.
    early = dated & (events.start < 1)
    late = dated & (events.start > of_subject)
    of_watched = inside[events.subject]
    timed = dated & ~late & ~early & of_watched
    wanted = timed & of_term(events, view.term)
    longest = max((w.longest for w in watched), default=0.0)
    ticks = axis.ticks(view, longest)
    curves = _incidences(chosen, found, inside, wanted, view)
    return SafetyTime(
        reason=None,
        term=label,
        watched=watched,
        rates=_rates(chosen, found, inside, timed, leading, event_words("", view, events)),
        rates_of=len(leading),
        incidences=curves,
        at_risk=tuple(at_risk_of_first(curve, ticks) for curve in curves),
        prevalence=_prevalence(chosen, found, inside, wanted, view, longest),
        ticks=ticks,
        # Events of patients without dates are left out with them.
        late=int(((late | early) & of_watched).sum()),
        undated=int((undated & of_watched).sum()),
        unwatched=int(((chosen.arm >= 0) & np.isnan(found.days)).sum()),
    )


def _rates(
    chosen: Chosen,
    found: Watch,
    inside: BoolArray,
    timed: BoolArray,
    leading: Sequence[EventRow],
    every: str,
) -> tuple[RateRow, ...]:
    """Rates of first events: of any event, called ``every``, and of the leading terms."""
    events, level = chosen.coded, chosen.level
    watched = np.where(inside, found.days, 0.0)

    def row(mask: BoolArray, name: str, label: str, soc: str) -> RateRow:
        first = first_event(len(inside), events.subject, events.start, mask)
        had, years = np.isfinite(first), np.minimum(first, watched) / DAYS_PER_YEAR
        arms = {}
        for i, arm in enumerate(chosen.arms):
            mine = inside & (chosen.arm == i)
            at_risk = int((had & mine).sum()), float(years[mine].sum())
            arms[arm] = ArmRate(*at_risk, _scaled(proportions.exact_poisson_rate(*at_risk, level)))
        return RateRow(name, label, soc, arms, None)

    code = {pair: i for i, pair in enumerate(events.terms)}
    terms = (
        row(timed & (events.term == code[(term.soc, term.name)]), term.name, term.label, term.soc)
        for term in leading[:RATE_ROWS]
    )
    rows = (row(timed, "", every, ""), *terms)
    if chosen.pair is None:
        return rows
    pairs = ([row.arms[name] for name in chosen.pair] for row in rows)
    tables = [(a.subjects, a.patient_years, b.subjects, b.patient_years) for a, b in pairs]
    made = proportions.rate_differences(tables, level)
    return tuple(replace(r, difference=_scaled(d)) for r, d in zip(rows, made, strict=True))


def _scaled(rate: Estimate) -> Estimate:
    """Per 100 patient-years instead of one."""

    def times(value: float | None) -> float | None:
        return None if value is None else 100 * value

    return Estimate(times(rate.estimate), times(rate.lower), times(rate.upper), rate.reason)


def _incidences(
    chosen: Chosen, found: Watch, inside: BoolArray, wanted: BoolArray, view: View
) -> tuple[statistics_results.CumulativeIncidence, ...]:
    events = chosen.coded
    first = first_event(len(inside), events.subject, events.start, wanted)
    had = np.isfinite(first)
    time = np.where(had, first, found.days) / DAYS_PER_UNIT[view.unit]
    cause = np.where(had, EVENT, found.ending)
    curves = []
    for i, arm in enumerate(chosen.arms):
        mine = inside & (chosen.arm == i)
        if mine.any():
            curves.append(
                incidence.cumulative_incidence(
                    time[mine],
                    cause[mine],
                    causes=CAUSES,
                    ci="log-log",
                    level=view.level,
                    landmarks=view.at,
                    arm=arm,
                )
            )
    return tuple(curves)


def _prevalence(
    chosen: Chosen, found: Watch, inside: BoolArray, wanted: BoolArray, view: View, longest: float
) -> tuple[Prevalence, ...]:
    """At each time: of those still watched, how many have an event going on, by its worst grade."""
    events = chosen.coded
    levels = len(events.severity.levels) if events.severity else 0
    unit = DAYS_PER_UNIT[view.unit]
    grid = np.linspace(0, longest, GRID)
    rows = np.flatnonzero(wanted)
    subject, grade = events.subject[rows], events.grade[rows] + 1
    start = events.start[rows]
    # Without an end an event goes on while the subject is watched.
    end = np.where(np.isnan(events.end[rows]), np.inf, events.end[rows])
    curves = []
    for i, arm in enumerate(chosen.arms):
        mine = inside & (chosen.arm == i)
        if not mine.any():
            continue
        watched = np.zeros(GRID, dtype=np.int64)
        counts = np.zeros((levels + 1, GRID), dtype=np.int64)
        for k, time in enumerate(grid):
            day = max(1.0, time * unit)
            still = mine & (found.days >= day - 1e-9)
            watched[k] = int(still.sum())
            on = (start <= day) & (end >= day) & still[subject]
            worst = np.full(len(inside), -1, dtype=np.int64)
            np.maximum.at(worst, subject[on], grade[on])
            tally = np.bincount(worst[worst >= 0], minlength=levels + 1)
            counts[:, k] = np.concatenate([tally[1:], tally[:1]])
        # Few patients make a share that jumps: it ends where a curve would be drawn lighter.
        enough = watched >= min(FEW, max(1, int(mine.sum())))
        share = np.where(enough, counts / np.maximum(watched, 1), np.nan)
        curves.append(Prevalence(arm, grid, watched, counts, share))
    return tuple(curves)
