"""What a number written as text may look like, and what its commas mean."""

from __future__ import annotations

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

# At most 15 digits (more are not exact as a double) and no leading zero: those are codes.
PLAIN = r"^[+-]?(0|[1-9]\d{0,14})?(\.\d*)?([eE][+-]\d{1,3})?$"
# 1480,5 and 1.480,5; then 1480.5 and 1,480.5
_DECIMAL = r"^[+-]?(0|[1-9]\d{0,14}|[1-9]\d{0,2}(\.\d{3})+)?(,\d+([eE][+-]?\d{1,3})?)?$"
_THOUSANDS = r"^[+-]?(0|[1-9]\d{0,14}|[1-9]\d{0,2}(,\d{3})+)?(\.\d*)?$"

Commas = Literal["none", "decimal", "thousands", "either"]


def all_match(texts: pa.Array, pattern: str) -> bool:
    """Whether every text matches (RE2)."""
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())


def with_commas(texts: pa.Array) -> pa.Array:
    """Those of some texts that are numbers when their commas are decimals, or thousands."""
    either = pc.or_(
        pc.match_substring_regex(texts, _DECIMAL), pc.match_substring_regex(texts, _THOUSANDS)
    )
    return texts.filter(pc.and_(either, pc.match_substring_regex(texts, r"\d")))


def commas(texts: pa.Array) -> Commas:
    """What the commas in some numbers are, if every one of them agrees.

    "none" also where these are not all numbers; "either" where each comma has three digits on
    its right and nothing else tells: 1,480 is one thousand or one and a half.

    >>> [commas(pa.array(t)) for t in (["12,5", "3"], ["1,480"], ["1,480", "0,5"], ["1,480.5"])]
    ['decimal', 'either', 'decimal', 'thousands']
    """
    if not pc.any(pc.match_substring(texts, ",")).as_py() or not all_match(texts, r"\d"):
        return "none"
    decimal, thousands = all_match(texts, _DECIMAL), all_match(texts, _THOUSANDS)
    if decimal and thousands:
        return "either"
    return "decimal" if decimal else "thousands" if thousands else "none"


def without_commas(texts: pa.Array, meaning: Commas) -> pa.Array:
    """The numbers with a point for decimals and no other separators; what is none as it is."""
    if meaning == "decimal":
        pattern, changed = _DECIMAL, pc.replace_substring(texts, ".", "")
        changed = pc.replace_substring(changed, ",", ".")
    elif meaning == "thousands":
        pattern, changed = _THOUSANDS, pc.replace_substring(texts, ",", "")
    else:
        return texts
    return pc.if_else(pc.match_substring_regex(texts, pattern), changed, texts)


def to_float(texts: pa.Array) -> pa.Array:
    """Numbers that match ``PLAIN``, and hold a digit, as float64."""
    return pc.replace_substring_regex(texts, r"^\+", "").cast(pa.float64())
