"""The page on a study's data: what was read, and how."""

from __future__ import annotations

from callbacks.study_page import StudyPage
from components.data import layout as data_layout
from services.pages.data.page import data_json, data_page
from services.pages.data.records import DataPage


def _file_stem(page: DataPage, part: str) -> str:
    return f"{page.study.public_name}-{part}"


PAGE = StudyPage(
    name="data",
    title="Data",
    make=data_page,
    layout=data_layout.data_layout,
    islands=("data-island-fixed",),
    files={"json": data_json},
    pinned=data_layout.pinned,
    file_stem=_file_stem,
    rail=False,
)
