"""Which side of a ratio or a difference is the better one, in words: the one place that knows.

``good`` is that of the endpoint: the event is good for the patient (a response), bad, or nobody
said. In the last case words tell in which arm the event came earlier and favor none.
"""

from __future__ import annotations

from services.names import isolated
from services.statistics.results import HazardRatio


def sides(good: bool | None, arm: str, reference: str) -> tuple[str, str]:
    """What stands below and above 1 under a forest: "favors A", "favors B".

    >>> sides(False, "A", "B"), sides(None, "A", "B")
    (('favors A', 'favors B'), ('event earlier on B', 'event earlier on A'))
    """
    if good is None:
        return f"event earlier on {isolated(reference)}", f"event earlier on {isolated(arm)}"
    low, high = (reference, arm) if good else (arm, reference)
    return f"favors {isolated(low)}", f"favors {isolated(high)}"


def rule(good: bool | None, arm: str) -> str:
    """How a ratio of ``arm`` is read, for a provenance line.

    >>> rule(False, "A"), rule(True, "A"), rule(None, "A")
    ('below 1 favors A', 'above 1 favors A', 'below 1: the event comes later on A')
    """
    if good is None:
        return f"below 1: the event comes later on {isolated(arm)}"
    return f"{'above' if good else 'below'} 1 favors {isolated(arm)}"


def verdict(good: bool | None, ratio: HazardRatio, arm: str, reference: str) -> str:
    """What the interval of a hazard ratio says, as a sentence."""
    if ratio.lower <= 1 <= ratio.upper:
        return f"The interval includes no difference between {arm} and {reference}."
    if good is None:
        early, late = (arm, reference) if ratio.lower > 1 else (reference, arm)
        return f"Over the whole interval the event comes earlier on {early} than on {late}."
    better = arm if (ratio.lower > 1) == good else reference
    other = reference if better == arm else arm
    return f"The whole interval favors {better} over {other}."


def gained(good: bool | None, unit: str) -> str:
    """What the difference in restricted means is called: months are gained before a bad event.

    >>> gained(False, "months"), gained(True, "months"), gained(None, "years")
    ('Months gained', 'Months until the event, difference', 'Years until the event, difference')
    """
    name = unit.capitalize()
    return f"{name} gained" if good is False else f"{name} until the event, difference"
