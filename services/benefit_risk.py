"""Benefit and risk on one page: of 100 patients, how many more gain and how many more are harmed.

The benefit is Kaplan-Meier of the chosen endpoint by planned arm, the harm the cumulative
incidence of a first severe treatment-emergent event by actual arm (death and end of treatment
compete), both at the same time.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from services import adverse_events, analysis, competing, proportions, safety, survival
from services import format as fmt
from services import population as pop
from services.benefit_risk_records import BenefitRiskPage, Outcome, OutcomeArm
from services.records import Difference, Estimate
from services.safety_counts import choose
from services.safety_time import CAUSES, EVENT, NO_DATES, first_event, watch
from services.safety_words import NO_TABLE
from services.study import Endpoint, Study
from services.view import DAYS_PER_UNIT, View, format_number
from services.wording import arm_phrase, kind_words, with_caveat

USUAL_MONTHS = 36.0
FEW = 10


def benefit_risk_page(study: Study, view: View) -> BenefitRiskPage:
    """The page of ``study`` as ``view`` asks for it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    return analysis.cached("benefit-risk", study, view, _page)


def _page(study: Study, asked: View) -> BenefitRiskPage:
    view, pair = safety.resolve(study, asked)
    endpoint = study.endpoint(view.endpoint)
    # The reference first, as the survival engine wants it.
    arms = (pair[1], pair[0]) if pair else view.arms
    population = pop.select(study, view, arms)
    records = analysis.endpoint_records(study, endpoint.id, population.mask)
    time = view.diff or _usual_time(study, endpoint, records, arms, view)
    benefit = _benefit(endpoint, records, arms, time, view)
    harm = _harm(study, view, pair, arms, time)
    outcomes = (benefit, harm)
    reason = None
    if not population.n:
        reason = "No patient matches all the filters. Take one away or reset them."
    answer, detail = _answer(outcomes, pair, time, view) if reason is None else ("", "")
    return BenefitRiskPage(
        study=study,
        view=replace(view, diff=asked.diff),
        arms=tuple(a for a in study.arms if a.name in arms),
        population=population,
        filters=pop.filter_columns(study),
        counts=pop.live_counts(study, view, arms),
        address=safety.minimal(study, replace(view, diff=asked.diff)),
        endpoint=endpoint,
        pair=pair,
        time=time,
        outcomes=outcomes,
        reason=reason,
        answer=answer,
        answer_detail=with_caveat(study, detail) if answer else "",
        provenance=_provenance(study, view, population.n, population.n_total,
                               population.summary, outcomes, time),
    )  # fmt: skip


def _usual_time(
    study: Study, endpoint: Endpoint, records: pd.DataFrame, arms: tuple[str, ...], view: View
) -> float:
    """36 months, or the latest time in months of 6 with 10 patients at risk on every arm."""
    factor = DAYS_PER_UNIT["months"] / DAYS_PER_UNIT[view.unit]
    months = USUAL_MONTHS
    times = records["TIME"] / DAYS_PER_UNIT["months"]
    while months > 1:
        at_risk = [int(((records["ARM_PLANNED"] == a) & (times >= months)).sum()) for a in arms]
        if min(at_risk, default=0) >= FEW:
            break
        months = months - 6 if months > 6 else months - 1
    return float(f"{months * factor:.6g}")


