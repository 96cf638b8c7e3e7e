"""Two views of a page of studies against each other: addresses -> CompareView -> both pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import SplitResult, unquote

from callbacks.site.linked import inside, path_of, title_of, view_of_study
from callbacks.site_page import SitePage
from callbacks.study_page import StudyPage
from components.chart import EMPTY_FIGURE, Figure
from components.compare import layout
from components.compare.figure import both, same_axes
from components.studio.figure import Canvas
from components.subgroups.figure import on_one_axis
from services.compare.export import compare_csv, compare_json
from services.compare.page import alike, asked, compare, rests_on
from services.compare.records import ComparePage, Side
from services.errors import UserError, short
from services.pages.records import Methods
from services.report.item import is_secret
from services.studies import Catalogue
from services.study.model import Study
from services.views.site import CompareView
from services.views.study import View

_FIRST, _SECOND = "First view", "Second view"
Pages = Mapping[str, StudyPage[Any]]


def page_of(pages: Pages, catalogue: Catalogue, view: CompareView) -> ComparePage:
    """The page as its address asks for it."""
    if not asked(view):
        return ComparePage(view=view, methods=Methods())
    opened = []
    for which, address in ((_FIRST, view.a), (_SECOND, view.b)):
        with _said_of(which):
            opened.append(view_of_study(pages, _of_study(address)))
    for page, _, _ in opened:
        if not page.compared:
            raise UserError(
                f"The page {page.id} has no numbers that two views could be compared by.",
                f"Pages that can be: {', '.join(p.name for p in pages.values() if p.compared)}.",
            )
    alike(*(page.name for page, _, _ in opened))
    sides, unit = [], opened[0][2].unit
    for which, (page, study_id, shown) in zip((_FIRST, _SECOND), opened, strict=True):
        with _said_of(which):
            sides.append(_side(page, catalogue.get(study_id), shown, unit))
    return compare(view, *sides)


@contextmanager
def _said_of(which: str) -> Iterator[None]:
    """What is wrong with one of the two views says with which."""
    try:
        yield
    except UserError as problem:
        said = f"{which}: {problem.message}"
        raise UserError(said, problem.hint, problem.details, problem.status) from problem


def _of_study(address: str) -> SplitResult:
    """The parts of an address of a study's page; another page of this site is refused."""
    parts = inside(address)
    if not unquote(parts.path).startswith("/study/"):
        raise UserError(
            f"{short(parts.path, 80) or 'An empty address'} is no page of a study: only two views"
            " of such a page can be compared.",
            "An address looks like /study/e3a06/survival?endpoint=OS.",
        )
    return parts


def _side(page: StudyPage[Any], study: Study, view: View, unit: str) -> Side:
    record = page.make(study, view)
    counted = record
    if view.unit != unit:
        counted = page.make(study, record.address.in_unit(unit))
    return Side(
        page=page.name,
        title=title_of(page, record),
        link=f"{path_of(record.study, page)}{record.address.query}",
        secret=is_secret(record.study),
        record=record,
        parts=page.parts(counted),
        body=page.files["json"](counted),
        counted=counted,
        captions=page.captions(counted),
    )


def figures(pages: Pages, shown: ComparePage, scheme: str, k: int) -> tuple[Figure, Figure]:
    """Chart k of both views, on the same axes; two beside each other are narrow."""
    if shown.sides is None:
        return EMPTY_FIGURE, EMPTY_FIGURE
    page, records = _to_one_time(pages, shown.sides)
    made = [*page.figures.values()]
    if k >= len(made):
        return EMPTY_FIGURE, EMPTY_FIGURE
    one, other = (made[k](record, scheme, True) for record in records)
    return same_axes(one, other)


def image(pages: Pages, shown: ComparePage, canvas: Canvas) -> Figure:
    """Both charts as one image."""
    if shown.sides is None:
        raise UserError("No two views are chosen yet.", "Pin a view of a study to compare it.")
    page, records = _to_one_time(pages, shown.sides)
    assert page.image is not None
    titles = (". ".join([side.title, *side.captions[:1]]) for side in shown.sides)
    heads = list(zip(layout.heads(shown), titles, strict=True))
    return both(records, heads, page.image, canvas)


def _to_one_time(pages: Pages, sides: tuple[Side, Side]) -> tuple[StudyPage[Any], list[Any]]:
    """The page of both, and the records of their charts: in one unit, drawn to the same time, or on
    one axis of ratios."""
    page = pages[sides[0].page]
    records: list[Any] = [side.counted for side in sides]
    if all(getattr(record, "forest", None) for record in records):
        return page, on_one_axis(*records)
    if not all(getattr(record, "last_time", None) for record in records):
        return page, records
    end = max(float(r.view.xmax or r.last_time) for r in records)
    return page, [page.make(r.study, replace(r.address, xmax=end)) for r in records]


def declare(pages: Pages) -> SitePage[CompareView, ComparePage]:
    """The page, over the pages of a study."""

    def drawn(side: int, k: int) -> Callable[[ComparePage, str, bool], Figure]:
        return lambda shown, scheme, _narrow: figures(pages, shown, scheme, k)[side]

    def all_of(shown: ComparePage, scheme: str) -> list[tuple[Figure, Figure]]:
        return [figures(pages, shown, scheme, k) for k in range(layout.CHARTS)]

    return SitePage(
        path="/compare",
        name=lambda shown: shown.title or "Side by side",
        whose="",
        view=CompareView,
        make=lambda catalogue, view: page_of(pages, catalogue, view),
        layout=lambda shown, query, scheme, _narrow, files: layout.compare_layout(
            shown, query, files, all_of(shown, scheme)
        ),
        words=lambda shown, files: layout.words(shown, files, all_of(shown, "light")),
        figures={
            f"{place}-graph{layout.part(k)}": drawn(side, k)
            for side, place in enumerate(layout.PLACES)
            for k in range(layout.CHARTS)
        },
        files={
            "json": lambda catalogue, view: compare_json(page_of(pages, catalogue, view)),
            "csv": lambda catalogue, view: compare_csv(page_of(pages, catalogue, view)),
        },
        image=partial(image, pages),
        rests_on=rests_on,
        whole=True,
    )
