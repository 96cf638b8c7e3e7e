"""One cached entry per page: (study, View) -> record."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar, cast

from cachetools import LRUCache

from services.found import tell
from services.pages import cost
from services.pages.lead import Lead, led
from services.pages.records import PageRecord
from services.replaced import replace
from services.study import memory
from services.study.cuts import with_cuts
from services.study.model import Study
from services.study.what_if import with_what_if
from services.views.codec import LONGEST_QUERY, too_long
from services.views.study import View

Page = TypeVar("Page", bound=PageRecord)
Maker = Callable[[Study, View], Page]

_MB = 256
_cache: LRUCache[tuple[str, Study, View], PageRecord] = LRUCache(_MB << 20, memory.weigh)
_lock = threading.Lock()
_willing: ContextVar[bool] = ContextVar("willing", default=False)


def set_cache_size(size: int, mb: int = _MB) -> None:
    """Keep at most ``size`` page results, of ``mb`` megabytes together; drops what is there."""
    global _cache
    least = (mb << 20) // size
    with _lock:
        _cache = LRUCache(mb << 20, lambda page: max(least, memory.weigh(page)))


@contextmanager
def _willing_to_wait() -> Iterator[None]:
    before = _willing.set(True)
    try:
        yield
    finally:
        _willing.reset(before)


def forget(study: Study) -> None:
    """Drop what is kept of a study, so that a deleted one leaves the memory too."""
    memory.forget(study.sha256)
    with _lock:
        for key in [key for key in _cache if key[1].sha256 == study.sha256]:
            del _cache[key]


def _renamed(view: View) -> list[tuple[str, str]]:
    """Which arms have other names in the figure: it is read beside words that have their own."""
    new = "; ".join(f"{new} is {old}" for old, new in view.fig_names if new != old)
    return [("Arms in the figure", new)] if new else []


NOT_HERE = ("What if", "not on this page: its times are as the study gives them")


def cached(
    name: str, lead: Lead | None = None, what_if: bool = False
) -> Callable[[Maker[Page]], Maker[Page]]:
    """Marks what makes the page of that name: once per (study content, view).

    Parameters
    ----------
    lead : what leads it where patients are simulated; without, what was made
    what_if : whether the page reconsiders times; another says that it does not
    """

    def decorate(make: Maker[Page]) -> Maker[Page]:
        @wraps(make)
        def page(study: Study, view: View) -> Page:
            if len(view.query) > LONGEST_QUERY:  # what controls sent has never been an address
                raise too_long()
            if view.wait == "yes":
                with _willing_to_wait():
                    made = page(study, replace(view, wait="no"))
                shown, small = replace(made.view, wait="yes"), replace(made.address, wait="yes")
                return replace(made, view=shown, address=small)
            if figure := view.figure:
                made = page(study, view.without_figure())
                return replace(
                    made,
                    view=replace(made.view, **figure),
                    address=replace(made.address, **figure),
                    provenance=(*made.provenance, *_renamed(view)),
                )
            if not what_if and (asked := view.what_if):
                made = page(study, view.as_given())
                address, told = replace(made.address, **asked), (*made.provenance, NOT_HERE)
                shown = replace(made.view, **asked)
                return replace(made, view=shown, address=address, provenance=told)
            study = study.reconsidered.given if study.reconsidered else study
            study = with_what_if(with_cuts(study, view.cut), view)
            key = (name, study, view)
            with _lock:
                found = _cache.get(key)
            tell("page", found is not None)
            if found is None:
                if not _willing.get():
                    cost.check(name, study, view)
                with _willing_to_wait():  # what it needs of other pages is part of it
                    made = make(study, view)
                found = led(made, lead) if lead else made
                # One that is larger than all that may be kept is made anew each time.
                with _lock, suppress(ValueError):
                    _cache[key] = found
            return cast(Page, found)

        return page

    return decorate
