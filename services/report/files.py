"""A report as a file of each format."""

from __future__ import annotations

from services.report.html import web_page
from services.report.records import Report
from services.report.xlsx import workbook

_OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
}


def write(report: Report, kind: str) -> bytes:
    """The report as a file of that format (a key of ``MIME``)."""
    if kind == "xlsx":
        return workbook(report)
    return web_page(report).encode()
