"""Benefit and risk on one page: of 100 patients, how many more gain and how many more are harmed.

The benefit is Kaplan-Meier of the chosen endpoint by planned arm, the harm the cumulative
incidence of a first severe treatment-emergent event by actual arm (death and end of treatment
compete), both at the same time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from services import names, survival
from services.adverse_events import coded
from services.adverse_events.coded import NO_TABLE
from services.adverse_events.counts import choose, no_population
from services.adverse_events.time import CAUSES, EVENT, NO_DATES, UNDATED, first_event, watch
from services.names import isolated
from services.pages import caution, defaults
from services.pages.benefit_risk import words
from services.pages.benefit_risk.lead import LEAD
from services.pages.benefit_risk.mean_times import mean_times
from services.pages.benefit_risk.mean_times import words as mean_times_words
from services.pages.benefit_risk.records import BenefitRiskPage, Outcome, OutcomeArm, UsualTime
from services.pages.cache import cached
from services.pages.records import Methods
from services.pages.words import nobody, with_caveat
from services.replaced import replace
from services.statistics import proportions
from services.statistics.competing import incidence
from services.statistics.proportions import mover
from services.statistics.results import Estimate
from services.study import population as pop
from services.study import rows
from services.study.model import SUBJECT, Endpoint, Study
from services.units import DAYS_PER_UNIT
from services.views.study import View, from_months

USUAL_MONTHS = 36.0
FEW = 10
DIGITS = {"days": 0, "weeks": 1, "months": 1, "years": 2}


@cached("benefit-risk", LEAD)
def benefit_risk_page(study: Study, asked: View) -> BenefitRiskPage:
    """The page of ``study`` as ``asked`` has it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view, pair = defaults.resolve_pair(study, asked)
    endpoint = study.endpoint(view.endpoint)
    # The reference first, as the survival engine wants it.
    arms = (pair[1], pair[0]) if pair else view.arms
    population = pop.select(study, view, arms)
    records = rows.endpoint_records(study, endpoint.id, population.mask)
    late = rows.without_entry(study, endpoint.id)
    records = records.iloc[:0] if late else records
    # One time is asked for as "diff"; a single "at", the survival page's key, means the same.
    asked_time = asked.diff or (asked.at[0] or None if len(asked.at) == 1 else None)
    time = asked_time or _usual_time(records, arms, view)
    benefit = _benefit(endpoint, records, arms, time, view)
    harm, watched = _harm(study, view, pair, arms, time)
    outcomes = (benefit, harm)
    means = mean_times(study, view, pair, arms, population.mask, time, harm)
    reason = late if population.n else nobody(population)
    answer, detail = words.answer(outcomes, pair, time, view) if reason is None else ("", "")
    usual = None
    if answer and not asked_time:
        usual = _usual(study, endpoint, records, arms, time, view, population.summary)
        detail = f"{usual.words} {detail}".strip() if usual else detail
    shown = tuple(a for a in study.arms if a.name in arms)
    timed = replace(view, diff=asked.diff)
    competes = _competes(endpoint, records)
    return BenefitRiskPage(
        **defaults.shared(study, timed, arms, population, defaults.minimal_pair(study, timed)),
        endpoint=endpoint,
        pair=pair,
        time=time,
        outcomes=outcomes,
        reason=reason,
        answer=answer,
        answer_detail=with_caveat(study, detail) if answer else "",
        records=_patients(records, view, watched),
        competes=competes,
        usual=usual,
        mean_times=means if reason is None else (),
        methods=words.paragraph(study, view, population, shown, outcomes, time, competes)
        if reason is None
        else Methods(),
        provenance=words.provenance(
            study, population, shown, outcomes, words.time_words(asked, time, view)
        )
        + (mean_times_words(means, view.unit) if reason is None else ()),
    )


def _competes(endpoint: Endpoint, records: pd.DataFrame) -> bool:
    return bool(endpoint.competing) and bool((records["EVENT_TYPE"] != "").any())


def _causes(records: pd.DataFrame) -> np.ndarray:
    """1 for the event, 2 for what came instead of it, 0 for neither."""
    event = records["EVENT"].to_numpy(dtype=bool)
    other = ~event & (records["EVENT_TYPE"] != "").to_numpy(dtype=bool)
    found: np.ndarray = np.where(event, 1, np.where(other, 2, 0))
    return found


def _patients(records: pd.DataFrame, view: View, watched: pd.DataFrame) -> pd.DataFrame:
    """Who was counted for each outcome: OUTCOME, USUBJID, ARM, TIME (in the unit), CAUSE."""
    benefit = pd.DataFrame(
        {
            "USUBJID": records[SUBJECT],
            "ARM": records["ARM_PLANNED"],
            "TIME": records["TIME"] / DAYS_PER_UNIT[view.unit],
            "CAUSE": _causes(records),
        }
    )
    both = [(name, part) for name, part in (("benefit", benefit), ("harm", watched)) if len(part)]
    if not both:
        return benefit.assign(OUTCOME="")
    return pd.concat([part.assign(OUTCOME=name) for name, part in both], ignore_index=True)


