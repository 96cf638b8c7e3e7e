"""The untreated course and published risk models; the calculator stands in risk_calculator."""

from __future__ import annotations

from typing import Any

from components import html, island, parts
from components import page as frame
from components.chart import Figure
from components.chart_keys import POINTS, chart_keys
from components.page import Files
from components.published import cited, conflict, source_line
from components.risk.calculator import calculator, counted, words
from components.risk.figure import COLORS, course_figure
from components.studio.figure import GRAYS, USUAL, Canvas
from services.numbers import plain
from services.pages.risk.records import GroupRow, ModelTable, RiskPage

_COURSE = "Progression of untreated patients"


def risk_layout(page: RiskPage, query: str, scheme: str, compact: bool, files: Files) -> Any:
    """Content of the page."""
    return frame.site_page(
        "Course and risk without treatment",
        "The course of smoldering myeloma without treatment, and how published models distinguish "
        "patients at lower risk from patients at higher risk.",
        calculator(page),
        island.island("risk-trials"),
        _course(page, scheme, compact),
        island.store("risk-island-fixed", island.content(fixed(page))),
        island.island("risk-screening"),
        island.island("risk-models"),
        island.island("risk-boundary"),
        frame.take_away_place("risk"),
        classes="risk",
        name="risk",
        query=query,
        words=words(page, files),
    )


def _course(page: RiskPage, scheme: str, compact: bool) -> Any:
    history = page.history
    source = next(s for s in history.sources if s.id == history.citation)
    return html.Section(
        html.H2(_COURSE),
        html.P(f"{history.title}: ", *source_line(source), className="table-note"),
        html.Figure(
            chart_keys("risk", "risk-course", POINTS, "Points of the course"),
            html.Div(
                frame.graph("risk-course", course_figure(page, scheme, compact)),
                className="course-chart",
                aria_hidden="true",
            ),
            island.island("risk-caption", html.Figcaption),
            className="plain-figure",
        ),
        html.P(history.caution, className="table-note"),
        *(conflict(c) for c in history.conflicts),
        className="card",
    )


def image(page: RiskPage, canvas: Canvas = USUAL) -> Figure:
    """The chart of the course as it stands alone in an image."""
    history = page.history
    colors = GRAYS * 2 if canvas.gray else COLORS
    drawn = course_figure(page, "light", canvas.compact, colors)
    drawn["layout"]["height"] += canvas.more
    source = next(s for s in history.sources if s.id == history.citation)
    small = [("Source", f"{source.title}. {source.where}"), ("Note", history.caution)]
    return frame.image(drawn, None, _COURSE, small, canvas=canvas)


def pinned(page: RiskPage) -> dict[str, str]:
    """What a report shows: what the values give, and what is published."""
    own = [
        parts.row(
            result.model.title,
            f"{result.group.name} risk" if result.group else f"Not determined: {result.reason}",
            counted(result),
            [text for y, _, c in result.group.risks for text in (f"{y:g} years: {c.text}. ",)]
            if result.group
            else "",
        )
        for result in page.results
    ]
    met = [parts.row(trial.acronym, trial.state) for trial in page.trials]
    factors = [parts.row(model.title, _factors(model)) for model in page.models if model.factors]
    groups = ("Model", "Group", "Factors", "Progression, published")
    tables = {
        "risk-own": [html.H2("The values entered"), parts.table(groups, own)] if own else None,
        "risk-met": [html.H2("Entry criteria of trials"), parts.table(("Trial", "Met?"), met)]
        if met
        else None,
        **fixed(page),
        "risk-factors": [html.H2("Factors of each model"), parts.table(("Model", ""), factors)],
    }
    made: dict[str, str] = island.content(tables)["html"]
    return made


def _caption(page: RiskPage) -> Any:
    history = page.history
    marks = [
        html.Li(f"All patients, {plain(p.years)} years: ", cited(number), " progressed")
        for p, number in page.cumulative
    ]
    marks += [
        html.Li(f"{g.name} ({g.rule}), {years:g} years: ", cited(number))
        for g in page.groups
        for years, _, number in g.risks
    ]
    periods = [
        html.Li(
            f"Years {plain(p.years_from)} to {plain(p.years_to)}: ",
            cited(number),
            " of the starting cohort per year",
        )
        for p, number in zip(history.periods, page.periods, strict=True)
    ]
    return html.Ul(*periods, *marks, className="plain")


