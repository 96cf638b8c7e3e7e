"""The page on which a reader's own study is dropped. ``assets/upload.js`` does the moving parts."""

from __future__ import annotations

from typing import Any

from dash import dcc

from components import html
from components import page as frame
from services import format as fmt
from services.pages.mapping.records import Limits

FILES_HELP = (
    ("ADTTE", "Times to events. Required; sufficient on its own if it gives each patient's arm."),
    (
        "ADSL",
        "One row per patient: arms, age, stage and anything else by which patients can be grouped.",
    ),
    ("ADAE", "Adverse events, for the safety page."),
)


def upload_content(limits: Limits) -> Any:
    """Where to drop files, what they may be, and what becomes of them."""
    return frame.site_page(
        "Bring your own study",
        "Drop your files here to see every chart on this site for your own patients. Before the "
        "first chart, you see what was read and what looks wrong.",
        html.Section(
            html.Div(
                html.P("Drop ADTTE, ADSL and ADAE here", className="drop-words"),
                html.P(
                    "or a zip of them, or one table with a time, an event and a group",
                    className="hint",
                ),
                html.Button("Choose files", id="upload-choose", className="plain-button"),
                id="upload-drop",
                className="drop",
            ),
            html.Ul(id="upload-list", className="upload-list"),
            html.Div(
                html.Button("Read these files", id="upload-send", className="main-button hidden"),
                className="upload-actions",
            ),
            html.Div(
                html.Div(id="upload-stage"),
                html.Progress(id="upload-bar", max="100", aria_label="Progress of the upload"),
                html.Button("Cancel", id="upload-cancel", className="plain-button"),
                id="upload-progress",
                className="upload-progress hidden",
            ),
            html.Div(id="upload-status", role="status", className="sr-only"),
            html.Div(id="upload-problem", role="alert"),
            className="card",
            aria_label="Upload",
            data_upload="",
            data_file_mb=str(limits.file_mb),
        ),
        html.Section(
            html.H2("Studies you uploaded with this browser"),
            own_uploads(),
            className="card hidden",
            data_own_uploads_section="",
        ),
        html.Div(_files(limits), _care(limits), className="two-cards"),
        classes="upload-page",
    )


def own_uploads() -> Any:
    """An empty place that ``assets/upload.js`` fills from what this browser remembers.

    The server lists uploads to nobody. A section around it with ``data-own-uploads-section`` and
    class ``hidden`` is shown when there is something in it.
    """
    return html.Ul(className="own-uploads", data_own_uploads="")


def _files(limits: Limits) -> Any:
    return html.Section(
        html.H2("Files"),
        html.Dl([part for name, text in FILES_HELP for part in (html.Dt(name), html.Dd(text))]),
        html.P(
            "SAS transport (.xpt), SAS7BDAT, CSV, Excel (.xlsx), Parquet, Dataset-JSON 1.1 or a"
            f" JSON list of records, optionally gzipped; up to {limits.file_mb} MB each. One"
            " library or workbook may contain all three tables."
        ),
        html.P(
            html.A("Download a template study", href="/upload/template.zip", download=""),
            " with the columns that are read.",
        ),
        className="card",
    )


def _care(limits: Limits) -> Any:
    after = fmt.counted(limits.days, "day", "days")
    kept = f"It is deleted after {after}" if limits.days else "It is kept"
    return html.Section(
        html.H2("Who can see it"),
        html.P(
            "Your study gets an address that cannot be guessed and is not listed anywhere. Anyone "
            "you share it with can view the study. Correcting how it was read, or deleting it, "
            "takes a key that only you get."
        ),
        html.P(
            f"{kept}, or when you press Delete: it is then removed for everyone immediately, and "
            "you have ten minutes to undo this. Nothing is sent anywhere else."
        ),
        html.P("First remove names, birth dates and anything else that identifies a patient."),
        dcc.Link("Back to the studies", href="/", className="back-link"),
        className="card",
    )
