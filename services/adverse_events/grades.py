"""Severity of adverse events: CTCAE grades and words, however a study writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services import lists
from services.values.flags import UNSTATED, plain

SEVERITIES = ("MILD", "MODERATE", "SEVERE", "LIFE-THREATENING", "FATAL")
UNKNOWN, UNGRADED = -2, -1  # not understood; nothing stated, or grade 0

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_WORDS = {
    word: int(grade) for grade, text in lists.beside(__file__).items() for word in lists.words(text)
}
_NOISE = re.compile(r"\b(NCI|CTCAE|CTC|WHO|TOXICITY|TOX|SEVERITY|AE|(VERSION|VER|V) ?\d(\.\d+)?)\b")
_MARKED = re.compile(r"\b(?:GRADE?|GR|G) ?(0?[0-5](?:\.0+)?|III|II|IV|I|V)\b(?![.\d])")
_BARE = re.compile(r"\b(0?[0-5](?:\.0+)?|III|II|IV|I|V)\b(?![.\d])")
_NEGATIVE = re.compile(r"\s*[-−–]\s*\d")
# A range, a second grade, a limit or a no is not one grade.
_OPEN = re.compile(
    r"[<>≤≥~+?]|\b(NOT|NO|NON|LEAST|HIGHER|ABOVE|BELOW|LESS|MORE|TO|OR|AND|THEN|III?|I|IV|V)\b"
)


def _clean(value: str) -> str:
    upper = value.upper().replace("°", " GRADE ")
    kept = re.sub(r"(?<=\d)[.,](?=\d)", ".", upper)
    kept = re.sub(r"(?<!\d)\.|\.(?!\d)|[^0-9A-ZÀ-Þ.<>≤≥~+?]", " ", kept)
    return " ".join(kept.split())


def grade_of(value: str) -> int | None:
    """The CTCAE grade a text names, 0 to 5; ``None`` if it names none, or more than one.

    >>> [grade_of(v) for v in ("3", "GRADE 3 - SEVERE", "G3", "iii", "CTCAE v4.0 Grade 3", "03")]
    [3, 3, 3, 3, 3, 3]
    >>> [grade_of(v) for v in ("2-3", ">= 3", "6", "Severe", "Grade II/III", "-1")]
    [None, None, None, None, None, None]
    """
    if _NEGATIVE.match(value):  # -1 and -9 stand for missing in some tables
        return None
    text = _clean(value)
    marked = _MARKED.search(text)
    if marked:
        before, after = text[: marked.start()], text[marked.end() :]
        found = marked[1]
    else:
        text = " ".join(_NOISE.sub(" ", text).split())
        bare = _BARE.search(text)
        if bare is None:
            return None
        before, after, found = text[: bare.start()], text[bare.end() :], bare[1]
    grade = _ROMAN[found] if found in _ROMAN else int(float(found))
    before = " ".join(_NOISE.sub(" ", before).split())
    after = " ".join(_NOISE.sub(" ", after).split())
    if before and _WORDS.get(plain(before)) != grade:
        return None
    return grade if _describes(plain(after), after, grade, bool(marked)) else None


def _describes(words: str, raw: str, grade: int, marked: bool) -> bool:
    """Whether what stands behind a grade describes that grade."""
    if not words and not re.search(r"[<>≤≥~+?]", raw):
        return True
    if words in _WORDS:
        return _WORDS[words] == grade
    # CTCAE's own long descriptions: "severe or medically significant but not ...".
    first = next((g for w, g in _WORDS.items() if words.startswith(w)), None)
    if first is not None:
        return marked and first == grade and not re.search(r"\d", words)
    return marked and not _OPEN.search(raw) and not re.search(r"\d", words)


def grades_of(values: Sequence[str]) -> dict[str, int]:
    """Each distinct value as its grade, ``UNGRADED`` or ``UNKNOWN``."""
    found = {}
    for value in values:
        grade = grade_of(value)
        if grade is not None:
            found[value] = grade if grade else UNGRADED
        else:
            found[value] = UNGRADED if unstated(value) else UNKNOWN
    return found


def says_grade(values: Sequence[str]) -> bool:
    """Whether a column of severity holds CTCAE grades: some value says so itself."""
    return any(_MARKED.search(_clean(v)) and grade_of(v) is not None for v in values)


def severities_of(values: Sequence[str]) -> dict[str, int]:
    """Each distinct value as its place in ``SEVERITIES`` from 1, ``UNGRADED`` or ``UNKNOWN``.

    1 to 3 are mild, moderate and severe, 4 and 5 life-threatening and fatal.

    >>> severities_of(["Mild", "3", "LIFE THREATENING", "3 - SEVERE", "bad", ""])
    {'Mild': 1, '3': 3, 'LIFE THREATENING': 4, '3 - SEVERE': 3, 'bad': -2, '': -1}
    """
    found = {}
    for value in values:
        word = " ".join(_NOISE.sub(" ", plain(value)).split())
        if word in _WORDS:
            found[value] = _WORDS[word]
        else:
            grade = grade_of(value)
            found[value] = grade if grade else UNGRADED if unstated(value) else UNKNOWN
    return found


def unstated(value: str) -> bool:
    """Whether a value says that nothing is known, or is blank."""
    word = plain(value)
    return word in UNSTATED or word in ("NOT GRADED", "UNGRADED") or not value.strip()
