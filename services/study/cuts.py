"""Groups that a reader cuts from a number, as further columns of a study.

"AGE:60/70" cuts at chosen points, "MPROT:q4" at quantiles of all patients of the efficacy
population. Either is data-driven: it was made after the data were seen, and every page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from services.errors import UserError
from services.numbers import format_number
from services.study.memory import remembered
from services.study.model import Column, Study
from services.study.population import filter_columns
from services.views.parse import FieldError

_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}


def numeric_columns(study: Study) -> tuple[str, ...]:
    """Columns that can be cut: those offered as ranges."""
    return tuple(c.name for c in filter_columns(study) if c.kind == "numeric")


@remembered(64, key=lambda study, cuts: cuts)
def with_cuts(study: Study, cuts: tuple[str, ...]) -> Study:
    """The study with one more column per cut, named as the cut is.

    Raises
    ------
    UserError : no such number in this study, or points that leave a group empty (``FieldError``)
    """
    if study.cuts == cuts:
        return study
    offered = numeric_columns(replace(study, cuts=()))
    subjects, columns = {}, dict(study.columns)
    for cut in cuts:
        name, _, points = cut.rpartition(":")
        if cut in study.subjects and cut not in study.cuts:
            raise UserError(
                f"“cut={cut}” cannot be used: {study.metadata.short_title} has a column {cut}.",
                "Cut at other points.",
            )
        if name not in offered:
            raise UserError(
                f"“cut={cut}” cannot be used: {study.metadata.short_title} has no number {name}.",
                f"Numbers that can be cut: {', '.join(offered) or 'none'}.",
            )
        values = study.subjects[name].to_numpy(dtype=float, na_value=np.nan)
        planned = study.subjects["ARM_PLANNED"].to_numpy() != ""
        made, levels, words = _cut(values, points, cut, planned)
        subjects[cut] = pd.Series(made, index=study.subjects.index, dtype=object)
        source = study.columns[name]
        columns[cut] = Column(
            cut,
            f"{source.label}, {words}",
            source.unit,
            "data-driven",
            True,
            (name,),
            "Cut points chosen after the data were seen: any finding here is exploratory.",
            levels,
        )
    frame = study.subjects.assign(**subjects)
    return replace(study, subjects=frame, columns=columns, cuts=cuts)


def _cut(
    values: np.ndarray, points: str, cut: str, planned: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...], str]:
    """The level of each value, the levels, and how they were cut, in words.

    Quantiles are those of the patients who were planned for an arm, as all groups are compared.
    """
    if points.startswith("q"):
        at, words = _quantiles(values[planned], int(points[1:]))
    else:
        at = sorted({float(p) for p in points.split("/")})
        words = f"cut at {' and '.join(format_number(p) for p in at)}"
    levels, missing = _half_open(at), np.isnan(values)
    codes = np.searchsorted(at, values, side="right")
    _no_empty(codes[~missing], levels, values, cut)
    names = np.array([*levels, np.nan], dtype=object)
    return names[np.where(missing, len(levels), codes)], levels, words


def _quantiles(values: np.ndarray, parts: int) -> tuple[list[float], str]:
    known = values[~np.isnan(values)]
    inner = np.quantile(known, np.arange(1, parts) / parts) if len(known) else np.array([])
    each = _PARTS.get(parts, f"{parts}th part")
    plural = {"half": "halves"}.get(each, each + "s")
    # Written as in the level, so that the level says exactly who is in it.
    return sorted({float(f"{p:.4g}") for p in inner}), f"{plural} of the patients"


def _half_open(at: Sequence[float]) -> tuple[str, ...]:
    """Levels of cut points; each point belongs to the group above it.

    >>> _half_open([60.0, 70.0])
    ('< 60', '60 to < 70', '>= 70')
    """
    texts = [format_number(p) for p in at]
    middle = [f"{low} to < {high}" for low, high in pairwise(texts)]
    return (f"< {texts[0]}", *middle, f">= {texts[-1]}") if texts else ()


def _no_empty(codes: np.ndarray, levels: Sequence[str], values: np.ndarray, cut: str) -> None:
    tally = np.bincount(codes, minlength=len(levels)) if len(levels) else np.array([0])
    if len(levels) < 2 or (tally == 0).any():
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        span = f"between {format_number(low)} and {format_number(high)}"
        raise FieldError(
            "cut",
            cut,
            f"points that leave no group without patients; the values lie {span}",
            "leave a group without patients",
            f"This leaves a group without patients. The values lie {span}: cut between them, or"
            " into fewer parts.",
        )
