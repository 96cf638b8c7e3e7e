"""Callbacks of the evidence page: filters -> EvidenceView -> published facts -> page."""

from __future__ import annotations

from typing import Any

import flask
from dash import Dash, Input, Output, ctx, no_update

from callbacks.addresses import answered, download, json_response
from callbacks.context import explain, narrow, scheme
from components import evidence, page_notice
from components.evidence_figure import follow_up_figure
from services.evidence_export import evidence_csv, evidence_json
from services.evidence_page import evidence_page
from services.site_view_records import EvidenceView, decode_site, encode_site
from services.views.link import Link, site_link

PATH = "/evidence"
CONTROLS = ("drug", "risk", "design", "reports")


def layout(link: Link[EvidenceView], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address."""
    page = evidence_page(link.view)
    return evidence.evidence_layout(page, studies, link.query, scheme(), narrow())


def register(app: Dash) -> None:
    """Filters and address say the same; ``/evidence.json`` and ``.csv`` hold the numbers."""
    _addresses(app.server)

    @app.callback(
        output={
            "island": Output("evidence-island", "data"),
            "figure": Output("evidence-follow-up", "figure"),
            "search": Output("evidence-address", "search"),
            "controls": {c: Output(f"evidence-{c}", "value") for c in CONTROLS},
        },
        inputs={
            "search": Input("evidence-address", "search"),
            "controls": {c: Input(f"evidence-{c}", "value") for c in CONTROLS},
            "_display": Input("display", "data"),
        },
        prevent_initial_call=True,
    )
    def update(search: str, controls: dict[str, Any], **_triggers: Any) -> dict[str, Any]:
        try:
            link = site_link(EvidenceView, search or "", evidence_page)
            view = link.view
            if ctx.triggered_id not in ("evidence-address", "display"):
                view = EvidenceView(
                    drug=tuple(controls["drug"] or ()),
                    risk=tuple(controls["risk"] or ()),
                    design=controls["design"],
                    reports=controls["reports"],
                )
            page = evidence_page(view)
            return {
                "island": page_notice.above(
                    evidence.words(page), link.problems if link.says(view) else ()
                ),
                "figure": follow_up_figure(page.follow_up, scheme(), narrow()),
                "search": no_update if link.says(view) else encode_site(view),
                "controls": {
                    "drug": list(view.drug),
                    "risk": list(page.view.risk),
                    "design": view.design,
                    "reports": view.reports,
                },
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": page_notice.failure(error),
                "figure": no_update,
                "search": no_update,
                "controls": dict.fromkeys(CONTROLS, no_update),
            }


def _addresses(server: flask.Flask) -> None:
    def asked() -> EvidenceView:
        return decode_site(EvidenceView, flask.request.query_string.decode("utf-8", "replace"))

    server.add_url_rule(
        "/evidence.json",
        "evidence_json",
        lambda: answered(lambda: json_response(evidence_json(asked()))),
    )
    server.add_url_rule(
        "/evidence.csv",
        "evidence_csv",
        lambda: answered(lambda: download(evidence_csv(asked()), "evidence.csv")),
    )
