"""Groups of patients by what was known at a landmark: whether something had happened by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from services import names
from services.arrays import FloatArray
from services.errors import few, short
from services.study import population as pop
from services.study.labels import level_label
from services.study.model import DASHES, NEUTRAL, PALETTE, Arm, Column, Study
from services.views.parse import FieldError
from services.views.study import TREATMENT

MOST = 8  # groups
GUARANTEE = (
    "groups patients by what happened after time 0: they had to live without the event until then"
    " (guarantee time), so the groups can be compared only from a landmark on"
)


def refuse_without_landmark(known: str, landmark: float | None) -> None:
    """Groups by what came later are compared from a landmark on only.

    Raises
    ------
    FieldError : there are such groups, and no landmark
    """
    if known and landmark is None:
        allowed = f"together with a landmark, such as landmark=6. Without one it {GUARANTEE}"
        raise FieldError("known", known, allowed, GUARANTEE)


def split(known: str) -> tuple[str, str]:
    """The column whose levels are the groups ("" for none), and the time by which it was known.

    >>> split("BOR@RSPDT"), split("TTR")
    (('BOR', 'RSPDT'), ('', 'TTR'))
    """
    column, _, key = known.rpartition("@")
    return column, key


def grouped(study: Study, known: str, words: str, days: FloatArray, by: float, since: str) -> Study:
    """The study whose arms are the groups; the last one, without, is the reference.

    Parameters
    ----------
    known : as an address has it; words : what the time is of
    days : (subjects,) day of that time, NaN for never; by : the landmark's; since : "month 6"

    Raises
    ------
    FieldError : a column that has no groups
    """
    column, _ = split(known)
    had = np.less_equal(days, by + 0.5)  # NaN is never; half a day for times that round
    without = f"Without {names.uncapital(words)} by {since}"
    group_with = f"With {names.uncapital(words)} by {since}"
    group = np.where(had, group_with, without).astype(object)
    if column:
        if column not in study.subjects:
            columns = [c for c in study.subjects if pop.known_later(study, str(c))]
            allowed = f"{few(columns)} before @" if columns else "a time alone"
            raise FieldError("known", known, allowed, f"names no column {short(column)}")
        codes, levels = pop.level_codes(study, column)
        if len(levels) > MOST:
            raise FieldError(
                "known", known, f"a column of at most {MOST} levels", "has too many groups"
            )
        label = study.columns[column].label if column in study.columns else column
        level = np.array([*levels, "not stated"], dtype=object)[codes]
        said = {x: level_label(x) for x in levels}
        plain = len({*said.values()}) == len(said)
        told = {
            x: f"{group_with}, {names.label(label)}: {said.get(x, x) if plain else x}"
            for x in level
        }
        group = np.where(had, np.array([told[x] for x in level], object), without)
    planned = study.subjects["ARM_PLANNED"].to_numpy(dtype=object)
    group = np.where(planned == "", "", group)
    order = [g for g in pd.unique(group) if g not in ("", without)]
    if column:
        place = {told[x]: i for i, x in enumerate(levels) if x in told}
        order.sort(key=lambda g: place.get(g, len(place)))
    arms = [
        Arm(name, "experimental", PALETTE[i % len(PALETTE)], DASHES[(i + 1) % len(DASHES)])
        for i, name in enumerate(order)
    ]
    arms.append(Arm(without, "reference", NEUTRAL))
    subjects = study.subjects.assign(ARM_PLANNED=group, **{TREATMENT: planned})
    own = Column(TREATMENT, "Treatment arm", filter=len(study.arms) > 1)
    # The arm under its own name is the same again.
    hidden = {
        name: replace(study.columns.get(name) or Column(name, name), filter=False)
        for name in ("ARM", "ACTARM", "TRTP", "TRTA")
        if name in subjects
    }
    columns_known = {**study.columns, **hidden, TREATMENT: own}
    return replace(study, subjects=subjects, arms=tuple(arms), columns=columns_known)
