"""The rules of the published risk models: measurements in, levels out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from services.values.flags import yes_or_no


def _numbers(values: Any) -> pd.Series[Any]:
    return pd.Series(values).astype(float)


def _factor(values: pd.Series[Any], met: Any) -> pd.Series[Any]:
    """1 where a factor is met, 0 where not, NaN where its input is missing."""
    found: pd.Series[Any] = met.astype(float).where(values.notna(), np.nan)
    return found


def _steps(
    values: pd.Series[Any], limits: Sequence[float], points: Sequence[int]
) -> pd.Series[Any]:
    """Points of a value: ``points[i]`` above ``limits[i]``; the limits themselves are below."""
    place = np.searchsorted(np.asarray(limits), values.to_numpy(), side="left")
    found = np.array([0, *points], dtype=float)[np.minimum(place, len(points))]
    return pd.Series(found, index=values.index).where(values.notna(), np.nan)


def _grouped(
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


MAYO2018_LEVELS = ("Low", "Intermediate", "High")
_THREE_GRADES = ((0,), (1,), (2,))
FOUR_LEVELS = ("Low", "Low-intermediate", "Intermediate", "High")
SCORE_LEVELS = ("Low", "Low-intermediate", "High-intermediate", "High")
_FOUR_GRADES = ((0,), (1,), (1,), (2,))
AQUILA_LEVELS = ("Does not meet", "Meets")


def _over_20_2_20(marrow: Any, protein: Any, ratio: Any) -> list[pd.Series[Any]]:
    inputs = [_numbers(marrow), _numbers(protein), involved_ratio(ratio)]
    return [_factor(v, v > limit) for v, limit in zip(inputs, (20.0, 2.0, 20.0), strict=True)]


def mayo2018(marrow_plasma_cells: Any, m_protein: Any, flc_ratio: Any) -> Any:
    """Mayo 2018 ("20/2/20") risk group.

    One point each for marrow plasma cells > 20 %, M-protein > 2 g/dL and involved/uninvolved
    free light chain ratio > 20; 0 points are low, 1 intermediate, 2 or 3 high risk
    (doi:10.1038/s41408-018-0077-4). The limits themselves score nothing.

    Parameters
    ----------
    marrow_plasma_cells : %, m_protein : g/dL, flc_ratio : involved to uninvolved; Series of one
        index, NaN where not measured

    Returns
    -------
    Series of "Low", "Intermediate", "High"; NaN where the missing inputs could change the group

    Examples
    --------
    >>> mayo2018(pd.Series([20.0, 30.0]), pd.Series([2.0, 2.5]), pd.Series([20.0, None])).tolist()
    ['Low', 'High']
    """
    factors = _over_20_2_20(marrow_plasma_cells, m_protein, flc_ratio)
    return _grouped(factors, (1, 1, 1), (0, 1, 2), MAYO2018_LEVELS)


def mayo2008(marrow_plasma_cells: Any, m_protein: Any, flc_ratio: Any) -> Any:
    """Mayo 2008 risk group: marrow >= 10 %, M-protein >= 3 g/dL, FLC ratio <= 0.125 or >= 8.

    One factor is low, two intermediate, three high risk; with none the model has no group
    (Blood 2008;111:785). The published ratio is kappa/lambda; an involved/uninvolved ratio of
    8 or more is the same (:func:`involved_ratio`). Parameters and result as :func:`mayo2018`.

    >>> mayo2008(pd.Series([10.0]), pd.Series([3.0]), pd.Series([8.0])).tolist()
    ['High']
    """
    factors = _from_10_3_8(marrow_plasma_cells, m_protein, flc_ratio)
    return _grouped(factors, (1, 1, 1), (1, 2, 3), MAYO2018_LEVELS)


def _from_10_3_8(marrow: Any, protein: Any, ratio: Any) -> list[pd.Series[Any]]:
    inputs = [_numbers(marrow), _numbers(protein), involved_ratio(ratio)]
    return [_factor(v, v >= limit) for v, limit in zip(inputs, (10.0, 3.0, 8.0), strict=True)]


def imwg2020_cytogenetics(
    marrow_plasma_cells: Any, m_protein: Any, flc_ratio: Any, cytogenetics: Any
) -> Any:
    """IMWG 2020 with cytogenetics: the factors of :func:`mayo2018` and high-risk cytogenetics.

    0 factors are low, 1 low-intermediate, 2 intermediate, 3 or 4 high risk
    (doi:10.1038/s41408-020-00366-3). ``cytogenetics`` is "High risk"/"Y" or "Standard risk"/"N".
    """
    factors = _with_cytogenetics(marrow_plasma_cells, m_protein, flc_ratio, cytogenetics)
    return _grouped(factors, (1, 1, 1, 1), (0, 1, 2, 3), FOUR_LEVELS)


def _with_cytogenetics(
    marrow: Any, protein: Any, ratio: Any, cytogenetics: Any
) -> list[pd.Series[Any]]:
    return [*_over_20_2_20(marrow, protein, ratio), yes_or_no(cytogenetics, "CYTOGEN")]


def imwg2020_score(
    marrow_plasma_cells: Any, m_protein: Any, flc_ratio: Any, cytogenetics: Any
) -> Any:
    """IMWG 2020 point score, 0 to 17 points.

    FLC ratio > 10: 2, > 25: 3, > 40: 5; M-protein > 1.5 g/dL: 3, > 3: 4; marrow > 15 %: 2,
    > 20: 3, > 30: 5, > 40: 6; high-risk cytogenetics: 2. Up to 4 points are low, 5 to 8
    low-intermediate, 9 to 12 high-intermediate, more high risk.

    >>> one = [pd.Series([v]) for v in (20.0, 3.0, 25.0, "N")]
    >>> imwg2020_score(*one).tolist()  # 2 + 3 + 2 points
    ['Low-intermediate']
    """
    points = _score_points(marrow_plasma_cells, m_protein, flc_ratio, cytogenetics)
    return _grouped(points, (6, 4, 5, 2), (0, 5, 9, 13), SCORE_LEVELS)


def _score_points(marrow: Any, protein: Any, ratio: Any, cytogenetics: Any) -> list[pd.Series[Any]]:
    return [
        _steps(_numbers(marrow), (15, 20, 30, 40), (2, 3, 5, 6)),
        _steps(_numbers(protein), (1.5, 3), (3, 4)),
        _steps(involved_ratio(ratio), (10, 25, 40), (2, 3, 5)),
        yes_or_no(cytogenetics, "CYTOGEN") * 2,
    ]


def pethema(aberrant_plasma_cells: Any, immunoparesis: Any) -> Any:
    """PETHEMA risk group: >= 95 % aberrant plasma cells, and immunoparesis.

    None is low, one intermediate, both high risk (Blood 2007;110:2586).
    """
    factors = _pethema_points(aberrant_plasma_cells, immunoparesis)
    return _grouped(factors, (1, 1), (0, 1, 2), MAYO2018_LEVELS)


def _pethema_points(aberrant_plasma_cells: Any, immunoparesis: Any) -> list[pd.Series[Any]]:
    aberrant = _numbers(aberrant_plasma_cells)
    return [_factor(aberrant, aberrant >= 95), yes_or_no(immunoparesis, "IMPARES")]


def aquila(
    marrow_plasma_cells: Any,
    m_protein: Any,
    flc_ratio: Any,
    isotype: Any,
    immunoparesis: Any,
    isotypes_reduced: Any,
) -> Any:
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
    return _grouped([low.where(low == high, np.nan)], (1,), (0, 1), AQUILA_LEVELS)
