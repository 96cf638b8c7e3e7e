"""Names inside sentences."""

from __future__ import annotations

import pytest

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
