"""The survival page."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components import survival
from components.survival_controls import control_values, plot_options
from services import export, scripts
from services.analysis import survival_page
from services.study import Study
from services.view import LAYERS, NOTHING, View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it; the filters stay."""
    arms = controls["arms"] or [a.name for a in study.arms]
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in arms and a.name != reference]
    # What is drawn by default follows the endpoint.
    shown = survival_page(study, controls.before).view.plot
    return replace(
        controls.before,
        endpoint=controls["endpoint"],
        arms=(reference, *others) if reference in arms else tuple(others),
        unit=controls["unit"],
        scale=controls["scale"],
        ci=controls["ci"],
        level=controls.read("level"),
        strata=tuple(controls["strata"]),
        at=controls.time("at"),
        tau=controls.time("tau"),
        hide=tuple(layer for layer in LAYERS if layer not in controls["layers"]) or NOTHING,
        facet=controls["facet"] or "",
        plot=controls.before.plot if controls["plot"] == shown else controls["plot"],
        ticks=controls.time("ticks"),
        xmax=controls.time("xmax"),
    )


PAGE = StudyPage(
    name="survival",
    title="Survival",
    make=survival_page,
    layout=survival.survival_layout,
    words=survival.words,
    figures={"graph": survival.figure},
    controls=(
        "endpoint", "arms", "reference", "unit", "scale", "ci", "level", "strata", "at", "tau",
        "layers", "facet", "plot", "ticks", "xmax",
    ),
    typed=("at", "tau", "ticks", "xmax"),
    values=control_values,
    view_from=view_from,
    options={("survival-plot", "data"): plot_options},
    files={
        "json": export.survival_json,
        "csv": export.survival_csv,
        "data.csv": export.patients_csv,
        "py": scripts.python_script,
        "R": scripts.r_script,
    },
    image=survival.image,
)  # fmt: skip
