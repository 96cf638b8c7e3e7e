"""The credibility aid. Oracle: ICEMAN's five core questions for trials, its bounds of p.

Schandelmaier et al., CMAJ 2020;192:E901-E906: direction expected, prior evidence, test of
interaction, few effect modifiers, arbitrary cut points avoided, in this order.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.pages.subgroups import variables
from services.pages.subgroups.credibility import assess
from services.pages.subgroups.page import subgroups_page
from services.pages.subgroups.records import Variable
from services.statistics.results import ForestResult, Group
from services.statistics.results import Test as Tested
from services.views.study import decode
from tests.studies import bundled


def forest(query: str = "?by=SEX,AGEGR1,MAYO2018,TSDIAGGR") -> ForestResult:
    found = subgroups_page(bundled(), decode(query)).forest
    assert found is not None
    return found


def variable(name: str) -> Variable:
    return next(v for v in variables.choices(bundled()) if v.name == name)


def group(p: float, events: int = 300) -> Group:
    """A variable of two estimable levels with that p and so many events."""
    found = forest()
    one = found.groups[0]
    levels = tuple(
        replace(
            row,
            events={"A": events // 4, "B": events // 4},
            hazard_ratio=found.overall.hazard_ratio,
        )
        for row in one.levels[:2]
    )
    return replace(one, interaction=Tested(1.0, 1, p), levels=levels, caution=None)


def test_the_questions_stand_in_the_order_of_the_instrument() -> None:
    questions = [a.question for a in assess(variable("SEX"), group(0.02), forest()).arguments]
    words = (
        "expected before the trial",
        "earlier evidence",
        "test of interaction",
        "few variables",
    )
    assert len(questions) == 5
    for question, word in zip(questions, (*words, "cut points"), strict=True):
        assert word in question


@pytest.mark.parametrize(
    ("p", "speaks", "says"),
    [
        (0.3, "against", "consistent with chance"),
        (0.065, "open", "inconclusive"),
        (0.05, "open", "a likely explanation"),
        (0.01, "open", "may not explain"),
        (0.005, "for", "unlikely explanation"),
    ],
)
def test_the_bounds_of_p(p: float, speaks: str, says: str) -> None:
    answer = assess(variable("SEX"), group(p), forest()).arguments[2]
    assert (answer.speaks, says in answer.answer) == (speaks, True)


def test_few_events_show_nothing() -> None:
    item = assess(variable("SEX"), group(0.3, 40), forest())
    assert item.summary == "Whether the effect depends on it cannot be determined (40 events)."
    assert "inconclusive (40 events)" in item.arguments[2].answer


def test_what_one_trial_cannot_know_stays_open() -> None:
    """Neither a stratum nor a table of patients says what was expected, or what others found."""
    for name in ("TSDIAGGR", "SEX", "AGEGR1", "MAYO2018"):
        item = assess(variable(name), group(0.001), forest())
        assert [a.speaks for a in item.arguments[:2]] == ["open", "open"], name
    stratum = assess(variable("TSDIAGGR"), group(0.001), forest()).arguments[0].answer
    assert "not that the treatment effect was expected to differ" in stratum


def test_groups_this_site_made_are_called_so() -> None:
    assert variable("AGEGR1").made == "here"
    assert "made here" in variable("AGEGR1").marks
    answer = assess(variable("AGEGR1"), group(0.001), forest()).arguments[4]
    assert (answer.speaks, "this site made them" in answer.answer) == ("open", True)
    assert assess(variable("MAYO2018"), group(0.001), forest()).arguments[4].speaks == "for"
    assert assess(variable("SEX"), group(0.001), forest()).arguments[4].speaks == "open"


def test_a_summary_is_a_sentence_without_a_score() -> None:
    for p in (0.001, 0.02, 0.07, 0.5):
        assert "points" not in assess(variable("SEX"), group(p), forest()).summary
    assert assess(variable("SEX"), group(0.001), forest()).summary.startswith("Deserves attention")
    assert assess(variable("SEX"), group(0.02), forest()).summary.startswith("A weak hint")
    assert assess(variable("SEX"), group(0.07), forest()).summary.endswith(
        "cannot be determined (300 events)."
    )
    assert assess(variable("SEX"), group(0.5), forest()).summary.startswith("No sign")


def test_a_test_not_to_be_believed_is_not_judged() -> None:
    shy = replace(group(0.001), caution="too few events to rely on the test (3)")
    item = assess(variable("SEX"), shy, forest())
    assert item.summary == "Cannot be judged: too few events to rely on the test (3)."
    assert item.arguments[2].speaks == "open"
