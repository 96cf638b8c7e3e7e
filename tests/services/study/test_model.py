"""What identifies a study's content. Oracle: ``str`` of each value."""

from __future__ import annotations

import pandas as pd
import pytest

from services.study.model import content_hash


@pytest.mark.parametrize(
    "dates",
    [
        ["2020-02-29", None, "1960-01-01", "2020-02-29"],
        ["2020-02-29T13:05:00", "0099-01-01"],
        ["2020-02-29T13:05:00.25", "2020-03-01"],
        [None, None],
    ],
)
def test_dates_are_hashed_as_their_texts(dates: list[str | None]) -> None:
    values = pd.Series(pd.array(dates, dtype="datetime64[us]"))
    texts = values.map(str, na_action="ignore").astype(object)
    as_dates = content_hash({"adsl": pd.DataFrame({"RANDDT": values})})
    assert as_dates == content_hash({"adsl": pd.DataFrame({"RANDDT": texts})})
    assert as_dates != content_hash({"adsl": pd.DataFrame({"RANDDT": texts.iloc[::-1]})}) or (
        not values.notna().any()
    )