def _usual_time(records: pd.DataFrame, arms: tuple[str, ...], view: View) -> float:
    """36 months, or the latest time in months of 6 with 10 patients at risk on every arm."""
    months = USUAL_MONTHS
    while months > 1:
        at_risk = rows.still_at_risk(records, arms, months, "months")
        if min(at_risk.values(), default=0) >= FEW:
            break
        months = months - 6 if months > 6 else months - 1
    return from_months(months, view.unit)


def _usual(
    study: Study,
    endpoint: Endpoint,
    records: pd.DataFrame,
    arms: tuple[str, ...],
    time: float,
    view: View,
    filters: str,
) -> UsualTime | None:
    """The page's time without the filters; ``None`` if they did not move it."""
    if not view.filters:
        return None
    everyone = pop.select(study, replace(view, filters=()), arms)
    of_all = rows.endpoint_records(study, endpoint.id, everyone.mask)
    usual = _usual_time(of_all, arms, view)
    at_risk = rows.still_at_risk(records, reversed(arms), usual, view.unit)
    told = [(a if len(arms) > 1 else "", n) for a, n in at_risk.items()]
    said = caution.moved(names.moment(time), usual, told, view.unit, filters)
    return UsualTime(usual, at_risk, said) if said else None


def _benefit(
    endpoint: Endpoint, records: pd.DataFrame, arms: tuple[str, ...], time: float, view: View
) -> Outcome:
    """Who is still without the event, or, where the event is good, who has had it."""
    competes = _competes(endpoint, records)
    if competes:
        shares, difference = _of_incidence(endpoint, records, arms, time, view)
        method = (
            "1 minus the cumulative incidence of the event,"
            if not endpoint.good
            else "cumulative incidence of the event,"
        ) + " others competing (log-log interval)"
        how = "; the difference combines the arms' intervals"
    else:
        shares, difference = _of_survival(endpoint, records, arms, time, view)
        method, how = f"Kaplan-Meier ({view.ci} interval)", ", difference as on the survival page"
    method += how if len(arms) > 1 else ""
    label, title = words.benefit(endpoint, competes)
    return Outcome(
        "benefit",
        label,
        title,
        "all patients by planned arm",
        method,
        shares,
        difference,
        _needed(difference, shares),
        time=time,
    )


def _of_survival(
    endpoint: Endpoint, records: pd.DataFrame, arms: tuple[str, ...], time: float, view: View
) -> tuple[dict[str, OutcomeArm], Estimate | None]:
    """Kaplan-Meier of each arm and its difference, as the survival page has them."""
    result = None
    if len(records):
        result = survival.analyse(
            *rows.measured(records, view.unit),
            arms=arms,
            ci=view.ci,
            level=view.level,
            landmarks=(time,),
        )
    shares = {}
    for name in arms:
        curve = next((c for c in result.curves if c.arm == name), None) if result else None
        if curve is None:
            shares[name] = OutcomeArm(
                0, Estimate(None, None, None, f"no patients on {isolated(name)}")
            )
            continue
        mark = curve.landmarks[0]
        free = Estimate(mark.survival, mark.lower, mark.upper, mark.reason)
        shares[name] = OutcomeArm(curve.n, _others(free) if endpoint.good else free)
    if len(arms) < 2:
        return shares, None
    found = result.comparisons[0].landmark_differences if result and result.comparisons else ()
    if not found:
        return shares, Estimate(None, None, None, "an arm has no patients")
    change = Estimate(found[0].estimate, found[0].lower, found[0].upper, found[0].reason)
    return shares, _reversed(change, lambda value: -value) if endpoint.good else change


def _of_incidence(
    endpoint: Endpoint, records: pd.DataFrame, arms: tuple[str, ...], time: float, view: View
) -> tuple[dict[str, OutcomeArm], Estimate | None]:
    """Where another event can come first, Kaplan-Meier would speak of a world without it."""
    cause = _causes(records)
    days, _, planned = rows.measured(records, view.unit)
    shares = {}
    for name in arms:
        mine = planned == name
        had = _incidence(days[mine], cause[mine], time, view.level, name, ("The event", "Another"))
        shares[name] = had if endpoint.good else OutcomeArm(had.n, _others(had.share))
    if len(arms) < 2:
        return shares, None
    return shares, mover(shares[arms[1]].share, shares[arms[0]].share)


def _others(share: Estimate) -> Estimate:
    """Of those without instead of with."""
    return _reversed(share, lambda value: 1 - value)


def _reversed(found: Estimate, change: Callable[[float], float]) -> Estimate:
    """An estimate changed so that its limits change places."""
    values = (found.estimate, found.upper, found.lower)
    estimate, lower, upper = (None if value is None else change(value) for value in values)
    return Estimate(estimate, lower, upper, found.reason)


