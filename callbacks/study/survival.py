"""The survival page."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components.survival import layout as survival_layout
from components.survival.controls import control_values, plot_options
from services.pages.survival import export
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.views.study import LAYERS, NOTHING, View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it; the filters stay."""
    arms = controls["arms"] or [a.name for a in study.arms]
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in arms and a.name != reference]
    # What is drawn by default follows the endpoint.
    shown = survival_page(study, controls.before).view.plot
    # A reason for censoring is one endpoint's; a landmark means another time in another unit.
    before = replace(controls.before, landmark=controls.time("landmark"))
    if controls["endpoint"] != survival_page(study, controls.before).view.endpoint:
        before = replace(before, count=(), ice=())
    return replace(
        before,
        **controls.held("endpoint", "unit", "scale", "ci"),
        **controls.times("at", "tau", "split", "ticks", "xmax"),
        arms=(reference, *others) if reference in arms else tuple(others),
        level=controls.read("level"),
        strata=tuple(controls["strata"]),
        adjust=tuple(controls["adjust"]),
        hide=tuple(layer for layer in LAYERS if layer not in controls["layers"]) or NOTHING,
        facet=controls["facet"] or "",
        plot=controls.before.plot if controls["plot"] == shown else controls["plot"],
    )


PAGE = StudyPage(
    name="survival",
    title="Survival",
    make=survival_page,
    layout=survival_layout.survival_layout,
    words=survival_layout.words,
    figures={"graph": survival_layout.figure},
    controls=(
        "endpoint", "arms", "reference", "unit", "scale", "ci", "level", "strata", "adjust", "at",
        "tau", "split", "layers", "facet", "plot", "ticks", "xmax",
    ),
    typed=("at", "tau", "split", "ticks", "xmax"),
    values=control_values,
    view_from=view_from,
    options={("survival-plot", "options"): plot_options},
    files={
        "json": export.survival_json,
        "csv": export.survival_csv,
        **export.SCRIPTS.files,
    },
    second_opinion=True,
    image=survival_layout.image,
)  # fmt: skip
