"""Which cells are meant. Oracle: the rows of a small table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from services.reading.cells.examples import Cells, cells_hold, count_as

LEVELS = np.array(["2020-02", "2020", "UNK", "x" * 100], dtype=object)


def cells(subjects: bool = True) -> Cells:
    codes = np.array([0, -1, 1, 0, 2, 3])
    frame = pd.DataFrame({"USUBJID" if subjects else "ID": [f"P{i}" for i in range(1, 7)]})
    return Cells(frame, codes, LEVELS)


def test_cells_are_counted_and_each_level_named_once() -> None:
    chosen = np.array([True, True, False, False])
    assert cells().count(chosen) == 3
    assert cells().examples(chosen) == "2020-02 (P1, row 1), 2020 (P3, row 3)"
    assert cells(subjects=False).examples(chosen) == "2020-02 (row 1), 2020 (row 3)"


def test_three_are_enough_and_long_ones_are_cut() -> None:
    assert cells().examples(np.ones(4, dtype=bool)).count("(P") == 3
    assert len(cells().text(3)) == 40


def test_one_cell_is_singular() -> None:
    assert f"{cells_hold(1, 'no date')}; it {count_as(1)}" == (
        "1 cell contains no date; it counts as missing"
    )
    assert cells_hold(1200, "partial dates") == "1,200 cells contain partial dates"
