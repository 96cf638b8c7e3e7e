"""Names inside sentences."""

from __future__ import annotations

import pytest

from services import names
from services.names import arm as arm_phrase
from services.names import join_and


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")]
)
def test_join_and(items: list[str], text: str) -> None:
    assert join_and(items) == text


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Observation", "observation"),
        ("Placebo plus dexamethasone", "placebo plus dexamethasone"),
        ("Rd", "Rd"),
        ("KRd", "KRd"),
        ("D-Rd then R", "D-Rd then R"),
        ("Drug 5 mg", "Drug 5 mg"),
        ("A: Drug X", "A: Drug X"),
        ("", ""),
    ],
)
def test_an_arms_name_inside_a_sentence(name: str, phrase: str) -> None:
    assert arm_phrase(name) == phrase


def test_a_group_of_a_hebrew_name_keeps_its_order_wherever_it_stands() -> None:
    """Oracle: UAX #9, a first strong isolate (U+2068) that is closed (U+2069)."""
    without = "\u2068without \u05d0\u05d1 by month 6\u2069"
    group = "Without \u05d0\u05d1 by month 6"
    assert names.versus(["Arm A"], group) == f"Arm A versus {without}"
    assert names.whom(group) == names.arm(group) == f"patients {without}"
    assert names.on(group) == without
