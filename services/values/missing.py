"""Words that stand for a missing value, and what else they may stand for."""

from __future__ import annotations

import itertools
import re

from services.errors import few

WORDS = ("NA", ".", "NaN", "N/A", "NULL", "<NA>", "NaT", "#N/A")
# A level of a column of text ("Prior therapy: None"), missing beside numbers, dates and flags.
LEVEL_WORDS = ("None",)

_CODE = re.compile(r"[A-Z]{2,4}")


def _spellings(word: str) -> set[str]:
    letters = [{c.upper(), c.lower()} for c in word]
    return {"".join(spelling) for spelling in itertools.product(*letters)}


LEVEL_SPELLINGS = frozenset().union(*map(_spellings, LEVEL_WORDS))
SPELLINGS = frozenset({""}).union(*map(_spellings, WORDS), LEVEL_SPELLINGS)


def like_codes(levels: list[str]) -> bool:
    """Whether the other levels of a column are codes, so that "NA" may be one of them.

    >>> like_codes(["EU", "ROW"]), like_codes(["F", "M"]), like_codes(["Europe", "Asia"])
    (True, False, False)
    """
    return 2 <= len(levels) <= 50 and all(_CODE.fullmatch(level) for level in levels)


def na_words(name: str, count: int, levels: list[str]) -> tuple[str, str]:
    """Message and remedy for cells "NA" of a column of codes that were read as missing."""
    others = few(sorted(levels))
    return (
        f"{name}: {count:,} {'value' if count == 1 else 'values'} “NA” read as missing, alongside"
        f" {others}.",
        "If NA is a value (North America, Namibia), write it out, or send the table as SAS,"
        " Parquet or Dataset-JSON, where missing values are empty.",
    )
