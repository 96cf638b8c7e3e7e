"""How believable is it that a variable changes the effect of treatment?

The five core questions of the Instrument to assess the Credibility of Effect Modification Analyses
for randomized trials, in its order (ICEMAN: Schandelmaier et al., CMAJ 2020;192:E901-E906,
doi:10.1503/cmaj.200077), in our own words and answered only as far as the data of one trial can.
What was thought before the trial, and what other trials found, they inconclusive: such a question
stays open. It is an aid to reading, not a score.

Read for it: the paper's abstract (five questions for trials, four answers from "definitely no" to
"definitely yes", a rating from very low to high), the manual's first question and its scope, a
suggested difference of p below 0.1 (iceman.help), and the questions on chance, number and cut
points as an assessment by others quotes them. The full paper and the rest of the manual were not.
ICEMAN's rating asks for a judgment that data cannot make: none is given.
"""

from __future__ import annotations

from services import format as fmt
from services import names
from services.pages import caution
from services.pages.subgroups.records import Argument, Credibility, Speaks, Variable
from services.statistics.results import ForestResult, Group

# ICEMAN's bounds of the interaction p: above the first chance is a very likely explanation, below
# the last an unlikely one. It is made for a suggested difference, p below 0.1.
CHANCE_LIKELY, CHANCE_POSSIBLE, CHANCE_UNLIKELY = 0.05, 0.01, 0.005
FEW_TESTS, MANY_TESTS = 3, 10


def assess(variable: Variable, group: Group, forest: ForestResult) -> Credibility:
    """What speaks for and against ``variable`` changing the effect.

    Where chance explains the difference well, nothing else can make it credible.
    """
    arguments = (
        _direction(variable),
        _earlier(),
        _chance(group),
        _how_many(forest.tests),
        _cut_points(variable),
    )
    return Credibility(variable.name, variable.label, arguments, _summary(arguments, group))


def _direction(variable: Variable) -> Argument:
    question = "Was the direction of this difference correctly expected before the trial?"
    if "data-driven" in variable.marks:
        return Argument(question, "No: the groups were made after the data were seen.", "against")
    answer = "Not known from these data: see the protocol."
    if "pre-specified" in variable.marks:
        answer += (
            " That it was fixed in the design, as a stratum of the randomization is, indicates "
            "that it was expected to matter for the outcome, not that the treatment effect was "
            "expected to differ."
        )
    return Argument(question, answer, "open")


def _earlier() -> Argument:
    answer = (
        "Not known from these data: one trial cannot show it. Look for the same finding in "
        "other trials."
    )
    return Argument("Does earlier evidence support it?", answer, "open")


def _chance(group: Group) -> Argument:
    question = "Does the test of interaction suggest that chance is an unlikely explanation?"
    test = group.interaction
    if test is None:
        return Argument(question, f"Not tested: {group.interaction_reason}.", "open")
    if group.caution is not None:
        return Argument(question, f"Inconclusive: {group.caution}.", "open")
    words = f"Interaction {fmt.p_equals(test.p)}"
    if test.p > CHANCE_LIKELY:
        told = caution.chance(test, caution.events_of(group))
        return Argument(question, f"No. {words}: {told}.", _weight(group))
    if test.p > CHANCE_POSSIBLE:
        return Argument(question, f"{words}: chance remains a likely explanation.", "open")
    if test.p > CHANCE_UNLIKELY:
        return Argument(question, f"{words}: chance may not explain it.", "open")
    return Argument(question, f"Yes. {words}: chance is an unlikely explanation.", "for")


def _weight(group: Group) -> Speaks:
    """A test that found nothing speaks against a difference only if it could have found one."""
    return "against" if caution.finds_none(group) else "open"


def _how_many(tests: int) -> Argument:
    question = "Were only a few variables tested, or was their number accounted for?"
    tested = f"{fmt.counted(tests, 'variable is', 'variables are')} tested on this page"
    if tests <= FEW_TESTS:
        return Argument(
            question, f"{tested}; how many others were tested is not known here.", "open"
        )
    by_chance = f"about {0.05 * tests:.1f} would have p below 0.05 by chance"
    answer = f"No: {tested}, of which {by_chance}."
    return Argument(question, answer, "open" if tests <= MANY_TESTS else "against")


def _cut_points(variable: Variable) -> Argument:
    question = "If it was cut from a number, were arbitrary cut points avoided?"
    if "data-driven" in variable.marks:
        answer = (
            "No: the cut point was chosen here after the data were seen; another could give "
            "a different answer."
        )
        return Argument(question, answer, "against")
    if variable.made == "model":
        answer = "Yes: the groups are those of a published model, by its rule."
        return Argument(question, answer, "for")
    if variable.made == "here":
        answer = (
            "The groups are neither the study's nor the trial's: this site made them from a "
            "numeric variable. Other cut points could give a different answer."
        )
        return Argument(question, answer, "open")
    answer = "Not known from these data: the groups are as the study gives them."
    return Argument(question, answer, "open")


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
