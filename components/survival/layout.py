"""The survival page: answer, chart, numbers, provenance, take-away links and its controls."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import island
from components.answer import answer, stand_back
from components.chart import EMPTY_FIGURE, extras
from components.chart_keys import TIMES, chart_keys
from components.controls import endpoint_control
from components.rail import rail
from components.shell import kind_badge, notice, whose
from components.survival.controls import plot_control, settings
from components.survival.diagnostic_figures import hazards_figure, means_figure
from components.survival.facet_figure import facet_figure
from components.survival.figure import survival_figure
from components.survival.numbers import numbers_panel
from components.survival.table import curve_table
from components.survival.types_figure import types_figure, types_panel
from components.take_away import own_scripts, take_away, with_frame
from components.theme import GRAPH_CONFIG
from services.names import isolated
from services.pages.records import file_name
from services.pages.survival.records import HazardsOverTime, SurvivalPage, TypesOfEvent
from services.views.study import encode


def survival_layout(page: SurvivalPage, query: str, scheme: str, compact: bool) -> Any:
    """Content of the page.

    Parameters
    ----------
    query : of the address, as typed, so that opening a link leaves no second history entry
    """
    study = page.study
    drawn = figure(page, scheme, compact)
    body = html.Div(
        [
            dcc.Location(id="survival-address", refresh=False, search=query),
            island.store("survival-island", words(page, drawn["layout"]["height"])),
            dcc.Store(id="survival-study", data=study.id),
            rail(page, settings(page), "survival"),
            html.Main(
                [
                    html.Div(
                        [
                            html.H1(study.title),
                            kind_badge(study),
                        ],
                        className="title-row",
                    ),
                    endpoint_control("survival", page, compact),
                    island.island("survival-answer", className="answer", **{"aria-live": "polite"}),
                    html.Div(
                        [
                            html.Figure(
                                [
                                    plot_control(page, compact),
                                    island.island("survival-problem"),
                                    chart_keys(
                                        "survival", "survival-graph", TIMES, "Times of the curves"
                                    ),
                                    html.Div(
                                        dcc.Graph(
                                            id="survival-graph",
                                            figure=drawn,
                                            config=GRAPH_CONFIG,
                                            responsive=True,
                                            style={"height": "100%"},
                                        ),
                                        id="survival-chart",
                                        className="hidden" if page.reason else "",
                                        # Kept free before it is drawn: nothing jumps.
                                        style={"height": f"{drawn['layout']['height']}px"},
                                        **{"aria-hidden": "true"},
                                    ),
                                    html.Details(
                                        [
                                            html.Summary("The curves as a table"),
                                            island.island("survival-table"),
                                        ],
                                        id="survival-curves-table",
                                        className="more chart-table",
                                    ),
                                    island.island(
                                        "survival-provenance",
                                        html.Figcaption,
                                        className="provenance",
                                    ),
                                ],
                                className="card chart-card",
                            ),
                            island.island(
                                "survival-numbers",
                                html.Section,
                                className="card numbers-card",
                                **{"aria-label": "Numbers"},
                            ),
                        ],
                        className="columns",
                    ),
                    island.island("survival-take-away", className="take-away"),
                ],
                id="main",
                className="main",
            ),
        ],
        className="page",
    )
    return body


def words(page: SurvivalPage, height: int) -> dict[str, Any]:
    """Everything beside the chart, for the page's store.

    Parameters
    ----------
    height : of the chart, pixels
    """
    problem = None if page.reason is None else notice("Nothing to show", page.reason)
    return island.content(
        {
            "survival-answer": answer(page),
            "survival-problem": problem,
            "survival-numbers": numbers(page),
            "survival-table": curve_table(page),
            "survival-provenance": provenance(page),
            "survival-take-away": take_away_row(page),
        },
        heights={"survival-chart": height},
        hidden={
            "survival-chart": page.reason is not None,
            "survival-curves-table": page.result is None,
            "survival-numbers": page.result is None,
        },
    )


def figure(page: SurvivalPage, scheme: str, compact: bool) -> dict[str, Any]:
    """The chart that the view asks for, or an empty one where there is nothing to draw."""
    if page.reason is not None or page.result is None:
        return EMPTY_FIGURE
    if isinstance(page.extra, TypesOfEvent):
        return types_figure(page, page.extra, scheme, compact)
    if page.view.plot == "hazards":
        return stand_back(hazards_figure(page, scheme, compact), page.made_up)
    if page.view.plot == "means":
        return stand_back(means_figure(page, scheme, compact), page.made_up)
    if page.view.facet:
        return stand_back(facet_figure(page, scheme, compact), page.made_up)
    return stand_back(survival_figure(page, scheme, compact), page.made_up)


def numbers(page: SurvivalPage) -> list[Any]:
    """The tables beside the chart."""
    if page.result is None:
        return []
    if isinstance(page.extra, TypesOfEvent):
        # With competing events this is the first thing shown, and the comparison belongs to it.
        compared = numbers_panel(page) if page.competing else []
        return [*types_panel(page, page.extra), *compared]
    return numbers_panel(page)


def provenance(page: SurvivalPage) -> list[Any]:
    """What every number here rests on."""
    return [
        html.Span([html.B(f"{label}: "), text], className="provenance-item")
        for label, text in page.provenance
    ]


def take_away_row(page: SurvivalPage) -> Any:
    """Figure, numbers, scripts and link of what is shown."""
    base = f"/study/{page.study.id}/survival"
    query = encode(page.full_address)
    return take_away(
        base,
        query,
        file_name(page, f"survival-{page.view.plot}"),
        own_scripts(base, query),
    )


def image(page: SurvivalPage) -> dict[str, Any]:
    """The figure as it stands alone in an image: on white, wide, with its provenance inside.

    Raises
    ------
    UserError : there is nothing to draw; says why
    """
    kind = whose(page.study)
    drawn = figure(page, "light", False)
    return with_frame(drawn, page.answer, kind, page.provenance, page.reason or _nothing(page))


def _nothing(page: SurvivalPage) -> str | None:
    """Why a plot has no point."""
    if page.last_time == 0:
        return "Every time is 0."
    reasons = [
        f"{isolated(item.arm)} against {isolated(item.reference)}: {item.reason}."
        for item in extras(page)
        if isinstance(item, HazardsOverTime) and item.reason
    ]
    return " ".join(reasons) or None
