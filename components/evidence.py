"""The evidence page: what is published about every trial, side by side and never pooled."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import island
from components.controls import labelled, segmented, several
from components.evidence_figure import follow_up_figure
from components.published import (
    arms_table,
    axis,
    axis_range,
    bar,
    cited,
    forest_table,
    scrolling,
    source_line,
    trial_name,
)
from components.shell import header, notice
from components.theme import GRAPH_CONFIG
from services.evidence_page_records import EvidencePage, SingleArmRow, TimelineRow
from services.printed import plain

NOT_EACH_OTHER = (
    "These trials were not randomized against each other: patients, definitions of progression,"
    " imaging and follow-up differ. Read each row on its own; nothing here is pooled by us."
)
RISK_LABELS = {
    "high": "High risk",
    "intermediate or high": "Intermediate or high risk",
    "low": "Low risk",
    "any": "Any risk",
    "not stated": "Risk not stated",
}
SECTIONS = (
    ("ratios", "Hazard ratios"),
    ("times", "Over time"),
    ("response", "Response"),
    ("harms", "Grade 3-4 events"),
    ("single-arm", "Single-arm studies"),
    ("meta", "Meta-analyses"),
    ("follow-up", "With longer follow-up"),
    ("running", "Running trials"),
)
_TIMELINE = (2016, 2036)


def evidence_layout(
    page: EvidencePage, studies: Any, query: str, scheme: str, compact: bool
) -> tuple[Any, Any]:
    """Header and content of the page."""
    body = html.Main(
        [
            dcc.Location(id="evidence-address", refresh=False, search=query),
            html.H1("What has been shown about treating smoldering myeloma early"),
            html.P(
                "Published results of every trial we found, each with its source. Nothing on this"
                " page is computed from patients.",
                className="lead",
            ),
            _filters(page),
            html.Nav(
                [html.A(label, href=f"#{section}") for section, label in SECTIONS],
                className="section-nav",
                **{"aria-label": "On this page"},
            ),
            island.store("evidence-island", words(page)),
            island.island("evidence-main"),
            _section(
                "follow-up",
                "How results changed with follow-up",
                [
                    html.Figure(
                        html.Div(
                            dcc.Graph(
                                id="evidence-follow-up",
                                figure=follow_up_figure(page.follow_up, scheme, compact),
                                config=GRAPH_CONFIG,
                                responsive=True,
                            ),
                            className="follow-up-chart",
                            **{"aria-hidden": "true"},
                        ),
                        id="evidence-chart",
                        className="plain-figure",
                    ),
                    island.island("evidence-series"),
                ],
                "E3A06 and AQUILA have one randomized analysis each so far. " + NOT_EACH_OTHER,
            ),
            island.island("evidence-running"),
        ],
        className="main alone evidence",
    )
    return header(studies, site_page="/evidence"), body


def _filters(page: EvidencePage) -> Any:
    view = page.view
    return html.Section(
        [
            labelled(
                "Drug class",
                several(
                    "evidence-drug",
                    [(c, c) for c in page.drug_classes],
                    view.drug,
                    "Drug class",
                    "All classes",
                ),
            ),
            labelled(
                "Population",
                several(
                    "evidence-risk",
                    [(r, RISK_LABELS[r]) for r in page.risks],
                    view.risk,
                    "Population",
                    "All populations",
                ),
            ),
            labelled(
                "Design",
                segmented(
                    "evidence-design",
                    (
                        ("all", "All"),
                        ("randomized", "Randomized"),
                        ("single-arm", "Single arm"),
                    ),
                    view.design,
                    "Design",
                ),
            ),
            labelled(
                "Reports",
                segmented(
                    "evidence-reports",
                    (("latest", "Latest"), ("all", "All")),
                    view.reports,
                    "Reports",
                ),
                "Latest: each trial's last report by its own definition. All: earlier reports and"
                " further definitions too.",
            ),
        ],
        className="card filter-bar",
        **{"aria-label": "Filters"},
    )


def failure(title: str, text: str, hint: str) -> dict[str, Any]:
    """What is said in place of the content."""
    parts = {"evidence-main": notice(title, text, hint, "error")}
    return island.content(parts | {"evidence-series": None, "evidence-running": None})


def words(page: EvidencePage) -> dict[str, Any]:
    """Everything but filters and chart, for the browser to put in place."""
    return island.content(parts(page), hidden={"evidence-chart": not page.follow_up})


def parts(page: EvidencePage) -> dict[str, list[Any]]:
    """The page's sections by the place they fill."""
    return {
        "evidence-main": _main(page),
        "evidence-series": [_series(page)],
        "evidence-running": [
            _section(
                "running",
                "Running trials",
                [_or_none(page.timeline, _timeline(page.timeline))],
                "Registered dates as read in November 2026. Filled: from the start to the planned"
                " end.",
            )
        ],
    }


