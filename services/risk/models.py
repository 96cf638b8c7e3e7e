"""Risk models of smoldering multiple myeloma, from what is measured at diagnosis.

Each model is one entry of ``MODELS``; ``reading`` adds its groups to a study that has the inputs.
A model is told as points: what a missing input could add decides whether the group is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from services.evidence.load import evidence
from services.risk.rules import (
    _FOUR_GRADES,
    _THREE_GRADES,
    AQUILA_LEVELS,
    FOUR_LEVELS,
    MAYO2018_LEVELS,
    SCORE_LEVELS,
    _from_10_3_8,
    _over_20_2_20,
    _pethema_points,
    _score_points,
    _with_cytogenetics,
    aquila,
    imwg2020_cytogenetics,
    imwg2020_score,
    mayo2008,
    mayo2018,
    pethema,
)

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
YES_OR_NO = ("CYTOGEN", "IMPARES")
_TEXTS = frozenset({*YES_OR_NO, "ISOTYPE"})


@dataclass(frozen=True)
class Published:
    """Patients progressed by ``years``, in percent, as published for one level."""

    years: float
    percent: float
    source: str


@dataclass(frozen=True)
class RiskModel:
    """A published model.

    Attributes
    ----------
    id : name of the column it makes
    inputs : argument of ``function`` -> ADSL column it is taken from
    levels : from low to high risk
    grades : per level, the grades it stands for when models are compared: 0 low, 1 intermediate,
        2 high
    rule : the model in one sentence
    function : Series in, Series of ``levels`` (object, NaN where it cannot be told) out
    counted, points : the columns that are counted, and their points: the arguments of
        ``function`` in, a Series per column out; none where the rule is no sum
    caveat : what a reader should know of the rule as it is applied here
    """

    id: str
    title: str
    citation: str
    doi: str
    inputs: Mapping[str, str]
    levels: tuple[str, ...]
    grades: tuple[tuple[int, ...], ...]
    rule: str
    function: Callable[..., Any]
    counted: tuple[str, ...] = ()
    points: Callable[..., list[pd.Series[Any]]] | None = None
    caveat: str = ""

    @property
    def published(self) -> Mapping[str, Published]:
        """Progression of untreated patients by level, as ``data/evidence`` gives it."""
        return _published(self.id)

    @property
    def reference(self) -> str:
        """Citation with its DOI, where one was read."""
        return f"{self.citation}, doi:{self.doi}" if self.doi else self.citation


@dataclass(frozen=True, eq=False)
class Assessment:
    """A model applied to a study's patients.

    ``levels`` has one entry per patient, NaN where the group cannot be told; ``used`` and
    ``absent`` are the input columns the study has and lacks.
    """

    model: RiskModel
    levels: pd.Series[Any]
    used: tuple[str, ...]
    absent: tuple[str, ...]


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


MAYO2018_CITATION = (
    "Lakshman A, Rajkumar SV, Buadi FK, et al. Risk stratification of smoldering multiple myeloma "
    "incorporating revised IMWG diagnostic criteria. Blood Cancer J 2018;8:59"
)
MAYO2018_DOI = "10.1038/s41408-018-0077-4"

_BIOMARKERS = {"marrow_plasma_cells": "BMPC", "m_protein": "MPROT", "flc_ratio": "FLCR"}
_IMWG_CITATION = (
    "Mateos MV, Kumar S, Dimopoulos MA, et al. International Myeloma Working Group risk "
    "stratification model for smoldering multiple myeloma (SMM). Blood Cancer J 2020;10:102"
)
_IMWG_DOI = "10.1038/s41408-020-00366-3"
_CYTOGENETICS = (
    "The model counts t(4;14), t(14;16), gain of 1q and deletion of 13q; here it takes the study's"
    " own cytogenetic risk."
)

_THREE = ("BMPC", "MPROT", "FLCR")

MODELS: tuple[RiskModel, ...] = (
    RiskModel(
        id="MAYO2018",
        title="Mayo 2018 risk",
        citation=MAYO2018_CITATION,
        doi=MAYO2018_DOI,
        inputs=_BIOMARKERS,
        levels=MAYO2018_LEVELS,
        grades=_THREE_GRADES,
        rule="one point each for marrow plasma cells > 20%, M-protein > 2 g/dL, FLC ratio > 20; "
        "0 points low, 1 intermediate, 2 or 3 high",
        function=mayo2018,
        counted=_THREE,
        points=_over_20_2_20,
    ),
    RiskModel(
        id="IMWG2020C",
        title="IMWG 2020 risk with cytogenetics",
        citation=_IMWG_CITATION,
        doi=_IMWG_DOI,
        inputs=_BIOMARKERS | {"cytogenetics": "CYTOGEN"},
        levels=FOUR_LEVELS,
        grades=_FOUR_GRADES,
        rule="one point each for marrow plasma cells > 20%, M-protein > 2 g/dL, FLC ratio > 20 and "
        "high-risk cytogenetics; 0 points low, 1 low-intermediate, 2 intermediate, 3 or 4 high",
        function=imwg2020_cytogenetics,
        counted=(*_THREE, "CYTOGEN"),
        points=_with_cytogenetics,
        caveat=_CYTOGENETICS,
    ),
    RiskModel(
        id="IMWG2020S",
        title="IMWG 2020 point score",
        citation=_IMWG_CITATION,
        doi=_IMWG_DOI,
        inputs=_BIOMARKERS | {"cytogenetics": "CYTOGEN"},
        levels=SCORE_LEVELS,
        grades=_FOUR_GRADES,
        rule="FLC ratio > 10, 25, 40: 2, 3, 5 points; M-protein > 1.5, 3 g/dL: 3, 4; marrow plasma "
        "cells > 15, 20, 30, 40%: 2, 3, 5, 6; high-risk cytogenetics 2; 0 to 4 points low, 5 to 8 "
        "low-intermediate, 9 to 12 high-intermediate, more high",
        function=imwg2020_score,
        counted=(*_THREE, "CYTOGEN"),
        points=_score_points,
        caveat="Points as printed in a review (Rajkumar 2022), ranges written without gaps. "
        + _CYTOGENETICS,
    ),
    RiskModel(
        id="IMWG2020",
        title="IMWG 2020 risk",
        citation=_IMWG_CITATION,
        doi=_IMWG_DOI,
        inputs=_BIOMARKERS,
        levels=MAYO2018_LEVELS,
        grades=_THREE_GRADES,
        rule="one point each for M-protein > 2 g/dL, FLC ratio > 20, marrow plasma cells > 20%; "
        "0 points low, 1 intermediate, 2 or 3 high",
        function=mayo2018,
        counted=_THREE,
        points=_over_20_2_20,
        caveat="The same rule as Mayo 2018, validated in 1996 other patients.",
    ),
    RiskModel(
        id="MAYO2008",
        title="Mayo 2008 risk",
        citation="Dispenzieri A, Kyle RA, Katzmann JA, et al. Immunoglobulin free light chain ratio"
        " is an independent risk factor for progression of smoldering (asymptomatic) multiple"
        " myeloma. Blood 2008;111:785",
        doi="",
        inputs=_BIOMARKERS,
        levels=MAYO2018_LEVELS,
        grades=_THREE_GRADES,
        rule="one point each for marrow plasma cells >= 10%, M-protein >= 3 g/dL, FLC ratio >= 8 "
        "(kappa/lambda <= 0.125 or >= 8); 1 point low, 2 intermediate, 3 high",
        function=mayo2008,
        counted=_THREE,
        points=_from_10_3_8,
        caveat="Patients with no point have no group in this model.",
    ),
    RiskModel(
        id="PETHEMA",
        title="PETHEMA risk",
        citation="Pérez-Persona E, Vidriales MB, Mateo G, et al. New criteria to identify risk of"
        " progression in monoclonal gammopathy of uncertain significance and smoldering multiple"
        " myeloma based on multiparameter flow cytometry analysis of bone marrow plasma cells."
        " Blood 2007;110:2586",
        doi="",
        inputs={"aberrant_plasma_cells": "ABERPC", "immunoparesis": "IMPARES"},
        levels=MAYO2018_LEVELS,
        grades=_THREE_GRADES,
        rule="one point each for >= 95% aberrant among marrow plasma cells and for immunoparesis; "
        "0 points low, 1 intermediate, 2 high",
        function=pethema,
        counted=("ABERPC", "IMPARES"),
        points=_pethema_points,
        caveat="Sources disagree whether the published percentages are progression or freedom from"
        " it; the former is shown.",
    ),
    RiskModel(
        id="AQUILA",
        title="AQUILA entry criteria",
        citation="Criteria of the AQUILA trial as given in Blood 2025;146(suppl 1):372 and the FDA"
        " notice of November 2025",
        doi="",
        inputs=_BIOMARKERS
        | {"isotype": "ISOTYPE", "immunoparesis": "IMPARES", "isotypes_reduced": "NIMPARES"},
        levels=AQUILA_LEVELS,
        grades=((0, 1), (2,)),
        rule="marrow plasma cells >= 10% and at least one of: IgA, M-protein >= 3 g/dL, FLC ratio "
        ">= 8 and < 100, two uninvolved immunoglobulins reduced, marrow plasma cells > 50 and "
        "< 60%",
        function=aquila,
        caveat="A larger group than high risk by 20/2/20: 41% of those who meet the criteria are"
        " high risk by both (Blood 2025;146(suppl 1):372).",
    ),
)


def model(model_id: str) -> RiskModel:
    """The model of that id; KeyError if there is none."""
    return next((m for m in MODELS if m.id == model_id), None) or _no_model(model_id)


def _no_model(model_id: str) -> RiskModel:
    raise KeyError(model_id)


def has_input(subjects: pd.DataFrame, name: str) -> bool:
    """Whether a study has usable values of an input."""
    if name not in subjects:
        return False
    values = subjects[name]
    if name in _TEXTS:
        return bool((values.notna() & (values.astype(object) != "")).any())
    return values.dtype == np.float64 and bool(values.notna().any())


def assess(found: RiskModel, subjects: pd.DataFrame) -> Assessment:
    """Apply a model; a column that the study lacks is missing in everyone.

    Parameters
    ----------
    subjects : one row per patient

    >>> one = pd.DataFrame({"BMPC": [21.0], "MPROT": [2.5]})
    >>> a = assess(model("MAYO2018"), one)
    >>> a.levels.tolist(), a.absent
    (['High'], ('FLCR',))
    """
    used = tuple(c for c in found.inputs.values() if has_input(subjects, c))
    absent = tuple(c for c in found.inputs.values() if c not in used)
    nothing = pd.Series(np.nan, index=subjects.index, dtype=float)
    values = {a: subjects[c] if c in used else nothing for a, c in found.inputs.items()}
    levels = found.function(**values)
    return Assessment(found, levels, used, absent)
