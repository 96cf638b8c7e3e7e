"""What is kept of studies in memory: forgotten with them, and weighed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd
from cachetools import LRUCache, cached

from services.study.model import Study

_Asked = ParamSpec("_Asked")
_Made = TypeVar("_Made")
_kept: list[tuple[LRUCache[Any, Any], threading.Lock]] = []
KEPT, KEPT_BYTES = 8, 1 << 30  # uploaded studies at most, and what they take together
SMALL = 64  # bytes, of what is not looked into
_PLAIN = frozenset((int, float, bool, type(None), np.float64, np.int64, np.bool_))
_FIELDS: dict[type, tuple[str, ...] | None] = {}  # a page has thousands of records of few kinds


def _rest(study: Study, *rest: Hashable) -> Hashable:
    return (study.cuts, rest)


def remembered(
    size: int, key: Callable[..., Hashable] = _rest
) -> Callable[[Callable[_Asked, _Made]], Callable[_Asked, _Made]]:
    """Marks what is computed once per study, its first argument; ``forget`` drops it.

    Parameters
    ----------
    size : results kept
    key : (study, other arguments) -> what beside the study's content tells results apart
    """

    def decorate(make: Callable[_Asked, _Made]) -> Callable[_Asked, _Made]:
        results: LRUCache[Any, Any] = LRUCache(size)
        lock = threading.Lock()
        _kept.append((results, lock))
        return cached(
            results,
            key=lambda study, *rest: (study.sha256, study.grouped, key(study, *rest)),
            lock=lock,
        )(make)

    return decorate


def forget(sha256: str) -> None:
    """Drop all that was computed of a study's content."""
    for results, lock in _kept:
        with lock:
            for found in [known for known in results if known[0] == sha256]:
                del results[found]


def _names(record: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; ``None`` of anything else."""
    if record not in _FIELDS:
        _FIELDS[record] = tuple(f.name for f in fields(record)) if is_dataclass(record) else None
    return _FIELDS[record]


def share(study: Study) -> int:
    """Bytes a study takes of ``KEPT_BYTES``; the largest takes all of them and is kept alone."""
    tables = (study.subjects, study.times, study.adverse_events)
    taken = sum(int(t.memory_usage().sum()) for t in tables if t is not None)
    return min(max(taken, KEPT_BYTES // KEPT), KEPT_BYTES)


def weigh(value: Any) -> int:
    """About how many bytes a record takes, without the study that it is about.

    >>> weigh(np.zeros(1000)) == 8000 + SMALL, weigh(("a" * 1000,)) > 1000
    (True, True)
    """
    kind = type(value)
    if kind in _PLAIN or kind is Study:
        return SMALL
    if isinstance(value, str):
        return len(value) + SMALL
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + SMALL
    if (names := _names(kind)) is not None:
        return SMALL + sum([weigh(getattr(value, name)) for name in names])
    if isinstance(value, (tuple, list, set, frozenset)):
        return SMALL + sum([weigh(part) for part in value])
    if isinstance(value, (dict, Mapping)):
        return SMALL + sum([weigh(key) + weigh(found) for key, found in value.items()])
    if isinstance(value, (pd.DataFrame, pd.Series, pd.Index)):
        return int(np.sum(value.memory_usage())) + SMALL
    return SMALL
