"""What needs no server: colour scheme, the folding rail."""

from __future__ import annotations

from dash import MATCH, ClientsideFunction, Dash, Input, Output, State

from components import page_notice, rail

# The stores of components/island.py, one per page and two for the rail.
ISLANDS = (
    rail.drawn_id(MATCH),
    rail.island_id(MATCH),
    page_notice.STORE,
    "catalogue-island",
    "overview-island",
    "overview-island-fixed",
    "evidence-island",
    "risk-island",
    "risk-island-fixed",
    "methods-island",
    "methods-island-fixed",
    "survival-island",
    "subgroups-island",
    "risk-models-island",
    "safety-island",
    "benefit-risk-island",
    "patient-island",
)


def register(app: Dash) -> None:
    """Bind the functions of ``assets/display.js`` to the controls."""
    app.clientside_callback(
        ClientsideFunction("display", "toggleScheme"),
        Output("mantine", "forceColorScheme"),
        Output("display", "data"),
        Input("scheme-toggle", "n_clicks"),
        State("display", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("display", "toggleRail"),
        Output("rail-toggle", "aria-expanded"),
        Input("rail-toggle", "n_clicks"),
        prevent_initial_call=True,
    )
    # Words and tables of a page, put in place without a component for each.
    for store in ISLANDS:
        # Dash calls what has no output for the first page only: the output here never changes.
        app.clientside_callback(
            ClientsideFunction("island", "put"),
            Output(store, "modified_timestamp"),
            Input(store, "data"),
        )
