"""The order of names with numbers in them: "Arm 2" before "Arm 10"."""

from __future__ import annotations

import re
from typing import Any

# A sign belongs to its number at the start of a word alone: 3-9 is a range.
_NUMBER = re.compile(r"((?:(?<!\S)[-−])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)")
_BOUND = re.compile(r"\s*([<>≤≥])\s*=?\s*(?=[-−\d])")


def natural_key(name: str) -> tuple[Any, ...]:
    """What names are sorted by as a reader expects: numbers by size, whatever stands around them.

    Case does not count; a bound comes before ("<65") or after (">=75") its number.

    >>> sorted(["Arm 10", "Arm 2", "arm 1"], key=natural_key)
    ['arm 1', 'Arm 2', 'Arm 10']
    >>> sorted([">80", "65-80", "<65", "1,000 mg", "2.5 mg"], key=natural_key)
    ['2.5 mg', '<65', '65-80', '>80', '1,000 mg']
    >>> sorted(["Dose level 1", "Dose level -1"], key=natural_key)
    ['Dose level -1', 'Dose level 1']
    """
    bound = _BOUND.match(name)
    shift = 0 if bound is None else -0.5 if bound[1] in "<≤" else 0.5
    parts = _NUMBER.split(name[bound.end() :] if bound else name)
    # Texts stand at the even places and numbers at the odd ones: like is compared with like.
    key: list[Any] = [part.casefold() for part in parts]
    key[1::2] = [float(part.replace("−", "-").replace(",", "")) for part in parts[1::2]]
    if shift:
        key[1] += shift
    return (*key, "", name)
