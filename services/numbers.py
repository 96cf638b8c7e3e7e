"""Numbers that keep the digits they were published with: 0.60 stays "0.60", 23.00 "23.00"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


class Printed(float):
    """A published number. It computes as the float it is; as text it is what was printed.

    >>> Printed("0.60") == 0.6, str(Printed("0.60")), f"{Printed('23.00')}"
    (True, '0.60', '23.00')
    """

    text: str

    def __new__(cls, text: str) -> Printed:
        """From plain decimal digits, as YAML, JSON and R read them; others raise ValueError."""
        if not _DECIMAL.fullmatch(text):
            raise ValueError(f"not plain decimal digits: {text}")
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Printed], tuple[str]]:
        return (Printed, (self.text,))


def plain(value: float) -> str:
    """A number as it was printed, or as short as it can be said.

    >>> plain(Printed("93.0")), plain(63.1), plain(98.0), plain(0.055)
    ('93.0', '63.1', '98', '0.055')
    """
    return value.text if isinstance(value, Printed) else f"{value:g}"


def to_text(value: Any) -> str:
    """JSON of plain values in which published numbers keep their digits.

    Raises
    ------
    ValueError : NaN or an infinity, which JSON does not have

    >>> to_text({"estimate": Printed("0.60"), "years": [1.5, None]})
    '{"estimate": 0.60, "years": [1.5, null]}'
    """
    if isinstance(value, Printed):
        return value.text
    if isinstance(value, Mapping):
        pairs = (f"{_dumps(str(key))}: {to_text(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)) and any(
        isinstance(item, (Printed, Mapping, list, tuple)) for item in value
    ):
        return "[" + ", ".join(to_text(item) for item in value) + "]"
    return _dumps(value)


def _dumps(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)
