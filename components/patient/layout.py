"""The page of one patient: a timeline of treatment, adverse events and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from components import html, island
from components import page as frame
from components.chart import (
    EMPTY_FIGURE,
    UNMEASURED,
    Figure,
    annotation,
    axis,
    base_layout,
    short,
)
from components.chart_keys import POINTS, chart_keys
from components.controls import Settings, choice
from components.page import Files
from components.parts import inside, numbers_card, row, table
from components.safety.figure import UNGRADED_LABEL, shades
from components.studio.figure import USUAL, Canvas
from components.take_away import take_away
from components.theme import INKS, line_color, translucent
from services import format as fmt
from services.adverse_events.records import ListedEvent
from services.errors import UserError
from services.names import isolated
from services.pages.patient.records import PatientPage
from services.pages.records import ascii_name
from services.study.labels import value_label
from services.units import DAYS_PER_UNIT

_ROW, _ROW_COMPACT = 24, 40
_TOP, _BOTTOM = 26, 52
_MARKS = {"event": "star", "death": "x", "censored": "circle-open"}
_MARK_WORDS = {"event": "★ event", "death": "✕ death", "censored": "○ last follow-up"}
MOST = 60
_LEAST_INK = {"light": 0.22, "dark": 0.35}  # the legend's squares have no line around them


def patient_layout(page: PatientPage, query: str, scheme: str, compact: bool, files: Files) -> Any:
    """Content of the page; arguments as of ``survival_layout``."""
    drawn = figure(page, scheme, compact)
    subjects = [(subject, subject) for subject in page.subjects]
    tools = [
        Settings("patient", {"id": page.subject or None})(choice, "id", subjects, searchable=True),
        island.island("patient-links", className="patient-links"),
    ]
    study = page.study
    keys = chart_keys("patient", "patient-graph", POINTS, "Rows of the timeline")
    return frame.study_page(
        "patient",
        study,
        query,
        words(page, files, drawn["layout"]["height"]),
        [
            html.Div(tools, className="patient-tools"),
            frame.answer_place("patient"),
            island.island("patient-problem"),
            frame.figure_card("patient", [keys, frame.chart("patient", drawn)], not page.reason),
            island.island("patient-tables", className="cards safety-cards"),
            frame.take_away_place("patient"),
        ],
        title=f"{study.metadata.short_title or study.title}: one patient",
        classes="safety-page",
        main="main alone",
    )


def words(page: PatientPage, files: Files, height: int) -> dict[str, Any]:
    """Everything beside the chart, for the page's store; ``height`` is the chart's, in pixels."""
    return island.content(
        {
            "patient-links": _links(page),
            "patient-answer": html.P(page.answer, className="answer-main") if page.answer else None,
            "patient-problem": frame.problem(page.reason, "No patient"),
            "patient-provenance": frame.provenance(page.provenance),
            "patient-tables": tables(page),
            "patient-take-away": _take_away(page, files),
        },
        heights={"patient-chart": height},
        hidden={"patient-figure": bool(page.reason)},
    )


def _links(page: PatientPage) -> list[Any]:
    base = f"/study/{page.study.id}"

    def patient(text: str, subject: str) -> Any:
        if not subject:
            return None
        return inside(text, f"{base}/patient{replace(page.view, id=subject).query}")

    back = replace(page.view, id="", section="events")
    return [
        patient("← Previous", page.before),
        patient("Next →", page.after),
        inside("Every event", f"{base}/safety{back.query}"),
    ]


def figure(page: PatientPage, scheme: str, compact: bool) -> Figure:
    """Treatment and milestones on top, then each adverse event from its start to its end."""
    if page.reason is not None:
        return EMPTY_FIGURE
    ink = INKS[scheme]
    unit = DAYS_PER_UNIT[page.view.unit]
    shown = [e for e in page.events if e.start_day is not None][:MOST]
    labels = [_bar_of(page), "Course", *(_term(e) for e in shown)]
    row = _ROW_COMPACT if compact else _ROW
    height = _TOP + _BOTTOM + row * len(labels)
    left = 14 if compact else int(20 + 6.7 * max(len(short(label, 34)) for label in labels))
    layout = base_layout(scheme, height, left, 20, f"{page.subject}:{page.view.unit}", _BOTTOM)
    layout["margin"]["t"] = _TOP
    layout["hovermode"] = "closest"
    end = max(page.last_day / unit, 1 / unit)
    start = min([0.0, *((e.start_day or 0.0) / unit for e in shown)])
    title = f"{page.view.unit.capitalize()}{_from(page)}"
    layout["xaxis"] = axis(scheme, title, grid=True) | {
        "range": [start - 0.02 * (end - start), end + 0.02 * (end - start)],
        "showline": True,
    }
    layout["yaxis"] = {
        "range": [len(labels) - 0.4, -0.8 if compact else -0.6],
        "tickvals": [] if compact else list(range(len(labels))),
        "ticktext": [] if compact else [short(label, 34) for label in labels],
        "tickfont": {"size": 12, "color": ink.text},
        **UNMEASURED,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    layout["annotations"] = [
        annotation(short(label, 44), 0, i - 0.42, 12, ink.text, yref=None)
        for i, label in enumerate(labels if compact else ())
    ]
    layout["annotations"].append(_legend(page, shown, scheme))
    layout["barmode"] = "overlay"
    least = 0.004 * (end - start)
    color = line_color(page.arm.color, scheme) if page.arm else ink.text
    traces = []
    if page.treatment is not None:
        first, last = (day / unit for day in page.treatment)
        traces.append(_bar(first, last, 0, color, least, _treated(page), "treatment"))
    for i, event in enumerate(shown):
        traces.append(_event_bar(page, event, i + 2, color, unit, end, least))
    for kind in _MARKS:
        marks = [m for m in page.milestones if m.kind == kind]
        if marks:
            traces.append(
                {
                    "x": [m.day / unit for m in marks],
                    "y": [1] * len(marks),
                    "mode": "markers",
                    "marker": {"symbol": _MARKS[kind], "size": 12, "color": ink.text},
                    "customdata": [[f"Day {m.day:.0f}", m.label] for m in marks],
                    "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
                    "cliponaxis": False,
                    "meta": "milestone",
                }
            )
    return {"data": traces, "layout": layout}


def _from(page: PatientPage) -> str:
    if not page.dated:
        return ""  # the provenance says from when
    return " from day 1" if page.without_drug else " from first dose"


def _bar_of(page: PatientPage) -> str:
    """What the bar on top is of: an arm on which no drug is given is no treatment."""
    return "Arm" if page.without_drug else "Treatment"


def _treated(page: PatientPage) -> str:
    assert page.treatment is not None
    until = ", ongoing at the data cutoff" if page.ongoing else f" to day {page.treatment[1]:.0f}"
    return f"{isolated(page.arm.name) if page.arm else 'Treatment'}: from day 1{until}"


def _term(event: ListedEvent) -> str:
    term = event.term
    return term.capitalize() if term.isupper() and len(term) > 3 else term


def _bar(
    start: float, end: float, row: int, color: str, least: float, words: str, meta: str
) -> dict[str, Any]:
    """A bar from start to end, wide enough to be seen (``least``)."""
    return {
        "type": "bar",
        "orientation": "h",
        "base": [start],
        "x": [max(end - start, least)],
        "y": [row],
        "width": 0.5,
        "marker": {"color": color, "line": {"width": 0}},
        "customdata": [words],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": meta,
    }


def _event_bar(
    page: PatientPage,
    event: ListedEvent,
    row: int,
    color: str,
    unit: float,
    end: float,
    least: float,
) -> dict[str, Any]:
    start = (event.start_day or 0.0) / unit
    last = event.end_day / unit if event.end_day is not None else end
    until = f"to {event.end_day:.0f}" if event.end_day is not None else "with no end date recorded"
    words = (
        f"<b>{_term(event)}</b><br>{event.grade or UNGRADED_LABEL}, day {event.start_day:.0f}"
        f" {until}" + (", serious" if event.serious == "Yes" else "")
    )
    made = _bar(start, last, row, translucent(color, _shade(page, event)), least, words, "event")
    made["marker"]["line"] = {"color": color, "width": 1}  # the mildest is faint on a dark page
    return made


def _shade(page: PatientPage, event: ListedEvent) -> float:
    labels = page.severity.labels if page.severity else ()
    if event.grade not in labels:
        return 0.18
    return shades(len(labels))[labels.index(event.grade)]


def _legend(page: PatientPage, shown: Sequence[ListedEvent], scheme: str) -> dict[str, Any]:
    ink = INKS[scheme].text
    labels = page.severity.labels if page.severity else ()
    present = [label for label in labels if any(e.grade == label for e in shown)]
    parts = [
        f'<span style="color:{translucent(ink, max(_LEAST_INK[scheme], shade))}">■</span> {label}'
        for label, shade in zip(labels, shades(len(labels)), strict=True)
        if label in present
    ]
    parts += [_MARK_WORDS[k] for k in _MARKS if any(m.kind == k for m in page.milestones)]
    return annotation("   ".join(parts), 0, 1, 12, ink, yanchor="bottom", yshift=4)


def _at_the_start(page: PatientPage) -> list[Any]:
    if not page.baseline:
        return []
    rows = [row(label, html.Td(value, className="words")) for _, label, value in page.baseline]
    made = table([], rows, "numbers listing-table course")
    return [numbers_card("At baseline", [html.H2("At baseline"), made])]


def tables(page: PatientPage) -> list[Any]:
    """What the timeline shows, as tables."""
    if page.reason is not None:
        return []
    course = [(f"Day {m.day:.0f}", m.label) for m in page.milestones]
    if page.treatment is not None:
        course.insert(0, (_bar_of(page), _treated(page)))
    if page.response:
        best = value_label("BOR", page.response)
        course.append(("Best response", f"{best}; date not recorded"))
    rows = [row(when, html.Td(what, className="words")) for when, what in course]
    made = _at_the_start(page)
    made += [numbers_card("Course", [html.H2("Course"), table([], rows, "numbers course")])]
    if page.events:
        heads = ("Event", "Grade", "Serious", "Related", "From day", "To day", "Action", "Outcome")
        rows = []
        for e in page.events:
            days = (_number(e.start_day), _number(e.end_day))
            told = (
                e.grade.removeprefix("Grade "),
                e.serious,
                e.related,
                *days,
                e.action,
                e.outcome,
            )
            rows.append(row(_term(e), *(text or fmt.DASH for text in told)))
        label = "Adverse events of this patient"
        listed = table(heads, rows, "numbers listing", label, heads[1:])
        made.append(numbers_card("Adverse events", [html.H2("Adverse events"), listed]))
    return made


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _take_away(page: PatientPage, files: Files) -> list[Any]:
    if page.reason is not None:
        return []
    base = f"/study/{page.study.id}/patient"
    name, told = file_stem(page), f"patient {page.subject}"
    return [take_away(base, page.view.query, files, name, told, page.methods.whole)]


def file_stem(page: PatientPage) -> str:
    """Of the files of this patient."""
    return ascii_name(f"{page.study.public_name}-patient-{page.subject}")


def image(page: PatientPage, canvas: Canvas = USUAL) -> dict[str, Any]:
    """The figure as it stands alone in an image.

    Raises
    ------
    UserError : no patient is chosen
    """
    if page.reason is not None:
        raise UserError("No patient is chosen.", "Add id= to the address.")
    drawn = figure(page, "light", canvas.compact)
    return frame.image(drawn, page.study, page.answer, page.provenance, canvas=canvas)
