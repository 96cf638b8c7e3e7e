"""Words for relation to treatment. Oracle: ICH E2B, WHO-UMC and their plain meaning."""

from __future__ import annotations

import pytest

from services.adverse_events.relation import relation_meanings, relation_of


@pytest.mark.parametrize(
    "value",
    ["RELATED", "Y", "Possible", "PROBABLY RELATED", "Definite", "RELATED TO STUDY DRUG", "Oui",
     "Related to the study treatment", "possibly related to investigational product", "Suspected",
     "3 - POSSIBLE", "Reasonable possibility", "Wahrscheinlich", "Drug-related",
     "Possible/Probable", "Yes, related"],
)  # fmt: skip
def test_related(value: str) -> None:
    assert relation_of(value) == "yes"


@pytest.mark.parametrize(
    "value",
    ["NOT RELATED", "UNRELATED", "N", "REMOTE", "UNLIKELY", "NONE", "Not related to study drug",
     "Unrelated to treatment", "1: Not related", "No reasonable possibility", "Doubtful",
     "kein Zusammenhang", "Non relié", "Not related/unlikely"],
)  # fmt: skip
def test_not_related(value: str) -> None:
    assert relation_of(value) == "no"


@pytest.mark.parametrize(
    "value",
    ["RELATED TO UNDERLYING DISEASE", "NOT RELATED TO CONCOMITANT MEDICATION", "RELATED TO SURGERY",
     "maybe not", "grade 3"],
)  # fmt: skip
def test_relation_to_something_else_is_not_guessed(value: str) -> None:
    assert relation_of(value) == "odd"


def test_numbers() -> None:
    assert relation_meanings(["1", "0", ""]) == {"1": "yes", "0": "no", "": "blank"}
    assert set(relation_meanings(["1", "2", "3"]).values()) == {"odd"}
    assert relation_of("Unknown") == relation_of("Not assessed") == "blank"
