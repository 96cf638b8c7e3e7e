"""What stands first on a study's page: what was published, then the answer of the patients here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components import html, parts
from components.published import cited
from services.pages.records import MadeUp, PageRecord

if TYPE_CHECKING:
    from services.evidence.cited import Headline
    from services.study.model import Study


def answer(page: PageRecord) -> list[Any]:
    """The published results, then the page's own sentence, marked if it is of simulated patients.

    What was made up stands under a band that says so; the style sheet draws its intervals and
    p-values lighter. What reconsidered times changed is said once, whatever leads the page.
    """
    made = [published(page.headlines)]
    told, band = page.answer, None
    changed = html.P(page.changed, className="answer-change") if page.changed else None
    if page.made_up is not None and page.tells:
        # Of benefit and risk one may be published: then only the other's rows are marked.
        told = page.answer.removesuffix(page.made_up.sentence).strip()
        band = html.Div(
            chip(),
            html.P(page.made_up.sentence, className="answer-main"),
            changed,
            className="made-up partly" if told else "made-up",
            role="note",
        )
    if told:
        if page.study.kind == "simulated":
            made.append(html.P("In the simulated patients", className="answer-whose"))
        made.append(html.P(told, className="answer-main"))
    made.append(band or changed)
    if page.answer_detail:
        made.append(html.P(page.answer_detail, className="answer-detail"))
    return [part for part in made if part is not None]


def published(headlines: tuple[Headline, ...], label: str = "Published results") -> Any:
    """The trial's own results of what the page shows, each opening its source.

    Parameters
    ----------
    label : of the part, which tells two of a page apart
    """
    if not headlines:
        return None
    rows = [
        (item.told, [cited(item.cited), html.Span(_source(item), className="published-source")])
        for item in headlines
    ]
    return html.Section(
        html.H2("Published"),
        parts.headlines(rows),
        className="card published-card",
        aria_label=label,
    )


def _source(item: Headline) -> str:
    """Where it was published, in short: "Lonial 2020"."""
    source = item.cited.sources[0]
    return source.label or source.title


def chip() -> Any:
    """The mark of what no publication gives."""
    return html.Span("Illustrative", className="made-up-chip")


def events_chip(page: PageRecord) -> Any:
    """The mark of a part with adverse events: most terms of simulated patients are not published.

    Where nothing on the page is, its style sheet marks every part.
    """
    return chip() if page.study.kind == "simulated" and page.made_up is None else None


def arm_chip(study: Study, arm: str) -> Any:
    """The mark of an arm of a simulated study whose adverse events no publication gives."""
    given = study.metadata.calibrated
    made_up = study.kind == "simulated" and given.endpoints and arm not in given.severe_events
    return chip() if made_up else None


def stand_back(figure: dict[str, Any], made_up: MadeUp | None) -> dict[str, Any]:
    """The figure, its intervals and bands lighter where what it shows was made up."""
    if made_up is None:
        return figure
    lighter = {"interval", "band", "overall"}
    data = [t | {"opacity": 0.4} if t.get("meta") in lighter else t for t in figure["data"]]
    return figure | {"data": data}
