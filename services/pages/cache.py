"""One cached entry per page: (study, View) -> record."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar, cast

from cachetools import LRUCache

from services.pages.lead import Lead, led
from services.pages.records import PageRecord
from services.study.cuts import with_cuts
from services.study.model import Study
from services.views.study import View

Page = TypeVar("Page", bound=PageRecord)

_cache: LRUCache[tuple[str, Study, View], PageRecord] = LRUCache(512)
_lock = threading.Lock()


def set_cache_size(size: int) -> None:
    """Keep at most ``size`` page results; drops what is there."""
    global _cache
    with _lock:
        _cache = LRUCache(size)


def forget(study: Study) -> None:
    """Drop what is kept of a study, so that a deleted one leaves the memory too."""
    with _lock:
        for key in [key for key in _cache if key[1] == study]:
            del _cache[key]


def cached(
    name: str,
    study: Study,
    view: View,
    make: Callable[[Study, View], Page],
    lead: Lead[Page] | None = None,
) -> Page:
    """The page record of that name, made once per (study content, view).

    Parameters
    ----------
    lead : what leads it where patients are simulated; without, what ``make`` made

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    study = with_cuts(study, view.cut)
    key = (name, study, view)
    with _lock:
        found = _cache.get(key)
    if found is None:
        made = make(study, view)
        found = led(made, lead) if lead else made
        with _lock:
            _cache[key] = found
    return cast(Page, found)
