"""Rows from state to state, read off by hand."""

from __future__ import annotations

import numpy as np
import pytest

from services.errors import UserError
from services.statistics.states.rows import rows_of

NAN = float("nan")


def stays(entered, end, entry=None):
    rows = rows_of(entered, end, entry)
    columns = (rows.subject, rows.start, rows.stop, rows.state, rows.to)
    return [tuple(float(v) for v in row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize(
    ("entered", "end", "expected"),
    [
        # On one day the later state counts.
        ([3, 3, 3], 3, [(0, -1, 3, 0, 3)]),
        ([3, 3, NAN], 5, [(0, -1, 3, 0, 2), (0, 3, 5, 2, -1)]),
        # Nobody goes back: progression on treatment is no new state.
        ([5, 2, NAN], 8, [(0, -1, 2, 0, 2), (0, 2, 8, 2, -1)]),
        # Seen no more on the day of a move: the move is known, nothing after it.
        ([4, NAN, NAN], 4, [(0, -1, 4, 0, 1)]),
        # At time 0.
        ([0, 2, NAN], 3, [(0, -1, 0, 0, 1), (0, 0, 2, 1, 2), (0, 2, 3, 2, -1)]),
    ],
)
def test_one_patient(entered, end, expected):
    assert stays([entered], [end]) == expected


def test_the_state_at_entry_counts():
    assert stays([[2, NAN]], [6], [3]) == [(0, 3, 6, 1, -1)]


def test_times_that_differ_by_rounding_are_one_day():
    assert len(stays([[0.1 + 0.2, 0.3]], [1])) == 1


def test_some_subjects_are_counted_anew():
    rows = rows_of([[1, NAN], [2, 3], [NAN, 2]], [4, 3, 2]).of(np.array([False, True, True]))
    assert (rows.n, rows.subject.tolist()) == (2, [0, 0, 1])


@pytest.mark.parametrize(
    ("entered", "end", "entry", "said"),
    [
        ([[-1]], [2], None, "negative"),
        ([[1]], [NAN], None, "missing"),
        ([[1]], [2], [2], "not before the end"),
        ([[1]], [3], [2], "in the last state before they enter"),
    ],
)
def test_faulty_times_name_their_row(entered, end, entry, said):
    with pytest.raises(UserError, match=said):
        rows_of(entered, end, entry)
