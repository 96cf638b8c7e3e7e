"""Which columns of the subjects are no characteristics: arms, identifiers, outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from services import lists
from services.study.labels import LABELS
from services.study.model import ARMS_OF_SUBJECTS, IntArray

_ARM = re.compile(r"(ACT)?ARM(CD|N)?|TRT[PA]N?")  # CDISC's own names
_ARM_WORDS, _ID_WORDS = (re.compile(lists.either(p)) for p in lists.beside(__file__).values())
_ENDPOINT = "(OS|PFS|TTP|EFS|DFS|RFS|DOR|TTNT)"
_MEASURE = r"(TIME|T|DAYS?|WEEKS?|MONTHS?|MOS?|YEARS?|EVENT|STATUS|STAT|CENS\w*|CNSR|IND)"
_OUTCOME = re.compile(
    rf"{_ENDPOINT}([_. ]?{_MEASURE})?|{_MEASURE}[_. ]{_ENDPOINT}|VITAL[_. ]?STATUS"
    "|DEATH|DEAD|DIED|DECEASED|FUTIME|FUSTAT|TIME_TO_EVENT"
)
MOST_LEVELS = 50  # of a column that can say the arm again
_STRONG = 0.8  # a column with an arm's name that errs less than this in telling it is the arm's
_MANY = 20  # fewer patients may agree by accident


def is_outcome(name: str) -> bool:
    """Whether a column's name says what became of a patient.

    >>> [is_outcome(name) for name in ("PFS_MONTHS", "DEATH", "OS", "OSTEOPENIA")]
    [True, True, True, False]
    """
    return _OUTCOME.fullmatch(name) is not None


def is_identifier(name: str, values: Any, different: int | None = None) -> bool:
    """Whether a column names patients: texts of which hardly two are the same, numbers in a row.

    ``different`` is the number of its values, if known already.

    >>> is_identifier("NOTE", pd.Series(list("abcdef"))), is_identifier("X", pd.Series([1.0, 2, 3]))
    (True, True)
    """
    different = int(values.nunique()) if different is None else different
    known = int(values.count())
    if not pd.api.types.is_numeric_dtype(values):
        return different >= 5 and different >= 0.9 * known
    if different < known or different < 3:
        return False
    numbers = values.dropna().to_numpy(dtype=float)
    if not (numbers == np.round(numbers)).all():
        return False
    in_a_row = different >= _MANY and numbers.max() - numbers.min() == different - 1
    return bool(in_a_row or _ID_WORDS.search(name))


@dataclass(frozen=True, eq=False)
class Arms:
    """The arm of each subject as codes (n,), -1 for none, and the arms' names."""

    codes: IntArray
    names: tuple[str, ...]


def arms_of(subjects: pd.DataFrame) -> tuple[Arms, ...]:
    """The planned and the actual arms, for ``is_arm``."""
    found = []
    for column in ARMS_OF_SUBJECTS:
        codes, names = pd.factorize(subjects[column])
        none = np.array([name == "" for name in names] + [True])
        found.append(Arms(np.where(none[codes], -1, codes), tuple(map(str, names))))
    return tuple(found)


def is_arm(name: str, codes: IntArray, levels: Iterable[Any], arms: Iterable[Arms]) -> bool:
    """Whether a column says the arm again: by its name or texts, or as a code for each arm.

    Parameters
    ----------
    codes, levels : the column's values as (n,) numbers of its levels, -1 where missing
    """
    if name in ARMS_OF_SUBJECTS:
        return True
    texts = [str(level).strip().casefold() for level in levels]
    return any(_says(name, codes, texts, planned_or_actual) for planned_or_actual in arms)


def _says(name: str, codes: IntArray, texts: Sequence[str], arms: Arms) -> bool:
    both = (codes >= 0) & (arms.codes >= 0)
    code, arm = codes[both], arms.codes[both]
    told = _told(code, arm)
    if _ARM.fullmatch(name) and (told is None or told >= _STRONG):
        return True
    if told is None:
        return False
    called = {text.strip().casefold(): i for i, text in enumerate(arms.names)}
    same = np.array([called.get(text, -2) for text in texts])[code] == arm
    if same.mean() >= 0.9:
        return True
    one_to_one = told == 1.0 and len(texts) == len(np.unique(arm))
    certain = name not in LABELS and len(arm) >= _MANY
    return one_to_one and bool(certain or _ARM_WORDS.search(name))


def _told(codes: IntArray, arm: IntArray) -> float | None:
    """Goodman and Kruskal's lambda: which share of the errors in guessing the arm a column saves.

    ``None`` where everyone is in one arm.
    """
    if not len(arm) or int(np.bincount(arm).max()) == len(arm):
        return None
    shape = int(codes.max()) + 1, int(arm.max()) + 1
    table = np.bincount(codes * shape[1] + arm, minlength=shape[0] * shape[1]).reshape(shape)
    guessed = table.sum(axis=0).max()
    return float((table.max(axis=1).sum() - guessed) / (len(arm) - guessed))
