"""The answer above the curves: which estimate leads, at which time, and with what caution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services import format as fmt
from services import names
from services.pages import caution
from services.pages.survival.records import Competing, Usual
from services.statistics.results import Comparison, Curve, HazardRatio, SurvivalResult
from services.study.model import Endpoint
from services.views.study import View

if TYPE_CHECKING:
    from services.statistics.results import CumulativeIncidence, IncidenceLandmark

MOST = 5  # arms that a sentence lists one by one; the table has them all


def answer(
    result: SurvivalResult,
    endpoint: Endpoint,
    view: View,
    competing: Competing | None = None,
    usual: Usual | None = None,
    simulated: bool = False,
) -> tuple[str, str]:
    """The result in one sentence, and what there is to say of how sure it is.

    Parameters
    ----------
    competing : of an endpoint with competing events; its incidence is then said instead of the
        Kaplan-Meier share, which speaks of a world without them
    usual : what is told without the filters; ``None`` without filters
    simulated : the patients are; how their effect changes over time was published by nobody

    Returns
    -------
    (answer, detail) : plain text; detail may be empty
    """
    curves = [c for name in display_order(view.arms) for c in result.curves if c.arm == name]
    events = sum(c.events for c in curves)
    index = _headline(curves, competing)
    few = caution.few_events(curves)
    if few:
        total = f"Only {names.count(events, 'event')}" if events else "No events"
        first = f"{total} so far: {_counts(curves, endpoint)}{_first_others(curves, competing)}."
    elif index is None or any(c.n < caution.COUNTED_PATIENTS for c in curves):
        first = f"{_counts(curves, endpoint)}{_first_others(curves, competing)}."
        index = None
    else:
        time = names.time(curves[0].landmarks[index].time, view.unit)
        first = (
            _incidence(curves, index, time, endpoint, view, competing)
            if competing is not None
            else _shares(curves, index, time, endpoint, view)
        )
        first += f"{_effect_clause(result, endpoint, view)}."
    parts = [
        _sure(result, endpoint, view, curves, few, simulated),
        _unstratified(result, view),
    ]
    if index is None and not few:
        parts.insert(0, _effect_sentence(result, endpoint, view))
    moved = _moved(curves, None if few else index, view, usual)
    if few:
        parts.append(moved)
    else:
        parts += [_why_this_time(curves, index, view), moved, caution.of_events(curves)]
    if competing is not None and view.plot == "curves":
        world = names.if_nothing_else(endpoint.competing)
        parts.append(f"The curves are Kaplan-Meier estimates: what would happen {world}.")
    return first, " ".join(filter(None, parts))


def told_time(
    result: SurvivalResult, view: View, competing: Competing | None = None
) -> float | None:
    """The time the headline of these patients tells; ``None`` if it tells counts."""
    curves = [c for name in display_order(view.arms) for c in result.curves if c.arm == name]
    index = _headline(curves, competing)
    few = caution.few_events(curves) or any(c.n < caution.COUNTED_PATIENTS for c in curves)
    if index is None or few:
        return None
    return curves[0].landmarks[index].time


def _moved(curves: Sequence[Curve], index: int | None, view: View, usual: Usual | None) -> str:
    """That a filter moved the time which is told, and why: readers compare the two headlines."""
    if usual is None or usual.time is None:
        return ""
    told = "" if index is None else names.moment(curves[0].landmarks[index].time)
    several = len(curves) > 1
    at_risk = [
        (c.arm if several else "", mark.at_risk)
        for c in curves
        for mark in c.landmarks
        if mark.time == usual.time
    ]
    return caution.moved(told, usual.time, at_risk, view.unit, usual.filters)


def display_order(arms: Sequence[str]) -> list[str]:
    """Experimental arms first, the reference last, as sentences and tables have it."""
    return [*arms[1:], arms[0]] if len(arms) > 1 else list(arms)


def _headline(curves: Sequence[Curve], competing: Competing | None) -> int | None:
    """Index of the time that is told: the latest at which every arm still has 10 at risk.

    Failing that the earliest at which every arm can be estimated, as the fewest have left by
    then; ``None`` without such a time. Time 0 tells nothing.
    """
    columns = list(zip(*(c.landmarks for c in curves), strict=False))
    usable = [
        i
        for i, marks in enumerate(columns)
        if all(m.survival is not None and m.time > 0 for m in marks)
        and (competing is None or all(_known(side, i) for side in competing.incidences))
    ]
    solid = [i for i in usable if all(m.at_risk >= caution.FEW_AT_RISK for m in columns[i])]
    if solid:
        return solid[-1]
    return usable[0] if usable else None


def _known(side: CumulativeIncidence, index: int) -> bool:
    return all(cause.landmarks[index].incidence is not None for cause in side.causes)


def _on(curve: Curve, several: bool) -> str:
    return f" {names.on(curve.arm)}" if several else ""


def _counts(curves: Sequence[Curve], endpoint: Endpoint) -> str:
    several = len(curves) > 1
    parts = [
        (
            c.events / max(c.n, 1),
            f"{c.events:,} of {c.n:,}" + (_on(c, True) if several else " patients"),
        )
        for c in curves
    ]
    return f"{_few(parts)} {happened(endpoint, 'had the event')}"


def _first_others(curves: Sequence[Curve], competing: Competing | None) -> str:
    """How many had something else first, as a clause behind the counts."""
    if competing is None:
        return ""
    sides = {side.arm: side for side in competing.incidences}
    clauses = []
    for code, name in enumerate(competing.causes[1:], start=1):
        counts = [sides[c.arm].causes[code].events for c in curves]
        listed = len(counts) <= MOST
        told = names.join_and([str(n) for n in counts]) if listed else f"{sum(counts):,} in all"
        clauses.append(f"{told} {names.came_first(name)}")
    return f"; {names.join_and(clauses)}"


def _shares(curves: Sequence[Curve], index: int, time: str, endpoint: Endpoint, view: View) -> str:
    """ "At 36 months, 91% on A and 66% on B were progression-free"; of good events who had them."""
    good = endpoint.good is True
    several = len(curves) > 1
    parts = []
    for curve in curves:
        mark = curve.landmarks[index]
        assert mark.survival is not None  # _headline chose it so
        share = 1 - mark.survival if good else mark.survival
        parts.append((share, f"{fmt.percent(share, 0)}{_on(curve, several)}"))
    first = _few(parts)
    sentence = (
        f"By {time}, {first} {happened(endpoint)}"
        if good
        else f"At {time}, {first} were {endpoint.short}"
    )
    mark = curves[0].landmarks[index]
    if several or mark.lower is None or mark.upper is None:
        return sentence
    low, high = (1 - mark.upper, 1 - mark.lower) if good else (mark.lower, mark.upper)
    return f"{sentence} ({_interval(low, high, 0, view)})"


def _interval(low: float, high: float, digits: int, view: View) -> str:
    limits = f"{fmt.percent(low, digits)} to {fmt.percent(high, digits)}"
    return f"{fmt.level(view.level)} CI {limits}"


def happened(endpoint: Endpoint, event: str = "had had the event") -> str:
    """What is said of those who had the event."""
    if endpoint.happened:
        return endpoint.happened
    # Where nobody said what the event is, the name of the endpoint stands for it.
    if endpoint.event == endpoint.label:
        return event
    nested = "(" in endpoint.event
    return f"{event}: {endpoint.event}" if nested else f"{event} ({endpoint.event})"


def _incidence(
    curves: Sequence[Curve],
    index: int,
    time: str,
    endpoint: Endpoint,
    view: View,
    competing: Competing,
) -> str:
    """ "By 240 months, 10.0% had progressed and 72.4% had died without it"."""
    sides = {side.arm: side for side in competing.incidences}

    def mark(curve: Curve, code: int) -> IncidenceLandmark:
        return sides[curve.arm].causes[code].landmarks[index]

    several = len(curves) > 1
    shares = [
        (share, f"{fmt.percent(share)}{_on(c, several)}")
        for c in curves
        if (share := mark(c, 0).incidence) is not None  # _headline chose it so
    ]
    text = f"By {time}, {_few(shares)} {happened(endpoint)}"
    only = mark(curves[0], 0)
    if not several and only.lower is not None and only.upper is not None:
        text += f" ({_interval(only.lower, only.upper, 1, view)})"
    others = [
        f"{_span([mark(c, code).incidence or 0.0 for c in curves])} {names.came_first(name)}"
        for code, name in enumerate(competing.causes[1:], start=1)
    ]
    if several:
        return f"{text}; {names.join_and(others)}"
    return names.join_and([text, *others])


def ratio_words(ratio: HazardRatio, view: View, inside: bool = False) -> str:
    """ "HR 0.28 (95% CI 0.12 to 0.62)"; ``inside`` brackets "HR 0.28, 95% CI 0.12 to 0.62"."""
    limits = f"{fmt.level(view.level)} CI {fmt.ratio_interval(ratio.lower, ratio.upper)}"
    return f"HR {fmt.ratio(ratio.estimate)}" + (f", {limits}" if inside else f" ({limits})")


def _kind(comparison: Comparison, endpoint: Endpoint) -> str:
    kind = "stratified " if comparison.leading == "stratified" else ""
    return f"{kind}cause-specific " if endpoint.competing else kind


def _effect(comparison: Comparison, endpoint: Endpoint, view: View, inside: bool = False) -> str:
    ratio, kind = comparison.lead_hazard_ratio, _kind(comparison, endpoint)
    if ratio is None:
        return f"{kind}hazard ratio not estimable: {comparison.lead_reason}"
    return f"{kind}{ratio_words(ratio, view, inside)}"


def _effect_clause(result: SurvivalResult, endpoint: Endpoint, view: View) -> str:
    """The hazard ratio is one of all times: it stands in a clause of its own."""
    if len(result.comparisons) != 1:
        return ""
    comparison = result.comparisons[0]
    effect = _effect(comparison, endpoint, view)
    if comparison.lead_hazard_ratio is None:
        return f"; {effect}"
    return f"; over the whole follow-up, {effect}"


def _effect_sentence(result: SurvivalResult, endpoint: Endpoint, view: View) -> str:
    clause = _effect_clause(result, endpoint, view).removeprefix("; ")
    return f"{names.capital(clause)}." if clause else ""


def _sure(
    result: SurvivalResult,
    endpoint: Endpoint,
    view: View,
    curves: Sequence[Curve],
    few: bool,
    simulated: bool,
) -> str:
    small = caution.of_arms(curves)
    if len(result.comparisons) == 1:
        comparison = result.comparisons[0]
        ratio = comparison.lead_hazard_ratio
        none = caution.too_few([(c.arm, c.n) for c in curves])  # said by ``small``
        if few and none and ratio is None:
            return f"{names.capital(_effect(comparison, endpoint, view))}. {small}"
        if few:
            start = (
                "Too few to compare"
                if ratio is None
                else "With so few events the comparison is very uncertain"
            )
            return f"{start} ({_effect(comparison, endpoint, view, True)}). {small}".strip()
        if ratio is None or none:
            return small
        arm, reference = names.arm(comparison.arm), names.arm(comparison.reference)
        events = sum(c.events for c in curves)
        test = None if simulated else comparison.lead_proportional_hazards
        changes = caution.changes(test, events)
        verdict = endpoint.verdict(ratio, arm, reference)
        return " ".join(filter(None, (verdict, changes, small)))
    if len(result.comparisons) < 2:
        return ""
    ranks = result.lead_log_rank
    kind = "stratified log-rank" if result.leading == "stratified" else "log-rank"
    if few or ranks is None:
        return small
    words = (
        f"Difference between the {len(result.curves)} {view.side}s: {kind} {fmt.p_equals(ranks.p)}."
    )
    return f"{words} {small}".strip()


def _unstratified(result: SurvivalResult, view: View) -> str:
    """What stands second where strata were asked for."""
    if result.leading != "stratified":
        return ""
    if len(result.comparisons) == 1:
        ratio = result.comparisons[0].hazard_ratio
        return "" if ratio is None else f"Unstratified: {ratio_words(ratio, view)}."
    test = result.log_rank
    return "" if test is None or not result.comparisons else f"Unstratified {fmt.p_equals(test.p)}."


def _why_this_time(curves: Sequence[Curve], index: int | None, view: View) -> str:
    """Why the time told is not the last that was asked for, or how little is known there."""
    if index is None:
        return ""
    each = f" in each {view.side}" if len(curves) > 1 else ""
    told = names.time(curves[0].landmarks[index].time, view.unit)
    least, last = caution.FEW_AT_RISK, index == len(view.at) - 1
    if all(c.landmarks[index].at_risk >= least for c in curves):
        return (
            ""
            if last
            else f"{told}: the latest of the listed times with {least} patients at risk{each}."
        )
    if last and any(c.n < least for c in curves):
        return ""  # that they are so few is said anyway
    if last:
        some = f" in at least one {view.side}" if len(curves) > 1 else ""
        return f"At {told} fewer than {least} patients are at risk{some}."
    return (
        f"{told}: the earliest of the times listed; at none of them are {least} patients at "
        f"risk{each}."
    )


def _few(parts: Sequence[tuple[float, str]]) -> str:
    """Shares with their arms, the reference last; of many arms the lowest and the highest.

    >>> _few([(0.5, "50% on A"), (0.9, "90% on B"), (0.7, "70% on C")])
    '50% on A, 90% on B and 70% on C'
    """
    if len(parts) <= MOST:
        return names.join_and([text for _, text in parts])
    *others, (_, reference) = parts
    low, high = min(others)[1], max(others)[1]
    return (
        f"{reference} and, of the other {len(others)} arms (all in the table), from {low} to {high}"
    )


def _span(shares: Sequence[float]) -> str:
    """Shares in the order of the arms; of many the lowest and the highest."""
    if len(shares) <= MOST:
        return names.join_and([fmt.percent(share) for share in shares])
    return f"from {fmt.percent(min(shares))} to {fmt.percent(max(shares))}"
