"""The sentence of the page of states, and what its numbers rest on."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services import names
from services.names import isolated
from services.pages import caution
from services.pages.paragraph import of_view, patients, written
from services.pages.records import Methods
from services.pages.states.records import StatesOf
from services.pages.words import kind_words, who
from services.statistics.states.records import InState, StateCurves
from services.study.model import Arm, Study
from services.study.records import Population
from services.study.states import (
    FREE,
    PROGRESSED,
    TREATED,
    UNTREATED,
    Courses,
    StateModel,
    left_out,
)
from services.views.study import View

# How the time in a state ends "48.3 months ..."; the last is what is lost.
SPENT = {
    FREE: "free of progression",
    PROGRESSED: "progressed",
    UNTREATED: "progressed and untreated",
    TREATED: "on first-line treatment",
}


def answer(group: StatesOf, tau: float, view: View, limits: bool = True) -> tuple[str, str]:
    """The mean times in one sentence, and how sure they are.

    Parameters
    ----------
    limits : whether an interval is told, which of simulated patients it is not

    >>> span(60, "months"), span(30, "months"), span(5, "years")
    ('5 years', '30 months', '5 years')
    """
    curves = [c for name in (*view.arms[1:], view.arms[0]) for c in group.curves if c.arm == name]
    means = [c.mean_times.states for c in curves]
    states = list(SPENT) if len(means[0]) == 4 else [FREE, PROGRESSED]
    states = [s for s in states if len(means[0]) == 3 or s != PROGRESSED]
    if any(m.estimate is None for side in means for m in side):
        why = next(m.reason for side in means for m in side if m.estimate is None)
        return "", f"Mean times in each state cannot be given: {why}."
    small = caution.of_sizes([(c.arm, c.n) for c in curves])
    small = " ".join(filter(None, [*(_limits(group, view) if limits else []), small]))
    if len(curves) > 2:
        units = [f" {view.unit}", *[""] * (len(curves) - 1)]
        free = names.join_and(
            [
                f"{_time(c, 0, view)}{unit} on {names.arm(c.arm)}"
                for c, unit in zip(curves, units, strict=True)
            ]
        )
        over = f"Over {span(tau, view.unit)}, a patient is on average free of progression for"
        return f"{over} {free}.", small
    first, *other = curves
    on = f" on {names.arm(first.arm)}" if other else ""
    parts = []
    for i, state in enumerate(states):
        unit = f" {view.unit}" if i == 0 else ""
        parts.append(
            f"{_time(first, i, view)}{unit} {SPENT[state]}{_beside(other, i, view, i == 0)}"
        )
    last = len(states)
    lost = f"{_time(first, last, view)} are lost to death{_beside(other, last, view, False)}"
    told = ", ".join(parts)
    return f"Over {span(tau, view.unit)}, a patient{on} spends on average {told} and {lost}.", small


def _limits(group: StatesOf, view: View) -> list[str]:
    """How sure the time free of progression is: each difference from the reference, or the time."""
    free, level = FREE.lower(), fmt.level(view.level)
    if len(group.curves) == 1:
        mean = group.curves[0].mean_times.states[0]
        interval = f"{fmt.time_interval(mean.lower, mean.upper, view.unit)} {view.unit}"
        return [f"Time {free}: {level} CI {interval if _known(mean) else 'not estimable'}."]
    return [
        f"Time {free}, {names.arm(d.arm)} minus {names.arm(d.reference)}:"
        f" {fmt.signed_time(free_of.estimate, view.unit)} {view.unit}"
        f" ({level} CI {_signed(free_of, view) if _known(free_of) else 'not estimable'})."
        for d in group.differences
        for free_of in d.mean_times.states[:1]
    ]


def _known(mean: InState) -> bool:
    return not (mean.lower is None and mean.upper is None)


def _signed(change: InState, view: View) -> str:
    ends = (fmt.signed_time(end, view.unit) for end in (change.lower, change.upper))
    return " to ".join(ends)


def _time(curve: StateCurves, state: int, view: View) -> str:
    return fmt.time(curve.mean_times.states[state].estimate, view.unit)


def _beside(other: Sequence[StateCurves], state: int, view: View, named: bool) -> str:
    if not other:
        return ""
    curve = other[0]
    where = f" {names.on(curve.arm)}" if named else ""
    return f" ({_time(curve, state, view)}{where})"


def span(time: float, unit: str) -> str:
    """A length of time; whole years of months as years.

    Any other is rounded as the times within it are: none of them looks longer.

    >>> span(48.85, "months"), span(3.333, "years")
    ('48.9 months', '3.33 years')
    """
    if unit == "months" and time >= 24 and time % 12 == 0:
        return names.time(time / 12, "years")
    return names.time(time if time == int(time) else fmt.time(time, unit), unit)


def paragraph(
    study: Study,
    view: View,
    arms: Sequence[Arm],
    population: Population,
    states: Sequence[str],
    tau: float,
    tau_words: str,
) -> Methods:
    """The methods as a manuscript tells them."""
    several = len(arms) > 1
    return written(
        ["states", *(["states_differences"] if several else [])],
        ["states"],
        study,
        **of_view(view),
        who=patients(study, population, arms),
        by=", by assigned arm" if several else "",
        # "progressed, untreated" is one of them.
        states="; ".join(names.label(state) for state in states),
        tau=f"{names.time(tau, view.unit)} ({tau_words})",
    )


def provenance(
    study: Study,
    view: View,
    arms: Sequence[Arm],
    population: Population,
    model: StateModel | None,
    found: Courses | None,
    tau: float,
    tau_words: str,
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on, in reading order."""
    counted = who(population, arms, study.arms)
    missing = left_out(found) if found is not None else ""
    rows = [
        ("Study", f"{study.short_title}. {kind_words(study)}"),
        ("Population", f"{counted}; left out: {missing}" if missing else counted),
    ]
    if model is None:
        return tuple(rows)
    pairs = zip(model.states[1:], model.endpoints, strict=True)
    told = [f"{state} (endpoint: {names.label(study.endpoint(e).label)})" for state, e in pairs]
    level = fmt.level(view.level)
    origin = study.metadata.time_origin or "the start of observation"
    rows += [
        ("States", "; ".join(told)),
        (
            "Rule",
            "on one day the later state counts, nobody goes back, and patients stay in a state"
            " until another is recorded or the last day they are known alive; the survival page"
            " ends at the last assessment of each endpoint, so its percentages differ a little",
        ),
        (
            "Estimate",
            "Aalen-Johansen probability in state, infinitesimal jackknife standard errors,"
            f" {level} CI (log)",
        ),
    ]
    if tau_words:
        to = f"{names.time(tau, view.unit)} ({tau_words})"
        rows.append(("Mean times", f"area under each probability up to {to}, {level} CI (log-log)"))
    if len(arms) > 1:
        rows.append(
            (
                "Differences",
                f"each other arm minus {isolated(view.arms[0])}, limits from the arms' own"
                " intervals (MOVER)",
            )
        )
    moved = found.moved if found is not None else ()
    apart = ""
    if moved and model is not None:
        apart = (
            f"; times of {names.join_and(moved)}, which the data count from another day, are"
            f" counted from the start of {model.progression}"
        )
    rows.append(("Time", f"{view.unit} from {origin}{apart}"))
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
