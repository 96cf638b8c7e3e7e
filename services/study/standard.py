"""The standard columns of subjects: their labels and units."""

from __future__ import annotations

from services import lists

_LISTS = lists.beside(__file__)
LABELS: dict[str, str] = _LISTS["labels"]
UNITS: dict[str, str] = _LISTS["units"]
