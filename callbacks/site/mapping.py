"""The mapping page: every choice shows its preview; "Use this" keeps it with the study."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.context import explain, narrow, scheme
from callbacks.said import like, text
from callbacks.site.upload import check_key
from components.mapping import layout as mapping_layout
from components.shell import notice
from services.pages.mapping.page import event_values, mapping_page
from services.reading.guess import guess_events, unit_of
from services.reading.mapping import Mapping, parse_mapping
from services.studies import Catalogue
from services.uploads.store import Store

_CONTROLS = {
    "adtte": {
        t: Input(mapping_layout.control_id("adtte", t), "value")
        for t in mapping_layout.ADTTE_TARGETS
    },
    "adsl": {
        t: Input(mapping_layout.control_id("adsl", t), "value") for t in mapping_layout.ADSL_TARGETS
    },
    "events": Input("mapping-events", "value"),
    **{
        k: Input(f"mapping-{k}", "value")
        for k in ("unit", "reference", "title", "endpoint", "good", "arms_alike")
    },
    **{role: Input(f"mapping-{role}", "value") for role in mapping_layout.ROLES},
}
_OUTPUTS = {
    "preview": Output("mapping-preview", "children"),
    "levels": Output("mapping-events", "options"),
    "events": Output("mapping-events", "value"),
    "unit": Output("mapping-unit", "value"),
    "unready": Output("mapping-save", "disabled"),
    "unchosen": Output("mapping-events", "placeholder"),
    "by_name": Output("mapping-good", "placeholder"),
    "alike": Output("mapping-arms_alike", "placeholder"),
    "arms": Output("mapping-reference", "options"),
    "model": Output("mapping-model", "children"),
    "states": Output("mapping-states", "className"),
    **{role: Output(f"mapping-{role}", "options") for role in mapping_layout.ROLES},
    **{f"{role} unsaid": Output(f"mapping-{role}", "placeholder") for role in mapping_layout.ROLES},
    "saved": Output("mapping-saved", "children"),
    "href": Output("mapping-address", "href"),
}


def content(store: Store, study_id: str, query: str = "") -> Any:
    """Content of the page for an upload; ``query`` may name the table of times."""
    table = dict(parse_qsl(query.removeprefix("?"))).get("table", "")
    page = mapping_page(store, study_id, table=table)
    return mapping_layout.mapping_content(page, scheme(), narrow())


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback for every choice and for keeping them."""
    store = catalogue.importer().store

    @app.callback(
        output=_OUTPUTS,
        inputs={"controls": _CONTROLS, "_save": Input("mapping-save", "n_clicks")},
        state={
            "study_id": State("mapping-study", "data"),
            "table": State("mapping-table", "data"),
            "edition": State("mapping-edition", "data"),
        },
        prevent_initial_call=True,
    )
    def update(
        controls: dict[str, Any], study_id: str, table: str, edition: str, **_triggers: Any
    ) -> dict[str, Any]:
        same = dict.fromkeys(_OUTPUTS, no_update)
        try:
            study_id, controls = text(study_id), _held(controls) | {"table": text(table)}
            if ctx.triggered_id == mapping_layout.control_id("adtte", "CNSR"):
                controls = controls | {"events": _events(store, study_id, controls)}
            if ctx.triggered_id == mapping_layout.control_id("adtte", "AVAL"):
                # A time in days is not in the months of the column before it.
                controls = controls | {"unit": unit_of(controls["adtte"]["AVAL"] or "")}
            said = parse_mapping(mapping_layout.said(controls))
            if ctx.triggered_id == "mapping-save":
                check_key(store, study_id)
                store.set_mapping(study_id, said, text(edition))
                return same | {"href": f"/study/{study_id}/data", "saved": []}
            return same | _answers(store, study_id, said)
        except Exception as problem:
            error = explain(problem)
            return same | {
                "saved": notice("Not saved yet", error.message, error.hint, "error"),
            }


def _held(controls: dict[str, Any]) -> dict[str, Any]:
    """What the controls hold, if they can."""
    roles = {role: like(controls[role], {}) for role in ("adtte", "adsl")}
    rest = {name: value for name, value in controls.items() if name not in roles}
    return roles | like(rest, {"events": []})


def _events(store: Store, study_id: str, controls: dict[str, Any]) -> list[str]:
    """Another column for the event: its values are guessed anew."""
    column = controls["adtte"]["CNSR"]
    if not column or column == "CNSR":
        return []
    return list(guess_events(event_values(store, study_id, column, controls["table"]), column))


def _answers(store: Store, study_id: str, said: Mapping) -> dict[str, Any]:
    page = mapping_page(store, study_id, said)
    return {
        "preview": mapping_layout.preview(page),
        "levels": [{"value": v, "label": v} for v in mapping_layout.event_levels(page)],
        "events": list(page.events),
        "unit": page.unit or None,
        "unready": page.problem is not None,
        "unchosen": mapping_layout.events_placeholder(page),
        "by_name": mapping_layout.good_placeholder(page),
        "alike": mapping_layout.alike_placeholder(page),
        "arms": [{"value": a, "label": a} for a in mapping_layout.arm_choices(page)],
        "model": mapping_layout.model(page, scheme(), narrow()),
        "states": mapping_layout.states_class(page),
        **{
            role: [{"value": v, "label": w} for v, w in mapping_layout.role_options(page, role)]
            for role in mapping_layout.ROLES
        },
        **{
            f"{role} unsaid": mapping_layout.role_placeholder(page, role)
            for role in mapping_layout.ROLES
        },
        "saved": [],
    }
