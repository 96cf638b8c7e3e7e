"""Groups cut from numbers beside columns of any name. Oracle: the values by hand."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.study.cuts import with_cuts
from tests.studies import make_study


def test_a_cut_never_replaces_a_column() -> None:
    age = [50, 60, 70, 80, 55, 66, 77, 58]
    arms, time, event = ["A", "B"] * 4, range(1, 9), [True] * 8
    study = make_study(arms, time, event, {"AGE": age, "AGE:65": ["x", "y"] * 4})
    with pytest.raises(UserError, match="has a column AGE:65") as caught:
        with_cuts(study, ("AGE:65",))
    assert caught.value.hint == "Cut at other points."
