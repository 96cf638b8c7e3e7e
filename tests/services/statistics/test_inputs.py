"""What a caller hands in: events, strata and groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.errors import UserError
from services.statistics import inputs, times


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ([1, 2, 0], r"1 of 3 event indicators .*\(row 2\)"),
        ([1, np.nan, 0], r"1 of 3 event indicators .*\(row 2\)"),
        (["Y", "N", "Y"], "event indicators hold text"),
        ([1, 0], "3 times but 2 values of event"),
    ],
)
def test_bad_events_say_what_is_wrong(event, message):
    with pytest.raises(UserError, match=message):
        times.read([1, 2, 3], event)


def test_text_times_are_refused_and_numeric_text_is_read():
    with pytest.raises(UserError, match="times hold text"):
        times.read(["soon", "later"], [1, 0])
    assert times.read(["1", "2"], ["1", "0"]).time.tolist() == [1.0, 2.0]


def test_nullable_columns_are_read_and_their_missing_values_found():
    assert times.read(pd.Series([1, 2], dtype="Int64"), pd.Series([True, False])).n == 2
    with pytest.raises(UserError, match=r"1 of 2 times is missing \(row 2\)"):
        times.read(pd.Series([1, None], dtype="Int64"), [1, 0])


def test_a_table_is_not_a_column_of_times():
    with pytest.raises(UserError, match="one column"):
        times.read([[1, 2], [3, 4]], [1, 0])


def test_missing_strata_and_groups_are_named():
    with pytest.raises(UserError, match=r"1 of 3 values of strata are missing \(row 2\)"):
        inputs.strata_codes(["a", None, "b"], 3)
    with pytest.raises(UserError, match="3 times but 2 values of strata"):
        inputs.strata_codes(["a", "b"], 3)


def test_one_stratum_is_no_stratum():
    assert inputs.strata_codes(["a", "a"], 2) is None