def _benefit(
    endpoint: Endpoint, records: pd.DataFrame, arms: tuple[str, ...], time: float, view: View
) -> Outcome:
    result = None
    if len(records):
        result = survival.analyse(
            records["TIME"].to_numpy(dtype=float) / DAYS_PER_UNIT[view.unit],
            records["EVENT"].to_numpy(dtype=bool),
            records["ARM_PLANNED"].to_numpy(dtype=str),
            arms=arms,
            ci=view.ci,
            level=view.level,
            landmarks=(time,),
        )
    shares = {}
    for name in arms:
        curve = next((c for c in result.curves if c.arm == name), None) if result else None
        if curve is None:
            shares[name] = OutcomeArm(0, Estimate(None, None, None, f"no patients on {name}"))
            continue
        mark = curve.landmarks[0]
        shares[name] = OutcomeArm(
            curve.n, Estimate(mark.survival, mark.lower, mark.upper, mark.reason)
        )
    difference = None
    if len(arms) > 1:
        found = result.comparisons[0].landmark_differences if result and result.comparisons else ()
        difference = _estimate(found[0]) if found else Estimate(
            None, None, None, "an arm has no patients"
        )  # fmt: skip
    return Outcome(
        "benefit",
        f"are {endpoint.short}",
        endpoint.short[:1].upper() + endpoint.short[1:],
        "all patients by planned arm",
        f"Kaplan-Meier ({view.ci} interval), difference with Greenwood's variance",
        shares,
        difference,
        _needed(difference),
    )


def _estimate(value: Difference) -> Estimate:
    return Estimate(value.estimate, value.lower, value.upper, value.reason)


def _harm(
    study: Study, view: View, pair: tuple[str, str] | None, arms: tuple[str, ...], time: float
) -> Outcome:
    events = adverse_events.coded(study)
    found = watch(study)
    label, title = "have had a severe adverse event", "Severe adverse event"
    if events is not None and events.severity is not None:
        title = f"{events.severity.severe_title} adverse event"
        label = f"have had a {events.severity.severe_title.lower()} adverse event"
    reason = None
    if events is None:
        reason = NO_TABLE
    elif "severe" in events.unknown:
        reason = f"Not given: {events.unknown['severe']}."
    elif found is None:
        reason = NO_DATES
    method = (
        "cumulative incidence of the first such treatment-emergent event from the first dose, death"
        " and end of treatment competing (log-log interval); the difference combines the arms'"
        " intervals (MOVER)"
    )
    population = "safety population by actual arm"
    if reason is not None or events is None or found is None:
        return Outcome("harm", label, title, population, method, {}, None, None, reason)
    chosen = choose(study, replace(view, arms=arms), pair, events)
    start = np.nan_to_num(events.start, nan=np.inf)
    inside = (chosen.arm >= 0) & ~np.isnan(found.days)
    ends = np.where(inside, found.days, 0.0)
    keep = chosen.counted & events.severe & (start >= 1) & (start <= ends[events.subject])
    first = first_event(len(inside), events.subject, events.start, keep)
    had = np.isfinite(first)
    times = np.where(had, first, found.days) / DAYS_PER_UNIT[view.unit]
    cause = np.where(had, EVENT, found.ending)
    shares = {}
    for name in arms:
        mine = inside & (chosen.arm == chosen.arms.index(name))
        shares[name] = _incidence(times[mine], cause[mine], time, view.level, name)
    difference = None
    if pair is not None:
        difference = mover(shares[pair[0]].share, shares[pair[1]].share)
    return Outcome(
        "harm", label, title, population, method, shares, difference, _needed(difference)
    )


def _incidence(
    times: np.ndarray, cause: np.ndarray, at: float, level: float, name: str
) -> OutcomeArm:
    """Share with a first event by ``at``; without any, an exact interval stands in."""
    n = len(times)
    if not n:
        return OutcomeArm(0, Estimate(None, None, None, f"no patients on {name}"))
    curve = competing.cumulative_incidence(
        times, cause, causes=CAUSES, ci="log-log", level=level, landmarks=(at,), arm=name
    )
    mark = curve.causes[0].landmarks[0]
    if mark.incidence is None:
        return OutcomeArm(n, Estimate(None, None, None, mark.reason))
    lower, upper = mark.lower, mark.upper
    if lower is None or upper is None:
        # 0 or all: exact, of those whose answer at that time is known.
        known = n - mark.censored
        exact = proportions.clopper_pearson(known if mark.incidence > 0.5 else 0, known, level)
        lower, upper = exact.lower, exact.upper
    return OutcomeArm(n, Estimate(mark.incidence, lower, upper))


