"""Callbacks of the risk page: values -> RiskView -> published groups."""

from __future__ import annotations

from typing import Any

import flask
from dash import Dash, Input, Output, ctx, no_update

from callbacks.addresses import answered, download, json_response
from callbacks.context import explain, narrow, scheme
from components import risk
from components.risk_figure import course_figure
from services.risk_page import risk_csv, risk_json, risk_page
from services.site_view_records import RiskView, decode_site, encode_site

PATH = "/risk"
NUMBERS = ("bmpc", "mprot", "flcr")


def layout(query: str, studies: Any) -> tuple[Any, Any]:
    """Header and content for an address."""
    page = risk_page(decode_site(RiskView, query))
    return risk.risk_layout(page, studies, query, scheme(), narrow())


def register(app: Dash) -> None:
    """The calculator answers while it is typed into; ``/risk.json`` and ``.csv`` hold all."""
    _addresses(app.server)

    @app.callback(
        output={
            "island": Output("risk-island", "data"),
            "search": Output("risk-address", "search"),
            "numbers": {n: Output(f"risk-{n}", "value") for n in NUMBERS},
            "fish": Output("risk-fish", "value"),
        },
        inputs={
            "search": Input("risk-address", "search"),
            "numbers": {n: Input(f"risk-{n}", "value") for n in NUMBERS},
            "fish": Input("risk-fish", "value"),
        },
        prevent_initial_call=True,
    )
    def update(search: str, numbers: dict[str, Any], fish: str) -> dict[str, Any]:
        from_address = ctx.triggered_id == "risk-address"
        unchanged: dict[str, Any] = dict.fromkeys(NUMBERS, no_update)
        try:
            asked = decode_site(RiskView, search or "")
            view = asked
            if not from_address:
                typed = {n: None if v in ("", None) else float(v) for n, v in numbers.items()}
                view = RiskView(**typed, fish=fish)
            values = {n: "" if (v := getattr(view, n)) is None else v for n in NUMBERS}
            return {
                "island": risk.words(risk_page(view)),
                "search": no_update if view == asked else encode_site(view),
                # What is being typed stays under the reader's fingers.
                "numbers": values if from_address else unchanged,
                "fish": view.fish,
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": risk.failure("This cannot be shown", error.message, error.hint),
                "search": no_update,
                "numbers": unchanged,
                "fish": no_update,
            }

    @app.callback(
        Output("risk-course", "figure"), Input("display", "data"), prevent_initial_call=True
    )
    def redraw(_display: Any) -> dict[str, Any]:
        return course_figure(risk_page(RiskView()), scheme(), narrow())


def _addresses(server: flask.Flask) -> None:
    def asked() -> RiskView:
        return decode_site(RiskView, flask.request.query_string.decode("utf-8", "replace"))

    server.add_url_rule(
        "/risk.json", "risk_json", lambda: answered(lambda: json_response(risk_json(asked())))
    )
    server.add_url_rule(
        "/risk.csv", "risk_csv", lambda: answered(lambda: download(risk_csv(asked()), "risk.csv"))
    )
