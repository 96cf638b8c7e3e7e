"""Entry criteria as rules. Oracle: the three answers, counted by hand."""

from __future__ import annotations

from services.evidence.criteria import Condition, Criterion
from services.pages.risk.trials import holds


def test_rules_of_three_answers() -> None:
    a, b = Condition("bmpc", at_least=10), Condition("mprot", above=2)
    both, either = Criterion("", 2, (a, b)), Criterion("", 1, (a, b))
    known = {"bmpc": 10.0, "mprot": None}
    assert (holds(a, known), holds(b, known)) == (True, None)
    assert (holds(both, known), holds(either, known)) == (None, True)
    assert holds(both, {"bmpc": 9.0, "mprot": None}) is False
    assert holds(Criterion("hemoglobin", 1, ()), known) is None
