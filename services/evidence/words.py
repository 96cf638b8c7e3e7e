"""Published numbers as they are printed. A number that was not found says so."""

from __future__ import annotations

from services.evidence.facts import Fact, Ratio
from services.evidence.trial import AdverseEvent, ArmResult, PublishedEndpoint
from services.numbers import plain

NOT_FOUND = "not found"
MEASURES = {"HR": "hazard ratio", "OR": "odds ratio", "RR": "risk ratio"}


def limits(lower: float | None, upper: float | None) -> str:
    """ " (0.12 to 0.62)"; "" where they were not found."""
    return "" if lower is None or upper is None else f" ({plain(lower)} to {plain(upper)})"


def interval(ratio: Ratio) -> str:
    """ "0.28 (0.12 to 0.62)"; the limits are left out where they were not found."""
    if ratio.estimate is None:
        return NOT_FOUND
    return plain(ratio.estimate) + limits(ratio.lower, ratio.upper)


def p_words(p: str) -> str:
    """A p-value as published: "p = 0.002", "p < 0.0001"; "" where none was found.

    >>> p_words("<0.0001"), p_words("0.50"), p_words("")
    ('p < 0.0001', 'p = 0.50', '')
    """
    if not p:
        return ""
    return f"p < {p[1:].strip()}" if p.startswith("<") else f"p = {p}"


def ratio_text(ratio: Ratio | None) -> str:
    """ "HR 0.28 (0.12 to 0.62)"; "" without a ratio."""
    if ratio is None or ratio.estimate is None:
        return ""
    return f"{ratio.measure} {interval(ratio)}"


def median_text(result: ArmResult) -> str:
    """ "41.5", "not reached", or "not found"."""
    if result.median_months is not None:
        return plain(result.median_months) + limits(result.median_lower, result.median_upper)
    return "not reached" if result.median_reached is False else NOT_FOUND


def arm_results(endpoint: PublishedEndpoint) -> str:
    """The last landmark of each arm, else medians or events: "at 36 months 91% versus 66%"."""
    arms = endpoint.arms
    if not arms:
        return ""
    marks = [a.landmarks[-1] for a in arms if a.landmarks]
    if len(marks) == len(arms) and len({(m.months, m.kind) for m in marks}) == 1:
        shares = " versus ".join(f"{plain(m.estimate)}%" for m in marks)
        preposition = "at" if marks[0].kind == "survival" else "by"
        return f"{preposition} {plain(marks[0].months)} months {shares}"
    if any(a.median_months is not None for a in arms):
        return "median " + " versus ".join(
            median_text(a) + (" months" if a.median_months is not None else "") for a in arms
        )
    return _events(endpoint)


def _events(endpoint: PublishedEndpoint) -> str:
    """ "15 versus 26 deaths"; "" where an arm's were not found."""
    arms = endpoint.arms
    if not arms or any(a.events is None for a in arms):
        return ""
    noun = "deaths" if endpoint.family == "OS" else "events"
    return " versus ".join(str(a.events) for a in arms) + f" {noun}"


def rests_on(endpoint: PublishedEndpoint) -> str:
    """How little a ratio rests on, to stand beside it: as the file says, or the deaths by arm."""
    return endpoint.beside or (_events(endpoint) if endpoint.family == "OS" else "")


def fact_text(fact: Fact) -> str:
    """ "50% (39 to 61)", "18 patients", "5.5 years"."""
    about = "about " if fact.approximate else ""
    if fact.value is None:
        if fact.low is not None and fact.high is not None:
            return f"{plain(fact.low)} to {plain(fact.high)}{_unit(fact.unit)}"
        return f"{fact.n:,} patients" if fact.n is not None else fact.note
    text = f"{about}{plain(fact.value)}{_unit(fact.unit)}{limits(fact.lower, fact.upper)}"
    if fact.low is not None and fact.high is not None:
        text += f", range {plain(fact.low)} to {plain(fact.high)}"
    if fact.n is not None and fact.denominator is not None:
        text += f", {fact.n:,} of {fact.denominator:,}"
    return text


def _unit(unit: str) -> str:
    return "%" if unit == "%" else f" {unit}"


def event_text(event: AdverseEvent) -> str:
    """ "31 of 193 (16.1%)", "6%", "16 patients"."""
    percent = "" if event.percent is None else f"{plain(event.percent)}%"
    if event.n is None:
        return percent
    if event.denominator is None:
        return f"{event.n:,} ({percent})" if percent else f"{event.n:,}"
    return f"{event.n:,} of {event.denominator:,} ({percent})" if percent else f"{event.n:,}"
