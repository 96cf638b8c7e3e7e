"""The rules of the published risk models: measurements in, points and levels out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from services.values.flags import yes_or_no

YES_OR_NO = ("CYTOGEN", "IMPARES")


def _numbers(values: Any) -> pd.Series[Any]:
    return pd.Series(values).astype(float)


def _factor(values: pd.Series[Any], met: Any) -> pd.Series[Any]:
    """1 where a factor is met, 0 where not, NaN where its input is missing."""
    found: pd.Series[Any] = met.astype(float).where(values.notna(), np.nan)
    return found


def grouped(
    points: Sequence[pd.Series[Any]],
    most: Sequence[int],
    starts: Sequence[int],
    levels: Sequence[str],
) -> pd.Series[Any]:
    """Levels by sum of points; NaN where missing inputs could change the level.

    Parameters
    ----------
    points : per factor, NaN where missing
    most : the most points each factor can give
    starts : fewest points of each level, ascending; fewer than the first have no level
    """
    least = np.sum([p.fillna(0.0).to_numpy() for p in points], axis=0)
    top = np.sum([p.fillna(float(m)).to_numpy() for p, m in zip(points, most, strict=True)], axis=0)
    low = np.searchsorted(np.asarray(starts), least, side="right")
    high = np.searchsorted(np.asarray(starts), top, side="right")
    names = np.array([np.nan, *levels], dtype=object)[low]
    return pd.Series(names, index=points[0].index, dtype=object).where(low == high, np.nan)


def involved_ratio(values: Any) -> pd.Series[Any]:
    """The free light chain ratio as involved over uninvolved chain, which is 1 or more.

    Mayo 2008 was published for kappa/lambda, 0.125 or below or 8 or above (Blood 2008;111:785);
    the later models for involved/uninvolved (doi:10.1038/s41408-018-0077-4). A ratio below 1 is
    kappa/lambda of a patient with more lambda, and counts in every model by its inverse, as
    0.125 and 8 are one. Where neither chain is in excess nothing changes: down to the lower
    normal limit of 0.26 (Clin Chem 2002;48:1437) the inverse is below every cut-off.

    Parameters
    ----------
    values : ratios, either way round; 0 or less is none that a laboratory can give (a chain below
        what it measures, or none measured): not known, as a blank is

    >>> involved_ratio([33.0, 0.125, 0.8, None, 0.0]).tolist()
    [33.0, 8.0, 1.25, nan, nan]
    """
    ratio = _numbers(values)
    ratio = ratio.where(ratio > 0)
    below = (ratio > 0) & (ratio < 1)
    found: pd.Series[Any] = ratio.where(~below, 1 / ratio.where(below, 1.0))
    return found


@dataclass(frozen=True)
class Factor:
    """What an input counts: ``points[i]`` above ``above[i]`` or from ``at_least[i]`` on.

    Of an input of yes or no, ``points[0]`` for yes.
    """

    points: Sequence[int]
    above: Sequence[float] = ()
    at_least: Sequence[float] = ()

    def points_of(self, column: str, values: Any) -> pd.Series[Any]:
        """The points of a column's values; NaN where they are missing."""
        if column in YES_OR_NO:
            answers: pd.Series[Any] = yes_or_no(values, column) * self.points[0]
            return answers
        numbers = involved_ratio(values) if column == "FLCR" else _numbers(values)
        side: Literal["left", "right"] = "left" if self.above else "right"
        place = np.searchsorted(np.asarray(self.above or self.at_least), numbers, side=side)
        found = np.array([0, *self.points, np.nan])[np.minimum(place, len(self.points))]
        return pd.Series(found, index=numbers.index).where(numbers.notna(), np.nan)


def aquila(
    marrow_plasma_cells: Any,
    m_protein: Any,
    flc_ratio: Any,
    isotype: Any,
    immunoparesis: Any,
    isotypes_reduced: Any,
) -> pd.Series[Any]:
    """AQUILA's entry criteria: marrow >= 10 % and at least one further factor.

    These are IgA; M-protein >= 3 g/dL; FLC ratio >= 8 and < 100; two uninvolved immunoglobulins
    reduced; marrow > 50 and < 60 %. Without immunoparesis none is reduced.

    >>> values = [10.0, 1.0, 8.0, "IgG", "N", None]
    >>> aquila(*(pd.Series([v]) for v in values)).tolist()
    ['Meets']
    """
    marrow, protein = _numbers(marrow_plasma_cells), _numbers(m_protein)
    ratio = involved_ratio(flc_ratio)
    heavy = pd.Series(isotype).astype(object)
    chain = heavy.map(lambda v: "" if pd.isna(v) else str(v).strip().upper())
    reduced = _numbers(isotypes_reduced)
    none = yes_or_no(immunoparesis, "IMPARES") == 0
    reduced = reduced.where(reduced.notna() | ~none, 0.0)
    further = [
        (chain == "IGA").astype(float).where(chain != "", np.nan),
        _factor(protein, protein >= 3),
        _factor(ratio, (ratio >= 8) & (ratio < 100)),
        _factor(reduced, reduced >= 2),
        _factor(marrow, (marrow > 50) & (marrow < 60)),
    ]
    first = _factor(marrow, marrow >= 10)
    low = np.minimum(first.fillna(0), np.max([f.fillna(0.0) for f in further], axis=0))
    high = np.minimum(first.fillna(1), np.max([f.fillna(1.0) for f in further], axis=0))
    return grouped([low.where(low == high, np.nan)], (1,), (0, 1), ("Does not meet", "Meets"))
