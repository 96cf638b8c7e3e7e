"""A second opinion on a page's numbers, for readers and for programs."""

from __future__ import annotations

from typing import Any

import flask

from callbacks import addresses
from callbacks.study_page import StudyPage
from components.second_opinion.layout import opinion_part
from services.pages.records import file_name
from services.pages.second_opinion.export import opinion_csv, opinion_json
from services.pages.second_opinion.page import second_opinion
from services.settings import Settings
from services.studies import Catalogue


def register(
    server: flask.Flask, catalogue: Catalogue, settings: Settings, page: StudyPage[Any]
) -> None:
    """Answer ``/study/<id>/<page>/second-opinion.json`` and ``.csv``, and the part for readers."""

    def answer(kind: str, study_id: str) -> flask.Response:
        made = page.make(catalogue.get(study_id), addresses.asked_view())
        found = second_opinion(made, settings.second_opinion_r)
        if kind == "json":
            return addresses.json_response(opinion_json(found))
        if kind == "csv":
            name = file_name(made, f"{page.name}-second-opinion", "csv")
            return addresses.download(opinion_csv(found), name)
        part = opinion_part(found, f"/study/{study_id}/{page.name}/second-opinion")
        return flask.Response(part, mimetype="text/html")

    def route(kind: str, rule: str) -> None:
        def view(study_id: str) -> flask.Response:
            return addresses.answered(lambda: answer(kind, study_id))

        server.add_url_rule(rule, f"second_opinion_{page.name}_{kind}", view)

    route("html", f"/second-opinion/<study_id>/{page.name}")
    for kind in ("json", "csv"):
        route(kind, f"/study/<study_id>/{page.name}/second-opinion.{kind}")
