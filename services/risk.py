"""Risk models of smoldering multiple myeloma, from what is measured at diagnosis.

Each model is one entry of ``MODELS``; ``adam`` adds its groups to a study that has the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class RiskModel:
    """A published model.

    Attributes
    ----------
    id : name of the column it makes
    inputs : argument of ``function`` -> ADSL column it is taken from
    levels : from low to high risk
    rule : the model in one sentence
    function : Series in, Series of ``levels`` (object, NaN where it cannot be told) out
    """

    id: str
    title: str
    citation: str
    doi: str
    inputs: Mapping[str, str]
    levels: tuple[str, ...]
    rule: str
    function: Callable[..., Any]


MAYO2018_CITATION = (
    "Lakshman A, Rajkumar SV, Buadi FK, et al. Risk stratification of smoldering multiple myeloma "
    "incorporating revised IMWG diagnostic criteria. Blood Cancer J 2018;8:59"
)
MAYO2018_DOI = "10.1038/s41408-018-0077-4"
MAYO2018_LEVELS = ("Low", "Intermediate", "High")


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
    inputs = [
        pd.Series(values).astype(float) for values in (marrow_plasma_cells, m_protein, flc_ratio)
    ]
    limits = (20.0, 2.0, 20.0)
    least = sum((v > limit).astype(int) for v, limit in zip(inputs, limits, strict=True))
    most = least + sum(v.isna().astype(int) for v in inputs)
    low = np.minimum(np.asarray(least), 2)
    high = np.minimum(np.asarray(most), 2)
    groups = np.array(MAYO2018_LEVELS, dtype=object)[low]
    return pd.Series(groups, index=inputs[0].index, dtype=object).where(low == high, np.nan)


MODELS: tuple[RiskModel, ...] = (
    RiskModel(
        id="MAYO2018",
        title="Mayo 2018 risk",
        citation=MAYO2018_CITATION,
        doi=MAYO2018_DOI,
        inputs={"marrow_plasma_cells": "BMPC", "m_protein": "MPROT", "flc_ratio": "FLCR"},
        levels=MAYO2018_LEVELS,
        rule="one point each for marrow plasma cells > 20%, M-protein > 2 g/dL, FLC ratio > 20; "
        "0 points low, 1 intermediate, 2 or 3 high",
        function=mayo2018,
    ),
)
