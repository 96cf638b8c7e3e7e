"""The survival page."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study import what_if
from callbacks.study_page import StudyPage
from components.survival import layout as survival_layout
from components.survival.controls import arm_options, control_values, plot_options
from services.pages.survival import export
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.views.study import LAYERS, NOTHING, View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it; the filters stay."""
    page = survival_page(study, controls.before)
    all_arms = [arm.name for arm in page.all_arms]
    arms = controls["arms"] or all_arms
    reference = controls["reference"]
    others = [name for name in all_arms if name in arms and name != reference]
    shown_arms = (reference, *others) if reference in arms else tuple(others)
    # What is drawn by default follows the endpoint.
    shown = page.view.plot
    made = replace(
        controls.before,
        **controls.held("endpoint", "unit", "scale", "ci"),
        **controls.times("at", "tau", "split", "ticks", "xmax"),
        arms=shown_arms,
        level=controls.read("level"),
        strata=tuple(controls["strata"]),
        adjust=tuple(controls["adjust"]),
        hide=tuple(layer for layer in LAYERS if layer not in controls["layers"]) or NOTHING,
        facet=controls["facet"] or "",
        plot=controls.before.plot if controls["plot"] == shown else controls["plot"],
    )
    return what_if.asked(made, controls, page)


PAGE = StudyPage(
    name="survival",
    title="Survival",
    make=survival_page,
    layout=survival_layout.survival_layout,
    words=survival_layout.words,
    figures={"graph": survival_layout.figure},
    controls=(
        "endpoint", "arms", "reference", "unit", "scale", "ci", "level", "strata", "adjust", "at",
        "tau", "split", "layers", "facet", "plot", "ticks", "xmax", *what_if.NAMES,
    ),
    typed=("at", "tau", "split", "ticks", "xmax", "landmark"),
    values=control_values,
    view_from=view_from,
    options={
        ("survival-plot", "options"): plot_options,
        **what_if.options("survival"),
        ("survival-arms", "options"): arm_options,
        ("survival-reference", "options"): arm_options,
    },
    files={
        "json": export.survival_json,
        "csv": export.survival_csv,
        **export.SCRIPTS.files,
    },
    second_opinion=True,
    captions=survival_layout.captions,
    image=survival_layout.image,
)  # fmt: skip
