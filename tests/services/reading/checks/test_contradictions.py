"""Words against codes, and levels in two spellings. Oracle: tables spoiled in one known way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.reading.checks.contradictions import (
    censored_deaths,
    event_words,
    near_levels,
    text_columns,
)


def found(texts: list[str], event: list[bool]) -> list[tuple[str, int | None]]:
    made = event_words(pd.DataFrame({"EVNTDESC": texts}), np.array(event))
    return [(f.message, f.count) for f in made]


def test_descriptions_that_say_the_other_way_round() -> None:
    texts = ["Censored"] * 4 + ["Death"] * 4
    (message, count), *rest = found(texts, [True] * 4 + [False] * 4)
    assert message == (
        "EVNTDESC says “Censored” for records that count as events: the event appears to be coded "
        "in reverse."
    )
    assert count == 4
    assert rest == []
    assert found(texts, [False] * 4 + [True] * 4) == []


def test_one_event_that_is_described_as_censored_is_told_as_that() -> None:
    texts = ["Lost to follow-up", "Death", "Death", "Death", "Alive"]
    assert found(texts, [True, True, True, True, False]) == [
        ("EVNTDESC says “Lost to follow-up” for records that count as events.", 1)
    ]


@pytest.mark.parametrize("text", ["Uncensored", "Not censored", "Death", "Withdrawal", "Relapse"])
def test_words_that_can_be_an_event(text: str) -> None:
    assert found([text] * 3, [True] * 3) == []


def test_a_competing_death_may_be_censored() -> None:
    assert found(["Death", "Progression"], [False, True]) == []
    assert list(event_words(pd.DataFrame({"AVAL": [1]}), np.array([True]))) == []


def test_levels_that_are_one_thing_in_two_spellings() -> None:
    frame = pd.DataFrame(
        {
            "SEX": ["F", "f", "M", "M"],
            "ECOG": ["0", "0.0", "1", "one"],
            "SITEID": ["1", "01", "2", "2"],
            "TRT01P": ["a", "A", "b", "b"],
            "AGE": [1.0, 2.0, 3.0, 4.0],
        }
    ).astype({"SEX": object, "ECOG": object, "SITEID": object, "TRT01P": object})
    columns = text_columns(frame, ("TRT01P",))
    assert list(columns) == ["SEX", "ECOG", "SITEID"]
    told = [(f.message, f.count) for f in near_levels(frame, columns)]
    assert told == [
        ("SEX: “F”, “f” differ only in case and are separate levels.", 1),
        ("ECOG: “0”, “0.0” differ only in form and are separate levels.", 1),
    ]


@pytest.mark.parametrize(
    ("said", "count"),
    [
        (["DEATH", "Cut-off", "Death without progression"], 2),
        (["Died of another cause", "Patient deceased", "Lost"], 2),
        (["Alive", "No death", "Not dead", "Last contact before death", ""], 0),
        (["No event of progression or death"], 0),
    ],
)
def test_deaths_that_censor_are_told(said: list[str], count: int) -> None:
    made = list(censored_deaths("TTP", said, np.ones(len(said))))
    assert sum(f.count or 0 for f in made) == count


def test_the_remedy_names_the_value_that_is_of_deaths_alone() -> None:
    (alone,) = censored_deaths("TTP", ["Death", "Death", "Cut-off"], np.array([3.0, 3.0, 1.0]))
    assert 'competing = { 3 = "Death" }' in alone.remedy
    assert alone.message == (
        "TTP: censored records say “Death”. The Kaplan-Meier curve shows what would happen if "
        "nobody died."
    )
    (mixed,) = censored_deaths("TTP", ["Death", "Cut-off"], np.array([1.0, 1.0]))
    assert mixed.remedy.endswith("use that CNSR value (2) for deaths only.")
    (of_os,) = censored_deaths("OS", ["Death"], np.array([1.0]))
    assert "In OS, death is the event." in of_os.message
