"""What ended each time, in words and codes of CNSR."""

from __future__ import annotations

import pytest

from data.simulate.draw import Draw
from data.simulate.outcomes import LEAVING, SIGNS, Outcome, before_death, progression_free, survival


@pytest.mark.parametrize("kind", list(SIGNS))
def test_a_progression_says_what_showed_it(kind: str) -> None:
    draw = Draw(1)
    found = [progression_free(50, kind, 0, draw) for _ in range(200)]
    assert {o.event for o in found} == set(SIGNS[kind])
    assert all(o.event.endswith(f"({kind})") for o in found)
    assert {(o.code, o.kind, o.reason) for o in found} == {(0, kind, "")}


@pytest.mark.parametrize(
    ("left", "code", "reason"),
    [
        (0, 1, "Alive without progression at data cutoff"),
        (2, 2, "Lost to follow-up"),
        (3, 3, "Withdrew consent"),
        (4, 4, "Treated"),
    ],
)
def test_a_censored_time_says_why(left: int, code: int, reason: str) -> None:
    found = progression_free(9, "", left, Draw(1), LEAVING | {4: "Treated"})
    assert found == Outcome("PFS", 9, code, reason=reason)


def test_death_ends_every_time() -> None:
    assert progression_free(9, "Death", 0, Draw(1)) == Outcome("PFS", 9, 0, "Death", "Death")
    assert survival(9, True, 2) == Outcome("OS", 9, 0, "Death", "Death")
    competing = before_death("SPM", 9, 2, "a malignancy", "Malignancy", "x")
    assert competing == Outcome("SPM", 9, 2, reason="Death without a malignancy")


def test_who_lives_is_censored() -> None:
    assert survival(9, False) == Outcome("OS", 9, 1, reason="Alive at data cutoff")
    assert survival(9, False, 3) == Outcome("OS", 9, 3, reason="Withdrew consent")
    assert survival(9, False, seen="last contact").reason == "Alive at last contact"
    found = before_death("TTP", 9, 0, "progression", "", "")
    assert found == Outcome("TTP", 9, 1, reason="Alive without progression at last contact")
    assert before_death("TTP", 9, 1, "progression", "x", "y") == Outcome("TTP", 9, 0, "x", "y")
