"""Records of two views of a page against each other. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.pages.records import Methods, PageRecord
    from services.views.site import CompareView


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two views, as its page has it.

    Attributes
    ----------
    page : name of the page, "survival"
    title : of the view; link : of its page on this site
    secret : the link opens an upload to anyone, so that no file may hold it
    record : of the page
    counted : the same in the unit of the first view, where its own is another: what is shown here
    body, parts : of ``counted``: its JSON, and id -> HTML of the words it shows
    captions : of ``counted``: what each of its charts is of, where it does not say so itself
    """

    page: str
    title: str
    link: str
    secret: bool
    record: PageRecord
    parts: Mapping[str, str]
    body: Mapping[str, Any]
    counted: PageRecord
    captions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What the second view has instead of what the first has; ``words`` say both."""

    was: str
    now: str
    words: str


@dataclass(frozen=True)
class Difference:
    """A number that the two pages print otherwise.

    ``table`` is the heading it stands under, ``name`` what it is there; ``a`` and ``b`` as the
    pages print it, "" where a page does not have it.
    """

    table: str
    name: str
    a: str
    b: str


@dataclass(frozen=True)
class Number:
    """A number of the pages' JSON that differs, in full: its path there, and both values."""

    path: str
    a: Any
    b: Any


@dataclass(frozen=True, eq=False)
class ComparePage:
    """Two views of a page; without ``sides`` none were asked for.

    Attributes
    ----------
    title : of both together
    changes : from the first to the second
    cautions : what must not be concluded from the two
    main : the estimates that lead; rest : every other number that is printed otherwise
    numbers : every number of the JSON that differs; series : paths of lists left out of them
    """

    view: CompareView
    sides: tuple[Side, Side] | None = None
    title: str = ""
    changes: tuple[Change, ...] = ()
    cautions: tuple[str, ...] = ()
    main: tuple[Difference, ...] = ()
    rest: tuple[Difference, ...] = ()
    numbers: tuple[Number, ...] = ()
    series: tuple[str, ...] = ()
    methods: Methods = field(kw_only=True)
