"""The evidence page: what is published about every trial, side by side and never pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dash import dcc

from components import html, island
from components import page as frame
from components.chart_keys import POINTS, chart_keys
from components.controls import Settings, labeled, segmented, several, text_field
from components.evidence.figure import follow_up_figure
from components.evidence.table import glance, meta, mrd, series, single_arm, timeline
from components.page import Files
from components.parts import folded
from components.published import arms_table, forest_table, standing_table
from components.take_away import take_away
from components.theme import GRAPH_CONFIG
from services.pages.evidence.records import EvidencePage

NOT_EACH_OTHER = (
    "These trials were not randomized against each other: patients, definitions of progression,"
    " imaging and follow-up differ. Read each row on its own; nothing here is pooled by us."
)
NOTHING_SAID = "We read no statement of a regulator, assessor or guideline on these trials."
RISK_LABELS = {
    "high": "High risk",
    "intermediate": "Intermediate risk",
    "low": "Low risk",
    "not stated": "Risk not stated",
}
SECTIONS = (
    ("glance", "At a glance"),
    ("standing", "Where it stands"),
    ("ratios", "Hazard ratios"),
    ("subgroups", "For whom"),
    ("times", "Over time"),
    ("after", "After progression"),
    ("response", "Response"),
    ("harms", "Grade 3-4 events"),
    ("single-arm", "Single-arm studies"),
    ("mrd", "Residual disease"),
    ("meta", "Meta-analyses"),
    ("follow-up", "With longer follow-up"),
    ("running", "Ongoing trials"),
)


def evidence_layout(
    page: EvidencePage, query: str, scheme: str, compact: bool, files: Files
) -> Any:
    """Content of the page."""
    return frame.site_page(
        "What has been shown about early treatment of smoldering myeloma",
        "Published results of every trial we found, each with its source. Nothing on this page is "
        "computed from patient data.",
        _filters(page),
        html.Nav(
            [html.A(label, href=f"#{section}") for section, label in SECTIONS],
            className="section-nav",
            aria_label="On this page",
        ),
        island.island("evidence-main"),
        _section(
            "follow-up",
            "How results changed with follow-up",
            [
                chart_keys("evidence", "evidence-follow-up", POINTS, "Points of the chart"),
                html.Figure(
                    html.Div(
                        dcc.Graph(
                            id="evidence-follow-up",
                            figure=follow_up_figure(page.follow_up, scheme, compact),
                            config=GRAPH_CONFIG,
                            responsive=True,
                        ),
                        className="follow-up-chart",
                        aria_hidden="true",
                    ),
                    id="evidence-chart",
                    className="plain-figure",
                ),
                island.island("evidence-series"),
            ],
            "E3A06 and AQUILA have one randomized analysis each so far. " + NOT_EACH_OTHER,
            "E3A06, QuiRedex, AQUILA",
        ),
        island.island("evidence-running"),
        frame.take_away_place("evidence"),
        classes="evidence",
        name="evidence",
        query=query,
        words=words(page, files),
    )


def control_values(page: EvidencePage) -> dict[str, Any]:
    """What each filter holds, by field of ``EvidenceView``."""
    view = page.view
    lists = {"drug": list(view.drug), "risk": list(view.risk)}
    return {**lists, "design": view.design, "reports": view.reports, "q": view.q}


def _filters(page: EvidencePage) -> Any:
    values = control_values(page)
    search = text_field("evidence-q", values["q"], "Search", "Drug, brand or trial", maxLength=200)
    setting = Settings("evidence", values)
    return html.Section(
        labeled("Search", search),
        setting(several, "drug", [(c, c) for c in page.drug_classes]),
        setting(several, "risk", [(r, RISK_LABELS[r]) for r in page.risks]),
        setting(segmented, "design"),
        setting(segmented, "reports"),
        className="card filter-bar",
        aria_label="Filters",
    )


@lru_cache(32)  # 100 kB each; a visit asks twice, and most visits ask for the same
def words(page: EvidencePage, files: Files) -> Mapping[str, Any]:
    """Everything but filters and chart, for the browser to put in place."""
    return island.content(parts(page, files), hidden={"evidence-chart": not page.follow_up})


def parts(page: EvidencePage, files: Files) -> dict[str, list[Any]]:
    """The page's sections by the place they fill."""
    return {
        "evidence-main": _main(page),
        "evidence-series": [series(page)],
        "evidence-running": [
            _section(
                "running",
                "Ongoing trials",
                [_or_none(page.timeline, timeline(page.timeline))],
                "A trial is called running only if a text of the last 12 months says so; each row "
                "has the date of its text and the day it was read. Bars run from the registered "
                "start to the planned end; a dot marks a planned end without a start date.",
                _count(page.timeline, "trial", "trials"),
            )
        ],
        "evidence-take-away": [take_away("/evidence", page.view.query, files)],
    }


