"""The subgroups page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from callbacks.controls import Controls
from callbacks.study import what_if
from callbacks.study_page import Changed, Event, StudyPage
from components.subgroups import layout as subgroups_layout
from components.subgroups.controls import addable, control_values, pair_place, strata_options
from components.survival.controls import arm_options
from services.errors import UserError
from services.numbers import format_number
from services.pages.subgroups import export as subgroups_export
from services.pages.subgroups.page import minimal_view, split_row, subgroups_page, with_row_filter
from services.pages.subgroups.records import SubgroupsPage
from services.pages.subgroups.variables import shown as shown_variables
from services.study.cuts import with_cuts
from services.study.model import Study
from services.views.parse import FieldError, cut_points, join_list
from services.views.study import View, read_field
from services.views.words import beside


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it; what is not theirs stays."""
    page = subgroups_page(study, controls.before)
    made = replace(
        controls.before,
        **controls.held("endpoint", "unit", "ci", "per_arm", "sort", "shrink"),
        diff=controls.time("diff"),
        arms=_arms(page, controls["arm"], controls["reference"]) or controls.before.arms,
        level=controls.read("level"),
        strata=tuple(controls["strata"]),
        min_events=controls.read("min_events"),
    )
    return what_if.asked(made, controls, page)


def _arms(page: SubgroupsPage, arm: str, reference: str) -> tuple[str, ...]:
    """The pair as chosen; () where the page shows it anyway: it stays as it was written."""
    shown = page.view.arms[:2]
    if len(shown) < 2 or not arm or not reference or shown == (reference, arm):
        return ()
    if arm == reference:
        # The one just chosen stays; the other takes its place's former holder.
        return (shown[1], shown[0])
    return (reference, arm)


def _names(study: Study, view: View) -> list[str]:
    """The variables shown, in the order of the address or of the study."""
    return [v.name for v in shown_variables(with_cuts(study, view.cut), view)]


def after(study: Study, view: View, event: Mapping[str, Any]) -> View:
    """The view after an event of a list, a table or the open row."""
    do, value = event.get("do"), event.get("value", "")
    if isinstance(value, list) != (do == "order"):
        return view
    if do == "row":
        return replace(view, row="" if view.row == value else value)
    if do == "close":
        return replace(view, row="")
    if do == "fold":
        folded = [name for name in view.fold if name != value]
        return replace(view, fold=tuple(folded if value in view.fold else [*folded, value]))
    names = _names(study, view)
    if do == "filter":
        found = split_row(value, names)
        return with_row_filter(view, *found) if found else view
    if do == "order":
        wanted = [name for name in value if name in names]
        return replace(view, by=(*wanted, *(n for n in names if n not in wanted)), sort="given")
    if do in ("up", "down") and value in names:
        place = names.index(value)
        other = min(max(place + (1 if do == "down" else -1), 0), len(names) - 1)
        names[place], names[other] = names[other], names[place]
        return replace(view, by=tuple(names), sort="given")
    if do == "remove" and value in names:
        return without_variable(replace(view, by=tuple(names)), value)
    return view


def with_variable(study: Study, view: View, name: str | None) -> View:
    """One more variable at the end of the list."""
    names = _names(study, view)
    return replace(view, by=(*names, name)) if name and name not in names else view


def without_variable(view: View, name: str) -> View:
    """The view without a variable; a cut group goes with all that was made of it."""
    view = replace(view, by=tuple(n for n in view.by if n != name))
    if name not in view.cut:
        return view
    filters = {column: values for column, values in view.filters if column != name}
    return replace(
        view.with_filters(filters),
        cut=tuple(c for c in view.cut if c != name),
        strata=tuple(s for s in view.strata if s != name),
        facet="" if view.facet == name else view.facet,
        row="" if view.row.startswith(f"{name}:") else view.row,
    )


def with_cut(study: Study, view: View, form: Mapping[str, Any]) -> Changed:
    """The view with one more group, cut as the form says, or what is wrong with its points."""
    try:
        how = f"q{form['how']}"
        if form["how"] == "points":
            how = "/".join(map(format_number, cut_points(str(form["points"] or ""))))
        cuts = read_field("cut", join_list(dict.fromkeys((*view.cut, f"{form['column']}:{how}"))))
        with_cuts(study, cuts)
    except FieldError as problem:
        return view, {"cut-points": beside(problem)}
    except UserError as problem:
        return view, {"cut-points": f"{problem.message} {problem.hint}"}
    names = _names(study, view)
    return replace(view, cut=cuts, by=tuple(dict.fromkeys((*names, cuts[-1])))), {}


PAGE = StudyPage(
    name="subgroups",
    title="Subgroups",
    make=subgroups_page,
    layout=subgroups_layout.subgroups_layout,
    words=subgroups_layout.words,
    minimal=minimal_view,
    figures={
        "graph": subgroups_layout.figure,
        "row-graph": lambda page, scheme, _narrow: subgroups_layout.row_figure(page, scheme),
    },
    controls=(
        "endpoint", "arm", "reference", "unit", "ci", "level", "strata", "diff", "per_arm",
        "min_events", "sort", "shrink", *what_if.NAMES,
    ),
    typed=("diff", "min_events", "landmark"),
    marked=("cut-points",),
    values=control_values,
    view_from=view_from,
    events={
        "subgroups-event": Event(
            act=lambda study, view, event, _: (after(study, view, event or {}), {})
        ),
        "subgroups-add": Event(
            prop="value",
            act=lambda study, view, name, _: (with_variable(study, view, name), {}),
            reset=True,
        ),
        "subgroups-cut-add": Event(
            prop="n_clicks",
            act=lambda study, view, _clicks, form: with_cut(study, view, form),
            state={
                "column": ("subgroups-cut-column", "value"),
                "how": ("subgroups-cut-how", "value"),
                "points": ("subgroups-cut-points", "value"),
            },
        ),
    },
    options={
        ("subgroups-add", "options"): addable,
        ("subgroups-strata", "options"): strata_options,
        ("subgroups-arm", "options"): arm_options,
        ("subgroups-reference", "options"): arm_options,
        ("subgroups-pair", "className"): pair_place,
        **what_if.options("subgroups"),
        ("subgroups-diff", "placeholder"): lambda page: format_number(page.time),
    },
    files={
        "json": subgroups_export.subgroups_json,
        "csv": subgroups_export.subgroups_csv,
        **subgroups_export.SCRIPTS.files,
    },
    second_opinion=True,
    captions=subgroups_layout.captions,
    image=subgroups_layout.image,
)  # fmt: skip
