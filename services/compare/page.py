"""Two views of a page against each other: what was changed, and every number that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from services import lists, names
from services.compare.changes import changes
from services.compare.differences import differences, own_names
from services.compare.numbers import numbers
from services.compare.records import Change, ComparePage, Difference, Side
from services.errors import UserError
from services.pages.records import Methods
from services.views.site import CompareView
from services.views.study import View

if TYPE_CHECKING:
    from services.study.model import Study

_TOGETHER = ("a", "b")
_SAID: Mapping[str, Any] = lists.beside(__file__)


def compare(view: CompareView, a: Side, b: Side) -> ComparePage:
    """The page.

    Raises
    ------
    UserError : the two are views of different pages
    """
    alike(a.page, b.page)
    main, rest = differences(a, b)
    found, series = numbers(a.body, b.body, (own_names(a.counted), own_names(b.counted)))
    told = changes(a, b)
    return ComparePage(
        view=view,
        sides=(a, b),
        title=_title(a, b, told),
        changes=told,
        cautions=tuple(_cautions(a, b, bool(told), (*main, *rest))),
        main=main,
        rest=rest,
        numbers=found,
        series=series,
        methods=_methods(a.counted.methods, b.counted.methods),
    )


def _cautions(a: Side, b: Side, changed: bool, found: Sequence[Difference]) -> list[str]:
    """What must not be concluded of the two, and what there is to say of them together."""
    first, second = a.counted.study, b.counted.study
    made = _of_two(first, second) if first.sha256 != second.sha256 else []
    made += _of_directions(a, b)
    if b.counted is not b.record:
        made.append(_SAID["unit"].format(unit=a.record.view.unit))
    if changed:
        return made if found else [*made, _SAID["unmoved"]]
    if not found:
        return [*made, _SAID["same"]]
    if any(one.a and one.b for one in found):
        return [*made, _SAID["unsaid"]]
    return [*made, _SAID["each" if len({bool(one.a) for one in found}) > 1 else "more"]]


def _of_two(a: Study, b: Study) -> list[str]:
    """That nothing randomized patients between two studies; or that they may be one trial's."""
    arms = [arm.name for arm in a.arms if arm.name in {other.name for other in b.arms}]
    if len(arms) == len(a.arms) == len(b.arms) and set(a.subjects.index) == set(b.subjects.index):
        return [_SAID["versions"]]
    shared = ", ".join(map(names.isolated, arms))
    anchor = _SAID["anchor"]["some" if arms else "none"].format(arms=shared)
    return [_SAID["caution"].format(anchor=anchor)]


def _rises(view: View) -> bool | None:
    """Whether the lines of a survival page rise, as shares with the event; ``None`` for others.

    >>> [_rises(View(plot=plot)) for plot in ("curves", "types", "hazards")]
    [False, True, None]
    """
    if view.plot == "types":
        return True
    falls = {"survival": False, "incidence": True}
    return falls.get(view.scale) if view.plot in ("curves", "adjusted") else None


def _of_directions(a: Side, b: Side) -> list[str]:
    """That the lines of one chart fall and those of the other rise."""
    rise = _rises(a.record.view), _rises(b.record.view)
    if a.page != "survival" or None in rise or rise[0] == rise[1]:
        return []
    falls, rises = ("second", "first") if rise[0] else ("first", "second")
    return [_SAID["opposite"].format(falls=falls, rises=rises)]


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


def _title(a: Side, b: Side, told: Sequence[Change]) -> str:
    """What the two are called together; of one name, what was changed tells them apart."""
    if a.title == b.title and 0 < len(told) < 3:
        return f"{a.title}: {', '.join(change.words for change in told)}"
    return f"{a.title}, against {b.title}"


def rests_on(page: ComparePage) -> tuple[tuple[str, str], ...]:
    """What the numbers of both views rest on, said once where it is the same."""
    if page.sides is None:
        return ()
    a, b = (dict(side.record.provenance) for side in page.sides)
    none = _SAID["none"]
    both = {name: (a.get(name, none), b.get(name, none)) for name in [*a, *b]}
    return tuple(
        (name, one if one == other else _SAID["both_rest"].format(a=one, b=other))
        for name, (one, other) in both.items()
    )


def _methods(a: Methods, b: Methods) -> Methods:
    if a == b:
        return a
    sources = tuple(dict.fromkeys([*a.references, *b.references]))
    pairs = ((one, other) for one, other in ((a.text, b.text), (a.footnote, b.footnote)))
    text, footnote = (
        one if one == other else _SAID["both_said"].format(a=one, b=other) for one, other in pairs
    )
    return Methods(text, footnote, sources)
