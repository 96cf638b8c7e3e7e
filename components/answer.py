"""What stands first on a study's page: what was published, then the answer of the patients here."""

from __future__ import annotations

from typing import Any, Protocol

from dash import html

from components.published import cited
from services.evidence_page_records import Headline
from services.page_records import MadeUp
from services.study import Study


class Answered(Protocol):
    """A page of a study that says its result in words."""

    @property
    def study(self) -> Study: ...  # noqa: D102
    @property
    def headlines(self) -> tuple[Headline, ...]: ...  # noqa: D102
    @property
    def made_up(self) -> MadeUp | None: ...  # noqa: D102
    @property
    def answer(self) -> str: ...  # noqa: D102
    @property
    def answer_detail(self) -> str: ...  # noqa: D102


def answer(page: Answered) -> list[Any]:
    """The published results, then the page's own sentence, marked if it is of simulated patients.

    What was made up stands under a band that says so; the style sheet draws its intervals and
    p-values lighter.
    """
    parts = [published(page.headlines)]
    if page.made_up is not None and page.answer:
        parts.append(
            html.Div(
                [chip(), html.P(page.answer, className="answer-main")],
                className="made-up",
                role="note",
            )
        )
    elif page.answer:
        if page.study.kind == "simulated":
            parts.append(html.P("In the simulated patients", className="answer-whose"))
        parts.append(html.P(page.answer, className="answer-main"))
    if page.answer_detail:
        parts.append(html.P(page.answer_detail, className="answer-detail"))
    return [part for part in parts if part is not None]


def published(headlines: tuple[Headline, ...]) -> Any:
    """The trial's own results of what the page shows, each opening its source."""
    if not headlines:
        return None
    rows = [
        html.Div(
            [
                html.Dt(item.label),
                html.Dd(
                    [cited(item.cited), html.Span(_source(item), className="published-source")]
                ),
            ],
            className="headline",
        )
        for item in headlines
    ]
    return html.Section(
        [html.H2("Published"), html.Dl(rows, className="headlines")],
        className="card published-card",
        **{"aria-label": "Published results"},
    )


def _source(item: Headline) -> str:
    """Where it was published, in short: "Lonial 2020"."""
    source = item.cited.sources[0]
    return source.label or source.title


def chip() -> Any:
    """The mark of what no publication gives."""
    return html.Span("Illustrative", className="made-up-chip")
