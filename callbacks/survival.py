"""Callbacks of the survival page: controls -> View -> analysis -> components."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.context import explain, narrow, scheme
from components import controls, survival
from components.shell import notice, tab_links
from services.analysis import minimal, survival_page
from services.catalogue import Catalogue
from services.page_records import SurvivalPage
from services.study import Study
from services.view import View, decode, encode

PAGE = "survival"


def layout(study: Study, query: str, studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = survival_page(study, decode(query))
    return survival.survival_layout(page, studies, query, scheme(), narrow())


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback computes chart, numbers and words together: one round trip per change."""

    @app.callback(
        output={
            "figure": Output("survival-graph", "figure"),
            "chart_class": Output("survival-chart", "className"),
            "problem": Output("survival-problem", "children"),
            "answer": Output("survival-answer", "children"),
            "numbers": Output("survival-numbers", "children"),
            "provenance": Output("survival-provenance", "children"),
            "take_away": Output("survival-take-away", "children"),
            "summary": Output("population-summary", "children"),
            "tabs": Output("tabs", "children"),
            "options": Output({"type": "filter-options", "column": ALL}, "children"),
            "search": Output("survival-address", "search"),
            "endpoint": Output("survival-endpoint", "value"),
            "unit": Output("survival-unit", "value"),
            "ci": Output("survival-ci", "value"),
            "filters": Output(controls.filter_id(ALL), "value"),
        },
        inputs={
            "search": Input("survival-address", "search"),
            "endpoint": Input("survival-endpoint", "value"),
            "unit": Input("survival-unit", "value"),
            "ci": Input("survival-ci", "value"),
            "filters": Input(controls.filter_id(ALL), "value"),
            "_display": Input("display", "data"),
            "_reset": Input("reset", "n_clicks"),
        },
        state={
            "study_id": State("survival-study", "data"),
            "columns": State(controls.filter_id(ALL), "id"),
        },
        prevent_initial_call=True,
    )
    def update(
        search: str,
        endpoint: str,
        unit: str,
        ci: str,
        filters: list[list[str]],
        study_id: str,
        columns: list[dict[str, str]],
        **_triggers: Any,
    ) -> dict[str, Any]:
        names = [c["column"] for c in columns]
        try:
            study = catalogue.get(study_id)
            if ctx.triggered_id == "survival-address":
                view = decode(search)
            else:
                asked = decode(search)
                view = View(
                    **{
                        **asked.__dict__,
                        "endpoint": endpoint,
                        "unit": unit,
                        "ci": ci,
                        "at": asked.at if unit == asked.unit else (),
                    }
                )
                view = view.with_filters(
                    {} if ctx.triggered_id == "reset" else controls.filter_values(names, filters)
                )
            page = survival_page(study, view)
        except Exception as problem:
            return _sorry(problem, len(names))
        return _answers(page, names, search)


def _answers(page: SurvivalPage, names: list[str], search: str) -> dict[str, Any]:
    view = page.view
    query = encode(minimal(page.study, view))
    chosen = dict(view.filters)
    by_name = {c.name: c for c in page.filters}
    return {
        "figure": survival.figure(page, scheme(), narrow()),
        "chart_class": survival.chart_class(page),
        "problem": survival.problem(page),
        "answer": survival.answer(page),
        "numbers": survival.numbers(page),
        "provenance": survival.provenance(page),
        "take_away": survival.take_away(page),
        "summary": survival.population_summary(page),
        "tabs": tab_links(page.study.id, PAGE, query),
        "options": [
            controls.filter_options(by_name[n], page.counts[n], chosen.get(n, ())) for n in names
        ],
        "search": no_update if decode(search) == decode(query) else query,
        "endpoint": view.endpoint,
        "unit": view.unit,
        "ci": view.ci,
        "filters": [controls.filter_control_value(chosen.get(n, ())) for n in names],
    }


def _sorry(problem: Exception, filters: int) -> dict[str, Any]:
    error = explain(problem)
    keep = [no_update] * filters
    return {
        "figure": survival.EMPTY_FIGURE,
        "chart_class": "chart hidden",
        "problem": notice("This view cannot be shown", error.message, error.hint, "error"),
        "answer": [],
        "numbers": [],
        "provenance": [],
        "take_away": [],
        "summary": no_update,
        "tabs": no_update,
        "options": keep,
        "search": no_update,
        "endpoint": no_update,
        "unit": no_update,
        "ci": no_update,
        "filters": keep,
    }
