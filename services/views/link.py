"""A link read kindly: what can be used of it is shown, and the rest is told, value by value.

Pages use this; addresses for programs refuse a bad value (``services.views.study.decode``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from services.errors import UserError
from services.views import words
from services.views.codec import codecs, defaults, write_field
from services.views.parse import FieldError
from services.views.site import SiteView, decode_site_each
from services.views.study import ASKS_TO_WAIT, View, decode_each

Shown = TypeVar("Shown")
# Keys that mail programs and networks append to links.
_APPENDED = ("utm_", "fbclid", "gclid", "mc_", "_ga")
_MOST = 20  # values told of one by one
_TRIES = 30  # of leaving one value out, before the first that changes anything is taken


@dataclass(frozen=True)
class Link(Generic[Shown]):
    """An address as read: the query as typed, the view of what can be used, and what cannot."""

    query: str
    view: Shown
    problems: tuple[str, ...]

    def says(self, view: Shown) -> bool:
        """Whether the address says this view already, in whatever words."""
        return self.view == view


def study_link(query: str, make: Callable[[View], Any]) -> Link[View]:
    """A link to a page of a study.

    Parameters
    ----------
    make : shows a view, or raises ``UserError`` for what the study does not have

    Raises
    ------
    UserError : what no other view would mend
    """
    view, problems, unknown = decode_each(query)
    return _link(query, view, problems, unknown, make)


def site_link(kind: type[SiteView], query: str, make: Callable[[SiteView], Any]) -> Link[SiteView]:
    """A link to a page without a study; as :func:`study_link`."""
    view, problems, unknown = decode_site_each(kind, query)
    return _link(query, view, problems, unknown, make)


def _link(
    query: str,
    view: Shown,
    problems: tuple[FieldError, ...],
    unknown: tuple[str, ...],
    make: Callable[[Shown], Any],
) -> Link[Shown]:
    told = [words.in_link(p.key, p.value, p) for p in problems]
    named = [key for key in unknown if not key.startswith(_APPENDED)]
    if named:
        told.append(words.unknown(named))
    for _ in range(_MOST):
        problem = _refused(make, view)
        if problem is None:
            break
        view, said = _mended(view, problem, make)
        told.append(said)
    else:
        if _refused(make, view) is not None:
            view = type(view)()
            told.append(words.TOO_MANY)
    return Link(query, view, tuple(told))


def _refused(make: Callable[[Shown], Any], view: Shown) -> UserError | None:
    try:
        make(view)
    except UserError as problem:
        if problem.asks == ASKS_TO_WAIT:  # no value is wrong
            raise
        return problem
    return None


def _mended(
    view: Shown,
    problem: UserError,
    make: Callable[[Shown], Any],
) -> tuple[Shown, str]:
    """The view without the value that is refused, and what is said of it.

    Raises
    ------
    UserError : the problem, if it is no value's
    """
    other: tuple[Shown, str] | None = None
    for tries, (less, key, value, left) in enumerate(_without(view)):
        if other is not None and tries >= _TRIES:
            break
        still = _refused(make, less)
        if still is None:
            return less, words.in_link(key, value, problem, left)
        if str(still) != str(problem) and other is None:
            other = less, words.in_link(key, value, problem, left)
    if other is None:
        other = _everywhere(view, problem, make)
    if other is None:
        raise problem
    return other


def _everywhere(
    view: Shown, problem: UserError, make: Callable[[Shown], Any]
) -> tuple[Shown, str] | None:
    """The view without one value under all its keys: each of them alone is refused for it."""
    given = [(name, items or (getattr(view, name),)) for name, items in _given(view)]
    for item in dict.fromkeys(item for _, items in given for item in items):
        keys = [name for name, items in given if item in items]
        if len(keys) < 2:
            continue
        less: Any = view
        for name in keys:
            items = getattr(view, name)
            kept = tuple(i for i in items if i != item) if isinstance(items, tuple) else ()
            less = replace(less, **{name: kept or defaults(less.__class__)[name]})
        still = _refused(make, less)
        if still is None or str(still) != str(problem):
            return less, " ".join(words.in_link(key, str(item), problem) for key in keys)
    return None


def _without(view: Any) -> Iterator[tuple[Any, str, str, bool]]:
    """The view without one value, whose it was, and whether others of that key stay."""
    for name, items in _given(view):
        if len(items) > 1:
            for item in items:
                kept = tuple(i for i in items if i != item)
                yield replace(view, **{name: kept}), name, str(item), True
        yield (
            replace(view, **{name: defaults(view.__class__)[name]}),
            name,
            write_field(view, name),
            False,
        )
    if not isinstance(view, View):
        return
    chosen = dict(view.filters)
    for column, values in view.filters:
        if len(values) > 1:
            for value in values:
                kept = tuple(v for v in values if v != value)
                yield view.with_filters(chosen | {column: kept}), f"f.{column}", value, True
        told = ", ".join(values)
        yield view.with_filters(chosen | {column: ()}), f"f.{column}", told, False


def _given(view: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Fields that are not the default's, with their items if they are lists of words."""
    for name in codecs(view.__class__):
        value = getattr(view, name)
        if value != defaults(view.__class__)[name]:
            yield name, value if isinstance(value, tuple) else ()
