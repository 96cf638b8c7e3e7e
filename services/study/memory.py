"""What is kept of studies in memory: forgotten with them, and weighed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from operator import attrgetter
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
# What reads the fields of a record: a page has thousands of few kinds.
_FIELDS: dict[type, Callable[[Any], tuple[Any, ...]]] = {}


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
    total, rest = 0, [value]
    while rest:
        one = rest.pop()
        kind = type(one)
        total += SMALL
        if kind is str:
            total += len(one)
        elif kind in _PLAIN or kind is Study:
            pass
        elif kind is tuple or kind is list:
            rest += one
        elif kind in _FIELDS or _is_record(kind):
            rest += _FIELDS[kind](one)
        elif isinstance(one, np.ndarray):
            total += int(one.nbytes)
        elif isinstance(one, (dict, Mapping)):
            rest += one.keys()
            rest += one.values()
        elif isinstance(one, str):
            total += len(one)
        elif isinstance(one, (tuple, list, set, frozenset)):
            rest += one
        elif isinstance(one, (pd.DataFrame, pd.Series, pd.Index)):
            total += 8 * one.size  # to ask for the memory of each column takes longer than the rest
    return total


def _is_record(kind: type) -> bool:
    """Whether values of a kind are weighed by their fields, which are then known."""
    if is_dataclass(kind):
        names = [f.name for f in fields(kind)]
        several = len(names) > 1  # of one name it reads a value, not a tuple
        _FIELDS[kind] = attrgetter(*names) if several else partial(_each, names)
    return kind in _FIELDS


def _each(names: Sequence[str], record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)