def fixed(page: RiskPage) -> dict[str, Any]:
    """What no typing changes, by the place it fills."""
    return {
        "risk-caption": _caption(page),
        "risk-screening": _screening(page),
        "risk-models": _models(page),
        "risk-boundary": _boundary(page),
    }


def _screening(page: RiskPage) -> Any:
    found = [html.Li(f"{measure}: ", cited(number)) for measure, number in page.screening]
    split = [
        parts.row(f"{name} risk", cited(screened), cited(clinics))
        for name, screened, clinics in page.split
    ]
    return html.Section(
        html.H2("How common it is, and whom a clinic sees"),
        html.P(
            "Everyone aged 40 or older in Iceland was invited to be screened, and about half came "
            "(iStopMM); no one was referred.",
            className="table-note",
        ),
        html.Ul(found, className="plain"),
        html.P(
            "By one rule (20/2/20) those found by screening are at high risk far less often than "
            "the patients whom clinics see:",
            className="table-note",
        ),
        parts.table(
            ("Group", "Found by screening (iStopMM)", "In clinics (IMWG 2020)"),
            split,
            "numbers cite-list figures-table",
            "Risk groups by where patients were found",
        ),
        html.P(
            "The models below come from clinics' cohorts. What they say of people found by "
            "screening was not found.",
            className="table-note",
        ),
        className="card evidence-section",
        id="screening",
    )


def _models(page: RiskPage) -> Any:
    heads = ("Model and group", "Rule", "Within 2 years", "Within 5 years", "Further")
    body: list[Any] = []
    for model in (m for m in page.models if m.groups):
        body.append(_model_row(model))
        body += [_group_row(g) for g in model.groups]
    others = [m for m in page.models if not m.groups]
    return html.Section(
        html.H2("Published risk groups, by model"),
        html.P(
            "Progression to myeloma without treatment. The models were developed in different "
            "cohorts but use the same group names: low risk in one model is not low risk in "
            "another. Mayo 2018 and IMWG 2020 with three factors are one rule (20/2/20) in two "
            "cohorts, so their numbers differ.",
            className="table-note",
        ),
        parts.table(heads, body, "numbers cite-list risk-table", "Risk groups by model"),
        *(
            html.Div(html.H3(m.title), _factors(m), html.P(m.rule, className="table-note"))
            for m in others
        ),
        className="card evidence-section risk-models",
    )


def _model_row(model: ModelTable) -> Any:
    cohort = "; ".join(f"{label[0].lower()}{label[1:]}: {value}" for label, value in model.cohort)
    about = "; ".join(text for text in (model.where, cohort) if text)
    return html.Tr(
        html.Th(
            html.Span(model.title, className="trial-name"),
            html.Span(about, className="trial-report"),
            html.Details(
                html.Summary("Factors counted, and sources"),
                _factors(model),
                html.P(model.rule[0].upper() + model.rule[1:] + "."),
                *(html.P(text) for text in model.notes),
                html.Ul([html.Li(source_line(s)) for s in model.sources]),
                *(conflict(c) for c in model.conflicts),
                className="model-details",
            ),
            scope="rowgroup",
            colSpan=5,
        ),
        className="first-of-trial",
    )


def _factors(model: ModelTable) -> Any:
    return html.Ul(
        [
            html.Li(
                [f"{name}: {threshold}" if threshold else name]
                + ([", ", cited(ratio)] if ratio else [])
            )
            for name, threshold, ratio in model.factors
        ],
        className="plain",
    )


def _group_row(group: GroupRow) -> Any:
    def at(years: float) -> Any:
        found = [number for y, _, number in group.risks if y == years]
        return cited(found[0]) if found else "not found"

    further: list[Any] = []
    for years, _, number in group.risks:
        if years not in (2, 5):
            further += [f"{years:g} years ", cited(number), " "]
    if group.median is not None:
        further += ["median ", cited(group.median), " "]
    if group.share is not None:
        further += [cited(group.share), " of the cohort"]
    name = html.Th(group.name, scope="row", className="level-name")
    return parts.row(name, group.rule, at(2), at(5), further)


def _boundary(page: RiskPage) -> Any:
    return html.Section(
        html.H2("Where smoldering myeloma ends"),
        parts.facts(page.boundary),
        html.P(source_line(page.boundary_source), className="table-note"),
        className="card evidence-section",
    )
