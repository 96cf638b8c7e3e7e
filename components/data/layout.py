"""The page on a study's data: what was read, what it was taken for, what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc

from components import html, island
from components import page as frame
from components.page import Files
from components.parts import row, table
from components.take_away import take_away
from components.upload.keys import for_the_uploader, key_place
from services.pages.data.records import DataPage

if TYPE_CHECKING:
    from services.study.model import Finding, ImportReport, Study

SEVERITIES = (
    ("error", "Errors"),
    ("warning", "To check"),
    ("note", "Assumed"),
)


def data_layout(page: DataPage, query: str, _scheme: str, _compact: bool, files: Files) -> Any:
    """Content of the page."""
    study = page.study
    links = take_away(f"/study/{study.id}/data", "", files)
    return frame.study_page(
        "data",
        study,
        query,
        None,
        [
            html.P(page.answer, className="data-lead"),
            _actions(study, query),
            *report(study.report),
            island.store("data-island-fixed", island.content({"data-take-away": links})),
            frame.take_away_place("data"),
        ],
        title=study.metadata.short_title or study.title,
        main="main alone data-page",
    )


def pinned(page: DataPage) -> dict[str, str]:
    """What a report shows: what was found, where each item was read from, and the files."""
    record = page.study.report
    words = dict(SEVERITIES)
    found = [
        row(words[f.severity], f.message, "" if f.count is None else f"{f.count:,}", f.remedy)
        for f in record.findings
    ]
    heads = ("", "What was found", "Count", "What to do")
    parts = {
        "data-found": [html.H2("What was found"), table(heads, found)] if found else None,
        "data-read": [_mapped(record), _files(record)],
    }
    html_of: dict[str, str] = island.content(parts)["html"]
    return html_of


def _actions(study: Study, query: str) -> Any:
    see = dcc.Link(
        "See the charts", href=f"/study/{study.id}/survival{query}", className="main-button"
    )
    if study.kind != "uploaded":
        return html.Div(see, className="upload-actions")
    share = html.Button(
        "Copy the link", className="plain-button", data_copy=f"/study/{study.id}/survival"
    )
    change = (
        dcc.Link("Correct the columns", href=f"/upload/{study.id}", className="plain-button"),
        html.Button(
            "Delete this study",
            className="plain-button danger",
            data_delete_study=study.id,
            data_title=study.title,
            data_subjects=str(len(study.subjects)),
        ),
    )
    return html.Div(
        html.Div(
            see,
            share,
            for_the_uploader(change, study.id if study.keyed else ""),
            html.Div(role="alert", data_delete_problem=""),
            className="upload-actions",
        ),
        key_place(study.id, study.short_title, len(study.subjects)) if study.keyed else None,
    )


def report(record: ImportReport) -> list[Any]:
    """The import report: findings by severity, then what was taken from where, then the files."""
    sections = []
    for severity, title in SEVERITIES:
        found = [f for f in record.findings if f.severity == severity]
        if found:
            sections.append(
                html.Section(
                    html.H2(title),
                    html.Ul([_finding(f) for f in found], className="findings"),
                    className=f"card findings-{severity}",
                )
            )
    return [
        html.Div(sections, className="cards"),
        html.Div(_mapped(record), _files(record), className="two-cards"),
    ]


def _finding(finding: Finding) -> Any:
    return html.Li(
        html.Span(finding.message),
        html.Span(f"{finding.count:,}", className="finding-count", title="Count")
        if finding.count is not None
        else None,
        html.Span(finding.remedy, className="hint finding-remedy") if finding.remedy else None,
    )


def _mapped(record: ImportReport) -> Any:
    return html.Section(
        html.H2("Where each item was read from"),
        html.Dl(
            [part for meaning, rule in record.mapped for part in (html.Dt(meaning), html.Dd(rule))]
        ),
        className="card",
    )


def _files(record: ImportReport) -> Any:
    heads = (html.Th("File", className="first"), html.Th("Rows"), html.Th("Columns"))
    rows = [row(name, f"{rows:,}", f"{columns:,}") for name, rows, columns in record.files]
    return html.Section(html.H2("Files"), table(heads, rows), className="card")
