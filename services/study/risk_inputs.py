"""What looks wrong in the values that risk models count: another unit, the inverse ratio.

One place for uploads, the page of risk models and the calculator. Nothing is changed here but by
a stated rule (``risk.involved_ratio``): a doubt names the values and the remedy.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from services.errors import few
from services.study.model import Finding

# Above this an M-protein in g/dL is hardly seen before treatment of myeloma; in g/L it is usual.
PROTEIN_HIGH = 10.0
SHOWN = 3
PERCENTS = {"BMPC": "marrow plasma cells", "ABERPC": "aberrant plasma cells"}


def doubts(subjects: pd.DataFrame) -> tuple[Finding, ...]:
    """What a reader should check of the columns BMPC, ABERPC, MPROT and FLCR.

    Parameters
    ----------
    subjects : one row per patient, their ids as index; columns that are no numbers are left out
    """
    found: list[Finding] = []
    for name, words in PERCENTS.items():
        found += _percent(subjects, name, words)
    found += _protein(subjects)
    found += _ratio(subjects)
    return tuple(found)


def _numbers(subjects: pd.DataFrame, name: str) -> np.ndarray | None:
    if name not in subjects or subjects[name].dtype != np.float64:
        return None
    values = subjects[name].to_numpy()
    return values if np.isfinite(values).any() else None


def _warn(
    subjects: pd.DataFrame, values: np.ndarray, wrong: np.ndarray, message: str, remedy: str
) -> Finding:
    """The message with up to three patients and their values."""
    pairs = zip(subjects.index[wrong], values[wrong], strict=True)
    who = few((f"{name} ({value:.3g})" for name, value in pairs), SHOWN)
    return Finding("warning", f"{message}: {who}.", remedy, int(wrong.sum()))


def _percent(subjects: pd.DataFrame, name: str, words: str) -> Iterator[Finding]:
    values = _numbers(subjects, name)
    if values is None:
        return
    known = np.isfinite(values)
    if (values[known] <= 1).all() and (values[known] > 0).any():
        message = (
            f"{name}: no value is above 1. Are these shares, not percent of {words}? Risk models"
            " count them as percent"
        )
        yield _warn(subjects, values, known, message, "Multiply them by 100.")
    outside = known & ((values < 0) | (values > 100))
    if outside.any():
        remedy = "Correct them, or leave the cells blank."
        yield _warn(subjects, values, outside, f"{name}: no percentage", remedy)


def _protein(subjects: pd.DataFrame) -> Iterator[Finding]:
    values = _numbers(subjects, "MPROT")
    if values is None:
        return
    high = np.nan_to_num(values, nan=0.0) > PROTEIN_HIGH
    if high.any():
        message = f"MPROT: above {PROTEIN_HIGH:g} g/dL. Is it in g/L? Risk models count it as g/dL"
        yield _warn(subjects, values, high, message, "Divide values in g/L by 10.")
    negative = np.nan_to_num(values, nan=0.0) < 0
    if negative.any():
        remedy = "Correct them, or leave the cells blank."
        yield _warn(subjects, values, negative, "MPROT: below 0", remedy)


def _ratio(subjects: pd.DataFrame) -> Iterator[Finding]:
    values = _numbers(subjects, "FLCR")
    if values is None:
        return
    known = np.nan_to_num(values, nan=1.0)
    below = (known > 0) & (known < 1)
    if below.any():
        message = (
            "FLCR: below 1, which is kappa/lambda and not involved/uninvolved. All risk models"
            " count the inverse"
        )
        remedy = "Give the involved chain over the uninvolved one."
        yield _warn(subjects, values, below, message, remedy)
    nothing = known <= 0
    if nothing.any():
        message = "FLCR: 0 or less is no ratio. All risk models take it as not known"
        remedy = "Put the lowest value the laboratory measures for the chain that was not found."
        yield _warn(subjects, values, nothing, message, remedy)
