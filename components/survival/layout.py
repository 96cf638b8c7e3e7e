"""The survival page: answer, chart, numbers, provenance, take-away links and its controls."""

from __future__ import annotations

from typing import Any

from components import html, island
from components import page as frame
from components.answer import answer, stand_back
from components.chart import EMPTY_FIGURE, extras
from components.chart_keys import TIMES, chart_keys
from components.controls import endpoint_control
from components.page import Files
from components.rail import rail
from components.studio.figure import USUAL, Canvas
from components.survival.adjusted import adjusted_figure
from components.survival.changing import changing_panel
from components.survival.controls import plot_control, settings
from components.survival.diagnostic_figures import hazards_figure, means_figure
from components.survival.facet_figure import facet_figure
from components.survival.figure import survival_figure
from components.survival.numbers import numbers_panel
from components.survival.table import curve_table
from components.survival.types_figure import types_figure, types_panel
from components.survival.what_if import what_if_card
from services import names
from services.pages.survival.records import HazardsOverTime, SurvivalPage, TypesOfEvent


def survival_layout(
    page: SurvivalPage, query: str, scheme: str, compact: bool, files: Files
) -> Any:
    """Content of the page.

    Parameters
    ----------
    query : of the address, as typed, so that opening a link leaves no second history entry
    files : endings of the page's files
    """
    drawn = figure(page, scheme, compact)
    table = html.Details(
        html.Summary("The curves as a table"),
        island.island("survival-table"),
        id="survival-curves-table",
        className="more chart-table",
    )
    card = frame.figure_card(
        "survival",
        [
            plot_control(page, compact),
            island.island("survival-problem"),
            chart_keys("survival", "survival-graph", TIMES, "Times of the curves"),
            frame.chart("survival", drawn),
            table,
        ],
    )
    return frame.study_page(
        "survival",
        page.study,
        query,
        words(page, files, drawn["layout"]["height"]),
        [
            endpoint_control("survival", page, compact),
            frame.answer_place("survival"),
            html.Div(card, frame.numbers_place("survival"), className="columns"),
            island.island("survival-what-if"),
            frame.take_away_place("survival"),
        ],
        beside=rail(page, settings(page), "survival"),
    )


def words(page: SurvivalPage, files: Files, height: int) -> dict[str, Any]:
    """Everything beside the chart, for the page's store.

    Parameters
    ----------
    files : endings of the page's files; height : of the chart, pixels
    """
    return island.content(
        {
            "survival-answer": answer(page),
            "survival-problem": frame.problem(page.reason),
            "survival-numbers": numbers(page),
            "survival-table": curve_table(page),
            "survival-what-if": what_if_card(page),
            "survival-provenance": frame.provenance(page.provenance),
            "survival-take-away": frame.files(
                "survival", page, page.full_address, files, page.view.plot, drawn=_draws(page)
            ),
        },
        heights={"survival-chart": height},
        hidden={
            "survival-chart": page.reason is not None,
            "survival-curves-table": page.result is None,
            "survival-numbers": page.result is None,
        },
    )


def figure(
    page: SurvivalPage, scheme: str, compact: bool, canvas: Canvas = USUAL
) -> dict[str, Any]:
    """The chart that the view asks for, or an empty one where there is nothing to draw."""
    if page.reason is not None or page.result is None:
        return EMPTY_FIGURE
    if isinstance(page.extra, TypesOfEvent):
        return types_figure(page, page.extra, scheme, compact)
    if page.view.plot == "hazards":
        return stand_back(hazards_figure(page, scheme, compact), page.made_up)
    if page.view.plot == "means":
        return stand_back(means_figure(page, scheme, compact), page.made_up)
    if page.view.plot == "adjusted":
        return stand_back(adjusted_figure(page, scheme, compact), page.made_up)
    if page.view.facet:
        return stand_back(facet_figure(page, scheme, compact), page.made_up)
    drawn = survival_figure(page, scheme, compact, canvas.width or 0, canvas)
    return stand_back(drawn, page.made_up)


def numbers(page: SurvivalPage) -> list[Any]:
    """The tables beside the chart."""
    if page.result is None:
        return []
    if isinstance(page.extra, TypesOfEvent):
        # With competing events this is the first thing shown, and the comparison belongs to it.
        compared = numbers_panel(page) if page.competing else []
        return [*types_panel(page, page.extra), *compared]
    return [*changing_panel(page), *numbers_panel(page)]


def captions(page: SurvivalPage) -> tuple[str, ...]:
    """Which arms a chart compares whose lines are no arm's own."""
    arms = page.view.arms
    compares = page.view.plot in ("hazards", "means", "adjusted") and len(arms) > 1
    return (names.versus(arms[1:], arms[0]),) if compares else ()


def image(page: SurvivalPage, canvas: Canvas = USUAL) -> dict[str, Any]:
    """The figure as it stands alone in an image: on white, wide, with its provenance inside.

    Raises
    ------
    UserError : there is nothing to draw; says why
    """
    drawn = figure(page, "light", canvas.compact, canvas)
    reason = page.reason or _nothing(page)
    return frame.image(
        drawn, page.study, page.answer, page.provenance, reason, page.headlines, canvas=canvas
    )


def _draws(page: SurvivalPage) -> bool:
    """Whether the plot has a point."""
    if page.reason is not None or page.last_time == 0:
        return False
    hazards = [item for item in extras(page) if isinstance(item, HazardsOverTime)]
    return not hazards or any(item.reason is None for item in hazards)


def _nothing(page: SurvivalPage) -> str | None:
    """Why a plot has no point."""
    if page.last_time == 0:
        return "All times are 0."
    reasons = [
        f"{names.versus([item.arm], item.reference)}: {item.reason}."
        for item in extras(page)
        if isinstance(item, HazardsOverTime) and item.reason
    ]
    return " ".join(reasons) or None