def _main(page: EvidencePage) -> list[Any]:
    """The sections above the chart."""
    key = html.P(
        f"{page.shown} of {page.total} trials. Select a number to see its source. ",
        html.Span("°", className="cite-mark"),
        " read in a review, notice or report rather than in the paper; ",
        html.Span("*", className="cite-mark"),
        " derived by arithmetic; “not found” means that no source we read reports it.",
        className="table-note",
    )
    taken = [
        html.P(f"“{brand}” was interpreted as {generic}.", className="hint evidence-taken")
        for brand, generic in page.taken
    ]
    if page.view.q and not page.shown and not page.timeline:
        nothing = (
            f"No trial matches “{page.view.q}” and these filters. Try a drug or a trial's name."
        )
        taken.append(html.P(nothing))
    return [
        *taken,
        key,
        _section(
            "glance",
            "Randomized trials at a glance",
            [_or_none(page.glance, glance(page.glance))],
            "The latest report of each, by its own definition of progression; below 1 favors the "
            "first treatment named. " + NOT_EACH_OTHER,
        ),
        _section(
            "standing",
            "Where it stands: approvals, guidelines and critics",
            [_or_none(page.standing, standing_table(page.standing), NOTHING_SAID)],
            "The latest first. Bodies that disagree stand side by side; each row carries the day "
            "its text was last read.",
            _count(page.standing, "statement", "statements"),
        ),
        _section(
            "ratios",
            "Hazard ratios of randomized trials",
            _forests(page),
            count=_count([row for f in page.forests for row in f.rows], "result", "results"),
        ),
        _section(
            "subgroups",
            "For whom? Hazard ratios in subgroups of a trial's patients",
            [
                _or_none(
                    page.subgroups.rows,
                    forest_table(page.subgroups.rows, "Published subgroup results"),
                    "In the sources we read, no trial matching these filters reports a hazard "
                    "ratio for a subgroup.",
                )
            ],
            "As chosen and reported by the authors. A hazard ratio in one subgroup does not show "
            "that others benefit less; that takes a comparison between the subgroups.",
        ),
        _section(
            "times",
            "Medians, percentages over time and events in randomized trials",
            [_or_none(page.landmarks, arms_table(page.landmarks, "Results over time"))],
            NOT_EACH_OTHER,
            _count(page.landmarks, "result", "results"),
        ),
        _section(
            "after",
            "After progression: next treatment, time on it, survival",
            [
                _or_none(page.after.rows, forest_table(page.after.rows, "After progression")),
                arms_table(page.treated_after, "Treated after progression", follow_up=False)
                if page.treated_after
                else None,
            ],
            "Whether early treatment prolongs life also depends on what the others get once their "
            "disease progresses. " + NOT_EACH_OTHER,
            _count((*page.after.rows, *page.treated_after), "result", "results"),
        ),
        _section(
            "response",
            "Response in randomized trials",
            [_or_none(page.responses, arms_table(page.responses, "Response", follow_up=False))],
            NOT_EACH_OTHER,
            _count(page.responses, "result", "results"),
        ),
        _section(
            "harms",
            "Severe adverse events in randomized trials",
            [
                html.P(
                    "Patients with an event of the stated grade, among those treated. Grade 5 is "
                    "death; grades and counting rules are those of each paper.",
                    className="table-note",
                ),
                _or_none(page.events, arms_table(page.events, "Adverse events", follow_up=False)),
            ],
            NOT_EACH_OTHER,
            _count(page.events, "result", "results"),
        ),
        _section(
            "single-arm",
            "Single-arm studies",
            [_or_none(page.single_arm, single_arm(page.single_arm))],
            "Without a comparator, none of these shows what would have happened without treatment."
            " They were not randomized against each other.",
            _count(page.single_arm, "study", "studies"),
        ),
        _section(
            "mrd",
            "Measurable residual disease (MRD)",
            [_or_none(page.mrd, mrd(page.mrd))],
            "Tests of different thresholds at different times: a rate at any time is not a rate "
            "that lasted, and no rate shows that patients live longer. " + NOT_EACH_OTHER,
            _count(page.mrd, "rate", "rates"),
        ),
        _section(
            "meta",
            "Published meta-analyses",
            meta(page),
            "Pooled by the authors.",
            f"{len({m.analysis for m in page.meta})} analyses",
        ),
    ]


def _section(section: str, title: str, children: list[Any], note: str = "", count: str = "") -> Any:
    """A section; one with a ``count`` is folded on narrow screens (assets/fold.js)."""
    content = [html.P(note, className="table-note") if note else None, *children]
    content = [folded(title, content, section, count)] if count else [html.H2(title), *content]
    return html.Section(content, id=section, className="card evidence-section")


def _count(rows: Sequence[Any], one: str, several: str) -> str:
    return f"{len(rows)} {one if len(rows) == 1 else several}"


def _or_none(rows: Any, made: Any, nothing: str = "No trial matches these filters.") -> Any:
    return made if rows else html.P(nothing, className="hint")


def _forests(page: EvidencePage) -> list[Any]:
    parts: list[Any] = [html.P(NOT_EACH_OTHER, className="table-note")]
    for forest in page.forests:
        parts.append(html.H3(forest.title))
        parts.append(_or_none(forest.rows, forest_table(forest.rows, f"Forest: {forest.title}")))
    return parts