def mover(arm: Estimate, reference: Estimate) -> Estimate:
    """Difference of two independent estimates from their own intervals.

    Source: method of variance estimates recovery, Zou and Donner (2008), Statistics in Medicine
    27:1693-1702. It keeps the arms' asymmetric limits.

    >>> d = mover(Estimate(0.4, 0.3, 0.5), Estimate(0.1, 0.05, 0.2))
    >>> round(d.estimate, 3), round(d.lower, 3), round(d.upper, 3)
    (0.3, 0.159, 0.412)
    """
    a, low_a, high_a = arm.estimate, arm.lower, arm.upper
    b, low_b, high_b = reference.estimate, reference.lower, reference.upper
    if a is None or b is None:
        return Estimate(None, None, None, arm.reason if a is None else reference.reason)
    if low_a is None or high_a is None or low_b is None or high_b is None:
        return Estimate(a - b, None, None, "an arm has no interval")
    difference = a - b
    return Estimate(
        difference,
        difference - math.hypot(a - low_a, high_b - b),
        difference + math.hypot(high_a - a, b - low_b),
    )


def _needed(difference: Estimate | None) -> Estimate | None:
    """Patients to treat for one more with the outcome, if the interval excludes none."""
    if difference is None:
        return None
    value, lower, upper = difference.estimate, difference.lower, difference.upper
    if value is None or lower is None or upper is None:
        return Estimate(None, None, None, difference.reason or "the difference is not estimable")
    if lower <= 0 <= upper:
        return Estimate(None, None, None, "the interval includes no difference")
    limits = sorted((1 / abs(lower), 1 / abs(upper)))
    return Estimate(1 / abs(value), limits[0], limits[1])


def per_hundred(value: float) -> str:
    """A share as whole patients of 100; "<1" where it is not none."""
    return fmt.share(abs(value), 0)


def _answer(
    outcomes: tuple[Outcome, ...], pair: tuple[str, str] | None, time: float, view: View
) -> tuple[str, str]:
    when = f"{format_number(time)} {view.unit}"
    words = fmt.level(view.level)
    parts, uncertain = [], []
    for outcome in outcomes:
        if pair is None:
            share = next(iter(outcome.arms.values())).share if outcome.arms else None
            if share is not None and share.estimate is not None:
                parts.append(f"{per_hundred(share.estimate)} {outcome.label}")
            continue
        d = outcome.difference
        if d is None or d.estimate is None or d.lower is None or d.upper is None:
            continue
        more = "more" if d.estimate >= 0 else "fewer"
        parts.append(
            f"{per_hundred(d.estimate)} {more} {outcome.label} ({words} CI"
            f" {fmt.points_interval(d.lower, d.upper, 0)})"
        )
        if d.lower <= 0 <= d.upper:
            uncertain.append(outcome.title.lower())
    if not parts:
        return "", ""
    group = "patients like these"
    if pair is None:
        return f"Of 100 {group}, at {when}: {' and '.join(parts)}.", ""
    against = f"on {arm_phrase(pair[0])} rather than {arm_phrase(pair[1])}"
    sentence = f"Of 100 {group}, at {when}, {against}: {'; '.join(parts)}."
    detail = "The two are counted separately: a patient can have both."
    if uncertain:
        detail += f" The interval includes no difference for: {', '.join(uncertain)}."
    return sentence, detail


def _provenance(
    study: Study,
    view: View,
    n: int,
    n_total: int,
    summary: str,
    outcomes: tuple[Outcome, ...],
    time: float,
) -> tuple[tuple[str, str], ...]:
    who = f"{n} of {n_total} patients" + (f" ({summary})" if summary else ", no filter")
    rows = [
        ("Study", f"{study.metadata.short_title or study.title}. {kind_words(study)}"),
        ("Population", who),
        ("Time", f"{format_number(time)} {view.unit}"),
    ]
    for outcome in outcomes:
        rows.append((outcome.title, f"{outcome.population}; {outcome.method}"))
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
