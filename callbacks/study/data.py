"""The page on a study's data: what was read, and how."""

from __future__ import annotations

from typing import Any

from callbacks.study_page import StudyPage
from components.data.layout import data_layout
from services.json_text import to_json
from services.pages.export import study_header
from services.study.model import Study
from services.views.study import View


def _study(study: Study, _view: View) -> Study:
    return study


def data_json(study: Study) -> dict[str, Any]:
    """The import report."""
    return {"study": study_header(study), "report": to_json(study.report)}


PAGE = StudyPage(
    name="data",
    title="Data",
    make=_study,
    layout=data_layout,
    files={"json": data_json},
    rail=False,
)
