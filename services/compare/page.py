"""Two views of a page against each other: what was changed, and every number that differs."""

from __future__ import annotations

from dataclasses import replace

from services.compare.changes import CAUTION, SAME, SHOWN, changes
from services.compare.differences import differences, own_names
from services.compare.numbers import numbers
from services.compare.records import ComparePage, Side
from services.errors import UserError
from services.pages.records import Methods
from services.units import DAYS_PER_UNIT
from services.views.site import CompareView
from services.views.study import View

_TOGETHER = ("a", "b")


def compare(view: CompareView, a: Side, b: Side) -> ComparePage:
    """The page.

    Raises
    ------
    UserError : the two are views of different pages
    """
    alike(a.page, b.page)
    main, rest = differences(a, b)
    found, series = numbers(a.body, b.body, (own_names(a.record), own_names(b.record)))
    two_studies = a.record.study.sha256 != b.record.study.sha256
    told = changes(a.record, b.record)
    differ = bool(main or rest)
    remarks = [CAUTION] if two_studies else []
    if not told:
        remarks.append(SHOWN if differ else SAME)
    return ComparePage(
        view=view,
        sides=(a, b),
        changes=told,
        cautions=tuple(remarks),
        main=main,
        rest=rest,
        numbers=found,
        series=series,
        methods=_methods(a.record.methods, b.record.methods),
    )


def alike(a: str, b: str) -> None:
    """Refuse two pages that have no numbers in common.

    Raises
    ------
    UserError : they are different ones
    """
    if a != b:
        raise UserError(
            f"The page {a} and the page {b} show different kinds of numbers, which cannot be set"
            " against each other.",
            "Compare two views of the same page, such as two of survival.",
        )


def asked(view: CompareView) -> bool:
    """Whether two views are asked for.

    Raises
    ------
    UserError : only one of them is
    """
    given = [name for name in _TOGETHER if getattr(view, name)]
    if len(given) == 1:
        missing = next(name for name in _TOGETHER if name not in given)
        raise UserError(
            f"The address names one view; “{missing}” is missing.",
            "It looks like /compare?a=/study/e3a06/survival&b=/study/e3a06/survival?endpoint=OS,"
            " with ?, & and = inside the two addresses encoded.",
        )
    return bool(given)


def same_time(a: View, b: View, last: tuple[float, float]) -> tuple[View, View]:
    """The two views with time axes that end at the same time.

    Parameters
    ----------
    last : where each would end, in the unit of its view
    """
    scale = [DAYS_PER_UNIT[view.unit] for view in (a, b)]
    longest = max(end * days for end, days in zip(last, scale, strict=True))
    ends = [float(f"{longest / days:.12g}") for days in scale]
    if a.unit == b.unit:
        ends = [max(last)] * 2
    return replace(a, xmax=ends[0]), replace(b, xmax=ends[1])


def _methods(a: Methods, b: Methods) -> Methods:
    if a == b:
        return a
    sources = tuple(dict.fromkeys([*a.references, *b.references]))
    pairs = ((one, other) for one, other in ((a.text, b.text), (a.footnote, b.footnote)))
    text, footnote = (
        one if one == other else f"First view: {one} Second view: {other}" for one, other in pairs
    )
    return Methods(text, footnote, sources)
