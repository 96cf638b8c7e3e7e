"""The survival page: answer, chart, numbers, provenance, take-away links and its controls."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components.rail import rail
from components.shell import header, kind_badge, notice
from components.survival_controls import endpoint_control, settings
from components.survival_figure import survival_figure
from components.survival_numbers import numbers_panel
from components.theme import GRAPH_CONFIG
from services.page_records import SurvivalPage
from services.view import encode

EMPTY_FIGURE: dict[str, Any] = {"data": [], "layout": {"height": 10}}


def survival_layout(
    page: SurvivalPage, studies: Any, query: str, scheme: str, compact: bool
) -> tuple[Any, Any]:
    """Header and content of the page.

    Parameters
    ----------
    studies : (id, title) pairs for the picker
    query : of the address, as typed, so that opening a link leaves no second history entry
    """
    study = page.study
    body = html.Div(
        [
            dcc.Location(id="survival-address", refresh=False, search=query),
            dcc.Store(id="survival-study", data=study.id),
            rail(page, settings(page)),
            html.Main(
                [
                    html.Div(
                        [
                            html.H1(study.title),
                            kind_badge(study),
                        ],
                        className="title-row",
                    ),
                    endpoint_control(page, compact),
                    html.Div(
                        answer(page),
                        id="survival-answer",
                        className="answer",
                        **{"aria-live": "polite"},
                    ),
                    html.Div(
                        [
                            html.Figure(
                                [
                                    html.Div(problem(page), id="survival-problem"),
                                    html.Div(
                                        dcc.Graph(
                                            id="survival-graph",
                                            figure=figure(page, scheme, compact),
                                            config=GRAPH_CONFIG,
                                            responsive=True,
                                        ),
                                        id="survival-chart",
                                        className=chart_class(page),
                                        **{"aria-hidden": "true"},
                                    ),
                                    html.Figcaption(
                                        provenance(page),
                                        id="survival-provenance",
                                        className="provenance",
                                    ),
                                ],
                                className="card chart-card",
                            ),
                            html.Section(
                                numbers(page),
                                id="survival-numbers",
                                className="card numbers-card",
                                **{"aria-label": "Numbers"},
                            ),
                        ],
                        className="columns",
                    ),
                    html.Div(take_away(page), id="survival-take-away", className="take-away"),
                ],
                className="main",
            ),
        ],
        className="page",
    )
    return header(studies, study, "survival", query), body


def answer(page: SurvivalPage) -> list[Any]:
    """The result in words."""
    if not page.answer:
        return []
    return [
        html.P(page.answer, className="answer-main"),
        html.P(page.answer_detail, className="answer-detail") if page.answer_detail else None,
    ]


def problem(page: SurvivalPage) -> Any:
    """What is said in place of the chart, if there is none."""
    if page.reason is not None:
        return notice("Nothing to show", page.reason)
    return single_arm_note(page)


def single_arm_note(page: SurvivalPage) -> Any:
    """A word of warning where the choice left one arm of a comparison."""
    assert page.result is not None
    if len(page.view.arms) > 1 and len(page.result.curves) == 1:
        only = page.result.curves[0].arm
        return notice(
            "No comparison",
            f"With these filters only {only} has patients, so there is nothing to compare it with.",
        )
    return None


def chart_class(page: SurvivalPage) -> str:
    """The chart is taken away where there is nothing to draw."""
    return "chart" if page.result is not None else "chart hidden"


def figure(page: SurvivalPage, scheme: str, compact: bool) -> dict[str, Any]:
    """The chart, or an empty one where there is nothing to draw."""
    return EMPTY_FIGURE if page.result is None else survival_figure(page, scheme, compact)


def numbers(page: SurvivalPage) -> list[Any]:
    """The tables beside the chart."""
    return [] if page.result is None else numbers_panel(page)


def provenance(page: SurvivalPage) -> list[Any]:
    """What every number here rests on."""
    return [
        html.Span([html.B(f"{label}: "), text], className="provenance-item")
        for label, text in page.provenance
    ]


def take_away(page: SurvivalPage) -> list[Any]:
    """Links to the same numbers for other programs."""
    base = f"/study/{page.study.id}/survival"
    query = encode(page.view)
    return [
        html.Span("Take away:", className="take-away-label"),
        html.A("Numbers (CSV)", href=f"{base}.csv{query}", download=""),
        html.A("Numbers (JSON)", href=f"{base}.json{query}", target="_blank"),
    ]
