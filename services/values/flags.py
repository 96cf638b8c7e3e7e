"""Flags: columns that say yes or no, whatever their spelling and the format they came in.

ADaM writes Y, N and blank; people also have Yes, 1, 1.0, T, TRUE, ja, and the words of the
column's own name ("TREATMENT-EMERGENT"). A value that is none of these is not understood and is
never taken for no.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from services import lists
from services.arrays import BoolArray
from services.errors import LONGEST, few, short
from services.values.frames import coded, pooled, tally, with_columns

Meaning = Literal["yes", "no", "blank", "odd"]
# What the distinct values of a column mean; which ones stand together can matter.
Reader = Callable[[Sequence[str]], Mapping[str, Meaning]]

_LISTS = lists.beside(__file__)
_YES, _NO, UNSTATED = (frozenset(lists.words(_LISTS[name])) for name in ("yes", "no", "unstated"))
_YES_BESIDE_NO = frozenset("OS")  # oui, sí: one letter says it only beside an N
_NOT = re.compile(r"(?:NOT|NON|NO|NICHT|KEINE?|PAS)(?: A)? (.+)")
_FILLERS = re.compile(
    r"\b(POPULATION|ANALYSIS|SET|FLAG|PATIENTS?|SUBJECTS?|ADVERSE|EVENTS?|AES?|RECORDS?|STATUS)\b"
)
# Words that say yes, or no, in columns of certain names, beside the name itself.
_OWN, _OWN_NO = (
    [(re.compile(names), frozenset(lists.words(words))) for names, words in _LISTS[kind].items()]
    for kind in ("own", "own_no")
)
_WORDS = re.compile(r"[0-9A-Z]+")
_CODE = re.compile(r"\s*\d+\s*[:=.)–-]\s*(?=\D)")
_PARTS = re.compile(r"[;/,:()|]|\s[-–]\s|\b(?:and|or|und|oder|et|ou)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?")
FLAG = re.compile(r"\w+FL")


@dataclass(frozen=True, eq=False)
class Answers:
    """What a column says, row by row.

    Attributes
    ----------
    column : its name
    yes, no : (rows,) whether; a blank is neither, and so is what was not understood
    values : each distinct text ("" for a blank) with its meaning and how many rows hold it
    """

    column: str
    yes: BoolArray
    no: BoolArray
    values: tuple[tuple[str, Meaning, int], ...]

    @property
    def understood(self) -> bool:
        """Whether any value says yes or no."""
        return any(meaning in ("yes", "no") for _, meaning, _ in self.values)

    @property
    def odd(self) -> dict[str, int]:
        """The values that were not understood, with their number of rows, the commonest first."""
        found = [(text, n) for text, meaning, n in self.values if meaning == "odd"]
        return dict(sorted(found, key=lambda item: -item[1]))

    @property
    def recorded(self) -> bool:
        """Whether any row holds anything."""
        return any(text for text, _, _ in self.values)

    @property
    def lost(self) -> bool:
        """Whether something is recorded and nothing of it was understood."""
        return self.recorded and not self.understood


def quoted(texts: Sequence[str]) -> str:
    """A few values as a message names them.

    >>> quoted(["A", "B"])
    '“A”, “B”'
    """
    return few((f"“{short(text)}”" for text in texts), longest=LONGEST + 2)


def not_understood(answers: Answers) -> str:
    """Why a column says nothing: "recorded but not understood: AESER contains “A”, “B”"."""
    texts = list(answers.odd) or [text for text, _, _ in answers.values if text]
    return f"recorded but not understood: {answers.column} contains {quoted(texts)}"


def plain(text: str) -> str:
    """A text in capitals, without accents and punctuation.

    >>> plain("Treatment-emergent"), plain("Sí")
    ('TREATMENT EMERGENT', 'SI')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_WORDS.findall(text.upper()))


def one_or_zero(text: str) -> Meaning:
    """What a number says: 1 is yes, 0 is no, another is not understood.

    >>> one_or_zero("1.0"), one_or_zero("0"), one_or_zero("2")
    ('yes', 'no', 'odd')
    """
    value = float(text.replace(",", "."))
    return "yes" if value == 1 else "no" if value == 0 else "odd"


def numbers_of(values: Sequence[str]) -> dict[str, Meaning]:
    """The meaning of those values that are numbers: none has one beside any but 0 and 1.

    1 and 2 stand for yes and no in one study and for no and yes in the next.
    """
    found = {v: one_or_zero(v) for v in values if _NUMBER.fullmatch(v.strip())}
    if "odd" in found.values():
        return dict.fromkeys(found, "odd")
    return found


