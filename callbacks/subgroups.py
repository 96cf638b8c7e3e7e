"""Callbacks of the subgroups page: controls -> View -> services -> components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import flask
from dash import Dash, Input, Output, State, ctx, no_update, set_props

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from callbacks.controls import Typed, follow, mark
from components import page_notice, subgroups
from components.controls import choice, segmented
from components.subgroups_controls import addable, control_values, strata_options
from services import subgroups_export, subgroups_scripts
from services.analysis import resolve
from services.catalogue import Catalogue
from services.derived import with_cuts
from services.errors import UserError
from services.page_records import file_name
from services.study import Study
from services.subgroups_page import minimal_view, split_row, subgroups_page, with_row_filter
from services.subgroups_records import SubgroupsPage
from services.variables import shown as shown_variables
from services.view import View, encode, format_number, join_list, read_field
from services.views.link import Link, study_link
from services.views.parse import FieldError, cut_points
from services.views.words import beside

PAGE = "subgroups"
CONTROLS = (
    "endpoint",
    "arm",
    "reference",
    "unit",
    "ci",
    "level",
    "strata",
    "diff",
    "per_arm",
    "min_events",
    "sort",
)
TYPED = ("diff", "min_events")
MARKED = (*TYPED, "cut-points")
_OUTPUTS = {
    "figure": Output("subgroups-graph", "figure"),
    "row_figure": Output("subgroups-row-graph", "figure"),
    "island": Output("subgroups-island", "data"),
    "added": Output("subgroups-add", "value"),
    "search": Output("subgroups-address", "search"),
}


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = subgroups_page(study, link.view)
    return subgroups.subgroups_layout(
        page, studies, link.query, scheme(), narrow(), _endpoint(page, narrow())
    )


def _endpoint(page: SubgroupsPage, vertical: bool) -> Any:
    options = [(e.id, e.label) for e in page.study.endpoints]
    if len(options) > 4:
        return choice("subgroups-endpoint", options, page.view.endpoint, "Endpoint")
    made = segmented("subgroups-endpoint", options, page.view.endpoint, "Endpoint", vertical)
    made.className = "hidden" if len(options) < 2 else "endpoint-switch"
    return made


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback computes forest, curves and words together: one round trip per change."""
    addresses.register_page(
        app.server,
        catalogue,
        PAGE,
        subgroups_page,
        {
            "json": lambda page: addresses.json_response(subgroups_export.subgroups_json(page)),
            "csv": lambda page: _file(
                page, subgroups_export.subgroups_csv(page), "subgroups", "csv"
            ),
            "data.csv": lambda page: _file(
                page, subgroups_export.patients_csv(page), "subgroups-patients", "csv"
            ),
            "py": lambda page: _script(page, subgroups_scripts.python_script, "py"),
            "R": lambda page: _script(page, subgroups_scripts.r_script, "R"),
            "figure.json": lambda page: addresses.json_response(subgroups.image(page)),
        },
    )

    @app.callback(
        output={
            "page": _OUTPUTS,
            "rail": population.outputs(PAGE),
        },
        inputs={
            "search": Input("subgroups-address", "search"),
            "controls": {name: Input(f"subgroups-{name}", "value") for name in CONTROLS},
            "rail": population.inputs(PAGE),
            "event": Input("subgroups-event", "data"),
            "add": Input("subgroups-add", "value"),
            "_cut": Input("subgroups-cut-add", "n_clicks"),
            "_display": Input("display", "data"),
        },
        state={
            "study_id": State("subgroups-study", "data"),
            "before": {
                "addable": State("subgroups-add", "data"),
                "strata_options": State("subgroups-strata", "data"),
                "placeholder": State("subgroups-diff", "placeholder"),
            },
            "errors": {
                name: State(f"subgroups-{name}", "error") for name in (*TYPED, "cut-points")
            },
            "cut": {
                "column": State("subgroups-cut-column", "value"),
                "how": State("subgroups-cut-how", "value"),
                "points": State("subgroups-cut-points", "value"),
            },
        },
        prevent_initial_call=True,
    )
    def update(
        search: str,
        controls: dict[str, Any],
        rail: dict[str, Any],
        event: Any,
        add: str | None,
        before: dict[str, Any],
        errors: dict[str, Any],
        study_id: str,
        cut: dict[str, Any],
        **_triggers: Any,
    ) -> dict[str, Any]:
        try:
            study = catalogue.get(study_id)
            opened = population.opened(PAGE, search, rail)
            link = study_link(search, partial(subgroups_page, study))
            view = link.view
            trigger = ctx.triggered_id
            wrong: dict[str, str] = {}
            if trigger == "subgroups-event":
                view = after(study, view, event or {})
            elif trigger == "subgroups-add":
                view = with_variable(study, view, add)
            elif trigger == "subgroups-cut-add":
                view, wrong = with_cut(study, view, cut)
            elif not opened:
                last = population.answered_last(rail)
                # Controls that say what was answered last were set by us: the address is newer.
                said, wrong = view_from(study, last, controls)
                if minimal_view(study, said) != minimal_view(study, last):
                    view, _ = view_from(study, view, controls)
            page = subgroups_page(study, view)
            mark(PAGE, wrong, errors)
            return _answers(page, link, rail, controls, before | {"added": add}, wrong)
        except Exception as problem:
            return _sorry(problem)


