"""Groups cut from numbers beside columns of any name. Oracle: the values by hand."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.study.cuts import with_cuts
from services.study.model import Column
from tests.studies import make_study


def test_a_cut_never_replaces_a_column() -> None:
    age = [50, 60, 70, 80, 55, 66, 77, 58]
    arms, time, event = ["A", "B"] * 4, range(1, 9), [True] * 8
    study = make_study(arms, time, event, {"AGE": age, "AGE:65": ["x", "y"] * 4})
    with pytest.raises(UserError, match="has a column AGE:65") as caught:
        with_cuts(study, ("AGE:65",))
    assert caught.value.hint == "Cut at other points."


def test_quantiles_are_those_of_the_patients_with_a_planned_arm() -> None:
    """Halves of eight from 50 to 80: 65; two treated outside the population would make it 69."""
    age, arms = [50, 55, 60, 62, 68, 70, 75, 80, 95, 96], ["A", "B"] * 5
    study = make_study(
        arms, range(1, 11), [True] * 10, {"AGE": age}, known={"AGE": Column("AGE", "Age")}
    )
    study.subjects.loc[["S9", "S10"], "ARM_PLANNED"] = ""
    made = with_cuts(study, ("AGE:q2",))
    assert made.columns["AGE:q2"].levels == ("< 65", ">= 65")
