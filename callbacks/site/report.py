"""The page of the report, which the reader's browser fills."""

from __future__ import annotations

from typing import Any

from callbacks.site_page import SitePage
from components.report.layout import report_layout

PAGE: SitePage[None, Any] = SitePage(
    path="/report",
    title="Report",
    make=lambda _catalogue, _view: None,
    layout=lambda *_: report_layout(),
    unpinned="It is the report itself.",
)
