"""The page on a study's data, and its numbers for programs."""

from __future__ import annotations

from typing import Any

import flask

from callbacks.addresses import answered, json_response
from components.data import data_layout
from services.catalogue import Catalogue
from services.pages.export import study_header
from services.records import to_json
from services.study import Study
from services.view import View
from services.views.link import Link

PAGE = "data"


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address."""
    return data_layout(study, studies, link.query)


def register(server: flask.Flask, catalogue: Catalogue) -> None:
    """Answer ``/study/<id>/data.json`` with the import report."""

    def as_json(study_id: str) -> flask.Response:
        def make() -> flask.Response:
            study = catalogue.get(study_id)
            return json_response({"study": study_header(study), "report": to_json(study.report)})

        return answered(make)

    server.add_url_rule(f"/study/<study_id>/{PAGE}.json", "data_json", as_json)
