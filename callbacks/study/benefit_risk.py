"""The page of benefit and risk."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components.benefit_risk import layout as benefit_risk_layout
from components.benefit_risk.figure import icons_figure
from components.controls import versus_data
from services.pages.benefit_risk import export as benefit_risk_export
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.defaults import minimal_pair
from services.study.model import Study
from services.views.study import View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it."""
    return replace(
        controls.before,
        endpoint=controls["endpoint"],
        arms=controls.arms(study),
        versus=controls.versus(study),
        unit=controls["unit"],
        diff=controls.time("diff"),
    )


PAGE = StudyPage(
    name="benefit-risk",
    title="Benefit and risk",
    make=benefit_risk_page,
    layout=benefit_risk_layout.benefit_risk_layout,
    words=benefit_risk_layout.words,
    minimal=minimal_pair,
    figures={"graph": icons_figure},
    controls=("endpoint", "diff", "versus", "reference", "unit"),
    typed=("diff",),
    values=benefit_risk_layout.control_values,
    view_from=view_from,
    options={("benefit-risk-versus", "options"): versus_data},
    files={
        "json": benefit_risk_export.benefit_risk_json,
        "csv": benefit_risk_export.benefit_risk_csv,
        **benefit_risk_export.SCRIPTS.files,
    },
    image=benefit_risk_layout.image,
)
