"""The safety page: answer, overview, chart, tables, published figures, and its controls."""

from __future__ import annotations

from typing import Any

from dash import dcc

from components import html, island
from components import page as frame
from components.answer import answer, events_chip, stand_back
from components.chart import EMPTY_FIGURE
from components.chart_keys import POINTS, chart_keys
from components.page import Files
from components.rail import rail
from components.safety.butterfly_figure import butterfly_figure
from components.safety.controls import section_control, settings, toolbar
from components.safety.figure import dot_figure
from components.safety.listing import listing_table
from components.safety.published import published, readings
from components.safety.table import grades_table, overview, terms_table
from components.safety.time_figure import first_figure, prevalence_figure
from components.safety.time_table import first_table, rates_table, time_notes
from components.shell import notice
from components.studio.figure import USUAL, Canvas
from services.pages.safety.records import SafetyPage

COUNTED = {"simulated": "Simulated", "real": "Counted here", "uploaded": "Counted here"}
UNMARKED = "card numbers-card unmarked"  # nothing in it is made up where all else on the page is


def safety_layout(page: SafetyPage, query: str, scheme: str, compact: bool, files: Files) -> Any:
    """Content of the page; arguments as of ``survival_layout``."""
    drawn = figure(page, scheme, compact)
    card = frame.figure_card(
        "safety",
        [
            island.island("safety-figure-title"),
            chart_keys("safety", "safety-graph", POINTS, "Points of the chart"),
            frame.chart("safety", drawn),
        ],
        _has_figure(page),
    )
    return frame.study_page(
        "safety",
        page.study,
        query,
        words(page, files, drawn["layout"]["height"]),
        [
            section_control(page, compact),
            frame.answer_place("safety"),
            island.island("safety-problem"),
            frame.numbers_place("safety", "Overview", "overview", _has_overview(page)),
            toolbar(page),
            card,
            island.island("safety-tables", className="cards safety-cards"),
            frame.take_away_place("safety"),
        ],
        beside=rail(page, settings(page), "safety"),
        # What is clicked inside the tables; ``assets/safety.js`` puts it here.
        stores=[dcc.Store(id="safety-action", data={})],
        classes="page safety-page",
    )


def words(page: SafetyPage, files: Files, height: int) -> dict[str, Any]:
    """Everything beside the chart, for the page's store; ``height`` is the chart's, in pixels."""
    title = figure_title(page)
    return island.content(
        {
            "safety-answer": answer(page),
            "safety-problem": frame.problem(page.reason),
            "safety-overview": overview(page) if _has_overview(page) else None,
            "safety-figure-title": html.H2(title, events_chip(page)) if title else None,
            "safety-provenance": frame.provenance(page.provenance),
            "safety-tables": tables(page),
            "safety-take-away": take_away_row(page, files),
        },
        heights={"safety-chart": height},
        hidden={
            "safety-overview": not _has_overview(page),
            "safety-figure": not _has_figure(page),
        },
    )


def _has_overview(page: SafetyPage) -> bool:
    return page.view.section == "terms" and page.reason is None and bool(page.overview)


def _has_figure(page: SafetyPage) -> bool:
    if page.reason is not None or page.view.section == "events":
        return False
    if page.view.section == "time":
        return page.time is not None and page.time.reason is None
    return bool(page.leading)


def figure_title(page: SafetyPage) -> str:
    """What the chart shows."""
    if not _has_figure(page):
        return ""
    if page.view.section == "time" and page.time is not None:
        if page.view.timeplot == "prevalence":
            return f"{page.time.term}: patients with an ongoing event, by worst grade"
        return f"{page.time.term}: time to the first event"
    order = {
        "frequency": "most frequent first",
        "difference": "largest difference first",
        "name": "by name",
    }
    which = order[page.view.order]
    what = f"Adverse events, {page.limits}," if page.limits else "Adverse events"
    if page.view.section == "grades":
        return f"{what} by worst grade ({which})"
    return f"{what} by term ({which})"


def figure(page: SafetyPage, scheme: str, compact: bool) -> dict[str, Any]:
    """The chart of the open section, or an empty one where there is nothing to draw."""
    if not _has_figure(page):
        return EMPTY_FIGURE
    if page.view.section == "grades":
        return butterfly_figure(page, scheme, compact)
    if page.view.section == "time" and page.time is not None:
        draw = prevalence_figure if page.view.timeplot == "prevalence" else first_figure
        return stand_back(draw(page, page.time, scheme, compact), page.made_up)
    return stand_back(dot_figure(page, scheme, compact), page.made_up)


def tables(page: SafetyPage) -> list[Any]:
    """The cards under the chart."""
    if page.reason is not None:
        return []
    made: list[Any] = []
    if page.view.section == "terms":
        made = [_card(terms_table(page), "By class and term")]
        if page.published is not None:
            made.append(
                _card(
                    published(page.published, COUNTED[page.study.kind]),
                    "Published safety",
                    UNMARKED,
                )
            )
    elif page.view.section == "grades":
        made = [_card(grades_table(page), "By worst grade")]
    elif page.view.section == "time" and page.time is not None:
        made = _time_cards(page)
    elif page.view.section == "events":
        made = [_card(listing_table(page), "Every event")]
    notes: list[Any] = [html.H2("Notes")]
    notes += [html.P(text, className="table-note") for text in _notes(page)]
    return [*made, _card([*notes, readings(page.readings)], "Notes", UNMARKED)]


def _notes(page: SafetyPage) -> tuple[str, ...]:
    return page.notes if page.view.section in ("terms", "grades") else ()


def _time_cards(page: SafetyPage) -> list[Any]:
    assert page.time is not None
    if page.time.reason is not None:
        return [notice("No time at risk", page.time.reason)]
    return [
        _card([*first_table(page, page.time), *time_notes(page.time)], "Time to first event"),
        _card(rates_table(page, page.time), "Rates"),
    ]


def _card(children: list[Any], label: str, classes: str = "card numbers-card") -> Any:
    return html.Section(children, className=classes, aria_label=label)


def take_away_row(page: SafetyPage, files: Files) -> Any:
    """Figure, numbers, listing and link of what is shown."""
    if not page.terms:
        return None
    part, drawn = page.view.section, _has_figure(page)
    return frame.files("safety", page, page.address, files, part, endpoint=False, drawn=drawn)


def image(page: SafetyPage, canvas: Canvas = USUAL) -> dict[str, Any]:
    """The figure as it stands alone in an image: on white, wide, with its provenance inside."""
    reason = page.reason or (page.time.reason if page.time else None)
    reason = reason or "This section has no chart. Download its numbers as CSV."
    drawn = figure(page, "light", canvas.compact)
    return frame.image(
        drawn, page.study, page.answer, page.provenance, reason, page.headlines, canvas=canvas
    )
