"""When a number is not said, or not without a word of caution: one place for all pages.

Nothing here computes; it looks at how many patients and events an estimate rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services import names
from services.names import count, join_and
from services.replaced import replace
from services.statistics.results import Curve, Test

if TYPE_CHECKING:
    from services.statistics.results import ForestResult, Group

# Below ten events a Cox model of one covariate is biased and its interval too short or wild
# (the "ten events per variable" of Peduzzi et al., J Clin Epidemiol 1995); tests of interaction
# and of proportional hazards ask for more than the ratio itself does.
FEW_EVENTS = 10
# An arm's curve of fewer than ten patients moves by more than 10 points at each event.
FEW_PATIENTS = 10
# A share of fewer than five patients says less than their count.
COUNTED_PATIENTS = 5
# The same bound as for an arm where a curve is read: the headline's time.
FEW_AT_RISK = 10
# The fewest events the forest fits a ratio to by default.
FEW_EVENTS_IN_ARM = 5
# Two halves of d events differ in log hazard ratio with variance 4/(d/2) + 4/(d/2) = 16/d: below
# (1.96 x 4 / log 2)^2 = 128 events a halving of the ratio is missed more often than it is found.
# A test that finds nothing there is no sign that there is nothing.
ENOUGH_EVENTS = 128
# p between these is neither a sign nor none.
SIGN, NO_SIGN = 0.05, 0.1
_CHANGES = "The effect seems to change over time, so one hazard ratio does not describe it well"


def of_arms(curves: Sequence[Curve]) -> str:
    """A sentence on arms that are too small to compare, "" if none is."""
    return of_sizes([(c.arm, c.n) for c in curves])


def of_sizes(arms: Sequence[tuple[str, int]]) -> str:
    """As ``of_arms``, of names and numbers of patients."""
    small = [(name, n) for name, n in arms if n < FEW_PATIENTS]
    if len(arms) < 2 or not small:
        return ""
    parts = [f"{count(n, 'patient')} {names.on(name)}" for name, n in small]
    words = "too few to compare" if too_few(arms) else "read the comparison with caution"
    return f"Only {join_and(parts)}: {words}."


def too_few(arms: Sequence[tuple[str, int]]) -> bool:
    """Whether an arm has so few patients that a comparison favors nobody."""
    return any(n < COUNTED_PATIENTS for _, n in arms)


def of_events(curves: Sequence[Curve]) -> str:
    """A sentence on arms with hardly an event, "" if none is."""
    few = [c for c in curves if 0 < c.events < FEW_EVENTS_IN_ARM and c.n >= FEW_PATIENTS]
    if len(curves) < 2 or not few:
        return ""
    parts = [f"{count(c.events, 'event')} {names.on(c.arm)}" for c in few]
    return f"With only {join_and(parts)} the comparison is uncertain."


def few_events(curves: Sequence[Curve]) -> bool:
    """Whether there are too few events for a median or a ratio to be relied on."""
    return sum(c.events for c in curves) < FEW_EVENTS


def moved(
    time: str,
    usual: float | None,
    at_risk: Sequence[tuple[str, int]],
    unit: str,
    filters: str,
    what: str = "the headline",
) -> str:
    """A sentence where a filter moved the time that is told, and why; "" where it moved nothing.

    Parameters
    ----------
    time : told, as printed; "" if counts stand in place of a share
    usual : told without the filter; ``None`` if none is
    at_risk : arm, "" if there is one alone, and patients at the usual time, with the filter
    filters : in words
    what : is told at that time
    """
    if usual is None or names.moment(usual) == time:
        return ""
    few = [
        f"{n:,} {names.on(arm)}" if arm else f"{n:,} left" for arm, n in at_risk if n < FEW_AT_RISK
    ]
    without = f"Without the filter “{filters}” {what} is at {at(usual, unit)}; with it"
    if few:
        return f"{without} fewer than {FEW_AT_RISK} are at risk then ({', '.join(few)})."
    if not time:
        return f"{without} only counts are given: too few patients or events are left."
    return f"{without} at {names.time(time, unit)}."


def at(time: float, unit: str) -> str:
    """A time with its unit."""
    return names.time(time, unit)


def changes(test: Test | None, events: int) -> str:
    """A sentence for the headline where one hazard ratio misleads, "" where nothing shows that."""
    sign = test is not None and events >= FEW_EVENTS and test.p < SIGN
    return f"{_CHANGES}." if sign else ""


def constancy(test: Test, events: int) -> str:
    """What a test of proportional hazards of that many events says, as a sentence."""
    if events < FEW_EVENTS:
        return f"Too few events ({events}) to determine whether the effect changes over time."
    if test.p < SIGN:
        return f"{_CHANGES}: look at “Hazard ratio over time” and “Time gained”."
    if test.p < NO_SIGN:
        return "The effect may change over time: the test is inconclusive."
    if events < ENOUGH_EVENTS:
        return f"Whether the effect changes over time cannot be determined ({events} events)."
    return "No sign that the effect changes over time."


def events_of(group: Group) -> int:
    """Events in all levels of a variable, both arms."""
    return sum(sum(row.events.values()) for row in group.levels)


def of_interaction(group: Group) -> str | None:
    """Why the interaction test of a variable is not to be believed; ``None`` if it may be."""
    if group.interaction is None:
        return None
    events = events_of(group)
    if events < FEW_EVENTS:
        return f"too few events to rely on the test ({events})"
    levels = sum(row.hazard_ratio is not None for row in group.levels)
    if levels < 2:
        with_ratio = "no level has" if levels == 0 else "only one level has"
        return f"too few events to rely on the test ({with_ratio} a hazard ratio)"
    return None


def tested(forest: ForestResult) -> list[Group]:
    """The variables whose interaction test may be believed."""
    return [g for g in forest.groups if g.interaction is not None and g.caution is None]


def marked(forest: ForestResult) -> ForestResult:
    """The forest, each test with the reason not to believe it, or what it says without a sign."""
    groups = [replace(group, caution=of_interaction(group)) for group in forest.groups]
    return replace(forest, groups=tuple(replace(group, told=_told(group)) for group in groups))


def _told(group: Group) -> str:
    if group.interaction is None or group.caution is not None or group.interaction.p < SIGN:
        return group.caution or ""
    return "" if finds_none(group) else chance(group.interaction, events_of(group))


def finds_none(group: Group) -> bool:
    """Whether a test without a sign had the events to find one."""
    test = group.interaction
    if test is None or group.caution is not None or test.p < NO_SIGN:
        return False
    return events_of(group) >= ENOUGH_EVENTS


def chance(test: Test, events: int) -> str:
    """What an interaction test that found no sign can say: ends "Interaction p = 0.2: ..."."""
    if test.p < NO_SIGN or events < ENOUGH_EVENTS:
        return f"inconclusive ({events} events)"
    return "consistent with chance"
