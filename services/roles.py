"""Which columns of the subjects are no characteristics: arms, identifiers, outcomes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from services.adam_columns import LABELS
from services.study import ARMS_OF_SUBJECTS, IntArray

_ARM = re.compile(r"(ACT)?ARM(CD|N)?|TRT[PA]N?")  # CDISC's own names
_ARM_WORDS = re.compile(
    r"(^|_)(ARM|TRT|RX|GROUP|GRP|GRUPPE|GROUPE|COHORT|DRUG|DOSE)|TREAT|THERAP|RANDOM|ALLOC|INTERV"
    r"|BEHANDLUNG|TRAITEMENT|BRAS$"
)
_ID_WORDS = re.compile(
    r"(^|_)(ID|NO|NR|NUM|MRN|SEQ|ROW|INDEX|SUBJ\w*|PAT\w*|CASE|RECORD)$"
    r"|(SUBJ|PAT|PT|CASE|RECORD)\w*(ID|NO|NR|NUM|NUMBER)$|^(X|UNNAMED.*)$"
)
_ENDPOINT = "(OS|PFS|TTP|EFS|DFS|RFS|DOR|TTNT)"
_MEASURE = r"(TIME|T|DAYS?|WEEKS?|MONTHS?|MOS?|YEARS?|EVENT|STATUS|STAT|CENS\w*|CNSR|IND)"
_OUTCOME = re.compile(
    rf"{_ENDPOINT}([_. ]?{_MEASURE})?|{_MEASURE}[_. ]{_ENDPOINT}|VITAL[_. ]?STATUS"
    "|DEATH|DEAD|DIED|DECEASED|FUTIME|FUSTAT|TIME_TO_EVENT"
)
_STRONG = 0.8  # a column with an arm's name that errs less than this in telling it is the arm's
_MANY = 20  # fewer patients may agree by accident


def is_outcome(name: str) -> bool:
    """Whether a column's name says what became of a patient.

    >>> [is_outcome(name) for name in ("PFS_MONTHS", "DEATH", "OS", "OSTEOPENIA")]
    [True, True, True, False]
    """
    return _OUTCOME.fullmatch(name) is not None


def is_identifier(name: str, values: Any) -> bool:
    """Whether a column names patients: texts of which hardly two are the same, numbers in a row.

    >>> is_identifier("NOTE", pd.Series(list("abcdef"))), is_identifier("X", pd.Series([1.0, 2, 3]))
    (True, True)
    """
    known = values.dropna()
    different = int(known.nunique())
    if not pd.api.types.is_numeric_dtype(known):
        return different >= 5 and different >= 0.9 * len(known)
    if different < len(known) or different < 3:
        return False
    numbers = known.to_numpy(dtype=float)
    if not (numbers == np.round(numbers)).all():
        return False
    in_a_row = different >= _MANY and numbers.max() - numbers.min() == different - 1
    return bool(in_a_row or _ID_WORDS.search(name))


def is_arm(name: str, values: Any, subjects: pd.DataFrame) -> bool:
    """Whether a column says the arm again: by its name or texts, or as a code for each arm."""
    if name in ARMS_OF_SUBJECTS:
        return True
    codes, levels = pd.factorize(values)
    if len(levels) > 50:
        return False
    texts = [str(level).strip().casefold() for level in levels]
    for column in ARMS_OF_SUBJECTS:
        arm, arms = pd.factorize(subjects[column].where(subjects[column] != ""))
        both = (codes >= 0) & (arm >= 0)
        told = _told(codes[both], arm[both])
        if _ARM.fullmatch(name) and (told is None or told >= _STRONG):
            return True
        if told is None:
            continue
        called = {str(a).strip().casefold(): i for i, a in enumerate(arms)}
        same = np.array([called.get(text, -2) for text in texts])[codes[both]] == arm[both]
        if same.mean() >= 0.9:
            return True
        one_to_one = told == 1.0 and len(levels) == len(arms)
        certain = name not in LABELS and int(both.sum()) >= _MANY
        if one_to_one and (certain or _ARM_WORDS.search(name)):
            return True
    return False


def _told(codes: IntArray, arm: IntArray) -> float | None:
    """Goodman and Kruskal's lambda: which share of the errors in guessing the arm a column saves.

    ``None`` where everyone is in one arm.
    """
    if not len(arm) or int(np.bincount(arm).max()) == len(arm):
        return None
    table = np.zeros((int(codes.max()) + 1, int(arm.max()) + 1))
    np.add.at(table, (codes, arm), 1)
    guessed = table.sum(axis=0).max()
    return float((table.max(axis=1).sum() - guessed) / (len(arm) - guessed))