def flag_meanings(column: str, values: Sequence[str]) -> dict[str, Meaning]:
    """What each of the distinct values of a flag means.

    >>> flag_meanings("TRTEMFL", ["Y", "1.0", "Treatment-emergent", "NOT TREATMENT-EMERGENT", "?"])
    {'Y': 'yes', '1.0': 'yes', 'Treatment-emergent': 'yes', 'NOT TREATMENT-EMERGENT': 'no', '?': 'odd'}
    """  # noqa: E501
    numbers = numbers_of(values)
    found: dict[str, Meaning] = {
        v: "blank"
        if not v.strip()
        else numbers[v]
        if v in numbers
        else agreed(v, lambda part: _word(column, plain(part)))
        for v in values
    }
    short = [v for v in found if plain(v) in _YES_BESIDE_NO]
    if len(short) == 1 and found[short[0]] == "odd":
        others = {m for v, m in found.items() if v != short[0] and m != "blank"}
        if others == {"no"}:
            found[short[0]] = "yes"
    return found


def agreed(value: str, one: Callable[[str], Meaning]) -> Meaning:
    """What a value means; of several words that all mean the same, that; without a code before it.

    >>> [agreed(v, lambda part: _word("AESER", plain(part))) for v in ("1 = Yes", "Yes, serious")]
    ['yes', 'yes']
    >>> agreed("Y/N", lambda part: _word("AESER", plain(part)))
    'odd'
    """
    whole = one(value)
    if whole != "odd":
        return whole
    parts = [p for p in _PARTS.split(_CODE.sub("", value)) if p.strip()]
    meant = {one(part) for part in parts}
    return meant.pop() if len(meant) == 1 else "odd"


def _word(column: str, word: str) -> Meaning:
    if word in UNSTATED:
        return "blank"
    if word in _YES:
        return "yes"
    if word in _NO or any(n.fullmatch(column) and word in words for n, words in _OWN_NO):
        return "no"
    if _own(column, word):
        return "yes"
    negated = _NOT.fullmatch(word)
    if negated and (negated[1] in _YES or _own(column, negated[1])):
        return "no"
    return "odd"


def _own(column: str, word: str) -> bool:
    """Whether a word is one of the column's own name."""
    stem = re.sub(r"FL$", "", column)
    names = {column, stem, stem.rstrip("0123456789")}
    for pattern, words in _OWN:
        if pattern.fullmatch(column):
            names |= words
    short = " ".join(_FILLERS.sub(" ", word).split())
    return word in names or (short != "" and short in names)


def answers(frame: pd.DataFrame, column: str, reader: Reader) -> Answers:
    """A column read by its distinct values; a column that is not there has no values."""
    if column not in frame:
        nobody = np.zeros(len(frame), dtype=bool)
        return Answers(column, nobody, nobody, ())
    codes, texts = coded(frame, column, str.strip)
    meant = reader(list(dict.fromkeys(texts)))
    is_yes = np.array([meant[t] == "yes" for t in texts], dtype=bool)
    is_no = np.array([meant[t] == "no" for t in texts], dtype=bool)
    # Code -1, a missing value, is counted at the end, where its text is.
    sizes = np.roll(np.bincount(codes + 1, minlength=len(texts)), -1)
    counts = tally(texts, sizes)
    return Answers(
        column, is_yes[codes], is_no[codes], tuple((t, meant[t], counts[t]) for t in sorted(counts))
    )


def flag(frame: pd.DataFrame, column: str) -> Answers:
    """A flag of a table."""
    return answers(frame, column, lambda values: flag_meanings(column, values))


def yes_or_no(values: Any, column: str) -> pd.Series[Any]:
    """A column as 1 for yes, 0 for no, NaN for anything else; of the values' own index."""
    series = pd.Series(values)
    found = flag(pd.DataFrame({column: series}), column)
    numbers = np.where(found.yes, 1.0, np.where(found.no, 0.0, np.nan))
    return pd.Series(numbers, index=series.index)


def written_alike(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every flag (``*FL``) as ADaM writes it: Y, N, and blank for what is not said.

    What was not understood stays as it is. Columns that need no change are not copied.
    """
    made = {}
    for name in map(str, frame.columns):
        if not FLAG.fullmatch(name):
            continue
        codes, texts = coded(frame, name)
        meant = flag_meanings(name, [str(t) for t in texts])
        letters: dict[Meaning, str] = {"yes": "Y", "no": "N"}
        new = [letters.get(meant[t], t) for t in texts]
        if new != list(texts):
            made[name] = pooled(codes, np.array(new[:-1], dtype=object))  # the last is the blank
    return with_columns(frame, **made) if made else frame
