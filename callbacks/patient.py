"""Callbacks of the page of one patient."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks import addresses
from callbacks.context import explain, narrow, scheme
from components import page_notice, patient
from services import patient_export
from services.catalogue import Catalogue
from services.patient import patient_page
from services.study import Study
from services.view import View, encode
from services.views.link import Link, study_link

PAGE = "patient"


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = patient_page(study, link.view)
    return patient.patient_layout(page, studies, link.query, scheme(), narrow())


def register(app: Dash, catalogue: Catalogue) -> None:
    """The page follows its address and the choice of a patient."""
    addresses.register_page(
        app.server,
        catalogue,
        PAGE,
        patient_page,
        {
            "json": lambda page: addresses.json_response(patient_export.patient_json(page)),
            "csv": lambda page: addresses.download(
                patient_export.patient_csv(page), f"{patient.file_stem(page)}.csv"
            ),
            "figure.json": lambda page: addresses.json_response(patient.image(page)),
        },
    )

    @app.callback(
        Output("patient-graph", "figure"),
        Output("patient-island", "data"),
        Output("patient-id", "value"),
        Output("patient-address", "search"),
        Input("patient-address", "search"),
        Input("patient-id", "value"),
        Input("display", "data"),
        State("patient-study", "data"),
        prevent_initial_call=True,
    )
    def update(search: str, subject: str | None, _display: Any, study_id: str) -> tuple[Any, ...]:
        try:
            study = catalogue.get(study_id)
            link = study_link(search, partial(patient_page, study))
            view = link.view
            if ctx.triggered_id == "patient-id" and subject:
                view = replace(view, id=subject)
            page = patient_page(study, view)
            figure = patient.figure(page, scheme(), narrow())
            return (
                figure,
                page_notice.above(
                    patient.words(page, figure["layout"]["height"]),
                    link.problems if link.says(view) else (),
                ),
                no_update if page.subject == (subject or "") else page.subject or None,
                no_update if link.says(view) else encode(view),
            )
        except Exception as problem:
            error = explain(problem)
            return (no_update, page_notice.failure(error), no_update, no_update)
