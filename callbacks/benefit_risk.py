"""The page of benefit and risk."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components import benefit_risk
from components.benefit_risk_figure import icons_figure
from services import benefit_risk_export
from services.benefit_risk import benefit_risk_page
from services.pages.benefit_risk import scripts
from services.safety import minimal
from services.study import Study
from services.view import View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it. The time is the default's until it is typed."""
    time = controls.time("diff")  # what is wrong with it is said until it is mended
    if controls.same_unit and controls.changed != "diff":
        time = controls.before.diff
    return replace(
        controls.before,
        endpoint=controls["endpoint"],
        arms=controls.arms(study),
        versus=controls.versus(study),
        unit=controls["unit"],
        at=controls.time("at"),
        diff=time,
    )


PAGE = StudyPage(
    name="benefit-risk",
    title="Benefit and risk",
    make=benefit_risk_page,
    layout=benefit_risk.benefit_risk_layout,
    words=benefit_risk.words,
    minimal=minimal,
    figures={"graph": icons_figure},
    controls=("endpoint", "diff", "versus", "reference", "unit"),
    typed=("diff",),
    values=benefit_risk.control_values,
    view_from=view_from,
    options={("benefit-risk-versus", "data"): benefit_risk.versus_data},
    files={
        "json": benefit_risk_export.benefit_risk_json,
        "csv": benefit_risk_export.benefit_risk_csv,
        "data.csv": scripts.patients_csv,
        "py": scripts.python_script,
        "R": scripts.r_script,
    },
    image=benefit_risk.image,
)