def _main(page: EvidencePage) -> list[Any]:
    """The sections above the chart."""
    key = html.P(
        [
            f"{page.shown} of {page.total} trials. Every number opens its source. ",
            html.Span("°", className="cite-mark"),
            " read in a review, notice or report rather than in the paper; ",
            html.Span("*", className="cite-mark"),
            " derived by arithmetic; “not found” means that no text we read gives it.",
        ],
        className="table-note",
    )
    return [
        key,
        _section("ratios", "Hazard ratios of randomized trials", _forests(page)),
        _section(
            "times",
            "Medians, percentages over time and events in randomized trials",
            [_or_none(page.landmarks, arms_table(page.landmarks, "Results over time"))],
            NOT_EACH_OTHER,
        ),
        _section(
            "response",
            "Response in randomized trials",
            [_or_none(page.responses, arms_table(page.responses, "Response", follow_up=False))],
            NOT_EACH_OTHER,
        ),
        _section(
            "harms",
            "Severe adverse events in randomized trials",
            [
                html.P(
                    "Patients with an event of the grade named, of those treated. Grade 5 is a"
                    " death; grades and ways of counting are those of each paper.",
                    className="table-note",
                ),
                _or_none(page.events, arms_table(page.events, "Adverse events", follow_up=False)),
            ],
            NOT_EACH_OTHER,
        ),
        _section(
            "single-arm",
            "Single-arm studies",
            [_or_none(page.single_arm, _single_arm(page.single_arm))],
            "Without a comparator, none of these shows what would have happened without treatment."
            " They were not randomized against each other.",
        ),
        _section("meta", "Published meta-analyses", _meta(page), "Pooled by their authors."),
    ]


def _section(section: str, title: str, children: list[Any], note: str = "") -> Any:
    return html.Section(
        [
            html.H2(title),
            html.P(note, className="table-note") if note else None,
            *children,
        ],
        id=section,
        className="card evidence-section",
    )


def _or_none(rows: Any, made: Any) -> Any:
    return made if rows else html.P("No trial matches these filters.", className="hint")


def _forests(page: EvidencePage) -> list[Any]:
    parts: list[Any] = [html.P(NOT_EACH_OTHER, className="table-note")]
    for forest in page.forests:
        parts.append(html.H3(forest.title))
        parts.append(_or_none(forest.rows, forest_table(forest.rows, f"Forest: {forest.title}")))
    return parts


def _single_arm(rows: tuple[SingleArmRow, ...]) -> Any:
    head = html.Tr(
        [html.Th(t, scope="col") for t in ("Study", "Treatment", "Patients", "Published results")]
    )
    body = [
        html.Tr(
            [
                html.Th(
                    trial_name(r.acronym, r.link, r.report.label if r.report else ""), scope="row"
                ),
                html.Td([html.Div(r.regimen), html.Div(r.risk, className="trial-report")]),
                html.Td("not found" if r.n is None else str(r.n)),
                html.Td(
                    html.Ul(
                        [html.Li([f"{what}: ", cited(number)]) for what, number in r.results],
                        className="plain",
                    )
                    if r.results
                    else "no result figures found"
                ),
            ],
            className="first-of-trial",
        )
        for r in rows
    ]
    return scrolling(
        html.Table([html.Thead(head), html.Tbody(body)], className="numbers cite-list"),
        "Single-arm studies",
    )


