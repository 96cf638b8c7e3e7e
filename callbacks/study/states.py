"""The page of states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callbacks.context import tablet
from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components.chart import Figure
from components.page import Files
from components.states import layout
from services.pages.states import export
from services.pages.states.page import minimal, states_page
from services.pages.states.records import StatesPage
from services.study.model import Study
from services.study.states import model_of
from services.views.study import View


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it; the filters stay."""
    arms = controls["arms"] or [a.name for a in study.arms]
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in arms and a.name != reference]
    return replace(
        controls.before,
        **controls.held("unit", "stateplot"),
        **controls.times("at", "tau", "ticks", "xmax"),
        arms=(reference, *others) if reference in arms else tuple(others),
        level=controls.read("level"),
        facet=controls["facet"] or "",
    )


def content(page: StatesPage, query: str, scheme: str, narrow: bool, files: Files) -> Any:
    """The page's content; on a tablet the arms stand one under the other."""
    return layout.states_layout(page, query, scheme, narrow, files, stacked=tablet())


def graph(page: StatesPage, scheme: str, narrow: bool) -> Figure:
    """Its chart."""
    return layout.figure(page, scheme, narrow, stacked=tablet())


PAGE = StudyPage(
    name="states",
    title="States",
    make=states_page,
    layout=content,
    words=layout.words,
    minimal=minimal,
    figures={"graph": graph, "graphmodel": layout.model_figure},
    controls=(
        "unit",
        "at",
        "tau",
        "arms",
        "reference",
        "facet",
        "level",
        "ticks",
        "xmax",
        "stateplot",
    ),
    typed=("at", "tau", "ticks", "xmax"),
    values=layout.control_values,
    view_from=view_from,
    files={"json": export.states_json, "csv": export.states_csv, **export.SCRIPTS.files},
    image=layout.image,
    shown=lambda study: model_of(study) is not None,
)