def _harm(
    study: Study, view: View, pair: tuple[str, str] | None, arms: tuple[str, ...], time: float
) -> tuple[Outcome, pd.DataFrame]:
    """The outcome, and who was watched how long: USUBJID, ARM, TIME (in the unit), CAUSE."""
    events = coded.coded(study)
    found = watch(study)
    label, title = "have had a severe adverse event", "Severe adverse event"
    if events is not None and events.severity is not None:
        title = f"{events.severity.severe_title} adverse event"
        label = f"have had a {events.severity.severe_title.lower()} adverse event"
    reason = None
    if events is None:
        reason = NO_TABLE
    elif (lost := no_population(study)) is not None:
        reason = lost
    elif "severe" in events.unknown:
        reason = f"Not given: {events.unknown['severe']}."
    elif found is None:
        reason = NO_DATES
    emergent = view.emergent == "yes" and events is not None and "emergent" not in events.unknown
    method = (
        f"cumulative incidence of the first such {'treatment-emergent ' if emergent else ''}event"
        f" from the first dose{'' if emergent else ', treatment-emergent or not'}, death"
        " and end of treatment competing (log-log interval)"
        + ("; the difference combines the arms' intervals (MOVER)" if pair else "")
    )
    if events is not None and "severe" in events.partly:
        method += f". {events.partly['severe']}"
    population = "safety population by actual arm"

    def none(why: str | None) -> tuple[Outcome, pd.DataFrame]:
        outcome = Outcome("harm", label, title, population, method, {}, None, None, why, time)
        return outcome, pd.DataFrame(columns=["USUBJID", "ARM", "TIME", "CAUSE"])

    if reason is not None or events is None or found is None:
        return none(reason)
    chosen = choose(study, replace(view, arms=arms), pair, events)
    counted = chosen.counted & events.severe
    if counted.any() and np.isnan(events.start[counted]).all():
        return none(UNDATED)
    start = np.nan_to_num(events.start, nan=np.inf)
    inside = (chosen.arm >= 0) & ~np.isnan(found.days)
    ends = np.where(inside, found.days, 0.0)
    keep = counted & (start >= 1) & (start <= ends[events.subject])
    first = first_event(len(inside), events.subject, events.start, keep)
    had = np.isfinite(first)
    times = np.where(had, first, found.days) / DAYS_PER_UNIT[view.unit]
    cause = np.where(had, EVENT, found.ending)
    of_arm = {name: inside & (chosen.arm == chosen.arms.index(name)) for name in arms}
    # Past the last day anyone was watched a curve is flat because nobody looked.
    longest = {name: float(ends[mine].max()) for name, mine in of_arm.items() if mine.any()}
    last = min(longest.values(), default=math.inf) / DAYS_PER_UNIT[view.unit]
    beyond = ""
    if time > last:
        time = math.floor(last * 10 ** DIGITS[view.unit] + 1e-9) / 10 ** DIGITS[view.unit]
        who = "both arms were" if pair else "anyone was"
        until = names.time(time, view.unit)
        beyond = f"by {until}, the longest {who} observed for adverse events"
    shares = {
        name: _incidence(times[mine], cause[mine], time, view.level, name, CAUSES)
        for name, mine in of_arm.items()
    }
    difference = None
    if pair is not None:
        difference = mover(shares[pair[0]].share, shares[pair[1]].share)
    watched = pd.DataFrame(
        {
            "USUBJID": study.subjects.index[inside],
            "ARM": np.array(chosen.arms, dtype=object)[chosen.arm[inside]],
            "TIME": times[inside],
            "CAUSE": cause[inside],
        }
    )
    outcome = Outcome(
        "harm", label, title, population, method, shares, difference, _needed(difference, shares),
        None, time, beyond,
    )  # fmt: skip
    return outcome, watched


def _incidence(
    times: np.ndarray,
    cause: np.ndarray,
    at: float,
    level: float,
    name: str,
    causes: tuple[str, ...],
) -> OutcomeArm:
    """Share with the first of ``causes`` by ``at``; for none and all the interval is exact."""
    n = len(times)
    if not n:
        return OutcomeArm(0, Estimate(None, None, None, f"no patients on {isolated(name)}"))
    curve = incidence.cumulative_incidence(
        times, cause, causes=causes, ci="log-log", level=level, landmarks=(at,), arm=name
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


def _needed(difference: Estimate | None, shares: Mapping[str, OutcomeArm]) -> Estimate | None:
    """Patients to treat for one more with the outcome, if the interval excludes none."""
    if difference is None:
        return None
    value, lower, upper = difference.estimate, difference.lower, difference.upper
    if value is None or lower is None or upper is None:
        return Estimate(None, None, None, difference.reason or "the difference is not estimable")
    if lower <= 0 <= upper:
        return Estimate(None, None, None, "the interval is compatible with no difference")
    if caution.too_few([(name, arm.n) for name, arm in shares.items()]):
        return Estimate(None, None, None, "too few patients to compare")
    limits = sorted((1 / abs(lower), 1 / abs(upper)))
    return Estimate(1 / abs(value), limits[0], limits[1])
