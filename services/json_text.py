"""Records and published numbers as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from services.numbers import Printed

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def read(text: str) -> Any:
    """The value of a JSON text that came from outside. Half of a surrogate pair is legal there,
    and no text: it reads as U+FFFD.

    Raises
    ------
    ValueError, RecursionError : it is no JSON, or nested too deeply

    >>> read('["\\\\ud83e\\\\uddec", "a\\\\ud83e"]')
    ['🧬', 'a�']
    """
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(lambda found: "\\ufffd" if found["half"] else found[0], text)
    return json.loads(text)


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


_dumps = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode


def to_json(value: Any) -> Any:
    """Turn a record into plain JSON values: arrays to lists, NaN and infinities to ``None``.

    >>> from services.statistics.results import Estimate
    >>> to_json(Estimate(1.5, None, float("nan")))
    {'estimate': 1.5, 'lower': None, 'upper': None, 'reason': None}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        plain = value.dtype.kind in "biuf" and np.isfinite(value).all()
        return value.tolist() if plain else [to_json(v) for v in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [to_json(v) for v in value]
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
