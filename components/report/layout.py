"""The page of the report: a frame for what the reader keeps, which ``assets/report_page.js`` fills.

The server knows no reader's report: the items stand in the browser, and in that part of the
address which browsers send to nobody.
"""

from __future__ import annotations

from typing import Any

from components import html
from components import page as frame

# Format, and what the file is for.
FORMATS = (
    ("pptx", "PowerPoint (PPTX)", "A slide for each view, then its tables, which can be edited"),
    ("docx", "Word (DOCX)", "Figure, table and methods of each view"),
    ("html", "Web page (HTML)", "One file that opens anywhere and prints well"),
    ("zip", "Everything (ZIP)", "Figures, numbers, scripts, and how each was made"),
    ("xlsx", "Excel (XLSX)", "The tables, and every number in full"),
)
NO_SCRIPT = "A report is put together in the browser, which needs JavaScript for it."


def report_layout() -> Any:
    """Where the items stand, and what can be made of them."""
    return frame.site_page(
        "Report",
        "Collect views of any page with “Add to report”, put them in order, comment on them, and "
        "take them along as slides, a document or a folder of files.",
        html.Div(id="report-shared"),
        html.Section(
            html.Div(id="report-head", className="report-title"),
            html.Ol(id="report-items", className="report-items"),
            html.P(NO_SCRIPT, id="report-none", className="report-none"),
            html.Div(id="report-said", role="status", className="report-said"),
            className="card",
            aria_label="What is in the report",
        ),
        html.Section(
            html.H2("Take it along"),
            html.Div([_maker(*one) for one in FORMATS], className="report-formats"),
            html.Div(
                html.Div(id="report-stage"),
                html.Progress(id="report-bar", aria_label="Progress of the report"),
                html.Button("Cancel", id="report-cancel", className="plain-button"),
                id="report-progress",
                className="upload-progress hidden",
            ),
            html.Div(id="report-status", role="status", className="sr-only"),
            html.Div(id="report-problem", role="alert"),
            id="report-make",
            className="card hidden",
            aria_label="Take it along",
        ),
        html.Section(
            html.H2("Where it is kept"),
            html.P(
                "In this browser, and in this page's address, which you can send: whoever opens it "
                "sees the same report. Nothing is sent to the server before you make a file."
            ),
            html.Button("Copy the report's address", id="report-copy", className="plain-button"),
            html.P(id="report-secret", className="hint"),
            className="card",
            aria_label="Where it is kept",
        ),
        classes="report-page",
    )


def _maker(kind: str, words: str, about: str) -> Any:
    return html.Div(
        html.Button(
            words,
            className="main-button" if kind == "pptx" else "plain-button",
            data_make_report=kind,
            aria_describedby=f"report-about-{kind}",
        ),
        html.Span(about, id=f"report-about-{kind}", className="hint"),
    )
