"""Risk models of smoldering multiple myeloma, from what is measured at diagnosis.

Each model is one entry of ``models.toml``; ``reading`` adds its groups to a study that has the
inputs. What a missing input could add to the points decides whether the group is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from services import lists
from services.checked import adapter
from services.evidence.load import evidence
from services.risk.rules import YES_OR_NO, Factor, aquila, grouped

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


def has_input(subjects: pd.DataFrame, name: str) -> bool:
    """Whether a study has usable values of an input."""
    if name not in subjects:
        return False
    values = subjects[name]
    if name in _TEXTS:
        return bool((values.notna() & (values.astype(object) != "")).any())
    return values.dtype == np.float64 and bool(values.notna().any())


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
