"""Callbacks of the page of benefit and risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from callbacks.controls import Typed, mark, same
from components import benefit_risk, page_notice
from components.benefit_risk_figure import icons_figure
from services import benefit_risk_export
from services.benefit_risk import benefit_risk_page
from services.benefit_risk_records import BenefitRiskPage
from services.catalogue import Catalogue
from services.page_records import file_name
from services.pages.benefit_risk import scripts
from services.safety import minimal
from services.study import Study
from services.view import View, encode
from services.views.link import Link, study_link

PAGE = "benefit-risk"
CONTROLS = ("endpoint", "diff", "versus", "reference", "unit")
TYPED = ("diff",)


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = benefit_risk_page(study, link.view)
    return benefit_risk.benefit_risk_layout(page, studies, link.query, scheme(), narrow())


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback computes icons, numbers and words together."""
    addresses.register_page(
        app.server,
        catalogue,
        PAGE,
        benefit_risk_page,
        {
            "json": lambda page: addresses.json_response(
                benefit_risk_export.benefit_risk_json(page)
            ),
            "csv": lambda page: addresses.download(
                benefit_risk_export.benefit_risk_csv(page), file_name(page, PAGE, "csv")
            ),
            "data.csv": lambda page: addresses.download(
                scripts.patients_csv(page), file_name(page, f"{PAGE}-patients", "csv")
            ),
            "py": lambda page: addresses.script(
                scripts.python_script, page, file_name(page, PAGE, "py")
            ),
            "R": lambda page: addresses.script(scripts.r_script, page, file_name(page, PAGE, "R")),
            "figure.json": lambda page: addresses.json_response(benefit_risk.image(page)),
        },
    )

    @app.callback(
        output={
            "page": {
                "figure": Output("benefit-risk-graph", "figure"),
                "island": Output("benefit-risk-island", "data"),
                "versus": Output("benefit-risk-versus", "data"),
                "search": Output("benefit-risk-address", "search"),
            },
            "rail": population.outputs(PAGE),
            "controls": {name: Output(f"{PAGE}-{name}", "value") for name in CONTROLS},
        },
        inputs={
            "search": Input("benefit-risk-address", "search"),
            "controls": {name: Input(f"{PAGE}-{name}", "value") for name in CONTROLS},
            "rail": population.inputs(PAGE),
            "_display": Input("display", "data"),
        },
        state={
            "study_id": State("benefit-risk-study", "data"),
            "errors": {name: State(f"{PAGE}-{name}", "error") for name in TYPED},
        },
        prevent_initial_call=True,
    )
    def update(
        search: str,
        controls: dict[str, Any],
        rail: dict[str, Any],
        study_id: str,
        errors: dict[str, Any],
        **_triggers: Any,
    ) -> dict[str, Any]:
        try:
            study = catalogue.get(study_id)
            opened = population.opened(PAGE, search, rail)
            link = study_link(search, partial(benefit_risk_page, study))
            view = link.view
            wrong: dict[str, str] = {}
            if not opened and ctx.triggered_id != "display":
                view, wrong = view_from(study, view, controls, ctx.triggered_id)
            page = benefit_risk_page(study, view)
            mark(PAGE, wrong, errors)
            return _answers(page, link, rail, controls, wrong)
        except Exception as problem:
            error = explain(problem)
            return {
                "page": {
                    "figure": no_update,
                    "island": page_notice.failure(error),
                    "versus": no_update,
                    "search": no_update,
                },
                "rail": population.UNCHANGED,
                "controls": dict.fromkeys(CONTROLS, no_update),
            }


def view_from(
    study: Study, before: View, controls: Mapping[str, Any], changed: Any
) -> tuple[View, dict[str, str]]:
    """The view as the controls have it, and what is wrong with fields.

    The time is the default's until it is typed.
    """
    shown = before.arms or tuple(a.name for a in study.arms)
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in shown and a.name != reference]
    diff = before.diff
    typed = Typed(before, controls)
    found = typed.read("diff")  # what is wrong with it is said until it is mended
    if changed == f"{PAGE}-diff":
        diff = found
    # A time in months means nothing in years.
    same_unit = controls["unit"] == before.unit
    view = replace(
        before,
        endpoint=controls["endpoint"],
        arms=(reference, *others) if reference in shown else before.arms,
        versus=controls["versus"] if controls["versus"] in others else "",
        unit=controls["unit"],
        at=before.at if same_unit else (),
        diff=diff if same_unit else None,
    )
    return view, typed.wrong if same_unit else {}


def _answers(
    page: BenefitRiskPage,
    link: Link[View],
    rail: Mapping[str, Any],
    controls: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> dict[str, Any]:
    view = minimal(page.study, page.view)
    query = encode(view)
    figure = icons_figure(page, scheme(), narrow())
    return {
        "page": {
            "figure": figure,
            "island": benefit_risk.words(page, figure["layout"]["height"]),
            "versus": benefit_risk.versus_data(page),
            "search": no_update if link.says(view) else query,
        },
        "rail": population.answers(PAGE, page, view, link, rail),
        "controls": {
            name: no_update
            if value == controls[name]
            or name in wrong
            or (name in TYPED and same(name, controls[name], value))
            else value
            for name, value in benefit_risk.control_values(page).items()
        },
    }
