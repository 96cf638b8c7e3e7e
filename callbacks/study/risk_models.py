"""The page of risk models."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study import what_if
from callbacks.study_page import StudyPage
from components.chart import Figure
from components.risk_models import layout as risk_models_layout
from components.risk_models.figure import side_figure
from services.pages.risk_models import export as risk_models_export
from services.pages.risk_models.page import minimal_view, risk_models_page
from services.pages.risk_models.records import RiskModelsPage
from services.study.model import Study
from services.views.study import View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it; the same model twice swaps the two."""
    before = controls.before
    page = risk_models_page(study, before)
    shown = page.view.models
    first, second = controls["first"], controls["second"]
    if first and first == second and len(shown) == 2:
        first, second = shown[1], shown[0]
    made = replace(
        before,
        **controls.held("endpoint", "unit"),
        models=(first, second) if first and second else before.models,
        of=controls["of"] or "",
    )
    return what_if.asked(made, controls, page)


def _first(page: RiskModelsPage, scheme: str, _narrow: bool) -> Figure:
    return side_figure(page, 0, scheme, True)


def _second(page: RiskModelsPage, scheme: str, _narrow: bool) -> Figure:
    return side_figure(page, 1, scheme, True)


PAGE = StudyPage(
    name="risk-models",
    title="Risk models",
    make=risk_models_page,
    layout=risk_models_layout.risk_models_layout,
    words=risk_models_layout.words,
    minimal=minimal_view,
    figures={"graph-0": _first, "graph-1": _second},
    controls=("endpoint", "first", "second", "of", "unit", *what_if.NAMES),
    typed=("landmark",),
    options={
        ("risk-models-of", "options"): risk_models_layout.of_options,
        **what_if.options("risk-models"),
    },
    values=risk_models_layout.control_values,
    view_from=view_from,
    files={
        "json": risk_models_export.risk_models_json,
        "csv": risk_models_export.risk_models_csv,
        **risk_models_export.SCRIPTS.files,
    },
    image=risk_models_layout.image,
    captions=risk_models_layout.captions,
)