def _file(page: SubgroupsPage, text: str, name: str, ending: str) -> flask.Response:
    return addresses.download(text, file_name(page, name, ending))


def _script(
    page: SubgroupsPage, make: Callable[[SubgroupsPage, str], str], ending: str
) -> flask.Response:
    return addresses.script(make, page, file_name(page, PAGE, ending))


def view_from(
    study: Study, before: View, controls: Mapping[str, Any]
) -> tuple[View, dict[str, str]]:
    """The view as the controls have it, and what is wrong with fields; what is not theirs stays."""
    # Times typed in months mean nothing in years: a change of unit starts from the defaults.
    same_unit = controls["unit"] == before.unit
    typed = Typed(before, controls)
    view = replace(
        before,
        endpoint=controls["endpoint"],
        arms=_arms(study, before, controls["arm"], controls["reference"]),
        unit=controls["unit"],
        ci=controls["ci"],
        level=typed.read("level"),
        strata=tuple(controls["strata"]),
        at=before.at if same_unit else (),
        diff=typed.read("diff") if same_unit else None,
        tau=before.tau if same_unit else None,
        ticks=before.ticks if same_unit else None,
        xmax=before.xmax if same_unit else None,
        per_arm=controls["per_arm"],
        min_events=typed.read("min_events"),
        sort=controls["sort"],
    )
    return view, typed.wrong


def _arms(study: Study, before: View, arm: str, reference: str) -> tuple[str, ...]:
    """The pair as chosen; what the page shows anyway stays as it was written."""
    shown = resolve(with_cuts(study, before.cut), before).arms[:2]
    if len(shown) < 2 or not arm or not reference or shown == (reference, arm):
        return before.arms
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


def with_cut(study: Study, view: View, form: Mapping[str, Any]) -> tuple[View, dict[str, str]]:
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


def _answers(
    page: SubgroupsPage,
    link: Link[View],
    rail: Mapping[str, Any],
    controls: Mapping[str, Any],
    before: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> dict[str, Any]:
    view = minimal_view(page.study, page.view)
    query = encode(view)
    figure = subgroups.figure(page, scheme(), narrow())
    curves = subgroups.row_figure(page, scheme())
    follow(PAGE, control_values(page), controls, TYPED, wrong)
    options = {
        "addable": ("subgroups-add", "data", addable(page)),
        "strata_options": ("subgroups-strata", "data", strata_options(page)),
        "placeholder": ("subgroups-diff", "placeholder", format_number(page.time)),
    }
    for name, (control, prop, value) in options.items():
        if value != before[name]:
            set_props(control, {prop: value})
    return {
        "page": {
            "figure": figure,
            # Hidden without an open row: not drawn in vain.
            "row_figure": curves if page.row else no_update,
            "island": subgroups.words(page, figure["layout"]["height"], curves["layout"]["height"]),
            "added": None if before["added"] else no_update,
            "search": no_update if link.says(view) else query,
        },
        "rail": population.answers(PAGE, page, view, link, rail),
    }


def _sorry(problem: Exception) -> dict[str, Any]:
    """What was wrong, above the forest; what was chosen and what was shown stay."""
    error = explain(problem)
    return {
        "page": dict.fromkeys(_OUTPUTS, no_update)
        | {
            "island": page_notice.failure(error),
            "added": None,
        },
        "rail": population.UNCHANGED,
    }
