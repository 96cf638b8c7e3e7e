"""How believable is it that a variable changes the effect of treatment?

The five core questions of the Instrument to assess the Credibility of Effect Modification Analyses
for randomized trials, in its order (ICEMAN: Schandelmaier et al., CMAJ 2020;192:E901-E906,
doi:10.1503/cmaj.200077), in our own words and answered only as far as the data of one trial can.
What was thought before the trial, and what other trials found, they cannot say: such a question
stays open. It is an aid to reading, not a score.

Read for it: the paper's abstract (five questions for trials, four answers from "definitely no" to
"definitely yes", a rating from very low to high), the manual's first question and its scope, a
suggested difference of p below 0.1 (iceman.help), and the questions on chance, number and cut
points as an assessment by others quotes them. The full paper and the rest of the manual were not.
ICEMAN's rating asks for a judgment that data cannot make: none is given.
"""

from __future__ import annotations

from typing import Any

from services import format as fmt
from services import lists, names
from services.pages import caution
from services.pages.subgroups.records import Argument, Credibility, Variable
from services.statistics.results import ForestResult, Group

# ICEMAN's bounds of the interaction p: above the first chance is a very likely explanation, below
# the last an unlikely one. It is made for a suggested difference, p below 0.1.
CHANCE_LIKELY, CHANCE_POSSIBLE, CHANCE_UNLIKELY = 0.05, 0.01, 0.005
FEW_TESTS, MANY_TESTS = 3, 10


_SAID = lists.beside(__file__)


def assess(variable: Variable, group: Group, forest: ForestResult) -> Credibility:
    """What speaks for and against ``variable`` changing the effect.

    Where chance explains the difference well, nothing else can make it credible.
    """
    arguments = (
        _argument("direction", _direction(variable)),
        _argument("earlier", "unknown"),
        _chance(group),
        _how_many(forest.tests),
        _argument("cut_points", _cut_points(variable)),
    )
    return Credibility(variable.name, variable.label, arguments, _summary(arguments, group))


def _argument(question: str, answer: str, **values: Any) -> Argument:
    speaks, text = _SAID[question][answer]
    return Argument(_SAID[question]["question"], text.format(**values), speaks)


def _direction(variable: Variable) -> str:
    if "data-driven" in variable.marks:
        return "data_driven"
    return "in_the_design" if "pre-specified" in variable.marks else "unknown"


def _chance(group: Group) -> Argument:
    test = group.interaction
    if test is None:
        return _argument("chance", "untested", why=group.interaction_reason)
    if group.caution is not None:
        return _argument("chance", "doubted", why=group.caution)
    p = fmt.p_equals(test.p)
    if test.p > CHANCE_LIKELY:
        # What found nothing speaks against a difference only if it could have found one.
        answer = "none" if caution.finds_none(group) else "not_found"
        why = caution.chance(test, caution.events_of(group))
        return _argument("chance", answer, p=p, why=why)
    bounds = {"likely": CHANCE_POSSIBLE, "possible": CHANCE_UNLIKELY, "unlikely": -1.0}
    return _argument("chance", next(a for a, bound in bounds.items() if test.p > bound), p=p)


def _how_many(tests: int) -> Argument:
    answer = "few" if tests <= FEW_TESTS else "several" if tests <= MANY_TESTS else "many"
    tested = fmt.counted(tests, "variable is", "variables are")
    return _argument("number", answer, tested=tested, by_chance=0.05 * tests)


def _cut_points(variable: Variable) -> str:
    return "data_driven" if "data-driven" in variable.marks else variable.made or "given"


def _summary(arguments: tuple[Argument, ...], group: Group) -> str:
    test = group.interaction
    if test is None:
        return "Cannot be judged: there is no test."
    if group.caution is not None:
        return f"Cannot be judged: {group.caution}."
    if test.p > CHANCE_LIKELY and not caution.finds_none(group):
        events = names.count(caution.events_of(group), "event")
        return f"Whether the effect depends on it cannot be determined ({events})."
    if test.p > CHANCE_LIKELY:
        return "No sign that the effect depends on it."
    if test.p <= CHANCE_UNLIKELY and not any(a.speaks == "against" for a in arguments):
        return "Deserves attention; it must be confirmed by prior expectation and by other trials."
    return "A weak hint: read it as a question for another trial."
