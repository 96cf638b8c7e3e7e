"""What an adverse event is called: preferred term and system organ class.

AEBODSYS before AESOC, as it holds the class of the sponsor's tables and AESOC the primary one
(SDTMIG, AEBODSYS); the other where a row has none. Terms that differ only in case or spaces are
one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from services import lists
from services.arrays import BoolArray, IntArray
from services.names import count
from services.values import alike
from services.values.flags import flag, plain
from services.values.frames import coded, tally

NO_CLASS = "No class recorded"
NO_TERM = "Not coded"
TERMS = ("AEDECOD", "AEPT", "AELLT", "AETERM")
CLASSES = ("AEBODSYS", "AESOC")

_LISTS = lists.beside(__file__)
_OF_AN_EVENT, _NO_EVENT = (re.compile(lists.either(_LISTS[of])) for of in ("columns", "none"))


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms and classes of each row.

    Attributes
    ----------
    term : code of a (class, term) pair of ``pairs``; ``classes`` are in order of their codes,
        ``soc_of`` has the class of each pair
    taken : for the report: which column they were taken from
    merged : spellings that are one term or class, the one that stands for them first
    """

    term: IntArray
    pairs: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    soc_of: IntArray
    taken: tuple[tuple[str, str], ...]
    merged: tuple[tuple[str, ...], ...]


def event_terms(frame: pd.DataFrame) -> Terms:
    """The terms of a table of adverse events."""
    term_codes, names, term_rule, alike_terms = _named(frame, TERMS, NO_TERM)
    soc_codes, classes, soc_rule, alike_classes = _named(frame, CLASSES, NO_CLASS)
    width = max(len(names), 1)
    found, codes = np.unique(soc_codes * width + term_codes, return_inverse=True)
    soc_of = found // width
    pairs = tuple(
        (classes[s], names[t])
        for s, t in zip(soc_of.tolist(), (found % width).tolist(), strict=True)
    )
    taken = [("System organ class", soc_rule + _differ(frame))] if soc_rule else []
    taken += [("Preferred term", term_rule)] if term_rule else []
    return Terms(
        codes.astype(np.int64), pairs, tuple(classes), soc_of.astype(np.int64), tuple(taken),
        (*alike_terms, *alike_classes),
    )  # fmt: skip


def _named(
    frame: pd.DataFrame, columns: Sequence[str], nothing: str
) -> tuple[IntArray, list[str], str, tuple[tuple[str, ...], ...]]:
    """Codes of sorted names, row by row from the first of the columns that holds one."""
    result = np.full(len(frame), -1, dtype=np.int64)
    pool: list[str] = []
    rule: list[str] = []
    for column in columns:
        if column not in frame or frame[column].isna().all():
            continue
        codes, texts = coded(frame, column, str.strip)
        filled = (result < 0) & (texts != "")[codes]
        n = int(filled.sum())
        if not n:
            continue
        result[filled] = codes[filled] + len(pool)
        pool += list(texts)
        rule.append(column if not rule else f"{column} where that is blank ({count(n, 'event')})")
    counts = tally(pool, np.bincount(result[result >= 0], minlength=len(pool)))
    renamed, groups = alike.as_one(counts)
    shown = [renamed.get(text, text) for text in pool] + [nothing]
    names = sorted({shown[i] for i in np.unique(result).tolist()})
    number = {name: i for i, name in enumerate(names)}
    of_pool = np.array([number.get(text, 0) for text in shown], dtype=np.int64)
    return of_pool[result], names, "; ".join(rule), groups


def _differ(frame: pd.DataFrame) -> str:
    """That AESOC says otherwise than AEBODSYS, where it does."""
    if not all(c in frame and frame[c].notna().any() for c in CLASSES):
        return ""
    one, ones = coded(frame, CLASSES[0], alike.key)
    other, others = coded(frame, CLASSES[1], alike.key)
    number = {text: i for i, text in enumerate(dict.fromkeys([*ones, *others]))}
    a = np.array([number[t] for t in ones])[one]
    b = np.array([number[t] for t in others])[other]
    n = int(((a != b) & (a != number[""]) & (b != number[""])).sum())
    return f"; AESOC differs in {count(n, 'event')}" if n else ""


def _says_none(term: str) -> bool:
    """Whether a term says that there was no event: "None", "No adverse events", "-"."""
    return bool(_NO_EVENT.fullmatch(plain(term))) or bool(re.fullmatch(r"[\W_]+", term.strip()))


def no_events(frame: pd.DataFrame) -> BoolArray:
    """Rows that hold no event: nothing about one, or words for none."""
    columns = [c for c in map(str, frame.columns) if _OF_AN_EVENT.fullmatch(c)]
    none = np.zeros(len(frame), dtype=bool)
    if columns:
        none = ~flag(frame, "TRTEMFL").yes
        for column in columns:
            if not none.any():
                break
            codes, texts = coded(frame, column, str.strip)
            none &= (texts == "")[codes]
    for column in TERMS:
        if column in frame:
            codes, texts = coded(frame, column)
            says = np.array([_says_none(t) for t in texts], dtype=bool)
            if says.any():
                none |= says[codes]
    return np.asarray(none, dtype=bool)
