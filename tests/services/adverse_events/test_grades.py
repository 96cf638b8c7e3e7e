"""Severity in every spelling. Oracle: what the spelling says to a reader."""

from __future__ import annotations

import pytest

from services.adverse_events.grades import UNGRADED, UNKNOWN, grade_of, grades_of, severities_of


@pytest.mark.parametrize(
    "value",
    [
        "3", "03", "3.0", "3,0", "G3", "Gr. 3", "Grade 3", "GRADE3", "Grade: 3", "III",
        "Grade III", "GRADE 3 - SEVERE", "3 - SEVERE", "3=Severe", "Severe (Grade 3)",
        "CTCAE Grade 3", "NCI CTCAE v5.0 Grade 3", "CTCAE V4.03 Grade 3: Severe",
        "Grade 3 toxicity",
        "GRADE 3 SEVERE OR MEDICALLY SIGNIFICANT BUT NOT IMMEDIATELY LIFE-THREATENING",
    ],
)  # fmt: skip
def test_ways_to_write_grade_3(value: str) -> None:
    assert grade_of(value) == 3


@pytest.mark.parametrize(
    "value",
    ["2-3", "Grade 2/3", "Grade II/III", "-1", "-3",
     "Grade 3-4", ">= 3", "3+", "Grade 3 or higher", "6", "33", "3.5", "-3x",
     "Grade 3 (mild)", "Mild grade 3", "3 weeks", "CTCAE v4.0", "Severe", "bad", ""],
)  # fmt: skip
def test_what_is_no_single_grade(value: str) -> None:
    assert grade_of(value) is None


def test_nothing_stated_is_not_the_same_as_not_understood() -> None:
    found = grades_of(["", "UNK", "Not graded", "0", "?!", "4 - Life-threatening"])
    assert list(found.values()) == [UNGRADED, UNGRADED, UNGRADED, UNGRADED, UNKNOWN, 4]


def test_severities_in_words_and_numbers() -> None:
    words = ["mild", "MODERATE", "Severe", "LIFE THREATENING", "life-threatening", "Fatal"]
    assert list(severities_of(words).values()) == [1, 2, 3, 4, 4, 5]
    assert list(severities_of(["1", "2.0", "3 - Severe", "so-so", ""]).values()) == [
        1,
        2,
        3,
        -2,
        -1,
    ]
