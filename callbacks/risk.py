"""Callbacks of the risk page: values -> RiskView -> published groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from dash import Dash, Input, Output, ctx, no_update

from callbacks.addresses import answered, download, json_response
from callbacks.context import explain, narrow, scheme
from components import page_notice, risk, risk_calculator
from components.risk_calculator import CHOICES, TYPED
from components.risk_figure import course_figure
from services.errors import UserError
from services.risk_page import risk_csv, risk_json, risk_page
from services.site_view_records import RiskView, decode_site, encode_site, read_typed
from services.view import format_number
from services.views.link import Link, site_link

PATH = "/risk"


def layout(link: Link[RiskView], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address."""
    page = risk_page(link.view)
    return risk.risk_layout(page, studies, link.query, scheme(), narrow())


def view_of(
    typed: Mapping[str, Any], chosen: Mapping[str, str], sure: tuple[str, ...]
) -> tuple[RiskView, dict[str, str]]:
    """The view of what the fields hold, and per field what is wrong with it.

    A value that cannot be used is left out; its field keeps what was typed.
    """
    values: dict[str, Any] = {**chosen, "sure": sure}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        try:
            values[name] = read_typed(name, str(text or ""))
        except UserError as problem:
            wrong[name] = f"{text}: {problem.hint[0].lower()}{problem.hint[1:]}"
    return RiskView(**values), wrong


def register(app: Dash) -> None:
    """The calculator answers while it is typed into; ``/risk.json`` and ``.csv`` hold all."""
    _addresses(app.server)

    @app.callback(
        output={
            "island": Output("risk-island", "data"),
            "search": Output("risk-address", "search"),
            "typed": {n: Output(f"risk-{n}", "value") for n in TYPED},
            "wrong": {n: Output(f"risk-{n}", "error") for n in TYPED},
            "chosen": {n: Output(f"risk-{n}", "value") for n in CHOICES},
            "unit": Output("risk-mprot", "label"),
            "ratio": Output("risk-ratio-box", "className"),
            "chains": Output("risk-chains-box", "className"),
        },
        inputs={
            "search": Input("risk-address", "search"),
            "typed": {n: Input(f"risk-{n}", "value") for n in TYPED},
            "chosen": {n: Input(f"risk-{n}", "value") for n in CHOICES},
        },
        prevent_initial_call=True,
    )
    def update(search: str, typed: dict[str, Any], chosen: dict[str, str]) -> dict[str, Any]:
        from_address = ctx.triggered_id == "risk-address"
        unchanged: dict[str, Any] = dict.fromkeys(TYPED, no_update)
        wrong: dict[str, str] = {}
        try:
            link = site_link(RiskView, search or "", risk_page)
            asked = view = link.view
            if not from_address:
                view, wrong = view_of(typed, chosen, _still_sure(asked, typed))
            shown = {n: "" if (v := getattr(view, n)) is None else format_number(v) for n in TYPED}
            chains = risk_calculator.chains_shown(view)
            return {
                "island": page_notice.above(
                    risk_calculator.words(risk_page(view)), link.problems if link.says(view) else ()
                ),
                "search": no_update if view == asked else encode_site(view),
                # What is being typed stays under the reader's fingers.
                "typed": shown if from_address else unchanged,
                "wrong": {n: wrong.get(n, "") for n in TYPED},
                "chosen": {n: getattr(view, n) for n in CHOICES} if from_address else chosen,
                "unit": risk_calculator.label("mprot", view),
                "ratio": "hidden" if chains else "",
                "chains": "risk-pair" if chains else "risk-pair hidden",
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": page_notice.failure(error),
                "search": no_update,
                "typed": unchanged,
                "wrong": unchanged,
                "chosen": dict.fromkeys(CHOICES, no_update),
                "unit": no_update,
                "ratio": no_update,
                "chains": no_update,
            }

    @app.callback(
        Output("risk-course", "figure"), Input("display", "data"), prevent_initial_call=True
    )
    def redraw(_display: Any) -> dict[str, Any]:
        return course_figure(risk_page(RiskView()), scheme(), narrow())


def _still_sure(asked: RiskView, typed: Mapping[str, Any]) -> tuple[str, ...]:
    """Who said that an odd value is meant said it of that value: another is asked about again."""
    before = {n: getattr(asked, n) for n in asked.sure}
    same = []
    for name in asked.sure:
        try:
            if read_typed(name, str(typed[name] or "")) == before[name]:
                same.append(name)
        except UserError:
            continue
    return tuple(same)


def _addresses(server: flask.Flask) -> None:
    def asked() -> RiskView:
        return decode_site(RiskView, flask.request.query_string.decode("utf-8", "replace"))

    server.add_url_rule(
        "/risk.json", "risk_json", lambda: answered(lambda: json_response(risk_json(asked())))
    )
    server.add_url_rule(
        "/risk.csv", "risk_csv", lambda: answered(lambda: download(risk_csv(asked()), "risk.csv"))
    )
