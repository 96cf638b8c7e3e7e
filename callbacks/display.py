"""What needs no server: color scheme, the folding rail."""

from __future__ import annotations

from dash import MATCH, ClientsideFunction, Dash, Input, Output

from callbacks import pages


def register(app: Dash) -> None:
    """Bind the functions of ``assets/display.js`` to the controls."""
    app.clientside_callback(
        ClientsideFunction("display", "toggleScheme"),
        Output("display", "data"),
        Input("scheme-toggle", "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("display", "toggleRail"),
        Output("rail-toggle", "aria-expanded"),
        Input("rail-toggle", "n_clicks"),
        prevent_initial_call=True,
    )
    # Words and tables of a page, put in place without a component for each.
    for store in pages.islands(MATCH):
        # Dash calls what has no output for the first page only: the output here never changes.
        app.clientside_callback(
            ClientsideFunction("island", "put"),
            Output(store, "modified_timestamp"),
            Input(store, "data"),
        )