def _meta(page: EvidencePage) -> list[Any]:
    parts: list[Any] = []
    for title in dict.fromkeys(m.analysis for m in page.meta):
        rows = [m for m in page.meta if m.analysis == title]
        first = rows[0]
        ends = axis_range([m.row for m in rows])
        head = html.Tr(
            [
                html.Th("Outcome", scope="col"),
                html.Th(axis(ends), scope="col", className="bar-cell"),
                html.Th("Ratio (95% CI)", scope="col"),
            ]
        )
        body = [
            html.Tr(
                [
                    html.Th(m.row.endpoint, scope="row"),
                    html.Td(bar(m.row, ends), className="bar-cell"),
                    html.Td(cited(m.row.cited, f"{m.row.measure} ")),
                ]
            )
            for m in rows
        ]
        parts += [
            html.H3([f"{first.row.acronym}: {first.trials} trials, {first.patients} patients"]),
            html.P(source_line(first.row.cited.sources[0]), className="table-note"),
            scrolling(
                html.Table([html.Thead(head), html.Tbody(body)], className="numbers meta-table"),
                first.row.acronym,
            ),
        ]
    parts.append(
        html.P(
            "Ratios of early against deferred treatment as printed. OR: odds ratio,"
            " RR: risk ratio.",
            className="table-note",
        )
    )
    return parts


def _series(page: EvidencePage) -> Any:
    if not page.follow_up:
        return html.P("No trial matches these filters.", className="hint")
    head = html.Tr(
        [
            html.Th("Trial", scope="col"),
            html.Th("Endpoint", scope="col"),
            html.Th("Hazard ratio by median follow-up", scope="col"),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(s.acronym, scope="row"),
                html.Td(s.endpoint),
                html.Td(
                    html.Div(
                        [
                            html.Span(
                                [
                                    cited(p.cited),
                                    html.Span(f"{plain(p.months)} months", className="arm-name"),
                                ],
                                className="arm-number",
                            )
                            for p in s.points
                        ],
                        className="arm-numbers",
                    )
                ),
            ]
        )
        for s in page.follow_up
    ]
    return scrolling(
        html.Table([html.Thead(head), html.Tbody(body)], className="numbers cite-list"),
        "Hazard ratios by follow-up",
    )


def _year(date: str) -> float:
    """ "2020-06-16" as a position in years."""
    parts = [int(p) for p in date.split("-")] + [1, 1]
    return parts[0] + (parts[1] - 1) / 12 + (parts[2] - 1) / 365


def _percent(date: str) -> float:
    first, last = _TIMELINE
    return round(100 * (min(max(_year(date), first), last) - first) / (last - first), 2)


def _timeline(rows: tuple[TimelineRow, ...]) -> Any:
    years = range(_TIMELINE[0], _TIMELINE[1] + 1, 4)
    scale = html.Div(
        [
            html.Span(str(y), className="tick", style={"left": f"{_percent(f'{y}-01-01')}%"})
            for y in years
        ],
        className="bar-axis",
    )
    head = html.Tr(
        [
            html.Th("Trial", scope="col"),
            html.Th("Treatment", scope="col"),
            html.Th("Patients", scope="col", className="right"),
            html.Th(scale, scope="col", className="bar-cell"),
            html.Th("Registration", scope="col"),
        ]
    )
    body = []
    for r in rows:
        design = {True: "randomized", False: "single arm", None: ""}[r.randomized]
        small = ", ".join(t for t in (r.risk, design, r.endpoint) if t)
        body.append(
            html.Tr(
                [
                    html.Th(trial_name(r.acronym, r.link), scope="row"),
                    html.Td(
                        [
                            html.Div(r.regimen),
                            html.Div(small, className="trial-report"),
                            html.Div(r.note, className="trial-report") if r.note else None,
                        ]
                    ),
                    html.Td("not found" if r.n is None else str(r.n), className="right"),
                    html.Td(_span(r), className="bar-cell"),
                    html.Td(cited(r.cited)),
                ],
                className="first-of-trial",
            )
        )
    return scrolling(
        html.Table([html.Thead(head), html.Tbody(body)], className="numbers cite-list timeline"),
        "Timeline of running trials",
    )


def _span(row: TimelineRow) -> Any:
    if not row.end:
        return html.Span("dates not found", className="no-bar")
    end = _percent(row.end)
    start = _percent(row.start) if row.start else end
    words = f"{row.start or 'start not found'} to {row.end}"
    return html.Div(
        [
            html.Div(
                html.Span(
                    className="span" if row.start else "span span-end",
                    style={"left": f"{start}%", "width": f"{max(end - start, 0.6):.2f}%"},
                ),
                className="bar",
                **{"aria-hidden": "true"},
            ),
            html.Span(words, className="trial-report"),
        ]
    )
