"""The first page: a card per study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from components.shell import kind_badge
from services.study import Study


def catalogue_content(studies: Sequence[Study]) -> Any:
    """One card per study, with the way into it."""
    return html.Main(
        [
            html.H1("What trials of early treatment have shown"),
            html.P(
                "Smoldering multiple myeloma causes no symptoms and becomes multiple myeloma in"
                " about 10% of patients a year. These trials ask whether treating it early helps.",
                className="lead",
            ),
            html.Div([_card(study) for study in studies], className="cards"),
        ],
        className="main alone",
    )


def _card(study: Study) -> Any:
    arms = " · ".join(
        f"{arm.name} {int((study.subjects['ARM_PLANNED'] == arm.name).sum())}" for arm in study.arms
    )
    return html.Article(
        [
            html.Div(
                [
                    html.H2(dcc.Link(study.title, href=f"/study/{study.id}/survival")),
                    kind_badge(study),
                ],
                className="title-row",
            ),
            html.P(study.metadata.summary) if study.metadata.summary else None,
            html.P(arms, className="hint"),
        ],
        className="card",
    )
