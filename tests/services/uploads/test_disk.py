"""Plain tables to Parquet and back. Oracle: the table that was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services.uploads.disk import read_plain, write_plain


def frame() -> pd.DataFrame:
    days = ["2020-01-01", "1899-12-30", "NaT"]
    return pd.DataFrame(
        {
            "X": [0.1 + 0.2, np.nan, -0.0],
            "DT": np.array(days, dtype="datetime64[us]"),
            "T": pd.Categorical(["b", None, "a"], categories=["b", "a", "never"]),
        }
    )


@pytest.mark.parametrize("rows", [3, 1])
def test_values_levels_and_their_order_come_back(tmp_path: Path, rows: int) -> None:
    written = frame().iloc[:rows]
    write_plain(written, tmp_path / "t.parquet")
    found = read_plain(tmp_path / "t.parquet")
    assert found["X"].to_numpy().tobytes() == written["X"].to_numpy().tobytes()
    assert found["DT"].dtype == "datetime64[us]"
    assert found["DT"].equals(written["DT"])
    assert found["T"].cat.codes.tolist() == written["T"].cat.codes.tolist()
    assert found["T"].cat.categories.tolist() == ["b", "a", "never"]


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    write_plain(frame().iloc[:0], tmp_path / "t.parquet")
    found = read_plain(tmp_path / "t.parquet")
    assert (list(found.columns), len(found)) == (["X", "DT", "T"], 0)
