"""What looks wrong in the values that risk models count: another unit, the inverse ratio.

One place for uploads, the page of risk models and the calculator. Nothing is changed here but by
a stated rule (``risk.models.involved_ratio``): a doubt names the values and the remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from services.arrays import BoolArray
from services.errors import few
from services.risk import models
from services.study.memory import remembered
from services.study.model import Finding, Study

# Above this an M-protein in g/dL is hardly seen before treatment of myeloma; in g/L it is usual.
PROTEIN_HIGH = 10.0
SHOWN = 3
PERCENTS = {"BMPC": "marrow plasma cells", "ABERPC": "aberrant plasma cells"}
_CORRECT = "Correct them, or leave the cells blank."
Doubt = tuple[Any, str, str]  # (patients,) whose values are in doubt, what is said of them, remedy


def doubts(subjects: pd.DataFrame) -> tuple[Finding, ...]:
    """What a reader should check of the columns BMPC, ABERPC, MPROT and FLCR.

    Parameters
    ----------
    subjects : one row per patient, their ids as index; columns that are not numbers are left out
    """
    found = []
    for name, check in CHECKS.items():
        if name not in subjects or subjects[name].dtype != np.float64:
            continue
        values = subjects[name].to_numpy()
        if not np.isfinite(values).any():
            continue
        for wrong, message, remedy in check(name, values):
            if wrong.any():
                pairs = zip(subjects.index[wrong], values[wrong], strict=True)
                who = few((f"{patient} ({value:.3g})" for patient, value in pairs), SHOWN)
                text = f"{name}: {message}: {who}."
                found.append(Finding("warning", text, remedy, int(wrong.sum())))
    return tuple(found)


@remembered(64)
def usable(study: Study) -> dict[str, BoolArray]:
    """Which subjects (n,) have a usable value, by input of any model."""
    names = {name for model in models.MODELS for name in model.inputs}
    return {name: models.usable(study.subjects, name) for name in sorted(names)}


@remembered(64)
def levels(study: Study) -> dict[str, np.ndarray]:
    """Each subject's level by model, NaN where it cannot be told, as objects.

    Groups the study brings itself are taken as they are.
    """
    subjects = study.subjects
    made = {
        m.id: subjects[m.id] if m.id in subjects else models.groups(m, subjects)
        for m in models.MODELS
    }
    return {n: np.where(found.isna(), np.nan, found.astype(object)) for n, found in made.items()}


def _percent(name: str, values: np.ndarray) -> Iterator[Doubt]:
    known = np.isfinite(values)
    shares = (values[known] <= 1).all() and (values[known] > 0).any()
    message = (
        f"no value is above 1. Are these proportions rather than percentages of {PERCENTS[name]}? "
        "Risk models"
        " count them as percent"
    )
    yield known & shares, message, "Multiply them by 100."
    yield known & ((values < 0) | (values > 100)), "no percentage", _CORRECT


def _protein(name: str, values: np.ndarray) -> Iterator[Doubt]:
    message = f"above {PROTEIN_HIGH:g} g/dL. Is it in g/L? The risk models read it as g/dL"
    yield values > PROTEIN_HIGH, message, "Divide values in g/L by 10."
    yield values < 0, "below 0", _CORRECT


def _ratio(name: str, values: np.ndarray) -> Iterator[Doubt]:
    message = (
        "below 1, which is kappa/lambda and not involved/uninvolved. All risk models use the "
        "inverse"
    )
    remedy = "Give involved divided by uninvolved."
    yield (values > 0) & (values < 1), message, remedy
    message = "a ratio cannot be 0 or less. All risk models treat it as unknown"
    remedy = (
        "For the chain that was not found, enter the lowest value that the laboratory measures."
    )
    yield values <= 0, message, remedy


# What is looked at, column by column.
CHECKS = {**dict.fromkeys(PERCENTS, _percent), "MPROT": _protein, "FLCR": _ratio}
