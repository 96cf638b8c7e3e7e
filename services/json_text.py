"""Records and published numbers as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from services.numbers import Printed


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
        return [to_json(v) for v in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [to_json(v) for v in value]
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
