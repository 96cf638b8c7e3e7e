"""The subgroups page: answer, forest, curves of the open row, credibility, table, take-away."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Any

from cachetools import LRUCache, cached
from dash import dcc

from components import html, island
from components import page as frame
from components.answer import answer, stand_back
from components.chart import EMPTY_FIGURE, Figure
from components.chart_keys import chart_keys
from components.controls import endpoint_control
from components.markup import Markup, join, tag
from components.page import Files
from components.parts import inside
from components.published import cited
from components.rail import rail
from components.studio.figure import USUAL, Canvas
from components.subgroups.controls import action, marks, settings, variable_list
from components.subgroups.figure import forest_figure
from components.subgroups.table import forest_table
from components.survival.figure import survival_figure
from services import names
from services.names import isolated
from services.pages.subgroups.records import Credibility, SubgroupsPage

_SPEAKS = {"for": "+", "against": "−", "open": "?"}
_SPEAKS_WORDS = {"for": "supports it", "against": "argues against it", "open": "open"}


def subgroups_layout(
    page: SubgroupsPage, query: str, scheme: str, compact: bool, files: Files
) -> Any:
    """Content of the page.

    Parameters
    ----------
    query : of the address, as typed
    """
    drawn = figure(page, scheme, compact)
    curves = row_figure(page, scheme)
    heights = (drawn["layout"]["height"], curves["layout"]["height"])
    forest = frame.figure_card(
        "subgroups",
        [
            island.island("subgroups-problem"),
            # The chart is hidden from screen readers; its rows are not.
            chart_keys(
                "subgroups",
                "subgroups-graph",
                "Rows by keyboard: arrow keys move, Enter opens or folds.",
                "Rows of the forest",
            ),
            frame.chart("subgroups", drawn, classes="chart forest"),
        ],
    )
    opened = html.Section(
        island.island("subgroups-row"),
        frame.chart("subgroups", curves, part="row-"),
        id="subgroups-open",
        className="card open-row" if page.row else "card open-row hidden",
        aria_label="Curves of the chosen subgroup",
    )
    return frame.study_page(
        "subgroups",
        page.study,
        query,
        words(page, files, *heights),
        [
            endpoint_control("subgroups", page, compact),
            frame.answer_place("subgroups"),
            html.Div(forest, opened, className="forest-columns"),
            frame.take_away_place("subgroups"),
            island.island("subgroups-credibility", html.Section, className="card credibility"),
            island.island("subgroups-table", html.Section, className="card forest-numbers"),
        ],
        beside=rail(page, settings(page), "subgroups"),
        stores=[dcc.Store(id="subgroups-event", data={})],
    )


@cached(LRUCache(128), lock=threading.Lock())
def words(page: SubgroupsPage, files: Files, height: int, curves: int) -> dict[str, Any]:
    """Everything beside the charts, for the page's store.

    Parameters
    ----------
    height, curves : of the forest and of the open row's chart, pixels
    """
    nothing = page.forest is None
    return island.content(
        {
            "subgroups-answer": answer(page),
            "subgroups-problem": frame.problem(page.reason, "No subgroups to compare"),
            "subgroups-provenance": frame.provenance(page.provenance),
            "subgroups-row": open_head(page),
            "subgroups-take-away": (
                None if nothing else frame.files("subgroups", page, page.view, files)
            ),
            "subgroups-credibility": credibility(page),
            "subgroups-table": table(page),
            "subgroups-variables": variable_list(page),
        },
        heights={"subgroups-chart": height, "subgroups-row-chart": curves},
        hidden={
            "subgroups-chart": nothing,
            "subgroups-provenance": nothing,
            "subgroups-credibility": nothing,
            "subgroups-table": nothing,
            "subgroups-open": page.row is None,
        },
    )


def figure(page: SubgroupsPage, scheme: str, compact: bool) -> Figure:
    """The forest of the page, or an empty figure where there is none."""
    if page.forest is None:
        return EMPTY_FIGURE
    return stand_back(forest_figure(page, scheme, compact, live=True), page.made_up)


def open_head(page: SubgroupsPage) -> list[Any]:
    """Whose curves these are, what they say, and what can be done with them."""
    row = page.row
    if row is None:
        return []
    value = f"{row.variable}:{row.level}"
    found = row.page
    told = page.published.get(value)
    simulated = found.answer and page.study.kind == "simulated"
    return [
        html.Div(
            html.H2(row.label),
            action("close", value, "✕", "Close these curves"),
            className="open-title",
        ),
        # No paragraph: a browser ends one where a citation begins.
        *([html.Div("Published: HR ", cited(told))] if told else []),
        html.P("In the simulated patients", className="answer-whose") if simulated else None,
        html.P(found.answer or found.reason, className="open-answer"),
        html.P(found.answer_detail, className="hint") if found.answer_detail else None,
        html.P(
            f"{found.population.n:,} of {names.count(page.population.n, 'patient')}",
            className="hint",
        ),
        html.Div(
            action(
                "filter",
                value,
                "Show only these patients",
                f"Show only these patients: {isolated(row.label)}",
                "plain-button",
            ),
            inside(
                "Open on the survival page",
                f"/study/{page.study.id}/survival{found.full_address.query}",
            ),
            className="open-actions",
        ),
    ]


def row_figure(page: SubgroupsPage, scheme: str) -> Figure:
    """The curves of the open row."""
    if page.row is None or page.row.page.result is None or page.row.page.reason is not None:
        return EMPTY_FIGURE
    return stand_back(survival_figure(page.row.page, scheme, True), page.row.page.made_up)


def credibility(page: SubgroupsPage) -> Markup | None:
    """Whether a difference between subgroups can be believed, variable by variable."""
    if not page.credibility:
        return None
    known = {v.name: v.marks for v in page.variables}
    return join(
        [
            tag("h2", "Is a difference between subgroups credible?"),
            tag(
                "p",
                "The five questions of the ICEMAN instrument for randomized trials (Schandelmaier"
                " 2020, CMAJ 192:E901-E906), answered as far as these data allow. They cannot "
                "show what was expected before the trial or what other trials found. An aid to "
                "interpretation, not a score.",
                class_="hint",
            ),
            *(_one(item, known.get(item.variable, ())) for item in page.credibility),
        ]
    )


def _one(item: Credibility, words: tuple[str, ...]) -> Markup:
    points = [
        tag(
            "li",
            _sign(a.speaks),
            tag("span", _question(a.question), a.answer, _said(a.speaks)),
        )
        for a in item.arguments
    ]
    return tag(
        "details",
        tag("summary", tag("strong", item.label), marks(words), f" {item.summary}"),
        tag("ul", *points),
        data_key=item.variable,
    )


@lru_cache(256)
def _question(question: str) -> Markup:
    return tag("span", f"{question} ", class_="question")


@cache
def _sign(speaks: str) -> Markup:
    return tag("span", _SPEAKS[speaks], class_=f"speaks speaks-{speaks}", aria_hidden="true")


@cache
def _said(speaks: str) -> Markup:
    return tag("span", f" ({_SPEAKS_WORDS[speaks]})", class_="sr-only")


def table(page: SubgroupsPage) -> Markup | None:
    """The numbers of the forest as a table, a button in each row."""
    if page.forest is None:
        return None
    title = tag("summary", tag("h2", "The same numbers as a table"))
    return tag("details", title, forest_table(page), data_key="table")


def captions(page: SubgroupsPage) -> tuple[str, ...]:
    """What each chart is of: the two arms of the forest, and the open row."""
    if page.pair is None:
        return ()
    versus = names.versus([page.pair[1]], page.pair[0])
    return (versus, *([page.row.label] if page.row else []))


def image(page: SubgroupsPage, canvas: Canvas = USUAL) -> Figure:
    """The forest as it stands alone in an image, with its provenance and credibility inside."""
    said: dict[str, list[str]] = {}
    for item in page.credibility:
        said.setdefault(item.summary, []).append(item.label)
    believed = " ".join(f"{', '.join(labels)}: {words}" for words, labels in said.items())
    small = [*page.provenance, *([("Credibility", believed)] if believed else [])]
    drawn = EMPTY_FIGURE
    if page.forest is not None:
        drawn = forest_figure(page, "light", canvas.compact, canvas.more, canvas.width or 0)
        drawn = stand_back(drawn, page.made_up)
    return frame.image(
        drawn, page.study, page.answer, small, page.reason, page.headlines, canvas=canvas
    )
