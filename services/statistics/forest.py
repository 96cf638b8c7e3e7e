"""The forest plot's numbers: the treatment effect within each level of each factor.

All rows of the plot are counted and fitted in one pass
(:func:`services.statistics.efron.fit_pairs`), so that a forest answers as quickly as a single
hazard ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from services import arrays
from services.arrays import FloatArray, IntArray
from services.errors import UserError
from services.names import inside
from services.statistics import (
    cox,
    distributions,
    efron,
    inputs,
    landmarks,
    proportional_hazards,
    steps,
    times,
)
from services.statistics.results import (
    Difference,
    ForestResult,
    Group,
    HazardRatio,
    NotEstimable,
    Row,
    Test,
    or_reason,
)
from services.statistics.steps import Interval, Steps
from services.statistics.times import Subjects

T = TypeVar("T")
MIN_EVENTS = 5
# Factors are stacked on each other until this many records, to bound memory.
_STACK = 2_000_000


@dataclass(frozen=True, eq=False)
class _Factor:
    """A factor as codes (n,), -1 where missing, and its levels in their order."""

    name: str
    codes: IntArray
    levels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Setting:
    """What all rows share."""

    arms: tuple[str, str]
    level: float
    min_events: int
    landmark: float | None
    ci: Interval


def _factor(name: str, column: pd.Series[Any], keep: arrays.BoolArray) -> _Factor:
    values = column.array
    if not isinstance(values, pd.Categorical):
        values = pd.Categorical(column.to_numpy())
    found, levels = values.codes, values.categories
    return _Factor(name, np.asarray(found, dtype=np.int64)[keep], tuple(str(v) for v in levels))


def _strata(frame: pd.DataFrame | None, keep: arrays.BoolArray) -> dict[str, IntArray]:
    if frame is None:
        return {}
    inputs.same_length(len(keep), strata=frame.index.to_numpy())
    return {str(c): inputs.codes_or_missing(frame[c].to_numpy()[keep]) for c in frame.columns}


def _combined(strata: Mapping[str, IntArray], without: str, n: int) -> IntArray:
    """One code per subject from all strata but one; -1 where one of them is missing."""
    code, known = np.zeros(n, dtype=np.int64), np.ones(n, dtype=bool)
    for name, column in strata.items():
        if name != without and n:
            known &= column >= 0
            code = np.unique(code * (int(column.max()) + 2) + column, return_inverse=True)[1]
    return np.where(known, code, -1)


def forest(
    time: ArrayLike,
    event: ArrayLike,
    arm: ArrayLike,
    factors: pd.DataFrame,
    *,
    arms: tuple[str, str],
    strata: pd.DataFrame | None = None,
    entry: ArrayLike | None = None,
    ci: Interval = "log-log",
    level: float = 0.95,
    min_events: int = MIN_EVENTS,
    landmark: float | None = None,
    labels: Mapping[str, str] | None = None,
) -> ForestResult:
    """Hazard ratio within every level of every factor, with an interaction test per factor.

    Each row is a Cox model of its own subjects. The interaction test is the likelihood-ratio
    test of arm x factor against arm + factor on the subjects that have the factor (R:
    ``anova(coxph(y ~ arm + f), coxph(y ~ arm * f))``), one per factor whatever its levels. A
    missing value of a factor leaves that factor's rows and test, not the others'.

    A stratum that is constant within a row has no part in it; a factor that is itself a stratum
    leaves the strata of its own rows and test, the other strata stay. A subject without a value of
    a stratum has no part in the models within it, as by R's ``strata()``; it is still counted.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    event : (n,) true for an event
    arm : (n,) name of each subject's arm; other arms are left out
    factors : n rows, one column per factor; a categorical keeps its order and empty levels
    arms : reference, arm
    strata : n rows, one column per stratification factor
    entry : (n,) entry times (left truncation)
    ci : interval of curves, from which the limits of landmark differences are made; hazard ratios
        have Wald's interval
    level : confidence level
    min_events : a row with fewer events in both arms together has no hazard ratio
    landmark : time at which survival is compared
    labels : how factors are called; their column names when left out

    Raises
    ------
    UserError : faulty data or options

    >>> f = forest([1, 3, 5, 7, 2, 4, 6, 8], [1] * 8, list("aaaabbbb"),
    ...     pd.DataFrame({"SEX": list("MMFFMMFF")}), arms=("a", "b"), min_events=2)
    >>> [(row.level, dict(row.n), row.reason) for row in f.groups[0].levels]
    [('F', {'a': 2, 'b': 2}, None), ('M', {'a': 2, 'b': 2}, None)]
    >>> f.tests, f.groups[0].interaction.df
    (1, 1)
    """
    if len(arms) != 2 or arms[0] == arms[1]:
        raise UserError("A forest compares two arms.", "Choose one arm beside the reference.")
    if landmark is not None:
        (landmark,) = landmarks.check_landmarks([landmark])
    steps.check_interval(ci)
    names = (str(arms[0]), str(arms[1]))
    setting = _Setting(names, level, min_events, landmark, ci)
    subjects = times.read(time, event, entry)
    called = np.asarray(arm)
    if called.dtype.kind not in "OUS":
        called = called.astype(str)
    inputs.same_length(subjects.n, arm=called, factors=factors.index.to_numpy())
    treated = called == names[1]
    keep = treated | (called == names[0])
    subjects, group = subjects.take(keep), treated[keep].astype(np.int64)
    columns = [_factor(str(name), factors[name], keep) for name in factors.columns]
    held = _strata(strata, keep)
    everyone = _Factor("", np.zeros(subjects.n, dtype=np.int64), ("All patients",))
    rows: list[tuple[Row, ...]] = []
    for chunk in _chunks([everyone, *columns], subjects.n):
        rows.extend(_rows(subjects, group, chunk, held, setting))
    groups = []
    tests = _interactions(subjects, group, columns, held, setting.arms)
    for factor, lines, (test, reason) in zip(columns, rows[1:], tests, strict=True):
        label = (labels or {}).get(factor.name, factor.name)
        missing = int(np.count_nonzero(factor.codes < 0))
        groups.append(Group(factor.name, label, test, lines, reason, missing))
    made = sum(g.interaction is not None for g in groups)
    overall = rows[0][0]
    constant = None
    if overall.hazard_ratio is not None:
        constant = _constancy(subjects, group, _combined(held, "", subjects.n), names)
    return ForestResult(overall, tuple(groups), made, constant)


def _constancy(
    subjects: Subjects, treated: IntArray, stratum: IntArray, names: tuple[str, str]
) -> Test | None:
    """The test of proportional hazards of all subjects that have a value of each stratum."""
    known = stratum >= 0
    if not known.all():
        subjects, treated, stratum = subjects.take(known), treated[known], stratum[known]
    make = proportional_hazards.proportional_hazards_of
    return or_reason(make, subjects, treated, strata=stratum, names=names)[0]


def _chunks(factors: Sequence[T], n: int) -> Iterator[Sequence[T]]:
    size = max(1, _STACK // max(n, 1))
    for start in range(0, len(factors), size):
        yield factors[start : start + size]


def _rows(
    subjects: Subjects,
    treated: IntArray,
    factors: Sequence[_Factor],
    strata: Mapping[str, IntArray],
    setting: _Setting,
) -> list[tuple[Row, ...]]:
    """Rows of several factors: their subjects are stacked, a segment for each level."""
    first = np.cumsum([0] + [len(f.levels) for f in factors])
    segments = int(first[-1])
    present = [np.flatnonzero(f.codes >= 0) for f in factors]
    who = np.concatenate(present)
    segment = np.concatenate(
        [f.codes[p] + start for f, p, start in zip(factors, present, first[:-1], strict=True)]
    )
    stacked, arm = subjects.take(who), treated[who]
    counts = times.count(stacked, arm, 2, segment)
    fitted, of_row = counts, counts.stratum
    cell = segment * 2 + arm
    n, d = _tally(cell, stacked.event, segments)
    n_fitted, d_fitted = n, d
    if strata:
        codes = [_combined(strata, f.name, subjects.n) for f in factors]
        width = max(int(c.max(initial=0)) for c in codes) + 1
        within = np.concatenate([c[p] for c, p in zip(codes, present, strict=True)])
        some, inside = stacked, within >= 0
        if not inside.all():
            some, arm = stacked.take(inside), arm[inside]
            segment, cell, within = segment[inside], cell[inside], within[inside]
            n_fitted, d_fitted = _tally(cell, some.event, segments)
        fitted = times.count(some, arm, 2, segment * width + within)
        of_row = fitted.stratum // width
    ratios = cox.hazard_ratios_of(
        fitted,
        of_row,
        n_fitted,
        d_fitted,
        level=setting.level,
        names=setting.arms,
        min_events=setting.min_events,
    )
    edges = np.searchsorted(counts.stratum, np.arange(segments + 1))
    parts = [counts.at(slice(*ends)) for ends in pairwise(edges)]
    curves = [(steps.steps(part, 0), steps.steps(part, 1)) for part in parts]
    changes = _changes(curves, setting)
    levels = [level for f in factors for level in f.levels]
    lines = [
        _row(levels[k], n[k].tolist(), d[k].tolist(), curves[k], ratios[k], changes[k], setting)
        for k in range(segments)
    ]
    return [tuple(lines[start:end]) for start, end in pairwise(first)]


def _tally(cell: IntArray, event: arrays.BoolArray, segments: int) -> tuple[IntArray, IntArray]:
    """Subjects and events (segments, 2) of the reference and of the arm."""
    n = np.bincount(cell, minlength=2 * segments).reshape(segments, 2)
    d = np.bincount(cell[event], minlength=2 * segments).reshape(segments, 2)
    return n, d


_Change = tuple[Difference | None, Mapping[str, float | None] | None]


def _changes(curves: Sequence[tuple[Steps, Steps]], setting: _Setting) -> list[_Change]:
    """Difference of each pair of curves at the landmark, and survival there by arm."""
    at = setting.landmark
    if at is None:
        return [(None, None)] * len(curves)
    points = [(landmarks.point_at(a, at), landmarks.point_at(b, at)) for a, b in curves]
    found = landmarks.differences([(b, a) for a, b in points], setting.level, setting.ci)
    told = (dict(zip(setting.arms, (a.known, b.known), strict=True)) for a, b in points)
    return list(zip(found, told, strict=True))


def _row(
    level: str,
    n: Sequence[int],
    d: Sequence[int],
    curves: tuple[Steps, Steps],
    ratio: tuple[HazardRatio | None, str | None],
    change: _Change,
    setting: _Setting,
) -> Row:
    medians = [steps.crossing(s.time, s.survival, 0.5) for s in curves]
    patients, events = (dict(zip(setting.arms, pair, strict=True)) for pair in (n, d))
    median = dict(zip(setting.arms, medians, strict=True))
    return Row(level, patients, events, median, *ratio, *change)


def _interactions(
    subjects: Subjects,
    treated: IntArray,
    factors: Sequence[_Factor],
    strata: Mapping[str, IntArray],
    arms: tuple[str, str],
) -> list[tuple[Test | None, str | None]]:
    """Likelihood-ratio tests of arm x factor, or why there is none; all fitted at once."""
    found: list[tuple[Test | None, str | None]] = [(None, "fewer than two levels")] * len(factors)
    sized: dict[int, list[tuple[int, FloatArray, IntArray]]] = {}
    for place, factor in enumerate(factors):
        made, reason = or_reason(_cells, subjects, treated, factor, strata, arms)
        if made is None:
            found[place] = (None, reason)
        else:
            # The sets of a batch are filled to the largest, so they are to be alike in size.
            sized.setdefault((len(made[1]) // 10).bit_length(), []).append((place, *made))
    for batch in sized.values():
        largest = max(at_risk.size for _, at_risk, _ in batch)
        for some in _chunks(batch, 2 * largest):
            places, *sets = zip(*some, strict=True)
            for place, test in zip(places, _tests(*sets), strict=True):
                found[place] = test
    return found


def _cells(
    subjects: Subjects,
    treated: IntArray,
    factor: _Factor,
    strata: Mapping[str, IntArray],
    arms: tuple[str, str],
) -> tuple[FloatArray, IntArray]:
    """Those at risk (cells, rows) and deaths of each (level, arm) that occurs.

    ``NotEstimable`` says why a factor has no test.
    """
    present = factor.codes >= 0
    stratum = _combined(strata, factor.name, subjects.n)
    present &= stratum >= 0
    used, level = np.unique(factor.codes[present], return_inverse=True)
    if len(used) < 2:
        raise NotEstimable("fewer than two levels")
    cell = level * 2 + treated[present]
    within = stratum[present] if strata else None
    counts = times.count(subjects.take(present), cell, 2 * len(used), within)
    deaths = counts.events.sum(axis=1)
    for side, name in enumerate(arms):
        if not deaths[side::2].any():
            raise NotEstimable(inside(name, "0 events"))
    return efron.rows(counts.at(counts.events.sum(axis=0) > 0)).at_risk, deaths


def _tests(
    sets: Sequence[FloatArray], died: Sequence[IntArray]
) -> list[tuple[Test | None, str | None]]:
    """The tests of several factors; what :func:`_cells` gives of each is filled to one size."""
    cells, rows = (max(s.shape[axis] for s in sets) for axis in (0, 1))
    at_risk = np.zeros((len(sets), cells, rows))
    deaths = np.zeros((len(sets), cells), dtype=np.int64)
    for k, (one, d) in enumerate(zip(sets, died, strict=True)):
        at_risk[k, : len(d), : one.shape[1]] = one
        deaths[k, : len(d)] = d
    both = np.concatenate((at_risk, at_risk))
    rank = efron.ranks_of(both, _designs(at_risk.max(axis=2) > 0))
    # Without deaths a cell's hazard (a level's, in the smaller model) is 0 at the maximum: left
    # out, the likelihood is at its limit at once instead of after many steps toward it.
    full = deaths > 0
    main = np.repeat(full[:, ::2] | full[:, 1::2], 2, axis=1)
    both *= np.concatenate((main, full))[:, :, None]
    fits = efron.fit_cells(both, np.concatenate((deaths, deaths)), _designs(full))
    smaller, larger = np.split(fits.log_likelihood, 2)
    made: list[tuple[Test | None, str | None]] = []
    for df, gain in zip(np.subtract(*np.split(rank, 2)[::-1]), larger - smaller, strict=True):
        chi2 = max(0.0, 2 * float(gain))
        test = Test(chi2, int(df), distributions.chi2_p(chi2, int(df)), "interaction")
        made.append((test, None) if df > 0 else (None, "no two levels hold both arms"))
    return made


def _designs(occurs: arrays.BoolArray) -> FloatArray:
    """Cells by coefficients of arm + factor of each set, then those of arm x factor.

    Parameters
    ----------
    occurs : (sets, cells) whether a cell (level, arm) has a part in the model
    """
    sets, cells = occurs.shape
    level = occurs[:, ::2] | occurs[:, 1::2]
    made = np.zeros((2, sets, cells, cells))
    # The first of those that occur is the reference.
    made[1] = np.eye(cells) * (occurs & (np.cumsum(occurs, axis=1) > 1))[:, None, :]
    dummies = np.eye(cells // 2) * (level & (np.cumsum(level, axis=1) > 1))[:, None, :]
    made[0, :, :, : cells // 2] = np.repeat(dummies, 2, axis=1)
    made[0, :, 1::2, -1] = 1.0
    return made.reshape(2 * sets, cells, cells)
