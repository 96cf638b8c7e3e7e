"""The survival page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components.survival import layout as survival_layout
from components.survival.controls import (
    arm_options,
    control_values,
    count_options,
    ice_options,
    known_options,
    plot_options,
    usual_options,
)
from services.pages.records import USUAL
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
    known = controls["known"] or ""
    if known != controls.before.known:
        shown_arms = ()  # of others
    # What is drawn by default follows the endpoint.
    shown = page.view.plot
    # A reason for censoring is one endpoint's.
    count, ice = tuple(controls["count"]), one_each(controls["ice"], controls.before.ice)
    if controls["endpoint"] != page.view.endpoint:
        count, ice = (), ()
    elif controls.changed == "usual":
        ways = {c.label: c.view for c in page.choices if c.about == USUAL and c.view}
        if chosen := ways.get(controls["usual"]):
            count, ice = chosen.count, chosen.ice
    made = replace(
        controls.before,
        count=count,
        ice=ice,
        **controls.held("endpoint", "unit", "scale", "ci"),
        **controls.times("at", "tau", "split", "ticks", "xmax", "landmark"),
        arms=shown_arms,
        known=known,
        level=controls.read("level"),
        strata=tuple(controls["strata"]),
        adjust=tuple(controls["adjust"]),
        hide=tuple(layer for layer in LAYERS if layer not in controls["layers"]) or NOTHING,
        facet=controls["facet"] or "",
        plot=controls.before.plot if controls["plot"] == shown else controls["plot"],
    )
    if known or not controls.before.known:
        return made
    # What was asked of the groups goes with them.
    plain = replace(made, known=controls.before.known).as_given()
    return replace(plain, count=made.count, ice=made.ice, landmark=made.landmark)


def one_each(chosen: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """What is done at other times, one thing at each: what is new takes the older one's place.

    >>> one_each(["FLT:censor", "FLT:event"], ["FLT:censor"])
    ('FLT:event',)
    """
    new = [item for item in chosen if item not in before]
    keys = {item.rpartition(":")[0] for item in new}
    kept = [i for i in chosen if i in before and i.rpartition(":")[0] not in keys]
    return (*kept, *{item.rpartition(":")[0]: item for item in new}.values())


PAGE = StudyPage(
    name="survival",
    title="Survival",
    make=survival_page,
    layout=survival_layout.survival_layout,
    words=survival_layout.words,
    figures={"graph": survival_layout.figure},
    controls=(
        "endpoint", "arms", "reference", "unit", "scale", "ci", "level", "strata", "adjust", "at",
        "tau", "split", "layers", "facet", "plot", "ticks", "xmax", "landmark", "usual", "count",
        "ice", "known",
    ),
    typed=("at", "tau", "split", "ticks", "xmax", "landmark"),
    values=control_values,
    view_from=view_from,
    options={
        ("survival-plot", "options"): plot_options,
        ("survival-usual", "options"): usual_options,
        ("survival-count", "options"): count_options,
        ("survival-ice", "options"): ice_options,
        ("survival-known", "options"): known_options,
        ("survival-arms", "options"): arm_options,
        ("survival-reference", "options"): arm_options,
    },
    files={
        "json": export.survival_json,
        "csv": export.survival_csv,
        **export.SCRIPTS.files,
    },
    second_opinion=True,
    image=survival_layout.image,
)  # fmt: skip
