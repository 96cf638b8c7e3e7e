"""Checking, aligning and counting times."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from services.errors import UserError
from services.statistics import distributions, times


def distinct(values):
    return np.unique(times.read(values, np.ones(len(values))).time)


def test_times_that_differ_by_rounding_are_one_time_as_in_r():
    assert len(distinct([0.1 + 0.2, 0.3, 0.7, 0.1 + 0.6])) == 2


def test_times_that_differ_by_more_than_rounding_stay_apart():
    assert len(distinct([1.0, 1.0 + 1e-6, 2.0])) == 3


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_what_is_one_time_does_not_depend_on_the_scale(scale):
    assert len(distinct(np.array([0.1 + 0.2, 0.3, 0.4]) * scale)) == 2


def test_entry_times_are_compared_with_times():
    read = times.read([0.5, 0.1 + 0.2], [1, 1], entry=[0.3, 0.0])
    assert read.entry_index[0] == read.index[1]


@pytest.mark.parametrize(
    ("bad", "what"), [(np.nan, "missing"), (-1.0, "negative"), (np.inf, "infinite")]
)
def test_bad_times_are_counted_and_their_rows_named(bad, what):
    with pytest.raises(UserError) as error:
        times.read([1.0, bad, 2.0, bad], [1, 1, 0, 0])
    assert error.value.message == f"2 of 4 times are {what} (rows 2, 4)."
    assert error.value.hint


def test_every_kind_of_bad_time_is_told_at_once():
    with pytest.raises(UserError) as error:
        times.read([np.nan, -1.0, np.inf, 1.0], [1, 1, 0, 0])
    assert len(error.value.details) == 3


def test_many_bad_rows_are_shortened():
    with pytest.raises(UserError, match=r"9 of 9 times are negative \(rows 1, 2, 3, 4, 5, …\)"):
        times.read([-1.0] * 9, [1] * 9)


def test_entry_must_be_before_the_time():
    with pytest.raises(UserError, match=r"1 of 2 entry times is not before .*\(row 1\)"):
        times.read([3, 4], [1, 0], [3, 1])


@pytest.mark.parametrize("truncated", [False, True])
def test_counts_against_their_definition(truncated):
    rng = np.random.default_rng(1)
    n = 60
    entry = rng.integers(0, 6, n) if truncated else None
    time = (0 if entry is None else entry) + rng.integers(1, 6, n)
    event, group, strata = rng.random(n) < 0.5, rng.integers(0, 3, n), rng.integers(0, 2, n)
    counts = times.count(times.read(time, event, entry), group, 3, strata)
    for row in range(len(counts.time)):
        t = counts.time[row]
        for g in range(3):
            own = (group == g) & (strata == counts.stratum[row])
            at_risk = own & (time >= t) & (True if entry is None else entry < t)
            assert counts.at_risk[g, row] == at_risk.sum()
            assert counts.events[g, row] == (own & (time == t) & event).sum()
            assert counts.censored[g, row] == (own & (time == t) & ~event).sum()


def test_counts_are_the_same_by_table_and_by_sort():
    # Far-apart stratum codes make the table too long, so rows are found by sorting.
    subjects = times.read([1, 2, 3, 1, 2], [1, 1, 0, 0, 1])
    near = times.count(subjects, strata=np.array([0, 0, 0, 1, 1]))
    far = times.count(subjects, strata=np.array([0, 0, 0, 10**6, 10**6]))
    assert_array_equal(near.at_risk, far.at_risk)
    assert_array_equal(near.time, far.time)


def test_normal_quantile_refuses_an_impossible_level():
    with pytest.raises(UserError, match=r"level 95"):
        distributions.quantile_z(95)


@pytest.mark.parametrize(
    ("last", "time", "said"),
    [
        (75.26899, 200, "follow-up ends at 75.3, before 200"),
        (35.96, 36, "follow-up ends at 35.96, before 36"),
        (12345.6, 20000, "follow-up ends at 12345.6, before 20000"),
        (0.0, 1, "follow-up ends at 0, before 1"),
    ],
)
def test_the_end_of_follow_up_is_rounded_no_further_than_it_stays_before(last, time, said):
    assert times.ends_before(last, time) == said
