"""Risk models of smoldering multiple myeloma, from what is measured at diagnosis.

Each model is one entry of ``models.toml``; ``reading`` adds its groups to a study that has the
inputs. What a missing input could add to the points decides whether the group is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from services import lists
from services.arrays import BoolArray
from services.checked import adapter
from services.evidence.load import evidence
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


# What a column must hold for the models to use it.
INPUTS: Mapping[str, str] = {
    "BMPC": "marrow plasma cells, %",
    "MPROT": "serum M-protein, g/dL",
    "FLCR": "involved/uninvolved free light chain ratio",
    "CYTOGEN": "cytogenetic risk, high or standard",
    "IMPARES": "immunoparesis, Y or N",
    "ABERPC": "aberrant among marrow plasma cells by flow cytometry, %",
    "ISOTYPE": "heavy chain of the M-protein",
    "NIMPARES": "number of reduced uninvolved immunoglobulins",
}
_TEXTS = frozenset({*YES_OR_NO, "ISOTYPE"})


@dataclass(frozen=True)
class Published:
    """Patients progressed by ``years``, in percent, as published for one level."""

    years: float
    percent: float
    source: str


@dataclass(frozen=True)
class RiskModel:
    """A published model: an entry of ``models.toml``, which says what its fields are.

    ``inputs`` are the columns it takes, in the order of the values that the methods take: Series
    of one index, NaN where not measured. ``id`` is the column it makes.
    """

    id: str
    title: str
    citation: str
    rule: str
    levels: tuple[str, ...]
    grades: tuple[tuple[int, ...], ...]
    inputs: tuple[str, ...]
    factors: Mapping[str, Factor]
    starts: tuple[int, ...] = ()
    doi: str = ""
    caveat: str = ""

    def points(self, *values: Any) -> list[pd.Series[Any]]:
        """The points of each factor, NaN where its input is missing; none if it is no sum."""
        counted = zip(self.factors.items(), values, strict=False)
        return [factor.points_of(column, series) for (column, factor), series in counted]

    def groups(self, *values: Any) -> pd.Series[Any]:
        """The level of each patient; NaN where the missing inputs could change it.

        >>> three = pd.Series([20.0, 30.0]), pd.Series([2.0, 2.5]), pd.Series([20.0, None])
        >>> model("MAYO2018").groups(*three).tolist()
        ['Low', 'High']
        """
        if not self.factors:
            return aquila(*values)  # the one model that is no sum
        most = [factor.points[-1] for factor in self.factors.values()]
        return grouped(self.points(*values), most, self.starts, self.levels)

    @property
    def published(self) -> Mapping[str, Published]:
        """Progression of untreated patients by level, as ``data/evidence`` gives it."""
        return _published(self.id)

    @property
    def reference(self) -> str:
        """Citation with its DOI, where one was read."""
        return f"{self.citation}, doi:{self.doi}" if self.doi else self.citation


@cache
def _published(model_id: str) -> Mapping[str, Published]:
    """Per level the percent progressed at the first horizon that all groups have."""
    found = next((m for m in evidence().risk_models if m.code == model_id), None)
    if found is None or not found.groups:
        return {}
    horizons = [{p.years for p in group.progression} for group in found.groups]
    shared = sorted(set.intersection(*horizons))
    result = {}
    for group in found.groups:
        for progression in group.progression:
            if shared and progression.years == shared[0]:
                named = [found.source(s) for s in progression.sources if s != found.citation]
                words = "abstract of the paper"
                if progression.verification != "primary" and named:
                    words = f"as restated by {named[0].label or named[0].title}"
                result[group.name] = Published(progression.years, progression.percent, words)
    return result


MODELS: tuple[RiskModel, ...] = tuple(
    adapter(RiskModel).validate_python(
        {"id": name, "inputs": [*said.get("factors", ())], "factors": {}} | said
    )
    for name, said in lists.beside(__file__).items()
)


def model(model_id: str) -> RiskModel:
    """The model of that id; KeyError if there is none."""
    return {one.id: one for one in MODELS}[model_id]


def usable(subjects: pd.DataFrame, name: str) -> BoolArray:
    """Which patients (n,) have a usable value of an input."""
    if name not in subjects:
        return np.zeros(len(subjects), dtype=bool)
    values = subjects[name]
    known: BoolArray = values.notna().to_numpy(dtype=bool)
    if name in _TEXTS:
        return known & (values.astype(object) != "").to_numpy(dtype=bool)
    return known & (values.dtype == np.float64)


def has_input(subjects: pd.DataFrame, name: str) -> bool:
    """Whether a study has usable values of an input."""
    return bool(usable(subjects, name).any())


def used(found: RiskModel, subjects: pd.DataFrame) -> tuple[str, ...]:
    """The inputs of a model that a study has."""
    return tuple(name for name in found.inputs if has_input(subjects, name))


def groups(found: RiskModel, subjects: pd.DataFrame) -> pd.Series[Any]:
    """Each patient's level, NaN where it cannot be told; an input not there is missing in all.

    Parameters
    ----------
    subjects : one row per patient

    >>> one = pd.DataFrame({"BMPC": [21.0], "MPROT": [2.5]})
    >>> groups(model("MAYO2018"), one).tolist(), used(model("MAYO2018"), one)
    (['High'], ('BMPC', 'MPROT'))
    """
    there = used(found, subjects)
    nothing = pd.Series(np.nan, index=subjects.index, dtype=float)
    return found.groups(*(subjects[c] if c in there else nothing for c in found.inputs))
