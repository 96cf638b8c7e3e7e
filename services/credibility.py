"""How believable is it that a variable changes the effect of treatment?

Five questions after the Instrument to assess the Credibility of Effect Modification Analyses
(ICEMAN: Schandelmaier et al., CMAJ 2020;192:E901, doi:10.1503/cmaj.200077), in our own words and
only as far as the data of one trial can answer them. It is an aid to reading, not a score.
"""

from __future__ import annotations

import numpy as np

from services import format as fmt
from services.pages import caution, names
from services.subgroups import ForestResult, Group
from services.subgroups_records import Argument, Credibility, Speaks, Variable

# Bounds of the interaction p between which chance explains less and less.
CHANCE_LIKELY = caution.SIGN
CHANCE_UNLIKELY = 0.005


def assess(variable: Variable, group: Group, forest: ForestResult) -> Credibility:
    """What speaks for and against ``variable`` changing the effect.

    ``summary`` counts the arguments; where chance explains the difference well, nothing else
    can make it credible.
    """
    arguments = (
        _stated_before(variable),
        _how_many(forest.tests),
        _chance(group),
        _direction(group, forest),
        _cut_point(variable),
    )
    return Credibility(variable.name, variable.label, arguments, _summary(arguments, group))


def _stated_before(variable: Variable) -> Argument:
    question = "Was it expected before the trial?"
    if "pre-specified" in variable.marks:
        return Argument(question, "Yes: the randomization was stratified by it.", "for")
    if "data-driven" in variable.marks:
        return Argument(question, "No: the groups were made after the data were seen.", "against")
    return Argument(question, "Nothing here says so.", "open")


def _how_many(tests: int) -> Argument:
    question = "How many variables were tested?"
    if tests <= 3:
        return Argument(question, f"{tests}: few enough.", "for")
    by_chance = f"about {0.05 * tests:.1f} would have p below 0.05 by chance"
    return Argument(question, f"{tests}: {by_chance}.", "open" if tests <= 10 else "against")


def _chance(group: Group) -> Argument:
    question = "Can chance explain the difference?"
    test = group.interaction
    if test is None:
        return Argument(question, f"Not tested: {group.interaction_reason}.", "open")
    if group.caution is not None:
        return Argument(question, f"Cannot tell: {group.caution}.", "open")
    words = f"Interaction {fmt.p_equals(test.p)}"
    if test.p >= CHANCE_LIKELY:
        told = caution.chance(test, caution.events_of(group))
        return Argument(question, f"{words}: {told}.", _weight(group))
    if test.p >= CHANCE_UNLIKELY:
        return Argument(question, f"{words}: chance remains a fair explanation.", "open")
    return Argument(question, f"{words}: chance is an unlikely explanation.", "for")


def _weight(group: Group) -> Speaks:
    """A test that found nothing speaks against a difference only if it could have found one."""
    return "against" if caution.finds_none(group) else "open"


def _direction(group: Group, forest: ForestResult) -> Argument:
    question = "Do all groups point the same way?"
    ratios = [row.hazard_ratio.estimate for row in group.levels if row.hazard_ratio is not None]
    if forest.overall.hazard_ratio is None or len(ratios) < 2:
        return Argument(question, "Too few groups can be estimated.", "open")
    above = np.array(ratios) > 1
    if (above == (forest.overall.hazard_ratio.estimate > 1)).all():
        answer = "Yes: what differs is how much, not for whom. Such differences are more common."
        return Argument(question, answer, "for")
    answer = "No: the estimates lie on both sides of no effect, which is rarely borne out."
    return Argument(question, answer, "against")


def _cut_point(variable: Variable) -> Argument:
    question = "Was a cut point chosen freely?"
    if "data-driven" in variable.marks:
        return Argument(question, "Yes: another cut could give another answer.", "against")
    return Argument(question, "No: the groups are the study's or a published model's.", "for")


def _summary(arguments: tuple[Argument, ...], group: Group) -> str:
    points = sum(a.speaks == "for" for a in arguments)
    counted = f"{points} of {len(arguments)} points speak for it"
    test = group.interaction
    if test is None:
        return f"Cannot be judged: there is no test ({counted})."
    if group.caution is not None:
        return f"Cannot be judged: {group.caution}."
    if test.p >= CHANCE_LIKELY and not caution.finds_none(group):
        events = names.count(caution.events_of(group), "event")
        return f"Cannot tell whether the effect depends on it ({events}; {counted})."
    if test.p >= CHANCE_LIKELY:
        return f"No sign that the effect depends on it ({counted})."
    if test.p < CHANCE_UNLIKELY and not any(a.speaks == "against" for a in arguments):
        return f"Deserves attention ({counted}); another trial should confirm it."
    return f"A weak hint ({counted}); read it as a question for another trial."
