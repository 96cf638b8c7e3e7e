"""A study's overview: question, design, headline results, patients, published and reproduced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from components import island
from components.published import INTERNAL, arms_table, cited, scrolling, source_line
from components.rail import rail
from components.shell import help_button, kind_badge
from components.take_away import print_button
from components.take_away import row as take_away_row
from services import format as fmt
from services.evidence_records import Conflict, Enrolment, Trial
from services.format import isolated
from services.overview_records import (
    BaselineGroups,
    BaselineNumber,
    BaselineTable,
    FigureRow,
    NumberSummary,
    OverviewPage,
)
from services.study import Study
from services.view import encode

_PROVENANCE = {
    "illustrative": ("illustrative", "Not published: made up for illustration, not a finding."),
    "calibrated": ("calibrated", "Simulated so that published figures come out."),
    "prespecified": ("prespecified", "Fixed by the design of the trial."),
    "derived": ("derived", "Computed from other columns."),
}

_RESPONSES_OF = "Responders by planned arm, of the patients named; published rates stand below."


def overview_layout(page: OverviewPage, query: str, _scheme: str, _compact: bool) -> Any:
    """Content of the page."""
    study = page.study
    body = html.Div(
        [
            dcc.Location(id="overview-address", refresh=False, search=query),
            dcc.Store(id="overview-study", data=study.id),
            rail(page, (), "overview"),
            html.Main(
                [
                    html.Div([html.H1(study.title), kind_badge(study)], className="title-row"),
                    html.P(study.metadata.summary, className="lead")
                    if study.metadata.summary
                    else None,
                    island.store("overview-island", words(page)),
                    island.store("overview-island-fixed", island.content(fixed(page))),
                    island.island("overview-top", className="overview-columns"),
                    island.island("overview-patients", className="cards"),
                    island.island("overview-rest", className="cards"),
                    island.island("overview-take-away", className="take-away"),
                ],
                id="main",
                className="main overview",
            ),
        ],
        className="page",
    )
    return body


def words(page: OverviewPage) -> dict[str, Any]:
    """What follows the filters, for the browser to put in place."""
    return island.content(
        {"overview-patients": patients(page), "overview-take-away": take_away(page)}
    )


def fixed(page: OverviewPage) -> dict[str, list[Any]]:
    """What no filter changes, by the place it fills."""
    return {
        "overview-top": [
            html.Div([_headlines(page), _design(page)], className="cards"),
            html.Div([_go(page.study), _links(page)], className="cards"),
        ],
        "overview-rest": [_published(page), _figures(page.figures), _conflicts(page)],
    }


def _card(title: str, children: Sequence[Any], section: str = "", explained: str = "") -> Any:
    heading: Any = [title, help_button(explained, title)] if explained else title
    place = {"id": section} if section else {}
    return html.Section([html.H2(heading), *children], className="card", **place)


def _go(study: Study) -> Any:
    return html.Nav(
        [
            html.A(
                f"{endpoint.label} →",
                href=f"/study/{study.id}/survival?endpoint={endpoint.id}",
                className="go",
                **INTERNAL,
            )
            for endpoint in study.endpoints
        ],
        className="card go-list",
        **{"aria-label": "Open the curves"},
    )


def _headlines(page: OverviewPage) -> Any:
    if not page.headlines:
        return None
    rows = [
        html.Div(
            [html.Dt(h.cited.about.split(": ", 1)[1]), html.Dd(cited(h.cited))],
            className="headline",
        )
        for h in page.headlines
    ]
    return _card("Headline results, as published", [html.Dl(rows, className="headlines")])


def _design(page: OverviewPage) -> Any:
    study, trial = page.study, page.trial
    rows: list[tuple[str, Any]] = []
    if study.metadata.design:
        rows.append(("Design", study.metadata.design))
    for arm in page.arms:
        n = page.baseline.n[page.baseline.columns.index(arm.name)]
        words = f"{n:,} patients" + (f". {arm.regimen}" if arm.regimen else "")
        rows.append((arm.name, words))
    if trial is not None:
        rows += _enrolment(trial.enrolment)
        if trial.quality_of_life is not None:
            rows.append(("Quality of life", trial.quality_of_life.text))
        rows += [(f"{n.title}, {n.date}", _sentence(n.text)) for n in trial.regulatory]
    if (
        study.metadata.data_cut
        and ("Data cut-off of the report", study.metadata.data_cut) not in rows
    ):
        rows.append(("Data cut", study.metadata.data_cut))
    return _card("Design", [_list(rows)]) if rows else None


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _list(rows: Sequence[tuple[Any, Any]]) -> Any:
    return html.Dl(
        [html.Div([html.Dt(label), html.Dd(text)]) for label, text in rows], className="facts"
    )


def _enrolment(found: Enrolment) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    if found.eligibility:
        rows.append(
            (
                f"Eligible: {found.risk_words.lower()}",
                html.Ul([html.Li(text) for text in found.eligibility], className="plain"),
            )
        )
    if found.stratification:
        rows.append(("Stratified by", found.stratification))
    if found.first:
        rows.append(("Enrolled", f"{found.first} to {found.last or 'end not found'}"))
    if found.data_cutoff:
        rows.append(("Data cut-off of the report", found.data_cutoff))
    if found.note:
        rows.append(("Note", found.note))
    return rows


def _links(page: OverviewPage) -> Any:
    trial, citation = page.trial, page.study.metadata.citation
    items: list[Any] = []
    if trial is not None:
        items += [html.Li(source_line(source)) for source in trial.citations]
        if trial.registration:
            items.append(_registration(trial.registration, trial.registration_link))
    elif citation:
        link = f"https://doi.org/{citation['doi']}" if citation.get("doi") else ""
        words = ", ".join(v for k in ("label", "journal") if (v := citation.get(k, "")))
        items.append(html.Li(_external(words, link)))
    if not items:
        return None
    return _card("Read the originals", [html.Ul(items, className="plain")])


def _registration(number: str, link: str) -> Any:
    return html.Li(["Registration ", _external(number, link)])


def _external(words: str, link: str) -> Any:
    if not link:
        return html.Span(words)
    return html.A(words, href=link, target="_blank", rel="noopener noreferrer")


def patients(page: OverviewPage) -> list[Any]:
    """The tables that follow the filters."""
    parts = [
        _card(
            "Patients at the start",
            [
                _table(page.baseline, page.study, "Missing", "Patients by arm")
                if page.population.n
                else html.P("No patient matches all the filters.", className="hint"),
                html.P(
                    [
                        html.Span([html.B(f"{label}: "), text], className="provenance-item")
                        for label, text in page.provenance
                    ],
                    className="provenance",
                ),
            ],
        )
    ]
    if page.responses and page.population.n:
        parts.append(_card("Response and treatment in these data", [*_responses(page)]))
    return parts


def _responses(page: OverviewPage) -> list[Any]:
    lines: list[tuple[Any, Any]] = []
    for r in page.responses:
        if r.rate.estimate is None or r.rate.lower is None or r.rate.upper is None:
            text = f"{fmt.NOT_ESTIMABLE}: {r.rate.reason}"
        else:
            text = (
                f"{r.responders:,} of {r.n:,} {r.denominator}: {fmt.percent(r.rate.estimate)}"
                f" (95% CI {fmt.share_interval(r.rate.lower, r.rate.upper)}, exact)"
            )
        if r.unrecorded:
            are = fmt.counted(r.unrecorded, "patient", "patients")
            text += f"; {are} without a record counted as without a response"
        mark = _provenance(r.provenance) if page.study.kind == "simulated" else None
        lines.append(([f"{r.label}, {isolated(r.arm)}", mark], text))
    parts: list[Any] = [_list(lines), html.P(_RESPONSES_OF, className="table-note")]
    if page.treatment.rows:
        parts.append(
            _table(page.treatment, page.study, "No record or no treatment", "Treatment by arm")
        )
    return parts


def _table(table: BaselineTable, study: Study, missing: str, label: str) -> Any:
    head = html.Tr(
        [
            html.Td(""),
            *(
                html.Th([name, html.Span(f"N = {n:,}", className="interval")], scope="col")
                for name, n in zip(table.columns, table.n, strict=True)
            ),
        ]
    )
    body: list[Any] = []
    for row in table.rows:
        mark = _provenance(row.provenance) if study.kind == "simulated" else None
        if isinstance(row, BaselineNumber):
            unit = f", {row.unit}" if row.unit else ""
            cells = [html.Td(_number(s)) for s in row.arms]
            body.append(
                html.Tr([html.Th([row.label + unit, mark], scope="row"), *cells], className="group")
            )
            if any(s.missing for s in row.arms):
                body.append(_plain_row(missing, [str(s.missing) for s in row.arms]))
        else:
            body += _group_rows(row, len(table.columns), mark, missing)
    return scrolling(
        html.Table([html.Thead(head), html.Tbody(body)], className="numbers baseline"),
        label,
    )


def _group_rows(row: BaselineGroups, columns: int, mark: Any, missing: str) -> list[Any]:
    rows: list[Any] = [
        html.Tr(
            [html.Th([row.label, mark], scope="row"), *(html.Td("") for _ in range(columns))],
            className="group",
        )
    ]
    for level, counts in zip(row.levels, row.counts, strict=True):
        label = missing if level == fmt.MISSING else fmt.value_label(row.name, level)
        rows.append(
            _plain_row(
                label,
                [
                    f"{c.n:,}" if c.percent is None else f"{c.n:,} ({fmt.percent(c.percent / 100)})"
                    for c in counts
                ],
            )
        )
    return rows


def _plain_row(label: str, cells: Sequence[str]) -> Any:
    return html.Tr([html.Th(label, scope="row", className="level"), *(html.Td(c) for c in cells)])


def _provenance(kind: str) -> Any:
    words, explained = _PROVENANCE.get(kind, ("", ""))
    return (
        html.Span(words, className=f"mark-{kind} column-mark", title=explained) if words else None
    )


def _number(summary: NumberSummary) -> Any:
    if summary.mean is None:
        return html.Span(fmt.NOT_ESTIMABLE, title="No value in this arm.")
    spread = fmt.NOT_ESTIMABLE if summary.sd is None else f"{summary.sd:.1f}"
    return html.Span(
        [
            f"{summary.mean:.1f} ({spread})",
            html.Span(
                [
                    f"{_short(summary.median)} ",
                    html.Span(f"[{_short(summary.q1)}, {_short(summary.q3)}];", className="nowrap"),
                    " ",
                    html.Span(
                        f"{_short(summary.low)} to {_short(summary.high)}", className="nowrap"
                    ),
                ],
                className="interval",
            ),
        ]
    )


def _short(value: float | None) -> str:
    """One decimal, none for a whole number."""
    text = fmt.number(value)
    return text.removesuffix(".0")


def _published(page: OverviewPage) -> Any:
    if not page.published:
        return None
    return _card(
        "Response, exposure and further results, as published",
        [arms_table(page.published, "Published results", follow_up=False)],
    )


def _figures(figures: Sequence[FigureRow]) -> Any:
    if not figures:
        return None
    head = html.Tr(
        [html.Th(t, scope="col") for t in ("Figure", "Published", "From these data", "Source")]
    )
    body = [
        html.Tr(
            [
                html.Th(f.label, scope="row"),
                html.Td(cited(f.published)),
                html.Td(f.reproduced),
                html.Td(f.source),
            ]
        )
        for f in figures
    ]
    return _card(
        "Published against reproduced",
        [
            scrolling(
                html.Table(
                    [html.Thead(head), html.Tbody(body)],
                    className="numbers cite-list figures-table",
                ),
                "Published against reproduced",
            )
        ],
        "figures",
        "Each published figure beside what this site's engine prints for these patients. A test"
        " recomputes every one of them.",
    )


def _conflicts(page: OverviewPage) -> Any:
    told = list(page.study.metadata.conflicts)
    titles = {title for title, _ in told}
    trial: Trial | None = page.trial
    if trial is not None:
        more: list[Conflict] = [
            *trial.conflicts,
            *(c for e in trial.endpoints for c in e.conflicts),
        ]
        told += [(c.title, c.text) for c in more if c.title not in titles]
    missing = trial.missing if trial is not None else ()
    if not told and not missing:
        return None
    children: list[Any] = [_list(told)] if told else []
    if missing:
        children += [
            html.H3("Not found in any text that was read"),
            html.Ul([html.Li(text[0].upper() + text[1:]) for text in missing], className="plain"),
        ]
    return _card("Where sources disagree", children, "conflicts")


def take_away(page: OverviewPage) -> Any:
    """Links to the same numbers for other programs."""
    base, query = f"/study/{page.study.id}", encode(page.view)
    return take_away_row(
        [
            html.Span("Numbers:", className="take-away-label"),
            html.A("CSV", href=f"{base}.csv{query}", download=""),
            html.A("JSON", href=f"{base}.json{query}", target="_blank"),
            print_button(),
        ]
    )
